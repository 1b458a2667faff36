# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an import refuses; see also reading.UnreadableFile."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from mutirao.kernel.errors import DomainError, NotFound
from mutirao.network.importing.plans import Problem


class ImportRefused(DomainError):
    """The file has problems; nothing of it was written."""

    code = "import_refused"
    status = 422
    message = _("Nada foi importado: há %(count)s ponto(s) a corrigir na planilha.")
    next_step = _("Corrija a planilha e envie de novo; nada será duplicado.")

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(count=len(problems))
        self.problems = list(problems)


class ChangedMeanwhile(DomainError):
    code = "import_changed_meanwhile"
    message = _("Alguém cadastrou ou mudou os mesmos dados neste instante, e nada foi importado.")
    next_step = _("Veja a prévia de novo e confirme outra vez.")


class UploadGone(NotFound):
    code = "upload_gone"
    message = _("Este arquivo não está mais guardado: já foi importado, descartado ou passou de um dia.")
    next_step = _("Envie a planilha de novo; nada será duplicado.")


class TargetMissing(DomainError):
    """A kind that is brought into something was given nothing to be brought into."""

    code = "import_target_missing"
    status = 422
    message = _("Falta escolher: %(what)s.")
    next_step = _("Escolha e envie de novo.")
