# SPDX-License-Identifier: AGPL-3.0-or-later
"""What follows when somebody turns the second factor on or proves an address; allauth says so by its own signals."""

from __future__ import annotations

from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.signals import password_changed, password_reset, password_set, user_logged_in
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.translation import gettext as _

from mutirao.kernel.actors import Actor
from mutirao.network.access import SECOND_FACTORS
from mutirao.network.models import Person
from mutirao.network.operations import end_other_sessions, end_tokens_of, prove_address


@receiver(authenticator_added)
def put_other_devices_out(request: HttpRequest, user: Person, authenticator: Authenticator, **_more: Any) -> None:
    """Whoever came in by the password alone, before the first second factor, proves it anew."""
    first = Authenticator.objects.filter(user=user, type__in=SECOND_FACTORS).count() == 1
    if authenticator.type not in SECOND_FACTORS or not first:
        return
    actor = Actor(name=str(user), person_id=user.pk)
    if end_other_sessions(user, current_key=request.session.session_key, actor=actor):
        messages.info(request, _("Os outros aparelhos saíram da sua conta: neles se entra de novo, em duas etapas."))


@receiver(user_logged_in)
def take_the_code_as_proof(request: HttpRequest, user: Person, **_more: Any) -> None:
    """A code that came by e-mail opened the account: the address is this person's."""
    ways = get_authentication_records(request, user)
    if not user.password_unproved or not any(way.get("method") == "code" and way.get("email") for way in ways):
        return
    actor = Actor(name=str(user), person_id=user.pk)
    if prove_address(user, chose_password=False, current_key=request.session.session_key, actor=actor):
        user.refresh_from_db()
        update_session_auth_hash(request, user)
        messages.info(
            request,
            _("A senha posta no convite saiu, porque podia ser de outra pessoa. Crie a sua em Proteção da conta."),
        )


@receiver(password_reset)
def take_the_new_password_as_proof(request: HttpRequest, user: Person, **_more: Any) -> None:
    """The link that came by e-mail set a password: the address is this person's, and so is the password."""
    actor = Actor(name=str(user), person_id=user.pk)
    prove_address(user, chose_password=True, current_key=request.session.session_key, actor=actor)


@receiver([password_changed, password_reset, password_set])
def put_programs_out(request: HttpRequest, user: Person, **_more: Any) -> None:
    """A new password ends every other session by itself; programs that were let in under the old one go too."""
    end_tokens_of(user, actor=Actor(name=str(user), person_id=user.pk))
