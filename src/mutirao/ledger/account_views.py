# SPDX-License-Identifier: AGPL-3.0-or-later
"""The chart of a book on the screen: adding an account, renaming, closing."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mutirao.kernel import changes
from mutirao.kernel.errors import DomainError
from mutirao.kernel.forms import add_to_form
from mutirao.ledger import operations, queries
from mutirao.ledger.forms import AccountForm
from mutirao.ledger.operations.accounts import ACCOUNT_FIELDS
from mutirao.ledger.permissions import EDIT_ACCOUNTS
from mutirao.network.access import NetworkRequest


@require_http_methods(["GET", "POST"])
def new_account(request: NetworkRequest, slug: str, book_id: int) -> HttpResponse:
    """Add an account to a book."""
    book = get_object_or_404(queries.books_visible_to(request.actor), pk=book_id)
    request.actor.require(EDIT_ACCOUNTS, book)
    form = AccountForm(request.POST or None)
    key = request.POST.get("idempotency_key") or str(uuid.uuid4())
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("code", "name", "kind")}
        try:
            account = operations.add_account(book, actor=request.actor, key=key, **given)
        except DomainError as error:
            add_to_form(form, error)
        else:
            messages.success(request, _("A conta %(account)s entrou no plano.") % {"account": account})
            return redirect(reverse("ledger:book", args=[slug, book_id]) + "?todas=1")
    context = {"book": book, "form": form, "key": key, "title": _("Nova conta")}
    return render(request, "ledger/account_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def edit_account(request: NetworkRequest, slug: str, book_id: int, account_id: int) -> HttpResponse:
    """Rename an account, or close it."""
    account = get_object_or_404(queries.accounts_visible_to(request.actor), pk=account_id, book=book_id)
    request.actor.require(EDIT_ACCOUNTS, account.book)
    initial = {name: getattr(account, name) for name in ACCOUNT_FIELDS}
    initial["seen"] = changes.version(account, ACCOUNT_FIELDS)
    form = AccountForm(request.POST or None, initial=initial, account=account)
    if request.method == "POST" and form.is_valid():
        try:
            operations.edit_account(account, actor=request.actor, **form.cleaned_data)
        except DomainError as error:
            add_to_form(form, error)
        else:
            messages.success(request, _("A conta foi guardada."))
            return redirect("ledger:account", slug=slug, book_id=book_id, account_id=account_id)
    context = {"book": account.book, "form": form, "account": account, "title": _("Mudar a conta")}
    return render(request, "ledger/account_form.html", context, status=422 if form.errors else 200)
