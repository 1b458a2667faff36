# SPDX-License-Identifier: AGPL-3.0-or-later
"""./mutirao create_network --slug raizes --name "Rede Raízes" …: begins a network and calls its first coordinator."""

import getpass
import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import CommandError
from django.core.management.base import BaseCommand
from django.core.validators import validate_email, validate_slug
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from mutirao.kernel import tenancy
from mutirao.kernel.errors import DomainError
from mutirao.network import operations, roles
from mutirao.network.models import Network, Person
from mutirao.network.operations.networks import installation
from mutirao.site.launch.console import database_words, speak_the_terminals_language


class Command(BaseCommand):
    help = "Begins a network; prints an invitation for its first coordinator, or makes the account with a password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--slug", required=True, help="short address: letters without accents, digits, hyphens")
        parser.add_argument("--name", required=True, help="name of the network")
        parser.add_argument("--coordinator-email", required=True, metavar="EMAIL")
        parser.add_argument("--coordinator-name", default="", metavar="NAME")
        parser.add_argument("--country", default="BR", metavar="XX", help="two letters; default: BR")
        parser.add_argument("--language", default="", help="pt-br, es, fr, en; default: the country's")
        parser.add_argument("--currency", default="", metavar="XXX", help="three letters; default: the country's")
        parser.add_argument("--time-zone", default="", metavar="ZONE", help="like Europe/Paris; default: the country's")
        parser.add_argument(
            "--password",
            action="store_true",
            help="ask for a password (or read it from MUTIRAO_PASSWORD) and make the account, instead of an invitation",
        )
        parser.add_argument("--base", default=settings.ADDRESS, help="address of the server, for the invitation")

    def handle(self, *args: Any, **options: Any) -> None:
        speak_the_terminals_language()
        email = options["coordinator_email"].strip().lower()
        self.require(validate_slug, options["slug"], _("O endereço curto só leva letras sem acento, números e hífen."))
        self.require(validate_email, email, _("O e-mail da coordenação não está completo."))
        password = self.password() if options["password"] else None
        try:
            with transaction.atomic():
                said = self.create(email, password, options)
        except DomainError as error:
            raise CommandError(str(error)) from None
        except DatabaseError as error:
            raise CommandError(database_words(error)) from None
        self.stdout.write(said)

    def require(self, validator: Any, value: str, words: str) -> None:
        try:
            validator(value)
        except ValidationError:
            raise CommandError(words) from None

    def password(self) -> str:
        if given := os.environ.get("MUTIRAO_PASSWORD"):
            return given
        if not sys.stdin.isatty():
            raise CommandError(_("Não há terminal para perguntar a senha: ponha-a em MUTIRAO_PASSWORD."))
        first = getpass.getpass(_("Senha da coordenação: "))
        if first != getpass.getpass(_("De novo: ")):
            raise CommandError(_("As duas senhas são diferentes."))
        return first

    def create(self, email: str, password: str | None, options: dict[str, Any]) -> str:
        actor = installation()
        person = Person.objects.filter(email=email).first()
        name = options["coordinator_name"] or (person.name if person else "")
        if person is None and password is not None:
            person = operations.create_person(
                name=name or email,
                email=email,
                password=password,
                is_operator=not Network.objects.exists(),
                actor=actor,
            )
        network = operations.create_network(
            slug=options["slug"],
            name=options["name"],
            coordinator=person,
            country=options["country"],
            language=options["language"],
            currency=options["currency"].upper(),
            time_zone=options["time_zone"],
            actor=actor,
        )
        if person is not None:
            words = _("A rede “%(network)s” começou, com %(person)s (%(email)s) na coordenação.")
            return words % {"network": network, "person": person, "email": email}
        with tenancy.activated(network):
            issued = operations.invite(network, role=roles.COORDINATION, name=name, email=email, actor=actor)
        url = options["base"].rstrip("/") + reverse("invitation", kwargs={"token": issued.token})
        words = _("A rede “%(network)s” começou. Mande este convite a %(email)s; ele só aparece agora:\n  %(url)s")
        return words % {"network": network, "email": email, "url": url}
