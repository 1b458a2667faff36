# SPDX-License-Identifier: AGPL-3.0-or-later
"""What follows when somebody turns the second factor on; allauth says so by a signal of its own."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.contrib import messages
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.translation import gettext as _

from mutirao.kernel.actors import Actor
from mutirao.network.access import SECOND_FACTORS
from mutirao.network.models import Person
from mutirao.network.operations.devices import end_other_sessions


@receiver(authenticator_added)
def put_other_devices_out(request: HttpRequest, user: Person, authenticator: Authenticator, **_more: Any) -> None:
    """Whoever came in by the password alone, before the first second factor, proves it anew."""
    first = Authenticator.objects.filter(user=user, type__in=SECOND_FACTORS).count() == 1
    if authenticator.type not in SECOND_FACTORS or not first:
        return
    actor = Actor(name=str(user), person_id=user.pk)
    if end_other_sessions(user, current_key=request.session.session_key, actor=actor):
        messages.info(request, _("Os outros aparelhos saíram da sua conta: neles se entra de novo, em duas etapas."))
