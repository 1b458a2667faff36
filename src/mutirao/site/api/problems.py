# SPDX-License-Identifier: AGPL-3.0-or-later
"""The one place where what went wrong becomes a problem document (RFC 9457), in the reader's language.

A document tells `type` (a stable name), `title`, `status`, `detail`, `next_step` (what to do now; may be empty) and
`request` (the number to tell whoever looks after the installation). Several problems at once come in `problems`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from mutirao.kernel import clock
from mutirao.kernel.errors import DomainError, SeveralProblems, Words

ROOT = "/api/"
CONTENT_TYPE = "application/problem+json"
CHALLENGE = 'Bearer realm="mutirao"'


_TITLES: dict[int, Words] = {
    400: _lazy("Não dá para ler o que foi enviado."),
    401: _lazy("Falta um código de acesso que valha."),
    403: _lazy("Não é permitido."),
    404: _lazy("Não existe."),
    405: _lazy("Este endereço não aceita este método."),
    409: _lazy("Não combina com o que está guardado."),
    413: _lazy("É grande demais."),
    422: _lazy("Há pontos a corrigir."),
    429: _lazy("Foram muitas vezes seguidas."),
}

_ADVICE: dict[int, Words] = {
    400: _lazy("Mande um objeto JSON, em UTF-8."),
    401: _lazy("Mande-o no cabeçalho Authorization: Bearer."),
    404: _lazy("Confira o endereço."),
    405: _lazy("O cabeçalho Allow diz quais aceita."),
}
_TELL = _lazy("Tente de novo; se continuar, conte o número deste pedido a quem cuida do servidor.")
_OURS = _lazy("Algo deu errado do nosso lado.")
_OTHERWISE = _lazy("Não foi possível concluir.")


def wanted(request: HttpRequest) -> bool:
    """Whether a program asks, which is answered with documents and never with pages."""
    return is_api(request) or request.headers.get("Accept", "").startswith("application/json")


def is_api(request: HttpRequest) -> bool:
    """Whether the address is one of the API's."""
    return request.path_info.startswith(ROOT)


def problem_of(request: HttpRequest, error: DomainError) -> HttpResponse:
    """A rule that said no."""
    more: dict[str, Any] = {}
    if isinstance(error, SeveralProblems):
        more["problems"] = [_part(one) for one in error.problems]
    elif error.field:
        more["problems"] = [_part(error)]
    answer = problem(
        request, error.status, code=error.code, detail=error.words(), next_step=error.advice(), **more
    )  # fmt: skip
    if (again_at := getattr(error, "again_at", None)) is not None:
        answer["Retry-After"] = str(max(1, round((again_at - clock.now()).total_seconds())))
    return answer


def _part(error: DomainError) -> dict[str, str]:
    return {
        "type": f"urn:mutirao:{error.code}", "field": error.field or "", "detail": error.words(),
        "next_step": error.advice(),
    }  # fmt: skip


def invalid(request: HttpRequest, found: Iterable[dict[str, Any]]) -> HttpResponse:
    """What was sent is not as the API's document says; `found` as pydantic tells it."""
    parts = [
        {
            "type": f"urn:mutirao:invalid:{one['type']}", "field": ".".join(str(step) for step in one["loc"]),
            "detail": _("Este valor não serve aqui."), "next_step": "",
        }
        for one in found
    ]  # fmt: skip
    fields = ", ".join(dict.fromkeys(part["field"] for part in parts))
    return problem(
        request, 422, code="invalid_request", detail=_("Não serve o que veio em: %(fields)s.") % {"fields": fields},
        next_step=_("Compare com o documento em /api/v1/openapi.json e envie de novo."), problems=parts,
    )  # fmt: skip


def of_status(request: HttpRequest, status: int) -> HttpResponse:
    """Anything else that is no success: said by its status alone."""
    title = str(_TITLES.get(status, _OURS if status >= 500 else _OTHERWISE))
    advice = str(_ADVICE.get(status, _TELL if status >= 500 else ""))
    return problem(request, status, code=f"http_{status}", detail=title, next_step=advice)


def problem(
    request: HttpRequest, status: int, *, code: str, detail: str, next_step: str = "", **more: Any
) -> HttpResponse:
    """A problem document."""
    told = {
        "type": f"urn:mutirao:{code}", "title": str(_TITLES.get(status, _OURS if status >= 500 else _OTHERWISE)),
        "status": status, "detail": detail, "next_step": next_step,
        "request": getattr(request, "request_id", ""), **more,
    }  # fmt: skip
    answer = JsonResponse(told, status=status, content_type=CONTENT_TYPE, json_dumps_params={"ensure_ascii": False})
    if status == 401:
        answer["WWW-Authenticate"] = CHALLENGE
    return answer
