# SPDX-License-Identifier: AGPL-3.0-or-later
"""The standard charts of accounts: of a network's book and of an enterprise's.

Modules name an account by its purpose; code and name may be changed in a book without anybody losing their way.
Names are Portuguese because they are data of the books, not words of the screen.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

ASSET, LIABILITY, EQUITY, INCOME, EXPENSE = "asset", "liability", "equity", "income", "expense"
KINDS = (ASSET, LIABILITY, EQUITY, INCOME, EXPENSE)


class NetworkAccount(StrEnum):
    """What the accounts of a network's book are for."""

    CASH = "cash"
    BANK = "bank"
    RECEIVABLE = "receivable"
    """What enterprises owe the network; its lines name the enterprise as partner."""
    SUPPLIER_ADVANCES = "supplier_advances"
    SUPPLIER_CREDITS = "supplier_credits"
    """Returns and shortfalls that a supplier still makes good."""
    JOINT_PURCHASES = "joint_purchases"
    """Goods, freight and fees of rounds between the supplier's bill and the sharing of costs; zero when shared."""
    GOODS_ON_HAND = "goods_on_hand"
    PAYABLE = "payable"
    ENTERPRISE_CREDITS = "enterprise_credits"
    """What enterprises hold with the network; its lines name the enterprise as partner."""
    ENTERPRISE_ADVANCES = "enterprise_advances"
    """Paid by enterprises before a charge was made; its lines name the enterprise as partner."""
    TAXES_PAYABLE = "taxes_payable"
    NETWORK_FUND = "network_fund"
    OPENING = "opening"
    RESULTS = "results"
    ROUND_FEES = "round_fees"
    GRANTS = "grants"
    OTHER_INCOME = "other_income"
    FREIGHT = "freight"
    LOSSES = "losses"
    """Damage and shortfall that the network takes upon itself."""
    CREDIT_LOSSES = "credit_losses"
    """Charges written off."""
    DIFFERENCES = "differences"
    """Differences of price, weight and rounding, of either sign."""
    BANK_FEES = "bank_fees"
    OTHER_EXPENSES = "other_expenses"


class EnterpriseAccount(StrEnum):
    """What the accounts of an enterprise's book are for."""

    CASH = "cash"
    BANK = "bank"
    CUSTOMERS = "customers"
    NETWORK_CREDIT = "network_credit"
    """What the enterprise holds with the network."""
    INPUTS_STOCK = "inputs_stock"
    NETWORK_PAYABLE = "network_payable"
    """What the enterprise owes the network."""
    PAYABLE = "payable"
    OWN_CAPITAL = "own_capital"
    OPENING = "opening"
    RESULTS = "results"
    SALES = "sales"
    OTHER_INCOME = "other_income"
    DEBT_RELIEF = "debt_relief"
    """Charges of the network that were written off."""
    INPUTS = "inputs"
    FREIGHT = "freight"
    NETWORK_FEES = "network_fees"
    DIFFERENCES = "differences"
    OTHER_EXPENSES = "other_expenses"


@dataclass(frozen=True, slots=True)
class ChartAccount:
    """One account of a standard chart."""

    code: str
    name: str
    kind: str
    purpose: str


N, E = NetworkAccount, EnterpriseAccount

NETWORK_CHART = (
    ChartAccount("1.1.1", "Caixa", ASSET, N.CASH),
    ChartAccount("1.1.2", "Banco", ASSET, N.BANK),
    ChartAccount("1.2.1", "Empreendimentos a receber", ASSET, N.RECEIVABLE),
    ChartAccount("1.2.2", "Adiantamentos a fornecedores", ASSET, N.SUPPLIER_ADVANCES),
    ChartAccount("1.2.3", "Créditos com fornecedores", ASSET, N.SUPPLIER_CREDITS),
    ChartAccount("1.3.1", "Compras coletivas a repartir", ASSET, N.JOINT_PURCHASES),
    ChartAccount("1.3.2", "Mercadorias em mãos da rede", ASSET, N.GOODS_ON_HAND),
    ChartAccount("2.1.1", "Fornecedores a pagar", LIABILITY, N.PAYABLE),
    ChartAccount("2.1.2", "Créditos de empreendimentos", LIABILITY, N.ENTERPRISE_CREDITS),
    ChartAccount("2.1.3", "Adiantamentos de empreendimentos", LIABILITY, N.ENTERPRISE_ADVANCES),
    ChartAccount("2.1.4", "Impostos e taxas a recolher", LIABILITY, N.TAXES_PAYABLE),
    ChartAccount("3.1.1", "Fundo da rede", EQUITY, N.NETWORK_FUND),
    ChartAccount("3.1.2", "Saldos de abertura", EQUITY, N.OPENING),
    ChartAccount("3.1.3", "Resultados acumulados", EQUITY, N.RESULTS),
    ChartAccount("4.1.1", "Taxas das rodadas", INCOME, N.ROUND_FEES),
    ChartAccount("4.1.2", "Doações e apoios", INCOME, N.GRANTS),
    ChartAccount("4.1.9", "Outras receitas", INCOME, N.OTHER_INCOME),
    ChartAccount("5.1.1", "Fretes por conta da rede", EXPENSE, N.FREIGHT),
    ChartAccount("5.1.2", "Avarias e faltas", EXPENSE, N.LOSSES),
    ChartAccount("5.1.3", "Perdas com créditos", EXPENSE, N.CREDIT_LOSSES),
    ChartAccount("5.1.4", "Resultado de diferenças", EXPENSE, N.DIFFERENCES),
    ChartAccount("5.1.5", "Tarifas bancárias", EXPENSE, N.BANK_FEES),
    ChartAccount("5.1.9", "Outras despesas", EXPENSE, N.OTHER_EXPENSES),
)

ENTERPRISE_CHART = (
    ChartAccount("1.1.1", "Caixa", ASSET, E.CASH),
    ChartAccount("1.1.2", "Banco", ASSET, E.BANK),
    ChartAccount("1.2.1", "Clientes a receber", ASSET, E.CUSTOMERS),
    ChartAccount("1.2.2", "Crédito na rede", ASSET, E.NETWORK_CREDIT),
    ChartAccount("1.3.1", "Estoque de insumos", ASSET, E.INPUTS_STOCK),
    ChartAccount("2.1.1", "Rede a pagar", LIABILITY, E.NETWORK_PAYABLE),
    ChartAccount("2.1.2", "Fornecedores a pagar", LIABILITY, E.PAYABLE),
    ChartAccount("3.1.1", "Capital próprio", EQUITY, E.OWN_CAPITAL),
    ChartAccount("3.1.2", "Saldos de abertura", EQUITY, E.OPENING),
    ChartAccount("3.1.3", "Resultados acumulados", EQUITY, E.RESULTS),
    ChartAccount("4.1.1", "Vendas", INCOME, E.SALES),
    ChartAccount("4.1.9", "Outras receitas", INCOME, E.OTHER_INCOME),
    ChartAccount("4.2.1", "Dívidas perdoadas pela rede", INCOME, E.DEBT_RELIEF),
    ChartAccount("5.1.1", "Insumos", EXPENSE, E.INPUTS),
    ChartAccount("5.1.2", "Fretes", EXPENSE, E.FREIGHT),
    ChartAccount("5.1.3", "Taxas da rede", EXPENSE, E.NETWORK_FEES),
    ChartAccount("5.1.4", "Resultado de diferenças", EXPENSE, E.DIFFERENCES),
    ChartAccount("5.1.9", "Outras despesas", EXPENSE, E.OTHER_EXPENSES),
)

PARTNER_ACCOUNTS = frozenset({N.RECEIVABLE, N.ENTERPRISE_CREDITS, N.ENTERPRISE_ADVANCES})
"""Accounts of a network's book that together say how an enterprise stands with the network."""
