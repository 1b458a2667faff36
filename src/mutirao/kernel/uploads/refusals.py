# SPDX-License-Identifier: AGPL-3.0-or-later
"""Why a file is not taken, in words that say what to send instead."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from mutirao.kernel.errors import DomainError, Words

_WHY: dict[str, tuple[Words, Words]] = {
    "empty": (_("O arquivo “%(name)s” está vazio."), _("Confira se é o arquivo certo e envie de novo.")),
    "too_large": (
        _("O arquivo “%(name)s” tem %(size)s MB; o limite é de %(limit)s MB."),
        _("Envie um arquivo menor: uma foto com menos qualidade, ou o documento em partes."),
    ),
    "kind": (_("O arquivo “%(name)s” não serve aqui."), _("Envie: %(kinds)s.")),
    "mismatch": (
        _("O nome do arquivo “%(name)s” diz uma coisa e o conteúdo é outra."),
        _("Abra-o no seu programa, salve de novo no formato certo e envie."),
    ),
    "svg": (
        _("O arquivo “%(name)s” é um desenho ou uma página que pode trazer programas dentro."),
        _("Salve como JPG, PNG ou PDF e envie."),
    ),
    "heic": (
        _("A foto “%(name)s” está no formato HEIC, que nem todo aparelho abre."),
        _("Escolha “mais compatível” (JPG) na câmera, ou envie uma captura de tela da foto."),
    ),
    "picture": (
        _("A foto “%(name)s” está danificada ou incompleta."),
        _("Tire de novo, ou abra-a, salve como JPG e envie."),
    ),
    "pixels": (
        _("A foto “%(name)s” tem tamanho demais: %(width)s × %(height)s pontos."),
        _("Diminua-a para até 60 milhões de pontos e envie."),
    ),
    "pdf_broken": (
        _("O PDF “%(name)s” está danificado ou incompleto."),
        _("Abra-o no seu programa, salve ou imprima de novo em PDF e envie."),
    ),
    "pdf_password": (
        _("O PDF “%(name)s” está protegido por senha."),
        _("Imprima-o em PDF sem a senha e envie, ou envie fotos das páginas."),
    ),
    "pdf_script": (
        _("O PDF “%(name)s” traz um programa dentro dele (script)."),
        _("Imprima-o em PDF (isso deixa só as páginas) e envie."),
    ),
    "pdf_action": (
        _("O PDF “%(name)s” manda abrir programas ou enviar dados."),
        _("Imprima-o em PDF (isso deixa só as páginas) e envie."),
    ),
    "pdf_embedded": (
        _("O PDF “%(name)s” traz outro arquivo dentro dele."),
        _("Envie cada arquivo por si, ou imprima o PDF em PDF e envie."),
    ),
    "zip_bomb": (
        _("O arquivo “%(name)s” é pequeno por fora e enorme por dentro: não pode ser aberto com segurança."),
        _("Copie os dados para uma planilha nova e envie essa."),
    ),
    "macros": (
        _("A planilha “%(name)s” traz programas dentro dela (macros)."),
        _("Salve-a como XLSX ou ODS, sem macros, e envie."),
    ),
    "broken": (
        _("O arquivo “%(name)s” está danificado ou incompleto e não pôde ser aberto."),
        _("Abra-o no seu programa, salve de novo e envie."),
    ),
}


class UploadRefused(DomainError):
    """A file is not taken; `why` is a stable code, the words say what to send instead."""

    code = "upload_refused"
    status = 422
    field = "file"

    def __init__(self, why: str, **params: Any) -> None:
        super().__init__(**params)
        self.why = why
        self.message, self.next_step = _WHY[why]
