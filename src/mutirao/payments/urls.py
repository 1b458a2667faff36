# SPDX-License-Identifier: AGPL-3.0-or-later
"""Addresses below /rede/<slug>/."""

from __future__ import annotations

from django.urls import path

from mutirao.payments.views import bills, charges, receipts, settings, statements

app_name = "payments"
urlpatterns = [
    path("cobrancas/", charges.charges, name="charges"),
    path("cobrancas/nova/", charges.new_charge, name="new_charge"),
    path("cobrancas/chave-pix/", settings.settings, name="settings"),
    path("cobrancas/extratos/", statements.bank_import, name="bank_import"),
    path("cobrancas/extratos/<int:statement_id>/", statements.statement, name="statement"),
    path("cobrancas/<int:charge_id>/", charges.charge, name="charge"),
    path("cobrancas/<int:charge_id>/pagamento/", receipts.pay, name="pay"),
    path("cobrancas/<int:charge_id>/credito/", receipts.credit, name="credit"),
    path("cobrancas/<int:charge_id>/credito/desfazer/", receipts.take_back_credit, name="take_back_credit"),
    path("cobrancas/<int:charge_id>/cancelar/", charges.cancel, name="cancel"),
    path("cobrancas/<int:charge_id>/baixa/", charges.write_off, name="write_off"),
    path("cobrancas/<int:charge_id>/baixa/desfazer/", charges.undo_write_off, name="undo_write_off"),
    path("pagamentos/<int:payment_id>/", receipts.payment, name="payment"),
    path("pagamentos/<int:payment_id>/estorno/", receipts.reverse_payment, name="reverse_payment"),
    path("contas/<int:enterprise_id>/", receipts.account, name="account"),
    path("contas/<int:enterprise_id>/pagamento/", receipts.pay_account, name="pay_account"),
    path("contas/<int:enterprise_id>/credito/", receipts.grant, name="grant"),
    path("contas/<int:enterprise_id>/devolucao/", receipts.refund, name="refund"),
    path("contas-a-pagar/", bills.bills, name="bills"),
    path("contas-a-pagar/nova/", bills.new_bill, name="new_bill"),
    path("contas-a-pagar/<int:bill_id>/", bills.bill, name="bill"),
    path("contas-a-pagar/<int:bill_id>/pagamento/", bills.pay_bill, name="pay_bill"),
    path("contas-a-pagar/<int:bill_id>/correcao/", bills.adjust_bill, name="adjust_bill"),
    path("contas-a-pagar/<int:bill_id>/devolucao/", bills.refund_bill, name="refund_bill"),
    path("contas-a-pagar/<int:bill_id>/abatimento/", bills.offset_bill, name="offset_bill"),
    path(
        "contas-a-pagar/<int:bill_id>/pagamentos/<int:payment_id>/estorno/",
        bills.reverse_bill_payment,
        name="reverse_bill_payment",
    ),
]
