from datetime import datetime, timedelta

from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext

from madoguchi.ledgers.office.doors import enter_at
from madoguchi.ledgers.office.models import Municipality
from madoguchi.ledgers.office.remembering import once, remember, remembered, remembering
from madoguchi.ledgers.office.session import (
    Binding,
    Sight,
    binding,
    enter_municipality,
    enter_sight,
    full_sight,
    municipality_session,
)
from madoguchi.ledgers.office.session_store import SessionStore


def test_a_request_asks_once_and_the_next_one_again() -> None:
    asked: list[int] = []
    for _ in range(2):
        with remembering():
            assert [once("key", lambda: asked.append(1) or len(asked)) for _ in range(3)] == [len(asked)] * 3
    assert len(asked) == 2


def test_without_a_request_nothing_is_kept() -> None:
    asked: list[int] = []
    for _ in range(2):
        once("key", lambda: asked.append(1))
        remember("other", 1)
    assert len(asked) == 2
    assert remembered("other") is None


def test_the_entrance_binds_the_town_of_the_door_and_forgets_the_sight(
    town: Municipality, other_town: Municipality
) -> None:
    enter_sight(Sight.ALL)
    other_town.host = "other.localhost"
    other_town.save()
    entered = enter_at("other.localhost")
    assert entered == other_town
    assert binding() == Binding(other_town.pk)


def test_an_unknown_door_leads_to_the_default_town(town: Municipality, settings) -> None:  # type: ignore[no-untyped-def]
    settings.MADOGUCHI_DEFAULT_MUNICIPALITY = town.code
    assert enter_at("unknown.localhost") == town
    assert enter_at("") == town
    settings.MADOGUCHI_DEFAULT_MUNICIPALITY = "000000"
    enter_municipality(None)
    assert enter_at("") is None
    assert binding() == Binding()


def test_a_stretch_of_full_sight_returns_to_what_was_before(town: Municipality) -> None:
    with municipality_session(town.pk, Sight.OWN, 7):
        with full_sight():
            assert binding() == Binding(town.pk, Sight.ALL)
        assert binding() == Binding(town.pk, Sight.OWN, 7)


def test_the_door_brings_the_session_along_once(town: Municipality) -> None:
    kept = SessionStore()
    kept["visitor_id"] = "1"
    kept.save()
    with remembering(), CaptureQueriesContext(connection) as asked:
        assert enter_at("localhost", kept.session_key) == town
        assert SessionStore(kept.session_key)["visitor_id"] == "1"
        assert len(asked) == 1
        kept["visitor_id"] = "2"
        kept.save()
        assert SessionStore(kept.session_key)["visitor_id"] == "2"


def test_a_session_that_is_over_is_none_at_the_door(town: Municipality, now: datetime) -> None:
    kept = SessionStore()
    kept["visitor_id"] = "1"
    kept.save()
    Session.objects.update(expire_date=now - timedelta(days=400))
    with remembering():
        enter_at("localhost", kept.session_key)
        assert "visitor_id" not in SessionStore(kept.session_key)
