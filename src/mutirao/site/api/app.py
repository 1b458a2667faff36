# SPDX-License-Identifier: AGPL-3.0-or-later
"""The API put together from the modules' parts; its OpenAPI document tells of every answer, refusals too."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.renderers import JSONRenderer
from ninja.security import HttpBearer

from mutirao.admission import api as admission
from mutirao.catalogue import api as catalogue
from mutirao.kernel.errors import DomainError
from mutirao.network import api as network
from mutirao.network.errors import TokenMissing
from mutirao.network.models import Person
from mutirao.payments import api as payments
from mutirao.purchasing import api as purchasing
from mutirao.site.api import problems

DESCRIPTION = (
    "O que outros programas leem e escrevem nas redes de quem lhes deu acesso. Cada pedido leva "
    "`Authorization: Bearer` com o código; vale o que os papéis da pessoa permitem naquele momento. "
    "Explicado em docs/api.md."
)


class Bearer(HttpBearer):
    """The token was looked at before any address was (see `door`): here it is only asked for."""

    def __call__(self, request: HttpRequest) -> Person | None:
        if getattr(request, "token", None) is None:
            raise TokenMissing
        return request.user  # type: ignore[return-value]

    def authenticate(self, request: HttpRequest, token: str) -> Person | None:
        raise NotImplementedError


class ProblemPart(Schema):
    """One of several problems."""

    type: str
    field: str
    detail: str
    next_step: str


class Problem(Schema):
    """What went wrong and what to do now (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    next_step: str
    request: str
    problems: list[ProblemPart] | None = None


_ALWAYS = {
    404: "Não existe, ou é de outra rede", 405: "O endereço não aceita este método", 422: "O que veio não serve",
    429: "Foram muitas vezes seguidas", 500: "Algo deu errado do nosso lado",
}  # fmt: skip
_WITH_TOKEN = {401: "Falta um código de acesso que valha", 403: "Os papéis da pessoa, ou a regra, não permitem"}
_WRITING = {400: "Não dá para ler o que foi enviado", 409: "Não combina com o que está guardado", 413: "Grande demais"}


class Document(OpenAPISchema):
    """Two kinds of one name would silently become one: here they are an error."""

    def add_schema_definitions(self, definitions: dict[str, Any]) -> None:
        for name, told in definitions.items():
            if self.schemas.setdefault(name, told) != told:
                raise ValueError(f"two different kinds in the API are called {name}")


class MutiraoAPI(NinjaAPI):
    """Says in its document what every operation may answer."""

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: Any = None) -> OpenAPISchema:
        document = Document(self, self.get_root_path(path_params or {}) if path_prefix is None else path_prefix)
        kinds = document["components"].setdefault("schemas", {})
        told = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        kinds |= told.pop("$defs", {})
        kinds["Problem"] = told
        told_of: dict[int, str] = {}
        for methods in document["paths"].values():
            for method, operation in methods.items():
                answers = operation["responses"]
                refusals = _ALWAYS | (_WITH_TOKEN if "security" in operation else {})
                refusals |= _WRITING if method != "get" else {}
                told_of |= refusals
                answers |= {status: {"$ref": f"#/components/responses/{status}"} for status in sorted(refusals)}
        document["components"]["responses"] = {str(status): _refusal(words) for status, words in told_of.items()}
        return document

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__


def _refusal(words: str) -> dict[str, Any]:
    content = {problems.CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": words, "content": content}


class Renderer(JSONRenderer):
    """Portuguese as it is written: a technician reads it on a terminal."""

    json_dumps_params = {"ensure_ascii": False}


api = MutiraoAPI(
    title="Mutirão", version="1", description=DESCRIPTION, docs_url=None, auth=Bearer(), urls_namespace="api",
    renderer=Renderer(),
)  # fmt: skip
api.add_router("", network.me)
api.add_router("", admission.router)
for part in (network, catalogue, purchasing, payments):
    api.add_router("/rede/{slug}", part.router)


@api.exception_handler(DomainError)
def _rule_said_no(request: HttpRequest, error: DomainError) -> HttpResponse:
    return problems.problem_of(request, error)


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return problems.invalid(request, error.errors)


@api.exception_handler(HttpError)
def _by_status(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problems.of_status(request, error.status_code)


@api.exception_handler(Http404)
def _not_there(request: HttpRequest, error: Http404) -> HttpResponse:
    return problems.of_status(request, 404)


@api.exception_handler(Exception)
def _ours(request: HttpRequest, error: Exception) -> HttpResponse:
    raise error  # to be logged, counted and told by its number, like any page's
