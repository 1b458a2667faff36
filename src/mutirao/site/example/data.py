# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: E501 - tables of an invented network, one row a line
"""Who and what the example network is. Every enterprise, person, supplier and figure here is invented; municipalities,
their IBGE codes and coordinates are public facts. Registration numbers are of the series with letters, so that they
name nobody who exists."""

from __future__ import annotations

from dataclasses import dataclass

NETWORK_SLUG = "raizes"
NETWORK_NAME = "Rede Raízes"
NETWORK_ABOUT = (
    "Rede de cooperação do Vale do Ribeira e do Alto Ribeira: agricultura familiar e quilombola, cozinhas, costura e "
    "entregas, comprando juntos desde a assembleia de fundação."
)
PASSWORD = "semente-boa-2026"  # noqa: S105 - shown on purpose: it opens an invented network only
PIX_KEY = "financeiro@raizes.example"

MUNICIPALITIES = (
    (3542602, "Registro", "SP", "-24.4979", "-47.8449"), (3514809, "Eldorado", "SP", "-24.5281", "-48.1141"),
    (3521200, "Iporanga", "SP", "-24.5847", "-48.5971"), (3509254, "Cajati", "SP", "-24.7324", "-48.1223"),
    (3551801, "Sete Barras", "SP", "-24.3820", "-47.9279"), (3524600, "Jacupiranga", "SP", "-24.6963", "-48.0064"),
    (3502705, "Apiaí", "SP", "-24.5108", "-48.8443"), (3522406, "Itapeva", "SP", "-23.9788", "-48.8764"),
    (3510203, "Capão Bonito", "SP", "-24.0113", "-48.3482"), (3517604, "Guapiara", "SP", "-24.1892", "-48.5295"),
    (4100202, "Adrianópolis", "PR", "-24.6606", "-48.9922"), (4128633, "Doutor Ulysses", "PR", "-24.5665", "-49.4219"),
    (4127882, "Tunas do Paraná", "PR", "-24.9731", "-49.0879"),
)  # fmt: skip
"""IBGE code, name, state, latitude, longitude. Source: IBGE, códigos dos municípios."""

VALE, SUDOESTE, ALTO = "Vale do Ribeira", "Sudoeste Paulista", "Alto Ribeira paranaense"


@dataclass(frozen=True, slots=True)
class Who:
    """An enterprise: what it is, where, how many work in it, and what it is for the network."""

    name: str
    form: str
    activity: str
    chain: str
    territory: str
    city: int
    members: int
    since: int
    contact: str
    profile: str
    """Which goods it buys: bakery, kitchen, sweets, sewing, farm, honey, delivery, soap."""
    size: int
    """How much, against the others."""


ENTERPRISES = (
    Who("Cooperativa Pão da Terra", "cooperative", "Panificação", "Panificação", VALE, 3542602, 22, 2011,
        "Rosângela Prado", "bakery", 5),
    Who("Cozinha Comunitária Mãos de Mãe", "association", "Refeições e marmitas", "Alimentação", VALE, 3542602, 14, 2016,
        "Ivone Teixeira", "kitchen", 4),
    Who("Quilombo Doce Ivaporã", "association", "Doces e banana-passa", "Banana", VALE, 3514809, 31, 2008,
        "Benedita Ramos", "sweets", 5),
    Who("Grupo Banana Boa", "informal", "Banana chips", "Banana", VALE, 3551801, 9, 2019, "Lourival Nunes", "sweets", 2),
    Who("Costureiras da Ponte", "cooperative", "Costura e uniformes", "Confecção", VALE, 3542602, 18, 2014,
        "Sueli Batista", "sewing", 4),
    Who("Pedal Ribeira", "cooperative", "Entregas de bicicleta", "Logística", VALE, 3542602, 11, 2021,
        "Caíque Fontes", "delivery", 2),
    Who("Associação Palmito Juçara Vivo", "association", "Polpa de juçara", "Frutas nativas", VALE, 3551801, 26, 2010,
        "Dirceu Amaral", "sweets", 3),
    Who("Família Nakamura Orgânicos", "family", "Hortaliças orgânicas", "Hortaliças", VALE, 3524600, 5, 2017,
        "Alice Nakamura", "farm", 2),
    Who("Grupo Ervas do Quilombo", "informal", "Ervas e temperos secos", "Temperos", VALE, 3514809, 8, 2018,
        "Conceição Pereira", "farm", 1),
    Who("Cooperativa Chá do Vale", "cooperative", "Chá artesanal", "Chá", VALE, 3542602, 24, 2009, "Tomás Igarashi",
        "farm", 3),
    Who("Padaria Comunitária Cajati", "association", "Pães e salgados", "Panificação", VALE, 3509254, 12, 2015,
        "Marlúcia Rocha", "bakery", 3),
    Who("Sabão da Serra", "informal", "Sabão e limpeza ecológica", "Limpeza", VALE, 3521200, 7, 2020, "Edna Siqueira",
        "soap", 2),
    Who("Cooperativa Mel de Itapeva", "cooperative", "Mel e própolis", "Mel", SUDOESTE, 3522406, 29, 2007,
        "Geraldo Antunes", "honey", 5),
    Who("Cozinha Sabor do Campo", "association", "Merenda e coffee break", "Alimentação", SUDOESTE, 3510203, 16, 2013,
        "Terezinha Moura", "kitchen", 4),
    Who("Assentamento Terra Nossa", "association", "Feijão, milho e mandioca", "Grãos", SUDOESTE, 3522406, 48, 2004,
        "José Carlos Vidal", "farm", 5),
    Who("Farinheira do Guapiara", "association", "Farinha de mandioca", "Mandioca", SUDOESTE, 3517604, 20, 2012,
        "Aparecida Leme", "farm", 3),
    Who("Linha e Laço Confecções", "informal", "Panos e aventais", "Confecção", SUDOESTE, 3510203, 6, 2022,
        "Juçara Camargo", "sewing", 2),
    Who("Doces da Tia Zefa", "family", "Geleias e compotas", "Frutas", SUDOESTE, 3517604, 4, 2018, "Josefa Lisboa",
        "sweets", 2),
    Who("Cooperativa Trigo e Fubá", "cooperative", "Pães e fubá", "Panificação", SUDOESTE, 3522406, 15, 2016,
        "Wagner Proença", "bakery", 4),
    Who("Apicultores de Apiaí", "association", "Mel", "Mel", ALTO, 3502705, 17, 2011, "Nelson Furquim", "honey", 3),
    Who("Cooperativa Poncã do Alto", "cooperative", "Poncã e sucos", "Frutas", ALTO, 4128633, 33, 2006,
        "Ademir Kruger", "sweets", 4),
    Who("Quilombolas de Adrianópolis", "association", "Mandioca e rapadura", "Mandioca", ALTO, 4100202, 27, 2010,
        "Antônia Maia", "farm", 3),
    Who("Grupo Mulheres de Tunas", "informal", "Panificação caseira", "Panificação", ALTO, 4127882, 8, 2021,
        "Cleonice Bueno", "bakery", 2),
    Who("Família Scremin Laticínios", "family", "Queijo colonial", "Leite", ALTO, 4128633, 4, 2014, "Ivo Scremin",
        "kitchen", 1),
)  # fmt: skip

# name, unit, category, kilograms of one unit (where the unit is no weight), price of reference, pack
PRODUCTS = (
    ("Farinha de trigo", "kg", "Secos", None, "3.90", 25), ("Açúcar cristal", "kg", "Secos", None, "3.45", 30),
    ("Açúcar mascavo", "kg", "Secos", None, "8.90", 10), ("Óleo de soja", "l", "Secos", "0.92", "6.80", 20),
    ("Fermento biológico seco", "kg", "Secos", None, "28.50", 5), ("Sal refinado", "kg", "Secos", None, "1.60", 30),
    ("Arroz agulhinha", "kg", "Secos", None, "4.70", 30), ("Feijão carioca", "kg", "Secos", None, "7.20", 30),
    ("Pote de vidro 250 ml", "un", "Embalagens", "0.18", "1.95", 24), ("Pote de vidro 500 ml", "un", "Embalagens", "0.28",
     "2.60", 24), ("Tampa metálica 63 mm", "un", "Embalagens", "0.012", "0.62", 100),
    ("Saco kraft 1 kg", "un", "Embalagens", "0.018", "0.48", 100), ("Rótulo adesivo", "mil", "Embalagens", "0.9",
     "118.00", 1), ("Tecido de algodão cru", "m", "Costura", "0.22", "16.40", 50), ("Linha de costura", "un", "Costura",
     "0.08", "7.90", 12), ("Adubo orgânico", "sc", "Insumos agrícolas", "40", "39.00", 1),
    ("Caixa plástica agrícola", "un", "Insumos agrícolas", "1.8", "34.00", 10), ("Soda cáustica", "kg", "Limpeza", None,
     "11.80", 25),
)  # fmt: skip

WANTS = {
    "bakery": {"Farinha de trigo": 150, "Açúcar cristal": 40, "Óleo de soja": 24, "Fermento biológico seco": 4,
               "Sal refinado": 12, "Saco kraft 1 kg": 250},
    "kitchen": {"Arroz agulhinha": 70, "Feijão carioca": 45, "Óleo de soja": 30, "Sal refinado": 8, "Açúcar cristal": 15},
    "sweets": {"Açúcar cristal": 90, "Açúcar mascavo": 20, "Pote de vidro 250 ml": 160, "Tampa metálica 63 mm": 160,
               "Rótulo adesivo": 1},
    "sewing": {"Tecido de algodão cru": 80, "Linha de costura": 14},
    "farm": {"Adubo orgânico": 22, "Caixa plástica agrícola": 12, "Saco kraft 1 kg": 120},
    "honey": {"Pote de vidro 500 ml": 180, "Tampa metálica 63 mm": 180, "Rótulo adesivo": 1},
    "delivery": {"Caixa plástica agrícola": 5, "Saco kraft 1 kg": 60},
    "soap": {"Soda cáustica": 25, "Óleo de soja": 40, "Saco kraft 1 kg": 80},
}  # fmt: skip
"""What an enterprise of a profile asks for in a usual round, at size 3."""


@dataclass(frozen=True, slots=True)
class Sells:
    """A supplier: what it sells at which percentage of the reference price, and on which terms (minor units)."""

    name: str
    solidarity: bool
    local: bool
    categories: tuple[str, ...]
    level: int
    minimum: int
    freight: int
    free_from: int | None
    terms: str


SUPPLIERS = (
    Sells("Atacado Serra Azul", False, False, ("Secos",), 96, 80_000, 18_000, 450_000, "boleto em 21 dias"),
    Sells("Moinho Santa Clara", False, False, ("Secos",), 93, 150_000, 26_000, 600_000, "boleto em 28 dias"),
    Sells("Armazém do Vale", False, True, ("Secos", "Limpeza"), 103, 0, 6_000, 120_000, "7 dias"),
    Sells("Central Semear da Reforma Agrária", True, True, ("Secos",), 99, 40_000, 9_000, 300_000, "14 dias"),
    Sells("Vidros Paraná", False, False, ("Embalagens",), 95, 100_000, 32_000, 500_000, "boleto em 28 dias"),
    Sells("Embalar Registro", False, True, ("Embalagens",), 104, 0, 4_500, 90_000, "à vista"),
    Sells("Tecelagem Cooperada Fio Livre", True, False, ("Costura",), 98, 30_000, 12_000, 250_000, "14 dias"),
    Sells("Armarinho Central", False, True, ("Costura",), 107, 0, 3_500, 60_000, "à vista"),
    Sells("Bioadubo Cooperativa", True, True, ("Insumos agrícolas",), 97, 50_000, 15_000, 400_000, "21 dias"),
    Sells("Agrocenter Itapeva", False, False, ("Insumos agrícolas", "Limpeza"), 100, 20_000, 11_000, 350_000, "10 dias"),
)  # fmt: skip

# e-mail's beginning, name, role, enterprise or ""
PEOPLE = (
    ("coordenacao", "Marlene Dias", "coordination", ""), ("compras", "Jonas Ribeiro", "purchasing", ""),
    ("tesouraria", "Lídia Campos", "treasury", ""), ("contabilidade", "Rafael Moreno", "accountant", ""),
    ("conselho", "Zilda Aparecida Souza", "council", ""),
    ("paodaterra", "Rosângela Prado", "enterprise_coordinator", "Cooperativa Pão da Terra"),
    ("docequilombo", "Benedita Ramos", "enterprise_coordinator", "Quilombo Doce Ivaporã"),
    ("mel", "Geraldo Antunes", "enterprise_coordinator", "Cooperativa Mel de Itapeva"),
    ("costura", "Sueli Batista", "enterprise_coordinator", "Costureiras da Ponte"),
    ("socia", "Fátima Oliveira", "enterprise_member", "Cooperativa Pão da Terra"),
)  # fmt: skip

PLACES = (
    ("Galpão da rede em Registro", "Rua das Palmeiras, 80", 3542602),
    ("Salão comunitário de Itapeva", "Estrada do Assentamento, km 4", 3522406),
    ("Ponto do Alto Ribeira, em Apiaí", "Praça da Matriz, 12", 3502705),
)
PLACE_OF = {VALE: PLACES[0][0], SUDOESTE: PLACES[1][0], ALTO: PLACES[2][0]}


@dataclass(frozen=True, slots=True)
class Plot:
    """One round of the story: how many weeks before today its needs closed, and how it went."""

    title: str
    weeks_ago: int
    ending: str
    """settled, short, damaged, late, cancelled, charged, received, ordered, approval, quoting, open or draft."""
    categories: tuple[str, ...] = ("Secos", "Embalagens", "Costura", "Insumos agrícolas", "Limpeza")


PLOTS = (
    Plot("Primeira compra juntos", 103, "settled", ("Secos",)),
    Plot("Potes e tampas para a safra", 97, "settled", ("Embalagens",)),
    Plot("Secos de verão", 91, "short", ("Secos",)),
    Plot("Adubo e caixas", 85, "settled", ("Insumos agrícolas",)),
    Plot("Tecido para uniformes", 79, "settled", ("Costura",)),
    Plot("Secos de outono", 73, "settled", ("Secos", "Limpeza")),
    Plot("Potes para o mel", 67, "damaged", ("Embalagens",)),
    Plot("Secos de inverno", 60, "settled", ("Secos",)),
    Plot("Compra grande de fim de ano", 52, "late"),
    Plot("Caixas para a colheita", 47, "cancelled", ("Insumos agrícolas",)),
    Plot("Secos do começo do ano", 41, "settled", ("Secos", "Embalagens")),
    Plot("Linha, tecido e embalagens", 34, "settled", ("Costura", "Embalagens")),
    Plot("Adubo do plantio", 28, "short", ("Insumos agrícolas",)),
    Plot("Secos da festa junina", 22, "settled", ("Secos", "Limpeza")),
    Plot("Potes da geleia", 16, "settled", ("Embalagens",)),
    Plot("Secos do segundo semestre", 3, "charged", ("Secos", "Embalagens")),
    Plot("Tecido e linha de primavera", 3, "received", ("Costura",)),
    Plot("Adubo e caixas de primavera", 2, "ordered", ("Insumos agrícolas",)),
    Plot("Embalagens para as feiras", 1, "approval", ("Embalagens",)),
    Plot("Limpeza e secos da cozinha", 1, "quoting", ("Secos", "Limpeza")),
    Plot("Compra de fim de ano", -1, "open"),
    Plot("Safra de verão", -4, "draft", ("Embalagens", "Insumos agrícolas")),
)
