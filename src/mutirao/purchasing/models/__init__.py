# SPDX-License-Identifier: AGPL-3.0-or-later
"""Purchase rounds, from the need to the cost share. Quantities are in the product's unit, unit prices in major units
of the round's currency with up to six digits, every other amount in minor units."""

from mutirao.purchasing.models.agreed import AllocationRule, DeliveryPlace, PurchasingSettings, ShareRule
from mutirao.purchasing.models.award import Allocation, AwardLine, AwardScenario
from mutirao.purchasing.models.orders import OrderLine, PurchaseOrder, Receipt, ReceiptLine, ReceiptPhoto
from mutirao.purchasing.models.quotes import PriceBreak, Quote, QuoteFile, QuoteLine, QuoteRequest
from mutirao.purchasing.models.rounds import Need, Participation, PurchaseRound, RoundGood
from mutirao.purchasing.models.shares import CostShare, CostShareLine

__all__ = [
    "Allocation",
    "AllocationRule",
    "AwardLine",
    "AwardScenario",
    "CostShare",
    "CostShareLine",
    "DeliveryPlace",
    "Need",
    "OrderLine",
    "Participation",
    "PriceBreak",
    "PurchaseOrder",
    "PurchaseRound",
    "PurchasingSettings",
    "Quote",
    "QuoteFile",
    "QuoteLine",
    "QuoteRequest",
    "Receipt",
    "ReceiptLine",
    "ReceiptPhoto",
    "RoundGood",
    "ShareRule",
]
