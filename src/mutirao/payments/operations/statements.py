# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bank statements: sent in, looked through, and taken in whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from mutirao.kernel import clock
from mutirao.kernel.actors import Actor
from mutirao.kernel.core.text import fold
from mutirao.kernel.errors import DomainError, SeveralProblems, Words
from mutirao.kernel.locks import lock
from mutirao.kernel.work import operation, record
from mutirao.network.models import Enterprise, Network
from mutirao.payments import permissions
from mutirao.payments.core import bank_csv
from mutirao.payments.core.bank_csv import BankFile, BankLine
from mutirao.payments.errors import LineProblem, NothingDecided, UnreadableStatement
from mutirao.payments.models import BankStatement, Charge, Payment
from mutirao.payments.operations._accounts import lock_accounts
from mutirao.payments.operations.receipts import record_payment
from mutirao.payments.queries import currency_of, references_taken

MOST_BYTES = 4 * 1024 * 1024
READING_PROBLEMS: dict[str, Words] = {
    "empty": _("O arquivo está vazio."),
    "not_text": _("Isto não é um arquivo CSV. No site do banco, exporte o extrato em CSV."),
    "broken": _("O arquivo está estragado: há aspas que não fecham ou uma linha longa demais."),
    "no_columns": _("Não achamos as colunas de data e de valor. O extrato precisa ter títulos como Data e Valor."),
    "no_lines": _("O extrato não tem nenhum lançamento."),
    "too_many": _("O extrato tem linhas demais. Exporte um período menor."),
    "too_large": _("O arquivo passa de 4 MB. Exporte um período menor."),
}


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided about a row: the charge that it pays, or the enterprise whose money it is."""

    row: int
    charge: Charge | None = None
    enterprise: Enterprise | None = None


def read_statement(content: bytes, network_id: int) -> BankFile:
    """Read a statement's bytes. Raises: UnreadableStatement with the reason in words."""
    if len(content) > MOST_BYTES:
        raise UnreadableStatement(READING_PROBLEMS["too_large"])
    try:
        return bank_csv.read_bank_csv(content, currency_of(network_id))
    except bank_csv.UnreadableStatement as problem:
        raise UnreadableStatement(READING_PROBLEMS[problem.code]) from None


@operation
def upload_statement(network: Network, *, file_name: str, content: bytes, actor: Actor) -> BankStatement:
    """Keep a bank's export to be looked through; the same file again is the same statement.

    Raises: UnreadableStatement.
    """
    actor.require(permissions.RECORD_PAYMENTS, network)
    read = read_statement(content, network.pk)
    digest = sha256(content).hexdigest()
    statement = BankStatement(
        network_id=network.pk,
        file_name=file_name[:200],
        content=content,
        digest=digest,
        uploaded_by_id=actor.person_id,
    )
    try:
        with transaction.atomic():
            statement.save()
    except IntegrityError:
        standing: BankStatement = BankStatement.objects.get(digest=digest)
        return standing
    record(actor, "payments.statement_uploaded", statement, lines=len(read.lines), digest=digest)
    return statement


@operation
def take_in_statement(statement: BankStatement, *, decisions: Sequence[Decision], actor: Actor) -> list[Payment]:
    """Record the payments that were decided, all of them or none; rows taken in before are passed over.

    Raises: NothingDecided; SeveralProblems that name their rows.
    """
    actor.require(permissions.RECORD_PAYMENTS, statement)
    row = lock(statement)
    lines = {line.row: line for line in read_statement(bytes(row.content), row.network_id).lines}
    wanted = [decision for decision in decisions if decision.row in lines and lines[decision.row].amount_minor > 0]
    if not wanted:
        raise NothingDecided
    lock_accounts(_whose(decision) for decision in wanted)
    taken = references_taken([lines[decision.row].reference for decision in wanted])
    payments: list[Payment] = []
    problems: list[DomainError] = []
    for decision in wanted:
        line = lines[decision.row]
        if line.reference in taken:
            continue
        try:
            payments.append(_record(line, decision, row, actor))
        except DomainError as problem:
            problems.append(LineProblem(row=line.row, problem=str(problem)))
    if problems:
        raise SeveralProblems(problems)
    row.taken_in_at = clock.now()
    row.save(update_fields=["taken_in_at"])
    record(actor, "payments.statement_taken_in", row, payments=len(payments), passed_over=len(wanted) - len(payments))
    return payments


def _whose(decision: Decision) -> Enterprise:
    if decision.charge is not None:
        return decision.charge.enterprise
    if decision.enterprise is None:
        raise ValueError("a decision names a charge or an enterprise")
    return decision.enterprise


def _record(line: BankLine, decision: Decision, statement: BankStatement, actor: Actor) -> Payment:
    said = fold(line.text)
    return record_payment(
        _whose(decision),
        amount_minor=line.amount_minor,
        received_on=line.on,
        method=Payment.Method.PIX if "pix" in said or line.reference.startswith("pix:") else Payment.Method.TRANSFER,
        charge=decision.charge,
        reference=line.reference,
        note=line.text,
        statement=statement,
        actor=actor,
    )
