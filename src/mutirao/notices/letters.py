# SPDX-License-Identifier: AGPL-3.0-or-later
"""Notices as letters: plain text with a simple HTML beside it, and a way to stop them in one tap."""

from __future__ import annotations

from collections.abc import Sequence
from email.utils import formataddr

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from mutirao.network.models import Network, Person
from mutirao.notices.errors import StopLinkUnknown
from mutirao.notices.kinds import kind
from mutirao.notices.models import Notice

SALT = "mutirao.notices.stop"
DIGEST_SCOPE, ALL = "digest", "all"


def stop_address(person_id: int, network_id: int, scope: str) -> str:
    """The signed address that stops one kind (its code), the digest, or all of them, for one person in one network."""
    token = signing.dumps([person_id, network_id, scope], salt=SALT)
    return settings.ADDRESS + reverse("notices_stop", kwargs={"token": token})


def read_stop(token: str) -> tuple[int, int, str]:
    """Person, network and scope of such an address. Raises: StopLinkUnknown."""
    try:
        person_id, network_id, scope = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        raise StopLinkUnknown from None
    return int(person_id), int(network_id), str(scope)


def letter_about(notice: Notice, network: Network) -> EmailMultiAlternatives:
    """One notice as an e-mail; in the reader's language when that is active."""
    context = {
        "network": network,
        "notice": notice,
        "url": settings.ADDRESS + notice.path if notice.path else "",
    }
    # What nobody chooses ways for (a test) has no kind that one would know by its name.
    scope = notice.kind if kind(notice.kind).is_listed else ALL
    return _letter(notice.title, "letter", context, notice.person, network, scope)


def digest(person: Person, notices: Sequence[Notice], network: Network) -> EmailMultiAlternatives:
    """Several notices as one e-mail: what waits for the reader first, then what happened."""
    entries = [{"notice": row, "url": settings.ADDRESS + row.path if row.path else ""} for row in notices]
    waiting = [entry for entry, row in zip(entries, notices, strict=True) if kind(row.kind).waits]
    happened = [entry for entry, row in zip(entries, notices, strict=True) if not kind(row.kind).waits]
    context = {"network": network, "person": person, "waiting": waiting, "happened": happened}
    subject = (
        _("%(network)s: %(count)s coisas esperam por você") % {"network": network.name, "count": len(waiting)}
        if len(waiting) > 1
        else _("%(network)s: uma coisa espera por você") % {"network": network.name}
        if waiting
        else _("%(network)s: o que aconteceu") % {"network": network.name}
    )
    return _letter(subject, "digest", context, person, network, DIGEST_SCOPE)


def _letter(
    subject: str, template: str, context: dict[str, object], person: Person, network: Network, scope: str
) -> EmailMultiAlternatives:
    stop = stop_address(person.pk, network.pk, scope)
    choose = settings.ADDRESS + reverse("notices:settings", kwargs={"slug": network.slug})
    context |= {"stop": stop, "choose": choose}
    letter = EmailMultiAlternatives(
        " ".join(subject.split()),
        render_to_string(f"notices/{template}.txt", context),
        formataddr((network.name, settings.DEFAULT_FROM_EMAIL)),
        [person.email],
        headers={"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
    )
    letter.attach_alternative(render_to_string(f"notices/{template}.html", context), "text/html")
    return letter
