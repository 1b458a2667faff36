# SPDX-License-Identifier: AGPL-3.0-or-later
"""The commands of ./mutirao: what each is called, what it needs ready, and who does it."""

import difflib
import errno
import os
import signal
import socket
import sys
from pathlib import Path
from types import FrameType
from typing import TextIO

from . import checks
from .environment import PYTHON, ROOT, VENV, child_environment, ensure
from .preparing import check_database_url, data_folder, need_collected, prepare, translate
from .words import Problem, english, progress_on, say, use_utf8, words

COMMANDS = {
    "up": (
        "abre o Mutirão neste computador   [--port 8000] [--host 0.0.0.0] [--empty: sem a rede de exemplo]",
        "opens Mutirão on this computer    [--port 8000] [--host 0.0.0.0] [--empty: without the example network]",
    ),
    "prepare": (
        "deixa pacotes, telas e banco em dia, para um servidor   (docs/servidor.md)",
        "brings packages, screens and database up to date, for a server",
    ),
    "web": (
        "serve atrás de um proxy   [--bind 127.0.0.1:8000 | unix:/pasta/web.sock] [--processes 2]",
        "serves behind a proxy     [--bind 127.0.0.1:8000 | unix:/folder/web.sock] [--processes 2]",
    ),
    "work": (
        "faz o trabalho de fundo; pelo RabbitMQ se houver MUTIRAO_BROKER   [--processes 2]",
        "does the background work; through RabbitMQ where MUTIRAO_BROKER is   [--processes 2]",
    ),
    "test": (
        "confere o programa   [--all: nada pode faltar] [--quick] [argumentos do pytest]",
        "checks the program   [--all: nothing may be left out] [--quick] [pytest arguments]",
    ),
    "import": (
        "traz empreendimentos, produtos e outros dados de uma planilha",
        "brings enterprises, products and other data in from a spreadsheet",
    ),
    "create_network": (
        "começa uma rede e chama quem coordena   --slug raizes --name … --coordinator-email …",
        "begins a network, calls its coordinator   --slug raizes --name … --coordinator-email …",
    ),
    "setup_link": (
        "mostra o endereço que começa a primeira rede de uma instalação vazia",
        "shows the address that begins the first network of an empty installation",
    ),
    "check": ("confere a trilha de auditoria e os livros", "checks the audit trail and the books"),
    "backup": (
        "guarda banco, arquivos e chaves em um arquivo   [--to PASTA] [--keep 7] [--encrypt]",
        "keeps database, files and keys in one file      [--to FOLDER] [--keep 7] [--encrypt]",
    ),
    "tell_failure": (
        "SERVIÇO: avisa por e-mail quem cuida da instalação que um serviço falhou",
        "SERVICE: tells those who look after the installation by e-mail that a service failed",
    ),
    "restore": (
        "ARQUIVO: traz uma cópia de segurança de volta   [--replace]",
        "FILE: brings a backup back                      [--replace]",
    ),
    "export": (
        "--network REDE | --person E-MAIL  --to ARQUIVO.zip: leva tudo em formatos abertos",
        "--network SLUG | --person E-MAIL  --to FILE.zip: takes everything along in open formats",
    ),
    "erase_person": (
        "E-MAIL: apaga quem a pessoa é e guarda os livros (LGPD)",
        "E-MAIL: erases who a person is and keeps the books",
    ),
    "solve": (
        "allocate|award ARQUIVO: resolve uma partilha ou uma compra em JSON",
        "allocate|award FILE: solves a sharing or an award in JSON",
    ),
    "load_example": ("carrega a rede de exemplo", "loads the example network"),
    "sign_in_help": (
        "mostra como entrar com cada papel no exemplo",
        "shows how to sign in as each role of the example",
    ),
    "manage": (
        "qualquer comando do Django, por exemplo: manage migrate",
        "any Django command, for example: manage migrate",
    ),
    "help": ("mostra esta lista", "shows this list"),
}
CALLED = {"check": "mutirao_check"}  # Django has a check of its own: ./mutirao manage check
# What becomes of the example in a database that one of these is the first to need (see preparing.prepare).
NEEDS_DATABASE = {
    "import": "never",
    "create_network": "never",
    "setup_link": "never",
    "load_example": "never",  # it loads by itself
    "check": "later",
    "backup": "later",
    "export": "later",
    "erase_person": "later",
    "sign_in_help": "later",
}


def run(arguments: list[str]) -> int:
    """Do the command; every foreseen problem ends in words and an exit code."""
    use_utf8()
    signal.signal(signal.SIGTERM, stop)
    try:
        return dispatch(arguments[0] if arguments else "help", arguments[1:])
    except Problem as problem:
        print(f"\n{problem}", file=sys.stderr)
        return problem.code
    except KeyboardInterrupt:
        say(
            "\nParado. Para continuar de onde parou, repita o comando.",
            "\nStopped. To go on from here, repeat the command.",
        )
        return 130


def stop(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(143)


def dispatch(command: str, arguments: list[str]) -> int:
    if command in ("help", "-h", "--help", "ajuda"):
        show_help()
        return 0
    if command == "up":
        return up(arguments)
    if command == "test":
        return checks.main(arguments)
    if command == "manage":
        return become_manage(arguments)
    if command == "prepare" and not arguments:
        return prepare_server()
    if command not in COMMANDS and not exists(command):
        close = difflib.get_close_matches(command, COMMANDS, n=1)
        hint = words(f" Você quis dizer “{close[0]}”?", f" Did you mean “{close[0]}”?") if close else ""
        print(
            words(f"Não conheço o comando “{command}”.{hint}\n", f"I do not know the command “{command}”.{hint}\n"),
            file=sys.stderr,
        )
        show_help(sys.stderr)
        return 2
    if command in NEEDS_DATABASE and not {"-h", "--help"} & set(arguments):
        ensure("run")
        translate()
        prepare(data_folder(), example=NEEDS_DATABASE[command])
    return become_manage([CALLED.get(command, command), *arguments])


def show_help(out: TextIO | None = None) -> None:
    print(words("Mutirão: o sistema das redes solidárias\n", "Mutirão: the system of solidarity networks\n"), file=out)
    for name, said in COMMANDS.items():
        print(f"  ./mutirao {name:<15} {said[english()]}", file=out)


def exists(command: str) -> bool:
    """Whether Django, an installed package or Mutirão has a management command of this name."""
    if not command.replace("_", "").isalnum():
        return False
    places = [(ROOT / "src" / "mutirao", "*"), *((site, "**") for site in (VENV / "lib").glob("python*/site-packages"))]
    return any(next(place.glob(f"{depth}/management/commands/{command}.py"), None) for place, depth in places)


def become_manage(arguments: list[str]) -> int:
    """Turn into the project's command line, in the caller's folder, so that file names and signals are the caller's."""
    ensure("run")
    more = {}
    if arguments[:1] != ["solve"]:  # the solvers know neither data nor database
        translate()
        check_database_url()
        data = data_folder()
        more = {"MUTIRAO_DATA": str(data)}
        if arguments[:1] == ["web"] and not {"-h", "--help"} & set(arguments):
            need_collected(data)
            more["MUTIRAO_COLLECTED_STATIC"] = "1"
    replace([PYTHON, "-P", "-m", "mutirao", *arguments], child_environment(**more))
    return 1


def replace(command: list[str | Path], environment: dict[str, str]) -> None:
    sys.stdout.flush()
    sys.stderr.flush()
    os.execve(command[0], [str(part) for part in command], environment)


def prepare_server() -> int:
    """Everything a server needs ready before it serves; never the example."""
    ensure("run")
    translate()
    prepare(data_folder(), example="never")
    print(words("Tudo pronto.", "Everything is ready."))
    return 0


# --- up -------------------------------------------------------------------------------------------------------------


def up(arguments: list[str]) -> int:
    host, port, empty = read_up(arguments)
    progress_on(sys.stdout)
    listener = take_port(host, port)
    data = data_folder()
    check_database_url()
    ensure("run")
    translate()
    prepare(data, example="never" if empty else "load")
    listener.set_inheritable(True)
    replace(
        [PYTHON, "-P", "-m", "mutirao", "serve", str(listener.detach()), host, str(port)],
        child_environment(MUTIRAO_DATA=str(data), MUTIRAO_COLLECTED_STATIC="1"),
    )
    return 1


def read_up(arguments: list[str]) -> tuple[str, int, bool]:
    host, port, empty = "127.0.0.1", "8000", False
    rest = [
        part for argument in arguments for part in (argument.split("=", 1) if argument.startswith("--") else [argument])
    ]
    while rest:
        option = rest.pop(0)
        if option == "--empty":
            empty = True
        elif option in ("--port", "-p", "--host") and rest:
            value = rest.pop(0)
            host, port = (value, port) if option == "--host" else (host, value)
        elif option in ("--help", "-h"):
            print(f"./mutirao up: {words(*COMMANDS['up'])}")
            raise SystemExit(0)
        else:
            raise Problem(
                f"Não entendi “{option}”. Uso: ./mutirao up [--port N] [--host H] [--empty]",
                f"I do not understand “{option}”. Usage: ./mutirao up [--port N] [--host H] [--empty]",
                code=2,
            )
    if not (port.isascii() and port.isdigit() and 1 <= int(port) <= 65535):
        raise Problem(
            f"A porta é um número de 1 a 65535, não “{port}”.",
            f"The port is a number from 1 to 65535, not “{port}”.",
            code=2,
        )
    return host, int(port), empty


def take_port(host: str, port: int) -> socket.socket:
    """Take the address before anything long is begun; the server listens on it at the end."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except (socket.gaierror, UnicodeError):
        raise Problem(f"Não conheço o endereço “{host}”.", f"I do not know the address “{host}”.", code=2) from None
    except OSError as error:
        raise port_problem(error, host, port) from None
    return listener


def port_problem(error: OSError, host: str, port: int) -> Problem:
    if error.errno == errno.EADDRINUSE:
        return Problem(
            f"A porta {port} já está em uso, talvez por outro Mutirão aberto. Escolha outra:\n"
            f"    ./mutirao up --port {free_port(port)}",
            f"Port {port} is taken, perhaps by another Mutirão. Choose another:\n"
            f"    ./mutirao up --port {free_port(port)}",
        )
    if error.errno in (errno.EACCES, errno.EPERM):
        return Problem(
            f"O sistema não deixa você usar a porta {port}. Escolha uma acima de 1023:\n    ./mutirao up --port 8000",
            f"The system does not let you use port {port}. Choose one above 1023:\n    ./mutirao up --port 8000",
        )
    if error.errno == errno.EADDRNOTAVAIL:
        return Problem(
            f"Este computador não tem o endereço {host}. Use 127.0.0.1 (só aqui) ou 0.0.0.0 (a rede local).",
            f"This computer does not have the address {host}. Use 127.0.0.1 (only here) or 0.0.0.0 (local network).",
        )
    return Problem(
        f"Não consegui usar {host}:{port}: {error.strerror}", f"I could not use {host}:{port}: {error.strerror}"
    )


def free_port(taken: int) -> int:
    """The next free port after one that is taken, to be suggested."""
    for port in range(taken + 1, min(taken + 50, 65536)):
        with socket.socket() as trial:
            if trial.connect_ex(("127.0.0.1", port)) != 0:
                return port
    return 8080
