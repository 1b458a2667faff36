# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the rows and columns about a person are called on the page that shows them."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _lazy

from mutirao.kernel.errors import Words
from mutirao.network import modules, roles, trail
from mutirao.network.models import Enterprise, StandingChange

TITLES: dict[str, Words] = {
    "network.Person": _lazy("sua conta"),
    "network.RoleAssignment": _lazy("papéis que você tem ou teve"),
    "network.Contact": _lazy("contatos de empreendimentos com o seu e-mail"),
    "network.Invitation": _lazy("convites"),
    "network.Delegation": _lazy("papéis deixados com você"),
    "network.SecondFactorReset": _lazy("pedidos de refazer a confirmação em duas etapas"),
    "account.EmailAddress": _lazy("endereços de e-mail"),
    "usersessions.UserSession": _lazy("aparelhos"),
    "network.AccessToken": _lazy("programas que entram em seu nome"),
    "governance.Motion": _lazy("propostas que você apresentou"),
    "governance.Entitlement": _lazy("votações em que você respondeu"),
    "governance.GivenAnswer": _lazy("respostas que você deu"),
    "payments.Payment": _lazy("pagamentos que você registrou"),
    "payments.BankStatement": _lazy("extratos que você enviou"),
    "purchasing.Participation": _lazy("necessidades que você respondeu"),
    "purchasing.QuoteRequest": _lazy("cotações que você pediu"),
    "purchasing.Receipt": _lazy("entregas que você recebeu"),
    "memory.Moment": _lazy("momentos que você contou"),
    "notices.Notice": _lazy("avisos"),
    "notices.Preference": _lazy("como você quer ser avisada ou avisado"),
    "notices.Device": _lazy("aparelhos que recebem avisos"),
    "admission.Appeal": _lazy("Recurso à assembleia"),
    "admission.Certificate": _lazy("certificado"),
    "admission.Conflict": _lazy("impedimento declarado"),
    "admission.Evidence": _lazy("Documentos, referências e visitas"),
    "admission.Measure": _lazy("suspensão ou exclusão"),
    "admission.Question": _lazy("perguntas que você fez"),
    "admission.Reviewer": _lazy("pedidos que você examinou ou examina"),
    "memory.Portrayal": _lazy("autorizações de imagem"),
    "network.StandingChange": _lazy("mudanças de situação que você fez"),
    "notices.NoticeSettings": _lazy("Como quero receber avisos"),
    "territory.PartnerPerson": _lazy("contatos de parceiros com o seu e-mail"),
}
COLUMNS: dict[str, Words] = {
    "id": _lazy("número"),
    "network": _lazy("rede"),
    "person": _lazy("pessoa nº"),
    "user": _lazy("pessoa nº"),
    "enterprise": _lazy("empreendimento"),
    "last_login": _lazy("última entrada"),
    "is_active": _lazy("conta aberta"),
    "is_operator": _lazy("cuida da instalação"),
    "joined_at": _lazy("conta desde"),
    "created_at": _lazy("feito em"),
    "last_seen_at": _lazy("visto por último"),
    "ip": _lazy("endereço na internet"),
    "user_agent": _lazy("navegador"),
    "at": _lazy("quando"),
    "expires_at": _lazy("vale até"),
    "accepted_at": _lazy("aceito em"),
}
UNNAMED: dict[str, Words] = {
    "measure": _lazy("medida"),
    "application": _lazy("pedido de entrada"),
    "state": _lazy("situação"),
    "filed_on": _lazy("feito em"),
    "filed_by": _lazy("quem fez"),
    "decided_on": _lazy("decidido em"),
    "decided_at": _lazy("decidido em"),
    "decision_reason": _lazy("por quê"),
    "proposed_by": _lazy("quem apresentou"),
    "put_by": _lazy("quem apresentou"),
    "submitted_at": _lazy("enviado em"),
    "decision_recorded_by": _lazy("Quem registrou"),
    "enterprise_name": _lazy("empreendimento"),
    "network_name": _lazy("rede"),
    "issued_on": _lazy("Emitido em"),
    "issued_by": _lazy("quem fez"),
    "ended_on": _lazy("terminou em"),
    "declared_by": _lazy("quem fez"),
    "declared_at": _lazy("feito em"),
    "file": _lazy("arquivo"),
    "file_name": _lazy("arquivo"),
    "content": _lazy("texto"),
    "content_type": _lazy("tipo"),
    "by_enterprise": _lazy("empreendimento"),
    "added_by": _lazy("quem fez"),
    "added_at": _lazy("feito em"),
    "opened_by": _lazy("quem fez"),
    "opened_on": _lazy("aberto em"),
    "opened_at": _lazy("aberto em"),
    "heard_on": _lazy("ouvido em"),
    "end_reason": _lazy("por quê"),
    "asked_at": _lazy("feito em"),
    "answered_at": _lazy("respondido em"),
    "answered_by": _lazy("Quem respondeu"),
    "named_by": _lazy("quem fez"),
    "named_at": _lazy("feito em"),
    "released_at": _lazy("dispensado em"),
    "voted_at": _lazy("respondido em"),
    "via": _lazy("Por onde"),
    "entitlement": _lazy("decisão"),
    "by": _lazy("quem fez"),
    "withdrawal_reason": _lazy("por quê"),
    "precision": _lazy("quando"),
    "written_by": _lazy("quem fez"),
    "written_at": _lazy("feito em"),
    "published_by": _lazy("quem publicou"),
    "published_at": _lazy("publicado em"),
    "moment": _lazy("momento"),
    "keepsake": _lazy("arquivo"),
    "recorded_by": _lazy("quem fez"),
    "recorded_at": _lazy("feito em"),
    "withdrawn_at": _lazy("cancelado em"),
    "assignment": _lazy("papel"),
    "to_person": _lazy("pessoa nº"),
    "given_at": _lazy("feito em"),
    "taken_back_at": _lazy("cancelado em"),
    "role_until": _lazy("até"),
    "scope": _lazy("partes do programa"),
    "invited_by": _lazy("quem fez"),
    "accepted_by": _lazy("quem aceitou"),
    "revoked_at": _lazy("cancelado em"),
    "confirmed_by": _lazy("quem confirmou"),
    "confirmed_at": _lazy("confirmado em"),
    "stopped_at": _lazy("cancelado em"),
    "done_at": _lazy("terminou em"),
    "after": _lazy("depois"),
    "reached_at": _lazy("visto por último"),
    "body": _lazy("texto"),
    "path": _lazy("endereço"),
    "read_at": _lazy("lido em"),
    "useful_until": _lazy("até"),
    "push": _lazy("no aparelho"),
    "uploaded_at": _lazy("enviado em"),
    "uploaded_by": _lazy("quem fez"),
    "taken_in_at": _lazy("lido em"),
    "note": _lazy("observação"),
    "statement": _lazy("Extrato"),
    "reversed_at": _lazy("cancelado em"),
    "reversal_reason": _lazy("por quê"),
    "round": _lazy("rodada"),
    "place": _lazy("local de entrega"),
    "updated_at": _lazy("mudado em"),
    "issue": _lazy("versão"),
    "declined_at": _lazy("respondido em"),
    "decline_reason": _lazy("por quê"),
    "draft": _lazy("rascunho"),
    "draft_at": _lazy("mudado em"),
    "mailing_at": _lazy("enviado em"),
    "mailed_at": _lazy("enviado em"),
    "order": _lazy("pedido"),
    "received_by": _lazy("Quem recebeu"),
    "struck_at": _lazy("riscado em"),
    "step": _lazy("próximo passo"),
    "step_by": _lazy("Quem faz"),
    "step_until": _lazy("até"),
    "data": _lazy("navegador"),
}
"""Columns that carry no name of their own, as the person meets them; many share one."""


def title(model: type[models.Model]) -> str:
    """What the rows of a model are called: by the table above, or as in the trail."""
    known = TITLES.get(model._meta.label) or trail.subject_of(model._meta.label_lower).label
    return str(model._meta.verbose_name if known == model._meta.label_lower else known)


def column(field: models.Field[Any, Any]) -> str:
    """What a column is called: by the tables above, its own name, or as in the trail."""
    if field.name in COLUMNS:
        return str(COLUMNS[field.name])
    own = str(field.verbose_name)
    if own != field.name.replace("_", " "):
        return own
    return str(UNNAMED.get(field.name) or trail.field_name(field.name, field.model._meta.app_label))


def value(field: models.Field[Any, Any], code: Any) -> str | None:
    """What a code is called where the column itself has no list of choices; None where it is no code."""
    if field.name == "role":
        return str(roles.label(code))
    if field.name == "scope" and code:
        return ", ".join(str(modules.label(one)) for one in code.split())
    if field.model is StandingChange and field.name in ("before", "after"):
        return str(dict(Enterprise.Standing.choices).get(code, code))
    return None
