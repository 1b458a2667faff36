# SPDX-License-Identifier: AGPL-3.0-or-later
"""What payments puts on pages of the modules below: on an enterprise's, a supplier's, the rules' and the trail's."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mutirao.catalogue.models import Supplier
from mutirao.kernel import clock
from mutirao.kernel.actors import Actor
from mutirao.network import panels, trail
from mutirao.network.models import Enterprise
from mutirao.payments import permissions, queries
from mutirao.payments.models import Payment

SHOWN = 5


def money_of_enterprise(actor: Actor, enterprise: Enterprise) -> panels.Panel | None:
    """What an enterprise owes and holds in credit, for whoever may see it."""
    if not actor.can(permissions.SEE_CHARGES, enterprise):
        return None
    charges = queries.charges_visible_to(actor).filter(enterprise=enterprise)
    context = {
        "totals": queries.totals_of(charges),
        "charges": charges.filter(state="open")[:SHOWN],
        "credit_minor": queries.credit_of(enterprise),
        "today": clock.today(),
    }
    return panels.Panel(_("Cobranças e crédito"), "payments/_enterprise_panel.html", context)


def bills_of_supplier(actor: Actor, supplier: Supplier) -> panels.Panel | None:
    """What the network owes a supplier, for whoever sees bills."""
    bills = queries.bills_visible_to(actor).filter(supplier=supplier)
    latest = list(bills.order_by("-due_on", "-pk")[:SHOWN])
    if not latest:
        return None
    context = {"bills": latest, "totals": queries.bill_totals(bills), "today": clock.today()}
    return panels.Panel(_("Contas a pagar"), "payments/_supplier_panel.html", context)


def _method(code: str) -> str:
    return str(dict(Payment.Method.choices).get(code, code))


panels.register("enterprise", money_of_enterprise, order=30)
panels.register("supplier", bills_of_supplier, order=30)
panels.register_settings(
    "payments:settings",
    _("Como a rede recebe e prazo das cobranças"),
    _("Para onde vai o dinheiro das cobranças, e quantos dias há para pagar."),
    permissions.EDIT_SETTINGS,
)
trail.describe(
    acts={
        "payments.charge_issued": _("Emitiu uma cobrança"),
        "payments.charge_cancelled": _("Cancelou uma cobrança"),
        "payments.charge_written_off": _("Deu baixa numa cobrança sem pagamento"),
        "payments.write_off_undone": _("Desfez a baixa de uma cobrança"),
        "payments.payment_recorded": _("Registrou um pagamento"),
        "payments.payment_reversed": _("Estornou um pagamento"),
        "payments.credit_granted": _("Deu crédito"),
        "payments.credit_applied": _("Usou crédito numa cobrança"),
        "payments.credit_taken_back": _("Desfez o uso de crédito"),
        "payments.credit_refunded": _("Devolveu crédito em dinheiro"),
        "payments.statement_uploaded": _("Enviou um extrato do banco"),
        "payments.statement_taken_in": _("Registrou um extrato do banco"),
        "payments.settings_changed": _("Mudou como a rede recebe, ou o prazo"),
        "payments.bill_registered": _("Lançou uma conta a pagar"),
        "payments.bill_adjusted": _("Corrigiu uma conta a pagar"),
        "payments.bill_paid": _("Registrou pagamento a um fornecedor"),
        "payments.bill_payment_reversed": _("Estornou pagamento a um fornecedor"),
        "payments.bill_refunded": _("Registrou devolução de um fornecedor"),
        "payments.bill_offset": _("Abateu o que um fornecedor devia"),
    },
    fields={
        "amount_minor": _("valor"), "before_minor": _("valor de antes"), "credit_minor": _("virou crédito"),
        "returned_minor": _("virou crédito"), "unwritten_minor": _("baixa desfeita"), "due_on": _("vence em"),
        "received_on": _("recebido em"), "paid_on": _("pago em"), "method": _("como"), "charges": _("cobranças"),
        "reference": _("identificação no banco"), "number": _("número"), "supplier": _("fornecedor"),
        "document": _("documento"), "pix_key": _("chave Pix"), "before": _("antes"),
        "days_to_pay": _("dias para pagar"),
        "lines": _("linhas"), "digest": _("impressão digital do arquivo"), "payments": _("pagamentos"),
        "passed_over": _("já registradas"), "credit": _("crédito"), "from_bill": _("conta abatida"),
    },
    subjects={
        "payments.charge": trail.Subject(_("cobrança"), "payments:charge", lambda pk: {"charge_id": pk}),
        "payments.payment": trail.Subject(_("pagamento"), "payments:payment", lambda pk: {"payment_id": pk}),
        "payments.bill": trail.Subject(_("conta a pagar"), "payments:bill", lambda pk: {"bill_id": pk}),
        "payments.bankstatement": trail.Subject(
            _("extrato do banco"), "payments:statement", lambda pk: {"statement_id": pk}
        ),
    },
    values={
        "amount_minor": trail.amount, "before_minor": trail.amount, "credit_minor": trail.amount,
        "returned_minor": trail.amount, "unwritten_minor": trail.amount, "method": _method,
    },
)  # fmt: skip
