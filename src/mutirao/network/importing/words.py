# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the import says about cells, in the reader's words."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from mutirao.kernel import formats
from mutirao.kernel.core.tabular import CellProblem
from mutirao.kernel.errors import Words

_CELL_PROBLEMS: dict[str, Words] = {
    "not_a_number": gettext_lazy("“%(value)s” não é um número."),
    "number_with_words": gettext_lazy(
        "“%(value)s” não é só um número. Deixe aqui o número; a unidade vai em outra coluna."
    ),
    "either": gettext_lazy(
        "“%(value)s” pode ser %(thousands)s ou %(decimals)s, e a coluna mistura os dois jeitos de escrever. "
        "Diga na prévia como ler, ou escreva %(plain)s."
    ),
    "below": gettext_lazy("%(value)s é menos que o mínimo, %(limit)s."),
    "above": gettext_lazy("%(value)s é mais que o máximo, %(limit)s."),
    "not_positive": gettext_lazy("%(value)s não serve: precisa ser mais que zero."),
    "not_whole": gettext_lazy("%(value)s não é um número inteiro."),
    "places": gettext_lazy("%(value)s tem mais de %(places)s casas depois da vírgula."),
    "not_a_date": gettext_lazy("“%(value)s” não é uma data. Escreva, por exemplo, 31/12/2026."),
    "either_date": gettext_lazy(
        "“%(value)s” pode ser dia e mês ou mês e dia, e a coluna mistura os dois jeitos. "
        "Escreva, por exemplo, 2026-12-31."
    ),
    "not_a_flag": gettext_lazy("“%(value)s” não é sim nem não."),
    "too_long": gettext_lazy("O texto tem %(length)s letras; cabem %(limit)s."),
    "cut_number": gettext_lazy(
        "“%(value)s” foi encurtado pela planilha. Formate a coluna como texto e digite o número inteiro."
    ),
    "broken_cell": gettext_lazy("A fórmula desta célula deu erro (%(value)s)."),
    "not_calculated": gettext_lazy(
        "Esta célula tem uma fórmula que nunca foi calculada. Abra a planilha no seu programa, salve e envie de novo."
    ),
    "not_a_choice": gettext_lazy("“%(value)s” não é uma das opções: %(choices)s."),
    "not_a_unit": gettext_lazy("“%(value)s” não é uma unidade que se conheça. Use, por exemplo: %(choices)s."),
    "tax_id_length": gettext_lazy("“%(value)s” não é um CNPJ (14 caracteres) nem um CPF (11)."),
    "tax_id_characters": gettext_lazy("“%(value)s” tem caracteres que não cabem num CNPJ ou CPF."),
    "tax_id_check_digits": gettext_lazy("“%(value)s”: os dígitos finais não conferem; falta ou sobra algo no número."),
    "tax_id_either": gettext_lazy(
        "“%(value)s” vale como CPF e também como CNPJ sem os zeros da frente. Escreva com pontos e traços."
    ),
    "not_an_email": gettext_lazy("“%(value)s” não é um endereço de e-mail."),
    "not_ncm": gettext_lazy("“%(value)s” não é um código NCM, que tem 8 números."),
    "not_a_country": gettext_lazy("“%(value)s” não é um país que se conheça. Escreva o nome ou as duas letras: FR."),
    "not_a_site": gettext_lazy("“%(value)s” não é o endereço de um site."),
    "not_ibge": gettext_lazy("“%(value)s” não é um código do IBGE, que tem 7 números e começa pelo do estado."),
    "not_a_state": gettext_lazy("“%(value)s” não é a sigla nem o código de um estado."),
    "missing": gettext_lazy("está vazio, e é preciso informar."),
}  # fmt: skip


def cell_words(problem: CellProblem) -> str:
    """What is wrong with a cell."""
    params = dict(problem.params)
    code = problem.code
    if code == "either":
        params |= _two_readings(str(params["value"]))
    if code == "not_a_number" and any(mark.isdigit() for mark in str(params["value"])):
        value = str(params["value"])
        if any(mark.isalpha() for mark in value):
            code = "number_with_words"
    for name in ("value", "limit"):
        if name in params:
            said = params[name]
            params[name] = formats.number(said) if isinstance(said, Decimal) else _short(str(said))
    return str(_CELL_PROBLEMS[code]) % params


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "…"


def _two_readings(text: str) -> dict[str, str]:
    digits = text.replace(".", "").replace(",", "")
    return {
        "thousands": spell(int(digits)) if digits.isdigit() else digits,
        "decimals": _decimals(text),
        "plain": digits,
    }


def _decimals(text: str) -> str:
    number = (
        Decimal(text.strip().replace(",", ".")) if text.strip().replace(",", "").replace(".", "").isdigit() else None
    )
    return text if number is None else formats.number(number)


def number_remark(column: str, text: str, value: Decimal) -> str:
    """How a number that could be read in two ways was read, for the whole column."""
    mark = _("o ponto") if "." in text else _("a vírgula")
    if value == value.to_integral_value() and len(str(int(value))) > 3:
        return _("Coluna %(column)s: lendo %(text)s como %(number)s (%(mark)s separa os milhares).") % {
            "column": column, "text": text, "number": spell(int(value)), "mark": mark,
        }  # fmt: skip
    return _("Coluna %(column)s: lendo %(text)s como %(number)s (%(mark)s separa as casas decimais).") % {
        "column": column, "text": text, "number": formats.number(value), "mark": mark,
    }  # fmt: skip


# fmt: off
_PT_ONES = (
    "zero", "um", "dois", "três", "quatro", "cinco", "seis", "sete", "oito", "nove", "dez", "onze", "doze", "treze",
    "catorze", "quinze", "dezesseis", "dezessete", "dezoito", "dezenove",
)
_PT_TENS = ("", "", "vinte", "trinta", "quarenta", "cinquenta", "sessenta", "setenta", "oitenta", "noventa")
_PT_HUNDREDS = (
    "", "cento", "duzentos", "trezentos", "quatrocentos", "quinhentos", "seiscentos", "setecentos", "oitocentos",
    "novecentos",
)
_EN_ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)
_EN_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
# fmt: on


def spell(number: int) -> str:
    """A whole number below a million in words ("mil duzentos e trinta e quatro"), in Portuguese and English; larger
    ones and other languages in figures."""
    if not -1_000_000 < number < 1_000_000:
        return formats.number(Decimal(number))
    if (get_language() or "pt")[:2] not in ("pt", "en"):
        return str(number)  # figures without any mark cannot be misread either
    if number < 0:
        return ("minus " if _english() else "menos ") + spell(-number)
    thousands, rest = divmod(number, 1000)
    if _english():
        parts = ([f"{_below_thousand_en(thousands)} thousand"] if thousands else []) + (
            [_below_thousand_en(rest)] if rest or not thousands else []
        )
        return " and ".join(parts) if thousands and 0 < rest < 100 else " ".join(parts)
    if not thousands:
        return _below_thousand_pt(rest)
    head = "mil" if thousands == 1 else f"{_below_thousand_pt(thousands)} mil"
    if not rest:
        return head
    joint = " e " if rest < 100 or rest % 100 == 0 else " "
    return head + joint + _below_thousand_pt(rest)


def _english() -> bool:
    return (get_language() or "").startswith("en")


def _below_thousand_pt(number: int) -> str:
    if number == 100:
        return "cem"
    hundreds, rest = divmod(number, 100)
    words = [_PT_HUNDREDS[hundreds]] if hundreds else []
    if rest >= 20:
        words.append(_PT_TENS[rest // 10])
        rest %= 10
    if rest or not words:
        words.append(_PT_ONES[rest])
    return " e ".join(words)


def _below_thousand_en(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    words = f"{_EN_ONES[hundreds]} hundred" if hundreds else ""
    if rest >= 20:
        low = _EN_TENS[rest // 10] + (f"-{_EN_ONES[rest % 10]}" if rest % 10 else "")
    else:
        low = _EN_ONES[rest] if rest or not hundreds else ""
    return f"{words} and {low}" if words and low else words or low
