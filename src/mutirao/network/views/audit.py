# SPDX-License-Identifier: AGPL-3.0-or-later
"""The trail of everything that was done, in words; checking its chain."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_GET, require_POST

from mutirao.kernel.audit import check_chain
from mutirao.kernel.models import AuditEntry
from mutirao.network import permissions, queries, trail
from mutirao.network.access import NetworkRequest
from mutirao.network.forms.audit import AuditFilter

PER_PAGE = 50


@require_GET
def audit(request: NetworkRequest, slug: str) -> HttpResponse:
    """The trail, latest first; further back by the number of the last entry shown, so that no page is ever slow."""
    found = AuditFilter(request.GET, queryset=queries.audit_entries_for(request.actor), request=request)
    rows = found.qs
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit():
        rows = rows.filter(sequence__lt=int(before[:18]))
    entries = list(rows[: PER_PAGE + 1])
    older = request.GET.copy()
    if len(entries) > PER_PAGE:
        older["before"] = str(entries[PER_PAGE - 1].sequence)
    latest = request.GET.copy()
    latest.pop("before", None)
    context = {
        "filter": found,
        "lines": [_line(request, entry) for entry in entries[:PER_PAGE]],
        "older": older.urlencode() if len(entries) > PER_PAGE else "",
        "latest": f"?{latest.urlencode()}" if before else "",
    }
    return render(request, "network/audit.html", context)


def _line(request: NetworkRequest, entry: AuditEntry) -> dict[str, Any]:
    subject = trail.subject_of(entry.subject_kind)
    return {
        "entry": entry,
        "act": trail.act_label(entry.act),
        "subject": subject.label,
        "url": _subject_url(request, subject, entry),
        "roles": trail.by_whom(entry),
        "via": trail.VIAS.get(entry.via, entry.via),
        "data": trail.data_rows(entry),
    }


def _subject_url(request: NetworkRequest, subject: trail.Subject, entry: AuditEntry) -> str:
    if not subject.view or (subject.act and not request.actor.can(subject.act, request.network)):
        return ""
    try:
        return reverse(subject.view, kwargs={"slug": request.network.slug, **subject.key(entry.subject_id)})
    except NoReverseMatch:
        return ""


@require_POST
def audit_check(request: NetworkRequest, slug: str) -> HttpResponse:
    """Check the whole chain, on demand: it reads every entry."""
    request.actor.require(permissions.SEE_AUDIT, request.network)
    found = check_chain(request.network.pk)
    last = queries.audit_entries_for(request.actor).first()
    context = {"broken": trail.break_words(found) if found else "", "last": last}
    return render(request, "network/audit_check.html", context)
