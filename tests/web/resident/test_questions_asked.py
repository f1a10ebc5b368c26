"""How many questions a resident's pages ask the database: each costs both machines, on every page of everybody."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.web.resident.walking import answers, begin, fill

pytestmark = pytest.mark.django_db

# The town with the session, the visitor with the proofs, the paper, the section in charge, and leaving the town.
A_PAGE = 5
# Town, visitor and paper as above, the paper locked and kept inside a transaction, which a test sees as a savepoint (2).
AN_ANSWER = 7
# One transaction over ten tables with its checks, number, trace, search text and mail; six of these are savepoints.
THE_PRESS = 25


@contextmanager
def at_most(number: int) -> Iterator[None]:
    with CaptureQueriesContext(connection) as asked:
        yield
    told = "\n".join(each["sql"][:150] for each in asked.captured_queries)
    assert len(asked) <= number, f"{len(asked)} questions:\n{told}"


def test_a_page_asks_who_what_and_whom_to_call(hikari: Any) -> None:
    paper = begin(hikari)
    hikari.get(f"{paper}child/")  # the process learns the version of the package
    with at_most(A_PAGE):
        assert hikari.get(f"{paper}child/").status_code == 200


def test_an_answer_is_kept_without_asking_for_what_is_not_drawn(hikari: Any) -> None:
    paper = begin(hikari)
    hikari.get(f"{paper}child/")
    with at_most(AN_ANSWER):
        assert hikari.post(f"{paper}child/", answers("child")).status_code == 302


def test_the_press_asks_only_what_it_needs(hikari: Any) -> None:
    paper = begin(hikari)
    fill(hikari, paper)
    with at_most(THE_PRESS):
        assert hikari.post(f"{paper}review/").status_code == 302


def test_the_register_is_asked_where_a_page_shows_what_it_knows(hikari: Any, monkeypatch: Any) -> None:
    looked: list[Any] = []
    monkeypatch.setattr(
        "madoguchi.services.applications.unsent.facts_of", lambda unsent, _: looked.append(unsent.pk) or {}
    )
    paper = begin(hikari)
    hikari.get(f"{paper}wishes/")
    assert looked == []
    hikari.get(f"{paper}child/")
    assert len(looked) > 0
