# SPDX-License-Identifier: AGPL-3.0-or-later
"""`./mutirao check`: whether the audit trail and the books hold, and which background work gave up."""

import os
import sys
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection
from django.utils.translation import gettext as _

from mutirao.kernel import audit, erasing, row_security, tenancy, triggers
from mutirao.kernel.models import AuditEntry, AuditHead, Job
from mutirao.ledger.checks import check_books
from mutirao.network.models import Network
from mutirao.site.keeping import watching
from mutirao.site.launch.console import database_words, speak_the_terminals_language

_MOST_NAMED = 20


class Command(BaseCommand):
    help = "Checks every network's audit trail and books, and lists background work that gave up."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        speak_the_terminals_language()
        try:
            problems = [*self.locks(), *self.networks(), *self.jobs(), *self.backups()]
        except DatabaseError as error:
            self.stderr.write(database_words(error))
            sys.exit(1)
        if problems:
            self.stderr.write(_("Problemas encontrados: %(count)s.") % {"count": len(problems)})
            sys.exit(1)
        self.stdout.write(_("Tudo certo."))

    def problem(self, text: str) -> str:
        self.stderr.write(_("PROBLEMA: %(text)s") % {"text": text})
        return text

    def locks(self) -> Iterator[str]:
        """The triggers that keep trail and books as they are."""
        for name in triggers.missing(connection):
            yield self.problem(_("falta no banco de dados a trava “%(name)s”.") % {"name": name})
        if connection.vendor == "postgresql":
            binds, without = row_security.state(connection)
            for table in without:
                yield self.problem(_("a tabela “%(name)s” está sem a guarda entre redes.") % {"name": table})
            if not binds and not without and not os.environ.get("MUTIRAO_OWNER_DATABASE_URL"):
                words = _("Aviso: o programa entra no banco como dono das tabelas; a guarda entre redes não o alcança.")
                self.stdout.write(words + " " + _("Veja docs/servidor.md."))
            elif binds and not without:
                self.stdout.write(_("A guarda entre redes vale no banco de dados."))

    def networks(self) -> Iterator[str]:
        networks = {network.pk: network for network in Network.objects.all()}
        chained = set(AuditHead.objects.values_list("network_id", flat=True))
        chained |= set(AuditEntry.objects.order_by().values_list("network_id", flat=True).distinct())
        for network_id in sorted(chained | set(networks)):
            network = networks.get(network_id)
            name = network.name if network else _("Instalação") if network_id == 0 else f"#{network_id}"
            self.stdout.write(f"{name}:")
            yield from self.trail(name, network_id)
            if network is not None:
                with tenancy.activated(network):
                    yield from self.books(name)

    def trail(self, name: str, network_id: int) -> Iterator[str]:
        found = audit.check_chain(network_id)
        if found is None:
            yield from self.erased(name, network_id)
            count = AuditEntry.objects.filter(network_id=network_id).count()
            self.stdout.write(_("  trilha de auditoria inteira: %(count)s registros") % {"count": count})
            return
        words = {
            "missing": _("%(name)s: na trilha de auditoria falta o registro nº %(sequence)s."),
            "unlinked": _("%(name)s: na trilha de auditoria o registro nº %(sequence)s não se liga ao anterior."),
            "altered": _("%(name)s: na trilha de auditoria o registro nº %(sequence)s foi alterado."),
        }
        otherwise = _("%(name)s: a trilha de auditoria está quebrada no registro nº %(sequence)s.")
        yield self.problem(words.get(found.problem, otherwise) % {"name": name, "sequence": found.sequence})

    def erased(self, name: str, network_id: int) -> Iterator[str]:
        """What was taken out of the trail by law, held against what is on record of it."""
        sequence = erasing.check_erased(network_id)
        if sequence == 0:
            words = _(
                "%(name)s: na trilha de auditoria há mais palavras apagadas do que os pedidos registrados apagaram."
            )
            yield self.problem(words % {"name": name})
        elif sequence is not None:
            words = _("%(name)s: na trilha de auditoria o registro nº %(sequence)s foi alterado.")
            yield self.problem(words % {"name": name, "sequence": sequence})

    def books(self, name: str) -> Iterator[str]:
        checked = check_books()
        for text in checked.problems:
            yield self.problem(f"{name}: {text}")
        if not checked.problems:
            self.stdout.write(
                _("  livros que fecham: %(books)s, com %(entries)s lançamentos")
                % {"books": checked.books, "entries": checked.entries}
            )

    def backups(self) -> Iterator[str]:
        """When the last good backup was made, where any was or any is expected."""
        if watching.is_late() or watching.last_failure():
            yield self.problem(watching.words())
        elif watching.last_good():
            self.stdout.write(watching.words())

    def jobs(self) -> Iterator[str]:
        failed = Job.objects.filter(state=Job.State.FAILED).order_by("-finished_at")
        for job in failed[:_MOST_NAMED]:
            lines = job.last_error.strip().splitlines() or [""]
            yield self.problem(
                _("tarefa nº %(pk)s (%(task)s) desistiu depois de %(attempts)s tentativas: %(error)s")
                % {"pk": job.pk, "task": job.task, "attempts": job.attempts, "error": lines[0]}
            )
        if (count := failed.count()) > _MOST_NAMED:
            yield self.problem(_("e mais %(count)s tarefas que desistiram.") % {"count": count - _MOST_NAMED})
