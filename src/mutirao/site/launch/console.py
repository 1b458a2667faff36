# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the command line and the screen do differently: the language comes from the terminal, errors become lines."""

import os

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.utils import translation
from django.utils.translation import gettext as _


def speak_the_terminals_language() -> None:
    """Speak the terminal's language (LC_ALL, LC_MESSAGES, LANG) where it is spoken here, Portuguese everywhere else."""
    spoken = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(name))), "")
    known = (code for code, _name in settings.LANGUAGES if code.split("-")[0] == spoken[:2].lower())
    translation.activate(next(known, settings.LANGUAGE_CODE))


def newer_database_words() -> str:
    """Why an older program does not touch a database that a newer one has changed; empty where none has.

    Raises: DatabaseError.
    """
    loader = MigrationLoader(connection)
    newest: dict[str, str] = {}
    for app, name in loader.disk_migrations:
        newest[app] = max(newest.get(app, ""), name)
    unknown = sorted(f"{app}.{name}" for app, name in loader.applied_migrations if name > newest.get(app, "~"))
    if not unknown:
        return ""
    return _(
        "O banco de dados é de uma versão mais nova do programa (%(steps)s).\n"
        "Atualize o programa, ou traga de volta a cópia feita antes: ./mutirao restore --replace ARQUIVO."
    ) % {"steps": ", ".join(unknown)}


def database_words(error: DatabaseError) -> str:
    """What to tell the person whose database did not answer, or refused."""
    said = str(error).strip().splitlines()
    what = said[0] if said else type(error).__name__
    if "disk is full" in what or "No space left" in what:
        return _("O disco está cheio: o banco de dados não pôde gravar. Libere espaço e repita o comando.")
    if getattr(error.__cause__, "sqlstate", None) == "42501":
        return _(
            "O banco de dados não deixa: %(what)s\n"
            "Quem entra por DATABASE_URL não é dono das tabelas. Diga também MUTIRAO_OWNER_DATABASE_URL "
            "(docs/servidor.md)."
        ) % {"what": what}
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        return _("O banco de dados %(name)s não pôde ser usado: %(what)s") % {
            "name": settings.DATABASES["default"]["NAME"],
            "what": what,
        }
    return _(
        "O banco de dados de DATABASE_URL não pôde ser usado: %(what)s\n"
        "Confira o endereço, a senha e se o servidor está ligado."
    ) % {"what": what}
