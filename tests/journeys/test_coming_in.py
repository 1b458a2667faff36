# SPDX-License-Identifier: AGPL-3.0-or-later
"""A group without papers comes in from a phone, asks on the bus and buys while the coordinator is away (N3, N4, B2).

And who is refused on the same ground: each is told why.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import TYPE_CHECKING, Any

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.db import IntegrityError, transaction
from PIL import Image
from playwright.sync_api import expect

from mutirao.admission import operations as admission
from mutirao.admission.errors import CompanyIsPartner
from mutirao.admission.models import Application
from mutirao.kernel import clock
from mutirao.kernel.audit import check_chain
from mutirao.kernel.models import AuditEntry
from mutirao.network import operations
from mutirao.network.core.standing import MEMBER
from mutirao.network.errors import CompanyCannotBeMember
from mutirao.network.models import Enterprise, Person, RoleAssignment
from mutirao.purchasing.models import Need, PurchaseRound, Quote
from tests import factories
from tests.journeys.doing import PASSWORD, enter, field, fits, press
from tests.journeys.phones import ready, wait_for
from tests.purchasing import factories as buying

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from mutirao.kernel.actors import Actor

pytestmark = pytest.mark.journey
GROUP = "Quitandeiras do Morro"
KEY = "semente-boa-de-2026"


def photo(colour: str) -> dict[str, Any]:
    """What a phone's camera gives."""
    out = io.BytesIO()
    Image.new("RGB", (1200, 900), colour).save(out, "JPEG")
    return {"name": f"{colour}.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def code_of(secret: str) -> str:
    return str(totp.format_hotp_value(totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time()))))


class Story:
    """The people, their windows, and what they do, chapter by chapter."""

    def __init__(self, network: Any, coordinator: Actor, open_page: Any, sign_in: Any, shot: Any) -> None:
        self.network, self.coordinator, self.open_page, self.sign_in = network, coordinator, open_page, sign_in
        self.shot = shot
        self.base = f"/rede/{network.slug}/"
        factories.municipality(name="Registro", folded="registro")
        admission.edit_settings(network, reviewers_needed=2, actor=coordinator)
        self.lia = Person.objects.get(pk=coordinator.person_id)
        Person.objects.filter(pk=self.lia.pk).update(name="Lia Coordenadora", folded="lia coordenadora")
        self.desk = self.window(self.lia, 1280, 900)

    def window(self, person: Person, width: int = 360, height: int = 740, **more: Any) -> Page:
        page: Page = self.open_page(width, height, **more)
        self.sign_in(page, person)
        return page

    def look(self, page: Page, name: str) -> None:
        """The page is whole, and a picture of it is kept."""
        assert fits(page), f"{name}: something sticks out sideways"
        self.shot(page, name)

    # 1. The group asks

    def ask_to_join(self) -> None:
        self.rosa = rosa = self.open_page(360, 740, worker=True)
        rosa.goto(f"/associar/{self.network.slug}/")
        self.look(rosa, "01-asking")
        field(rosa, "Nome do grupo").fill(GROUP)
        rosa.get_by_label("Forma").select_option(label="grupo informal")
        field(rosa, "O que faz").fill("quitandas e bolos")
        field(rosa, "Quantas pessoas").fill("7")
        rosa.get_by_label("Município").fill("Registro (SP)")
        field(rosa, "Com quem falar").fill("Rosa Lima")
        field(rosa, "Telefone").fill("(13) 5550-2020")
        rosa.wait_for_timeout(3_100)  # nobody fills it in faster
        press(rosa, "Começar o pedido")
        expect(rosa.get_by_text("Guarde este endereço")).to_be_visible()
        self.look(rosa, "02-private-link")
        self.link = rosa.url.split("?")[0]

    def show_evidence(self) -> None:
        """Another day, by the private link alone."""
        rosa = self.rosa
        rosa.goto("about:blank")
        rosa.goto(self.link)
        press(rosa, "Enviar o pedido à rede")
        expect(rosa.get_by_text("Antes de enviar, falta").first).to_be_visible()
        rosa.goto(self.link)
        criteria = [str(link.get_attribute("href")) for link in rosa.locator("main a[href*='/criterio/']").all()]
        assert len(criteria) > 2
        for number, address in enumerate(criteria):
            rosa.goto(address)
            field(rosa, "Conte com suas palavras").fill("Decidimos tudo em roda, toda segunda-feira.")
            if number < 2:
                kind = ("declaração", "lista")[number]
                value = rosa.get_by_role("option", name=re.compile(kind)).first.get_attribute("value")
                rosa.get_by_label("O que é o arquivo").select_option(value)
                rosa.get_by_label("Foto ou PDF").set_input_files(photo(("orange", "green")[number]))
                self.look(rosa, f"03-criterion-{number}")
            press(rosa, "Guardar")
            expect(rosa.get_by_text("Guardado.")).to_be_visible()
        self.look(rosa, "04-ready")
        press(rosa, "Enviar o pedido à rede")
        expect(rosa.get_by_text("falta:")).to_have_count(0)
        application = Application.objects.get()
        assert application.state == Application.State.SUBMITTED
        assert application.evidence.count() == 2

    # 2. The network reviews

    def name_reviewers(self) -> None:
        """Three people come into question; one is a cousin of the group's and says so."""
        self.ana, self.beto, self.cida = (factories.person(name=name) for name in ("Ana Reis", "Beto Sá", "Cida Luz"))
        for person, role in ((self.ana, "council"), (self.beto, "training"), (self.cida, "sales")):
            factories.role(person, role)
        desk, page = self.desk, f"{self.base}admissao/1/"
        desk.goto(f"{self.base}admissao/")
        desk.get_by_role("link", name=re.compile(GROUP)).click()
        press(desk, "Nomear quem examina")
        for person in (self.ana, self.cida):
            desk.get_by_role("checkbox", name=re.compile(person.name)).check()
        press(desk, "Nomear")
        expect(desk.get_by_text("Nomes guardados.")).to_be_visible()
        cida = self.window(self.cida)
        cida.goto(page)
        cida.get_by_text("Mais ações").click()
        press(cida, "Tenho ligação com o grupo")
        field(cida, "Qual é a ligação").fill("prima da Rosa")
        press(cida, "Declarar")
        expect(cida.get_by_text("você não examina este pedido")).to_be_visible()
        cida.goto(page + "examinar/")
        expect(cida.get_by_role("button", name="Votar")).to_have_count(0)
        desk.goto(page + "quem-examina/")
        expect(desk.get_by_role("checkbox", name=re.compile("Cida Luz"))).to_have_count(0)
        expect(desk.get_by_text("declarou ligação com o grupo (prima da Rosa)")).to_be_visible()
        self.look(desk, "05-reviewers")
        desk.get_by_role("checkbox", name=re.compile("Beto Sá")).check()
        press(desk, "Nomear")
        expect(desk.get_by_text("Nomes guardados.")).to_be_visible()

    def ask_and_answer(self) -> None:
        ana = self.ana_page = self.window(self.ana)
        ana.goto(f"{self.base}admissao/1/perguntar/")
        field(ana, "Pergunta ao grupo").fill("Como repartem o que ganham?")
        press(ana, "Perguntar")
        self.rosa.goto(self.link)
        press(self.rosa, "Responder")
        field(self.rosa, "Resposta").fill("Em partes iguais, pelas horas de cada uma.")
        press(self.rosa, "Guardar")
        expect(self.rosa.get_by_text("Resposta enviada.")).to_be_visible()

    def vote(self) -> None:
        beto = self.window(self.beto)
        for page, reason in ((self.ana_page, "Visitei: todas decidem."), (beto, "O trabalho é de todas elas.")):
            page.goto(f"{self.base}admissao/1/examinar/")
            for choice in page.get_by_role("radio", name=re.compile("^atende", re.I)).all():
                choice.check()
            page.get_by_role("radio", name=re.compile("^aceitar", re.I)).check()
            field(page, "Por quê").fill(reason)
            self.look(page, f"06-review-{reason[:7]}")
            press(page, "Votar")
            expect(page.get_by_text("Voto registrado.")).to_be_visible()
        expect(beto.get_by_text("Visitei: todas decidem.").first).to_be_visible()
        self.look(beto, "07-decided")
        self.enterprise = Enterprise.objects.get(name=GROUP)
        assert self.enterprise.standing == MEMBER

    # 3. Inside

    def open_round(self) -> None:
        products = [factories.product(name="Farinha de trigo"), factories.product(name="Açúcar mascavo")]
        self.round = buying.open_round(self.network, self.coordinator, products=products)
        self.good = buying.goods(self.round)[0]

    def check_the_certificate(self) -> None:
        """Whoever gets the paper follows its code from any phone, without an account."""
        desk = self.desk
        desk.goto(f"{self.base}admissao/empreendimentos/{self.enterprise.pk}/")
        address = str(desk.get_by_role("link", name="Página em que qualquer pessoa confere").get_attribute("href"))
        paper = desk.request.get(f"{self.base}admissao/empreendimentos/{self.enterprise.pk}/certificados/1/")
        assert paper.body().startswith(b"%PDF-")
        anyone = self.open_page(360, 740)
        anyone.goto(address)
        expect(anyone.get_by_text(f"{GROUP} é membro da {self.network.name} hoje.")).to_be_visible()
        assert "Rosa" not in anyone.locator("main").inner_text()
        self.look(anyone, "08-certificate")
        code = address.rstrip("/").rsplit("/", 1)[1]
        anyone.goto("/certificado/")
        field(anyone, "Código do certificado").fill(code.lower())
        press(anyone, "Conferir")
        expect(anyone.get_by_text(f"{GROUP} é membro da {self.network.name} hoje.")).to_be_visible()
        anyone.goto(address.replace(code, code[::-1]))
        expect(anyone.get_by_text("Não há certificado com este código.")).to_be_visible()

    def open_account(self) -> None:
        rosa = self.rosa
        rosa.goto(self.link)
        expect(rosa.get_by_text("Visitei: todas decidem.")).to_be_visible()
        self.look(rosa, "09-admitted")
        press(rosa, "Criar minha conta e entrar")
        field(rosa, "Seu nome").fill("Rosa Lima")
        field(rosa, "Seu e-mail").fill("rosa@quitandeiras.example")
        rosa.get_by_role("radio", name="Com uma senha").check()
        rosa.get_by_label(re.compile("^Senha")).fill(KEY)
        self.look(rosa, "10-account")
        press(rosa, "Criar conta e aceitar")
        expect(rosa.get_by_role("heading", level=1)).to_contain_text("Rosa")
        rosa.wait_for_load_state("networkidle")
        held = RoleAssignment.objects.get(person__email="rosa@quitandeiras.example")
        assert (held.role, held.enterprise) == ("enterprise_coordinator", self.enterprise)
        self.rosa_lima = held.person

    # 4. The needs, on the bus

    def enter_needs_without_network(self) -> None:
        rosa, list_ = self.rosa, buying.url(self.round, f"pedidos/{self.enterprise.pk}/")
        ready(rosa, self.rosa_lima)
        rosa.context.set_offline(True)
        rosa.goto(list_)
        field(rosa, "Farinha de trigo").fill("30,5")
        press(rosa, "Enviar o pedido")
        expect(rosa.get_by_text("Vai sozinho quando houver rede")).to_be_visible()
        self.look(rosa, "11-on-the-bus")
        assert not Need.objects.exists()
        rosa.context.set_offline(False)
        wait_for(lambda: Need.objects.filter(good=self.good).exists(), rosa)
        rosa.wait_for_url(re.compile("/resumo/"))  # the page goes on by itself
        expect(rosa.get_by_text("30,5 kg").first).to_be_visible()
        expect(rosa.locator("outbox-bar")).to_be_hidden()
        assert [str(need.quantity.normalize()) for need in Need.objects.all()] == ["30.5"]
        assert AuditEntry.objects.filter(act="purchasing.needs_entered").count() == 1

    # 5. The coordinator is on leave

    def delegate(self) -> None:
        self.caio = factories.person(name="Caio Rocha", password=PASSWORD)
        factories.role(self.caio, "sales")
        self.secret = totp.generate_totp_secret()
        totp.TOTP.activate(self.caio, self.secret)
        desk = self.desk
        desk.goto(f"{self.base}equipe/")
        press(desk, "Vou me ausentar")
        desk.get_by_role("checkbox", name=re.compile("Coordenação")).check()
        desk.get_by_label(re.compile("^Com quem ficam")).fill("Caio Rocha")
        desk.get_by_label(re.compile("^Até o dia")).fill((clock.today() + dt.timedelta(days=10)).isoformat())
        field(desk, "Motivo").fill("licença-maternidade")
        self.look(desk, "12-leave")
        press(desk, "Delegar")
        expect(desk.get_by_text("Até").filter(has_text="Caio Rocha").first).to_be_visible()
        self.look(desk, "13-team")

    def stand_in_signs_in(self) -> None:
        """With the password and the second step: what was left to him moves money."""
        self.stand_in = page = self.open_page(1280, 900)
        page.goto("/conta/entrar/")
        field(page, "E-mail").fill(self.caio.email)
        page.get_by_label(re.compile("^Senha")).fill(PASSWORD)
        press(page.locator("main"), "Entrar")
        expect(page.get_by_role("heading", level=1, name="Segunda etapa")).to_be_visible()
        field(page, "Código").fill(code_of(self.secret))
        press(page.locator("main"), "Entrar")
        expect(page.get_by_role("heading", level=1, name=re.compile("Olá"))).to_be_visible()

    def close_needs(self) -> None:
        page = self.stand_in
        page.goto(buying.url(self.round, "fechar-pedidos/"))
        press(page, "Fechar os pedidos")
        expect(page.get_by_text("Pedidos fechados. Agora é cotar.")).to_be_visible()

    # 6. The supplier answers by its link

    def ask_suppliers(self) -> list[str]:
        for name in ("Moinho da Várzea", "Armazém Central"):
            factories.supplier(name=name)
        page = self.stand_in
        page.goto(buying.url(self.round, "cotacoes/links/novo/"))
        for box in page.get_by_role("checkbox").all():
            box.check()
        press(page, "Criar os endereços")
        links = []
        for name in ("Moinho da Várzea", "Armazém Central"):
            page.goto(buying.url(self.round, "cotacoes/links/"))
            page.get_by_role("link", name=re.compile(name)).click()
            found = re.search(r"https?://\S+?(/cotar/[\w-]+/)", page.locator("main").inner_text())
            assert found, name
            links.append(found[1])
        self.look(page, "14-supplier-link")
        return links

    def quote(self) -> None:
        mill, store = self.ask_suppliers()
        assert mill != store
        one, other = self.open_page(360, 740), self.open_page(360, 740)
        one.goto(mill)
        one.get_by_label("Preço por kg, Farinha de trigo").fill("4,75")
        one.get_by_label("Tamanho da embalagem, Farinha de trigo").fill("25")
        self.look(one, "15-supplier")
        press(one, "Enviar a cotação")
        expect(one.get_by_text("Recebemos a sua cotação")).to_be_visible()
        self.refused_to_read_anothers_quote(other, mill, store)
        other.goto(store)
        other.get_by_label("Preço por kg, Farinha de trigo").fill("5,20")
        press(other, "Enviar a cotação")
        expect(other.get_by_text("Recebemos a sua cotação")).to_be_visible()
        assert {str(row.supplier) for row in Quote.objects.all()} == {"Moinho da Várzea", "Armazém Central"}

    def refused_to_read_anothers_quote(self, page: Page, mill: str, store: str) -> None:
        """The store tries its own link with something changed, with and without the round's other addresses."""
        quote = Quote.objects.get()
        page.goto(store)
        assert "4,75" not in page.content()
        assert "Moinho" not in page.content()
        token = store.strip("/").rsplit("/", 1)[1]
        for tried in (token[:-1] + ("a" if token[-1] != "a" else "b"), token.swapcase(), token + "1", token[:-1]):
            answer = page.goto(f"/cotar/{tried}/")
            assert answer is not None
            assert answer.status == 404, tried
            expect(page.get_by_text("Este endereço não vale")).to_be_visible()
        self.look(page, "16-changed-link")
        for query in (
            f"?quote={quote.pk}",
            f"?request={mill.strip('/').rsplit('/', 1)[1]}",
            f"?supplier={quote.supplier_id}",
        ):
            page.goto(store + query)
            assert "4,75" not in page.content(), query
        page.goto(buying.url(self.round, f"cotacoes/{quote.pk}/"))
        expect(page.get_by_role("heading", level=1, name="Entrar")).to_be_visible()

    # 7. The stand-in takes the round on

    def award(self) -> None:
        page = self.stand_in
        page.goto(buying.url(self.round, "comparar/"))
        press(page, "Comparar agora")
        press(page, "Escolher esta")
        expect(page.get_by_text("Divisão escolhida")).to_be_visible()
        page.locator("main").get_by_role("button", name="Levar à aprovação").click()
        expect(page.get_by_text("levada aos empreendimentos")).to_be_visible()
        self.rosa.goto(buying.url(self.round))
        press(self.rosa, f"Responder por {GROUP}")
        press(self.rosa, "Aprovar")
        expect(self.rosa.get_by_text("aprova").first).to_be_visible()
        page.goto(buying.url(self.round, "encomendas/"))
        press(page, "Preparar os pedidos")
        links = page.locator("main ul.rows a")
        expect(links).to_have_count(2)  # a sack from the mill, the rest loose from the store
        orders = [str(link.get_attribute("href")) for link in links.all()]
        for address in orders:
            page.goto(address)
            press(page, "Marcar como enviado")
            expect(page.get_by_text("marcado como enviado")).to_be_visible()
        self.round.refresh_from_db()
        assert self.round.state == PurchaseRound.State.ORDERED

    def read_the_trail(self) -> None:
        """Every step says in whose place it was done; the coordinator reads it when she is back."""
        did = AuditEntry.objects.filter(actor_person_id=self.caio.pk, act__startswith="purchasing.")
        acts = set(did.values_list("act", flat=True))
        assert {"purchasing.needs_closed", "purchasing.chosen", "purchasing.order_sent"} <= acts, acts
        assert {entry.data.get("in_place_of") for entry in did} == {"Lia Coordenadora"}
        self.desk.goto(f"{self.base}registro/")
        row = self.desk.get_by_role("row", name=re.compile("Caio Rocha")).first
        expect(row).to_contain_text("no lugar de Lia Coordenadora, como Coordenação")
        self.look(self.desk, "17-trail")
        assert check_chain(self.network.pk) is None


def test_a_group_comes_in_asks_on_the_bus_and_buys_while_the_coordinator_is_away(
    network: Any, coordinator: Actor, open_page: Callable[..., Page], sign_in: Any, shot: Any, site: Any, settings: Any
) -> None:
    settings.ADDRESS = site.url
    story = Story(network, coordinator, open_page, sign_in, shot)
    story.ask_to_join()
    story.show_evidence()
    story.name_reviewers()
    story.ask_and_answer()
    story.vote()
    story.check_the_certificate()
    story.open_round()
    story.open_account()
    story.enter_needs_without_network()
    story.delegate()
    story.stand_in_signs_in()
    story.close_needs()
    story.quote()
    story.award()
    story.read_the_trail()


# --- refused, each with its reason -----------------------------------------------------------------------------------


def test_a_company_a_dismissed_technician_and_a_non_member_are_refused_in_words(
    network: Any, coordinator: Actor, open_page: Callable[..., Page], sign_in: Any, shot: Any
) -> None:
    company_asks_to_join(network, open_page(360, 740), shot)
    company_is_brought_in_by_hand(coordinator)
    dismissed_technician_signs_in(network, coordinator, open_page(360, 740), shot)
    desk = open_page(1280, 900)
    sign_in(desk, Person.objects.get(pk=coordinator.person_id))
    non_member_asks_by_import(network, coordinator, desk, shot)


def company_asks_to_join(network: Any, page: Page, shot: Any) -> None:
    page.goto(f"/associar/{network.slug}/")
    field(page, "Nome do grupo").fill("Doces Ltda")
    page.get_by_label("Forma").select_option("company")
    field(page, "Com quem falar").fill("Seu Nestor")
    page.wait_for_timeout(3_100)
    press(page, "Começar o pedido")
    press(page, "Enviar o pedido à rede")
    expect(page.get_by_role("heading", name="Por que o pedido foi recusado")).to_be_visible()
    expect(page.get_by_text("Uma empresa não pode ser membro")).to_be_visible()
    expect(page.get_by_text("O caminho de uma empresa é ser parceira")).to_be_visible()
    assert fits(page)
    shot(page, "company")
    assert not Enterprise.objects.exists()


def company_is_brought_in_by_hand(coordinator: Actor) -> None:
    """Neither by a request that the coordination opens, nor as a founder, nor in the database."""
    company = factories.enterprise(name="Massas Ltda", legal_form="company")
    with pytest.raises(CompanyIsPartner, match="Uma empresa não pode ser membro"):
        admission.propose(company, contact_name="Seu Nestor", actor=coordinator)
    with pytest.raises(CompanyCannotBeMember):
        operations.recognise_founder(company, minutes_on=clock.today(), minutes_kept="pasta", actor=coordinator)
    with pytest.raises(IntegrityError), transaction.atomic():
        Enterprise.objects.filter(pk=company.pk).update(standing=MEMBER, member_since=clock.today())


def dismissed_technician_signs_in(network: Any, coordinator: Actor, page: Page, shot: Any) -> None:
    technician = factories.person(name="Téo Dias", password=PASSWORD)
    factories.role(technician, "purchasing")
    enter(page, technician)
    page.goto(f"/rede/{network.slug}/rodadas/")
    expect(page.get_by_role("heading", level=1, name=re.compile("Rodadas"))).to_be_visible()
    operations.dismiss(technician, actor=coordinator, reason="Saiu da equipe")
    page.goto(f"/rede/{network.slug}/rodadas/")
    expect(page.get_by_role("heading", level=1, name="Entrar")).to_be_visible()
    field(page, "E-mail").fill(technician.email)
    page.get_by_label(re.compile("^Senha")).fill(PASSWORD)
    press(page.locator("main"), "Entrar")
    expect(page.get_by_text("Seu último papel").or_(page.get_by_text("Você já não tem papel")).first).to_be_visible()
    assert fits(page)
    shot(page, "dismissed")
    answer = page.goto(f"/rede/{network.slug}/rodadas/")
    assert answer is not None
    assert answer.status == 403


def non_member_asks_by_import(network: Any, coordinator: Actor, desk: Page, shot: Any) -> None:
    factories.enterprise(name="Mãos da Serra")
    factories.enterprise(name="Doces Ltda", legal_form="company")
    round_ = buying.open_round(network, coordinator, products=[factories.product(name="Ovos", unit="dz")])
    desk.goto(f"/rede/{network.slug}/importar/needs/?round={round_.number}")
    text = "Empreendimento;Produto;Quantidade\nMãos da Serra;Ovos;10\nDoces Ltda;Ovos;500\n"
    desk.get_by_label("Planilha").set_input_files(
        {"name": "pedidos.csv", "mimeType": "text/csv", "buffer": text.encode()}
    )
    press(desk, "Ver o que será importado")
    expect(
        desk.get_by_text("“Doces Ltda” não pede em rodadas: na rede, sua situação é “parceiro”.").first
    ).to_be_visible()
    expect(desk.get_by_role("button", name="Importar agora")).to_have_count(0)
    shot(desk, "import")
    assert not Need.objects.exists()
