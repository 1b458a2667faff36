# SPDX-License-Identifier: AGPL-3.0-or-later
"""How charges, payments, credits and bills are named where other modules keep them as sources: entries above all."""

from __future__ import annotations

from collections.abc import Collection

from django.urls import reverse
from django.utils.translation import gettext as _

from mutirao.kernel import formats, sources
from mutirao.kernel.sources import SourceLink
from mutirao.payments.models import Bill, Charge, CreditMovement, Payment

CHARGE, PAYMENT, CREDIT, BILL = "payments.charge", "payments.payment", "payments.credit", "payments.bill"


def _charges(slug: str, ids: Collection[int]) -> dict[int, SourceLink]:
    words = _("Cobrança nº %(number)s · %(enterprise)s")
    return {
        row.pk: SourceLink(
            words % {"number": row.number, "enterprise": row.enterprise.name},
            reverse("payments:charge", args=[slug, row.pk]),
        )
        for row in Charge.objects.filter(pk__in=ids).select_related("enterprise")
    }


def _payments(slug: str, ids: Collection[int]) -> dict[int, SourceLink]:
    words = _("Pagamento de %(enterprise)s em %(day)s")
    return {
        row.pk: SourceLink(
            words % {"enterprise": row.enterprise.name, "day": formats.date(row.received_on)},
            reverse("payments:payment", args=[slug, row.pk]),
        )
        for row in Payment.objects.filter(pk__in=ids).select_related("enterprise")
    }


def _credits(slug: str, ids: Collection[int]) -> dict[int, SourceLink]:
    words = _("Crédito de %(enterprise)s em %(day)s")
    return {
        row.pk: SourceLink(
            words % {"enterprise": row.enterprise.name, "day": formats.date(row.on)},
            reverse("payments:account", args=[slug, row.enterprise_id]) + f"#credito-{row.pk}",
        )
        for row in CreditMovement.objects.filter(pk__in=ids).select_related("enterprise")
    }


def _bills(slug: str, ids: Collection[int]) -> dict[int, SourceLink]:
    with_document, without = _("Nota %(document)s de %(supplier)s"), _("Conta de %(supplier)s")
    return {
        row.pk: SourceLink(
            (with_document if row.document else without) % {"document": row.document, "supplier": row.supplier.name},
            reverse("payments:bill", args=[slug, row.pk]),
        )
        for row in Bill.objects.filter(pk__in=ids).select_related("supplier")
    }


sources.register_links(CHARGE, _charges)
sources.register_links(PAYMENT, _payments)
sources.register_links(CREDIT, _credits)
sources.register_links(BILL, _bills)
