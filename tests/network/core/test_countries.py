# SPDX-License-Identifier: AGPL-3.0-or-later
"""What differs from country to country: registration numbers, postal codes, addresses."""

from __future__ import annotations

from zoneinfo import available_timezones

import pytest
from babel.core import Locale
from babel.numbers import get_territory_currencies
from hypothesis import given
from hypothesis import strategies as st

from mutirao.kernel.core.money import MINOR_DIGITS
from mutirao.network.core import countries, tax_ids
from mutirao.network.core.tax_ids import TaxId, parse


@pytest.mark.parametrize(
    ("country", "typed", "kind", "number", "written"),
    [
        ("FR", "732 829 320 00074", "fr_siret", "73282932000074", "732 829 320 00074"),
        ("FR", "552008443", "fr_siren", "552008443", "552 008 443"),
        ("FR", "FR 40 303 265 045", "fr_tva", "40303265045", "40303265045"),
        ("FR", "W751234567", "fr_rna", "W751234567", "W751234567"),
        ("ES", "a-13585625", "es_nif", "A13585625", "A13585625"),
        ("PT", "501 964 843", "pt_nif", "501964843", "501964843"),
        ("AR", "30500001735", "ar_cuit", "30500001735", "30-50000173-5"),
        ("UY", "21-140634-001-1", "uy_rut", "211406340011", "21-140634-001-1"),
        ("CL", "125319092", "cl_rut", "125319092", "12.531.909-2"),
        ("CO", "213.123.432-1", "co_nit", "2131234321", "213.123.432-1"),
        ("MX", "MAB-930714-8T4", "mx_rfc", "MAB9307148T4", "MAB 930714 8T4"),
        ("BE", "BE 0428.759.497", "be_vat", "0428759497", "0428759497"),
        ("DE", "DE 136 695 976", "de_vat", "136695976", "136695976"),
        ("DE", "GnR 123 B", "de_register", "GNR123B", "GNR123B"),
        ("IT", "IT 00743110157", "it_iva", "00743110157", "00743110157"),
        ("GB", "RS008345", "gb_company", "RS008345", "RS008345"),
        ("CA", "123026635", "ca_bn", "123026635", "123026635"),
        ("AU", "83 914 571 673", "au_abn", "83914571673", "83 914 571 673"),
        ("DK", "DK 13585628", "dk_cvr", "13585628", "13585628"),
        ("PY", "80028061-0", "py_ruc", "800280610", "80028061-0"),
        ("US", "911144442", "us_ein", "911144442", "91-1144442"),
        ("JP", "jp 12-34", "other", "JP1234", "JP1234"),
    ],
)
def test_numbers_of_each_country_are_read_and_written(
    country: str, typed: str, kind: str, number: str, written: str
) -> None:
    assert parse(typed, country) == TaxId(kind, number)
    assert tax_ids.written(number, kind) == written
    assert parse(written, country).number == number


@pytest.mark.parametrize(
    ("country", "typed", "why"),
    [
        ("ES", "54362315A", "check_digits"),
        ("FR", "552008444", "check_digits"),
        ("FR", "123", "length"),
        ("AR", "20-05536168-3", "check_digits"),
        ("BR", "11111111111", "check_digits"),
        ("BR", "552008443", "length"),
        ("JP", "1", "length"),
        ("JP", "12<script>", "characters"),
    ],
)
def test_numbers_that_a_country_would_not_give_are_refused(country: str, typed: str, why: str) -> None:
    with pytest.raises(ValueError, match=f"^{why}$"):
        parse(typed, country)


@pytest.mark.parametrize(
    ("country", "personal", "of_an_organisation"),
    [
        ("ES", "54362315K", "A13585625"),
        ("MX", "GODE561231GR8", "MAB9307148T4"),
        ("AR", "20055361682", "30500001735"),
        ("BR", "39053344705", "16727230000197"),
    ],
)
def test_a_persons_number_is_veiled_and_an_organisations_is_public(
    country: str, personal: str, of_an_organisation: str
) -> None:
    own, public = parse(personal, country), parse(of_an_organisation, country)
    assert personal not in tax_ids.veiled(own.number, own.kind).replace(".", "").replace("-", "")
    assert "*" in tax_ids.veiled(own.number, own.kind)
    assert tax_ids.veiled(public.number, public.kind) == tax_ids.written(public.number, public.kind)


@given(text=st.text(max_size=40), country=st.sampled_from(["XX", *countries.codes()]))
def test_whatever_is_typed_is_read_or_refused_with_a_known_code(text: str, country: str) -> None:
    try:
        found = parse(text, country)
    except ValueError as refusal:
        why = str(refusal)
    else:
        why = ""
        assert len(found.number) <= countries.LONGEST
        assert found.number == "" or parse(found.number, country) == found
        tax_ids.written(found.number, found.kind)
    assert why in ("", "length", "characters", "check_digits")


def test_every_country_has_a_currency_a_clock_and_checkers_that_exist() -> None:
    for code in countries.codes():
        rules = countries.country(code)
        assert rules.currency in MINOR_DIGITS, code
        assert rules.currency in get_territory_currencies(code), code
        assert rules.time_zone in available_timezones(), code
        assert code in Locale("en").territories
        for one in rules.identifiers:
            assert len(one.kind) <= 12
            assert not one.module or one.checker.validate


@pytest.mark.parametrize(
    ("country", "typed", "kept"),
    [
        ("BR", "13560000", "13560-000"), ("PT", "1100148", "1100-148"), ("PT", "1100", "1100"),
        ("GB", "se14xx", "SE1 4XX"), ("NL", "1012ab", "1012 AB"), ("CA", "h2x1y4", "H2X 1Y4"), ("FR", "75011", "75011"),
        ("AR", "c1425abc", "C1425ABC"), ("JP", "100-0001", "100-0001"), ("FR", "", ""),
    ],
)  # fmt: skip
def test_postal_codes_are_kept_as_their_country_writes_them(country: str, typed: str, kept: str) -> None:
    assert countries.read_postal_code(typed, country) == kept
    assert countries.read_postal_code(kept, country) == kept


def test_a_postal_code_of_another_form_is_refused() -> None:
    with pytest.raises(ValueError, match="postal_code"):
        countries.read_postal_code("750", "FR")


def test_addresses_end_as_their_country_writes_them() -> None:
    def said(code: str, postal_code: str) -> str:
        return countries.last_line(city="Cidade", region="R", postal_code=postal_code, code=code)

    assert said("BR", "13560-000") == "Cidade, R 13560-000"
    assert said("FR", "75011") == "75011 Cidade, R"
    assert countries.last_line(city="", region="", postal_code="", code="FR") == ""
