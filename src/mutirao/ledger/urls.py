# SPDX-License-Identifier: AGPL-3.0-or-later
"""Addresses of the books, below /rede/<slug>/."""

from __future__ import annotations

from django.urls import path

from mutirao.ledger import account_views, views

app_name = "ledger"
urlpatterns = [
    path("livros/", views.books, name="books"),
    path("livros/extrato/<int:enterprise_id>/", views.statement, name="statement"),
    path("livros/<int:book_id>/", views.book, name="book"),
    path("livros/<int:book_id>/contas/<int:account_id>/", views.account, name="account"),
    path("livros/<int:book_id>/contas/nova/", account_views.new_account, name="new_account"),
    path("livros/<int:book_id>/contas/<int:account_id>/mudar/", account_views.edit_account, name="edit_account"),
    path("livros/<int:book_id>/diario/", views.entries, name="entries"),
    path("livros/<int:book_id>/lancamentos/novo/", views.new_entry, name="new_entry"),
    path("livros/<int:book_id>/lancamentos/<int:entry_id>/", views.entry, name="entry"),
    path("livros/<int:book_id>/lancamentos/<int:entry_id>/mudar/", views.edit_draft, name="edit_draft"),
    path("livros/<int:book_id>/lancamentos/<int:entry_id>/estornar/", views.reverse_entry, name="reverse_entry"),
    path("livros/<int:book_id>/meses/", views.periods, name="periods"),
    path("livros/<int:book_id>/exportar/<str:kind>/", views.export, name="export"),
]
