# SPDX-License-Identifier: AGPL-3.0-or-later
"""The certificate on paper, with its code as text and as QR."""

from __future__ import annotations

from pathlib import Path

import segno
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from mutirao.admission.core.certificates import written
from mutirao.admission.models import Certificate
from mutirao.kernel import clock, formats, pdf

TEMPLATE = Path(__file__).parent / "print" / "certificate.typ"


def certificate_pdf(certificate: Certificate) -> bytes:
    """One A4 page, tagged, in the network's language; it says what the server recorded and where that is checked."""
    with translation.override(certificate.network.language):
        return _page(certificate)


def _page(certificate: Certificate) -> bytes:
    url = settings.ADDRESS + reverse("certificate", args=[certificate.code])
    return pdf.render(
        TEMPLATE,
        {
            "lang": certificate.network.language.split("-")[0],
            "title": _("Certificado nº %(number)s") % {"number": certificate.number},
            "network": certificate.network_name,
            "enterprise": certificate.enterprise_name,
            "sentence": _("é membro desta rede: pertence às pessoas que nele trabalham e decidem juntas."),
            "facts": [
                {"label": _("Emitido em"), "value": formats.date(certificate.issued_on, "long")},
                {"label": _("Vale até"), "value": formats.date(certificate.expires_on, "long")},
                {"label": _("Código"), "value": written(certificate.code)},
            ],
            "check": _("Confira em %(url)s se vale hoje. Sem conferir, este papel não prova nada.") % {"url": url},
            "digest": certificate.digest,
            "qr_words": _("Código QR da página de conferência"),
            "qr": segno.make(url, error="m").svg_inline(border=0),
        },
        made_at=clock.now(),
    )
