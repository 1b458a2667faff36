# SPDX-License-Identifier: AGPL-3.0-or-later
"""300 people answer one round in ten minutes, each signing in with a password on a phone of their own.

The app runs as its own process; each person is a client with cookies and pauses like a person's. Some send twice
at once (a double tap), some change their list afterwards. At the end the database is held against what each person
last sent: nothing may be lost, nothing doubled.

    .venv/bin/python bench/answering.py                       # SQLite
    .venv/bin/python bench/answering.py --postgresql          # a throw-away cluster of its own
    .venv/bin/python bench/answering.py --people 300 --minutes 10 --goods 40
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import os
import random
import re
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from collections import Counter, defaultdict
from html import unescape
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT), str(ROOT / "scripts")]
PASSWORD = "semente-boa-2026"
SEED = 11


# --- The network, made and read back in a process that knows Django ---------------------------------------------------


def make(people: int, goods: int) -> dict[str, Any]:
    from django.contrib.auth.hashers import make_password  # noqa: PLC0415
    from tests import factories  # noqa: PLC0415
    from tests.purchasing import factories as purchasing  # noqa: PLC0415

    from mutirao.kernel import tenancy  # noqa: PLC0415

    network = factories.network(slug="respostas", name="Rede das Respostas")
    hashed = make_password(PASSWORD)
    who = []
    with tenancy.activated(network):
        products = [factories.product(name=f"Produto {number:03}") for number in range(goods)]
        for number in range(people):
            enterprise = factories.enterprise(name=f"Empreendimento {number:04}")
            person = factories.person(email=f"p{number}@exemplo.coop", name=f"Pessoa {number}")
            type(person).objects.filter(pk=person.pk).update(password=hashed)
            factories.role(person, "enterprise_coordinator", enterprise)
            who.append({"email": person.email, "enterprise": enterprise.pk})
        round_ = purchasing.open_round(network, factories.actor(network, "coordination"), products=products)
        numbers = [good.pk for good in purchasing.goods(round_)]
        place = round_.places.get().pk
    return {
        "network": network.pk,
        "slug": network.slug,
        "round": round_.number,
        "goods": numbers,
        "place": place,
        "who": who,
    }


def read_back(network_id: int) -> dict[str, dict[str, str]]:
    """What stands for each enterprise: quantity by good; and how many rows there are for one good at most."""
    from mutirao.kernel import tenancy  # noqa: PLC0415
    from mutirao.purchasing.models import Need, Participation  # noqa: PLC0415

    stood: dict[str, dict[str, str]] = defaultdict(dict)
    with tenancy.activated(network_id):
        rows = Need.objects.values_list("participation__enterprise_id", "good_id", "quantity")
        for enterprise, good, quantity in rows:
            if str(good) in stood[str(enterprise)]:
                raise SystemExit(f"doubled: {enterprise} {good}")
            stood[str(enterprise)][str(good)] = f"{quantity.normalize():f}"
        answered = Participation.objects.filter(state="answered").count()
    return {"stood": dict(stood), "answered": {"count": str(answered)}}


def child(task: str, argument: str) -> None:
    import django  # noqa: PLC0415

    django.setup()
    if task == "make":
        from django.core.management import call_command  # noqa: PLC0415

        call_command("migrate", verbosity=0)
        print(json.dumps(make(*json.loads(argument))))
    else:
        print(json.dumps(read_back(int(argument))))


# --- One person -------------------------------------------------------------------------------------------------------


class Client:
    """A browser's worth of HTTP on one kept connection."""

    def __init__(self, port: int, note: Any) -> None:
        self.port, self.note, self.cookies = port, note, {}
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.used = time.perf_counter()

    def ask(self, name: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str, str]:
        body = None if form is None else urllib.parse.urlencode(form)
        headers = {
            "Cookie": "; ".join(f"{key}={value}" for key, value in self.cookies.items()),
            "Accept-Encoding": "gzip",
        }
        if body is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://127.0.0.1:{self.port}"}
        started = time.perf_counter()
        if (
            started - self.used > 3
        ):  # the server closes what is idle for five seconds; a browser notices and dials again
            self.connection.close()
        try:
            self.connection.request("GET" if body is None else "POST", path, body, headers)
            answer = self.connection.getresponse()
            raw = answer.read()
        except (OSError, http.client.HTTPException) as problem:
            self.connection.close()
            self.note(name, time.perf_counter() - started, type(problem).__name__)
            return 0, "", ""
        self.used = time.perf_counter()
        self.note(name, time.perf_counter() - started, answer.status)
        for line in answer.headers.get_all("Set-Cookie") or ():
            key, _, value = line.split(";")[0].partition("=")
            self.cookies[key] = value
        if answer.headers.get("Content-Encoding") == "gzip":
            import gzip  # noqa: PLC0415

            raw = gzip.decompress(raw)
        return answer.status, raw.decode(errors="replace"), answer.headers.get("Location", "")

    def follow(self, name: str, path: str) -> tuple[int, str]:
        for _turn in range(4):
            status, text, where = self.ask(name, path)
            if status not in (301, 302):
                return status, text
            path = urllib.parse.urlsplit(where)._replace(scheme="", netloc="").geturl()
        return 310, ""


HIDDEN = re.compile(r'<input type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"')


def hidden(text: str) -> dict[str, str]:
    """The hidden fields of the page's main form, by name."""
    form = text.split('<form class="form"', 1)[-1].split("</form>", 1)[0]
    return {name: unescape(value) for name, value in HIDDEN.findall(form)}


class Person(threading.Thread):
    """Signs in, looks, types, sends; one in five taps twice, one in five comes back to change the list."""

    def __init__(self, port: int, made: dict[str, Any], number: int, starts: float, pause: float, note: Any) -> None:
        super().__init__(daemon=True)
        self.made, self.who, self.starts, self.pause = made, made["who"][number], starts, pause
        self.chance = random.Random(SEED * 1000 + number)
        self.client = Client(port, note)
        self.port, self.note, self.sent, self.complaint = port, note, {}, ""

    def think(self) -> None:
        time.sleep(self.pause * self.chance.uniform(0.5, 1.5))

    def run(self) -> None:
        time.sleep(self.starts)
        try:
            self.answer()
        except Exception as problem:  # said in the report
            self.complaint = f"{type(problem).__name__}: {problem}"

    def answer(self) -> None:
        client, slug, number = self.client, self.made["slug"], self.made["round"]
        client.follow("sign-in page", "/conta/entrar/")
        self.think()
        form = {
            "login": self.who["email"],
            "password": PASSWORD,
            "csrfmiddlewaretoken": client.cookies.get("csrftoken", ""),
        }
        status, _text, _where = client.ask("sign in", "/conta/entrar/", form)
        if status != 302:
            raise RuntimeError(f"sign in answered {status}")
        client.follow("home", f"/rede/{slug}/")
        self.think()
        client.follow("round", f"/rede/{slug}/rodadas/{number}/")
        self.think()
        list_ = f"/rede/{slug}/rodadas/{number}/pedidos/{self.who['enterprise']}/"
        self.send(list_, twice=self.chance.random() < 0.2)
        if self.chance.random() < 0.2:
            self.think()
            self.send(list_, twice=False)
        client.follow("home", f"/rede/{slug}/")

    def send(self, path: str, *, twice: bool) -> None:
        status, text = self.client.follow("needs list", path)
        if status != 200:
            raise RuntimeError(f"needs list answered {status}")
        self.think()
        asked = {str(good): str(self.chance.randint(1, 60)) for good in self.chance.sample(self.made["goods"], 8)}
        form = hidden(text) | {"act": "send", "place": str(self.made["place"]), "remark": ""}
        for good in self.made["goods"]:
            form |= {f"quantity-{good}": asked.get(str(good), ""), f"tolerance-{good}": ""}
        form["csrfmiddlewaretoken"] = form.get("csrfmiddlewaretoken") or self.client.cookies["csrftoken"]
        if twice:
            other = Client(self.port, self.note)
            other.cookies = dict(self.client.cookies)
            again = threading.Thread(target=other.ask, args=("send", path, form))
            again.start()
        status, text, _where = self.client.ask("send", path, form)
        if twice:
            again.join()
        if status != 302:
            raise RuntimeError(f"send answered {status}: {re.sub('<[^>]+>', ' ', text)[:300]}")
        self.sent = asked


# --- The measurement --------------------------------------------------------------------------------------------------


def measure(options: argparse.Namespace, environment: dict[str, str]) -> None:
    def own(task: str, argument: str) -> Any:
        command = [sys.executable, __file__, "--child", task, "--argument", argument]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(done.stderr[-3000:] or done.stdout)
        return json.loads(done.stdout.splitlines()[-1])

    made = own("make", json.dumps([options.people, options.goods]))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "uvicorn",
        "mutirao.site.asgi:application",
        "--port",
        str(port),
        "--log-level",
        "error",
        "--lifespan",
        "on",
    ]
    server = subprocess.Popen(
        [*command, "--workers", str(options.workers)] if options.workers > 1 else command, env=environment
    )
    try:
        for _turn in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        took: dict[str, list[float]] = defaultdict(list)
        answers: Counter[tuple[str, Any]] = Counter()
        lock = threading.Lock()

        def note(name: str, seconds: float, status: Any) -> None:
            with lock:
                took[name].append(seconds)
                answers[name, status] += 1

        chance = random.Random(SEED)
        window = options.minutes * 60
        starts = sorted(chance.uniform(0, window) for _person in range(options.people))
        threading.stack_size(512 * 1024)
        began = time.perf_counter()
        people = [Person(port, made, number, start, options.pause, note) for number, start in enumerate(starts)]
        for person in people:
            person.start()
        for person in people:
            person.join()
        elapsed = time.perf_counter() - began
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=30)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    report(
        options, made, people, took, answers, elapsed, used.ru_utime + used.ru_stime, own("read", str(made["network"]))
    )


def report(
    options: Any, made: Any, people: Any, took: Any, answers: Any, elapsed: float, cpu: float, back: Any
) -> None:
    def at(values: list[float], share: float) -> float:
        return sorted(values)[min(len(values) - 1, int(len(values) * share))] * 1000

    lost = [p.who["enterprise"] for p in people if p.sent and back["stood"].get(str(p.who["enterprise"])) != p.sent]
    failed = Counter(
        f"{name} {status}"
        for (name, status), count in answers.items()
        for _ in range(count)
        if status not in (200, 302)
    )
    everything = [seconds for values in took.values() for seconds in values]
    where = "PostgreSQL" if options.postgresql else "SQLite"
    print(
        f"{where}: {options.people} people in {options.minutes:g} min, {len(made['goods'])} goods,"
        f" {options.workers} process(es); {elapsed:.0f} s in all"
    )
    print(
        f"answered: {back['answered']['count']}; lists that are not as last sent: {len(lost)};"
        f" people stopped by an error: {sum(bool(p.complaint) for p in people)}"
    )
    for complaint, count in Counter(p.complaint for p in people if p.complaint).most_common(5):
        print(f"  {count} × {complaint}")
    print(
        f"requests: {len(everything)}; unexpected answers: {dict(failed)}; CPU of server and preparation: {cpu:.0f} s\n"
    )
    print("| request | how many | p50 ms | p95 ms | slowest ms |\n|---|---|---|---|---|")
    for name, values in [*sorted(took.items()), ("all", everything)]:
        print(f"| {name} | {len(values)} | {at(values, 0.5):.0f} | {at(values, 0.95):.0f} | {max(values) * 1000:.0f} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=300)
    parser.add_argument("--minutes", type=float, default=10.0, help="within which everybody begins")
    parser.add_argument("--goods", type=int, default=40)
    parser.add_argument("--pause", type=float, default=4.0, help="seconds a person thinks, on average")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    parser.add_argument("--argument", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        child(options.child, options.argument)
        return
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="mutirao-bench-"))
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "mutirao.site.settings",
            "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
            "MUTIRAO_DATA": folder,
            # All clients share one address here; people do not.
            "MUTIRAO_SIGN_INS_PER_MINUTE": str(options.people * 10),
        }
        environment.pop("DATABASE_URL", None)
        if options.postgresql:
            from launcher import cluster  # noqa: PLC0415

            programs = cluster.binaries()
            if not programs:
                raise SystemExit("PostgreSQL's server programs are not here")
            environment["DATABASE_URL"] = stack.enter_context(cluster.throw_away(programs))
        measure(options, environment)


if __name__ == "__main__":
    main()
