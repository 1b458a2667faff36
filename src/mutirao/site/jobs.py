# SPDX-License-Identifier: AGPL-3.0-or-later
"""Background work that gave up, for whoever looks after the installation: what failed, why, and trying again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from mutirao.kernel import jobs as queue
from mutirao.kernel.errors import NotFound
from mutirao.kernel.models import Job
from mutirao.site.keeping import watching

SHOWN = 100


def _require_operator(request: Any) -> None:
    if not request.user.is_operator:
        raise NotFound


@login_required
@require_safe
def failed_jobs(request: Any) -> HttpResponse:
    """What gave up, the newest first, and how much is waiting."""
    _require_operator(request)
    context = {
        "failed": Job.objects.filter(state=Job.State.FAILED).order_by("-finished_at")[:SHOWN],
        "ready": Job.objects.filter(state=Job.State.READY).count(),
        "backup": watching.words() if watching.last_good() or watching.last_failure() or watching.is_late() else "",
        "backup_wants": watching.is_late() or watching.last_failure() is not None,
    }
    return render(request, "site/jobs.html", context)


@login_required
@require_POST
def retry_job(request: Any, pk: int) -> HttpResponse:
    """Put a job that gave up back into the queue."""
    _require_operator(request)
    queue.retry(get_object_or_404(Job, pk=pk, state=Job.State.FAILED))
    messages.success(request, _("A tarefa voltou para a fila."))
    return redirect("jobs")
