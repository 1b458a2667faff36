# SPDX-License-Identifier: AGPL-3.0-or-later
"""Behind the tenant filter: PostgreSQL itself shows a network's rows to nobody else, whatever SQL is sent."""

from __future__ import annotations

import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, ProgrammingError, connection, connections, transaction
from tests import app_role, factories

from mutirao.kernel import row_security, tenancy
from mutirao.network.models import Enterprise

pytestmark = pytest.mark.postgres


@pytest.fixture(autouse=True)
def _on_postgresql() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("row-level security is PostgreSQL's")


def names() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM network_enterprise ORDER BY name")
        return [row[0] for row in cursor.fetchall()]


@pytest.fixture
def two(db: None) -> tuple[Any, Any]:
    """Two networks with an enterprise each."""
    made = factories.network(), factories.network()
    for network, name in zip(made, ("Daqui", "De lá"), strict=True):
        with tenancy.activated(network):
            factories.enterprise(name=name)
    return made


def test_plain_sql_sees_the_active_network_only(two: tuple[Any, Any]) -> None:
    with tenancy.activated(two[0]):
        assert names() == ["Daqui"]
    with tenancy.activated(two[1]):
        assert names() == ["De lá"]


def test_without_a_network_there_is_nothing_and_for_a_stated_reason_everything(two: tuple[Any, Any]) -> None:
    assert names() == []
    with tenancy.unscoped("the installation's upkeep"):
        assert names() == ["Daqui", "De lá"]


def test_rows_are_not_put_into_another_network_nor_moved_there(two: tuple[Any, Any]) -> None:
    here, there = two
    with tenancy.activated(here):
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Enterprise._base_manager.bulk_create(
                [Enterprise(network=there, name="Intruso", folded="intruso", legal_form="informal")]
            )
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Enterprise._base_manager.filter(name="Daqui").update(network=there)
        assert Enterprise._base_manager.filter(name="De lá").update(name="Tomado") == 0


def test_every_table_of_a_network_is_guarded_and_the_guard_binds(db: None) -> None:
    assert row_security.state(connection) == (True, [])
    assert {"network_enterprise", "purchasing_purchaseround", "payments_charge", "ledger_entry"} <= set(
        row_security.guarded_tables()
    )


def test_a_table_that_lost_its_guard_is_named_and_mended(db: None) -> None:
    with app_role.as_owner():
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE network_enterprise DISABLE ROW LEVEL SECURITY")
        assert row_security.state(connection) == (False, ["network_enterprise"])  # and the owner is not bound at all
        assert row_security.protect(connection) == ["network_enterprise"]
    assert row_security.state(connection) == (True, [])


# --- Behind PgBouncer -----------------------------------------------------------------------------------------------


@pytest.fixture
def pooled(transactional_db: None) -> Iterator[int]:
    """PgBouncer in front of the test database, giving every transaction another of two connections; its port."""
    program = shutil.which("pgbouncer") or shutil.which("/usr/sbin/pgbouncer")
    if not program:
        pytest.skip("no PgBouncer on this machine: left out")
    settings = connection.settings_dict
    folder = Path(tempfile.mkdtemp(prefix="mutirao-pool-"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    port_words = f"port={settings['PORT']}" if settings["PORT"] else ""
    (folder / "users").write_text(f'"{app_role.ROLE}" ""\n')
    (folder / "pgbouncer.ini").write_text(
        f"""[databases]
pooled = host={settings["HOST"]} {port_words} dbname={settings["NAME"]} user={app_role.ROLE}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = trust
auth_file = {folder}/users
pool_mode = transaction
default_pool_size = 2
max_client_conn = 50
logfile = {folder}/log
server_connect_timeout = 5
ignore_startup_parameters = extra_float_digits
"""
    )
    folder.chmod(0o777)  # PgBouncer refuses to be root, and must reach the server's socket
    command = [program, *(["-u", Path(settings["HOST"]).owner()] if _is_root() else []), str(folder / "pgbouncer.ini")]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert process.poll() is None, (folder / "log").read_text()
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=10)
        shutil.rmtree(folder, ignore_errors=True)


def _is_root() -> bool:
    return Path("/proc/self").stat().st_uid == 0


def test_two_networks_at_once_through_two_pooled_connections(pooled: int) -> None:
    networks = [factories.network() for _ in range(4)]
    for network in networks:
        with tenancy.activated(network):
            factories.enterprise(name=f"De {network.slug}")
    seen: list[tuple[str, list[str]]] = []
    wrong: list[BaseException] = []
    settings = connection.settings_dict
    through = {
        **settings,
        "USER": app_role.ROLE,
        "HOST": "127.0.0.1",
        "PORT": str(pooled),
        "NAME": "pooled",
        "CONN_MAX_AGE": 0,
    }

    def work(network: Any) -> None:
        mine = connections["default"]
        mine.settings_dict = through
        try:
            with tenancy.activated(network):
                for turn in range(25):
                    if turn % 3 == 0:
                        with transaction.atomic():
                            Enterprise.objects.filter(name__startswith="De").update(notes=f"{turn}")
                            seen.append((network.slug, names()))
                    seen.append((network.slug, names()))
        except DatabaseError as problem:
            wrong.append(problem)
        finally:
            mine.close()

    threads = [threading.Thread(target=work, args=(network,)) for network in networks for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(seen) == 8 * (25 + 9)
    assert all(found == [f"De {slug}"] for slug, found in seen)
