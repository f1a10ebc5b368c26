"""The examples of docs/reference/api.md work as they stand."""

import shlex
from pathlib import Path
from typing import Any

import pytest

from madoguchi.services.webhooks.states import Event
from madoguchi.web.api.openapi import document
from madoguchi.web.api.problems import STATUS

TEXT = (Path(__file__).parents[3] / "docs/reference/api.md").read_text(encoding="utf-8")
EXAMPLES = [line for line in TEXT.splitlines() if line.startswith("curl ")]


def asked(caller: Any, line: str) -> Any:
    """What curl would have sent."""
    words = shlex.split(line)[1:]
    method, body, headers, address = "GET", "", {}, ""
    while words:
        word = words.pop(0)
        if word == "-X":
            method = words.pop(0)
        elif word == "-d":
            body = words.pop(0)
        elif word == "-H":
            name, _, value = words.pop(0).partition(": ")
            headers[name] = value
        else:
            address = word.removeprefix("http://localhost:8000")
    kind = headers.pop("Content-Type", "application/octet-stream")
    return caller.generic(method, address, body.encode(), content_type=kind, headers=headers)


@pytest.mark.django_db
def test_every_example_runs(caller: Any, key: Any) -> None:
    number = ""
    for line in EXAMPLES:
        answer = asked(caller, line.replace("$KEY", key.secret).replace("$NUMBER", number))
        assert answer.status_code in {200, 201}, (line, answer.content.decode())
        told = answer.json()
        number = number or (told.get("number", "") if isinstance(told, dict) else "")
    assert number


@pytest.mark.django_db
def test_the_document_and_the_page_are_open_and_load_nothing(caller: Any, town: Any) -> None:
    from tests.factories_keys import Caller

    anybody = Caller(town)
    assert anybody.ask("/openapi.json").json()["openapi"].startswith("3.1")
    page = anybody.get("/api/v1/")
    assert page.status_code == 200
    assert "/api/v1/applications/{number}/gif" in page.content.decode()
    assert "default-src 'self'" in page["Content-Security-Policy"]
    assert "cdn" not in page.content.decode()


def test_the_page_names_every_scope_event_and_status() -> None:
    scopes = {each["x-scope"] for path in document()["paths"].values() for each in path.values()}
    assert [scope for scope in scopes if f"`{scope}`" not in TEXT] == []
    assert [event for event in Event.values if f"`{event}`" not in TEXT] == []
    assert [status for status in set(STATUS.values()) if f"| {status} |" not in TEXT] == []


def test_every_operation_has_a_scope_and_says_what_it_does() -> None:
    for path in document()["paths"].values():
        for each in path.values():
            assert each["security"] == [{"ApiKey": []}]
            assert each["description"]
