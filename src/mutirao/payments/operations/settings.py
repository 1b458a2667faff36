# SPDX-License-Identifier: AGPL-3.0-or-later
"""How the network is paid."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import Words
from mutirao.kernel.locks import lock
from mutirao.kernel.work import operation, record
from mutirao.network.models import Network
from mutirao.payments import permissions
from mutirao.payments.core.pix import CITY_MOST, NAME_MOST, PixKeyError, fit, read_key
from mutirao.payments.core.transfer import HOLDER_MOST, read_bic, read_iban
from mutirao.payments.errors import BankAccountWrong, PixKeyWrong
from mutirao.payments.models import PaymentSettings

KEY_PROBLEMS: dict[str, Words] = {
    "cpf": _("Este CPF não confere: falta ou sobra um número, ou um deles está trocado."),
    "cnpj": _("Este CNPJ não confere: falta ou sobra um caractere, ou um deles está trocado."),
    "email": _("Este e-mail não está completo ou passa de 77 letras."),
    "phone": _("Este telefone não confere. Escreva com +55 e o DDD: +55 16 98765-4321."),
    "evp": _("Esta chave aleatória não está completa: são 32 letras e números em cinco grupos."),
    "unknown": _("Não reconhecemos esta chave. Use CPF, CNPJ, e-mail, telefone com +55 ou a chave aleatória."),
}


@operation
def save_settings(
    network: Network,
    *,
    days_to_pay: int,
    actor: Actor,
    pix_key: str = "",
    merchant_name: str = "",
    merchant_city: str = "",
    bank_holder: str = "",
    iban: str = "",
    bic: str = "",
    instructions: str = "",
) -> PaymentSettings:
    """Set how the network is paid and the days to pay: in Brazil its Pix key and the names printed on the code (folded
    to ASCII and fitted), elsewhere its bank account; and what it says in words. What is not named is taken away.

    Raises: PixKeyWrong when the key is of no kind; BankAccountWrong.
    """
    actor.require(permissions.EDIT_SETTINGS, network)
    made: PaymentSettings = PaymentSettings.objects.get_or_create(network_id=network.pk)[0]
    row = lock(made)
    before = row.pix_key or row.iban
    row.bank_holder, row.instructions = " ".join(bank_holder.split())[:HOLDER_MOST], instructions.strip()
    row.iban, row.bic = _account(iban, bic)
    if row.iban and not row.bank_holder:
        raise BankAccountWrong(_("Diga em nome de quem está a conta."), field="bank_holder")
    row.pix_key = _checked(pix_key)
    row.merchant_name = fit(merchant_name, NAME_MOST)
    row.merchant_city = fit(merchant_city, CITY_MOST)
    row.days_to_pay = days_to_pay
    row.save(
        update_fields=[
            "pix_key", "merchant_name", "merchant_city", "days_to_pay", "bank_holder", "iban", "bic", "instructions",
        ]
    )  # fmt: skip
    # Key and account are where everybody's money goes: who changed them and from what is on record.
    where = {"pix_key": row.pix_key, "iban": row.iban} if row.iban else {"pix_key": row.pix_key}
    record(actor, "payments.settings_changed", network, before=before, **where, days_to_pay=days_to_pay)
    return row


def _account(iban: str, bic: str) -> tuple[str, str]:
    try:
        return read_iban(iban), read_bic(bic)
    except ValueError as problem:
        which = str(problem)
        words = {
            "iban": _("Este IBAN não confere: falta ou sobra algo, ou um caractere está trocado."),
            "bic": _("Este BIC não confere: são 8 ou 11 letras e números."),
        }
        raise BankAccountWrong(words[which], field=which) from None


def _checked(text: str) -> str:
    if not text.strip():
        return ""
    try:
        return read_key(text).text
    except PixKeyError as problem:
        raise PixKeyWrong(KEY_PROBLEMS[problem.code]) from None
