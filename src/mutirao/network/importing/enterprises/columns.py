# SPDX-License-Identifier: AGPL-3.0-or-later
"""The columns of a sheet of enterprises, and the words that people write in them."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext_lazy

from mutirao.kernel.core.text import fold
from mutirao.network.core import standing
from mutirao.network.importing.abroad import AnyTaxNumber, CountryName, WebAddress
from mutirao.network.importing.columns import Choice, Code, Day, Email, Number, Text, Whole
from mutirao.network.importing.registry import Column
from mutirao.network.models import Enterprise

FORM_WORDS = {
    "coop": "cooperative", "cooperativa": "cooperative", "cooperativas": "cooperative", "cooperative": "cooperative",
    "assoc": "association", "associacao": "association", "association": "association", "instituto": "association",
    "grupo": "informal", "coletivo": "informal", "grupo informal": "informal", "informal": "informal",
    "informal group": "informal", "familiar": "family", "familia": "family", "agroindustria familiar": "family",
    "family": "family", "empresa": "company", "ltda": "company", "eireli": "company", "mei": "company",
    "company": "company", "asociacion": "association", "asso": "association", "asbl": "association",
    "fundacion": "association", "grupo de hecho": "informal", "colectivo": "informal", "collectif": "informal",
    "groupe informel": "informal", "groupe": "informal", "empresa familiar": "family", "familial": "family",
    "sociedad": "company", "entreprise": "company", "societe": "company", "sarl": "company", "gmbh": "company",
    "scop": "cooperative", "scic": "cooperative", "sccl": "cooperative", "genossenschaft": "cooperative",
}  # fmt: skip
STANDINGS = {
    code: label
    for code, label in Enterprise.Standing.choices
    if code in (standing.CANDIDATE, standing.MEMBER, standing.PARTNER)
}
STANDING_WORDS = {
    "candidata": standing.CANDIDATE, "parceira": standing.PARTNER, "fornecedor": standing.PARTNER,
    "fornecedora": standing.PARTNER, "compradora": standing.PARTNER, "comprador": standing.PARTNER,
    "fundador": standing.MEMBER, "fundadora": standing.MEMBER, "membro fundador": standing.MEMBER,
    "founder": standing.MEMBER, "member": standing.MEMBER, "socia": standing.MEMBER, "associada": standing.MEMBER,
}  # fmt: skip
MINUTES = ("founding_minutes_on", "founding_minutes_kept")


def guess_legal_form(name: str) -> str:
    """The legal form that a name itself tells ("Cooperativa dos…", "Assoc. …"); empty when it tells none."""
    words = "".join(mark if mark.isalnum() else " " for mark in fold(name)).split()
    for word in words:
        if word.startswith(("coop", "koop", "genossenschaft")) or word.endswith(("coop", "koop")):
            return "cooperative"
        if word in ("scop", "scic", "sccl", "operative"):  # "Co-operative" falls in two
            return "cooperative"
        if word in ("associacao", "assoc", "asso", "association", "asociacion", "asbl", "vzw", "ev"):
            return "association"
    if words and words[-1] in ("ltda", "eireli", "sa", "me", "epp", "sarl", "sas", "gmbh", "ltd"):
        return "company"
    return "informal" if words[:1] in (["grupo"], ["coletivo"], ["colectivo"], ["collectif"], ["groupe"]) else ""


COLUMNS = (
    Column(
        "name", gettext_lazy("Nome"), Text(160),
        ("nome do empreendimento", "empreendimento", "nome fantasia", "razao social", "nome da cooperativa",
         "cooperativa", "associacao", "grupo", "enterprise", "enterprise name"),
        required=True, example="Cooperativa Mãos da Serra",
    ),
    Column(
        "legal_form", gettext_lazy("Forma"), Choice(dict(Enterprise.LegalForm.choices), FORM_WORDS),
        ("forma juridica", "natureza juridica", "tipo", "forma de organizacao", "legal form", "type"),
        help=gettext_lazy("Vazio: pelo nome, quando o nome diz (“Cooperativa…”, “Associação…”)."),
        example="cooperativa",
    ),
    Column(
        "country", gettext_lazy("País"), CountryName(), ("pais", "pays", "country", "codigo do pais", "country code"),
        help=gettext_lazy("Nome ou duas letras. Vazio: o país da rede."),
    ),
    Column(
        "tax_id", gettext_lazy("Número do registro"), AnyTaxNumber(),
        ("cnpj ou cpf", "cnpj or cpf", "cnpj", "cpf", "cnpj cpf", "cpf cnpj", "registro", "documento", "tax number",
         "registration", "nif", "cif", "siret", "siren", "cuit", "rut", "rfc", "nit", "vat", "numero de registro"),
        help=gettext_lazy(
            "Com ou sem pontos; CNPJ com letras também. De outro país, o registro de lá. Vazio: sem registro."
        ),
    ),
    Column(
        "activity", gettext_lazy("O que faz"), Text(160),
        ("atividade", "atividade principal", "ramo", "o que produz", "producao", "produtos", "descricao", "activity"),
        example="doces e geleias",
    ),
    Column(
        "value_chain", gettext_lazy("Cadeia produtiva"), Text(80), ("cadeia", "segmento", "setor", "value chain"),
        help=gettext_lazy("Se ainda não existir na rede, é criada."), example="frutas",
    ),
    Column(
        "territory", gettext_lazy("Território"), Text(80), ("regiao", "polo", "nucleo", "territory", "region"),
        help=gettext_lazy("Se ainda não existir na rede, é criado."), example="Serra",
    ),
    Column(
        "municipality", gettext_lazy("Município"), Text(120),
        ("cidade", "municipio uf", "cidade uf", "codigo ibge", "ibge", "municipality", "city", "ciudad", "ville",
         "commune", "localidad", "town"),
        help=gettext_lazy("Com o estado (Lagoinha/SP) ou pelo código IBGE. De outro país, o nome da cidade."),
    ),
    Column("state", gettext_lazy("UF"), Text(80), ("estado", "sigla do estado", "state", "provincia", "province")),
    Column(
        "postal_code", gettext_lazy("CEP ou código postal"), Code(12),
        ("cep", "codigo postal", "code postal", "postal code", "postcode", "zip", "zip code"),
    ),
    Column(
        "address", gettext_lazy("Endereço"), Text(200), ("logradouro", "rua", "endereco completo", "address"),
        example="Estrada da Serra, km 4",
    ),
    Column(
        "latitude", gettext_lazy("Latitude"), Number(Decimal(-90), Decimal(90), places=5, rounding=True), ("lat",),
        help=gettext_lazy("Em graus, junto com a longitude. Vazio: vale a do município."),
    ),
    Column(
        "longitude", gettext_lazy("Longitude"), Number(Decimal(-180), Decimal(180), places=5, rounding=True),
        ("lon", "lng", "long"),
    ),
    Column(
        "member_count", gettext_lazy("Pessoas que participam"), Whole(maximum=Decimal(10_000_000)),
        ("pessoas", "numero de pessoas", "n de pessoas", "socios", "cooperados", "numero de socios",
         "numero de cooperados", "associados", "integrantes", "familias", "members", "member count"),
        example="24",
    ),
    Column(
        "founded_on", gettext_lazy("Começou em"), Day(),
        ("fundacao", "data de fundacao", "fundada em", "inicio", "data de inicio", "founded on", "founded"),
        example="15/03/2009",
    ),
    Column(
        "joined_on", gettext_lazy("Na rede desde"), Day(),
        ("data de entrada", "entrada na rede", "adesao", "data de adesao", "joined on"),
        help=gettext_lazy("Vazio: hoje, para quem é novo."),
    ),
    Column(
        "standing", gettext_lazy("Situação na rede"), Choice(STANDINGS, STANDING_WORDS),
        ("situacao", "situacao na rede", "condicao", "standing"),
        help=gettext_lazy("Membro só se for fundador, com a ata. Vazio: candidato; se for empresa, parceiro."),
    ),
    Column(
        "founding_minutes_on", gettext_lazy("Ata de fundação de"), Day(),
        ("data da ata", "data da ata de fundacao", "ata de fundacao", "founding minutes"),
        help=gettext_lazy("O dia da ata que diz que este empreendimento fundou a rede."),
    ),
    Column(
        "founding_minutes_kept", gettext_lazy("Onde está a ata"), Text(200),
        ("local da ata", "onde a ata esta guardada", "founding minutes kept"),
    ),
    Column(
        "contact_name", gettext_lazy("Contato"), Text(120),
        ("nome do contato", "pessoa de contato", "responsavel", "coordenador", "coordenadora", "presidente",
         "representante", "contact", "contact name"),
        help=gettext_lazy("Mais de um contato: repita a linha do empreendimento."), example="Ana Souza",
    ),
    Column(
        "duty", gettext_lazy("Função do contato"), Text(80), ("funcao", "cargo", "duty", "contact duty"),
        example="coordenadora",
    ),
    Column(
        "phone", gettext_lazy("Telefone"), Code(30),
        ("celular", "whatsapp", "fone", "telefone do contato", "contato telefone", "tel", "phone"),
        example="(12) 99999-0000",
    ),
    Column(
        "email", gettext_lazy("E-mail"), Email(), ("email", "correio eletronico", "e mail do contato", "mail"),
        example="ana@exemplo.coop",
    ),
    Column(
        "website", gettext_lazy("Site"), WebAddress(),
        ("url", "website", "pagina", "pagina web", "site web", "sitio web", "endereco na internet", "web"),
    ),
    Column(
        "notes", gettext_lazy("Observações"), Text(2000), ("observacao", "obs", "anotacoes", "comentarios", "notes"),
    ),
)  # fmt: skip
CONTACT_COLUMNS = ("contact_name", "duty", "phone", "email")
TYPES = {column.field: column.type for column in COLUMNS}
