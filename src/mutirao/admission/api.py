# SPDX-License-Identifier: AGPL-3.0-or-later
"""Admission's part of the API: whether a certificate holds today, which anyone may ask."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from django.http import HttpRequest
from ninja import Path, Router, Schema

from mutirao.admission.checking import check_certificate
from mutirao.admission.core import certificates
from mutirao.admission.models import Certificate
from mutirao.kernel.api import one_of

router = Router(tags=["certificados"])


class CertificateOut(Schema):
    """A certificate as anyone may see it: what is on its paper, and how it stands today. Where the seal does not hold,
    what is kept is not what was issued."""

    code: str
    number: int
    enterprise_name: str
    network_name: str
    issued_on: dt.date
    expires_on: dt.date
    state: Annotated[str, one_of(Certificate.State)]
    seal_holds: bool
    digest: str


@router.get("/certificados/{code}", response=CertificateOut, auth=None, summary="Conferir um certificado")
def certificate(request: HttpRequest, code: Annotated[str, Path(max_length=60)]) -> CertificateOut:
    found = check_certificate(request, code)
    row = found.certificate
    return CertificateOut(
        code=certificates.written(row.code), number=row.number, enterprise_name=row.enterprise_name,
        network_name=row.network_name, issued_on=row.issued_on, expires_on=row.expires_on, state=found.state,
        seal_holds=found.seal_holds, digest=row.digest,
    )  # fmt: skip
