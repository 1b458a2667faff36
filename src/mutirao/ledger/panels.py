# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the books put on pages of the modules below: words for the audit trail."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mutirao.ledger.models import Account, Entry, Period
from mutirao.network import trail


def _entry_key(subject_id: str) -> dict[str, object]:
    book = Entry.objects.filter(pk=subject_id).values_list("book_id", flat=True).first()
    return {"book_id": book, "entry_id": subject_id} if book else {}


def _account_key(subject_id: str) -> dict[str, object]:
    book = Account.objects.filter(pk=subject_id).values_list("book_id", flat=True).first()
    return {"book_id": book, "account_id": subject_id} if book else {}


def _period_key(subject_id: str) -> dict[str, object]:
    book = Period.objects.filter(pk=subject_id).values_list("book_id", flat=True).first()
    return {"book_id": book} if book else {}


trail.describe(
    acts={
        "ledger.book_opened": _("Abriu um livro"),
        "ledger.account_added": _("Acrescentou uma conta a um livro"),
        "ledger.account_edited": _("Mudou uma conta de um livro"),
        "ledger.draft_edited": _("Mudou um rascunho"),
        "ledger.entry_drafted": _("Rascunhou um lançamento"),
        "ledger.draft_discarded": _("Descartou um rascunho"),
        "ledger.entry_posted": _("Lançou"),
        "ledger.entries_posted": _("Lançou várias cobranças de uma vez"),
        "ledger.entry_reversed": _("Estornou um lançamento"),
        "ledger.period_closed": _("Fechou um mês"),
        "ledger.period_reopened": _("Reabriu um mês"),
    },
    fields={
        "first_number": _("do número"),
        "last_number": _("ao número"),
        "reversal_number": _("estorno nº"),
        "debit_minor": _("valor"),
        "source_kind": _("de onde veio"),
        "source_id": _("número de onde veio"),
        "book": _("livro"),
        "date": _("data"),
        "code": _("código"),
        "is_active": _("recebe lançamentos"),
        "memo": _("histórico"),
        "lines_before": _("linhas antes"),
        "lines_after": _("linhas depois"),
    },
    subjects={
        "ledger.book": trail.Subject(_("livro"), "ledger:book", lambda pk: {"book_id": pk}),
        "ledger.account": trail.Subject(_("conta"), "ledger:account", _account_key),
        "ledger.entry": trail.Subject(_("lançamento"), "ledger:entry", _entry_key),
        "ledger.period": trail.Subject(_("mês"), "ledger:periods", _period_key),
    },
)
