# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bank statements: sending one in, looking through it, taking its payments in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from mutirao.kernel.errors import DomainError, SeveralProblems, Words
from mutirao.kernel.forms import add_to_form
from mutirao.network.access import NetworkRequest
from mutirao.payments import operations, permissions, queries
from mutirao.payments.core.bank_csv import BankFile, totals
from mutirao.payments.core.matching import Kind, Match
from mutirao.payments.forms import StatementDecisions, StatementForm
from mutirao.payments.models import BankStatement, Charge
from mutirao.payments.operations.statements import read_statement

WHY: dict[str, Words] = {
    "txid": gettext_lazy("traz a identificação da cobrança"),
    "txid_closed": gettext_lazy("traz a identificação de uma cobrança que não está mais em aberto: vira crédito"),
    "amount_tax_id": gettext_lazy("mesmo valor e mesmo CPF ou CNPJ"),
    "amount_name": gettext_lazy("mesmo valor e nome parecido"),
    "several": gettext_lazy("serve para mais de uma cobrança"),
    "nothing": "",
}
CELL_PROBLEMS: dict[str, Words] = {
    "not_a_date": gettext_lazy("não é uma data"),
    "either_date": gettext_lazy("não dá para saber o que é dia e o que é mês"),
    "not_cents": gettext_lazy("tem mais casas do que centavos"),
}


@require_http_methods(["GET", "POST"])
def bank_import(request: NetworkRequest, slug: str) -> HttpResponse:
    """Send a statement in; earlier ones below."""
    request.actor.require(permissions.RECORD_PAYMENTS, request.network)
    form = StatementForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            statement = operations.upload_statement(
                request.network, file_name=file.name, content=file.read(), actor=request.actor
            )
            return redirect("payments:statement", slug, statement.pk)
        except DomainError as error:
            add_to_form(form, error)
    context = {"form": form, "statements": queries.statements_visible_to(request.actor)[:30]}
    return render(request, "payments/bank_import.html", context, status=422 if form.errors else 200)


@dataclass(frozen=True, slots=True)
class Row:
    """A line as the page shows it; `value` is what taking it in would say."""

    match: Match
    why: Words
    value: str
    target: str
    checked: bool
    options: list[tuple[str, str]]
    chosen: str
    typed: str


@require_http_methods(["GET", "POST"])
def statement(request: NetworkRequest, slug: str, statement_id: int) -> HttpResponse:
    """Look a statement through, decide, and take it in, all or nothing."""
    row = get_object_or_404(queries.statements_visible_to(request.actor), pk=statement_id)
    request.actor.require(permissions.RECORD_PAYMENTS, row)
    decisions = StatementDecisions(request.POST)
    problems: list[str] = []
    if request.method == "POST":
        try:
            return _take_in(request, row, decisions)
        except SeveralProblems as several:
            problems = [str(problem) for problem in several.problems]
        except DomainError as error:
            problems = [str(error)]
    read = read_statement(bytes(row.content), request.network.pk)
    context = _page(request, row, read, decisions if request.method == "POST" else None)
    context["problems"] = problems
    return render(request, "payments/statement.html", context, status=422 if problems else 200)


def _take_in(request: NetworkRequest, row: BankStatement, decisions: StatementDecisions) -> HttpResponse:
    """Raises: what refuses the whole."""
    decided, unknown = decisions.resolve()
    if unknown:
        raise SeveralProblems(unknown)
    payments = operations.take_in_statement(row, decisions=decided, actor=request.actor)
    done = ngettext("%(n)s pagamento registrado.", "%(n)s pagamentos registrados.", len(payments))
    messages.success(request, done % {"n": len(payments)})
    return redirect(reverse("payments:statement", args=[request.network.slug, row.pk]))


def _page(
    request: NetworkRequest, row: BankStatement, read: BankFile, decisions: StatementDecisions | None
) -> dict[str, Any]:
    """The lines by what they seem to be, as they stand now."""
    found = queries.match_statement(read)
    by_kind: dict[str, list[Row]] = {str(kind): [] for kind in Kind}
    for match in found.matches:
        by_kind[str(match.kind)].append(_row(match, found.charges, decisions))
    return {
        "statement": row,
        "sums": totals(read.lines),
        "columns": read.columns,
        "unreadable": [
            {"row": item.row, "shown": item.shown, "why": CELL_PROBLEMS.get(item.code, _("não é um valor"))}
            for item in read.problems
        ],
        "sure": by_kind["sure"],
        "maybe": by_kind["maybe"],
        "none": by_kind["none"],
        "taken": by_kind["taken"],
        "debit": by_kind["debit"],
        "decidable": bool(by_kind["sure"] or by_kind["maybe"] or by_kind["none"]),
        "currency": request.network.currency,
    }


def _row(match: Match, charges: dict[int, Charge], decisions: StatementDecisions | None) -> Row:
    number = match.line.row
    target = charges[match.charge] if match.charge is not None else None
    value, words = "", ""
    if target is not None:
        value, words = f"c{target.pk}", f"{target.enterprise.name} · nº {target.number} · {target.title}"
    elif match.enterprise is not None:
        name = next(row.enterprise.name for row in charges.values() if row.enterprise_id == match.enterprise)
        value, words = f"e{match.enterprise}", _("crédito de %(enterprise)s") % {"enterprise": name}
    chosen = decisions.chosen.get(number, "") if decisions else ""
    return Row(
        match=match,
        why=WHY[match.why] if match.why else "",
        value=value,
        target=words,
        checked=bool(chosen) if decisions else match.kind == Kind.SURE,
        options=_options(match, charges),
        chosen=chosen,
        typed=decisions.typed.get(number, "") if decisions else "",
    )


def _options(match: Match, charges: dict[int, Charge]) -> list[tuple[str, str]]:
    """The likeliest charges, then their enterprises without a charge, whose oldest ones the money settles."""
    if match.kind != Kind.NONE:
        return []
    likely = [charges[pk] for pk in match.candidates]
    options = [(f"c{row.pk}", queries.in_one_line(row)) for row in likely]
    owners = {row.enterprise_id: row.enterprise.name for row in likely[:3]}
    return options + [
        (f"e{pk}", _("%(enterprise)s, sem escolher cobrança") % {"enterprise": name}) for pk, name in owners.items()
    ]
