# SPDX-License-Identifier: AGPL-3.0-or-later
"""How the pages say what the program knows by codes: states, stages, acts, rules, doubts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from mutirao.kernel import formats
from mutirao.kernel.errors import Words
from mutirao.kernel.models import AuditEntry
from mutirao.network.trail import by_whom
from mutirao.purchasing.models import Participation, PurchaseRound, Quote
from mutirao.purchasing.packing import pack_words
from mutirao.purchasing.queries.quotes import Doubt

State = PurchaseRound.State

STATE_TONES: dict[str, str] = {
    State.DRAFT: "neutral",
    State.OPEN: "action",
    State.QUOTING: "info",
    State.APPROVAL: "waiting",
    State.APPROVED: "done",
    State.ORDERED: "info",
    State.RECEIVED: "info",
    State.CHARGED: "waiting",
    State.SETTLED: "done",
    State.CANCELLED: "danger",
}
ANSWER_TONES: dict[str, str] = {
    Participation.State.INVITED: "waiting",
    Participation.State.ANSWERED: "done",
    Participation.State.DECLINED: "neutral",
}
STAGES: tuple[Words, ...] = (
    _("Preparo"),
    _("Pedidos"),
    _("Cotações e escolha"),
    _("Aprovação"),
    _("Encomenda"),
    _("Recebimento"),
    _("Custos e cobrança"),
    _("Pagamento"),
)
_STAGES_DONE: dict[str, int] = {
    State.DRAFT: 0,
    State.OPEN: 1,
    State.QUOTING: 2,
    State.APPROVAL: 3,
    State.APPROVED: 4,
    State.ORDERED: 5,
    State.RECEIVED: 6,
    State.CHARGED: 7,
    State.SETTLED: 8,
}


def stages(state: str, cancelled_from: str = "") -> list[dict[str, str]]:
    """The steps of the process as they stand; a cancelled round stops where it stood."""
    cancelled = state == State.CANCELLED
    done = _STAGES_DONE.get(cancelled_from if cancelled else state, 0)
    found = []
    for number, label in enumerate(STAGES):
        word = "done" if number < done else "todo"
        if number == done:
            word = "cancelled" if cancelled else "current"
        found.append({"label": str(label), "state": word})
    return found


ALLOCATION_WHY: dict[str, Words] = {
    "proportional": _("Se não der para todos, cada um recebe a mesma parte do que pediu."),
    "equal": _("Se não der para todos, cada um recebe o mesmo tanto, até completar o seu pedido."),
    "chronological": _("Se não der para todos, quem pediu primeiro completa primeiro."),
}
SHARE_WHY: dict[str, Words] = {
    "value": _("Cada um paga na proporção do valor do que leva."),
    "weight": _("Cada um paga na proporção do peso do que leva."),
    "equal": _("Todos os que levam algo pagam o mesmo."),
}

# act → words, icon, tone. Acts of later stages are named here too, so that the history reads whole.
ACTS: dict[str, tuple[Words, str, str]] = {
    "purchasing.round_drafted": (_("Rodada preparada"), "edit", ""),
    "purchasing.round_edited": (_("Dados mudados"), "edit", ""),
    "purchasing.goods_added": (_("Produtos acrescentados"), "plus", ""),
    "purchasing.good_edited": (_("Produto mudado"), "edit", ""),
    "purchasing.good_removed": (_("Produto tirado da lista"), "trash", ""),
    "purchasing.goods_reordered": (_("Ordem dos produtos mudada"), "edit", ""),
    "purchasing.round_opened": (_("Rodada aberta"), "megaphone", "done"),
    "purchasing.enterprise_invited": (_("Empreendimento convidado"), "enterprise", ""),
    "purchasing.round_extended": (_("Prazo prorrogado"), "calendar", "waiting"),
    "purchasing.needs_closed": (_("Pedidos fechados"), "lock", "done"),
    "purchasing.round_reopened": (_("Pedidos reabertos"), "undo", "waiting"),
    "purchasing.round_cancelled": (_("Rodada cancelada"), "cancel", "danger"),
    "purchasing.quote_entered": (_("Cotação cadastrada"), "quotes", ""),
    "purchasing.quote_edited": (_("Cotação mudada"), "quotes", ""),
    "purchasing.quote_withdrawn": (_("Cotação retirada"), "cancel", "waiting"),
    "purchasing.suppliers_asked": (_("Cotação pedida por link"), "message", ""),
    "purchasing.link_renewed": (_("Novo endereço para o fornecedor"), "message", ""),
    "purchasing.link_revoked": (_("Endereço do fornecedor cancelado"), "cancel", "waiting"),
    "purchasing.link_opened": (_("O fornecedor abriu o pedido"), "message", ""),
    "purchasing.request_extended": (_("Prazo do fornecedor mudado"), "calendar", ""),
    "purchasing.supplier_declined": (_("O fornecedor não fornece desta vez"), "cancel", ""),
    "purchasing.quote_files": (_("Arquivos do fornecedor"), "quotes", ""),
    "purchasing.needs_entered": (_("Pedido informado"), "needs", "done"),
    "purchasing.round_declined": (_("Disse que não participa"), "cancel", ""),
    "purchasing.compared": (_("Cotações comparadas"), "award", ""),
    "purchasing.split_drawn": (_("Divisão feita à mão"), "edit", ""),
    "purchasing.chosen": (_("Divisão escolhida"), "award", "done"),
    "purchasing.put_to_approval": (_("Levada à aprovação"), "approval", "waiting"),
    "purchasing.approval_withdrawn": (_("Retirada da aprovação"), "cancel", "waiting"),
    "purchasing.approved": (_("Aprovada pelos empreendimentos"), "approval", "done"),
    "purchasing.refused": (_("Recusada pelos empreendimentos"), "approval", "danger"),
    "purchasing.orders_prepared": (_("Pedidos aos fornecedores preparados"), "order", ""),
    "purchasing.order_sent": (_("Pedido enviado ao fornecedor"), "order", "done"),
    "purchasing.order_cancelled": (_("Pedido ao fornecedor cancelado"), "cancel", "danger"),
    "purchasing.received": (_("Recebimento registrado"), "receipt", ""),
    "purchasing.photo_added": (_("Foto da entrega"), "camera", ""),
    "purchasing.round_received": (_("Tudo recebido"), "receipt", "done"),
    "purchasing.charged": (_("Custos repartidos e cobrados"), "charge", "done"),
    "purchasing.savings_recorded": (_("Economia calculada"), "charge", ""),
    "purchasing.charging_undone": (_("Cobrança desfeita"), "cancel", "danger"),
    "purchasing.settled": (_("Rodada encerrada: tudo pago"), "check", "done"),
}


def timeline(entries: list[AuditEntry]) -> list[dict[str, Any]]:
    """Entries of the audit trail as events of a timeline."""
    return [
        {
            "when": formats.moment(entry.at),
            "moment": entry.at,
            "text": _sentence(entry),
            "who": f"{entry.actor_name}, {by_whom(entry)}" if entry.data.get("in_place_of") else entry.actor_name,
            "note": entry.reason,
            "icon": ACTS[entry.act][1] if entry.act in ACTS else "audit",
            "tone": ACTS[entry.act][2] if entry.act in ACTS else "",
        }
        for entry in entries
    ]


def _sentence(entry: AuditEntry) -> str:
    label = str(ACTS[entry.act][0]) if entry.act in ACTS else entry.act.rsplit(".", 1)[-1].replace("_", " ")
    detail = _detail(entry)
    return f"{label}: {detail}" if detail else label


def _detail(entry: AuditEntry) -> str:
    data = entry.data
    match entry.act:
        case "purchasing.goods_added":
            return ", ".join(data["products"][:6]) + ("…" if len(data["products"]) > 6 else "")
        case "purchasing.good_edited" if "pack_size" in data:
            words = pack_words(Decimal(data["pack_size"]), data["minimum_packs"], data["unit"])
            return f"{data['product']} ({words or _t('pacotes conforme as cotações')})"
        case "purchasing.good_edited" | "purchasing.good_removed":
            return str(data["product"])
        case "purchasing.enterprise_invited":
            return str(data["enterprise"])
        case "purchasing.suppliers_asked":
            return ", ".join(data["suppliers"])
        case "purchasing.quote_entered" if data.get("origin"):
            origin = Quote.Origin(data["origin"]).label
            return _t("%(supplier)s (%(origin)s)") % {"supplier": data["supplier"], "origin": origin}
        case (
            "purchasing.quote_entered" | "purchasing.quote_edited" | "purchasing.quote_withdrawn"
            | "purchasing.link_renewed" | "purchasing.link_revoked" | "purchasing.link_opened"
            | "purchasing.request_extended" | "purchasing.supplier_declined" | "purchasing.quote_files"
        ):  # fmt: skip
            return str(data["supplier"])
        case "purchasing.round_edited":
            return ", ".join(_field(name) for name in data["changes"])
        case "purchasing.round_opened":
            invited = data["invited"]
            words = ngettext("%(count)s empreendimento convidado", "%(count)s empreendimentos convidados", invited)
            return words % {"count": invited}
        case "purchasing.needs_closed":
            asked, silent = data.get("answered", 0), data.get("invited", 0)
            words = ngettext("%(count)s pediu", "%(count)s pediram", asked) % {"count": asked}
            if silent:
                left_out = ngettext("%(count)s não respondeu", "%(count)s não responderam", silent)
                words = f"{words}, {left_out % {'count': silent}}"
            return words
        case "purchasing.round_extended" | "purchasing.round_reopened":
            return _t("até %(until)s") % {"until": _moment(data["until"])}
        case "purchasing.needs_entered" | "purchasing.round_declined":
            return _t("por telefone, quem passou foi %(who)s") % {"who": data["told_by"]} if data.get("told_by") else ""
    return ""


def _field(name: str) -> str:
    return str(getattr(PurchaseRound._meta.get_field(name), "verbose_name", name))


def _moment(text: str) -> str:
    moment = parse_datetime(text)
    return formats.moment(moment) if moment else text


def doubt_words(doubt: Doubt, currency: str) -> str:
    """What to look at twice, in a sentence."""
    params = dict(doubt.params)
    for name in ("pack", "needed", "from"):
        if name in params:
            params[name] = formats.quantity(params[name], params["unit"])
    for name in ("price", "last_price"):
        if name in params:
            params[name] = formats.unit_price(params[name], currency)
    if "until" in params:
        params["until"] = formats.date(params["until"])
    if "percent" in params:
        params["percent"] = f"{params['percent']:+}"
    return str(_DOUBTS[doubt.code]) % params


_DOUBTS: dict[str, Words] = {
    "expired": _("A validade da cotação terminou em %(until)s: confirme os preços com o fornecedor."),
    "far_off": _(
        "%(product)s: %(price)s está longe do último, %(last_price)s (%(percent)s%%). Confira a vírgula e a unidade."
    ),
    "pack_beyond_need": _("%(product)s: a embalagem de %(pack)s é maior que tudo o que foi pedido (%(needed)s)."),
    "no_need_reaches": _("%(product)s: o pedido de todos não chega à menor faixa, a partir de %(from)s."),
    "free": _("%(product)s: há um preço zero. Está certo?"),
    "dearer_from": _("%(product)s: a partir de %(from)s fica mais caro. Está certo?"),
}
