# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: E501 - tables of an invented network, one row a line
"""What the example network makes and uses, who is around it, and what it remembers. Everything here is invented."""

from __future__ import annotations

# name, unit, category
GOODS = (
    ("Pão francês", "kg", "Pães e massas"), ("Pão caseiro", "un", "Pães e massas"), ("Fubá de milho crioulo", "kg", "Farinhas"),
    ("Farinha de mandioca", "kg", "Farinhas"), ("Rapadura", "un", "Doces"), ("Banana-passa", "kg", "Doces"), ("Banana chips", "kg", "Doces"),
    ("Geleia de frutas", "un", "Doces"), ("Polpa de juçara", "kg", "Frutas"), ("Suco de poncã", "l", "Frutas"), ("Poncã", "cx", "Frutas"),
    ("Banana-prata", "cx", "Frutas"), ("Hortaliças orgânicas", "cx", "Hortaliças"), ("Ervas secas", "kg", "Temperos"), ("Chá-preto artesanal", "kg", "Chás"),
    ("Milho em grão", "sc", "Grãos"), ("Mandioca", "kg", "Raízes"), ("Mel", "kg", "Mel"), ("Própolis", "un", "Mel"),
    ("Queijo colonial", "kg", "Leite"), ("Sabão em barra", "un", "Limpeza"), ("Marmita", "un", "Refeições"), ("Avental e pano de prato", "un", "Costura"),
    ("Uniforme escolar", "un", "Costura"), ("Entrega de bicicleta", "un", "Serviços"), ("Cera de abelha", "kg", "Mel"),
)  # fmt: skip

# enterprise → (product, how much a month, months or none for the whole year, who buys)
MAKES = {
    "Cooperativa Pão da Terra": (("Pão francês", 2400, (), "mercados de Registro"), ("Pão caseiro", 900, (), "feira de sábado")),
    "Cozinha Comunitária Mãos de Mãe": (("Marmita", 3200, (), "trabalhadores do centro"),),
    "Quilombo Doce Ivaporã": (("Banana-passa", 420, (), ""), ("Geleia de frutas", 600, (1, 2, 3, 4), "")),
    "Grupo Banana Boa": (("Banana chips", 180, (), ""),),
    "Costureiras da Ponte": (("Uniforme escolar", 260, (1, 2, 7), "prefeitura de Registro"), ("Avental e pano de prato", 150, (), "")),
    "Pedal Ribeira": (("Entrega de bicicleta", 1100, (), "mercados e padarias"),),
    "Associação Palmito Juçara Vivo": (("Polpa de juçara", 700, (3, 4, 5, 6), ""), ("Banana-prata", 90, (), "")),
    "Família Nakamura Orgânicos": (("Hortaliças orgânicas", 160, (), "feira de sábado"),),
    "Grupo Ervas do Quilombo": (("Ervas secas", 35, (), ""),),
    "Cooperativa Chá do Vale": (("Chá-preto artesanal", 210, (9, 10, 11, 12, 1, 2, 3, 4), ""),),
    "Padaria Comunitária Cajati": (("Pão francês", 1500, (), "escolas de Cajati"),),
    "Sabão da Serra": (("Sabão em barra", 800, (), ""),),
    "Cooperativa Mel de Itapeva": (("Mel", 950, (9, 10, 11, 12), "atacado"), ("Própolis", 120, (), ""), ("Cera de abelha", 40, (10, 11, 12), "")),
    "Cozinha Sabor do Campo": (("Marmita", 1800, (), ""),),
    "Assentamento Terra Nossa": (("Feijão carioca", 1600, (1, 2, 6, 7), ""), ("Milho em grão", 300, (2, 3, 4), ""), ("Mandioca", 5200, (), "farinheiras")),
    "Farinheira do Guapiara": (("Farinha de mandioca", 2600, (4, 5, 6, 7, 8), "mercados da região"),),
    "Linha e Laço Confecções": (("Avental e pano de prato", 220, (), ""),),
    "Doces da Tia Zefa": (("Geleia de frutas", 260, (), "pousadas"),),
    "Cooperativa Trigo e Fubá": (("Pão caseiro", 1400, (), ""), ("Fubá de milho crioulo", 900, (), "")),
    "Apicultores de Apiaí": (("Mel", 380, (9, 10, 11, 12), ""), ("Cera de abelha", 16, (10, 11, 12), "")),
    "Cooperativa Poncã do Alto": (("Poncã", 2100, (5, 6, 7, 8), "Ceasa"), ("Suco de poncã", 1300, (5, 6, 7, 8), "")),
    "Quilombolas de Adrianópolis": (("Rapadura", 1500, (6, 7, 8, 9, 10), ""), ("Açúcar mascavo", 800, (6, 7, 8, 9, 10), ""), ("Mandioca", 2400, (), "")),
    "Grupo Mulheres de Tunas": (("Pão caseiro", 600, (), "vizinhança"),),
    "Família Scremin Laticínios": (("Queijo colonial", 240, (), ""),),
}  # fmt: skip

# enterprise → what it uses beside what it buys in rounds: (product, how much a month)
USES = {
    "Cozinha Comunitária Mãos de Mãe": (("Farinha de mandioca", 120), ("Hortaliças orgânicas", 60)),
    "Cozinha Sabor do Campo": (("Mandioca", 400), ("Hortaliças orgânicas", 40), ("Queijo colonial", 30)),
    "Farinheira do Guapiara": (("Mandioca", 6800),),
    "Cooperativa Trigo e Fubá": (("Milho em grão", 45),),
    "Grupo Banana Boa": (("Banana-prata", 70),),
    "Sabão da Serra": (("Cera de abelha", 4), ("Ervas secas", 6)),
    "Cooperativa Chá do Vale": (("Ervas secas", 12), ("Entrega de bicicleta", 80)),
    "Cooperativa Pão da Terra": (("Entrega de bicicleta", 300),),
}  # fmt: skip

# name, kind, municipality, relationship, enterprises, what it buys
PARTNERS = (
    ("Sindicato dos Trabalhadores Rurais do Vale", "union", 3514809,
     "Está com a rede desde a primeira reunião: emprestou o salão e ajuda com o cadastro da agricultura familiar.",
     ("Quilombo Doce Ivaporã", "Associação Palmito Juçara Vivo"), ()),
    ("Pastoral da Terra do Alto Ribeira", "church", 4128633, "Acompanha as famílias do lado do Paraná e traz notícia de quem ainda não entrou na rede.",
     ("Cooperativa Poncã do Alto", "Quilombolas de Adrianópolis"), ()),
    ("Incubadora de Cooperativas da Universidade do Vale", "incubator", 3542602,
     "Estudantes de administração acompanham as planilhas de custo; a cada semestre entra uma turma nova.",
     ("Cooperativa Pão da Terra", "Pedal Ribeira", "Costureiras da Ponte"), ()),
    ("Conselho de Alimentação Escolar de Registro", "council", 3542602, "Fiscaliza a merenda e defende que ela venha daqui. A rede tem assento de ouvinte.", (), ()),
    ("Secretaria de Educação de Registro", "buyer", 3542602, "Compra para 38 escolas. Paga em 30 dias; pede entrega às segundas.",
     ("Cooperativa Pão da Terra", "Família Nakamura Orgânicos"), ("Banana-passa", "Pão francês", "Hortaliças orgânicas")),
    ("Secretaria de Educação de Itapeva", "buyer", 3522406, "Ainda compra pouco da agricultura familiar; o conselho cobra.", ("Assentamento Terra Nossa",), ("Feijão carioca",)),
    ("Programa Semear Territórios", "programme", 3510203, "Programa de assistência técnica; uma técnica visita as cozinhas uma vez por mês.",
     ("Cozinha Sabor do Campo", "Farinheira do Guapiara"), ()),
    ("Fórum de Economia Solidária do Vale", "forum", 3542602, "Reúne os grupos da região no primeiro sábado do mês.", (), ()),
)  # fmt: skip

# partner → (name, duty, telephone, why kept)
PARTNER_PEOPLE = {
    "Secretaria de Educação de Registro": (("Vânia Lemos", "nutricionista", "(13) 5550-2001", "recebe as propostas da chamada pública e pediu para ser avisada"),),
    "Incubadora de Cooperativas da Universidade do Vale": (("Otávio Brandão", "professor", "", ""),),
}  # fmt: skip

# partner → (what, days ago it began, days until it ends or none)
AGREEMENTS = {
    "Sindicato dos Trabalhadores Rurais do Vale": (("Uso do salão para as assembleias, de graça, uma vez por mês.", 640, None),),
    "Incubadora de Cooperativas da Universidade do Vale": (("Uma turma por semestre acompanha cinco empreendimentos; os dados são da rede e não saem com nome.", 120, 90),),
    "Programa Semear Territórios": (("Assistência técnica às cozinhas por doze meses.", 500, -135),),
}  # fmt: skip

# partner → (days ago, who, what)
MEETINGS = {
    "Secretaria de Educação de Registro": ((25, "Marlene Dias e Vânia Lemos", "A nutricionista quer banana-passa no cardápio do primeiro semestre. Pediu a ficha técnica e uma amostra."),),
    "Conselho de Alimentação Escolar de Registro": ((60, "Jonas Ribeiro", "O conselho vai pedir à prefeitura o que foi comprado da agricultura familiar no ano."),),
    "Pastoral da Terra do Alto Ribeira": ((110, "Marlene Dias e Ademir Kruger", "Duas comunidades querem conhecer a rede. Combinada visita depois da colheita."),),
}  # fmt: skip

# partner, what, days from today, beginning of the e-mail of who does it or ""
NEXT_STEPS = (
    ("Secretaria de Educação de Registro", "Levar a ficha técnica e a amostra de banana-passa", 4, "docequilombo"),
    ("Pastoral da Terra do Alto Ribeira", "Marcar a visita às duas comunidades", -3, ""),
    ("Fórum de Economia Solidária do Vale", "Apresentar a compra coletiva na reunião", 11, "coordenacao"),
)  # fmt: skip

# partner, number, title, days until it opens, until it closes, value in cents, goods, outcome
CALLS = (
    ("Secretaria de Educação de Registro", "03", "Merenda do primeiro semestre", -6, 17, 48_600_000, "Banana-passa, 900 kg\nPão francês, 12.000 kg\nHortaliças, 800 caixas", "preparing"),
    ("Secretaria de Educação de Itapeva", "07", "Feijão e farinha para as escolas", 5, 44, 21_300_000, "Feijão, 6.000 kg\nFarinha de mandioca, 2.000 kg", "watching"),
    ("Secretaria de Educação de Registro", "01", "Pães do segundo semestre", -190, -160, 9_800_000, "Pão francês, 9.000 kg", "won"),
)  # fmt: skip

# Of each moment: title, kind, when (see below), whose (empty: of the network), place, story, picture (or none).
MOMENTS = (
    ("A estrada que a comunidade abriu", "struggle", (1978, None, None, True), "Quilombo Doce Ivaporã", "Eldorado",
     "Não havia estrada. Levava-se a banana no lombo do burro até o rio, e o atravessador pagava o que queria. Em mutirão, de enxada, a comunidade abriu os seis quilômetros até a balsa.", "road"),
    ("O primeiro tacho de doce", "work", (1992, None, None, False), "Quilombo Doce Ivaporã", "Eldorado",
     "A banana que não vendia apodrecia no pé. Três mulheres juntaram um tacho emprestado e fizeram doce para a festa da padroeira. Vendeu tudo antes da missa.", ""),
    ("A terra foi conquistada", "conquest", (2004, 8, 7, False), "Assentamento Terra Nossa", "Itapeva",
     "Depois de três anos de lona na beira da estrada, saiu a imissão de posse. Quarenta e oito famílias. O primeiro feijão foi plantado junto, e junto foi colhido.", "field"),
    ("Começa a cooperativa do mel", "foundation", (2007, 9, None, False), "Cooperativa Mel de Itapeva", "Itapeva",
     "Vinte e nove apicultores, cada um com suas caixas. A ata foi escrita à mão, porque acabou a luz.", ""),
    ("A farinheira pegou fogo", "loss", (2013, 6, 2, False), "Farinheira do Guapiara", "Guapiara",
     "O forno velho passou a noite aceso. De manhã só havia as paredes. Ninguém se feriu. Em quatro meses, com telha de um e tijolo de outro, a farinheira estava de pé.", ""),
    ("As costureiras alugam a primeira sala", "conquest", (2014, 3, None, False), "Costureiras da Ponte", "Registro",
     "Antes cada uma costurava em casa, por peça, para quem pagava menos. A sala debaixo da ponte tinha goteira, mas era delas.", ""),
    ("A grande enchente", "loss", (2016, 1, 12, False), "", "Vale do Ribeira",
     "O rio subiu oito metros em uma noite. Perderam-se lavouras, fornos e máquinas. Quem tinha casa alta abriu a porta. Foi ali que gente de municípios diferentes se conheceu.", "river"),
    ("A festa do divino volta à rua", "feast", (2017, 5, None, False), "Grupo Ervas do Quilombo", "Eldorado",
     "Fazia onze anos que a bandeira não saía. As mais velhas ensinaram o canto às crianças.", ""),
    ("Caderno de receitas das mães", "learning", (2018, None, None, False), "Cozinha Comunitária Mãos de Mãe", "Registro",
     "Cada marmita tinha uma medida na cabeça de quem fazia. Escrever tudo levou um ano e ensinou a calcular o preço.", ""),
    ("Os entregadores deixam o aplicativo", "struggle", (2021, 4, None, False), "Pedal Ribeira", "Registro",
     "Onze pessoas bloqueadas no mesmo dia, por pararem um domingo. Na segunda-feira compraram três bicicletas usadas com a vaquinha da feira.", ""),
    ("Quem teve a ideia", "people", (2022, 10, None, False), "", "Registro",
     "Foi uma conversa de fila: quatro padarias compravam a mesma farinha do mesmo vendedor, cada uma por um preço.", ""),
    ("A assembleia de fundação da rede", "foundation", (-2, 0, 0, False), "", "Salão do sindicato, Eldorado",
     "Vinte e quatro empreendimentos de três territórios. Ficou decidido que preço, taxa e partilha se decidem em assembleia, e que a conta fica aberta a quem quiser ler.", "assembly"),
    ("A primeira compra juntos", "conquest", (-2, 3, 0, False), "", "Galpão de Registro",
     "Farinha, açúcar e óleo para catorze cozinhas e padarias. O caminhão atrasou um dia; ninguém arredou pé.", ""),
    ("A enchente levou a produção, e a rede esperou", "struggle", (-1, 2, 0, False), "", "Sete Barras",
     "Um grupo não pôde pagar a sua parte. A assembleia perdoou o resto e o sindicato mandou sementes.", ""),
    ("Curso de conta aberta", "learning", (0, -1, 0, False), "", "Itapeva",
     "Dezoito pessoas aprenderam a ler a prestação de contas da rede, do número até a nota.", ""),
)  # fmt: skip
"""Years above zero are years; else so many years before today, with months after the network's founding."""

# What the drawn pictures show, in words.
PICTURES = {
    "road": "Desenho: uma estrada sobe o morro entre bananeiras.",
    "field": "Desenho: sol sobre uma roça em fileiras.",
    "river": "Desenho: casas com a água do rio até a porta.",
    "assembly": "Desenho: pessoas em roda, sentadas, sem rosto.",
}  # fmt: skip
