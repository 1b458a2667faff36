# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writing what a file brings: everything or nothing, in one unit of work."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import DomainError, SeveralProblems
from mutirao.kernel.locks import lock
from mutirao.kernel.work import operation, record
from mutirao.network import permissions, trail
from mutirao.network.importing.errors import ChangedMeanwhile, ImportRefused
from mutirao.network.importing.layout import Options
from mutirao.network.importing.plans import Fate, Problem
from mutirao.network.importing.previewing import prepare
from mutirao.network.importing.registry import Context, ImportKind, kind_label
from mutirao.network.models import Network

IMPORTED = "network.imported"
"""The act under which imports stand in the audit trail."""
trail.describe(
    acts={IMPORTED: _("Importou uma planilha")},
    fields={
        "import_kind": _("tipo"), "file": _("arquivo"), "target": _("para"), "digest": _("resumo do arquivo (SHA-256)"),
        "new": _("novos"), "unchanged": _("sem mudança"),
    },
    values={"import_kind": kind_label},
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did."""

    new: int
    changed: int
    unchanged: int


class RowFailed(Exception):
    """An importer's operation said no to one row; becomes a problem of that row."""

    def __init__(self, row: int, error: DomainError) -> None:
        super().__init__(str(error))
        self.row, self.error = row, error


def import_file(
    network: Network | None, *, kind: ImportKind, content: bytes, options: Options, context: Context, actor: Actor
) -> Imported:
    """Read the file again, plan again on the data as they are now, and write all of it.

    A file that was imported before changes nothing. `network` is None only for data of the whole installation.
    Raises: NotAllowed; UnreadableFile; ImportRefused with every problem, nothing then being written;
    ChangedMeanwhile when somebody wrote the same at the same moment.
    """
    try:
        return _import_file(network, kind=kind, content=content, options=options, context=context, actor=actor)
    except IntegrityError:
        # The rules are checked before writing; what the database still refuses came in between.
        raise ChangedMeanwhile from None
    except RowFailed as failed:
        errors = failed.error.problems if isinstance(failed.error, SeveralProblems) else [failed.error]
        raise ImportRefused([Problem(str(error), failed.row) for error in errors]) from None


@operation
def _import_file(
    network: Network | None, *, kind: ImportKind, content: bytes, options: Options, context: Context, actor: Actor
) -> Imported:
    if network is not None:
        require_import(kind, network, actor)
        # Imports of one network follow one another: the second one sees what the first one wrote.
        network = lock(network)
    preview = prepare(kind, content, options, context)
    if preview.problems:
        raise ImportRefused(preview.problems)
    counts = preview.plan.counts
    if preview.can_apply:
        kind.apply(preview.plan, context)
    if preview.can_apply and network is not None:
        target = "" if context.target is None else str(context.target)
        digest = hashlib.sha256(content).hexdigest()
        record(
            actor,
            IMPORTED,
            network,
            import_kind=kind.code,
            file=context.file_name[:120],
            target=target,
            digest=digest,
            new=counts[Fate.NEW],
            changed=counts[Fate.CHANGED],
            unchanged=counts[Fate.UNCHANGED],
        )
    return Imported(counts[Fate.NEW], counts[Fate.CHANGED], counts[Fate.UNCHANGED])


def require_import(kind: ImportKind, network: Network, actor: Actor) -> None:
    """Raises: NotAllowed unless the actor may import and may do what this kind does."""
    actor.require(permissions.IMPORT_DATA, network)
    for act in kind.acts:
        actor.require(act, network)
