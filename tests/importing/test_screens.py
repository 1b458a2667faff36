# SPDX-License-Identifier: AGPL-3.0-or-later
"""The import on screen: choose, send, preview, say how to read, confirm; and what goes wrong on purpose."""

from __future__ import annotations

import datetime as dt
import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation
from python_calamine import CalamineWorkbook

from mutirao.kernel import clock, tenancy
from mutirao.kernel.models import AuditEntry
from mutirao.network import access, trail
from mutirao.network.importing import model_files, staging
from mutirao.network.importing.layout import Options
from mutirao.network.importing.previewing import prepare
from mutirao.network.importing.registry import Context, kind_named, kinds, kinds_for
from mutirao.network.models import Enterprise, Person
from tests import factories
from tests.importing.files import xlsx
from tests.purchasing import factories as purchasing

SHEET = "Nome;Forma;Pessoas\nCoop A;coop;1.234\nCoop B;coop;12\n"


@pytest.fixture
def home(network: Any) -> str:
    return f"/rede/{network.slug}/importar/"


@pytest.fixture
def person(network: Any) -> Person:
    someone = factories.person(name="Rosa")
    factories.role(someone, "purchasing", since=dt.date(2026, 1, 1))
    factories.second_factor(someone)
    return someone


@pytest.fixture
def browser(client: Client, person: Person) -> Client:
    client.force_login(person)
    return client


def send(browser: Client, home: str, content: str | bytes, kind: str = "enterprises", **data: Any) -> Any:
    raw = content.encode() if isinstance(content, str) else content
    file = SimpleUploadedFile("Meu cadastro.csv", raw)
    return browser.post(f"{home}{kind}/", {"file": file, **data})


def sent(browser: Client, home: str, content: str | bytes, **more: Any) -> str:
    """The address of the preview."""
    answer = send(browser, home, content, **more)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def chosen(numbers: str = "auto", sheet: str = "", read_sheet: str = "", **columns: int) -> dict[str, str]:
    """The form of the preview as a browser sends it: every field, those not named as not imported."""
    fields = {
        f"column_{column.field}": str(columns.get(column.field, -1)) for column in kind_named("enterprises").columns
    }
    return {"numbers": numbers, "dates": "auto", "sheet": sheet, "read_sheet": read_sheet, **fields}


def words_of(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_a_sheet_is_sent_previewed_and_confirmed(browser: Client, home: str) -> None:
    listed = words_of(browser.get(home))
    assert "Empreendimentos" in listed
    assert "Municípios" not in listed
    assert "Enviar a planilha" in words_of(browser.get(f"{home}enterprises/"))
    preview = sent(browser, home, SHEET)
    page = words_of(browser.get(preview))
    assert "Pronto para importar" in page
    assert "Meu cadastro.csv" in page
    assert "lendo 1.234 como mil duzentos e trinta e quatro" in page
    assert not Enterprise.objects.exists()
    done = browser.post(f"{preview}confirmar/", follow=True)
    assert "Empreendimentos: 2 novos, 0 mudaram, 0 sem mudança." in words_of(done)
    assert "Rosa" in words_of(done)
    assert Enterprise.objects.count() == 2


def test_the_audit_says_that_it_came_by_import(browser: Client, home: str, network: Any) -> None:
    browser.post(f"{sent(browser, home, SHEET)}confirmar/")
    assert set(AuditEntry.objects.values_list("via", "actor_name")) == {("import", "Rosa")}


def test_a_second_tap_on_confirm_doubles_nothing_and_is_answered(browser: Client, home: str) -> None:
    preview = sent(browser, home, SHEET)
    browser.post(f"{preview}confirmar/")
    again = browser.post(f"{preview}confirmar/", follow=True)
    assert again.status_code == 200
    assert "já foi importado" in words_of(again)
    assert Enterprise.objects.count() == 2


def test_the_same_sheet_again_has_nothing_to_confirm(browser: Client, home: str) -> None:
    browser.post(f"{sent(browser, home, SHEET)}confirmar/")
    page = browser.get(sent(browser, home, SHEET))
    assert "Tudo isto já está aqui" in words_of(page)
    assert "confirmar/" not in page.content.decode()


def test_problems_are_listed_and_cannot_be_confirmed(browser: Client, home: str) -> None:
    preview = sent(browser, home, SHEET.replace("12", "doze"))
    page = browser.get(preview)
    assert "Linha 3, coluna Pessoas “doze” não é um número." in words_of(page)
    assert "confirmar/" not in page.content.decode()
    forced = browser.post(f"{preview}confirmar/")
    assert forced.status_code == 422
    assert "Há um ponto a corrigir" in words_of(forced)
    assert not Enterprise.objects.exists()


def test_columns_are_chosen_by_hand_on_the_preview(browser: Client, home: str) -> None:
    preview = sent(browser, home, "Apelido;Tipo;Gente\nCoop A;coop;3\n")
    assert "Gente não reconhecida" in words_of(browser.get(preview))
    answer = browser.post(preview, chosen(name=0, legal_form=1, member_count=2), follow=True)
    assert "Pronto para importar" in words_of(answer)
    browser.post(f"{preview}confirmar/")
    assert Enterprise.objects.get().member_count == 3


def test_how_numbers_are_written_is_chosen_on_the_preview(browser: Client, home: str) -> None:
    preview = sent(browser, home, SHEET)
    answer = browser.post(preview, chosen(numbers=".", name=0, legal_form=1, member_count=2))
    assert answer.status_code == 302
    assert "1,234 não é um número inteiro" in words_of(browser.get(preview))


def test_another_sheet_of_the_file_is_chosen_on_the_preview(browser: Client, home: str) -> None:
    content = xlsx([["Nome", "Forma"], ["Coop A", "coop"]], sheet="Um", also={"Dois": [["Nome"], ["Associação B"]]})
    preview = sent(browser, home, content)
    assert "Coop A" in words_of(browser.get(preview))
    browser.post(preview, chosen(sheet="Dois", read_sheet="Um", name=0, legal_form=1))
    page = words_of(browser.get(preview))
    assert "Associação B" in page
    assert "Coop A" not in page


def test_a_file_that_cannot_be_read_is_refused_on_the_form(browser: Client, home: str) -> None:
    for content, said in (
        (b"%PDF-1.7", "Isto é um PDF"),
        (b"", "está vazio"),
        (bytes(range(256)) * 9, "não é uma planilha"),
    ):
        answer = send(browser, home, content)
        assert answer.status_code == 422
        assert said in words_of(answer)
    assert "Escolha o arquivo" in words_of(browser.post(f"{home}enterprises/", {}))
    assert "O arquivo tem 11 MB; o limite é de 10 MB." in words_of(send(browser, home, b"x" * 11 * 1024 * 1024))


def test_a_file_is_for_its_sender_only(browser: Client, home: str, network: Any) -> None:
    preview = sent(browser, home, SHEET)
    other = factories.person()
    factories.role(other, "coordination")
    stranger = Client()
    stranger.force_login(other)
    assert stranger.get(preview).status_code == 404
    assert stranger.post(f"{preview}confirmar/", follow=True).status_code == 200
    assert not Enterprise.objects.exists()
    assert browser.get(preview).status_code == 200


def test_a_file_is_for_its_network_only(browser: Client, home: str, person: Person) -> None:
    preview = sent(browser, home, SHEET)
    elsewhere = factories.network()
    with tenancy.activated(elsewhere):
        factories.role(person, "coordination")
    token = preview.rstrip("/").rsplit("/", 1)[1]
    assert browser.get(f"/rede/{elsewhere.slug}/importar/previa/{token}/").status_code == 404


def test_who_may_not_import_sees_nothing_of_it(network: Any, home: str, client: Client) -> None:
    someone = factories.person()
    factories.role(someone, "council")
    client.force_login(someone)
    for address in (home, f"{home}enterprises/", f"{home}modelo/enterprises.xlsx", f"{home}previa/{'x' * 22}/"):
        assert client.get(address).status_code == 403
    assert send(client, home, SHEET).status_code == 403


def test_unknown_kinds_and_data_of_the_installation_are_not_there(browser: Client, home: str) -> None:
    assert browser.get(f"{home}nada/").status_code == 404
    assert browser.get(f"{home}municipalities/").status_code == 404
    assert browser.get(f"{home}modelo/enterprises.exe").status_code == 404
    assert browser.get(f"{home}previa/{'..' * 11}/").status_code == 404


def test_discarding_forgets_the_file(browser: Client, home: str) -> None:
    preview = sent(browser, home, SHEET)
    answer = browser.post(f"{preview}descartar/", follow=True)
    assert "foi descartado" in words_of(answer)
    assert browser.get(preview).status_code == 404


def test_needs_are_brought_into_a_chosen_round(
    browser: Client, home: str, network: Any, coordinator: Any, noon: Any
) -> None:
    assert "Nenhuma rodada está recebendo pedidos" in words_of(browser.get(f"{home}needs/"))
    factories.enterprise(name="Flor do Vale")
    round_ = purchasing.open_round(network, coordinator, products=[factories.product(name="Caixa", unit="un")])
    assert "Farinhas de março" in words_of(browser.get(f"{home}needs/"))
    content = "Empreendimento;Produto;Quantidade\nFlor do Vale;Caixa;3\n"
    assert send(browser, home, content, kind="needs", target="77").status_code == 422
    preview = sent(browser, home, content, kind="needs", target=str(round_.number))
    assert "Farinhas de março" in words_of(browser.get(preview))
    done = browser.post(f"{preview}confirmar/", follow=True)
    assert "Pedidos dos empreendimentos: 1 novo" in words_of(done)


# --- the file between preview and confirmation -----------------------------------------------------------------------


def test_a_kept_file_goes_after_a_day(browser: Client, home: str, noon: dt.datetime) -> None:
    preview = sent(browser, home, SHEET)
    with clock.at(noon + dt.timedelta(hours=23)):
        assert browser.get(preview).status_code == 200
    with clock.at(noon + dt.timedelta(hours=25)):
        assert browser.get(preview).status_code == 404
    assert browser.get(preview).status_code == 404


def test_old_files_are_swept_away_when_new_ones_come(network: Any, coordinator: Any) -> None:
    first = staging.keep(b"a", kind="enterprises", name="a.csv", target="", actor=coordinator)
    folder = Path(settings.DATA) / "imports"
    assert (folder / f"{first.token}.bin").stat().st_mode & 0o077 == 0
    with clock.at(clock.now() + dt.timedelta(hours=30)):
        staging.keep(b"b", kind="enterprises", name="b.csv", target="", actor=coordinator)
    assert not list(folder.glob(f"{first.token}*"))


def test_names_of_files_are_kept_plain(network: Any, coordinator: Any) -> None:
    kept = staging.keep(b"a", kind="x", name="..\\..\\etc/pass\nwd\x00.csv", target="", actor=coordinator)
    assert kept.name == "pass wd.csv"


# --- templates -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["xlsx", "csv"])
@pytest.mark.parametrize("language", ["pt-br", "en"])
def test_every_template_is_understood_whole_and_its_example_is_not_imported(
    network: Any, coordinator: Any, form: str, language: str
) -> None:
    for kind in kinds():
        with translation.override(language):
            content = model_files.model_file(kind, form)
        preview = prepare(kind, content, Options(), Context(network, coordinator))
        assert {column.field for column in preview.understanding.used_columns} == {c.field for c in kind.columns}
        assert not preview.understanding.rows
        assert not preview.understanding.unused


def test_the_template_is_downloaded_with_notes(browser: Client, home: str) -> None:
    answer = browser.get(f"{home}modelo/products.xlsx")
    assert answer["Content-Disposition"] == 'attachment; filename="modelo-produtos.xlsx"'
    book = CalamineWorkbook.from_filelike(BytesIO(answer.content))
    assert book.sheet_names == ["Produtos", "Como preencher"]
    assert book.get_sheet_by_index(0).to_python()[0][:2] == ["Produto *", "Unidade *"]
    assert browser.get(f"{home}modelo/products.csv").content.startswith(b"\xef\xbb\xbf")


def test_kinds_need_their_own_acts_too(network: Any) -> None:
    treasurer = access.actor_for(factories.person(), network)
    assert kinds_for(treasurer) == []


def test_the_trail_says_in_words_what_was_imported(browser: Client, home: str) -> None:
    browser.post(f"{sent(browser, home, SHEET)}confirmar/")
    entry = AuditEntry.objects.get(act="network.imported")
    said = dict(trail.data_rows(entry))
    assert trail.act_label(entry.act) == "Importou uma planilha"
    assert (said["tipo"], said["arquivo"], said["novos"]) == ("Empreendimentos", "Meu cadastro.csv", "2")
