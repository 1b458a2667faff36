# SPDX-License-Identifier: AGPL-3.0-or-later
"""Confere uma trilha de auditoria exportada, sem o Mutirão: python3 conferir.py [pasta]. Sai com 0 se está inteira.

Cada registro guarda o resumo (SHA-256) do anterior e o seu; as palavras estão seladas uma a uma, cada qual com seu sal.
"""

import hashlib
import json
import sys
from pathlib import Path


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def seal(salt, value):
    return hashlib.sha256(salt.encode() + b"\n" + canonical(value)).hexdigest()


def problem_in(folder):
    previous, number = "0" * 64, 0
    with (folder / "trilha.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            entry = json.loads(line)
            number += 1
            if entry["sequence"] != number:
                return f"falta o registro nº {number}"
            if entry["previous"] != previous:
                return f"o registro nº {number} não se liga ao anterior"
            words, salts = entry.pop("words"), entry.pop("salts")
            erased, digest = entry.pop("erased"), entry.pop("digest")
            del entry["previous"]
            entry["seals"] = {path: seal(salts.get(path, ""), value) for path, value in words.items()}
            entry["seals"].update({path: held["seal"] for path, held in erased.items()})
            if hashlib.sha256(previous.encode() + b"\n" + canonical(entry)).hexdigest() != digest:
                return f"o registro nº {number} foi alterado"
            previous = digest
    end = json.loads((folder / "fim.json").read_text(encoding="utf-8"))
    if number and (end["sequence"], end["digest"]) != (number, previous):
        return "a trilha não termina onde devia"
    return ""


if __name__ == "__main__":
    found = problem_in(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
    sys.stdout.write((found or "A trilha está inteira.") + "\n")
    sys.exit(1 if found else 0)
