# SPDX-License-Identifier: AGPL-3.0-or-later
"""Components of the design system as template tags: `{% load ui %}`. Shown on /estilo/, explained in docs/design.md."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from django import forms, template
from django.contrib.messages import constants as levels
from django.core.paginator import Page
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.template import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

register = template.Library()

TONES = ("done", "waiting", "info", "action", "danger", "neutral")
TONE_ICONS = {
    "done": "check",
    "waiting": "waiting",
    "info": "info",
    "action": "arrow-right",
    "danger": "alert",
    "neutral": "more",
}
BUTTON_KINDS = ("primary", "secondary", "quiet", "danger")
ILLUSTRATIONS = {
    "welcome": (320, 240),
    "empty-basket": (320, 240),
    "courier": (320, 240),
    "assembly": (320, 240),
    "sacks": (320, 240),
    "ledger": (320, 240),
    "message": (320, 240),
    "nothing-found": (320, 240),
    "lost": (320, 240),
}


def tone_of(value: str) -> str:
    """Return a known tone. Raises: ValueError when a template asks for one that does not exist."""
    if value not in TONES:
        raise ValueError(f"unknown tone {value!r}; one of {', '.join(TONES)}")
    return value


def draw_icon(name: str, label: str = "", css: str = "") -> SafeString:
    """Return one icon of the sprite; decorative unless it has a label."""
    return _icon(name, format_html('role="img" aria-label="{}"', label), css) if label else _decoration(name, css)


@lru_cache(maxsize=512)
def _decoration(name: str, css: str) -> SafeString:
    """A page has fifty of them, the site a hundred."""
    return _icon(name, mark_safe('aria-hidden="true"'), css)


def _icon(name: str, meaning: SafeString, css: str) -> SafeString:
    return format_html(
        '<svg class="icon{}" width="24" height="24" {}><use href="{}#{}"/></svg>',
        f" {css}" if css else "",
        meaning,
        static("mutirao/icons.svg"),
        name,
    )


def value_of(item: Any, key: str, default: Any = "") -> Any:
    """Read `key` from a mapping or an attribute, so that components take plain dictionaries or objects."""
    found = item.get(key, default) if isinstance(item, Mapping) else getattr(item, key, default)
    return default if found is None else found


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """`{% icon "truck" %}`; with `label="…"` when the icon stands alone."""
    return draw_icon(name, label, css)


@register.simple_tag
def illustration(name: str, label: str = "") -> SafeString:
    """`{% illustration "empty-basket" %}`: a woodcut that follows the colours of the scheme."""
    width, height = ILLUSTRATIONS[name]
    meaning: str | SafeString = mark_safe('aria-hidden="true"')
    if label:
        meaning = format_html('role="img" aria-label="{}"', label)
    return format_html(
        '<svg class="art" width="{}" height="{}" viewBox="0 0 {} {}" {}><use href="{}#art"/></svg>',
        width,
        height,
        width,
        height,
        meaning,
        static(f"mutirao/art/{name}.svg"),
    )


@register.simple_tag
def logo() -> SafeString:
    """The mark of Mutirão, decorative: always beside the name in words."""
    return format_html(
        '<svg class="mark" width="40" height="40" viewBox="0 0 64 64" aria-hidden="true"><use href="{}#mark"/></svg>',
        static("mutirao/logo.svg"),
    )


@register.simple_tag
def status(tone: str, label: str, icon: str = "") -> SafeString:
    """`{% status "waiting" "Aguardando aprovação" %}`: always a word, an icon and a colour together."""
    tone = tone_of(tone)
    return format_html('<span class="status {}">{}{}</span>', tone, draw_icon(icon or TONE_ICONS[tone]), label)


@register.simple_tag
def button(
    label: str,
    url: str = "",
    kind: str = "primary",
    icon: str = "",
    name: str = "",
    value: str = "",
    type: str = "submit",
    form: str = "",
    formaction: str = "",
    disabled: bool = False,
    icon_only: bool = False,
    css: str = "",
) -> SafeString:
    """`{% button "Abrir rodada" url=... kind="primary" icon="plus" %}`: a link with `url`, else a form button."""
    if kind not in BUTTON_KINDS:
        raise ValueError(f"unknown button kind {kind!r}; one of {', '.join(BUTTON_KINDS)}")
    classes = " ".join(part for part in ("button", kind, "icon-only" if icon_only else "", css) if part)
    drawn = draw_icon(icon) if icon else SafeString("")
    words = format_html('<span class="visually-hidden">{}</span>', label) if icon_only else conditional_escape(label)
    if url:
        return format_html('<a class="{}" href="{}">{}{}</a>', classes, url, drawn, words)
    given = {"name": name, "value": value, "form": form, "formaction": formaction}
    attributes = format_html_join("", ' {}="{}"', ((key, item) for key, item in given.items() if item != ""))
    off = mark_safe(" disabled") if disabled else ""
    return format_html('<button class="{}" type="{}"{}{}>{}{}</button>', classes, type, attributes, off, drawn, words)


@register.simple_block_tag(end_name="endnotice")
def notice(content: SafeString, tone: str = "info", title: str = "", role: str = "", icon: str = "") -> SafeString:
    """`{% notice "waiting" title="…" %}…{% endnotice %}`; `role="alert"` only for what has just gone wrong."""
    tone = tone_of(tone)
    said = format_html(' role="{}"', role) if role else ""
    head = format_html('<p class="notice-title">{}</p>', title) if title else ""
    return format_html(
        '<div class="notice {}"{}>{}<div>{}{}</div></div>',
        tone,
        said,
        draw_icon(icon or TONE_ICONS[tone]),
        head,
        content,
    )


@register.filter
def message_tone(level: int) -> str:
    """The tone of a `django.contrib.messages` level."""
    if level >= levels.ERROR:
        return "danger"
    if level >= levels.WARNING:
        return "waiting"
    return "done" if level >= levels.SUCCESS else "info"


@register.simple_tag
def breadcrumbs(*pairs: str) -> SafeString:
    """`{% breadcrumbs "Rodadas" rounds_url "Outubro" round_url %}`: the pages above this one, widest first."""
    if len(pairs) % 2:
        raise ValueError("breadcrumbs takes pairs: a label and an address")
    steps = zip(pairs[::2], pairs[1::2], strict=True)
    items = format_html_join(
        "",
        '<li><a href="{}">{}</a>{}</li>',
        ((url, label, draw_icon("chevron-right")) for label, url in steps),
    )
    return format_html('<nav aria-label="{}"><ol class="crumbs">{}</ol></nav>', _("Você está em"), items)


@register.simple_block_tag(end_name="endpage_head")
def page_head(
    content: SafeString, title: str, lead: str = "", crumbs: str = "", status: str = "", heading: int = 1
) -> SafeString:
    """`{% page_head title lead=… crumbs=… status=… %}` buttons, the primary one first `{% endpage_head %}`."""
    return render_to_string(
        "components/page_head.html",
        {
            "title": title,
            "lead": lead,
            "crumbs": crumbs,
            "status": status,
            "heading": heading,
            "actions": content if content.strip() else "",
        },
    )


@register.simple_block_tag(end_name="endmenu")
def menu(content: SafeString, label: str, icon: str = "", kind: str = "secondary", start: bool = False) -> SafeString:
    """`{% menu "Mais ações" %}` links and one-button forms `{% endmenu %}`: opens without JavaScript."""
    return format_html(
        '<details class="menu{}"><summary class="{}">{}<span>{}</span>{}</summary>'
        '<div class="sheet">{}</div></details>',
        " start" if start else "",
        f"button {kind}" if kind else "",
        draw_icon(icon) if icon else "",
        label,
        draw_icon("chevron"),
        content,
    )


# --- forms ---------------------------------------------------------------------------------------------------------


def kind_of_control(bound: BoundField) -> str:
    """Name the family of a form field's control: choices, choice, number, date, time, file, area or text."""
    widget = bound.field.widget
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "choices"
    if isinstance(widget, forms.CheckboxInput):
        return "choice"
    if isinstance(widget, forms.FileInput):
        return "file"
    if isinstance(widget, forms.Textarea):
        return "area"
    if isinstance(widget, forms.DateInput) or widget.attrs.get("type") == "date":
        return "date"
    if isinstance(widget, forms.TimeInput | forms.DateTimeInput):
        return "time"
    numeric = widget.attrs.get("inputmode") in ("decimal", "numeric")
    if (
        numeric
        or isinstance(widget, forms.NumberInput)
        or {"data-prefix", "data-suffix", "data-step"} & set(widget.attrs)
    ):
        return "number"
    return "text"


@register.simple_tag
def control(bound: BoundField) -> SafeString:
    """A field's control alone: prefix, suffix and +/- buttons come from the widget's data attributes."""
    kind = kind_of_control(bound)
    if kind == "choice":
        return format_html('<div class="choice"><label>{} <span>{}</span></label></div>', bound, bound.label)
    attrs = bound.field.widget.attrs
    drawn = bound.as_widget()
    if kind == "file":
        drawn = format_html("<file-drop>{}</file-drop>", drawn)
    if "data-step" in attrs:
        drawn = format_html(
            '<step-field step="{}" min="{}" less="{}" more="{}">{}</step-field>',
            attrs["data-step"],
            attrs.get("data-min", "0"),
            _("Menos"),
            _("Mais"),
            drawn,
        )
    prefix, suffix = attrs.get("data-prefix"), attrs.get("data-suffix")
    before = format_html('<span class="affix" aria-hidden="true">{}</span>', prefix) if prefix else ""
    after = format_html('<span class="affix" aria-hidden="true">{}</span>', suffix) if suffix else ""
    return format_html('<div class="control {}">{}{}{}</div>', kind, before, drawn, after)


@register.filter
def control_kind(bound: BoundField) -> str:
    """The family of a form field's control, for the field row."""
    return kind_of_control(bound)


@register.simple_tag
def affix_words(bound: BoundField) -> str:
    """What a screen reader hears beside the label: the currency or the unit of the number."""
    attrs = bound.field.widget.attrs
    return " ".join(str(attrs[key]) for key in ("data-prefix", "data-suffix") if attrs.get(key))


@register.simple_tag
def error_links(form: forms.BaseForm) -> list[dict[str, Any]]:
    """Every error of a form with the id of the control it belongs to; the form's own errors have no id."""
    links: list[dict[str, Any]] = [{"target": "", "label": "", "text": text} for text in form.non_field_errors()]
    for bound in form:
        for text in bound.errors:
            target = "" if bound.is_hidden else (bound.id_for_label or bound.auto_id)
            links.append({"target": target, "label": bound.label if not bound.is_hidden else "", "text": text})
    return links


@register.simple_tag
def idempotency_key(value: str = "") -> SafeString:
    """A hidden field with a fresh key, so that a form sent twice by a weak connection counts once."""
    return format_html('<input type="hidden" name="idempotency_key" value="{}">', value or uuid.uuid4())


@register.simple_block_tag(end_name="endkeepform", takes_context=True)
def keepform(context: Context, content: SafeString, key: str, outbox: str = "", slot: str = "") -> SafeString:
    """`{% keepform "needs-12-7" %}<form …>…</form>{% endkeepform %}`: keeps what was typed on the device.

    With `outbox="last"` (the last word counts) or `outbox="each"` (every sending counts) what cannot be sent waits on
    the device and goes out once, though the page is closed. Only for operations that take an idempotency key. Forms of
    one `slot` replace one another: the list, and staying out of the round.
    """
    user = context.get("user")
    return render_to_string(
        "components/keep_form.html",
        {"key": key, "who": getattr(user, "pk", None) or "-", "content": content, "outbox": outbox, "slot": slot},
    )


@register.inclusion_tag("components/form/foot.html")
def form_foot(label: str, cancel_url: str = "", kind: str = "primary", icon: str = "") -> dict[str, Any]:
    """`{% form_foot "Guardar" cancel_url=… %}`: the one verb of the form, and the way out."""
    return {"label": label, "cancel_url": cancel_url, "kind": kind, "icon": icon}


# --- lists and figures -----------------------------------------------------------------------------------------------


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: Context, page: Page) -> dict[str, Any]:
    """`{% pagination page_obj %}`: earlier and later, keeping the filters in the address."""
    request = context.get("request")
    return {"page": page, "query": request.GET if request else QueryDict()}


@register.inclusion_tag("components/tabs.html")
def tabs(items: Sequence[Any], label: str = "") -> dict[str, Any]:
    """`{% tabs items %}`: links with `label`, `url`, `current` and perhaps `count`."""
    return {"items": items, "label": label or _("Partes desta página")}


@register.inclusion_tag("components/steps.html")
def steps(stages: Sequence[Any], label: str = "") -> dict[str, Any]:
    """`{% steps stages %}`: stages with `label`, `state` (done, current, todo, cancelled), `note` and perhaps `url`."""
    rows = [
        {key: value_of(stage, key) for key in ("label", "state", "note", "url")} | {"number": number}
        for number, stage in enumerate(stages, start=1)
    ]
    current = next((row for row in rows if row["state"] in ("current", "cancelled")), rows[-1] if rows else None)
    return {"stages": rows, "current": current, "total": len(rows), "label": label or _("Etapas")}


@register.inclusion_tag("components/timeline.html")
def timeline(events: Iterable[Any]) -> dict[str, Any]:
    """`{% timeline events %}`: events with `when`, `text`, and perhaps `who`, `icon`, `tone`, `url`, `note`."""
    keys = ("when", "text", "who", "icon", "tone", "url", "note", "moment")
    return {"events": [{key: value_of(event, key) for key in keys} for event in events]}


@register.inclusion_tag("components/figures.html")
def figures(items: Iterable[Any]) -> dict[str, Any]:
    """`{% figures items %}`: figures with `label`, `value`, and perhaps `note`, `url`, `parts`, `total`."""
    keys = ("label", "value", "note", "url", "parts", "total")
    return {"items": [{key: value_of(item, key) for key in keys} for item in items]}


@register.simple_block_tag(end_name="endwhy")
def why(content: SafeString, figure: str, ask: str = "", open: bool = False) -> SafeString:
    """`{% why "R$ 12,30" %}` its parts `{% endwhy %}`: a figure that opens to what it came from."""
    return format_html(
        '<details class="why"{}><summary><strong class="num">{}</strong> <span class="ask">{}</span></summary>'
        "<div>{}</div></details>",
        mark_safe(" open") if open else "",
        figure,
        ask or _("por quê?"),
        content,
    )


@register.inclusion_tag("components/parts.html")
def parts(rows: Iterable[Any], total: str = "", total_label: str = "") -> dict[str, Any]:
    """`{% parts rows total="R$ 12,30" %}`: rows with `label`, `value`, and perhaps `note`, `url`."""
    return {
        "rows": [{key: value_of(row, key) for key in ("label", "value", "note", "url")} for row in rows],
        "total": total,
        "total_label": total_label or _("Total"),
    }


@register.inclusion_tag("components/facts.html")
def facts(rows: Iterable[Any]) -> dict[str, Any]:
    """`{% facts rows %}`: what is known about one thing, as `label`, `value` and perhaps `url`; empty values say so."""
    return {"rows": [{key: value_of(row, key) for key in ("label", "value", "url")} for row in rows]}


@register.simple_block_tag(end_name="endempty")
def empty(content: SafeString, title: str, art: str = "empty-basket") -> SafeString:
    """`{% empty "Nenhuma rodada ainda" art="assembly" %}` a sentence and one button `{% endempty %}`."""
    return format_html('<section class="empty">{}<h2>{}</h2>{}</section>', illustration(art), title, content)


@register.inclusion_tag("components/share.html")
def share(url: str, text: str, qr: str = "", title: str = "") -> dict[str, Any]:
    """`{% share url text qr=svg %}`: short link, QR code (an SVG string that is already safe) and the ready message."""
    return {"url": url, "text": text, "qr": qr, "title": title or _("Enviar ao grupo")}


@register.inclusion_tag("components/copy.html")
def copy(text: str, label: str = "", message: bool = False) -> dict[str, Any]:
    """`{% copy pix_code label="Copiar código Pix" %}`: text to copy; without JavaScript one tap selects it."""
    return {"text": text, "label": label or _("Copiar"), "message": message}


@register.inclusion_tag("components/progress.html")
def work_progress(
    url: str, label: str, value: int | None = None, total: int | None = None, done: bool = False, every: str = "2s"
) -> dict[str, Any]:
    """`{% work_progress url "Lendo a planilha" value=120 total=400 %}`: asks `url` again until `done`."""
    return {"url": url, "label": label, "value": value, "total": total, "done": done, "every": every}


@register.inclusion_tag("components/filters.html", takes_context=True)
def filter_bar(context: Context, form: forms.BaseForm) -> dict[str, Any]:
    """`{% filter_bar filter.form %}`: the fields that narrow a list; past three, the rest opens on a phone."""
    fields = form.visible_fields()
    shown = 3 if len(fields) <= 3 else 2
    rest = fields[shown:]
    narrowed = any(form.data.get(field.html_name) not in (None, "") for field in rest)
    return {
        "form": form,
        "first": fields[:shown],
        "rest": rest,
        "narrowed": narrowed,
        "request": context.get("request"),
    }


@register.simple_tag(takes_context=True)
def back_url(context: Context) -> str:
    """The page this one was reached from, if it is ours; else empty."""
    request = context.get("request")
    if request is None:
        return ""
    came_from = str(request.META.get("HTTP_REFERER", ""))
    return came_from if url_has_allowed_host_and_scheme(came_from, allowed_hosts={request.get_host()}) else ""
