# SPDX-License-Identifier: AGPL-3.0-or-later
"""Applications, reviewers and files for tests; nothing hidden."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from mutirao.admission import operations as do
from mutirao.admission.models import Application
from mutirao.admission.operations import ApplicationData, Started
from mutirao.kernel.actors import Actor, system
from mutirao.kernel.uploads import Kind, Upload, accept
from mutirao.network import access
from mutirao.network.models import Network, Person
from tests import factories

PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


def guest(network: Any) -> Actor:
    """The group itself, by its link."""
    return system(network.pk, why="Rosa Lima", via="link")


def data(**changes: Any) -> ApplicationData:
    values: dict[str, Any] = {
        "name": "Quitandeiras do Morro", "legal_form": "informal", "contact_name": "Rosa Lima", "member_count": 7,
        "activity": "quitandas", "phone": "(13) 5550-2020", "municipality": None, **changes,
    }  # fmt: skip
    return ApplicationData(**values)


def started(network: Any, **changes: Any) -> Started:
    place = changes.pop("municipality", None) or factories.municipality()
    return do.start_application(network, data(municipality=place, **changes), actor=guest(network))


def answered(application: Application) -> Application:
    """Something said to every criterion."""
    for item in application.items.all():
        do.say_for_criterion(item, answer="Decidimos tudo em roda.", actor=guest(application.network))
    return application


def submitted(network: Any, **changes: Any) -> Application:
    application = answered(started(network, **changes).application)
    return do.submit(application, actor=guest(network))


def reviewer(network: Any, role: str = "council") -> Actor:
    return factories.actor(network, role)


def person(actor: Actor) -> Person:
    return Person.objects.get(pk=actor.person_id)


def under_review(
    network: Any, coordinator: Actor, *, how_many: int = 3, **changes: Any
) -> tuple[Application, list[Actor]]:
    application = submitted(network, **changes)
    actors = [reviewer(network) for _ in range(how_many)]
    do.name_reviewers(application, people=[person(one) for one in actors], actor=coordinator)
    application.refresh_from_db()
    return application, actors


def opine(application: Application, actor: Actor, *, unmet: str = "") -> None:
    """An opinion on every criterion: met, but for the one of code `unmet`."""
    do.give_opinion(
        application,
        opinions={
            item.pk: ("not_met", "Quem manda é o dono.") if item.code == unmet else ("met", "")
            for item in application.items.all()
        },
        actor=actor,
    )


def vote(application: Application, actor: Actor, choice: str, *, unmet: str = "") -> Application:
    opine(application, actor, unmet=unmet)
    return do.vote(application, choice=choice, reason=f"Voto {choice}.", actor=actor)


def admitted(network: Any, coordinator: Actor, **changes: Any) -> Application:
    application, actors = under_review(network, coordinator, **changes)
    for one in actors[:2]:
        application = vote(application, one, "yes")
    return application


def refused(network: Any, coordinator: Actor, **changes: Any) -> Application:
    application, actors = under_review(network, coordinator, **changes)
    for one in actors[:2]:
        application = vote(application, one, "no", unmet="self_management")
    return application


def photo() -> SimpleUploadedFile:
    buffer = BytesIO()
    Image.new("RGB", (40, 30), "orange").save(buffer, "PNG")
    return SimpleUploadedFile("ata.png", buffer.getvalue(), "image/png")


def pdf(content: bytes = PDF, name: str = "ata.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/pdf")


def looked_at(file: SimpleUploadedFile) -> Upload:
    """As the form hands it on."""
    return accept(file, [Kind.IMAGE, Kind.PDF])


def again(actor: Actor) -> Actor:
    """The same person with the roles held now."""
    return access.actor_for(person(actor), Network.objects.get(pk=actor.network_id))
