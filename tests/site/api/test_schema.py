# SPDX-License-Identifier: AGPL-3.0-or-later
"""The API answers as its own document says, whatever is sent to it: right, wrong, huge, empty (by schemathesis)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)
from tests.site.api import stage

from mutirao.admission import checking
from mutirao.site.api import door

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = 10
RIGHT, WRONG = GenerationMode.POSITIVE, GenerationMode.NEGATIVE


@pytest.fixture
def _connection_stays() -> Iterator[None]:
    """A real request closes the connection when it ends, and the test's transaction with it; Django's own test client
    sees to that in the same way."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def here(_connection_stays: None, network: Any, coordinator: Any, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.setattr(door, "MOST_A_MINUTE", 10**9)
    monkeypatch.setattr(checking, "TRIES_AN_HOUR", 10**9)
    return stage.furnished(network, coordinator)


@pytest.mark.parametrize(("mode", "where"), [(RIGHT, "there"), (WRONG, "there"), (RIGHT, "anywhere")])
def test_every_answer_is_one_that_the_document_names(here: dict[str, Any], mode: GenerationMode, where: str) -> None:
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    headers = {"Authorization": f"Bearer {stage.secret_of_insider(here)}", "Accept-Encoding": "identity"}
    checks = [*CHECKS, negative_data_rejection] if mode is WRONG else CHECKS
    tried, statuses = 0, set()
    for found in schema.get_all_operations():
        operation = found.ok()
        if mode is WRONG and not (operation.query or operation.body):
            continue  # nothing that could be wrong
        names = [one.name for one in operation.path_parameters]
        fixed = {name: here[name] for name in names} if where == "there" else {}

        @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck), database=None)
        @given(case=operation.as_strategy(generation_mode=mode, path_parameters=fixed or None))
        def holds(case: Any) -> None:
            answer = case.call_and_validate(headers=headers, checks=checks)
            statuses.add(answer.status_code)

        holds()
        tried += 1
    assert tried == (stage.LEAST_CALLS + 2 if mode is RIGHT else 6)
    assert statuses >= ({200, 409} if (mode, where) == (RIGHT, "there") else {404} if where == "anywhere" else {422})
