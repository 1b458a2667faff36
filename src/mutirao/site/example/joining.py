# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who came in after the founding, who asks now, who was refused, and one that appeals against its suspension.

Every group and person here is invented.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

from mutirao.admission import operations as do
from mutirao.admission.models import Application
from mutirao.admission.operations import ApplicationData
from mutirao.kernel import clock
from mutirao.kernel.actors import Actor, system
from mutirao.network import operations as network
from mutirao.network.models import Municipality

if TYPE_CHECKING:
    from mutirao.site.example.story import Story

REVIEWERS = ("conselho", "compras", "costura")

ENTERED = (
    ApplicationData(
        name="Quitandeiras do Guaraú", legal_form="informal", contact_name="Dalva Moreira", phone="(13) 5550-4010",
        member_count=7, activity="Quitandas e bolos", about="Assamos juntas toda quinta e vendemos na feira.",
    ),
    ApplicationData(
        name="Cooperativa Recicla Ribeira", legal_form="cooperative", contact_name="Osmar Ferraz",
        phone="(13) 5550-4021", tax_id="RZ3C2025000125", member_count=19, activity="Coleta e triagem de recicláveis",
        about="Cooperativa de catadoras e catadores, com assembleia todo mês.",
    ),
)  # fmt: skip
ASKING = ApplicationData(
    name="Coletivo Mãos no Barro", legal_form="informal", contact_name="Jaciara Lopes", phone="(13) 5550-4033",
    member_count=6, activity="Cerâmica utilitária", about="Somos seis, dividimos o forno e as contas.",
)  # fmt: skip
COMPANY = ApplicationData(
    name="Distribuidora Sol Poente Ltda", legal_form="company", contact_name="Renato Salles", phone="(13) 5550-4044",
    member_count=12, activity="Atacado de alimentos",
)  # fmt: skip
SUSPENDED, SPEAKER = "Linha e Laço Confecções", "Juçara Camargo"


def tell_joining(story: Story) -> None:
    """In the weeks before today, by the operations that the screens call."""
    with clock.at(story.moment(story.today - dt.timedelta(days=200), 9)):
        network.close_founding(story.network, actor=story.coordinator)
        do.edit_settings(
            story.network,
            welcome="Recebemos quem trabalha junto e decide junto no Vale e no Alto Ribeira.",
            appeal_suspends=False,
            actor=story.coordinator,
        )
        for enterprise in story.enterprises.values():
            do.issue_certificate(enterprise, actor=story.coordinator)
    for number, data in enumerate(ENTERED):
        _enter(story, data, days_ago=40 - 12 * number)
    _asks(story)
    with clock.at(story.moment(story.today - dt.timedelta(days=15), 14)):
        do.submit(_begin(story, COMPANY), actor=_group(story, COMPANY))
    _appeals(story)


def _group(story: Story, data: ApplicationData) -> Actor:
    return system(story.network.pk, why=data.contact_name, via="link")


def _begin(story: Story, data: ApplicationData) -> Application:
    placed = replace(data, municipality=Municipality.objects.get(pk=3542602))
    application = do.start_application(story.network, placed, actor=_group(story, data)).application
    for item in application.items.all():
        do.say_for_criterion(item, answer=_ANSWERS.get(item.code, "Decidimos em reunião."), actor=_group(story, data))
    return application


_ANSWERS = {
    "self_management": "Reunião toda segunda; cada pessoa tem um voto e anotamos no caderno.",
    "members_work": "Quem é do grupo trabalha no grupo; não temos empregado.",
    "fair_trade": "Vendemos na feira e para a vizinhança, com o preço na placa.",
    "shared_results": "Dividimos pelas horas de cada uma, anotadas no caderno.",
    "purpose_of_surplus": "A sobra comprou o forno; ano passado ajudamos a horta da escola.",
    "no_labour_intermediation": "Não cedemos pessoal a ninguém.",
    "open_membership": "Quem quer entrar trabalha um mês junto e o grupo decide.",
    "autonomy": "Ninguém de fora decide por nós.",
}


def _sent(story: Story, data: ApplicationData) -> Application:
    application = _begin(story, data)
    do.add_evidence(
        application, kind="declaration", items=list(application.items.all()[:2]), actor=_group(story, data),
        text="Nós, abaixo assinadas, declaramos que trabalhamos juntas e decidimos juntas. (assinaram todas)",
    )  # fmt: skip
    do.submit(application, actor=_group(story, data))
    for beginning, name in (("paodaterra", "Cooperativa Pão da Terra"), ("mel", "Cooperativa Mel de Itapeva")):
        do.add_evidence(
            application, kind="reference", enterprise=story.enterprises[name], actor=story._actor(beginning),
            text="Conhecemos o trabalho do grupo na feira.",
        )  # fmt: skip
    people = [story.persons[beginning] for beginning in REVIEWERS]
    do.name_reviewers(application, people=people, actor=story.coordinator)
    return application


def _enter(story: Story, data: ApplicationData, *, days_ago: int) -> None:
    with clock.at(story.moment(story.today - dt.timedelta(days=days_ago), 10)):
        application = _sent(story, data)
        do.add_evidence(
            application, kind="visit", actor=story._actor("compras"), text="Visitamos a cozinha; todas estavam lá."
        )
    with clock.at(story.moment(story.today - dt.timedelta(days=days_ago - 8), 15)):
        opinions = {item.pk: ("met", "") for item in application.items.all()}
        for beginning in REVIEWERS[:2]:
            actor = story._actor(beginning)
            do.give_opinion(application, opinions=opinions, actor=actor)
            do.vote(application, choice="yes", reason="Decidem juntas, como a visita mostrou.", actor=actor)


def _asks(story: Story) -> None:
    with clock.at(story.moment(story.today - dt.timedelta(days=9), 11)):
        application = _sent(story, ASKING)
        do.ask(application, text="Quem comprou o forno, e de quem ele é hoje?", actor=story._actor("conselho"))
        first = list(application.items.all()[:3])
        do.give_opinion(application, opinions={item.pk: ("met", "") for item in first}, actor=story._actor("compras"))


def _appeals(story: Story) -> None:
    enterprise = story.enterprises[SUSPENDED]
    with clock.at(story.moment(story.today - dt.timedelta(days=12), 16)):
        measure = do.suspend(
            enterprise, reason="Não prestou contas do fundo de costura, apesar de dois pedidos.",
            actor=story.coordinator,
        )  # fmt: skip
    with clock.at(story.moment(story.today - dt.timedelta(days=5), 10)):
        speaker = system(story.network.pk, why=SPEAKER, via="example")
        do.file_appeal(
            measure=measure, text="As notas estavam com a contadora; já entregamos. Pedimos que a assembleia decida.",
            actor=speaker,
        )  # fmt: skip
