# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every row belongs to a network, and every query is scoped to one by construction.

The manager of a tenant's model filters by the active network and refuses to read when none is active, so that
forgetting the scope is an error and never a leak.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from django.conf import settings
from django.db import models


class NoActiveNetwork(RuntimeError):
    """A programming error: a tenant's rows were asked for outside any network."""


@dataclass(frozen=True, slots=True)
class _Scope:
    network_id: int | None
    unscoped_because: str = ""


_scope: ContextVar[_Scope | None] = ContextVar("mutirao_tenant", default=None)


@contextmanager
def activated(network: Any) -> Iterator[None]:
    """Make a network (or its id) the active one: tenant rows read and written inside belong to it."""
    network_id = network if isinstance(network, int) else int(network.pk)
    token = _scope.set(_Scope(network_id))
    try:
        yield
    finally:
        _scope.reset(token)


@contextmanager
def unscoped(because: str) -> Iterator[None]:
    """Read across networks, for a stated reason: a person's own memberships, the installation's upkeep."""
    if not because:
        raise ValueError("reading across networks wants a reason")
    token = _scope.set(_Scope(None, because))
    try:
        yield
    finally:
        _scope.reset(token)


def active_network_id() -> int | None:
    """The id of the active network, or None."""
    scope = _scope.get()
    return scope.network_id if scope else None


def is_unscoped() -> bool:
    """Whether rows are being read across networks, for a stated reason."""
    scope = _scope.get()
    return scope is not None and scope.network_id is None


M = TypeVar("M", bound=models.Model)


class TenantManager(models.Manager[M]):
    """Manager that reads only the active network's rows."""

    use_in_migrations = False

    def get_queryset(self) -> models.QuerySet[M]:
        scope = _scope.get()
        if scope is None:
            raise NoActiveNetwork(f"{self.model.__name__}: no network is active")
        rows = super().get_queryset()
        return rows if scope.network_id is None else rows.filter(network_id=scope.network_id)


class TenantModel(models.Model):
    """A row that belongs to a network. New rows take the active network when none is named."""

    network = models.ForeignKey(settings.TENANT_MODEL, on_delete=models.PROTECT, related_name="+", editable=False)

    # The framework's own base manager (saving, deleting, following a foreign key) stays unfiltered.
    objects: ClassVar[Any] = TenantManager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.network_id is None:  # type: ignore[attr-defined]
            self.network_id = active_network_id()
        scope = _scope.get()
        if scope is not None and scope.network_id is not None and self.network_id != scope.network_id:
            raise NoActiveNetwork(f"{type(self).__name__}: written into another network than the active one")
        super().save(*args, **kwargs)
