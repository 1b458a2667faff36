# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: PLC0415 - each contestant loads what its own environment has, and nothing else
"""Posting many two-leg entries on PostgreSQL: Mutirão, raw SQL under the same triggers, django-hordak.

    .venv/bin/python bench/ledger.py [--entries 100000] [--singles 1000] [--repeat 3] [--json FILE]

Needs PostgreSQL's server programs and Linux. Everything happens in a throw-away cluster with its default settings
(fsync on) and, for django-hordak, in a throw-away environment with its own packages; nothing of this touches the
project's environment. All contestants run one after another in one run, each in a process and a database of its own,
from the same plain rows (date, amount) to posted entries, in one transaction ("singles": one transaction an entry).

CPU is what the client process used plus what its PostgreSQL backend used (from /proc); wall time depends on what else
the machine does, CPU seconds hardly. Ratios are to raw SQL.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import platform
import pwd
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
HORDAK = ["django-hordak==2.0.0", "Django==5.2.*", "psycopg[binary]==3.*"]
BULK = ("raw", "mutirao", "mutirao_orm", "hordak")
SINGLES = ("mutirao_singles", "hordak_singles")
WORDS = {
    "raw": "raw SQL (COPY, one UPDATE), same triggers",
    "mutirao": "Mutirão `post_entries` (keys, checks, audit)",
    "mutirao_orm": "Mutirão's tables by `bulk_create`, same triggers",
    "hordak": "django-hordak, `bulk_create`",
    "mutirao_singles": "Mutirão `post_entry`, one by one",
    "hordak_singles": "django-hordak `transfer_to`, one by one",
}
TEMPLATE = {"raw": "mutirao", "mutirao": "mutirao", "mutirao_orm": "mutirao", "mutirao_singles": "mutirao",
            "hordak": "hordak", "hordak_singles": "hordak"}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--singles", type=int, default=1_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--contestant", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.contestant:
        print(json.dumps(CONTESTANTS[arguments.contestant](arguments.entries)))
        return
    with tempfile.TemporaryDirectory(prefix="bench-ledger-") as place:
        results = compare(Path(place), arguments)
    report(results, arguments)


def compare(place: Path, arguments: argparse.Namespace) -> dict[str, list[dict[str, float]]]:
    """Every contestant `repeat` times, in turns, so that a busy minute hits them all."""
    results: dict[str, list[dict[str, float]]] = {}
    with cluster(place) as server:
        pythons = {"mutirao": sys.executable, "hordak": hordak_python(place)}
        for name in ("mutirao", "hordak"):
            psql(server, "postgres", f"CREATE DATABASE {name}")
            contestant(pythons[name], f"prepare_{name}", server, name, place, 0)
        for _turn in range(arguments.repeat):
            for name in (*BULK, *SINGLES):
                origin = TEMPLATE[name]
                psql(server, "postgres", "DROP DATABASE IF EXISTS turn")
                psql(server, "postgres", f"CREATE DATABASE turn TEMPLATE {origin}")
                psql(server, "turn", "VACUUM ANALYZE")
                psql(server, "turn", "CHECKPOINT")
                count = arguments.singles if name in SINGLES else arguments.entries
                figures = contestant(pythons[origin], name, server, "turn", place, count)
                results.setdefault(name, []).append(figures)
                print(f"{name:>16}: {figures}", file=sys.stderr, flush=True)
    return results


def report(results: dict[str, list[dict[str, float]]], arguments: argparse.Namespace) -> None:
    """Medians as a table."""
    print(
        f"\n{arguments.entries:,} entries of two legs ({arguments.singles:,} for one by one), median of"
        f" {arguments.repeat}; {platform.system()} {platform.machine()}, {os.cpu_count()} cores,"
        f" Python {platform.python_version()}, load average {os.getloadavg()[0]:.1f}\n"
    )
    print("| contestant | wall s | client CPU s | server CPU s | CPU s | CPU ms an entry | CPU to raw |")
    print("|---|---|---|---|---|---|---|")
    raw = 0.0
    for name, turns in results.items():
        middle = {key: statistics.median(turn[key] for turn in turns) for key in turns[0]}
        cpu = middle["client"] + middle["server"]
        each = cpu / middle["entries"]
        raw = raw or each
        print(
            f"| {WORDS[name]} | {middle['wall']:.2f} | {middle['client']:.2f} | {middle['server']:.2f} | {cpu:.2f}"
            f" | {each * 1000:.3f} | {each / raw:.1f} |"
        )
    if arguments.json:
        arguments.json.write_text(json.dumps(results, indent=1))


# --- the throw-away cluster and environment -------------------------------------------------------------------------


@contextmanager
def cluster(place: Path) -> Iterator[dict[str, str]]:
    """A PostgreSQL of our own on a free port, run as another user where we are root."""
    programs = Path(shutil.which("initdb") or max(Path("/usr/lib/postgresql").glob("*/bin/initdb"))).resolve().parent
    user, home = {}, place / "postgres"
    home.mkdir()
    place.chmod(0o755)
    if os.geteuid() == 0:
        who = "postgres" if any(entry.pw_name == "postgres" for entry in pwd.getpwall()) else "nobody"
        user = {"user": who, "extra_groups": []}
        shutil.chown(home, who)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    run = {"check": True, "stdout": subprocess.DEVNULL, "cwd": home, **user}
    data = str(home / "data")
    subprocess.run([programs / "initdb", "-D", data, "-U", "bench", "-A", "trust", "-E", "UTF8"], **run)
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={home}"
    subprocess.run([programs / "pg_ctl", "-D", data, "-w", "-l", str(home / "log"), "-o", options, "start"], **run)
    try:
        yield {"port": port, "psql": str(programs / "psql")}
    finally:
        subprocess.run([programs / "pg_ctl", "-D", data, "-m", "immediate", "stop"], **run)


def psql(server: dict[str, str], database: str, statement: str) -> None:
    subprocess.run(
        [server["psql"], "-h", "127.0.0.1", "-p", server["port"], "-U", "bench", "-d", database, "-qc", statement],
        check=True,
        stderr=subprocess.DEVNULL,
    )


def hordak_python(place: Path) -> str:
    """An environment with django-hordak in it, made for this run."""
    python = place / "hordak" / "bin" / "python"
    if uv := shutil.which("uv"):
        subprocess.run([uv, "venv", "-q", "-p", sys.executable, python.parents[1]], check=True)
        subprocess.run([uv, "pip", "install", "-q", "-p", python, *HORDAK], check=True)
    else:
        subprocess.run([sys.executable, "-m", "venv", python.parents[1]], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *HORDAK], check=True)
    return str(python)


def contestant(
    python: str, name: str, server: dict[str, str], database: str, place: Path, count: int
) -> dict[str, float]:
    environment = {
        **os.environ,
        "DATABASE_URL": f"postgres://bench@127.0.0.1:{server['port']}/{database}",
        "BENCH_PORT": server["port"],
        "BENCH_DATABASE": database,
        "MUTIRAO_DATA": str(place / "data"),
        "PYTHONPATH": str(ROOT / "src"),
        "DJANGO_SETTINGS_MODULE": "mutirao.site.settings",
    }
    done = subprocess.run(
        [python, __file__, "--contestant", name, "--entries", str(count)],
        check=True,
        stdout=subprocess.PIPE,
        env=environment,
    )
    return dict(json.loads(done.stdout.splitlines()[-1]))


# --- measuring ------------------------------------------------------------------------------------------------------


def rows(count: int) -> list[tuple[dt.date, int]]:
    """What everybody posts: a date in one of twelve months and an amount in cents."""
    first = dt.date(2025, 1, 1)
    return [(first + dt.timedelta(days=number % 365), 100 + number % 9_999) for number in range(count)]


def measured(work: Callable[[], object], backend: int, count: int) -> dict[str, float]:
    """Wall seconds, CPU seconds of this process and of its backend."""
    start, client, server = time.perf_counter(), _client_cpu(), _backend_cpu(backend)
    work()
    return {
        "entries": count,
        "wall": round(time.perf_counter() - start, 3),
        "client": round(_client_cpu() - client, 3),
        "server": round(_backend_cpu(backend) - server, 3),
    }


def _client_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _backend_cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _backend(connection: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def _must_be(found: int, expected: int) -> None:
    if found != expected:
        raise SystemExit(f"posted {found} entries instead of {expected}")


# --- Mutirão and raw SQL --------------------------------------------------------------------------------------------


def prepare_mutirao(_count: int) -> dict[str, float]:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from mutirao.kernel import tenancy
    from mutirao.kernel.actors import system
    from mutirao.ledger import operations
    from mutirao.network.models import Network

    network = Network.objects.create(slug="bench", name="Bench")
    actor = system(network.pk, why="bench")
    with tenancy.activated(network):
        book = operations.open_book(network, actor=actor)
        for month in range(1, 13):  # the periods are there; one entry in each
            operations.post_entries(book, [_spec(dt.date(2025, month, 1), 1, f"first-{month}")], actor=actor)
    return {}


def _spec(date: dt.date, amount: int, key: str) -> Any:
    from mutirao.ledger.core.entries import EntrySpec, LegSpec

    lines = [LegSpec("bank", amount, "cooperative"), LegSpec("round_fees", -amount, "cooperative")]
    return EntrySpec(date, "Lançamento", lines, ("bench.row", 1), key)


@contextmanager
def _mutirao(count: int) -> Iterator[tuple[Any, Any, int]]:
    import django

    django.setup()
    from django.db import connection

    from mutirao.kernel import tenancy
    from mutirao.kernel.actors import system
    from mutirao.ledger.models import Book, Entry
    from mutirao.network.models import Network

    network = Network.objects.get()
    with tenancy.activated(network):
        before = Entry.objects.filter(state="posted").count()
        yield Book.objects.get(), system(network.pk, why="bench"), _backend(connection)
        _must_be(Entry.objects.filter(state="posted").count() - before, count)


def mutirao(count: int) -> dict[str, float]:
    """The operation that modules call, with idempotency keys."""
    data = rows(count)
    with _mutirao(count) as (book, actor, backend):
        from mutirao.ledger import operations

        def work() -> None:
            specs = [_spec(date, amount, f"k{number}") for number, (date, amount) in enumerate(data)]
            operations.post_entries(book, specs, actor=actor)

        return measured(work, backend, count)


def mutirao_orm(count: int) -> dict[str, float]:
    """The same tables and triggers by Django's own bulk_create."""
    with _mutirao(count) as (book, _actor, backend):
        from django.db import transaction
        from django.db.models import Max

        from mutirao.ledger.models import Account, Entry, Line

        data = rows(count)
        bank = Account.objects.get(purpose="bank").pk
        fees = Account.objects.get(purpose="round_fees").pk
        base = Entry.objects.aggregate(last=Max("number"))["last"]

        def work() -> None:
            with transaction.atomic():
                entries = Entry.objects.bulk_create(
                    [
                        Entry(
                            network_id=book.network_id, book=book, number=base + place, date=date, memo="Lançamento",
                            source_kind="bench.row", source_id=1, key=f"k{place}",
                        )
                        for place, (date, _amount) in enumerate(data, start=1)
                    ],
                    batch_size=5_000,
                )  # fmt: skip
                Line.objects.bulk_create(
                    [
                        Line(
                            network_id=book.network_id, entry=entry, account_id=account, amount_minor=minor,
                            act_type="cooperative",
                        )
                        for entry, (_date, amount) in zip(entries, data, strict=True)
                        for account, minor in ((bank, amount), (fees, -amount))
                    ],
                    batch_size=5_000,
                )  # fmt: skip
                Entry.objects.filter(book=book, state="draft", number__gt=base).update(
                    state="posted", posted_at=dt.datetime.now(dt.UTC)
                )

        return measured(work, backend, count)


def mutirao_singles(count: int) -> dict[str, float]:
    """One operation, and so one transaction with its audit row, an entry."""
    data = rows(count)
    with _mutirao(count) as (book, actor, backend):
        from mutirao.ledger import operations

        def work() -> None:
            for number, (date, amount) in enumerate(data):
                spec = _spec(date, amount, f"k{number}")
                operations.post_entry(
                    book,
                    date=spec.date,
                    memo=spec.memo,
                    lines=spec.lines,
                    actor=actor,
                    source=spec.source,
                    key=spec.key,
                )

        return measured(work, backend, count)


def raw(count: int) -> dict[str, float]:
    """Plain psycopg: drafts and lines by COPY, one UPDATE that posts them; the triggers check as always."""
    import psycopg

    data = rows(count)
    place = f"host=127.0.0.1 port={os.environ['BENCH_PORT']} user=bench dbname={os.environ['BENCH_DATABASE']}"
    with psycopg.connect(place) as connection:
        cursor = connection.cursor()
        network, book = cursor.execute("SELECT network_id, id FROM ledger_book").fetchone()
        bank, fees = (
            cursor.execute("SELECT id FROM ledger_account WHERE purpose = %s", [purpose]).fetchone()[0]
            for purpose in ("bank", "round_fees")
        )
        base = cursor.execute("SELECT max(number) FROM ledger_entry").fetchone()[0]
        connection.commit()
        moment = dt.datetime.now(dt.UTC)

        def work() -> None:
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence('ledger_entry', 'id')) FROM generate_series(1, %s)", [count]
            )
            ids = [row[0] for row in cursor.fetchall()]
            with cursor.copy(
                "COPY ledger_entry (id, network_id, book_id, number, date, memo, state, source_kind, source_id, key,"
                " created_at) FROM STDIN"
            ) as copy:
                for number, (pk, (date, _amount)) in enumerate(zip(ids, data, strict=True), start=1):
                    copy.write_row(
                        (pk, network, book, base + number, date, "Lançamento", "draft", "bench.row", 1, f"k{number}",
                         moment)
                    )  # fmt: skip
            with cursor.copy(
                "COPY ledger_line (network_id, entry_id, account_id, amount_minor, act_type, memo) FROM STDIN"
            ) as copy:
                for pk, (_date, amount) in zip(ids, data, strict=True):
                    copy.write_row((network, pk, bank, amount, "cooperative", ""))
                    copy.write_row((network, pk, fees, -amount, "cooperative", ""))
            cursor.execute(
                "UPDATE ledger_entry SET state = 'posted', posted_at = %s WHERE book_id = %s AND number > %s",
                [moment, book, base],
            )
            connection.commit()

        figures = measured(work, connection.info.backend_pid, count)
        posted = cursor.execute("SELECT count(*) FROM ledger_entry WHERE state = 'posted'").fetchone()[0]
        _must_be(posted - base, count)
    return figures


# --- django-hordak --------------------------------------------------------------------------------------------------


def _hordak() -> Any:
    import django
    from django.conf import settings

    database = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": os.environ["BENCH_DATABASE"],
        "HOST": "127.0.0.1",
        "PORT": os.environ["BENCH_PORT"],
        "USER": "bench",
    }
    settings.configure(
        DATABASES={"default": database},
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "mptt", "djmoney", "hordak"],
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        HORDAK_CURRENCIES=["BRL"],
        HORDAK_INTERNAL_CURRENCY="BRL",
        DEFAULT_CURRENCY="BRL",
        USE_TZ=True,
    )
    django.setup()
    from django.db import connection

    return connection


def prepare_hordak(_count: int) -> dict[str, float]:
    _hordak()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from hordak.models import Account, AccountType

    Account.objects.create(name="Bank", code="1", type=AccountType.asset, currencies=["BRL"])
    Account.objects.create(name="Fees", code="2", type=AccountType.income, currencies=["BRL"])
    return {}


def hordak(count: int) -> dict[str, float]:
    """Transactions and legs by bulk_create; hordak's triggers check every leg at commit."""
    connection = _hordak()
    from decimal import Decimal

    from django.db import transaction
    from djmoney.money import Money
    from hordak.models import Account, Leg, Transaction

    data = rows(count)
    bank, fees = Account.objects.get(name="Bank"), Account.objects.get(name="Fees")
    backend = _backend(connection)

    def work() -> None:
        with transaction.atomic():
            made = Transaction.objects.bulk_create(
                [Transaction(date=date, description="Lançamento") for date, _amount in data], batch_size=5_000
            )
            legs = []
            for each, (_date, amount) in zip(made, data, strict=True):
                money = Money(Decimal(amount).scaleb(-2), "BRL")
                legs.append(Leg(transaction=each, account=bank, debit=money))
                legs.append(Leg(transaction=each, account=fees, credit=money))
            Leg.objects.bulk_create(legs, batch_size=5_000)

    figures = measured(work, backend, count)
    _must_be(Transaction.objects.count(), count)
    return figures


def hordak_singles(count: int) -> dict[str, float]:
    """hordak's own shortcut, one transaction an entry."""
    connection = _hordak()
    from decimal import Decimal

    from django.db import transaction
    from djmoney.money import Money
    from hordak.models import Account, Transaction

    data = rows(count)
    bank, fees = Account.objects.get(name="Bank"), Account.objects.get(name="Fees")
    backend = _backend(connection)

    def work() -> None:
        for date, amount in data:
            with transaction.atomic():
                money = Money(Decimal(amount).scaleb(-2), "BRL")
                fees.transfer_to(bank, money, date=date, description="Lançamento")

    figures = measured(work, backend, count)
    _must_be(Transaction.objects.count(), count)
    return figures


CONTESTANTS: dict[str, Callable[[int], dict[str, float]]] = {
    "prepare_mutirao": prepare_mutirao, "prepare_hordak": prepare_hordak, "raw": raw, "mutirao": mutirao,
    "mutirao_orm": mutirao_orm, "mutirao_singles": mutirao_singles, "hordak": hordak, "hordak_singles": hordak_singles,
}  # fmt: skip

if __name__ == "__main__":
    main()
