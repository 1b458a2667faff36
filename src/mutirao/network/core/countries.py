# SPDX-License-Identifier: AGPL-3.0-or-later
"""What differs from country to country: registration numbers, addresses, currency, clock. Everything else is the same.

A country without a row here works too: it takes any registration number as it is written, and any postal code.
Numbers are checked by python-stdnum; for those without check digits there is a pattern.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType

from stdnum.exceptions import InvalidChecksum, InvalidLength, ValidationError

OTHER, NONE = "other", "none"
LONGEST = 30


@dataclass(frozen=True, slots=True)
class Identifier:
    """A kind of registration number. `name` is what its country calls it, the same in every language."""

    kind: str
    name: str
    module: str = ""
    """Of python-stdnum, which checks and writes it."""
    pattern: str = ""
    """For numbers without check digits, and of those `module` takes only the ones that look so."""
    personal: str = ""
    """Pattern of the numbers that belong to a person: these are shown whole only to those who need them."""

    def read(self, number: str) -> str:
        """The compact number. Raises: ValueError with the code "length", "characters" or "check_digits"."""
        if self.pattern and not re.fullmatch(self.pattern, number):
            raise ValueError("length")
        if not self.module:
            return number
        try:
            return str(self.checker.validate(number))
        except InvalidChecksum:
            raise ValueError("check_digits") from None
        except InvalidLength:
            raise ValueError("length") from None
        except ValidationError:
            raise ValueError("characters") from None

    def written(self, number: str) -> str:
        """The number with its country's punctuation."""
        writes = getattr(self.checker, "format", None) if self.module else None
        return str(writes(number)) if writes else number

    def is_personal(self, number: str) -> bool:
        """Whether it is one person's number and not an organisation's."""
        return bool(self.personal) and re.fullmatch(self.personal, number) is not None

    @property
    def checker(self) -> ModuleType:
        """The module of python-stdnum, loaded when it is first asked."""
        return import_module(f"stdnum.{self.module}")


@dataclass(frozen=True, slots=True)
class Country:
    """The rules of one country. `postal_code` is a pattern of what remains without blanks and hyphens."""

    code: str
    currency: str
    time_zone: str
    identifiers: tuple[Identifier, ...] = ()
    postal_code: str = ""
    postal_example: str = ""
    city_after_code: bool = True
    """How the last line of an address is written: "75011 Paris", or "São Carlos 13560-000"."""

    @property
    def identifier_names(self) -> str:
        """What its registration numbers are called, with bars between them; empty where none is known."""
        return " / ".join(dict.fromkeys(one.name for one in self.identifiers))


def _id(kind: str, name: str, module: str = "", pattern: str = "", personal: str = "") -> Identifier:
    return Identifier(kind, name, module, pattern, personal)


# fmt: off
_RULES = (
    Country("BR", "BRL", "America/Sao_Paulo", (
        _id("cnpj", "CNPJ", "br.cnpj", r"[0-9A-Z]{14}"),
        _id("cpf", "CPF", "br.cpf", r"\d{11}", r".*"),
    ), r"\d{8}", "13560-000", city_after_code=False),
    Country("AR", "ARS", "America/Argentina/Buenos_Aires", (
        _id("ar_cuit", "CUIT", "ar.cuit", personal=r"2\d{10}"),
    ), r"[A-Z]?\d{4}[A-Z]{0,3}", "C1425 / 1425"),
    Country("AU", "AUD", "Australia/Sydney", (
        _id("au_abn", "ABN", "au.abn"), _id("au_acn", "ACN", "au.acn"),
    ), r"\d{4}", "3000", city_after_code=False),
    Country("BE", "EUR", "Europe/Brussels", (_id("be_vat", "BCE / KBO", "be.vat"),), r"\d{4}", "1000"),
    Country("BO", "BOB", "America/La_Paz"),
    Country("CA", "CAD", "America/Toronto", (_id("ca_bn", "BN / NE", "ca.bn"),),
            r"[A-Z]\d[A-Z]\d[A-Z]\d", "H2X 1Y4", city_after_code=False),
    Country("CH", "CHF", "Europe/Zurich", (_id("ch_uid", "UID / IDE", "ch.uid"),), r"\d{4}", "1201"),
    Country("CL", "CLP", "America/Santiago", (
        _id("cl_rut", "RUT", "cl.rut", personal=r"(?:\d{7}|[0-4]\d{7})[\dK]"),
    ), r"\d{7}", "8320000"),
    Country("CO", "COP", "America/Bogota", (_id("co_nit", "NIT", "co.nit"),), r"\d{6}", "110111"),
    Country("CR", "CRC", "America/Costa_Rica", (
        _id("cr_cpj", "cédula jurídica", "cr.cpj"), _id("cr_cpf", "cédula de identidad", "cr.cpf", personal=r".*"),
    ), r"\d{5}", "10101"),
    Country("DE", "EUR", "Europe/Berlin", (
        _id("de_vat", "USt-IdNr.", "de.vat", r"(?:DE)?\d{9}"),
        _id("de_stnr", "Steuernummer", "de.stnr", r"\d{10,13}"),
        _id("de_register", "Registernummer", pattern=r"[A-ZÄÖÜ]*(?:HRA|HRB|GNR|PR|VR)\d{1,6}[A-Z]{0,3}"),
    ), r"\d{5}", "10115"),
    Country("DK", "DKK", "Europe/Copenhagen", (_id("dk_cvr", "CVR", "dk.cvr"),), r"\d{4}", "2100"),
    Country("EC", "USD", "America/Guayaquil", (
        _id("ec_ruc", "RUC", "ec.ruc", personal=r"\d{2}[0-5]\d{10}"),
    ), r"\d{6}", "170150"),
    Country("ES", "EUR", "Europe/Madrid", (
        _id("es_nif", "NIF", "es.nif", personal=r"[\dXYZKLM].*"),
    ), r"\d{5}", "28901"),
    Country("FR", "EUR", "Europe/Paris", (
        _id("fr_siret", "SIRET", "fr.siret", r"\d{14}"), _id("fr_siren", "SIREN", "fr.siren", r"\d{9}"),
        _id("fr_tva", "TVA", "fr.tva", r"(?:FR)?[0-9A-Z]{2}\d{9}"), _id("fr_rna", "RNA", pattern=r"W[0-9A-Z]{9}"),
    ), r"\d{5}", "75011"),
    Country("GB", "GBP", "Europe/London", (
        _id("gb_company", "company number", pattern=r"(?:[A-Z]{2}\d{6}|RS\d{6}|\d{8}|\d{4,5}R)"),
        _id("gb_vat", "VAT", "gb.vat", r"(?:GB)?\d{9}(?:\d{3})?"),
    ), r"[A-Z]{1,2}\d[A-Z\d]?\d[A-Z]{2}", "SE1 4XX", city_after_code=False),
    Country("IE", "EUR", "Europe/Dublin", (_id("ie_vat", "VAT", "ie.vat"),), r"[A-Z]\d[\dW][A-Z\d]{4}", "D02 X285",
            city_after_code=False),
    Country("IT", "EUR", "Europe/Rome", (
        _id("it_iva", "partita IVA", "it.iva", r"(?:IT)?\d{11}"),
        _id("it_cf", "codice fiscale", "it.codicefiscale", r"[0-9A-Z]{16}", r".*"),
    ), r"\d{5}", "40121"),
    Country("LU", "EUR", "Europe/Luxembourg", (_id("lu_tva", "TVA", "lu.tva"),), r"\d{4}", "1009"),
    Country("MX", "MXN", "America/Mexico_City", (
        _id("mx_rfc", "RFC", "mx.rfc", personal=r"[A-ZÑ&]{4}\d{6}.*"),
    ), r"\d{5}", "06700"),
    Country("MZ", "MZN", "Africa/Maputo", (_id("mz_nuit", "NUIT", "mz.nuit", personal=r"1.*"),), r"\d{4}", "1100"),
    Country("NL", "EUR", "Europe/Amsterdam", (_id("nl_btw", "btw-nummer", "nl.btw"),), r"\d{4}[A-Z]{2}", "1012 AB"),
    Country("PE", "PEN", "America/Lima", (_id("pe_ruc", "RUC", "pe.ruc", personal=r"1[057].*"),), r"\d{5}", "15001"),
    Country("PT", "EUR", "Europe/Lisbon", (
        _id("pt_nif", "NIF", "pt.nif", personal=r"[1-4].*"),
    ), r"\d{4}(?:\d{3})?", "1100-148"),
    Country("PY", "PYG", "America/Asuncion", (_id("py_ruc", "RUC", "py.ruc", personal=r"\d{5,8}"),),
            r"\d{4,6}", "1209"),
    Country("TN", "TND", "Africa/Tunis", (_id("tn_mf", "matricule fiscal", "tn.mf"),), r"\d{4}", "1000"),
    Country("US", "USD", "America/New_York", (_id("us_ein", "EIN", "us.ein"),), r"\d{5}(?:\d{4})?", "10001",
            city_after_code=False),
    Country("UY", "UYU", "America/Montevideo", (_id("uy_rut", "RUT", "uy.rut"),), r"\d{5}", "11200"),
)
# fmt: on
_BY_CODE = {country.code: country for country in _RULES}
_BY_KIND = {one.kind: one for country in _RULES for one in country.identifiers}

# Countries without rules of their own whose currency and clock are known, so that a network can begin there.
_PLAIN = {
    "AO": ("AOA", "Africa/Luanda"), "AT": ("EUR", "Europe/Vienna"), "CI": ("XOF", "Africa/Abidjan"),
    "CM": ("XAF", "Africa/Douala"), "CU": ("CUP", "America/Havana"), "CV": ("CVE", "Atlantic/Cape_Verde"),
    "DO": ("DOP", "America/Santo_Domingo"), "DZ": ("DZD", "Africa/Algiers"), "FI": ("EUR", "Europe/Helsinki"),
    "GR": ("EUR", "Europe/Athens"), "GT": ("GTQ", "America/Guatemala"), "GW": ("XOF", "Africa/Bissau"),
    "HN": ("HNL", "America/Tegucigalpa"), "HT": ("HTG", "America/Port-au-Prince"), "IN": ("INR", "Asia/Kolkata"),
    "JP": ("JPY", "Asia/Tokyo"), "KR": ("KRW", "Asia/Seoul"), "MA": ("MAD", "Africa/Casablanca"),
    "ML": ("XOF", "Africa/Bamako"), "NI": ("NIO", "America/Managua"), "NO": ("NOK", "Europe/Oslo"),
    "PA": ("PAB", "America/Panama"), "PH": ("PHP", "Asia/Manila"), "PL": ("PLN", "Europe/Warsaw"),
    "SE": ("SEK", "Europe/Stockholm"), "SN": ("XOF", "Africa/Dakar"), "ST": ("STN", "Africa/Sao_Tome"),
    "SV": ("USD", "America/El_Salvador"), "TL": ("USD", "Asia/Dili"), "VE": ("VES", "America/Caracas"),
    "ZA": ("ZAR", "Africa/Johannesburg"),
}  # fmt: skip


def country(code: str) -> Country:
    """The rules of a country by its two letters (ISO 3166-1); those of no country in particular for an unknown one."""
    if found := _BY_CODE.get(code):
        return found
    currency, time_zone = _PLAIN.get(code, ("USD", "UTC"))
    return Country(code, currency, time_zone)


_SPANISH = frozenset(
    ["AR", "BO", "CL", "CO", "CR", "CU", "DO", "EC", "ES", "GT", "HN", "MX", "NI", "PA", "PE", "PY", "SV", "UY", "VE"]
)
_FRENCH = frozenset(["CI", "CM", "DZ", "FR", "HT", "LU", "MA", "ML", "SN", "TN"])
_PORTUGUESE = frozenset(["AO", "BR", "CV", "GW", "MZ", "PT", "ST", "TL"])


def language(code: str) -> str:
    """Which of the screen's languages most people of a country read: pt-br, es, fr; en elsewhere."""
    for spoken, here in (("pt-br", _PORTUGUESE), ("es", _SPANISH), ("fr", _FRENCH)):
        if code in here:
            return spoken
    return "en"


def codes() -> list[str]:
    """The countries in which a network can begin, by their two letters."""
    return sorted([*_BY_CODE, *_PLAIN])


def currencies() -> list[str]:
    """The currencies of those countries."""
    return sorted({country(code).currency for code in codes()} | {"USD", "EUR"})


def identifier(kind: str) -> Identifier | None:
    """A kind of registration number by its code; None for the kinds without rules (other, none)."""
    return _BY_KIND.get(kind)


def read_postal_code(text: str, code: str) -> str:
    """A postal code as its country writes it; what is typed where the country has no rule.

    Raises: ValueError where it does not fit the country's pattern.
    """
    plain = " ".join(text.upper().split())
    rules = country(code)
    bare = re.sub(r"[\s.-]", "", plain)
    if not bare or not rules.postal_code:
        return plain
    if not re.fullmatch(rules.postal_code, bare):
        raise ValueError("postal_code")
    # The example shows where the country puts its blank or hyphen.
    mark = next((mark for mark in rules.postal_example if mark in " -" and "/" not in rules.postal_example), "")
    at = len(rules.postal_example.partition(mark)[2]) if mark else 0
    whole = len(bare) >= len(rules.postal_example.replace(mark, "")) or code in ("GB", "IE")
    return f"{bare[:-at]}{mark}{bare[-at:]}" if mark and at and whole else bare


def last_line(*, city: str, region: str, postal_code: str, code: str) -> str:
    """The line of an address with the city: "75011 Paris", "São Carlos, SP 13560-000"."""
    if country(code).city_after_code:
        return ", ".join(part for part in (" ".join(filter(None, (postal_code, city))), region) if part)
    return " ".join(filter(None, (", ".join(part for part in (city, region) if part), postal_code)))
