# SPDX-License-Identifier: AGPL-3.0-or-later
"""From one's own spreadsheet to the books, by the screens only: the whole life of a round."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from mutirao.kernel import clock
from mutirao.network.models import Enterprise
from mutirao.payments.models import Charge
from tests import factories
from tests.journeys.doing import field, fits, press

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

pytestmark = pytest.mark.journey

ENTERPRISES = """Nome;CNPJ ou CPF;O que faz;Município;UF;Latitude;Longitude;Pessoas que participam;Contato;Telefone;\
Situação;Ata de fundação de;Onde está a ata
Cooperativa Mãos da Serra;{tax_id};doces e geleias;Lagoinha;SP;-23,09123;-45,19;1.024;Rosa Lima;(12) 99123-4567;\
fundadora;10/05/2025;Cartório de Lagoinha
Associação Flor do Campo;;pães;Lagoinha;SP;;;18;Joana Prado;(12) 99888-1122;fundadora;10/05/2025;Cartório de Lagoinha
Grupo Pão da Terra;;panificação;Lagoinha;SP;;;7;Bento Alves;(12) 99777-3344;fundador;10/05/2025;Cartório de Lagoinha
"""
PRODUCTS = """Produto;Unidade;Categoria;Peso de uma unidade (kg)
Farinha de trigo;kg;Farinhas;
Açúcar mascavo;kg;Adoçantes;
Pote de vidro 500 ml;un;Embalagens;0,28
"""
SUPPLIERS = """Fornecedor;Da economia solidária;Do território;Com quem falar;Telefone
Moinho da Várzea;não;sim;José Lima;(12) 3333-0000
Armazém Central;não;não;Clara Dias;(11) 3222-1111
"""
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAIAAAACUFjqAAAAEklEQVR4nGP8z4APMOGVHbHSAEEsAROxCnMTAAAAAElFTkSuQmCC"
)


class Story:
    """The people, their windows, and what they do, chapter by chapter."""

    def __init__(self, network: Any, open_page: Any, sign_in: Any, shot: Any) -> None:
        self.network, self.open_page, self.sign_in = network, open_page, sign_in
        self.shot = shot
        self.base = f"/rede/{network.slug}/"
        factories.municipality(name="Lagoinha", folded="lagoinha")
        self.desk = self.somebody("Lia Técnica", "coordination", None, 1280, 900)

    def somebody(self, name: str, role: str, enterprise: Enterprise | None, width: int, height: int) -> Page:
        """A person with a role, signed in at a window of their own."""
        person = factories.person(name=name)
        factories.role(person, role, enterprise)
        page: Page = self.open_page(width, height)
        self.sign_in(page, person)
        return page

    def phone_of(self, name: str, enterprise: str) -> Page:
        return self.somebody(name, "enterprise_coordinator", Enterprise.objects.get(name=enterprise), 360, 740)

    def look(self, page: Page, name: str) -> None:
        """The page is whole, and a picture of it is kept."""
        assert fits(page), f"{name}: something sticks out sideways"
        self.shot(page, name)

    # 1. The spreadsheets

    def upload(self, kind: str, text: str, encoding: str = "utf-8") -> None:
        self.desk.goto(f"{self.base}importar/")
        self.desk.get_by_role("link", name=re.compile("^" + kind)).last.click()
        self.desk.get_by_label("Planilha").set_input_files(
            {"name": f"{kind}.csv", "mimeType": "text/csv", "buffer": text.encode(encoding)}
        )
        press(self.desk, "Ver o que será importado")

    def import_everything(self) -> None:
        self.upload("Empreendimentos", ENTERPRISES.format(tax_id="11.222.333/0001-82"), "cp1252")
        expect(self.desk.get_by_text("Há um ponto a corrigir")).to_be_visible()
        expect(self.desk.get_by_text("os dígitos finais não conferem").first).to_be_visible()
        expect(self.desk.get_by_role("button", name="Importar agora")).to_have_count(0)
        self.look(self.desk, "01-import-error")
        assert not Enterprise.objects.exists()
        self.upload("Empreendimentos", ENTERPRISES.format(tax_id="11.222.333/0001-81"), "cp1252")
        expect(self.desk.get_by_text("Pronto para importar")).to_be_visible()
        expect(self.desk.get_by_text("Associação Flor do Campo").first).to_be_visible()
        self.look(self.desk, "02-import-preview")
        press(self.desk, "Importar agora")
        expect(self.desk.get_by_text("Empreendimentos: 3 novos")).to_be_visible()
        for kind, text, done in (("Produtos", PRODUCTS, "3 novos"), ("Fornecedores", SUPPLIERS, "2 novos")):
            self.upload(kind, text)
            press(self.desk, "Importar agora")
            expect(self.desk.get_by_text(f"{kind}: {done}")).to_be_visible()
        self.look(self.desk, "03-imported")
        serra = Enterprise.objects.get(name="Cooperativa Mãos da Serra")
        assert (serra.member_count, str(serra.latitude)) == (1024, "-23.09123")

    # 2. The round

    def open_round(self) -> None:
        desk = self.desk
        desk.goto(f"{self.base}compras/locais/novo/")
        field(desk, "Nome").fill("Galpão da Serra")
        field(desk, "Endereço").fill("Estrada da Serra, km 4")
        desk.locator("main form button").last.click()
        desk.goto(f"{self.base}rodadas/nova/")
        field(desk, "Nome da rodada").fill("Farinhas de março")
        press(desk, "Preparar")
        desk.wait_for_url(re.compile(r"/rodadas/1/"))
        self.round = f"{self.base}rodadas/1/"
        desk.goto(f"{self.round}produtos/")
        for name in ("Farinha de trigo", "Açúcar mascavo", "Pote de vidro"):
            desk.get_by_role("checkbox", name=re.compile(name)).check()
        press(desk, "Acrescentar os marcados")
        expect(desk.get_by_text("3 produtos na lista")).to_be_visible()
        desk.goto(f"{self.round}editar/")
        desk.get_by_role("checkbox", name=re.compile("Galpão da Serra")).check()
        desk.get_by_label(re.compile("^Dia da reunião")).fill(clock.today().isoformat())
        field(desk, "O que a reunião decidiu").fill("Comprar juntos farinha, açúcar e potes, em partes iguais à falta.")
        field(desk, "Taxa da rodada").fill("12,50")
        field(desk, "Para que é a taxa").fill("Fundo de transporte")
        self.look(desk, "04-round-form")
        desk.locator("main form button[type=submit], main form button").last.click()
        desk.goto(self.round)
        self.look(desk, "05-round-draft")
        press(desk, "Abrir a rodada")
        desk.locator("main form button").last.click()
        expect(desk.get_by_role("heading", name="Divulgar a rodada")).to_be_visible()
        self.look(desk, "06-round-shared")
        press(desk, "Ir para a página da rodada")
        expect(desk.get_by_text(re.compile(r"nº 1 · pedidos até"))).to_be_visible()

    # 3. The needs

    def enter_needs(self) -> None:
        self.rosa = self.phone_of("Rosa Lima", "Cooperativa Mãos da Serra")
        self.joana = self.phone_of("Joana Prado", "Associação Flor do Campo")
        self.rosa.goto(self.base)
        self.look(self.rosa, "07-home-of-coordinator")
        self.rosa.goto(self.round)
        self.look(self.rosa, "08-round-on-phone")
        press(self.rosa, "Dizer o que precisamos")
        field(self.rosa, "Farinha de trigo").fill("30,5")
        self.rosa.locator("li.pick", has_text="Farinha de trigo").locator("summary").click()
        field(self.rosa, "Aceito até mais, Farinha de trigo").fill("5")
        field(self.rosa, "Pote de vidro").fill("120")
        self.look(self.rosa, "09-needs-list")
        press(self.rosa, "Enviar o pedido")
        expect(self.rosa.get_by_text("foi recebido")).to_be_visible()
        expect(self.rosa.get_by_text("30,5 kg").first).to_be_visible()
        self.look(self.rosa, "10-needs-summary")
        self.joana.goto(f"{self.round}meu-pedido/")
        field(self.joana, "Farinha de trigo").fill("12")
        field(self.joana, "Açúcar mascavo").fill("20,5")
        press(self.joana, "Enviar o pedido")
        expect(self.joana.get_by_text("foi recebido")).to_be_visible()

    def note_what_was_phoned(self) -> None:
        desk = self.desk
        desk.goto(f"{self.round}pedidos/quem-falta/")
        expect(desk.get_by_text("(12) 99777-3344")).to_be_visible()
        self.look(desk, "11-call-list")
        desk.get_by_role("link", name=re.compile("^Anotar o pedido.*Grupo Pão da Terra")).click()
        expect(field(desk, "Quem passou o pedido por telefone")).to_have_value("Bento Alves")
        field(desk, "Farinha de trigo").fill("8,25")
        field(desk, "Açúcar mascavo").fill("10")
        field(desk, "Pote de vidro").fill("60")
        press(desk, "Enviar o pedido")
        expect(desk.get_by_text("Bento Alves").first).to_be_visible()
        desk.goto(f"{self.round}pedidos/")
        expect(desk.get_by_text("50,75 kg").first).to_be_visible()
        self.look(desk, "12-needs-of-all")
        desk.goto(f"{self.round}fechar-pedidos/")
        self.look(desk, "13-close-needs")
        desk.locator("main form button").last.click()
        desk.wait_for_url(re.compile(r"/rodadas/1/$"))

    # 4. The quotes and the choice

    def enter_quotes(self) -> None:
        desk = self.desk
        desk.goto(f"{self.round}cotacoes/nova/")
        desk.get_by_role("link", name=re.compile("Moinho da Várzea")).click()
        field(desk, "Embalagem (kg), Farinha de trigo").fill("25")
        self.offer("Farinha de trigo", [("", "5,20"), ("50", "4,75")])
        self.offer("Açúcar mascavo", [("", "9,90")])
        field(desk, "Frete fixo").fill("10,00")
        self.look(desk, "14-quote")
        press(desk, "Guardar a cotação")
        expect(desk.get_by_text("desde 50 kg")).to_be_visible()
        desk.goto(f"{self.round}cotacoes/nova/")
        desk.get_by_role("link", name=re.compile("Armazém Central")).click()
        field(desk, "Embalagem (kg), Farinha de trigo").fill("25")
        field(desk, "Embalagem (un), Pote de vidro").fill("12")
        self.offer("Farinha de trigo", [("", "5,10")])
        self.offer("Açúcar mascavo", [("", "9,40"), ("30", "8,90")])
        self.offer("Pote de vidro", [("", "2,35"), ("150", "1,99")])
        field(desk, "Frete fixo").fill("20")
        press(desk, "Guardar a cotação")
        expect(desk.get_by_text("desde 150 un")).to_be_visible()
        desk.goto(f"{self.round}cotacoes/")
        expect(desk.get_by_text("Pedidos que ninguém cotou")).to_have_count(0)
        self.look(desk, "15-quotes")

    def offer(self, product: str, steps: list[tuple[str, str]]) -> None:
        for number, (start, price) in enumerate(steps):
            if start:
                self.desk.get_by_role("textbox", name=re.compile(rf"^a partir de \(\w+\), {product}")).nth(
                    number - 1
                ).fill(start)
            self.desk.get_by_role("textbox", name=re.compile(f"^preço, {product}")).nth(number).fill(price)

    def choose(self) -> None:
        desk = self.desk
        desk.goto(f"{self.round}comparar/")
        press(desk, "Comparar agora")
        for kind in ("Melhor divisão", "fornecedor só|só fornecedor|único", "sozinho"):
            expect(desk.get_by_role("heading", name=re.compile(kind, re.I)).first).to_be_visible()
        self.look(desk, "16-comparison")
        press(desk, "Escolher esta")
        expect(desk.get_by_text("Divisão escolhida")).to_be_visible()
        desk.locator("main").get_by_role("button", name="Levar à aprovação").click()
        expect(desk.get_by_text("levada aos empreendimentos")).to_be_visible()
        self.look(desk, "17-put-to-approval")

    def approve(self) -> None:
        for number, (phone, name) in enumerate(
            ((self.rosa, "Cooperativa Mãos da Serra"), (self.joana, "Associação Flor do Campo"))
        ):
            phone.goto(self.round)
            press(phone, f"Responder por {name}")
            if not number:
                self.look(phone, "18-approval-on-phone")
            press(phone, "Aprovar")
            expect(phone.get_by_text("aprova").first).to_be_visible()
        self.joana.goto(self.round)
        expect(self.joana.get_by_text("aprovada").first).to_be_visible()

    # 5. The orders and what came

    def order(self, tmp_path: Path) -> None:
        desk = self.desk
        desk.goto(f"{self.round}encomendas/")
        press(desk, "Preparar os pedidos")
        links = desk.locator("main ul.rows a")
        expect(links).to_have_count(2)
        self.orders = [str(link.get_attribute("href")) for link in links.all()]
        for number, address in enumerate(self.orders):
            desk.goto(address)
            if not number:
                self.look(desk, "19-order")
                with desk.expect_download() as sheet:
                    desk.locator("details.menu", has_text="Planilha").locator("summary").click()
                    desk.get_by_role("link", name="Planilha").click()
                sheet.value.save_as(tmp_path / "pedido.xlsx")
                assert (tmp_path / "pedido.xlsx").read_bytes()[:2] == b"PK"
                pdf = desk.request.get(address + "pedido.pdf")
                assert pdf.headers["content-type"] == "application/pdf"
                assert pdf.body().startswith(b"%PDF-")
                desk.goto(address)
            press(desk, "Marcar como enviado")
            expect(desk.get_by_text("marcado como enviado")).to_be_visible()

    def receive(self) -> None:
        phone = self.open_page(360, 740)
        self.sign_in(phone, self.team_member())
        for number, address in enumerate(self.orders):
            phone.goto(address)
            press(phone, "Registrar o que chegou")
            field(phone, "Número da nota").fill(f"{4500 + number}")
            if "Farinha de trigo" in phone.locator("main").inner_text():
                group = phone.get_by_role("group", name=re.compile("Farinha de trigo"))
                group.locator("summary").click()
                field(group, "Estragado").fill("5")
                field(group, "Crédito do fornecedor").fill("23,75")
                field(group, "O que houve").fill("Um saco rasgado")
                phone.get_by_label(re.compile("^Foto")).set_input_files(
                    {"name": "saco.png", "mimeType": "image/png", "buffer": PIXEL}
                )
                self.look(phone, "20-receipt")
            press(phone, "Guardar o recebimento")
            expect(phone.get_by_text(re.compile("Recebimento do pedido .* guardado"))).to_be_visible()
            if phone.locator("img.photo").count():
                phone.locator("img.photo").scroll_into_view_if_needed()
                expect(phone.locator("img.photo")).to_have_js_property("complete", True)
                assert phone.locator("img.photo").evaluate("one => one.naturalWidth") > 0
                self.look(phone, "21-received")
                self.photographed = True
        assert self.photographed

    def team_member(self) -> Any:
        person = factories.person(name="Caio da Equipe")
        factories.role(person, "purchasing")
        return person

    # 6. The money

    def charge(self) -> None:
        self.treasury = self.somebody("Teresa Tesoureira", "treasury", None, 1280, 900)
        money = self.treasury
        money.goto(f"{self.base}cobrancas/chave-pix/")
        field(money, "Chave Pix da rede").fill("tesouraria@redeserra.org.br")
        field(money, "Nome de quem recebe").fill("Rede da Serra")
        field(money, "Cidade").fill("Lagoinha")
        money.locator("main form button").last.click()
        money.goto(f"{self.round}custos/")
        self.look(money, "22-cost-preview")
        press(money, "Repartir e cobrar")
        expect(money.get_by_text("3 cobranças emitidas")).to_be_visible()
        self.rosa.goto(f"{self.base}cobrancas/")
        self.look(self.rosa, "23-charges-on-phone")
        self.rosa.locator("main").get_by_role("link", name=re.compile("Farinhas de março")).first.click()
        expect(self.rosa.get_by_role("img", name=re.compile("Código QR do Pix"))).to_be_visible()
        expect(self.rosa.get_by_text(re.compile("^000201.*BR.GOV.BCB.PIX", re.I)).first).to_be_visible()
        self.look(self.rosa, "24-charge-with-pix")

    def pay(self) -> None:
        money = self.treasury
        charges = list(Charge.objects.select_related("enterprise").order_by("number"))
        by_hand, *by_bank = charges
        money.goto(f"{self.base}cobrancas/{by_hand.pk}/pagamento/")
        money.get_by_role("radio", name=re.compile("Pix", re.I)).first.check()
        self.look(money, "25-payment-by-hand")
        money.locator("main form button").last.click()
        expect(money.get_by_text(re.compile("registrad", re.I)).first).to_be_visible()
        day = clock.today().strftime("%d/%m/%Y")
        rows = [
            f"{day};PIX RECEBIDO {charge.enterprise.name.upper()} {charge.txid};{charge.amount_minor // 100:,}".replace(
                ",", "."
            )
            + f",{charge.amount_minor % 100:02d}"
            for charge in by_bank
        ]
        text = "\n".join(["Data;Histórico;Valor", *rows, f"{day};TARIFA;-12,00"])
        money.goto(f"{self.base}cobrancas/extratos/")
        money.get_by_label("Extrato em CSV").set_input_files(
            {"name": "extrato.csv", "mimeType": "text/csv", "buffer": text.encode("cp1252")}
        )
        press(money, "Enviar e conferir")
        expect(money.get_by_text("Encontradas com certeza: 2")).to_be_visible()
        self.look(money, "26-bank-statement")
        press(money, "Registrar pagamentos marcados")
        expect(money.get_by_text("Não há mais nada para registrar")).to_be_visible()
        money.goto(f"{self.base}contas-a-pagar/")
        bills = [str(link.get_attribute("href")) for link in money.locator("main .table a, main ul.rows a").all()]
        bills = [address for address in dict.fromkeys(bills) if re.search(r"/contas-a-pagar/\d+/$", address)]
        assert len(bills) == 2
        for address in bills:
            money.goto(address + "pagamento/")
            money.get_by_role("radio").first.check()
            money.locator("main form button").last.click()
            expect(money.get_by_text(re.compile("registrad", re.I)).first).to_be_visible()

    # 7. The accounts

    def account(self) -> None:
        phone, desk = self.joana, self.desk
        for page, name in ((desk, "27-accountability"), (phone, "28-accountability-on-phone")):
            page.goto(f"{self.round}contas/")
            expect(page.get_by_text("não confere")).to_have_count(0)
            expect(page.locator(".status", has_text=re.compile("^confere$"))).to_have_count(4)
            for words in ("Moinho da Várzea", "Armazém Central", "Grupo Pão da Terra", "Um saco rasgado", "R$ 12,50"):
                expect(page.get_by_text(words).locator("visible=true").first).to_be_visible()
            self.look(page, name)
        desk.goto(self.round)
        expect(desk.get_by_text(re.compile("encerrada|quitada|concluída", re.I)).first).to_be_visible()
        self.look(desk, "29-round-settled")
        desk.goto(f"{self.round}contas/?imprimir=1")
        self.look(desk, "30-printed")
        assert len(re.findall(rb"/Type\s*/Page\b", desk.pdf(format="A4"))) == 1
        desk.goto(f"{self.base}livros/")
        self.look(desk, "31-books")
        desk.locator("main").get_by_role("link", name=re.compile(self.network.name)).first.click()
        self.look(desk, "32-trial-balance")


def test_from_the_spreadsheet_to_the_books(
    network: Any, open_page: Callable[..., Page], sign_in: Any, shot: Any, tmp_path: Path
) -> None:
    story = Story(network, open_page, sign_in, shot)
    story.import_everything()
    story.open_round()
    story.enter_needs()
    story.note_what_was_phoned()
    story.enter_quotes()
    story.choose()
    story.approve()
    story.order(tmp_path)
    story.receive()
    story.charge()
    story.pay()
    story.account()
