# SPDX-License-Identifier: AGPL-3.0-or-later
"""The button "levar tudo": the coordination asks, background work writes the file, it waits a day to be fetched."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from mutirao.kernel import clock, jobs
from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import DomainError, NotFound
from mutirao.kernel.locks import lock
from mutirao.kernel.models import Job
from mutirao.kernel.work import operation, record
from mutirao.network.models import Network
from mutirao.site.keeping import exporting
from mutirao.site.keeping.permissions import EXPORT_NETWORK

TASK = "mutirao.site.keeping.leaving.write_file"
KEPT = dt.timedelta(hours=24)


class OnItsWay(DomainError):
    code = "export_on_its_way"
    message = _("O arquivo já está sendo preparado.")
    next_step = _("Espere um pouco e abra esta página de novo.")


class FileGone(NotFound):
    code = "export_gone"
    message = _("Este arquivo não está mais guardado: ele espera um dia.")
    next_step = _("Peça outro.")


def latest(network: Network) -> Job | None:
    """The last request whose file may still be there."""
    since = clock.now() - KEPT
    return Job.objects.filter(task=TASK, network_id=network.pk, created_at__gt=since).order_by("-pk").first()


@operation
def ask(network: Network, *, actor: Actor) -> Job:
    """Ask for a file with everything of the network. Raises: NotAllowed, OnItsWay."""
    actor.require(EXPORT_NETWORK, network)
    network = lock(network)
    job = latest(network)
    if job is not None and job.state in (Job.State.READY, Job.State.RUNNING):
        raise OnItsWay
    record(actor, "kernel.network_exported", network)
    return jobs.enqueue(TASK, {"network_id": network.pk}, network_id=network.pk)


def write_file(network_id: int) -> dict[str, Any]:
    """The job: write the file whole, sweep old ones away."""
    _sweep()
    network = Network.objects.get(pk=network_id)
    moment = clock.now()
    target = _folder() / f"{network_id}-{moment:%Y%m%d%H%M%S%f}.zip"
    part = target.with_name(f".{target.name}.part")
    try:
        with os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b") as out:
            exporting.write_network(network, out)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return {"file": target.name, "until": (moment + KEPT).isoformat()}


def open_file(network: Network, *, actor: Actor) -> Any:
    """The last file made for the network, open. Raises: NotAllowed, FileGone."""
    actor.require(EXPORT_NETWORK, network)
    job = latest(network)
    if job is None or job.state != Job.State.DONE or not job.result:
        raise FileGone
    try:
        return (_folder() / Path(job.result["file"]).name).open("rb")
    except OSError:
        raise FileGone from None


def _folder() -> Path:
    folder = Path(settings.DATA) / "exports"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _sweep() -> None:
    oldest = (clock.now() - KEPT).timestamp()
    for path in _folder().iterdir():
        if path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)
