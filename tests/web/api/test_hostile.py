"""Bytes that no honest system sends, and people whom nobody may find."""

from typing import Any

import pytest

from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.session import full_sight
from madoguchi.services.applications import by_key
from madoguchi.services.applications.actions import start_review
from madoguchi.services.applications.models import Application
from tests.factories_applications import received
from tests.factories_protection import protected_family

pytestmark = pytest.mark.django_db
GOOD = (
    b'{"procedure": "mihon-club", "period": "r9", "answers": {"child_name": {"family": "%s", "given": "x"}}}'
)
BODIES = {
    "nothing": b"",
    "no json": b"{",
    "nul": GOOD % b"\\u0000",
    "raw nul": GOOD % b"\x00",
    "half a character": GOOD % b"\\ud800",
    "shift_jis": GOOD % "見本".encode("shift_jis"),
    "utf-16": (GOOD % b"a").decode().encode("utf-16"),
    "deep lists": b"[" * 100_000,
    "deep tables": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    "deep answer": GOOD[:-46] + b'{"child_name": ' + b"[" * 900 + b"]" * 900 + b"}}",
    "huge number": b'{"procedure": "mihon-club", "period": "r9", "answers": {"work_days": 1'
    + b"0" * 4000
    + b"}}",
    "huger number": b'{"procedure": "mihon-club", "period": "r9", "answers": {"work_days": 1'
    + b"0" * 9000
    + b"}}",
    "infinite": b'{"procedure": "mihon-club", "period": "r9", "answers": {"work_days": 1e999}}',
    "not a number": b'{"procedure": "mihon-club", "period": "r9", "answers": {"work_days": NaN}}',
    "a list": b"[1, 2]",
    "a text": b'"x"',
    "null": b"null",
    "twice": b'{"procedure": "mihon-club", "procedure": "x\\u0000", "period": "r9", "answers": {}}',
    "too large": b'{"procedure": "' + b"a" * (3 * 1024 * 1024) + b'"}',
    "sql": GOOD % b"'; DROP TABLE office_trace; --",
}


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize("path", ["/applications", "/applications/gif", "/webhooks"])
def test_no_body_breaks_it(name: str, path: str, caller: Any) -> None:
    answer = caller.send(path, BODIES[name], key="hostile-1")
    assert 400 <= answer.status_code < 500, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    told = answer.content.decode()
    assert not [
        word for word in ("Traceback", "psycopg", "django", "pydantic", "/madoguchi/") if word in told
    ]


@pytest.mark.parametrize("kind", ["text/plain", "application/json; charset=shift_jis", "application/json; charset=nonsense",
    "multipart/form-data", "multipart/form-data; boundary=", "application/x-www-form-urlencoded", "\x7f", ""])  # fmt: skip
@pytest.mark.parametrize("path", ["/applications", "/documents"])
def test_no_content_type_breaks_it(kind: str, path: str, caller: Any) -> None:
    answer = caller.generic(
        "POST", f"/api/v1{path}", b"\xff\xfe{", content_type=kind, headers={"Idempotency-Key": "hostile-1"}
    )
    assert 400 <= answer.status_code < 500, answer.content


@pytest.mark.parametrize(
    "number", ["%00", "%ED%A0%80", "..%2f..", "'", "a" * 5000, "%F0%9F%92%A9", "gif%00", " "]
)
def test_no_number_breaks_it(number: str, caller: Any) -> None:
    for path in (
        f"/applications/{number}",
        f"/applications/{number}/gif",
        f"/applications/{number}/documents",
    ):
        assert caller.get(f"/api/v1{path}").status_code in {301, 404}


@pytest.mark.parametrize("query", ["cursor=-1", "cursor=99999999999999999999", "cursor=x", "cursor=%00", "limit=0", "limit=9999",
    "procedure=%00", "procedure=%ED%A0%80", "procedure[]=x"])  # fmt: skip
def test_no_query_breaks_it(query: str, caller: Any) -> None:
    assert caller.get(f"/api/v1/applications?{query}").status_code in {200, 422}


def test_an_unknown_address_says_so_as_a_problem(caller: Any) -> None:
    answer = caller.ask("/nothing/here")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


def test_our_own_fault_tells_nothing(caller: Any, monkeypatch: Any, caplog: Any) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise KeyError("secret of the inside")

    monkeypatch.setattr(by_key, "changes_after", fail)
    answer = caller.ask("/applications")
    assert (answer.status_code, answer.json()["code"]) == (500, "api.broken")
    assert "secret" not in answer.content.decode()
    assert "KeyError" in caplog.text


def test_a_protected_person_is_absent_everywhere(caller: Any, loaded: Any, now: Any, staff_with: Any) -> None:
    hidden, seen = received(loaded, now, 1), received(loaded, now, 2)
    with full_sight():
        unit = protected_family(staff_with(Role.REGISTRY_CLERK), now).unit
        Application.objects.filter(pk=hidden.application_id).update(protection_id=unit)
    missing = caller.ask("/applications/MC-000000-0")
    for path in ("", "/gif", "/documents"):
        answer = caller.ask(f"/applications/{hidden.number}{path}")
        assert (answer.status_code, answer.content) == (404, missing.content)
    assert [each["number"] for each in caller.ask("/applications").json()["items"]] == [seen.number]
    assert caller.ask("/statuses", number=[hidden.number]).json()["items"] == []


def test_the_portal_session_of_a_protected_person_opens_no_eyes(caller: Any, loaded: Any, now: Any) -> None:
    session = caller.session
    session["visitor_id"] = "00000000-0000-0000-0000-000000000000"
    session.save()
    received(loaded, now)
    assert caller.ask("/applications").status_code == 200


def test_the_list_goes_on_from_its_cursor_and_misses_nothing(
    caller: Any, loaded: Any, now: Any, staff_with: Any
) -> None:
    numbers = [received(loaded, now, each).number for each in range(1, 6)]
    got, cursor = [], 0
    while True:
        page = caller.ask("/applications", cursor=cursor, limit=2).json()
        got += [each["number"] for each in page["items"]]
        cursor = page["cursor"]
        if not page["more"]:
            break
    assert got == numbers
    assert caller.ask("/applications", cursor=cursor).json()["items"] == []
    # An act whose own time lies before the cursor is still found: the cursor counts commits, not times.
    reviewer = staff_with(Role.REVIEWER)
    start_review(number=numbers[0], by=reviewer, at=now, edition=1)
    changed = caller.ask("/applications", cursor=cursor).json()["items"]
    assert [(each["number"], each["stage"]) for each in changed] == [(numbers[0], "reviewing")]
    assert caller.ask("/applications", cursor=0, procedure="no-such").json()["items"] == []
