# SPDX-License-Identifier: AGPL-3.0-or-later
"""Telephones as people write them: `{{ phone|phone:network.country }}`, `{% phone_links phone network.country %}`."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from mutirao.network.core import phones

register = template.Library()


@register.filter
def phone(number: str, country: str = "") -> str:
    """A kept number in its national writing, with its country's code for those abroad."""
    return phones.shown(number or "", country)


@register.simple_tag
def phone_links(number: str, country: str = "") -> str | SafeString:
    """A number to call with one touch and, for mobiles, the conversation beside it; empty for none."""
    if not number:
        return ""
    link = format_html('<a class="nowrap" href="tel:{}">{}</a>', number.replace(" ", ""), phones.shown(number, country))
    if address := phones.message_address(number):
        words = _("Mensagem")
        return format_html('{} <a class="small" href="{}" rel="noopener noreferrer">{}</a>', link, address, words)
    return link
