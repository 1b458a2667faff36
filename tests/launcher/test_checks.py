# SPDX-License-Identifier: AGPL-3.0-or-later
"""The verdict of ./mutirao test, and the checks of translations and locks that it calls."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path

import check_locks
import check_translations
import psycopg
import pytest

from launcher import checks, cluster
from tests.launcher.conftest import ROOT

# --- Counting -------------------------------------------------------------------------------------------------------

GOOD = '<testcase classname="tests.a" name="test_one"/>'
BAD = '<testcase classname="tests.a" name="test_two"><failure message="x"/></testcase>'
BROKEN = '<testcase classname="tests.a" name="test_three"><error message="x"/></testcase>'
SKIPPED = '<testcase classname="tests.a" name="test_one"><skipped type="pytest.skip" message="no data"/></testcase>'
EXPECTED = '<testcase classname="tests.a" name="test_four"><skipped type="pytest.xfail" message="x"/></testcase>'


@pytest.fixture
def report(tmp_path: Path) -> Callable[..., Path]:
    def write(*cases: str) -> Path:
        path = tmp_path / f"{time.monotonic_ns()}.xml"
        path.write_text(f"<testsuites><testsuite>{''.join(cases)}</testsuite></testsuites>")
        return path

    return write


def test_counts_add_up_over_runs(report: Callable[..., Path]) -> None:
    counts = checks.Counts()
    counts.read(report(GOOD, BAD))
    counts.read(report(GOOD, BROKEN, EXPECTED))
    assert (counts.passed, counts.failed) == (3, 2)


def test_run_that_left_no_report_counts_as_a_failure(tmp_path: Path) -> None:
    counts = checks.Counts()
    counts.read(tmp_path / "nothing.xml")
    assert counts.failed == 1


def test_skipped_test_is_left_out_only_when_no_run_ran_it(report: Callable[..., Path]) -> None:
    counts = checks.Counts()
    counts.read(report(SKIPPED))
    assert counts.never_ran == {"tests.a::test_one": "no data"}
    counts.read(report(GOOD))
    assert counts.never_ran == {}


def conclude(session: checks.Session, everything: bool, capsys: pytest.CaptureFixture[str]) -> tuple[int, list[str]]:
    code = checks.conclude(session, everything, 1.0)
    return code, capsys.readouterr().out.splitlines()


def test_last_line_is_a_plain_count(tmp_path: Path, report: Callable, capsys: pytest.CaptureFixture[str]) -> None:
    session = checks.Session(tmp_path)
    session.step("run", lambda: True)
    session.counts.read(report(GOOD))
    code, lines = conclude(session, True, capsys)
    assert (code, lines[-1]) == (0, "1 passed, 0 failed")


def test_what_was_left_out_is_named_and_fails_only_with_all(
    tmp_path: Path, report: Callable, capsys: pytest.CaptureFixture[str]
) -> None:
    session = checks.Session(tmp_path)
    session.counts.read(report(GOOD, SKIPPED.replace("test_one", "test_five")))
    session.leave_out("PostgreSQL", "not here")
    code, lines = conclude(session, False, capsys)
    assert code == 0
    assert "  - PostgreSQL: not here" in lines
    assert "  - tests.a::test_five: no data" in lines
    assert lines[-1] == "1 passed, 0 failed, 1 skipped"
    assert conclude(session, True, capsys)[0] == 1


@pytest.mark.parametrize(
    "why", ["reference data not at ../shared/data", "a small disk: this machine lets nobody mount one"]
)
def test_what_no_package_gives_is_named_and_never_fails(
    tmp_path: Path, report: Callable, capsys: pytest.CaptureFixture[str], why: str
) -> None:
    session = checks.Session(tmp_path)
    session.counts.read(report(GOOD, SKIPPED.replace("test_one", "test_five").replace("no data", why)))
    code, lines = conclude(session, True, capsys)
    assert f"  - tests.a::test_five: {why}" in lines
    assert (code, lines[-1]) == (0, "1 passed, 0 failed, 1 skipped")


def test_failing_check_fails_the_whole_and_the_others_still_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    session = checks.Session(tmp_path)
    session.step("bad", lambda: False)
    session.step("tool", lambda: session.tool("sh", "-c", "echo what is wrong; exit 3"))
    session.step("good", lambda: True)
    code, lines = conclude(session, False, capsys)
    assert code == 1
    assert "what is wrong" in lines
    assert [good for _, good, _ in session.verdicts] == [False, False, True]


def test_checks_get_data_of_their_own_and_nobody_s_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql:///precious")
    monkeypatch.setenv("MUTIRAO_DATA", "/precious")
    monkeypatch.setenv("MUTIRAO_HTTPS", "1")
    environment = checks.Session(tmp_path).environment()
    assert "DATABASE_URL" not in environment
    assert "MUTIRAO_HTTPS" not in environment
    assert environment["MUTIRAO_DATA"] == str(tmp_path / "data")


@pytest.mark.skipif(cluster.binaries() is None, reason="no PostgreSQL on this machine: left out")
def test_throw_away_cluster_answers_and_goes() -> None:
    programs = cluster.binaries()
    assert programs
    with cluster.throw_away(programs) as url:
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT current_database()").fetchone() == ("mutirao",)
        folder = Path(url.split("@")[1].split("/")[0].replace("%2F", "/"))
        assert folder.is_dir()
    assert not folder.exists()


# --- Translations ---------------------------------------------------------------------------------------------------


def python_sentences(source: str) -> set[check_translations.Key]:
    return {one.key for one in check_translations.in_python(check_translations.SOURCE / "x.py", source)}


def template_sentences(source: str) -> set[check_translations.Key]:
    return {one.key for one in check_translations.in_template(check_translations.SOURCE / "x.html", source)}


def test_sentences_of_code_are_found_under_any_name() -> None:
    source = """
from django.utils.translation import gettext as _, gettext_lazy, ngettext as many, pgettext
_("um") ; gettext_lazy("dois " "três") ; many("%(n)s quilo", "%(n)s quilos", n) ; pgettext("mês", "maio")
_(variable) ; print("não")
"""
    assert python_sentences(source) == {
        (None, "um"),
        (None, "dois três"),
        (None, ("%(n)s quilo", "%(n)s quilos")),
        ("mês", "maio"),
    }


def test_f_string_cannot_be_a_sentence() -> None:
    with pytest.raises(SystemExit, match="f-string"):
        python_sentences('from django.utils.translation import gettext as _\n_(f"olá {nome}")')


def test_sentences_of_templates_are_found() -> None:
    source = """
{% translate "Abrir rodada" %} {% trans 'Diga "sim"' %} {{ _("Sair")|upper }} {% include "x" with t=_("Título") %}
{% blocktranslate count n=total trimmed %}
  {{ n }} quilo de {{ good }}
{% plural %}
  {{ n }} quilos de {{ good }}
{% endblocktranslate %}
{% translate "maio" context "mês" %} {# {% translate "não" %} #} {% comment %}{% translate "nem" %}{% endcomment %}
"""
    assert template_sentences(source) == {
        (None, "Abrir rodada"),
        (None, 'Diga "sim"'),
        (None, "Sair"),
        (None, "Título"),
        (None, ("%(n)s quilo de %(good)s", "%(n)s quilos de %(good)s")),
        ("mês", "maio"),
    }


@pytest.fixture
def complaints(tmp_path: Path) -> Callable[[str], list[str]]:
    """What the check says of a catalogue with the given entries, for three sentences of the source."""
    here = check_translations.SOURCE / "x.py"
    sentences = [
        check_translations.Found((None, "Olá, %(name)s"), here, 1),
        check_translations.Found((None, ("%(n)s quilo", "%(n)s quilos")), here, 2),
    ]
    header = (
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
    )

    def check(entries: str) -> list[str]:
        path = tmp_path / "en" / "LC_MESSAGES" / "django.po"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(header + entries)
        return [
            line.split(": ", 1)[1].split(":")[0]
            for line in check_translations.problems(check_translations.read(path), sentences)
        ]

    return check


PLURAL = 'msgid "%(n)s quilo"\nmsgid_plural "%(n)s quilos"\nmsgstr[0] "one kilo"\nmsgstr[1] "%(n)s kilos"\n'


@pytest.mark.parametrize(
    ("entries", "found"),
    [
        ('msgid "Olá, %(name)s"\nmsgstr "Hello, %(name)s"\n\n' + PLURAL, []),
        (PLURAL, ["missing"]),
        ('msgid "Olá, %(name)s"\nmsgstr ""\n\n' + PLURAL, ["empty"]),
        ('#, fuzzy\nmsgid "Olá, %(name)s"\nmsgstr "Hello, %(name)s"\n\n' + PLURAL, ["fuzzy"]),
        ('msgid "Olá, %(name)s"\nmsgstr "Hello, %(nome)s"\n\n' + PLURAL, ["placeholders %(name)s, %(nome)s differ"]),
        ('msgid "Olá, %(name)s"\nmsgstr "Hello"\n\n' + PLURAL, ["placeholders %(name)s differ"]),
        ('msgid "Olá, %(name)s"\nmsgstr "%(name)s"\n\n' + PLURAL.replace("%(n)s kilos", ""), ["empty"]),
        (
            'msgid "Olá, %(name)s"\nmsgstr "%(name)s"\n\n' + PLURAL.replace("%(n)s kilos", "x"),
            ["placeholders %(n)s differ"],
        ),
    ],
)
def test_incomplete_translations_are_named(complaints: Callable, entries: str, found: list[str]) -> None:
    assert complaints(entries) == found


def test_updating_keeps_translations_adds_sentences_and_drops_the_unused(tmp_path: Path) -> None:
    path = tmp_path / "en" / "LC_MESSAGES" / "django.po"
    here = check_translations.SOURCE / "x.py"
    old = [check_translations.Found((None, "Sair"), here, 1), check_translations.Found((None, "Velho"), here, 2)]
    check_translations.update(path, old)
    path.write_text(path.read_text().replace('msgid "Sair"\nmsgstr ""', 'msgid "Sair"\nmsgstr "Sign out"'))
    check_translations.update(path, [old[0], check_translations.Found((None, "Novo"), here, 3)])
    entries = check_translations.by_key(check_translations.read(path))
    assert {key[1]: entry.string for key, entry in entries.items()} == {"Sair": "Sign out", "Novo": ""}


# --- Locks ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def requirements(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "requirements"
    shutil.copytree(ROOT / "requirements", folder)
    monkeypatch.setattr(check_locks, "FOLDER", folder)
    return folder


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_locks_are_what_their_sources_ask_for(requirements: Path) -> None:
    assert check_locks.main() == 0


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        ("run.in", "segno\n", "segno\nweasyprint\n", "weasyprint is asked for and not locked"),
        ("run.in", "django~=5.2.0", "django~=6.0.0", "is not ~=6.0.0"),
        ("run.in", "segno\n", "", "segno is locked and nothing needs it"),
        ("test.lock", "\nsegno==", "\nsegno==9", "differs from"),
        ("run.lock", "\nsegno==", "\n--index-url https://example.org\nsegno==", "names a host"),
    ],
)
def test_locks_that_drifted_are_named(
    requirements: Path, capsys: pytest.CaptureFixture[str], file: str, old: str, new: str, words: str
) -> None:
    change(requirements / file, old, new)
    assert check_locks.main() == 1
    assert words in capsys.readouterr().out


def test_lock_without_hashes_is_refused(requirements: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = requirements / "run.lock"
    kept = [line.rstrip(" \\") for line in path.read_text().splitlines() if "--hash" not in line]
    path.write_text("\n".join(kept))
    assert check_locks.main() == 1
    assert "segno has no hash" in capsys.readouterr().out
