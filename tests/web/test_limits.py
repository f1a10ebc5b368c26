"""Budgets by person and by address, counted for all processes together; the clock is moved, never waited for."""

import io
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client, override_settings

from madoguchi.ledgers.office import clock
from madoguchi.ledgers.office.models import RateWindow
from madoguchi.ledgers.office.rates import Budget, count_once, forget_old_windows
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.session import enter_municipality, municipality_session
from madoguchi.web import limits
from tests.web.doors import patterns

pytestmark = pytest.mark.django_db
HALL = "203.0.113.7"
FEW = Budget(3, 60)


@pytest.fixture(autouse=True)
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three a minute for a person, six for an address."""
    for name, limit in limits.LIMITS.items():
        narrowed = limits.Limit(limit.kind, FEW, Budget(6, 60), limit.methods)
        monkeypatch.setitem(limits.LIMITS, name, narrowed)


@pytest.fixture
def moved(monkeypatch: pytest.MonkeyPatch, now: datetime) -> Callable[[int], None]:
    at = [now.replace(second=0)]
    monkeypatch.setattr(clock, "now", lambda: at[0])

    def move(seconds: int) -> None:
        at[0] += timedelta(seconds=seconds)

    return move


class Caller(Client):
    """A browser behind an address; afterwards the test is in its municipality again."""

    def __init__(self, town: Any, address: str = HALL, **told: Any) -> None:
        super().__init__(REMOTE_ADDR=address, **told)
        self.town = town

    def request(self, **asked: Any) -> Any:
        try:
            return super().request(**asked)
        finally:
            enter_municipality(self.town.pk)

    def searches(self, times: int, address: str = "/search?q=a") -> list[int]:
        return [self.get(address).status_code for _ in range(times)]


@pytest.fixture
def desk(town: Any, staff_with: Any, moved: Any) -> Iterator[Callable[..., Caller]]:
    def signed_in(login: str, address: str = HALL) -> Caller:
        made = Caller(town, address)
        made.force_login(staff_with(Role.COUNTER_CLERK, login=login))
        return made

    return signed_in  # type: ignore[return-value]


def test_a_person_over_the_budget_is_told_to_wait_and_then_goes_on(desk: Any, moved: Any) -> None:
    clerk = desk("a")
    assert clerk.searches(4, "/desk/residents/?q=x") == [200, 200, 200, 429]
    moved(20)
    refused = clerk.get("/desk/residents/?q=x")
    assert refused["Retry-After"] == "40"
    assert "1分ほど待って" in refused.content.decode()
    assert "no-store" in refused["Cache-Control"]
    moved(40)
    assert clerk.searches(1, "/desk/residents/?q=x") == [200]


def test_one_persons_haste_stops_nobody_else_behind_the_same_proxy(desk: Any) -> None:
    assert desk("a").searches(20, "/desk/residents/?q=x")[-1] == 429
    for number in range(5):
        assert desk(f"b{number}").searches(3, "/desk/residents/?q=x") == [200] * 3


def test_strangers_share_the_budget_of_their_address(town: Any, moved: Any) -> None:
    assert Caller(town).searches(7) == [200] * 6 + [429]
    assert Caller(town).searches(1) == [429]
    assert Caller(town, "203.0.113.8").searches(1) == [200]


def test_a_claimed_address_is_believed_only_from_our_own_proxies(town: Any, moved: Any) -> None:
    def claiming(number: int) -> int:
        told = {"x-forwarded-for": f"198.51.100.{number}"}
        return Caller(town).get("/search?q=a", headers=told).status_code

    assert [claiming(number) for number in range(7)][-1] == 429
    with override_settings(MADOGUCHI_PROXIES=1):
        assert {claiming(number) for number in range(20)} == {200}
        chained = {"x-forwarded-for": "198.51.100.99, 192.0.2.1"}
        said = [Caller(town).get("/search?q=a", headers=chained).status_code for _ in range(7)]
        assert said[-1] == 429
        invented = {"x-forwarded-for": "198.51.100.98, 192.0.2.1"}
        assert Caller(town).get("/search?q=a", headers=invented).status_code == 429


def test_an_undeclared_proxy_on_the_same_machine_shuts_nobody_out(town: Any, moved: Any) -> None:
    for address in ("127.0.0.1", "::1", ""):
        assert set(Caller(town, address).searches(10)) == {200}


def test_only_what_costs_or_guesses_is_counted(town: Any, moved: Any) -> None:
    caller = Caller(town)
    assert set(caller.searches(10, "/")) == {200}
    assert set(caller.searches(10, "/prove/")) == {200}
    assert [caller.post("/prove/", {"way": "email", "email": "x"}).status_code for _ in range(7)][-1] == 429
    assert [caller.post("/resume/", {"code": "x"}).status_code for _ in range(7)][-1] == 429
    assert [caller.post("/desk/login/", {"login": "x", "password": "x"}).status_code for _ in range(7)][
        -1
    ] == 429


def test_pages_of_a_form_are_free_and_their_files_are_counted(desk: Any) -> None:
    clerk, page = desk("a"), "/desk/gakudo-club/new/"
    assert 429 not in [clerk.post(page, {"child_name-given": "例"}).status_code for _ in range(5)]
    paper = [clerk.post(page, {"file:paper": io.BytesIO(b"%PDF-1.7")}).status_code for _ in range(4)]
    assert (paper[2] != 429, paper[3]) == (True, 429)


def test_the_setting_widens_every_budget_or_counts_nothing(town: Any, moved: Any) -> None:
    with override_settings(MADOGUCHI_RATE_FACTOR=2.0):
        assert Caller(town).searches(13) == [200] * 12 + [429]
    with override_settings(MADOGUCHI_RATE_FACTOR=0.0):
        assert set(Caller(town).searches(20)) == {200}


def test_towns_count_apart_and_no_address_is_kept(town: Any, other_town: Any, now: datetime) -> None:
    assert [count_once("search", "k", FEW, at=now.replace(second=15)) for _ in range(4)] == [0, 0, 0, 45]
    with municipality_session(other_town.pk):
        assert count_once("search", "k", FEW, at=now) == 0
    Caller(town).searches(1)
    assert all(HALL not in row.key and len(row.key) in (1, 64) for row in RateWindow.objects.all())


def test_what_was_counted_yesterday_is_forgotten(town: Any, now: datetime) -> None:
    count_once("search", "old", FEW, at=now - timedelta(days=2))
    count_once("search", "new", FEW, at=now)
    assert forget_old_windows(at=now) == 1
    assert RateWindow.objects.get().key == "new"


def test_every_limited_view_exists_and_the_guessable_ones_are_limited() -> None:
    names = {name for name, _, _ in patterns()}
    assert set(limits.LIMITS) <= names
    guessable = {
        "desk:login",
        "desk:second",
        "resident:code",
        "resident:link",
        "resident:resume-by-code",
        "resident:status",
    }
    assert guessable <= set(limits.LIMITS)
