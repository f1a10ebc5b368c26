"""台帳: filters, order, pages and counts, with the same few questions however long the list is."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.session import municipality_session
from madoguchi.services.applications import actions, ledger_counts, queries, searching
from madoguchi.services.applications.ledger_counts import Bounded
from madoguchi.services.applications.models import Application
from madoguchi.services.applications.queries import Filters
from madoguchi.services.applications.states import Channel, Stage
from tests.factories_applications import received, typed


def shown(filters: Filters) -> list[str]:
    return [row.person_name for row in queries.ledger(filters).rows]


def questions(run: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as caught:
        run()
    return len([each for each in caught if "SAVEPOINT" not in each["sql"]])


@pytest.fixture
def three(loaded: Any, now: datetime) -> list[Any]:
    return [
        received(loaded, now, raw=typed(1, child_name__given="あおい", clubs__1="B1", clubs__2="A1")),
        received(
            loaded,
            now + timedelta(days=1),
            channel=Channel.PAPER,
            raw=typed(2, child_name__family="髙橋", child_name__given="りく", child_birth="H30.5.1"),
        ),
        received(loaded, now + timedelta(days=2), channel=Channel.COUNTER, facts={"out_of_city": True}),
    ]


def test_it_narrows_by_every_filter(three: list[Any]) -> None:
    assert len(shown(Filters(procedure="mihon-club", period="r9"))) == 3
    assert shown(Filters(procedure="other")) == []
    assert shown(Filters(channel="paper")) == ["髙橋　りく"]
    assert shown(Filters(first_wish="B1")) == ["見本　あおい"]
    assert shown(Filters(grade=3)) == ["髙橋　りく"]
    assert shown(Filters(stage="accepted")) == []
    assert len(shown(Filters(received_from=date(2026, 11, 22), received_to=date(2026, 11, 22)))) == 1


@pytest.mark.parametrize("text", ["高橋", "髙橋 りく", "ミホン 髙橋", "みほん　りく"])
def test_it_finds_a_name_in_any_spelling(three: list[Any], text: str) -> None:
    assert shown(Filters(text=text)) == ["髙橋　りく"]


def test_it_finds_a_number(three: list[Any]) -> None:
    assert len(shown(Filters(text=three[0].number.lower()))) == 1


def test_percent_signs_and_quotes_are_only_text(three: list[Any]) -> None:
    assert shown(Filters(text="%")) == []
    assert shown(Filters(text="' OR 1=1 --")) == []


def test_it_sorts_both_ways_and_survives_nonsense(three: list[Any]) -> None:
    up = shown(Filters(sort="received"))
    assert up == list(reversed(shown(Filters(sort="-received"))))
    assert len(shown(Filters(sort="id; DROP TABLE", after="99", view="nonsense"))) == 3


def test_views_count_within_the_filters(three: list[Any], staff_with: Any, now: datetime) -> None:
    reviewer = staff_with(Role.REVIEWER)
    actions.assign(numbers=[three[0].number], to=reviewer, by=reviewer, at=now)
    page = queries.ledger(Filters(view="marked", me=reviewer.pk, on=date(2027, 1, 6)))
    assert page.counts_by_view == {
        "mine": 1,
        "due": 3,
        "correcting": 0,
        "paper": 1,
        "marked": 1,
        "all": 3,
    }
    assert (page.total, len(page.rows)) == (1, 1)
    assert queries.ledger(Filters(channel="paper")).counts_by_view["all"] == 1


def test_the_number_of_questions_does_not_grow(loaded: Any, now: datetime) -> None:
    filters = Filters(procedure="mihon-club", on=now.date(), me=1, text="見本")
    received(loaded, now, 0)
    few = questions(lambda: queries.ledger(filters))
    for number in range(1, 51):
        received(loaded, now, number)
    assert queries.ledger(filters).total == 51
    assert questions(lambda: queries.ledger(filters)) == few <= 7
    assert questions(lambda: list(queries.export_rows(filters))) <= 5


@pytest.mark.parametrize("sort", [each for key in queries.SORTS for each in (key, f"-{key}")])
def test_pages_never_overlap_in_any_order_and_lead_back(loaded: Any, now: datetime, sort: str) -> None:
    for number in range(25):
        received(loaded, now + timedelta(minutes=number // 7), number, channel=list(Channel)[number % 4])
    filters = Filters(procedure="mihon-club", period="r9", sort=sort)
    there = list(walked(filters, "next"))
    whole = [row.number for row in queries.ledger(filters).rows]
    assert [number for page in there for number in page] == whole
    assert [len(page) for page in there] == [10, 10, 5]
    last = queries.ledger(replace(filters, after=place_at(filters, 20)), size=10)
    back = queries.ledger(replace(filters, before=last.previous), size=10)
    assert [row.number for row in back.rows] == whole[10:20]
    first = queries.ledger(replace(filters, before=back.previous), size=10)
    assert ([row.number for row in first.rows], first.previous) == (whole[:10], "")
    assert len(queries.chosen_numbers(Filters())) == 25


def walked(filters: Filters, towards: str) -> Iterator[list[str]]:
    place = ""
    while True:
        page = queries.ledger(replace(filters, after=place), size=10)
        yield [row.number for row in page.rows]
        place = getattr(page, towards)
        if not place:
            return


def place_at(filters: Filters, row: int) -> str:
    return queries.ledger(filters, size=row).next


def test_a_count_beyond_its_bound_says_so() -> None:
    assert (str(Bounded(10_001, 10_000)), str(Bounded(10_000, 10_000))) == ("10,000以上", "10,000")
    assert (Bounded(3, 10) == 3, Bounded(30, 10) == 10) == (True, True)


def test_of_a_very_common_word_the_tabs_say_where_counting_ended(
    three: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching.found_ids, "__defaults__", (1,))
    exact = queries.ledger(Filters(text="見本", view="paper"))
    monkeypatch.setattr(ledger_counts, "COMMON_BOUND", 2)
    page = queries.ledger(Filters(text="見本", view="paper"))
    assert (str(exact.total), str(exact.counts_by_view["all"])) == ("1", "3")
    assert (str(page.total), str(page.counts_by_view["all"])) == ("1", "2以上")
    assert (page.counts_by_view["mine"].more, str(Bounded.at_least(0))) == (True, "—")


def test_another_town_has_an_empty_ledger(three: list[Any], other_town: Any) -> None:
    with municipality_session(other_town.pk):
        page = queries.ledger(Filters())
        assert (page.total, page.rows, set(page.counts_by_view.values())) == (0, (), {0})
        assert list(queries.export_rows(Filters())) == []


def test_accepted_ones_go_to_the_allocation(three: list[Any], staff_with: Any, now: datetime) -> None:
    reviewer = staff_with(Role.REVIEWER)
    actions.accept(number=three[0].number, by=reviewer, at=now, edition=1)
    (candidate,) = queries.accepted_for_allocation("mihon-club", "r9")
    assert candidate.number == three[0].number
    assert candidate.answers["clubs"] == ["B1", "A1"]
    assert len(candidate.household_key) == 20
    assert [each.number for each in queries.candidates([three[1].application_id])] == [three[1].number]


def test_a_row_says_what_the_list_shows(three: list[Any], staff_with: Any, now: datetime) -> None:
    reviewer = staff_with(Role.REVIEWER)
    actions.ask_correction(
        number=three[0].number,
        by=reviewer,
        at=now,
        edition=1,
        fields=["work_days"],
        message="直してください。",
        due_on=now.date(),
    )
    (row,) = queries.ledger(Filters(view="correcting")).rows
    assert (row.stage, row.clock_stopped, row.edition, row.outcome) == (Stage.CORRECTING, True, 2, None)
    assert (row.person_kana, row.checks_run) == ("ミホン　ソラ", 5)
    assert Application.objects.filter(pk=row.id).exists()


def test_a_list_asked_again_tells_what_is_there_now(loaded: Any, now: datetime) -> None:
    """The question is put into SQL once; its answer is asked for each time."""
    filters = Filters(me=1, on=now.date(), near=now.date())
    for found in range(3):
        page = queries.ledger(filters)
        assert (len(page.rows), page.total, page.counts_by_view["all"]) == (found, found, found)
        assert page.counts_by_view["mine"] == 0
        received(loaded, now, raw=typed(found + 1))
    one = queries.ledger(replace(filters, channel="paper"))
    assert (one.rows, one.total) == ((), 0)


def test_a_list_that_nothing_can_be_in_is_empty_each_time(three: list[Any], now: datetime) -> None:
    nobodys = Filters(view="mine", me=None, on=now.date(), near=now.date())
    assert [queries.ledger(nobodys).rows for _ in range(2)] == [(), ()]
    assert queries.ledger(nobodys).counts_by_view["all"] == len(three)


def test_a_list_asked_again_holds_no_other_towns_cases(three: list[Any], now: datetime) -> None:
    filters = Filters(on=now.date(), near=now.date())
    assert len(queries.ledger(filters).rows) == len(three)
    with municipality_session(999):
        assert (queries.ledger(filters).rows, queries.ledger(filters).total) == ((), 0)
