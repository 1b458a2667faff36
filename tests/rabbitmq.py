# SPDX-License-Identifier: AGPL-3.0-or-later
"""A RabbitMQ of the tests' own: Debian's, as a node in a temporary folder on free ports, gone when the tests end."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kombu import Connection


def program() -> Path | None:
    """RabbitMQ's own start script, below what Debian puts around it; None where there is none."""
    return next(iter(sorted(Path("/usr/lib/rabbitmq/lib").glob("*/sbin/rabbitmq-server"))), None)


def free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [int(one.getsockname()[1]) for one in sockets]
    finally:
        for one in sockets:
            one.close()


@contextmanager
def throw_away(start: Path) -> Iterator[str]:
    """Start a node and yield its address; stopped by force, since nothing in it is worth a clean end."""
    folder = Path(tempfile.mkdtemp(prefix="mutirao-mq-", dir="/tmp"))
    amqp, distribution, names = free_ports(3)
    (folder / "rabbitmq.conf").write_text(
        f"listeners.tcp.1 = 127.0.0.1:{amqp}\nvm_memory_high_watermark.relative = 0.9\n"
    )
    (folder / "plugins").write_text("[].\n")
    environment = {
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "HOME": str(folder),
        "ERL_EPMD_PORT": str(names),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODENAME": f"tests{amqp}@localhost",
        "RABBITMQ_CONF_ENV_FILE": "/dev/null",
        "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
        "RABBITMQ_MNESIA_BASE": str(folder / "data"),
        "RABBITMQ_LOG_BASE": str(folder / "log"),
        "RABBITMQ_PID_FILE": str(folder / "pid"),
        "RABBITMQ_DIST_PORT": str(distribution),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+S 1:1 +sbwt none +sbwtdcpu none +sbwtdio none",
    }
    epmd = shutil.which("epmd") or "epmd"
    with (folder / "out").open("w") as out:
        common = {"env": environment, "cwd": folder, "stdin": subprocess.DEVNULL, "stdout": out, "stderr": out}
        # The registry of names that Erlang would otherwise leave running behind it.
        registry = subprocess.Popen([epmd, "-port", str(names)], start_new_session=True, **common)  # type: ignore[call-overload]
        node = subprocess.Popen([start], start_new_session=True, **common)  # type: ignore[call-overload]
    address = f"amqp://guest:guest@127.0.0.1:{amqp}//"
    try:
        _wait(address, node, folder)
        yield address
    finally:
        for process in (node, registry):
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(timeout=30)
        shutil.rmtree(folder, ignore_errors=True)


def _wait(address: str, node: subprocess.Popen[bytes], folder: Path) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        assert node.poll() is None, (folder / "out").read_text()
        try:
            with Connection(address, connect_timeout=2) as connection:
                connection.connect()
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError((folder / "out").read_text())
