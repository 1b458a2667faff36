# SPDX-License-Identifier: AGPL-3.0-or-later
"""The accounts of a book: added, renamed, closed. Accounts that modules post to keep their purpose and stay open."""

from __future__ import annotations

import re
from typing import Any

from django.db.models import Sum

from mutirao.kernel import formats
from mutirao.kernel.actors import Actor
from mutirao.kernel.changes import check_seen, differences, snapshot
from mutirao.kernel.locks import lock, lock_all
from mutirao.kernel.once import first_time
from mutirao.kernel.work import operation, record
from mutirao.ledger.errors import (
    AccountCodeTaken,
    AccountCodeWrong,
    AccountHasBalance,
    AccountIsStandard,
    AccountKindIsFixed,
    AccountNameMissing,
)
from mutirao.ledger.models import Account, Book, Entry, Line
from mutirao.ledger.permissions import EDIT_ACCOUNTS

ACCOUNT_FIELDS = ("code", "name", "kind", "is_active")
_CODE = re.compile(r"[0-9]+(\.[0-9]+)*")


@operation
def add_account(book: Book, *, code: str, name: str, kind: str, actor: Actor, key: str = "") -> Account:
    """Add an account to a book's chart. The same form sent again (`key`) gives the same account.

    Raises: NotAllowed, AccountCodeWrong, AccountCodeTaken, AccountNameMissing.
    """
    actor.require(EDIT_ACCOUNTS, book)
    book = lock(book)
    code, name = _checked(book, code, name)
    if not first_time("ledger.add_account", key, network_id=book.network_id):
        sent_before: Account | None = Account.objects.filter(book=book, code=code).first()
        if sent_before is not None:
            return sent_before
    _require_free(book, code)
    account: Account = Account.objects.create(
        network_id=book.network_id, book=book, code=code, name=name, kind=Account.Kind(kind)
    )
    record(actor, "ledger.account_added", account, code=code, name=name, kind=kind, book=book.pk)
    return account


@operation
def edit_account(
    account: Account, *, code: str, name: str, kind: str, is_active: bool, actor: Actor, seen: str = ""
) -> Account:
    """Change an account's code, name, group, and whether it takes entries.

    The group is fixed once there are lines or a module posts to the account; an account is closed only at balance zero
    and never one that modules post to. `seen` is `changes.version` of ACCOUNT_FIELDS.

    Raises: NotAllowed, StaleEdit, AccountCodeWrong, AccountCodeTaken, AccountNameMissing, AccountKindIsFixed,
    AccountIsStandard, AccountHasBalance.
    """
    actor.require(EDIT_ACCOUNTS, account.book)
    book, account = lock_all([account.book, account])
    check_seen(account, ACCOUNT_FIELDS, seen)
    code, name = _checked(book, code, name)
    _require_free(book, code, but=account)
    if kind != account.kind and (account.purpose or Line.objects.filter(account=account).exists()):
        raise AccountKindIsFixed
    if account.is_active and not is_active:
        _require_closable(account, book)
    before = snapshot(account, ACCOUNT_FIELDS)
    account.code, account.name, account.kind, account.is_active = code, name, Account.Kind(kind), is_active
    if changed := differences(before, snapshot(account, ACCOUNT_FIELDS)):
        account.save(update_fields=list(changed))
        record(actor, "ledger.account_edited", account, changes=_plain(changed))
    return account


def _plain(changed: dict[str, list[Any]]) -> dict[str, list[Any]]:
    return {
        name: [str(value) if name == "kind" else value for value in pair]
        for name, pair in changed.items()
    }  # fmt: skip


def _checked(book: Book, code: str, name: str) -> tuple[str, str]:
    code, name = code.strip().strip("."), " ".join(name.split())
    if not _CODE.fullmatch(code) or len(code) > 20:
        raise AccountCodeWrong
    if not name:
        raise AccountNameMissing
    return code, name[:120]


def _require_free(book: Book, code: str, *, but: Account | None = None) -> None:
    others = Account.objects.filter(book=book, code=code)
    twin = (others.exclude(pk=but.pk) if but is not None else others).first()
    if twin is not None:
        raise AccountCodeTaken(code=code, name=twin.name)


def _require_closable(account: Account, book: Book) -> None:
    if account.purpose:
        raise AccountIsStandard
    lines = Line.objects.filter(account=account)
    balance = lines.filter(entry__state=Entry.State.POSTED).aggregate(all=Sum("amount_minor"))["all"] or 0
    if balance:
        raise AccountHasBalance(balance=formats.money(balance, book.currency))
