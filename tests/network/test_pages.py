# SPDX-License-Identifier: AGPL-3.0-or-later
from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests import factories

from mutirao.kernel import acts, tenancy
from mutirao.kernel.actors import Actor
from mutirao.kernel.models import AuditEntry
from mutirao.network import operations, panels, permissions, queries, roles, trail
from mutirao.network.models import Contact, Enterprise, Invitation, Network, Person, RoleAssignment


@pytest.fixture
def base(network: Network) -> str:
    return f"/rede/{network.slug}"


@pytest.fixture
def desk(client: Client, coordinator: Actor) -> Client:
    """A browser in which the network's coordinator is signed in."""
    client.force_login(Person.objects.get(pk=coordinator.person_id))
    return client


def enter(client: Client, actor: Actor) -> Client:
    client.force_login(Person.objects.get(pk=actor.person_id))
    return client


def text(answer: Any) -> str:
    return str(answer.content.decode())


# --- enterprises -----------------------------------------------------------------------------------------------------


def test_an_enterprise_is_brought_in_by_the_form(desk: Client, base: str) -> None:
    factories.municipality(name="São Carlos", folded="sao carlos", state="SP", ibge_code=3548906)
    answer = desk.post(
        f"{base}/empreendimentos/novo/",
        {
            "name": "Mel da Serra", "legal_form": "cooperative", "tax_id": "12.abc.345/01de-35", "value_chain": "Mel",
            "territory": "Serra", "municipality": "sao carlos/sp", "member_count": "12", "founded_on": "2011-05-01",
            "latitude": "-22,0174123", "longitude": "-47.886", "idempotency_key": "k",
        },
    )  # fmt: skip
    row = Enterprise.objects.get()
    assert answer["Location"] == f"{base}/empreendimentos/{row.pk}/"
    assert (row.tax_id, str(row.municipality), str(row.latitude)) == ("12ABC34501DE35", "São Carlos (SP)", "-22.01741")
    page = text(desk.get(answer["Location"]))
    for words in ("Mel da Serra", "12.ABC.345/01DE-35", "São Carlos (SP)", "Serra", "01/05/2011", "foi cadastrado"):
        assert words in page


def test_a_form_with_mistakes_comes_back_with_what_was_typed_and_the_reasons(desk: Client, base: str) -> None:
    factories.enterprise(name="Mel da Serra")
    answer = desk.post(
        f"{base}/empreendimentos/novo/",
        {"name": "MEL DA SERRA", "legal_form": "cooperative", "municipality": "", "notes": "como se fala"},
    )
    assert answer.status_code == 422
    assert "Já existe o empreendimento “Mel da Serra” nesta rede." in text(answer)
    assert "como se fala" in text(answer)
    wrong = desk.post(
        f"{base}/empreendimentos/novo/", {"name": "X", "legal_form": "company", "tax_id": "16.727.230/0001-98"}
    )
    assert "dígitos finais não conferem" in text(wrong)
    assert Enterprise.objects.count() == 1


def test_a_name_that_several_municipalities_have_is_answered_with_choices(desk: Client, base: str) -> None:
    for code, state in ((4316907, "RS"), (2412005, "RN")):
        factories.municipality(name="Santa Maria", folded="santa maria", state=state, ibge_code=code)
    url = f"{base}/empreendimentos/novo/"
    asked = desk.post(url, {"name": "Doce", "legal_form": "informal", "municipality": "Santa Maria"})
    assert asked.status_code == 422
    assert 'name="municipality-choice" value="Santa Maria (RN)"' in text(asked)
    answer = desk.post(
        url,
        {
            "name": "Doce", "legal_form": "informal", "municipality": "Santa Maria",
            "municipality-choice": "Santa Maria (RS)",
        },
    )  # fmt: skip
    assert answer.status_code == 302
    assert Enterprise.objects.get().municipality_id == 4316907


def test_municipalities_are_suggested_while_one_types(desk: Client, base: str) -> None:
    factories.municipality(name="Abadiânia", folded="abadiania", state="GO")
    assert 'value="Abadiânia (GO)"' in text(desk.get(f"{base}/municipios/", {"municipality": "abadi"}))
    assert text(desk.get(f"{base}/municipios/", {"municipality": "a"})) == ""


def test_the_list_is_filtered_by_words_form_and_situation(desk: Client, base: str) -> None:
    factories.enterprise(name="Cooperativa Ação", legal_form="cooperative", activity="panificação")
    factories.enterprise(name="Grupo de Costura", tax_id_kind="cnpj", tax_id="16727230000197")
    factories.enterprise(name="Antigo", is_active=False)
    url = f"{base}/empreendimentos/"
    assert "2 empreendimentos" in text(desk.get(url))
    for query, found in (
        ({"q": "acao"}, "Cooperativa Ação"),
        ({"q": "PANIFICACAO"}, "Cooperativa Ação"),
        ({"q": "16.727.230"}, "Grupo de Costura"),
        ({"legal_form": "cooperative"}, "Cooperativa Ação"),
        ({"situation": "inactive"}, "Antigo"),
    ):
        page = text(desk.get(url, query))
        assert "1 empreendimento<" in page, query
        assert found in page
    assert "Nenhum empreendimento assim" in text(desk.get(url, {"q": "inexistente"}))
    assert "3 empreendimentos" in text(desk.get(url, {"situation": "all"}))


def test_the_list_asks_the_database_the_same_few_times_whatever_its_size(desk: Client, base: str) -> None:
    url = f"{base}/empreendimentos/"
    factories.enterprise()
    desk.get(url)
    with CaptureQueriesContext(
        connection,
    ) as few:
        desk.get(url)
    for number in range(60):
        factories.enterprise(municipality=factories.municipality() if number % 2 else None)
    with CaptureQueriesContext(connection) as many:
        desk.get(url)
    assert len(many) == len(few)
    assert len(many) <= 15


def test_editing_at_once_is_told_to_the_second(desk: Client, base: str) -> None:
    row = factories.enterprise(name="Um")
    url = f"{base}/empreendimentos/{row.pk}/mudar/"
    seen = re.search(r'name="seen" value="(\w+)"', text(desk.get(url)))[1]  # type: ignore[index]
    assert desk.post(url, {"name": "Dois", "legal_form": "informal", "seen": seen}).status_code == 302
    late = desk.post(url, {"name": "Três", "legal_form": "informal", "seen": seen})
    assert late.status_code == 422
    assert "Alguém mudou isto enquanto você editava" in text(late)
    assert Enterprise.objects.get().name == "Dois"


def test_an_enterprise_leaves_and_comes_back_after_being_asked_why(desk: Client, base: str) -> None:
    row = factories.enterprise(name="Doce Lida")
    url = f"{base}/empreendimentos/{row.pk}/situacao/"
    assert "Tirar “Doce Lida” das rodadas?" in text(desk.get(url))
    assert desk.post(url, {"reason": ""}).status_code == 422
    desk.post(url, {"reason": "encerrou"})
    assert not Enterprise.objects.get().is_active
    assert "inativo" in text(desk.get(f"{base}/empreendimentos/{row.pk}/"))
    desk.post(url, {"reason": "voltou"})
    assert Enterprise.objects.get().is_active


def test_contacts_are_kept_on_the_enterprises_page(desk: Client, base: str) -> None:
    row = factories.enterprise()
    page = f"{base}/empreendimentos/{row.pk}/"
    desk.post(f"{page}contatos/novo/", {"name": "Dona Rosa", "phone": "16 99999-0000", "idempotency_key": "k"})
    desk.post(f"{page}contatos/novo/", {"name": "Dona Rosa", "phone": "16 99999-0000", "idempotency_key": "k"})
    contact = Contact.objects.get()
    assert 'href="tel:+5516999990000"' in text(desk.get(page))
    desk.post(f"{page}contatos/{contact.pk}/", {"name": "Rosa Lima"})
    assert "Rosa Lima" in text(desk.get(page))
    assert "Apagar o contato" in text(desk.get(f"{page}contatos/{contact.pk}/apagar/"))
    desk.post(f"{page}contatos/{contact.pk}/apagar/")
    assert not Contact.objects.exists()


def test_a_cpf_is_shown_whole_only_to_those_who_need_it(client: Client, network: Network, base: str) -> None:
    row = factories.enterprise(tax_id_kind="cpf", tax_id="39053344705")
    other = factories.enterprise()
    page = f"{base}/empreendimentos/{row.pk}/"
    assert "390.533.447-05" in text(enter(client, factories.actor(network, "treasury")).get(page))
    assert "390.533.447-05" in text(enter(client, factories.actor(network, "enterprise_coordinator", row)).get(page))
    seen_by_others = text(enter(client, factories.actor(network, "enterprise_coordinator", other)).get(page))
    assert "390.533.447-05" not in seen_by_others
    assert "***.533.447-**" in seen_by_others


def test_contacts_are_not_shown_to_members_of_other_enterprises(client: Client, network: Network, base: str) -> None:
    row, other = factories.enterprise(), factories.enterprise()
    Contact.objects.create(enterprise=row, name="Dona Rosa", phone="16 1")
    page = f"{base}/empreendimentos/{row.pk}/"
    assert "Dona Rosa" in text(enter(client, factories.actor(network, "enterprise_member", row)).get(page))
    assert "Dona Rosa" not in text(enter(client, factories.actor(network, "enterprise_member", other)).get(page))


def test_upper_modules_put_panels_on_an_enterprises_page(desk: Client, base: str) -> None:
    row = factories.enterprise(name="Doce Lida")

    def panel(actor: Actor, subject: Enterprise) -> panels.Panel | None:
        return panels.Panel("Painel de prova", "network/widgets/suggest.html") if subject == row else None

    panels.register("enterprise", panel)
    try:
        assert "Painel de prova" in text(desk.get(f"{base}/empreendimentos/{row.pk}/"))
    finally:
        panels._providers["enterprise"] = [entry for entry in panels._providers["enterprise"] if entry[1] is not panel]


# --- people ----------------------------------------------------------------------------------------------------------


def test_people_are_listed_with_their_roles_and_found_without_accents(
    desk: Client, base: str, network: Network
) -> None:
    row = factories.enterprise(name="Doce Lida")
    person = factories.person(name="Antônia Conceição")
    factories.role(person, "enterprise_member", row)
    page = text(desk.get(f"{base}/pessoas/", {"q": "conceicao"}))
    assert "Antônia Conceição" in page
    assert "Participante do empreendimento (Doce Lida)" in page
    assert "Antônia" not in text(desk.get(f"{base}/pessoas/", {"role": "treasury"}))


def test_an_enterprise_coordinator_sees_their_own_people_and_the_team_only(
    client: Client, network: Network, coordinator: Actor, base: str
) -> None:
    own, other = factories.enterprise(), factories.enterprise()
    actor = factories.actor(network, "enterprise_coordinator", own)
    mine, theirs = factories.person(name="Minha Gente"), factories.person(name="Gente Alheia")
    factories.role(mine, "enterprise_member", own)
    factories.role(theirs, "enterprise_member", other)
    page = text(enter(client, actor).get(f"{base}/pessoas/"))
    assert "Minha Gente" in page
    assert "Gente Alheia" not in page
    assert coordinator.name in page
    assert client.get(f"{base}/pessoas/{theirs.pk}/").status_code == 404
    assert client.get(f"{base}/pessoas/{mine.pk}/").status_code == 200


def test_a_role_is_given_and_ended_on_a_persons_page(desk: Client, base: str) -> None:
    person, row = factories.person(name="Bia"), factories.enterprise(name="Doce Lida")
    factories.role(person, "council")
    page = f"{base}/pessoas/{person.pk}/"
    assert desk.post(page, {"role": "enterprise_coordinator", "enterprise": "doce lida"}).status_code == 302
    held = RoleAssignment.objects.get(role="enterprise_coordinator")
    assert held.enterprise == row
    assert "Encerrar o papel de Bia?" in text(desk.get(f"{base}/papeis/{held.pk}/encerrar/"))
    desk.post(f"{base}/papeis/{held.pk}/encerrar/", {"reason": "mudou de cidade"})
    held.refresh_from_db()
    assert held.until is not None


def test_a_role_of_an_enterprise_without_one_is_asked_for(desk: Client, base: str) -> None:
    person = factories.person()
    factories.role(person, "council")
    answer = desk.post(f"{base}/pessoas/{person.pk}/", {"role": "enterprise_member", "enterprise": ""})
    assert answer.status_code == 422
    assert "Escolha o empreendimento" in text(answer)


def test_the_last_coordinator_stays_and_the_page_says_why(desk: Client, base: str) -> None:
    held = RoleAssignment.objects.get(role="coordination")
    answer = desk.post(f"{base}/papeis/{held.pk}/encerrar/", {"reason": "cansei"})
    assert answer.status_code == 422
    assert "única pessoa na coordenação" in text(answer)


def test_the_matrix_says_what_the_checks_read(desk: Client, base: str, network: Network) -> None:
    page = text(desk.get(f"{base}/papeis/"))
    for act in acts.all_acts():
        assert str(act.label) in page
    enterprise = factories.enterprise()
    actors = {
        role.code: factories.actor(network, role.code, enterprise if role.of_enterprise else None)
        for role in roles.ROLES.values()
    }
    for rows in queries.roles_matrix().groups.values():
        for row in rows:
            for role, reach in row.by_role:
                actor = actors[role.code]
                if reach == "agreed":  # the consultancy of the tests was agreed to see the purchases
                    assert actor.can(row.act.code, enterprise) == (row.act.part == "purchasing"), row.act.code
                    continue
                assert actor.can(row.act.code, enterprise) == bool(reach), (row.act.code, role.code)


# --- invitations -----------------------------------------------------------------------------------------------------


def invite_link(desk: Client, base: str, **data: str) -> str:
    made = desk.post(f"{base}/pessoas/convidar/", {"days": "14", "idempotency_key": "i", **data})
    return re.search(r"http://testserver(/convite/[\w-]+/)", text(made))[1]  # type: ignore[index]


def test_an_invitation_gives_a_link_a_code_and_a_message(desk: Client, base: str) -> None:
    made = desk.post(
        f"{base}/pessoas/convidar/", {"role": "treasury", "name": "Ana", "days": "14", "idempotency_key": "i"}
    )
    page = text(made)
    assert "<svg" in page
    assert "Olá, Ana! Aqui está seu convite" in page
    assert "no-cache" in made["Cache-Control"]
    again = desk.post(
        f"{base}/pessoas/convidar/", {"role": "treasury", "name": "Ana", "days": "14", "idempotency_key": "i"}
    )
    link = re.search(r"/convite/[\w-]+/", page)[0]  # type: ignore[index]
    assert link in text(again)
    assert Invitation.objects.count() == 1
    assert "Ana" in text(desk.get(f"{base}/pessoas/"))


def test_somebody_new_accepts_on_the_phone_with_a_password(desk: Client, base: str, network: Network) -> None:
    link = invite_link(desk, base, role="treasury", name="Ana")
    phone = Client()
    page = text(phone.get(link))
    assert str(network) in page
    assert "Tesouraria" in page
    answer = phone.post(
        link, {"name": "Ana Lima", "email": "ana@exemplo.coop", "way": "password", "password": "uma-senha-longa"}
    )
    assert answer["Location"] == f"{base}/"
    assert "_auth_user_id" in phone.session
    assert RoleAssignment.objects.get(person__email="ana@exemplo.coop").role == "treasury"
    used = Client().get(link)
    assert used.status_code == 410
    assert "já foi usado" in text(used)


def test_somebody_new_accepts_with_a_code_by_email(desk: Client, base: str, mailoutbox: list[Any]) -> None:
    link = invite_link(desk, base, role="council")
    phone = Client()
    answer = phone.post(link, {"name": "Caio", "email": "caio@exemplo.coop", "way": "code"})
    assert answer["Location"].startswith("/conta/entrar/codigo/conferir/?next=%2Fconvite%2F")
    code = re.search(r"\b\d{6}\b", mailoutbox[0].body)[0]  # type: ignore[index]
    back = phone.post("/conta/entrar/codigo/conferir/", {"code": code, "next": link})
    assert back["Location"] == link
    assert "Aceitar como Caio" in text(phone.get(link))
    assert phone.post(link)["Location"] == f"{base}/"
    assert RoleAssignment.objects.get(person__email="caio@exemplo.coop").role == "council"
    # Tapped twice.
    assert phone.post(link)["Location"] == f"{base}/"


def test_somebody_with_an_account_is_asked_to_use_it(desk: Client, base: str) -> None:
    person = factories.person(email="ja@exemplo.coop", password="uma-senha-longa")
    link = invite_link(desk, base, role="council")
    phone = Client()
    answer = phone.post(
        link, {"name": "X", "email": "ja@exemplo.coop", "way": "password", "password": "outra-senha-longa"}
    )
    assert answer.status_code == 422
    assert f"/conta/entrar/?next={link}" in text(answer)
    phone.force_login(person)
    assert phone.post(link)["Location"] == f"{base}/"


def test_a_weak_or_missing_password_is_said_on_the_form(desk: Client, base: str) -> None:
    link = invite_link(desk, base, role="council")
    form = {"name": "Ana", "email": "ana@exemplo.coop", "way": "password"}
    assert "Escolha uma senha" in text(Client().post(link, form))
    weak = Client().post(link, {**form, "password": "123"})
    assert weak.status_code == 422
    assert not Person.objects.filter(email="ana@exemplo.coop").exists()


def test_wrong_old_and_revoked_links_get_a_clear_page(desk: Client, base: str) -> None:
    assert Client().get("/convite/nada/").status_code == 404
    assert "não existe" in text(Client().get("/convite/nada/"))
    link = invite_link(desk, base, role="council")
    invitation = Invitation.objects.get()
    assert desk.post(f"{base}/pessoas/convites/{invitation.pk}/cancelar/").status_code == 302
    answer = Client().get(link)
    assert answer.status_code == 410
    assert "foi cancelado" in text(answer)
    assert Client().post(link, {"name": "X"}).status_code == 410


def test_an_enterprise_coordinator_invites_into_their_own_enterprise(
    client: Client, network: Network, base: str
) -> None:
    own, other = factories.enterprise(name="Doce Lida"), factories.enterprise(name="Outra")
    enter(client, factories.actor(network, "enterprise_coordinator", own))
    page = text(client.get(f"{base}/pessoas/convidar/"))
    assert 'value="Doce Lida"' in page
    assert "Tesouraria" not in page
    ok = client.post(f"{base}/pessoas/convidar/", {"role": "enterprise_member", "enterprise": "Doce Lida", "days": "7"})
    assert "/convite/" in text(ok)
    refused = client.post(
        f"{base}/pessoas/convidar/", {"role": "enterprise_member", "enterprise": other.name, "days": "7"}
    )
    assert refused.status_code == 422
    forged = client.post(f"{base}/pessoas/convidar/", {"role": "coordination", "days": "7"})
    assert forged.status_code == 422
    assert Invitation.objects.count() == 1


# --- the trail and the rules -----------------------------------------------------------------------------------------


def test_the_trail_reads_in_words_and_is_filtered(
    desk: Client, base: str, network: Network, coordinator: Actor
) -> None:
    row = factories.enterprise(name="Um", legal_form="informal")
    operations.edit_enterprise(row, operations.EnterpriseData(name="Dois", legal_form="informal"), actor=coordinator)
    operations.deactivate_enterprise(row, actor=coordinator, reason="encerrou as atividades")
    page = text(desk.get(f"{base}/registro/"))
    for words in (
        "Mudou os dados de um empreendimento", "Um → Dois", "encerrou as atividades", coordinator.name,
        "Coordenação da rede", f'href="{base}/empreendimentos/{row.pk}/"',
    ):  # fmt: skip
        assert words in page
    only = text(desk.get(f"{base}/registro/", {"act": "network.enterprise_deactivated"}))
    assert "Um → Dois" not in only
    assert "Um → Dois" in text(desk.get(f"{base}/registro/", {"kind": "network.enterprise", "subject": str(row.pk)}))
    assert "Nada assim" in text(desk.get(f"{base}/registro/", {"until": "2020-01-01"}))
    assert "Um → Dois" in text(desk.get(f"{base}/registro/", {"person": str(coordinator.person_id)}))


def test_the_trail_of_another_network_is_not_read(desk: Client, base: str) -> None:
    other = factories.network()
    with tenancy.activated(other):
        operations.edit_network(other, name="Segredo", about="", actor=factories.actor(other, "coordination"))
    assert "Segredo" not in text(desk.get(f"{base}/registro/"))


def test_further_back_in_the_trail_goes_by_number(
    desk: Client, base: str, network: Network, coordinator: Actor
) -> None:
    row = factories.enterprise()
    for number in range(55):
        operations.add_contact(row, operations.ContactData(name=f"Contato {number}"), actor=coordinator)
    first = text(desk.get(f"{base}/registro/"))
    assert "Contato 54" in first
    assert 'href="?before=6"' in first
    older = text(desk.get(f"{base}/registro/?before=6"))
    assert "Contato 4<" in older
    assert "Contato 5<" not in older
    assert "Mais recentes" in older
    assert desk.get(f"{base}/registro/?before=99999999999999999999&page=x").status_code == 200


def test_the_chain_is_checked_on_demand_and_a_forged_entry_is_found(
    desk: Client, base: str, network: Network, coordinator: Actor
) -> None:
    operations.edit_network(network, name="Outro nome", about="", actor=coordinator)
    assert "A corrente confere" in text(desk.post(f"{base}/registro/conferir/"))
    entry = AuditEntry.objects.get(network_id=network.pk)
    # The database refuses to change an entry; one slipped in behind has no right seal.
    entry.pk, entry.sequence, entry.previous = None, 2, entry.digest
    entry.save(force_insert=True)
    page = text(desk.post(f"{base}/registro/conferir/"))
    assert "A corrente não confere" in page
    assert "nº 2" in page.lower()


def test_the_networks_data_are_changed_on_the_page_of_rules(desk: Client, base: str, network: Network) -> None:
    page = text(desk.get(f"{base}/regras/"))
    seen = re.search(r'name="seen" value="(\w+)"', page)[1]  # type: ignore[index]
    assert desk.post(f"{base}/regras/", {"name": "Rede Nova", "about": "Nós", "seen": seen}).status_code == 302
    network.refresh_from_db()
    assert network.name == "Rede Nova"
    assert "Alguém mudou isto enquanto você editava" in text(desk.post(f"{base}/regras/", {"name": "X", "seen": seen}))


def test_upper_modules_put_their_rules_on_the_page_for_those_who_may(desk: Client, base: str) -> None:
    panels.register_settings("network:roles", "Regra de prova", "Sobre ela", permissions.EDIT_NETWORK)
    panels.register_settings("no:such_view", "Sem página", "", permissions.EDIT_NETWORK)
    try:
        page = text(desk.get(f"{base}/regras/"))
    finally:
        del panels._settings["network:roles"], panels._settings["no:such_view"]
    assert "Regra de prova" in page
    assert "Sem página" not in page


def test_every_act_that_network_and_catalogue_record_has_words() -> None:
    source = Path(operations.__file__).parents[2]
    files = [*(source / "network" / "operations").glob("*.py"), source / "catalogue" / "operations.py"]
    acts_recorded = {act for file in files for act in re.findall(r'"((?:network|catalogue)\.\w+)"', file.read_text())}
    once = {"network.set_up", "network.add_enterprise", "network.add_contact"}
    once |= {"catalogue.add_product", "catalogue.add_supplier"}
    assert len(acts_recorded) > 25
    assert {act for act in acts_recorded - once if not trail.described(act)} == set()


def test_data_of_the_trail_are_said_in_words() -> None:
    entry = AuditEntry(
        data={
            "changes": {"role": ["council", "treasury"], "notes": ["", "sim"]},
            "is_local": True, "things": ["Mel", "Pão"], "empty": None, "nested": {"name": "X"},
        }
    )  # fmt: skip
    assert trail.data_rows(entry) == [
        ("papel", "Conselho fiscal → Tesouraria"),
        ("observações", "– → sim"),
        ("do território", "sim"),
        ("things", "Mel, Pão"),
        ("nested", "nome: X"),
    ]
