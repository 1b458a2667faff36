# SPDX-License-Identifier: AGPL-3.0-or-later
"""Checking a certificate, by whichever way somebody comes: as many tries an hour in all."""

from __future__ import annotations

from django.http import HttpRequest

from mutirao.admission.queries import Verification, verify
from mutirao.kernel.limits import client_of, hold_back

HOUR = 60 * 60
TRIES_AN_HOUR = 120
"""From one address: nobody guesses a code, but nobody tries all day either."""


def check_certificate(request: HttpRequest, typed: str) -> Verification:
    """The certificate of a code as anyone may see it. Raises: TooManyTries; UnknownCertificate."""
    hold_back("admission.certificate", client_of(request), most=TRIES_AN_HOUR, seconds=HOUR)
    return verify(typed)
