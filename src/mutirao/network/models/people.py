# SPDX-License-Identifier: AGPL-3.0-or-later
"""People: an account that signs in and holds roles in several networks."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from mutirao.kernel import clock
from mutirao.kernel.search import Folded, FoldedField


class PersonManager(BaseUserManager["Person"]):
    """Makes people; e-mail addresses are kept in lower case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Person:
        person = self.model(email=email.strip().lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(email=(username or "").strip().lower())


class Person(Folded, AbstractBaseUser):
    """Somebody who signs in; belongs to no network by itself, holds roles in several."""

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("nome"), max_length=120)
    folded = FoldedField(sources=("name", "email"))
    phone = models.CharField(_("telefone"), max_length=30, blank=True)
    language = models.CharField(_("idioma"), max_length=10, blank=True)
    is_active = models.BooleanField(default=True)
    is_operator = models.BooleanField(default=False, help_text="Looks after the installation: networks, failed jobs")
    joined_at = models.DateTimeField(default=clock.now)
    password_unproved = models.BooleanField(
        default=False,
        help_text="Set by whoever held an invitation's link; nobody has proved the address yet",
    )

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects: ClassVar[PersonManager] = PersonManager()

    def __str__(self) -> str:
        return self.name or self.email

    # The framework's own permissions are not used: roles decide (see kernel.acts).
    is_staff = False
    is_superuser = False

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return False
