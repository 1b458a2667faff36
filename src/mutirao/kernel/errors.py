# SPDX-License-Identifier: AGPL-3.0-or-later
"""What can go wrong in the domain, said once and put into words at each edge."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


class DomainError(Exception):
    """A rule said no. `message` says what is wrong, `next_step` what to do now; both take `params`.

    `field` names the form field it belongs to; `status` is the HTTP answer of pages and API; `code` is stable.
    """

    code: ClassVar[str] = "domain_error"
    status: ClassVar[int] = 409
    message: Words = _("Não foi possível concluir.")
    next_step: Words = ""
    field: str | None = None

    def __init__(self, message: Words | None = None, *, field: str | None = None, **params: Any) -> None:
        if message is not None:
            self.message = message
        if field is not None:
            self.field = field
        self.params = params
        super().__init__(self.code)

    def words(self) -> str:
        """What is wrong, in the reader's language."""
        return str(self.message) % self.params if self.params else str(self.message)

    def advice(self) -> str:
        """What to do next, in the reader's language; empty when nothing helps."""
        return str(self.next_step) % self.params if self.params else str(self.next_step)

    def __str__(self) -> str:
        return " ".join(part for part in (self.words(), self.advice()) if part)


class NotAllowed(DomainError):
    code = "not_allowed"
    status = 403
    message = _("Seu papel nesta rede não permite: %(act)s.")
    next_step = _("Peça à coordenação da rede, que pode dar esse papel a você.")


class SecondFactorNeeded(NotAllowed):
    code = "second_factor_needed"
    message = _("Nesta rede, o seu papel pede a confirmação em duas etapas antes de: %(act)s.")
    next_step = _("Abra “Proteção da conta” no seu menu e ligue a confirmação em duas etapas: leva dois minutos.")


class NotFound(DomainError):
    code = "not_found"
    status = 404
    message = _("Isto não existe ou não é desta rede.")
    next_step = _("Confira o endereço ou volte à página inicial.")


class InvalidValue(DomainError):
    """A value that cannot be; `message` is given by whoever raises it."""

    code = "invalid_value"
    status = 422
    message = _("O valor informado não serve.")
    next_step = _("Corrija e envie de novo.")


class StaleEdit(DomainError):
    code = "stale_edit"
    message = _("Outra pessoa mudou isto enquanto você editava.")
    next_step = _("Veja como está agora e, se ainda precisar, faça a mudança de novo.")


class SeveralProblems(DomainError):
    """Several problems found at once, each with its own words."""

    code = "several_problems"
    status = 422
    message = _("Há pontos a corrigir.")

    def __init__(self, problems: Iterable[DomainError]) -> None:
        super().__init__()
        self.problems = list(problems)

    def words(self) -> str:
        return " ".join(str(problem) for problem in self.problems)
