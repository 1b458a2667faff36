# SPDX-License-Identifier: AGPL-3.0-or-later
from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from tests import factories

from mutirao.kernel.actors import Actor
from mutirao.kernel.errors import NotAllowed, SeveralProblems
from mutirao.network import queries
from mutirao.network.models import Municipality
from mutirao.network.operations import import_municipalities
from mutirao.network.operations.networks import installation

pytestmark = pytest.mark.django_db

HEAD = "codigo_ibge,nome,latitude,longitude,capital,codigo_uf,siafi_id,ddd,fuso_horario\n"
SOME = (
    HEAD
    + "3548906,São Carlos,-22.0174,-47.886,0,35,7079,16,America/Sao_Paulo\n"
    + "4316907,Santa Maria,-29.6868,-53.8149,0,43,8841,55,America/Sao_Paulo\n"
    + "2412005,Santa Maria,-5.83802,-47.0,0,24,1,84,America/Sao_Paulo\n"
)


def problems_of(text: str) -> list[str]:
    with pytest.raises(SeveralProblems) as refused:
        import_municipalities(text.encode(), actor=installation())
    assert not Municipality.objects.exists()
    return [problem.words() for problem in refused.value.problems]


def test_municipalities_come_in_with_their_state_and_again_without_doubling() -> None:
    done = import_municipalities(SOME.encode(), actor=installation())
    assert (done.total, done.added, done.changed) == (3, 3, 0)
    sao_carlos = Municipality.objects.get(pk=3548906)
    assert (sao_carlos.folded, sao_carlos.state, sao_carlos.latitude) == ("sao carlos", "SP", Decimal("-22.01740"))
    again = import_municipalities(SOME.encode(), actor=installation())
    assert (again.added, again.changed) == (0, 0)


def test_a_corrected_name_replaces_the_old_one() -> None:
    import_municipalities(SOME.encode(), actor=installation())
    done = import_municipalities(SOME.replace("São Carlos", "São Carlos do Pinhal").encode(), actor=installation())
    assert (done.added, done.changed) == (0, 1)
    assert Municipality.objects.get(pk=3548906).folded == "sao carlos do pinhal"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_usual_encodings_are_read(encoding: str) -> None:
    import_municipalities(SOME.encode(encoding), actor=installation())
    assert Municipality.objects.filter(name="São Carlos").exists()


def test_errors_name_line_and_column_and_nothing_is_written() -> None:
    text = (
        HEAD
        + "3548906,São Carlos,-22.0174,-47.886,0,35,1,16,x\n"
        + "354890,Curto,-22,-47,0,35,1,16,x\n"
        + "3548907,Outra UF,-22,-47,0,43,1,16,x\n"
        + "3548908,Longe,-122,-47,0,35,1,16,x\n"
        + "3548909,,-22,-47,0,35,1,16,x\n"
        + "3548906,De novo,-22,-47,0,35,1,16,x\n"
        + "3548910,Sem número,norte,-47,0,35,1,16,x\n"
    )
    assert problems_of(text) == [
        "Linha 3, coluna codigo_ibge: um código do IBGE tem 7 algarismos; veio “354890”.",
        "Linha 4, coluna codigo_uf: “43” não é o código da UF deste município.",
        "Linha 5, coluna latitude: “-122” não é um grau de latitude.",
        "Linha 6, coluna nome: falta o nome, ou ele é longo demais.",
        "Linha 7, coluna codigo_ibge: este código já apareceu antes.",
        "Linha 8, coluna latitude: “norte” não é um grau de latitude.",
    ]


def test_missing_columns_and_empty_files_are_said_once() -> None:
    assert problems_of("nome,latitude\nX,1\n") == ["Faltam colunas no arquivo: codigo_ibge, longitude, codigo_uf."]
    assert problems_of(HEAD) == ["O arquivo não tem nenhuma linha."]
    assert problems_of("") == ["O arquivo não tem nenhuma linha."]


def test_a_file_that_is_no_table_is_refused_without_a_traceback() -> None:
    with pytest.raises(SeveralProblems):
        import_municipalities(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", actor=installation())


def test_only_the_installation_brings_municipalities() -> None:
    person = factories.person()
    with pytest.raises(NotAllowed):
        import_municipalities(SOME.encode(), actor=Actor(name="X", person_id=person.pk))


def test_the_real_list_comes_in_whole(shared_data: Path) -> None:
    content = (shared_data / "municipios.csv").read_bytes()
    done = import_municipalities(content, actor=installation())
    assert done.total == Municipality.objects.count() == 5571
    assert len(set(Municipality.objects.values_list("state", flat=True))) == 27
    assert import_municipalities(content, actor=installation()).added == 0
    assert [str(found) for found in queries.municipalities_named("sant'ana do livramento")] == [
        "Sant'Ana do Livramento (RS)"
    ]


def test_a_municipality_is_found_by_name_and_state_or_answered_with_all_of_that_name() -> None:
    import_municipalities(SOME.encode(), actor=installation())
    assert [str(row) for row in queries.municipalities_named("SAO CARLOS")] == ["São Carlos (SP)"]
    assert [str(row) for row in queries.municipalities_named("Santa Maria/rs")] == ["Santa Maria (RS)"]
    assert [str(row) for row in queries.municipalities_named("Santa Maria")] == [
        "Santa Maria (RN)",
        "Santa Maria (RS)",
    ]
    assert [str(row) for row in queries.municipalities_named("3548906")] == ["São Carlos (SP)"]
    assert queries.municipalities_named("Lugar Nenhum") == []
    assert [str(row) for row in queries.municipalities_like("sant")] == ["Santa Maria (RN)", "Santa Maria (RS)"]
