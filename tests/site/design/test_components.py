# SPDX-License-Identifier: AGPL-3.0-or-later
"""The component tags: what they write, what they refuse, what they escape."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory

from mutirao.site.templatetags.form_renderer import FormRenderer

EVIL = '"><script>alert(1)</script>'


def render(source: str, **context: Any) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


def test_a_button_with_an_address_is_a_link() -> None:
    assert render('{% button "Ver" url="/x/" kind="secondary" %}') == '<a class="button secondary" href="/x/">Ver</a>'


def test_a_button_without_an_address_sends_its_form() -> None:
    drawn = render('{% button "Guardar" name="act" value="save" %}')
    assert drawn == '<button class="button primary" type="submit" name="act" value="save">Guardar</button>'


def test_a_button_of_an_icon_alone_keeps_its_word_for_those_who_hear() -> None:
    drawn = render('{% button "Imprimir" type="button" icon="print" icon_only=True %}')
    assert '<span class="visually-hidden">Imprimir</span>' in drawn
    assert 'aria-hidden="true"' in drawn


@pytest.mark.parametrize(
    "source", ['{% button "a" kind="loud" %}', '{% status "purple" "a" %}', '{% notice "loud" %}a{% endnotice %}']
)
def test_what_the_design_does_not_know_is_refused(source: str) -> None:
    with pytest.raises(ValueError, match="unknown"):
        render(source)


@pytest.mark.parametrize(
    "source",
    [
        "{% button evil %}",
        "{% button evil url=evil %}",
        '{% status "done" evil %}',
        "{% notice title=evil %}{{ evil }}{% endnotice %}",
        "{% page_head evil lead=evil %}{{ evil }}{% endpage_head %}",
        "{% breadcrumbs evil evil %}",
        "{% menu evil %}{{ evil }}{% endmenu %}",
        "{% why evil %}{{ evil }}{% endwhy %}",
        "{% empty evil %}{{ evil }}{% endempty %}",
        "{% copy evil %}",
        "{% share evil evil qr=evil title=evil %}",
        "{% keepform evil %}{{ evil }}{% endkeepform %}",
        "{% facts rows %}",
        "{% parts rows total=evil %}",
        "{% figures rows %}",
        "{% timeline rows %}",
        "{% steps rows %}",
        "{% tabs rows %}",
        "{% work_progress evil evil %}",
    ],
)
def test_words_from_people_are_escaped_everywhere(source: str) -> None:
    rows = [dict.fromkeys(("label", "value", "note", "url", "text", "who", "when"), EVIL)]
    assert "<script" not in render(source, evil=EVIL, rows=rows)


def test_a_status_never_speaks_by_colour_alone() -> None:
    drawn = render('{% status "waiting" "Aguardando" %}')
    assert "Aguardando" in drawn
    assert "#waiting" in drawn


def test_steps_say_in_words_what_is_done_and_where_we_are() -> None:
    stages = [
        {"label": "Necessidades", "state": "done"},
        {"label": "Cotações", "state": "current"},
        {"label": "Pedido"},
    ]
    drawn = render("{% steps stages %}", stages=stages)
    assert "Etapa 2 de 3: Cotações" in drawn
    assert 'aria-label="feita"' in drawn
    assert drawn.count('aria-current="step"') == 1


def test_a_fact_that_nobody_gave_says_so() -> None:
    drawn = render("{% facts rows %}", rows=[{"label": "Telefone", "value": ""}, {"label": "Zero", "value": 0}])
    assert drawn.count("não informado") == 1


def test_pages_keep_the_filters_of_the_address() -> None:
    request = RequestFactory().get("/rodadas/?estado=aberta&page=2")
    drawn = render("{% pagination page %}", page=Paginator(range(50), 20).page(2), request=request)
    assert 'href="?estado=aberta&amp;page=1"' in drawn
    assert 'href="?estado=aberta&amp;page=3"' in drawn
    assert "21 a 40 de 50" in drawn


def test_one_page_needs_no_pages() -> None:
    assert render("{% pagination page %}", page=Paginator(range(5), 20).page(1)).strip() == ""


class Narrow(forms.Form):
    name = forms.CharField(required=False)
    state = forms.CharField(required=False)
    place = forms.CharField(required=False)
    chain = forms.CharField(required=False)


@pytest.mark.parametrize(("data", "open_"), [({}, False), ({"state": "a"}, False), ({"chain": "p"}, True)])
def test_many_filters_fold_unless_one_of_them_narrows(data: dict[str, str], open_: bool) -> None:
    drawn = render("{% filter_bar form %}", form=Narrow(data, renderer=FormRenderer()))
    assert ("<details open>" in drawn) is open_
    assert drawn.index('name="state"') < drawn.index("<details") < drawn.index('name="place"')


def test_filters_keep_clear_of_the_address_until_there_are_some() -> None:
    form = Narrow({"state": "a"}, renderer=FormRenderer())
    assert "Limpar" not in render("{% filter_bar form %}", form=form, request=RequestFactory().get("/x/"))
    assert "Limpar" in render("{% filter_bar form %}", form=form, request=RequestFactory().get("/x/?state=a"))


def test_unfinished_work_asks_again_and_finished_work_does_not() -> None:
    going = render('{% work_progress "/trabalho/1/" "Lendo" value=3 total=9 %}')
    assert 'hx-get="/trabalho/1/"' in going
    assert "3 de 9" in going
    assert "hx-get" not in render('{% work_progress "/trabalho/1/" "Pronto" done=True %}')


def test_two_drawings_of_one_form_have_keys_of_their_own() -> None:
    assert render("{% idempotency_key %}") != render("{% idempotency_key %}")
    assert 'value="abc"' in render('{% idempotency_key "abc" %}')


# --- forms ---------------------------------------------------------------------------------------------------------


class Order(forms.Form):
    name = forms.CharField(label="Nome", help_text="Como no registro.")
    amount = forms.CharField(
        label="Quantidade",
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "data-suffix": "kg", "data-step": "5"}),
    )
    price = forms.CharField(label="Preço", required=False, widget=forms.TextInput(attrs={"data-prefix": "R$"}))
    rule = forms.ChoiceField(label="Regra", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    agree = forms.BooleanField(label="Concordo")
    secret = forms.CharField(widget=forms.HiddenInput)

    def clean(self) -> None:
        if self.data.get("name") == "x":
            self.add_error(None, "Os dois não combinam.")


def order(data: dict[str, str] | None = None) -> str:
    return str(Order(data, renderer=FormRenderer()))


def test_help_and_errors_are_tied_to_their_field() -> None:
    drawn = order({})
    assert 'aria-describedby="id_name_helptext id_name_error"' in drawn
    assert 'id="id_name_helptext"' in drawn
    assert 'id="id_name_error"' in drawn
    assert 'aria-invalid="true"' in drawn


def test_the_error_summary_links_to_each_field() -> None:
    drawn = order({"name": "x"})
    summary = drawn[: drawn.index('<div class="field')]
    assert 'role="alert"' in summary
    assert "Os dois não combinam." in summary
    assert '<a href="#id_agree">Concordo</a>' in summary
    assert '<a href="#id_rule">Regra</a>' in summary
    assert 'id="id_rule"' in drawn
    assert "#id_secret" not in summary


def test_a_form_without_errors_has_no_summary() -> None:
    assert "data-error-summary" not in order()


def test_money_and_quantities_show_and_say_their_unit() -> None:
    drawn = order()
    assert '<span class="affix" aria-hidden="true">R$</span>' in drawn
    assert '<span class="visually-hidden">(R$)</span>' in drawn
    assert '<span class="affix" aria-hidden="true">kg</span>' in drawn
    assert '<step-field step="5" min="0" less="Menos" more="Mais"><input type="text"' in drawn
    assert 'type="number"' not in drawn


def test_only_what_may_be_left_out_says_so() -> None:
    drawn = order()
    assert drawn.count("(opcional)") == 2


def test_choices_are_a_named_group() -> None:
    drawn = order()
    assert "<legend>Regra</legend>" in drawn
    assert drawn.count("<fieldset") == drawn.count("</fieldset>") == 1


def test_a_single_choice_carries_its_label_once() -> None:
    assert order().count("Concordo") == 1


def test_hidden_fields_take_no_row() -> None:
    drawn = order()
    assert 'type="hidden" name="secret"' in drawn
    assert drawn.count('<div class="field') == 5
