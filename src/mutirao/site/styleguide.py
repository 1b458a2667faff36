# SPDX-License-Identifier: AGPL-3.0-or-later
"""The living page of the design system (/estilo/) and the choice of light or dark."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from typing import Any

import segno
from django import forms
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from mutirao.kernel import formats
from mutirao.site import charts
from mutirao.site.templatetags.form_renderer import FormRenderer
from mutirao.site.templatetags.ui import ILLUSTRATIONS

THEMES = ("light", "dark")
PAIRS = (
    *("paper", "paper-2", "paper-3", "ink", "action", "action-soft", "done", "done-soft"),
    *("waiting", "waiting-soft", "info", "info-soft", "danger", "danger-soft"),
)
# Name of the specimen (its template and its anchor), title, how it is written.
GROUPS = (
    ("colours", "Cores", "var(--paper) var(--ink) var(--action) var(--done) var(--waiting) var(--info) var(--danger)"),
    ("type", "Letra", "h1 (página) · h2 (parte) · h3 (item) · .lead .muted .small .num .measure"),
    ("navigation", "Menu", "nav_items: label, url, icon, current, primary_on_phone"),
    ("page_head", "Cabeça da página", "{% page_head title lead= crumbs= status= %}…{% endpage_head %} · {% menu %}"),
    ("buttons", "Botões", '{% button "Abrir rodada" url= kind="primary|secondary|quiet|danger" icon= %}'),
    ("notices", "Recados e situação", '{% notice "done|waiting|info|danger" title= %}…{% endnotice %} · {% status %}'),
    ("form", "Formulário", "{{ form }} · widget: inputmode, data-prefix, data-suffix, data-step · {% form_foot %}"),
    ("form_errors", "Formulário com erros", "{{ form }} devolvido com status 422"),
    (
        "keep_form",
        "Formulário que não se perde",
        "{% keepform chave %}<form>{% idempotency_key %}…</form>{% endkeepform %}",
    ),
    (
        "picks",
        "Lista para o polegar",
        '<ul class="picks"><li class="pick"> .row-title .row-meta .estimate {% control %} · .total-bar',
    ),
    ("filters", "Filtros e busca", "{% filter_bar form %}"),
    ("rows", "Lista", '<ul class="rows with-icon"><li><a>… .row-title .row-meta .row-end'),
    ("table", "Tabela", '<table class="table"> · td.num · data-label="…" · .plain · .scroll'),
    ("pagination", "Páginas e abas", "{% pagination page_obj %} · {% tabs items %}"),
    ("steps", "Etapas", "{% steps stages %}"),
    ("timeline", "Linha do tempo", "{% timeline events %}"),
    (
        "figures",
        "Números e porquês",
        "{% figures items %} · {% why valor %}…{% endwhy %} · {% parts rows %} · {% facts rows %}",
    ),
    ("charts", "Gráficos", "charts.stacked_bar · bars · line · grouped_bars · sparkline"),
    ("share", "Compartilhar e copiar", "{% share url texto qr= %} · {% copy texto %}"),
    ("progress", "Trabalho demorado", "{% work_progress url rótulo value= total= done= %}"),
    ("confirm", "Confirmação", "components/confirm_page.html: title, what, action, undo, cancel_url"),
    ("empty", "Página vazia", '{% empty título art="empty-basket" %}…{% endempty %}'),
    ("drawings", "Xilogravuras", '{% illustration "welcome" %} · .cordel'),
    ("icons", "Ícones", '{% icon "truck" %}'),
)
ONE_YEAR = 365 * 24 * 60 * 60


@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Keep the person's choice of light, dark or "as the device" in a cookie that the server reads."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        target = reverse("home")
    response = HttpResponseRedirect(target)
    theme = request.POST.get("theme", "")
    if theme in THEMES:
        response.set_cookie("theme", theme, max_age=ONE_YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
    else:
        response.delete_cookie("theme", samesite="Lax")
    return response


@cache
def icon_names() -> tuple[str, ...]:
    """Names of the icons in the sprite, in its order."""
    path = finders.find("mutirao/icons.svg")
    if not path:
        return ()
    with open(path, encoding="utf-8") as file:
        return tuple(re.findall(r'<symbol id="([\w-]+)"', file.read()))


class Needs(forms.Form):
    """A form with one field of every kind."""

    enterprise = forms.CharField(label="Empreendimento", help_text="Como está no registro da rede.")
    flour = forms.CharField(
        label="Farinha de trigo",
        help_text="Última rodada: 50 kg a R$ 4,12.",
        widget=forms.TextInput(attrs={"inputmode": "decimal", "data-suffix": "kg", "data-step": "5"}),
    )
    most = forms.CharField(
        label="Pago até", required=False, widget=forms.TextInput(attrs={"inputmode": "decimal", "data-prefix": "R$"})
    )
    day = forms.DateField(label="Entregar a partir de", widget=forms.DateInput(attrs={"type": "date"}))
    place = forms.ChoiceField(label="Onde buscar", choices=[("1", "Cozinha do Bairro"), ("2", "Galpão da Vila")])
    rule = forms.ChoiceField(
        label="Se faltar, divide-se",
        choices=[("a", "Por ordem de pedido"), ("b", "Na proporção de cada um"), ("c", "Em partes iguais")],
        widget=forms.RadioSelect,
    )
    extras = forms.MultipleChoiceField(
        label="Aceito também",
        required=False,
        choices=[("x", "Outra marca"), ("y", "Embalagem maior")],
        widget=forms.CheckboxSelectMultiple,
    )
    photo = forms.FileField(
        label="Foto da embalagem", required=False, widget=forms.FileInput(attrs={"accept": "image/*"})
    )
    note = forms.CharField(label="Recado", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    agree = forms.BooleanField(label="Li a regra de divisão desta rodada")


class Wrong(forms.Form):
    """A form to be sent back."""

    enterprise = forms.CharField(label="Empreendimento")
    flour = forms.DecimalField(
        label="Farinha de trigo", widget=forms.TextInput(attrs={"inputmode": "decimal", "data-suffix": "kg"})
    )
    rule = forms.ChoiceField(
        label="Se faltar, divide-se", choices=[("a", "Por ordem de pedido")], widget=forms.RadioSelect
    )


def quantity(unit: str, step: str) -> forms.CharField:
    """A quantity with big buttons."""
    attributes = {"inputmode": "decimal", "data-suffix": unit, "data-step": step}
    return forms.CharField(required=False, widget=forms.TextInput(attrs=attributes))


class Picks(forms.Form):
    """Quantities of a list made for a thumb."""

    flour = quantity("kg", "5")
    sugar = quantity("kg", "10")


class Narrow(forms.Form):
    """The fields of a filter bar."""

    state = forms.ChoiceField(label="Situação", required=False, choices=[("", "Todas"), ("o", "Abertas")])
    since = forms.DateField(label="Desde", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    place = forms.ChoiceField(label="Território", required=False, choices=[("", "Todos"), ("v", "Vale")])
    chain = forms.ChoiceField(label="Cadeia", required=False, choices=[("", "Todas"), ("p", "Padaria")])


def reais(value: Decimal) -> str:
    """An amount for the specimens."""
    return formats.money(int(value), "BRL")


def sample_charts(scheme: str) -> dict[str, str]:
    """One of each chart."""
    price = [("Farinha", 412, "a"), ("Frete", 38, "b"), ("Taxas", 9, "c"), ("Fundo da rede", 23, "d")]
    savings = [
        ("Padaria Mãos de Ouro", 18450),
        ("Cozinha do Bairro", 12200),
        ("Doces da Serra", 640),
        ("Costura Nova Esperança", -1130),
    ]
    balance = [("jan", 120000), ("fev", 98000), ("mar", 143500), ("abr", 131000), ("mai", 178200), ("jun", 214900)]
    scenarios = [("Melhor divisão", 101260), ("Um só fornecedor", 106890), ("Cada um por si", 131475)]
    half = [(label, value // 2) for label, value in scenarios]
    return {
        "price": charts.stacked_bar(
            [charts.Part(label, value, reais(Decimal(value)), tone=tone) for label, value, tone in price],
            title="De que é feito o preço",
            total="R$ 4,82",
            key=f"price-{scheme}",
        ),
        "savings": charts.bars(
            [charts.Bar(label, value, reais(Decimal(value))) for label, value in savings],
            title="Quanto cada um poupou",
            key=f"savings-{scheme}",
        ),
        "balance": charts.line(
            [charts.Point(label, value, reais(Decimal(value))) for label, value in balance],
            title=f"Saldo do fundo ({scheme})",
            words=reais,
        ),
        "scenarios": charts.grouped_bars(
            [
                charts.Group(
                    name,
                    [
                        charts.Bar(label, value, reais(Decimal(value)), best=not position)
                        for position, (label, value) in enumerate(rows)
                    ],
                )
                for name, rows in (("Padaria Mãos de Ouro", scenarios), ("Cozinha do Bairro", half))
            ],
            title="O que cada um paga",
            key=f"scenarios-{scheme}",
        ),
        "spark": charts.sparkline([398, 405, 391, 410, 412], title="Preço nas últimas 5 rodadas: subiu"),
    }


def sample_picks(scheme: str, renderer: FormRenderer) -> list[dict[str, Any]]:
    """Two goods to take."""
    form = Picks(initial={"flour": "50", "sugar": "100"}, prefix=f"{scheme}-p", renderer=renderer)
    return [
        {
            "label": "Farinha de trigo",
            "meta": "da última vez 50 kg a R$ 4,12",
            "estimate": "R$ 206,00",
            "field": form["flour"],
        },
        {
            "label": "Açúcar cristal",
            "meta": "da última vez 120 kg a R$ 3,89",
            "estimate": "R$ 389,00",
            "field": form["sugar"],
        },
    ]


def sample(scheme: str) -> dict[str, Any]:
    """What the specimens show, with ids of their own in each scheme."""
    renderer = FormRenderer()
    given = {"enterprise": "", "flour": "doze", "rule": ""}
    link = "https://rede.exemplo/r/7kq2"
    return {
        "scheme": scheme,
        "tones": PAIRS,
        "icons": icon_names(),
        "drawings": list(ILLUSTRATIONS),
        "form": Needs(
            initial={"flour": "12,5", "rule": "b", "enterprise": "Padaria Mãos de Ouro"},
            prefix=scheme,
            renderer=renderer,
        ),
        "wrong_form": Wrong({f"{scheme}-w-{k}": v for k, v in given.items()}, prefix=f"{scheme}-w", renderer=renderer),
        "picks": sample_picks(scheme, renderer),
        "filter_form": Narrow(prefix=f"{scheme}-f", renderer=renderer),
        "table_rows": [
            ("Farinha de trigo", "50 kg", "50 kg", "R$ 4,12", "R$ 206,00"),
            ("Açúcar cristal", "120 kg", "100 kg", "R$ 3,89", "R$ 389,00"),
            ("Embalagem kraft", "1.200 un", "1.200 un", "R$ 0,348", "R$ 417,60"),
        ],
        "page": Paginator(range(240), 25).page(3),
        "tab_items": [
            {"label": "Necessidades", "url": "#pagination", "count": 18},
            {"label": "Cotações", "url": "#pagination", "count": 4, "current": True},
            {"label": "Divisão", "url": "#pagination"},
        ],
        "stages": [
            {"label": "Necessidades", "state": "done", "note": "18 de 24"},
            {"label": "Cotações", "state": "done", "note": "4 recebidas"},
            {"label": "Aprovação", "state": "current", "note": "faltam 5"},
            {"label": "Pedido"},
            {"label": "Entrega"},
            {"label": "Contas"},
        ],
        "events": [
            {
                "when": "hoje, 9h12",
                "text": "Faltaram 120 kg de açúcar",
                "who": "Seu Raimundo",
                "icon": "receipt",
                "tone": "danger",
            },
            {"when": "15/10, 8h", "text": "Pedido enviado ao Moinho Sul", "who": "Dona Zefa", "icon": "order"},
            {"when": "13/10", "text": "Divisão aprovada por 19 empreendimentos", "icon": "approval", "tone": "done"},
            {
                "when": "3/10",
                "text": "Rodada aberta",
                "who": "Ana",
                "note": "decidida na reunião de 1/10",
                "icon": "round",
            },
        ],
        "figure_items": [
            {"label": "Poupado nesta rodada", "value": "R$ 3.021,50", "note": "23 % menos que sozinhos"},
            {"label": "Empreendimentos", "value": "18 de 24"},
            {
                "label": "A sua parte",
                "value": "R$ 1.012,60",
                "parts": [
                    {"label": "Mercadoria", "value": "R$ 978,20"},
                    {"label": "Frete, por peso", "value": "R$ 34,40"},
                ],
                "total": "R$ 1.012,60",
            },
        ],
        "price_parts": [
            {"label": "Farinha no moinho", "value": "R$ 4,12", "note": "faixa a partir de 1.000 kg"},
            {"label": "Frete", "value": "R$ 0,38", "note": "dividido por peso"},
            {"label": "Taxas e fundo", "value": "R$ 0,32"},
        ],
        "fact_rows": [
            {"label": "Forma jurídica", "value": "Cooperativa"},
            {"label": "CNPJ", "value": "12.ABC.345/01DE-35"},
            {"label": "Telefone", "value": ""},
        ],
        "charts": sample_charts(scheme),
        "what": [
            "Os 18 empreendimentos recebem um aviso de que a rodada foi cancelada.",
            "As necessidades ficam guardadas e podem ser copiadas para outra rodada.",
        ],
        "share_url": link,
        "share_text": f"Rodada de outubro aberta! Diga até sexta, 17/10, o que o seu empreendimento precisa: {link}",
        "qr": SafeString(segno.make(link, error="m").svg_inline(omitsize=True, border=0)),
        "sample_nav": [
            {"label": "Início", "icon": "home"},
            {"label": "Rodadas", "icon": "round", "current": True},
            {"label": "Cobranças", "icon": "charge"},
            {"label": "Livros", "icon": "ledger"},
            {"label": "Pessoas", "icon": "people"},
        ],
    }


def style_guide(request: HttpRequest) -> HttpResponse:
    """Every component in both schemes, with the names to use."""
    contexts = {scheme: sample(scheme) for scheme in THEMES}
    groups = [
        {
            "name": name,
            "title": title,
            "usage": usage,
            "specimens": [
                format_html(
                    '<div class="specimen flow" data-theme="{}">{}</div>',
                    scheme,
                    render_to_string(f"components/estilo/{name}.html", context, request=request),
                )
                for scheme, context in contexts.items()
            ],
        }
        for name, title, usage in GROUPS
    ]
    return render(request, "site/estilo.html", {"groups": groups})
