"""schemathesis against the application itself, with a real key and a real database."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_schema_conformance,
    status_code_conformance,
)

from madoguchi.ledgers.office.session import enter_municipality
from madoguchi.web.api.openapi import document
from tests.factories_applications import received, typed

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
EXAMPLES = 12
pytestmark = pytest.mark.django_db


def operations() -> list[tuple[str, str]]:
    return [(path, method.upper()) for path, methods in document()["paths"].items() for method in methods]


@contextmanager
def one_connection() -> Iterator[None]:
    """As the test client does: a request must not close the connection of the test."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


@pytest.fixture
def application(town: Any, loaded: Any) -> Iterator[Callable[..., Any]]:
    """The product behind WSGI, as a server would call it."""
    handler = WSGIHandler()

    def called(environ: dict[str, Any], start_response: Any) -> Any:
        answer = list(handler(environ, start_response))
        enter_municipality(town.pk)
        return answer

    with one_connection():
        yield called


@pytest.mark.parametrize(("path", "method"), operations(), ids=[" ".join(each) for each in operations()])
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["good", "bad"])
def test_no_request_breaks_what_the_document_says(
    path: str, method: str, mode: Any, application: Any, key: Any, loaded: Any, now: Any
) -> None:
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    number = received(loaded, now).number
    known = {"number": number, "slug": "mihon-club", "webhook_id": str(uuid.uuid4())}
    headers = {"Authorization": f"Bearer {key.secret}", "Host": "localhost"}
    seen: list[int] = []

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=schema[path][method].as_strategy(generation_mode=mode))
    def tried(case: Any) -> None:
        if len(seen) % 2:
            given_path = case.path_parameters or {}
            case.path_parameters = {name: known.get(name, value) for name, value in given_path.items()}
        answer = case.call(headers=headers)
        seen.append(answer.status_code)
        case.validate_response(answer, checks=CHECKS)

    tried()
    assert mode is GenerationMode.NEGATIVE or seen
    # Unsound data may spoil the key itself; sound data never.
    assert mode is GenerationMode.NEGATIVE or 401 not in seen


def test_a_sound_application_of_the_schema_is_received(caller: Any) -> None:
    """Otherwise the examples above would prove only that nonsense is refused."""
    answers = {
        "child_name": {"family": "見本", "given": "そら"},
        "child_birth": "2020-06-14",
        "applicant": {"family": "見本", "given": "花子"},
        "clubs": ["A1"],
    }
    body = {"procedure": "mihon-club", "period": "r9", "answers": answers}
    assert caller.send("/applications", body, key="first-one").status_code == 201
    assert set(typed()) > {"child_name-family"}
