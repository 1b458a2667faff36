# SPDX-License-Identifier: AGPL-3.0-or-later
"""The criteria in words: what each asks and how a group shows it. The letter of a law stands in kernel.legal."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mutirao.kernel.errors import Words

TITLES: dict[str, Words] = {
    "work": _("Quem trabalha é quem é dono"),
    "self_management": _("Autogestão: uma pessoa, um voto, tudo decidido em reunião"),
    "members_work": _("Quem participa trabalha no empreendimento"),
    "fair_trade": _("Comércio justo e solidário"),
    "shared_results": _("O que se ganha é repartido como o grupo decide"),
    "purpose_of_surplus": _("A sobra volta para o grupo, para outros grupos ou para a comunidade"),
    "no_labour_intermediation": _("Não vive de ceder mão de obra"),
    "open_membership": _("Porta aberta: entra e sai quem quer"),
    "democratic_control": _("Controle democrático: uma pessoa, um voto"),
    "economic_participation": _("Todos contribuem, e o resultado é de todos"),
    "autonomy": _("O grupo manda em si mesmo"),
    "education": _("Formação e informação para quem participa"),
    "cooperation": _("Cooperação com outros empreendimentos"),
    "community": _("Compromisso com a comunidade"),
}

TEXTS: dict[str, Words] = {
    "work": _("As pessoas que trabalham no empreendimento são as donas e as que decidem."),
    "open_membership": _(
        "Quem pode usar ou fazer o trabalho do grupo e aceita as responsabilidades entra sem discriminação, e sai "
        "quando quiser (1º princípio da ACI)."
    ),
    "democratic_control": _(
        "As pessoas decidem juntas as regras e os rumos; cada uma tem um voto (2º princípio da ACI)."
    ),
    "economic_participation": _(
        "Todas contribuem de forma justa e controlam juntas o que o grupo tem; parte dele é de todos "
        "(3º princípio da ACI)."
    ),
    "autonomy": _(
        "O grupo não é comandado por uma empresa, um político ou um financiador; acordos com outros mantêm o controle "
        "com as pessoas do grupo (4º princípio da ACI)."
    ),
    "education": _("O grupo se forma, aprende e conta o que faz (5º princípio da ACI)."),
    "cooperation": _("O grupo trabalha junto com outros empreendimentos (6º princípio da ACI)."),
    "community": _("O grupo cuida do lugar onde vive (7º princípio da ACI)."),
}

_SPOKEN = _("Sem documento, serve uma declaração assinada por quem participa, ou a visita da rede.")
PROOFS: dict[str, Words] = {
    "work": _("Lista de quem participa, com o que cada pessoa faz."),
    "self_management": _("Estatuto ou regimento, ou a ata da última reunião em que decidiram algo."),
    "members_work": _("Lista de quem participa, com o que cada pessoa faz."),
    "fair_trade": _("Conte para quem vendem e como combinam os preços. Uma foto da feira ou da banca ajuda."),
    "shared_results": _("Ata ou anotação de como repartiram da última vez."),
    "purpose_of_surplus": _("Conte o que fazem quando sobra: o que já compraram, quem já ajudaram."),
    "no_labour_intermediation": _("Declaração assinada por quem participa."),
    "open_membership": _("Conte como entrou a última pessoa, e como sai quem quer sair."),
    "democratic_control": _("Ata ou anotação da última reunião."),
    "economic_participation": _("Ata ou anotação de como repartiram da última vez."),
    "autonomy": _("Conte quem manda no dia a dia, e se alguém de fora decide algo."),
    "education": _("Conte o que aprenderam juntos."),
    "cooperation": _("Conte com quem já trabalharam."),
    "community": _("Conte o que fazem no bairro ou na comunidade."),
}


def proof(code: str, *, informal: bool) -> str:
    """How a criterion is shown; for groups without papers what serves instead."""
    words = str(PROOFS.get(code, ""))
    return f"{words} {_SPOKEN}".strip() if informal else words
