# SPDX-License-Identifier: AGPL-3.0-or-later
"""The roles that people hold. What each may do is declared by the modules' permissions.py, never here."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from mutirao.kernel.errors import Words

COORDINATION = "coordination"
PURCHASING = "purchasing"
TREASURY = "treasury"
ACCOUNTANT = "accountant"
COUNCIL = "council"
ADMINISTRATION = "administration"
PRODUCTION = "production"
SALES = "sales"
TRAINING = "training"
DISPATCH = "dispatch"
CONSULTANT = "consultant"
ENTERPRISE_COORDINATOR = "enterprise_coordinator"
ENTERPRISE_MEMBER = "enterprise_member"
# Held by nobody as such: what the roles in an enterprise amount to while it is no member (see access.actor_for).
OUTSIDE_COORDINATOR = "outside_coordinator"
OUTSIDE_MEMBER = "outside_member"


@dataclass(frozen=True, slots=True)
class Role:
    """A role; `of_enterprise` tells whether it is held in one enterprise or in the network."""

    code: str
    label: Words
    purpose: Words
    of_enterprise: bool


ROLES: dict[str, Role] = {
    role.code: role
    for role in (
        Role(COORDINATION, _("Coordenação da rede"), _("Cuida da rede inteira: pessoas, regras e decisões."), False),
        Role(
            ADMINISTRATION,
            _("Administração"),
            _("Mantém os cadastros, convida as pessoas dos empreendimentos, cuida de documentos e prazos."),
            False,
        ),
        Role(PRODUCTION, _("Equipe de produção"), _("Acompanha o que se produz, a qualidade e as quantidades."), False),
        Role(PURCHASING, _("Equipe de compras"), _("Abre rodadas, consolida pedidos, cota, compra e recebe."), False),
        Role(SALES, _("Equipe de comercialização"), _("Procura quem compre, combina vendas e atende pedidos."), False),
        Role(DISPATCH, _("Equipe de entregas"), _("Organiza rotas, cargas e quem leva o quê."), False),
        Role(TRAINING, _("Equipe de formação"), _("Prepara cursos e visitas, e acompanha quem aprende."), False),
        Role(TREASURY, _("Tesouraria"), _("Cobra, registra pagamentos e paga fornecedores."), False),
        Role(ACCOUNTANT, _("Contabilidade"), _("Lança, confere e fecha os livros."), False),
        Role(COUNCIL, _("Conselho fiscal"), _("Vê tudo, questiona e dá parecer; não altera nada."), False),
        Role(
            CONSULTANT,
            _("Consultoria"),
            _("Vem de fora por um tempo: vê as partes combinadas do programa, até o dia combinado; não altera nada."),
            False,
        ),
        Role(
            ENTERPRISE_COORDINATOR,
            _("Coordenação do empreendimento"),
            _("Informa o que o empreendimento precisa, aprova e acompanha."),
            True,
        ),
        Role(ENTERPRISE_MEMBER, _("Participante do empreendimento"), _("Acompanha preços, rodadas e contas."), True),
    )
}
NETWORK_ROLES = frozenset(code for code, role in ROLES.items() if not role.of_enterprise)
ENTERPRISE_ROLES = frozenset(code for code, role in ROLES.items() if role.of_enterprise)
EVERYBODY = NETWORK_ROLES | ENTERPRISE_ROLES
PERSONAL = frozenset({COUNCIL, CONSULTANT})
"""Held by the person alone, never left to somebody else: an elected mandate, a contract with a name."""
MONEY_OR_RIGHTS = frozenset({COORDINATION, TREASURY, ACCOUNTANT, ADMINISTRATION, PURCHASING})
"""Those that move money (charge, pay, buy, post) or give rights: who holds one proves in two steps who they are,
unless a network decides otherwise."""
OUTSIDE: dict[str, str] = {ENTERPRISE_COORDINATOR: OUTSIDE_COORDINATOR, ENTERPRISE_MEMBER: OUTSIDE_MEMBER}
"""Role in an enterprise → what it amounts to while the enterprise is no member."""
OUTSIDE_ROLES = frozenset(OUTSIDE.values())
_OUTSIDE_LABEL = _("De empreendimento fora da rede")
REVIEWER = "reviewer"
"""Named to review one request: what the trail says where no role, but the naming, lets somebody act."""


def label(code: str) -> Words:
    """The name of a role; its code when it is not one of ours."""
    if code in OUTSIDE_ROLES:
        return _OUTSIDE_LABEL
    if code == REVIEWER:
        return _("Quem examina")
    return ROLES[code].label if code in ROLES else code
