# SPDX-License-Identifier: AGPL-3.0-or-later
"""Telephone numbers: read as people of a country write them, kept as +5512999990000 (E.164), shown as there.

Source: ITU-T E.164; the countries' numbering plans as Google's libphonenumber has them.
"""

from __future__ import annotations

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType, ValidationResult

_MOBILE = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)


def read_phone(text: str, country: str) -> str:
    """A number in any writing as E.164; one without +code is of `country`. Nothing typed is no number.

    A number that the country's plan does not know is taken only with its +code: the plan may be newer than ours.
    Raises: ValueError with the code "area_code" (too short for a whole number), "several" or "phone".
    """
    plain = " ".join(text.split())
    if not plain:
        return ""
    try:
        number = phonenumbers.parse(plain, country)
    except NumberParseException:
        raise ValueError("several" if sum(mark.isdigit() for mark in plain) > 15 else "phone") from None
    reason = phonenumbers.is_possible_number_with_reason(number)
    with_code = plain.startswith("+") and reason == ValidationResult.IS_POSSIBLE
    if not with_code and not phonenumbers.is_valid_number(number):
        short = reason in (ValidationResult.IS_POSSIBLE, ValidationResult.IS_POSSIBLE_LOCAL_ONLY)
        raise ValueError("area_code" if short or reason == ValidationResult.TOO_SHORT else "phone")
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def kept(text: str, country: str) -> str:
    """As `read_phone`, but what is no number is kept as it was written: for lists that were never checked."""
    try:
        return read_phone(text, country)
    except ValueError:
        return " ".join(text.split())


def shown(phone: str, country: str) -> str:
    """A kept number as people of `country` write it: "(12) 99999-0000", a foreign one with its code."""
    if not phone.startswith("+"):
        return phone
    try:
        number = phonenumbers.parse(phone)
    except NumberParseException:
        return phone
    at_home = phonenumbers.region_code_for_country_code(number.country_code or 0) == country
    style = PhoneNumberFormat.NATIONAL if at_home else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, style)


def message_address(phone: str) -> str:
    """The address that opens a conversation with a mobile number in the most used messenger; empty for others."""
    if not phone.startswith("+"):
        return ""
    try:
        number = phonenumbers.parse(phone)
    except NumberParseException:
        return ""
    return f"https://wa.me/{phone[1:]}" if phonenumbers.number_type(number) in _MOBILE else ""
