# SPDX-License-Identifier: AGPL-3.0-or-later
"""./mutirao as a person types it: what it says, its exit codes, and that nobody ever sees a traceback."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.launcher.conftest import ROOT, Clone

MakeClone = Callable[..., Clone]


def clear(done: subprocess.CompletedProcess[str], code: int) -> str:
    """What was said, once it is sure that the exit code is right and no traceback came."""
    said = done.stdout + done.stderr
    assert done.returncode == code, said
    assert "Traceback" not in said
    return said


def test_help_speaks_portuguese(clone: MakeClone) -> None:
    said = clear(clone(environment=False).run(), 0)
    assert "./mutirao up" in said
    assert "abre o Mutirão neste computador" in said


def test_help_speaks_english_where_the_terminal_does(clone: MakeClone) -> None:
    said = clear(clone(environment=False).run("help", LANG="en_US.UTF-8"), 0)
    assert "opens Mutirão on this computer" in said


def test_help_needs_no_terminal_that_knows_accents(clone: MakeClone) -> None:
    said = clear(clone(environment=False).run("help", LANG="C", LC_ALL="C", PYTHONIOENCODING=""), 0)
    assert "./mutirao test" in said


def test_unknown_command_suggests_the_near_one(clone: MakeClone) -> None:
    said = clear(clone().run("chek"), 2)
    assert "“chek”" in said
    assert "“check”" in said


def test_django_commands_are_known(clone: MakeClone) -> None:
    said = clear(clone().run("sqlflush", "--help"), 0)
    assert "usage: mutirao sqlflush" in said


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--port", "abc"), "“abc”"),
        (("--port", "70000"), "“70000”"),
        (("--port",), "--port"),
        (("--porta", "1"), "“--porta”"),
        (("--host", "lugar.invalid"), "“lugar.invalid”"),
    ],
)
def test_up_refuses_what_it_does_not_understand(clone: MakeClone, arguments: tuple[str, ...], words: str) -> None:
    assert words in clear(clone(environment=False).run("up", *arguments), 2)


def test_up_says_that_the_port_is_taken_before_anything_long(clone: MakeClone, taken_port: int) -> None:
    here = clone(environment=False)
    said = clear(here.run("up", f"--port={taken_port}"), 1)
    assert f"porta {taken_port} já está em uso" in said
    assert "--port" in said.split("Escolha outra", 1)[1]
    assert not (here.root / ".venv").exists()


@pytest.mark.parametrize("url", ["mysql://a:b@c/d", "postgresql://a:se:nha@h:porta/d", "mutirao"])
def test_up_refuses_what_is_no_database_address(clone: MakeClone, url: str, free_port: int) -> None:
    said = clear(clone(environment=False).run("up", "--port", str(free_port), DATABASE_URL=url), 1)
    assert "postgresql://pessoa:senha@servidor:5432/mutirao" in said


def test_up_says_that_the_database_does_not_answer(clone: MakeClone, free_port: int) -> None:
    url = f"postgresql://a:b@127.0.0.1:{free_port}/x"
    said = clear(clone().run("up", "--port", str(free_port), DATABASE_URL=url), 1)
    assert "DATABASE_URL não pôde ser usado" in said
    assert "Connection refused" in said


def test_up_says_which_folder_cannot_be_written(clone: MakeClone, tmp_path: Path, free_port: int) -> None:
    (tmp_path / "file").touch()
    said = clear(clone().run("up", "--port", str(free_port), MUTIRAO_DATA=str(tmp_path / "file" / "data")), 1)
    assert f"Não posso gravar em {tmp_path / 'file' / 'data'}" in said


def test_packages_that_cannot_be_reached_are_said_in_words(clone: MakeClone) -> None:
    here = clone(environment=False)
    nowhere = "http://127.0.0.1:9/simple"
    done = here.run(
        "manage", "version", PIP_CONFIG_FILE=os.devnull, PIP_INDEX_URL=nowhere, UV_INDEX_URL=nowhere, PIP_RETRIES="1"
    )
    assert "o servidor de pacotes não respondeu" in clear(done, 1)
    assert not (here.root / ".venv" / "mutirao.json").exists()


def bare_path(folder: Path, **programs: str) -> str:
    """A PATH with the few tools that the launcher uses, and the given scripts."""
    folder.mkdir()
    for tool in ("sh", "readlink", "dirname", "grep", "id"):
        found = shutil.which(tool)
        assert found
        (folder / tool).symlink_to(found)
    for name, script in programs.items():
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(stat.S_IRWXU)
    return str(folder)


def test_old_python_is_named_and_refused(clone: MakeClone, tmp_path: Path) -> None:
    old = 'case "$*" in *"%d.%d"*) echo 3.9 ;; esac'
    said = clear(clone().run("up", PATH=bare_path(tmp_path / "bin", python3=old)), 1)
    assert "O Python desta máquina é o 3.9" in said
    assert "3.11" in said


def test_missing_python_names_the_command_to_type(clone: MakeClone, tmp_path: Path) -> None:
    said = clear(clone().run("up", PATH=bare_path(tmp_path / "bin")), 1)
    assert "sudo apt-get install python3 python3-venv" in said


def test_old_python_beside_a_newer_one_does_not_matter(clone: MakeClone, tmp_path: Path) -> None:
    real = Path(sys.executable).resolve()
    path = bare_path(tmp_path / "bin", python3="exit 1", **{"python3.12": f'exec "{real}" "$@"'})
    assert "./mutirao up" in clear(clone().run("help", PATH=path), 0)


def test_any_path_will_do(clone: MakeClone) -> None:
    here = clone('rede d\'água  "é" nossa, 100% $HOME `pwd`;#?&*')
    assert clear(here.run("manage", "version"), 0).strip().startswith("5.2")


def test_called_by_a_link_from_another_folder(clone: MakeClone, tmp_path: Path) -> None:
    here = clone("com espaço")
    elsewhere = tmp_path / "outra pasta"
    elsewhere.mkdir()
    (elsewhere / "first").symlink_to(Path("..") / "com espaço" / "mutirao")
    (elsewhere / "second").symlink_to("first")
    done = subprocess.run(
        ["./second", "manage", "version"],
        cwd=elsewhere,
        env=here.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert clear(done, 0).strip().startswith("5.2")


def test_a_server_does_not_start_before_it_is_prepared(clone: MakeClone) -> None:
    refused = clone().run("web")
    assert refused.returncode == 1
    assert "Rode ./mutirao prepare" in refused.stderr


def test_progress_stays_out_of_a_command_s_answer(clone: MakeClone) -> None:
    here = clone()
    done = here.run("manage", "version")
    assert "Preparando as traduções" in done.stderr or not done.stderr
    assert done.stdout.strip().count("\n") == 0


def test_colon_in_the_path_is_refused_in_words(clone: MakeClone) -> None:
    assert "dois-pontos" in clear(clone("a:b").run("manage", "version"), 1)


def test_launcher_is_the_committed_one() -> None:
    assert os.access(ROOT / "mutirao", os.X_OK)
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
