# SPDX-License-Identifier: AGPL-3.0-or-later
"""`./mutirao export`: everything of a network, or everything about a person, in open formats."""

import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError
from django.utils.translation import gettext as _

from mutirao.network.models import Network, Person
from mutirao.site.keeping import exporting, people
from mutirao.site.launch.console import database_words, speak_the_terminals_language


class Command(BaseCommand):
    help = "Writes everything of a network, or everything about a person, to a ZIP file. See docs/operacao.md."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--network", help="the network's short address")
        what.add_argument("--person", help="the person's e-mail address")
        parser.add_argument("--to", type=Path, required=True, help="the file to write; must not exist")

    def handle(self, *args: Any, network: str | None, person: str | None, to: Path, **options: Any) -> None:
        speak_the_terminals_language()
        try:
            with os.fdopen(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as out:
                if person is not None:
                    out.write(people.file_about(Person.objects.get(email=person.strip().lower())))
                else:
                    exporting.write_network(Network.objects.get(slug=network), out)
        except OSError as error:
            self.stop(f"{to}: {error.strerror}")
        except (Person.DoesNotExist, Network.DoesNotExist):
            to.unlink()
            self.stop(_("Não encontrei: %(what)s.") % {"what": person or network})
        except DatabaseError as error:
            to.unlink()
            self.stop(database_words(error))
        except BaseException:
            to.unlink(missing_ok=True)
            raise
        self.stdout.write(_("Pronto: %(file)s (%(size)s KB)") % {"file": to, "size": -(-to.stat().st_size // 1024)})

    def stop(self, words: str) -> None:
        self.stderr.write(words)
        sys.exit(1)
