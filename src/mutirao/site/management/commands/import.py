# SPDX-License-Identifier: AGPL-3.0-or-later
"""./mutirao import KIND FILE --network SLUG: a spreadsheet from the command line, previewed and then written whole."""

import getpass
import sys
from argparse import ArgumentParser
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from django.core.management import CommandError
from django.core.management.base import BaseCommand
from django.db import DatabaseError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mutirao.kernel import tenancy
from mutirao.kernel.actors import Actor, system
from mutirao.kernel.core.tabular import fold_title
from mutirao.kernel.errors import DomainError
from mutirao.network.importing.errors import ImportRefused
from mutirao.network.importing.layout import NOT_IMPORTED, Options
from mutirao.network.importing.operations import import_file
from mutirao.network.importing.previewing import Preview, prepare
from mutirao.network.importing.reading import MAX_BYTES
from mutirao.network.importing.registry import Context, ImportKind, kind_named, kinds
from mutirao.network.models import Network
from mutirao.site.launch.console import database_words, speak_the_terminals_language

MAX_PRINTED = 200


class Command(BaseCommand):
    help = "Brings enterprises, products and other data in from a spreadsheet (XLSX, ODS, CSV)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        names = ", ".join(kind.code for kind in kinds())
        parser.add_argument("kind", metavar="KIND", help=f"what the file brings: {names}")
        parser.add_argument("file", metavar="FILE", help="the spreadsheet; - reads standard input")
        parser.add_argument("--network", metavar="SLUG", help="short address of the network")
        parser.add_argument("--round", metavar="N", help="number of the purchase round, for needs and quotes")
        parser.add_argument("--dry-run", action="store_true", help="show what would happen and write nothing")
        parser.add_argument("--sheet", default="", metavar="NAME", help="which sheet of the file")
        parser.add_argument(
            "--map", action="append", default=[], metavar="COLUMN=FIELD", help="which column is which field; repeatable"
        )
        parser.add_argument(
            "--numbers", choices=["comma", "dot"], help="the decimal mark, where the file does not tell"
        )
        parser.add_argument("--dates", choices=["day", "month"], help="what comes first, where the file does not tell")

    def handle(self, *args: Any, **options: Any) -> None:
        speak_the_terminals_language()
        try:
            kind = kind_named(options["kind"])
            network = self.find_network(kind, options["network"])
            content = self.read_file(options["file"])
            with tenancy.activated(network) if network is not None else nullcontext():
                self.bring(kind, network, content, options)
        except ImportRefused as refused:
            self.tell_problems([str(problem) for problem in refused.problems])
            raise CommandError(str(refused)) from None
        except DomainError as error:
            raise CommandError(str(error)) from None
        except DatabaseError as error:
            raise CommandError(database_words(error)) from None

    def bring(self, kind: ImportKind, network: Network | None, content: bytes, options: dict[str, Any]) -> None:
        actor = self.actor(network)
        target = None
        if kind.target is not None:
            key = options.get(kind.target.option) or ""
            if not key:
                words = _("Falta dizer: %(what)s (--%(option)s).")
                raise CommandError(words % {"what": kind.target.label, "option": kind.target.option})
            target = kind.target.find(key, actor)
        name = _("entrada padrão") if options["file"] == "-" else Path(options["file"]).name
        context = Context(network=network, actor=actor, target=target, file_name=name)
        reading = self.reading(kind, content, options, context)
        preview = prepare(kind, content, reading, context)
        self.show(preview)
        if preview.problems:
            self.tell_problems([str(problem) for problem in preview.problems])
            raise CommandError(str(ImportRefused(preview.problems)))
        if options["dry_run"]:
            self.stdout.write(_("Ensaio: nada foi gravado."))
        elif preview.nothing_to_do:
            self.stdout.write(_("Tudo isto já está aqui: nada a mudar."))
        else:
            import_file(network, kind=kind, content=content, options=reading, context=context, actor=actor)
            self.stdout.write(_("Importado."))

    def find_network(self, kind: ImportKind, slug: str | None) -> Network | None:
        if kind.of_installation:
            return None
        slugs = list(Network.objects.order_by("slug").values_list("slug", flat=True))
        there = ", ".join(slugs) or _("(nenhuma)")
        if not slug:
            raise CommandError(_("Diga a rede com --network. As redes são: %(slugs)s.") % {"slugs": there})
        found = Network.objects.filter(slug=slug).first()
        if found is None:
            words = _("Não há rede com o endereço curto “%(slug)s”. As redes são: %(slugs)s.")
            raise CommandError(words % {"slug": slug, "slugs": there})
        return found

    def read_file(self, name: str) -> bytes:
        try:
            if name == "-":
                return sys.stdin.buffer.read(MAX_BYTES + 1)
            with Path(name).open("rb") as file:
                return file.read(MAX_BYTES + 1)
        except FileNotFoundError:
            raise CommandError(_("O arquivo não existe: %(name)s") % {"name": name}) from None
        except IsADirectoryError:
            raise CommandError(_("Isto é uma pasta, não um arquivo: %(name)s") % {"name": name}) from None
        except PermissionError:
            raise CommandError(_("Sem permissão para ler: %(name)s") % {"name": name}) from None
        except OSError as error:
            raise CommandError(f"{name}: {error.strerror}") from None

    def actor(self, network: Network | None) -> Actor:
        try:
            who = getpass.getuser()
        except (KeyError, OSError):
            who = "?"
        why = _("./mutirao import (%(user)s)") % {"user": who}
        return system(network.pk if network is not None else None, why=why, via="command")

    def reading(self, kind: ImportKind, content: bytes, options: dict[str, Any], context: Context) -> Options:
        """How to read the file; columns named by --map are looked up in the file's own titles."""
        plain = Options(
            sheet=options["sheet"],
            numbers={"comma": ",", "dot": "."}.get(options["numbers"] or "", ""),
            dates=options["dates"] or "",
        )
        if not options["map"]:
            return plain
        layout = prepare(kind, content, plain, context).understanding.layout
        titles = [fold_title(title) for title in layout.titles] if layout else []
        fields = {column.field for column in kind.columns}
        mapping: dict[str, int] = {}
        for pair in options["map"]:
            column, _equals, name = pair.rpartition("=")
            name = name.strip()
            if name not in fields:
                words = _("--map: não há o campo “%(field)s”. Os campos são: %(fields)s.")
                raise CommandError(words % {"field": name, "fields": ", ".join(sorted(fields))})
            if not column.strip():
                mapping[name] = NOT_IMPORTED
            elif fold_title(column) in titles:
                mapping[name] = titles.index(fold_title(column))
            else:
                words = _("--map: o arquivo não tem a coluna “%(column)s”. As colunas são: %(titles)s.")
                known = ", ".join(title for title in layout.titles if title) if layout else ""
                raise CommandError(words % {"column": column, "titles": known})
        return Options(sheet=plain.sheet, mapping=mapping, numbers=plain.numbers, dates=plain.dates)

    def show(self, preview: Preview) -> None:
        """What was understood and what would happen, in a few lines."""
        counts = preview.plan.counts
        self.stdout.write(f"{preview.kind.label}: {preview.how_read}")
        for remark in preview.remarks:
            self.stdout.write(f"  · {remark}")
        for column in preview.understanding.unused:
            self.stdout.write(
                "  · " + _("coluna “%(title)s”: %(reason)s") % {"title": column.title, "reason": column.reason}
            )
        columns = preview.understanding.used_columns
        for number, cells in preview.sample()[:3]:
            said = "; ".join(f"{column.label}: {cell}" for column, cell in zip(columns, cells, strict=True) if cell)
            self.stdout.write("  " + _("linha %(row)s: %(said)s") % {"row": number, "said": said})
        for change in preview.plan.changed[:20]:
            said = "; ".join(f"{item.label}: {item.before} → {item.after}" for item in change.differences)
            self.stdout.write("  " + _("muda %(label)s: %(said)s") % {"label": change.label, "said": said})
        parts = [
            ngettext("%(count)s novo", "%(count)s novos", counts["new"]) % {"count": counts["new"]},
            ngettext("%(count)s muda", "%(count)s mudam", counts["changed"]) % {"count": counts["changed"]},
            _("%(count)s sem mudança") % {"count": counts["unchanged"]},
        ]
        self.stdout.write(", ".join(parts) + ".")

    def tell_problems(self, problems: list[str]) -> None:
        for problem in problems[:MAX_PRINTED]:
            self.stderr.write(problem)
        if len(problems) > MAX_PRINTED:
            self.stderr.write(_("… e mais %(count)s.") % {"count": len(problems) - MAX_PRINTED})
