# SPDX-License-Identifier: AGPL-3.0-or-later
"""Other programs, run with a clear answer when they fail, and locks that die with whoever holds them."""

import fcntl
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from .words import Problem, say

DISK_FULL = re.compile(r"No space left on device|disk is full|os error 28\b|Disk quota exceeded|os error 122\b", re.I)
READ_ONLY = re.compile(r"Read-only file system|Permission denied|os error (13|30)\b", re.I)
BAD_HASH = re.compile(r"DO NOT MATCH THE HASHES|Hash mismatch", re.I)
UNREACHABLE = re.compile(
    r"NewConnectionError|ConnectTimeout|ReadTimeout|Connection (refused|reset|aborted)"
    r"|Temporary failure in name resolution|Name or service not known|Max retries exceeded"
    r"|Failed to (fetch|download)|error sending request|dns error"
    r"|Network is unreachable|ProxyError|SSLError|CERTIFICATE_VERIFY_FAILED|timed out|Could not fetch URL"
    r"|Failed to establish a new connection",
    re.I,
)
NO_WHEEL = re.compile(
    r"No matching distribution found|has no (usable )?wheels|no wheels with a matching|Could not find a version", re.I
)


def disk_full(where: Path) -> Problem:
    return Problem(
        f"O disco está cheio: não coube o que precisa ser gravado em {where} (ou na pasta temporária).\n"
        "Libere espaço (o Mutirão precisa de cerca de 500 MB) e repita o comando; ele continua de onde parou.",
        f"The disk is full: what must be written to {where} (or to the temporary folder) did not fit.\n"
        "Free some space (Mutirão needs about 500 MB) and repeat the command; it goes on from where it stopped.",
    )


def not_writable(where: Path, *, data: bool = False) -> Problem:
    portuguese = f"Não posso gravar em {where}: a pasta é só de leitura para você.\n"
    in_english = f"I cannot write to {where}: the folder is read-only for you.\n"
    if data:
        return Problem(
            portuguese + "Guarde os dados em outra pasta: MUTIRAO_DATA=/pasta/sua ./mutirao up",
            in_english + "Keep the data in another folder: MUTIRAO_DATA=/your/folder ./mutirao up",
        )
    return Problem(
        portuguese + "Copie o Mutirão para uma pasta sua e repita o comando lá.",
        in_english + "Copy Mutirão to a folder of yours and repeat the command there.",
    )


def explain(output: str, where: Path) -> Problem | None:
    """The problem that a failed program's output tells of, in words; None when it is none of the usual ones."""
    if DISK_FULL.search(output):
        return disk_full(where)
    if BAD_HASH.search(output):
        return Problem(
            "Um pacote baixado não é o que o Mutirão espera (a soma de verificação não confere). Nada foi instalado.\n"
            "Repita o comando; se continuar, confira o servidor de pacotes e os arquivos requirements/*.lock.",
            "A downloaded package is not the one Mutirão expects (its hash does not match). Nothing was installed.\n"
            "Repeat the command; if it goes on, check the package server and the files requirements/*.lock.",
        )
    if UNREACHABLE.search(output):
        return Problem(
            "Não consegui baixar os pacotes: o servidor de pacotes não respondeu.\n"
            "Confira a conexão com a internet (e o proxy, se houver) e repita o comando.",
            "I could not download the packages: the package server did not answer.\n"
            "Check the internet connection (and the proxy, if any) and repeat the command.",
        )
    if NO_WHEEL.search(output):
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        return Problem(
            f"Falta no servidor um pacote pronto para este computador e o Python {version}:\n"
            f"{last_lines(output, 3)}\n"
            "Confira a conexão, ou escolha outro Python: MUTIRAO_PYTHON=/caminho/python3.12 ./mutirao …",
            f"The package server has no ready package for this computer and Python {version}:\n"
            f"{last_lines(output, 3)}\n"
            "Check the connection, or choose another Python: MUTIRAO_PYTHON=/path/to/python3.12 ./mutirao …",
        )
    if READ_ONLY.search(output):
        return not_writable(where)
    return None


def last_lines(output: str, count: int) -> str:
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return "\n".join(f"    {line}" for line in lines[-count:])


def run(
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str] | None = None,
    keep: Sequence[int] = (),
    each_line: Callable[[str], None] | None = None,
) -> tuple[int, str]:
    """Run a program quietly and return its exit code and everything it printed.

    `keep` are lock descriptors that the program holds too, so that a lock outlives a killed launcher as long as
    what it started is still at work.
    """
    with subprocess.Popen(
        [str(part) for part in command],
        env=None if env is None else dict(env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        pass_fds=tuple(keep),
    ) as process:
        assert process.stdout is not None
        printed = []
        try:
            for line in process.stdout:
                printed.append(line)
                if each_line:
                    each_line(line)
        except BaseException:
            process.terminate()
            raise
    return process.returncode, "".join(printed)


@contextmanager
def alone(folder: Path) -> Iterator[int]:
    """Hold the folder's lock, waiting for whoever has it; the system drops it when the last holder ends or dies."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(
                "Outro ./mutirao está preparando este mesmo lugar; espero ele terminar…",
                "Another ./mutirao is preparing this same place; waiting for it to finish…",
            )
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        except OSError:  # a network folder that knows no locks: go on without
            pass
        yield descriptor
    finally:
        os.close(descriptor)


def unforeseen(portuguese: str, in_english: str, output: str) -> Problem:
    """A failure nobody foresaw: what was being done, and the end of what the program said."""
    return Problem(
        f"{portuguese}\n{last_lines(output, 12)}",
        f"{in_english}\n{last_lines(output, 12)}",
    )
