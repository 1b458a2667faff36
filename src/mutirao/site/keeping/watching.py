# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether backups are made, and who hears when they are not: whoever looks after the installation, by letter.

Every `./mutirao backup` leaves word of how it went. Where backups are expected (MUTIRAO_BACKUP_HOURS), background work
looks whether the last good one is young enough, so that one that never ran is noticed too.
"""

from __future__ import annotations

import datetime as dt
import logging
from contextlib import suppress

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Min
from django.utils import translation
from django.utils.translation import gettext as _

from mutirao.kernel import clock, formats, jobs, periodic
from mutirao.kernel.models import BackupRun
from mutirao.network.models import Person
from mutirao.site.keeping.backup import Made

LOOK = "mutirao.site.keeping.watching.look"
TELL_LATE = "mutirao.site.keeping.watching.tell_late"
BACKUP_UNIT = "mutirao-backup"
periodic.every(dt.timedelta(hours=3), LOOK)

logger = logging.getLogger(__name__)


# --- how it went -----------------------------------------------------------------------------------------------------


def note_good(made: Made) -> None:
    """Leave word of a backup that was made."""
    _note(BackupRun(at=clock.now(), is_good=True, place=str(made.file)[:300], size=made.file.stat().st_size))


def note_failed(place: object, said: str) -> None:
    """Leave word of one that was not, and why."""
    _note(BackupRun(at=clock.now(), is_good=False, place=str(place or "")[:300], said=said[:2000]))


def _note(run: BackupRun) -> None:
    try:
        run.save()
    except DatabaseError as problem:  # it may be what is broken; that no good one follows will be noticed
        logger.warning("how the backup went could not be noted: %s", type(problem).__name__)


def last_good() -> BackupRun | None:
    """The newest backup that was made."""
    return BackupRun.objects.filter(is_good=True).last()


def last_failure() -> BackupRun | None:
    """The newest one that was not made, unless a good one came after it."""
    newest = BackupRun.objects.last()
    return newest if newest is not None and not newest.is_good else None


def age(run: BackupRun) -> dt.timedelta:
    """How long ago; nothing where a clock was set back meanwhile."""
    return max(clock.now() - run.at, dt.timedelta())


def is_late() -> bool:
    """Whether backups are expected and the last good one, or the installation without any, is too old."""
    if not settings.BACKUP_HOURS:
        return False
    newest = last_good()
    passed = age(newest) if newest else clock.now() - _born()
    return passed > dt.timedelta(hours=settings.BACKUP_HOURS)


def _born() -> dt.datetime:
    """When the installation's first table was made: nothing is missed before."""
    first = MigrationRecorder(connection).migration_qs.aggregate(at=Min("applied"))["at"]
    return first if first is not None else clock.now()


def words() -> str:
    """When the last good backup was made, and what became of one after it, in the reader's language."""
    good, failed = last_good(), last_failure()
    said = (
        _("A última cópia de segurança foi feita em %(moment)s, há %(hours)s h.")
        % {"moment": formats.moment(good.at), "hours": int(age(good).total_seconds() // 3600)}
        if good
        else _("Nenhuma cópia de segurança foi feita até agora.")
    )
    if failed:
        said += " " + _("A de %(moment)s não deu certo: %(said)s") % {
            "moment": formats.moment(failed.at), "said": failed.said,
        }  # fmt: skip
    return said


# --- telling ---------------------------------------------------------------------------------------------------------


def look() -> bool:
    """The job that comes back: asks for a letter, one a day, while backups are late."""
    late = is_late()
    if late:
        jobs.enqueue(TELL_LATE, {}, key=f"backup_late:{clock.today()}")
    return late


def tell_late() -> int:
    """The job: tells that backups are late, if they still are; returns how many letters went out."""
    return tell(BACKUP_UNIT) if is_late() else 0


def tell(unit: str) -> int:
    """Tell whoever looks after the installation that a service of it failed; returns how many letters went out.

    Works without a database too, for the address of MUTIRAO_OPERATOR_EMAIL. Raises: OSError for mail.
    """
    to: dict[str, str] = {}
    with suppress(DatabaseError):
        to = dict(Person.objects.filter(is_operator=True, is_active=True).values_list("email", "language"))
    for address in settings.OPERATOR_EMAIL:
        to.setdefault(address, "")
    for address, language in to.items():
        with translation.override(language or settings.LANGUAGE_CODE):
            EmailMessage(_subject(unit), _body(unit), to=[address]).send()
    return len(to)


def _subject(unit: str) -> str:
    if unit.startswith(BACKUP_UNIT):
        return _("Mutirão: a cópia de segurança não foi feita")
    return _("Mutirão: o serviço %(unit)s falhou") % {"unit": unit}


def _body(unit: str) -> str:
    try:
        backups = words()
    except DatabaseError:
        backups = _("O banco de dados não responde.")
    lines = [
        _subject(unit) + f" ({settings.ADDRESS}).",
        backups,
        _("No servidor, veja o que aconteceu: %(command)s")
        % {"command": f"journalctl -u {unit.removesuffix('.service')} -n 50"},
    ]
    if unit.startswith(BACKUP_UNIT):
        lines.append(
            _("Depois de resolver (espaço no disco, a pasta, a senha do banco), faça uma cópia agora: %(command)s")
            % {"command": f"systemctl start {BACKUP_UNIT}"}
        )
    return "\n\n".join(lines) + "\n"
