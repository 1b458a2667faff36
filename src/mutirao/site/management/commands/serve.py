# SPDX-License-Identifier: AGPL-3.0-or-later
"""The server: `python -m mutirao.site.launch.serve SOCKET HOST PORT`, on a socket the launcher has already bound."""

import errno
import socket
import sys
import warnings
from contextlib import suppress

import uvicorn
from django.core.management import call_command
from django.db import DatabaseError
from django.utils.translation import gettext as _

from mutirao.network import setup
from mutirao.site.asgi import application
from mutirao.site.launch.console import database_words, speak_the_terminals_language


def addresses(host: str, port: int) -> list[tuple[str, str]]:
    """Where to open the app: (who it is for, address), this computer first."""
    local = _("neste computador")
    if host not in ("0.0.0.0", "::"):  # noqa: S104 - compared, not bound
        return [(local, f"http://{f'[{host}]' if ':' in host else host}:{port}/")]
    found = [(local, f"http://127.0.0.1:{port}/")]
    if lan := lan_address():
        found.append((_("no celular, na mesma rede sem fio"), f"http://{lan}:{port}/"))
    return found


def lan_address() -> str:
    """This computer's address on the local network, or ""; connecting a datagram socket sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return ""
        address = probe.getsockname()[0]
    return "" if address.startswith("127.") else address


def main(descriptor: int, host: str, port: int) -> int:
    """Serve until stopped; a signal lets open requests finish for five seconds."""
    speak_the_terminals_language()
    listener = socket.socket(fileno=descriptor)
    try:
        listener.listen(2048)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        sys.stderr.write(
            "\n"
            + _("A porta %(port)s foi tomada por outro programa. Escolha outra com --port.") % {"port": port}
            + "\n"
        )
        return 1
    sys.stdout.write("\n" + _("Mutirão aberto:") + "\n")
    for who, address in addresses(host, port):
        sys.stdout.write(f"  {address}  ({who})\n")
    sys.stdout.write("\n")
    try:
        if setup.is_needed():
            call_command("setup_link", base=addresses(host, port)[0][1])
        else:
            call_command("sign_in_help")
    except DatabaseError as error:
        sys.stderr.write("\n" + database_words(error) + "\n")
        return 1
    sys.stdout.write("\n" + _("Para parar: Ctrl+C") + "\n")
    sys.stdout.flush()
    # Static files are small and sent whole; Django's advice on streaming them is not for the person at the terminal.
    warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")
    server = uvicorn.Server(
        uvicorn.Config(
            application,
            lifespan="on",
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=5,
            server_header=False,
        )
    )
    with suppress(KeyboardInterrupt):
        server.run(sockets=[listener])
    return 0 if server.started else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
