# SPDX-License-Identifier: AGPL-3.0-or-later
"""Everything that a network owns, in formats that any program reads: a network can leave with all it has.

One CSV and one JSON-lines file a model, a data dictionary made from the models' own words, the files, the books as
Beancount, and the audit trail as JSON lines with a small program that verifies it without Mutirão.
docs/formats/export.md describes the file.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
import zipfile
from collections.abc import Collection, Iterator
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from mutirao.kernel import clock, tenancy
from mutirao.kernel.actors import Actor, Grant
from mutirao.kernel.models import AuditEntry, AuditHead
from mutirao.kernel.sheets import csv_cell
from mutirao.kernel.tenancy import TenantModel
from mutirao.ledger.exports import beancount_file, file_stem
from mutirao.ledger.models import Book
from mutirao.network import personal, roles
from mutirao.network.models import Network, Person

FORMAT = 1
_SECRET = re.compile(r"password|token|secret|_hash$|private|p256dh|^auth$|^endpoint$")
"""Columns that open doors and are nobody's to carry away."""
VERIFIER = Path(__file__).with_name("verify_trail.py")


def write_network(network: Network, out: IO[bytes]) -> dict[str, int]:
    """Write a network's export to a file; returns model → rows."""
    counts: dict[str, int] = {}
    with tenancy.activated(network), zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        dictionary, withheld = [], personal.withheld_files()
        for model, rows in _models(network):
            fields = [field for field in model._meta.concrete_fields if not _SECRET.search(field.name)]
            counts[model._meta.label] = _write_rows(archive, model._meta.label, fields, rows)
            dictionary += [_described(model, field) for field in fields]
            _write_files(archive, fields, rows, withheld)
        _write_table(archive, "dicionario.csv", list(dictionary[0]), [list(line.values()) for line in dictionary])
        archive.writestr("dicionario.json", json.dumps(dictionary, ensure_ascii=False, indent=1))
        _write_books(archive, network)
        counts["kernel.AuditEntry"] = _write_trail(archive, network)
        about = {"format": FORMAT, "network": network.slug, "made_at": clock.now(), "rows": counts}
        archive.writestr("leia.json", json.dumps(about, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1))
        archive.writestr("LEIA-ME.txt", _README)
    return counts


_README = """Tudo o que a rede tem no Mutirão.

tabelas/      cada tabela em CSV (para planilhas) e em JSON, uma linha por registro (para programas)
dicionario    o que quer dizer cada coluna
arquivos/     fotos, documentos e áudios, com o nome que as tabelas citam; menos aqueles cuja autorização foi retirada
livros/       os livros contábeis em Beancount
trilha/       a trilha de auditoria; "python3 trilha/conferir.py" a confere sem o Mutirão
"""


def _models(network: Network) -> Iterator[tuple[type[models.Model], models.QuerySet[Any]]]:
    """Every model with rows of the network, and those rows; the people are those who hold or held a role."""
    yield Network, Network.objects.filter(pk=network.pk)
    for model in sorted(apps.get_models(), key=lambda model: model._meta.label):
        if issubclass(model, TenantModel) and not model._meta.proxy:
            yield model, model._base_manager.filter(network_id=network.pk).order_by("pk")
    yield Person, Person.objects.filter(Q(assignments__network=network)).distinct().order_by("pk")


def _write_rows(archive: zipfile.ZipFile, label: str, fields: list[Any], rows: models.QuerySet[Any]) -> int:
    columns, count = [field.attname for field in fields], 0
    name = f"tabelas/{label}"
    lines = io.StringIO()
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows.iterator(chunk_size=2000):
        values = [_plain(field.value_from_object(row)) for field in fields]
        said = dict(zip(columns, values, strict=True))
        lines.write(json.dumps(said, cls=DjangoJSONEncoder, ensure_ascii=False) + "\n")
        writer.writerow([_cell(value) for value in values])
        count += 1
    archive.writestr(f"{name}.jsonl", lines.getvalue())
    archive.writestr(f"{name}.csv", table.getvalue().encode("utf-8-sig"))
    return count


def _plain(value: Any) -> Any:
    if isinstance(value, models.fields.files.FieldFile):
        return value.name or ""
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else value


def _cell(value: Any) -> str:
    """A CSV cell with the decimal point; text that a spreadsheet would take for a formula is made harmless."""
    if isinstance(value, dict | list):
        return csv_cell(json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False), False)
    if isinstance(value, bool):
        return "1" if value else "0"
    known = value is None or isinstance(value, str | int | Decimal | dt.date)
    return csv_cell(value if known else str(value), False)


def _described(model: type[models.Model], field: Any) -> dict[str, str]:
    related = field.related_model._meta.label if field.is_relation else ""
    choices = "; ".join(f"{value}: {words}" for value, words in field.flatchoices) if field.flatchoices else ""
    return {
        "tabela": model._meta.label, "coluna": field.attname, "tipo": field.get_internal_type(),
        "nome": str(field.verbose_name), "explicacao": str(field.help_text), "valores": choices, "aponta_para": related,
        "sobre_a_tabela": (model.__doc__ or "").strip().partition("\n")[0],
    }  # fmt: skip


def _write_table(archive: zipfile.ZipFile, name: str, columns: list[str], rows: list[list[str]]) -> None:
    table = io.StringIO()
    csv.writer(table, lineterminator="\r\n").writerows([columns, *([csv_cell(v, False) for v in row] for row in rows)])
    archive.writestr(name, table.getvalue().encode("utf-8-sig"))


def _write_files(
    archive: zipfile.ZipFile, fields: list[Any], rows: models.QuerySet[Any], withheld: Collection[str]
) -> None:
    held = [field.name for field in fields if isinstance(field, models.FileField)]
    for row in rows.iterator(chunk_size=500) if held else ():
        for name in held:
            file = getattr(row, name)
            if file and file.name not in withheld and file.storage.exists(file.name):
                with file.open("rb") as source, archive.open(f"arquivos/{file.name}", "w", force_zip64=True) as target:
                    for bite in source.chunks():
                        target.write(bite)


def _write_books(archive: zipfile.ZipFile, network: Network) -> None:
    everything = frozenset({Grant(roles.COORDINATION), Grant(roles.ACCOUNTANT)})
    reader = Actor(name="Mutirão", network_id=network.pk, grants=everything, via="command")
    for book in Book.objects.order_by("pk"):
        archive.writestr(f"livros/{book.pk}-{file_stem(book)}.beancount", beancount_file(book, actor=reader))


def _write_trail(archive: zipfile.ZipFile, network: Network) -> int:
    lines, count = io.StringIO(), 0
    for entry in AuditEntry.objects.filter(network_id=network.pk).order_by("sequence").iterator(chunk_size=2000):
        content = entry.content()
        del content["seals"]
        told = {**content, "words": entry.words(), "salts": entry.salts, "erased": entry.erased,
                "previous": entry.previous, "digest": entry.digest}  # fmt: skip
        lines.write(json.dumps(told, ensure_ascii=False) + "\n")
        count += 1
    archive.writestr("trilha/trilha.jsonl", lines.getvalue())
    head = AuditHead.objects.filter(network_id=network.pk).first()
    end = {"sequence": head.sequence if head else 0, "digest": head.digest if head else ""}
    archive.writestr("trilha/fim.json", json.dumps(end))
    archive.writestr("trilha/conferir.py", VERIFIER.read_text("utf-8"))
    return count
