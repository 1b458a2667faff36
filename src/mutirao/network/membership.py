# SPDX-License-Identifier: AGPL-3.0-or-later
"""The one place that says what an enterprise may do by its standing; every module that must refuse asks here.

require_member(enterprise, TAKE_PART)     # purchasing: needs, invitations to rounds
able(rows, VOTE)                          # governance: who is asked
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from mutirao.kernel import formats
from mutirao.kernel.errors import DomainError, Words
from mutirao.network.core import standing as core
from mutirao.network.core.standing import HOLD_ROLE, OWE_SHARE, SPEAK_FOR_OTHERS, TAKE_PART, VOTE
from mutirao.network.models import Enterprise

__all__ = [
    "HOLD_ROLE",
    "OWE_SHARE",
    "SPEAK_FOR_OTHERS",
    "TAKE_PART",
    "VOTE",
    "StandingForbids",
    "able",
    "may",
    "require_member",
    "require_members",
]


class StandingForbids(DomainError):
    """What only members do was asked for an enterprise that is none, or not now."""

    code = "standing_forbids"
    status = 403


_STANDS: dict[str, Words] = {
    core.CANDIDATE: _("“%(enterprise)s” ainda não é membro da rede: é candidato."),
    core.SUSPENDED: _("“%(enterprise)s” está com a participação suspensa desde %(since)s."),
    core.EXCLUDED: _("“%(enterprise)s” foi excluído da rede em %(since)s."),
    core.LEFT: _("“%(enterprise)s” saiu da rede em %(since)s."),
    core.PARTNER: _("“%(enterprise)s” é parceiro da rede (fornece ou compra), não é membro."),
    core.MEMBER: _("“%(enterprise)s” é membro da rede."),
}
_THEREFORE: dict[str, Words] = {
    TAKE_PART: _("Só membros participam das compras coletivas."),
    VOTE: _("Só membros respondem às decisões da rede."),
    OWE_SHARE: _("Só quem participou como membro recebe parte dos custos de uma rodada."),
    HOLD_ROLE: _("Só membros têm pessoas com papel na rede."),
    SPEAK_FOR_OTHERS: _("Só membros dão referência de quem quer entrar."),
}
_NEXT: dict[str, Words] = {
    core.CANDIDATE: _("O pedido de entrada precisa ser decidido antes: veja em Admissão."),
    core.SUSPENDED: _("Ele continua lendo suas contas e pagando o que deve; pode recorrer da suspensão em Admissão."),
    core.EXCLUDED: _("Ele continua lendo suas contas; pode recorrer dentro do prazo, ou pedir para entrar de novo."),
    core.LEFT: _("Para voltar, faz um novo pedido de entrada."),
    core.PARTNER: _("Empresas ficam como parceiras; outras formas podem pedir para entrar como membro."),
    core.MEMBER: "",
}


def may(enterprise: Enterprise, doing: str) -> bool:
    """Whether an enterprise's standing lets it do something (TAKE_PART, VOTE, OWE_SHARE, HOLD_ROLE…)."""
    return core.may(enterprise.standing, doing)


def require_member(enterprise: Enterprise, doing: str = TAKE_PART) -> None:
    """Raises: StandingForbids, saying why and what to do, unless the enterprise's standing allows it."""
    if may(enterprise, doing):
        return
    words = f"{_STANDS[enterprise.standing]} {_THEREFORE[doing]}"
    since = formats.date(enterprise.standing_since) if enterprise.standing_since else ""
    error = StandingForbids(words, enterprise=enterprise.name, since=since)
    error.next_step = _NEXT[enterprise.standing]
    raise error


def able(rows: QuerySet[Enterprise], doing: str) -> QuerySet[Enterprise]:
    """Those of the enterprises whose standing allows something."""
    return rows.filter(standing__in=core.those_who_may(doing))


def require_members(enterprises: Iterable[Enterprise], doing: str) -> None:
    """Raises: StandingForbids for the first, by name, that may not."""
    for enterprise in sorted(enterprises, key=lambda row: row.folded):
        require_member(enterprise, doing)
