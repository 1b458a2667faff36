# SPDX-License-Identifier: AGPL-3.0-or-later
"""Lists in pages, and answers to the htmx type-ahead of name fields."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html_join

PER_PAGE = 40


def page_of(request: HttpRequest, rows: Any, per_page: int = PER_PAGE) -> Page[Any]:
    """The page asked for of rows that can be counted and sliced; the nearest one when there is no such page."""
    return Paginator(rows, per_page).get_page(request.GET.get("page"))


def options(names: Iterable[str]) -> HttpResponse:
    """Suggestions as the options of a datalist."""
    return HttpResponse(format_html_join("", '<option value="{}"></option>', ((name,) for name in names)))
