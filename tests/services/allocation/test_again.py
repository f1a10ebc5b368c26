"""空き枠の再調整: free seats are given out again, and nobody ever loses one."""

from collections import Counter
from datetime import date, datetime
from functools import cache
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madoguchi.clerical.decisions import actions as decisions
from madoguchi.clerical.decisions.access import draft_for
from madoguchi.clerical.notices.models import Letter
from madoguchi.common.errors import Refusal
from madoguchi.ledgers.office.errors import NotAllowed
from madoguchi.ledgers.office.queries import trace_of
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.trace import Subject
from madoguchi.ledgers.procedures.faults import PackageFaults
from madoguchi.ledgers.procedures.package import read_files
from madoguchi.ledgers.procedures.scoring import score_application
from madoguchi.services.allocation.actions import (
    compute_round,
    decline_seat,
    give_seats,
    open_again,
    open_round,
    order_letters,
    prepare_chunk,
    submit_round,
)
from madoguchi.services.allocation.errors import DeclineFaulty, NobodyAccepted, Outdated, WrongState
from madoguchi.services.allocation.letters import chunks
from madoguchi.services.allocation.models import Decline, Placement, Round
from madoguchi.services.allocation.placing import check, place
from madoguchi.services.allocation.queries import (
    declines,
    placement_of,
    placement_told,
    round_of,
    seat_table,
    turns_of,
)
from madoguchi.services.allocation.rules import contest_of
from madoguchi.services.allocation.seat_rules import SeatRow
from madoguchi.services.allocation.standing import Former, Standing
from madoguchi.services.applications.access import shown_outcome
from madoguchi.services.applications.models import Application
from madoguchi.services.applications.states import Outcome, Stage
from tests.factories_nursery import PERIOD, SLUG, applied, nursery, nursery_files, transferring

IMPROVE = '\nagain = "improve"\n'
LONGER = {"guardians-1-start": "9:00", "guardians-1-end": "18:00"}


@pytest.fixture
def reviewer(staff_with: Any) -> Any:
    return staff_with(Role.REVIEWER)


@pytest.fixture
def head(staff_with: Any) -> Any:
    return staff_with(Role.SECTION_HEAD)


def settle(view: Any, reviewer: Any, head: Any, now: datetime) -> Any:
    """Compute, submit and approve a round."""
    compute_round(round_id=view.id, by=reviewer, at=now)
    draft_id = submit_round(round_id=view.id, approver=head, by=reviewer, at=now)
    draft = draft_for(head, draft_id, now)
    told = {"seen_sha256": draft.content_sha256, "edition": draft.edition}
    decisions.approve(draft_id=draft_id, by=head, at=now, **told)
    return draft


def first_round(reviewer: Any, head: Any, now: datetime) -> Any:
    view = open_round(slug=SLUG, period_code=PERIOD, by=reviewer, at=now)
    settle(view, reviewer, head, now)
    return view


def letters_of(view: Any, reviewer: Any, now: datetime) -> list[tuple[str, str]]:
    """Number and kind of the letters of a round."""
    found = Round.objects.get(pk=view.id)
    release_id = order_letters(round_id=found.pk, by=reviewer, at=now)
    for ids in chunks(found):
        prepare_chunk(round_id=found.pk, release_id=release_id, ids=ids, at=now)
    rows = Letter.objects.filter(release_id=release_id).order_by("subject_id")
    numbers = dict(Application.objects.values_list("pk", "number"))
    return [(numbers[int(row.subject_id)], row.kind) for row in rows]


def now_at(*cases: Application) -> list[tuple[str, str]]:
    told = {row.pk: row for row in Application.objects.all()}
    return [(told[case.pk].outcome, told[case.pk].outcome_facts["facility_code"]) for case in cases]


def test_a_declined_seat_goes_to_who_waits_and_nobody_else_moves(
    section: Any, reviewer: Any, head: Any, now: datetime
) -> None:
    loaded = nursery(now, n01={"2": 1}, n02={"2": 1})
    first = applied(loaded, reviewer, now, "はな", ["n01"], **LONGER)
    second = applied(loaded, reviewer, now, "たろう", ["n01", "n02"])
    third = applied(loaded, reviewer, now, "じろう", ["n02"], **{"guardians-1-days_month": "15"})
    view = first_round(reviewer, head, now)
    assert now_at(first, second, third) == [("granted", "n01"), ("granted", "n02"), ("waitlisted", "")]
    assert len(letters_of(view, reviewer, now)) == 3
    decline_seat(round_id=view.id, number=first.number, reason="県外へ転出", by=reviewer, at=now)
    (told,) = declines(SLUG, PERIOD)
    assert (told.number, told.facility_name, told.reason) == (
        first.number,
        "市立さくら台保育園",
        "県外へ転出",
    )
    traced = trace_of(Subject("applications.application", str(first.pk)))
    assert "applications.declined" in [row.verb for row in traced]
    again = open_again(round_id=view.id, by=reviewer, at=now)
    assert open_again(round_id=view.id, by=reviewer, at=now).id == again.id
    draft = settle(again, reviewer, head, now)
    assert "2回目の利用調整" in draft.body
    assert now_at(second, third) == [("granted", "n02"), ("waitlisted", "")], (
        "n01 was not wished by the third"
    )
    assert letters_of(again, reviewer, now) == [], "nothing new, no letter"
    assert turns_of(SLUG, PERIOD) == [1, 2]


def test_who_waited_gets_the_free_seat_and_a_second_letter(
    section: Any, reviewer: Any, head: Any, now: datetime
) -> None:
    loaded = nursery(now, n01={"2": 1})
    first = applied(loaded, reviewer, now, "はな", ["n01"], **LONGER)
    waits = applied(loaded, reviewer, now, "たろう", ["n01"])
    view = first_round(reviewer, head, now)
    letters_of(view, reviewer, now)
    decline_seat(round_id=view.id, number=first.number, reason="転出", by=reviewer, at=now)
    again = open_again(round_id=view.id, by=reviewer, at=now)
    settle(again, reviewer, head, now)
    assert now_at(waits) == [("granted", "n01")]
    assert letters_of(again, reviewer, now) == [(waits.number, "decision-2")]
    case = Application.objects.get(pk=waits.pk)
    before = [SimpleNamespace(kind="decision")]
    assert shown_outcome(case.outcome, case.outcome_facts, before) == Outcome.WAITLISTED
    both: list[Any] = [*before, SimpleNamespace(kind="decision-2")]
    assert shown_outcome(case.outcome, case.outcome_facts, both) == Outcome.GRANTED
    former, latest = (
        placement_told(case.pk, {"decision"}),
        placement_told(case.pk, {"decision", "decision-2"}),
    )
    assert former is not None
    assert latest is not None
    assert (former.facility_code, latest.facility_code) == ("", "n01")
    assert placement_of(case.pk) == latest
    with pytest.raises(Refusal, match="辞退"):
        decline_seat(round_id=again.id, number=first.number, reason="もう一度", by=reviewer, at=now)


def test_new_applications_join_and_a_returned_list_gives_back_only_those(
    section: Any, reviewer: Any, head: Any, now: datetime
) -> None:
    loaded = nursery(now, n01={"2": 1})
    first = applied(loaded, reviewer, now, "はな", ["n01"])
    view = first_round(reviewer, head, now)
    again = open_again(round_id=view.id, by=reviewer, at=now)
    with pytest.raises(NobodyAccepted):
        compute_round(round_id=again.id, by=reviewer, at=now)
    late = applied(loaded, reviewer, now, "たろう", ["n01"], **LONGER)
    give_seats(round_id=again.id, rows=[SeatRow("n01", "2", 2, 0)], by=reviewer, at=now)
    compute_round(round_id=again.id, by=reviewer, at=now)
    draft_id = submit_round(round_id=again.id, approver=head, by=reviewer, at=now)
    assert Application.objects.get(pk=first.pk).stage == Stage.DECIDED
    with pytest.raises(WrongState):
        decline_seat(round_id=view.id, number=first.number, reason="転出", by=reviewer, at=now)
    draft = draft_for(head, draft_id, now)
    told = {"seen_sha256": draft.content_sha256, "edition": draft.edition, "comment": "確かめて"}
    decisions.return_draft(draft_id=draft_id, by=head, at=now, **told)
    assert Application.objects.get(pk=late.pk).stage == Stage.ACCEPTED
    settle(again, reviewer, head, now)
    assert now_at(first, late) == [("granted", "n01"), ("granted", "n01")]
    assert letters_of(again, reviewer, now) == [(late.number, "decision")]


def test_a_decline_after_the_computation_makes_the_list_outdated(
    section: Any, reviewer: Any, head: Any, now: datetime
) -> None:
    loaded = nursery(now, n01={"2": 1})
    first = applied(loaded, reviewer, now, "はな", ["n01"], **LONGER)
    applied(loaded, reviewer, now, "たろう", ["n01"])
    view = first_round(reviewer, head, now)
    again = open_again(round_id=view.id, by=reviewer, at=now)
    compute_round(round_id=again.id, by=reviewer, at=now)
    assert not Placement.objects.filter(round_id=again.id).exclude(facility_code="").exists()
    decline_seat(round_id=view.id, number=first.number, reason="転出", by=reviewer, at=now)
    with pytest.raises(Outdated):
        submit_round(round_id=again.id, approver=head, by=reviewer, at=now)


@pytest.mark.parametrize("improve", [False, True], ids=["keep", "improve"])
def test_who_has_a_seat_keeps_it_unless_the_package_lets_them_improve(
    section: Any, reviewer: Any, head: Any, now: datetime, improve: bool
) -> None:
    files = nursery_files({"n01": {"2": 1}, "n02": {"2": 1}})
    text = files["scoring.toml"].decode()
    files["scoring.toml"] = text.replace("[seats]", "[seats]" + (IMPROVE if improve else "")).encode()
    loaded = nursery(now, files=files)
    first = applied(loaded, reviewer, now, "はな", ["n01"], **LONGER)
    second = applied(loaded, reviewer, now, "たろう", ["n01", "n02"])
    third = applied(loaded, reviewer, now, "じろう", ["n01", "n02"], **{"guardians-1-days_month": "15"})
    view = first_round(reviewer, head, now)
    decline_seat(round_id=view.id, number=first.number, reason="転出", by=reviewer, at=now)
    again = open_again(round_id=view.id, by=reviewer, at=now)
    settle(again, reviewer, head, now)
    moved, stayed = [("granted", "n01"), ("granted", "n02")], [("granted", "n02"), ("granted", "n01")]
    assert now_at(second, third) == (moved if improve else stayed)
    told = letters_of(again, reviewer, now)
    assert told == ([(second.number, "decision-2")] if improve else []) + [(third.number, "decision-2")]


def test_a_transfer_that_was_met_leaves_its_seat_for_good(
    section: Any, reviewer: Any, head: Any, now: datetime
) -> None:
    loaded = nursery(now, n01={"2": 1}, n02={"2": 1})
    moving = applied(loaded, reviewer, now, "はな", ["n01"], **LONGER, **transferring("n02"))
    view = first_round(reviewer, head, now)
    late = applied(loaded, reviewer, now, "たろう", ["n02"])
    again = open_again(round_id=view.id, by=reviewer, at=now)
    lines = {
        (line.code, pool.class_name): pool for line in seat_table(again.id).facilities for pool in line.pools
    }
    assert (lines["n01", "2歳児クラス"].open, lines["n02", "2歳児クラス"].open) == (0, 1)
    settle(again, reviewer, head, now)
    assert now_at(moving, late) == [("granted", "n01"), ("granted", "n02")]


def test_a_transfer_in_vain_keeps_its_seat_in_every_round(
    section: Any, reviewer: Any, head: Any, now: datetime
) -> None:
    loaded = nursery(now, n01={"2": 0}, n02={"2": 1})
    stays = applied(loaded, reviewer, now, "はな", ["n01"], **transferring("n02"))
    waits = applied(loaded, reviewer, now, "たろう", ["n02"])
    view = first_round(reviewer, head, now)
    decline_seat(round_id=view.id, number=stays.number, reason="今の園に残る", by=reviewer, at=now)
    again = open_again(round_id=view.id, by=reviewer, at=now)
    settle(again, reviewer, head, now)
    assert now_at(waits) == [("waitlisted", "")], "who stops waiting stays where it is"


@pytest.mark.parametrize(
    ("changed", "names"),
    [({"number": "HK9999999"}, "HK9999999"), ({"reason": " "}, "理由")],
    ids=["no such case", "no reason"],
)
def test_what_cannot_be_declined_is_refused_by_name(
    section: Any, reviewer: Any, head: Any, now: datetime, changed: dict[str, str], names: str
) -> None:
    loaded = nursery(now, n01={"2": 1})
    first = applied(loaded, reviewer, now, "はな", ["n01"])
    view = open_round(slug=SLUG, period_code=PERIOD, by=reviewer, at=now)
    told: dict[str, Any] = {"round_id": view.id, "number": first.number, "reason": "転出", "by": reviewer}
    with pytest.raises(WrongState):
        decline_seat(at=now, **told)
    with pytest.raises(WrongState):
        open_again(round_id=view.id, by=reviewer, at=now)
    settle(view, reviewer, head, now)
    with pytest.raises(DeclineFaulty, match=names):
        decline_seat(at=now, **(told | changed))
    with pytest.raises(NotAllowed):
        decline_seat(at=now, **(told | {"by": head}))
    assert not Decline.objects.exists()
    assert round_of(SLUG, PERIOD, 2) is None


def test_a_setting_nobody_knows_is_told_before_publication() -> None:
    files = nursery_files({})
    files["scoring.toml"] = files["scoring.toml"].replace(b"[seats]", b'[seats]\nagain = "perhaps"')
    with pytest.raises(PackageFaults, match="keep・improve"):
        read_files(files)


# ---- nobody ever loses a seat


@cache
def town(again: str) -> Any:
    files = nursery_files({"n01": {"2": 2}, "n02": {"2": 1}, "n03": {"2": 1}})
    files["scoring.toml"] = files["scoring.toml"].replace(b"[seats]", f'[seats]\nagain = "{again}"'.encode())
    return read_files(files)


@cache
def sheet_of(again: str) -> dict[str, Any]:
    package = town(again)
    answers = {"nurseries": ["n01", "n02", "n03"], "guardians": []}
    return score_application(package, answers, {}, date(2027, 4, 1)).as_json()


def applicant(again: str, number: int, points: int, wishes: list[str], present: str) -> Any:
    sheet = dict(sheet_of(again))
    sheet |= {
        "totals": dict.fromkeys(wishes, str(points)),
        "tie": dict.fromkeys(wishes, sheet["tie"]["n01"]),
        "wishes": wishes,
        "eligible": True,
    }
    answers = {"child_birth": "2024-06-14", "transfer": bool(present), "present_facility": present}
    return SimpleNamespace(number=f"HK{number:03}", answers=answers, facts={}, score_sheet=sheet)


CODES = ["n01", "n02", "n03"]
DRAWN = st.lists(
    st.tuples(
        st.integers(1, 9),
        st.permutations(CODES),
        st.integers(1, 3),
        st.sampled_from(["", "", "", *CODES]),
        st.booleans(),
    ),
    min_size=1,
    max_size=9,
)


@settings(max_examples=60, deadline=None)
@given(DRAWN, st.sampled_from(["keep", "improve"]))
def test_nobody_ever_loses_a_seat(drawn: list[Any], again: str) -> None:
    people = []
    for number, (points, order, most, present, _) in enumerate(drawn):
        wishes = [code for code in order if code != present][:most]
        people.append(applicant(again, number, points, wishes, present))
    on, package = date(2027, 4, 1), town(again)
    contest = contest_of(package, people, on=on, seed="s")
    placed = place(contest.children, contest.seats).facility
    assert check(contest.children, contest.seats, placed).passed
    standing = {
        each.id: Standing(
            "granted" if placed.get(each.id) in each.wishes else "waitlisted",
            placed.get(each.id, "") if placed.get(each.id) in each.wishes else "",
            None,
            declined,
        )
        for each, (*_, declined) in zip(contest.children, drawn, strict=True)
    }
    waiting = {number for number, told in standing.items() if not told.facility and not told.declined}
    seated = {number for number, told in standing.items() if told.seated}
    competing = waiting | (seated if again == "improve" else set())
    others = tuple(each for each in people if each.number not in competing)
    second = contest_of(
        package,
        [each for each in people if each.number in competing],
        on=on,
        seed="s",
        former=Former(others, standing),
    )
    then = place(second.children, second.seats).facility
    assert check(second.children, second.seats, then).passed
    wishes = {each.id: each.wishes for each in contest.children}
    for number in seated:
        was, now_is = standing[number].facility, then[number]
        better = wishes[number][: wishes[number].index(was)]
        assert now_is == was or (again == "improve" and now_is in better)
    for number in waiting:
        if placed.get(number):
            assert then.get(number) == placed[number] or then[number] in wishes[number]
    counted = Counter(then.values())
    assert all(
        counted[code] <= max(seats, 0)
        for (code, label), seats in second.seats.by_pool.items()
        if label == "2"
    )
    taken = Counter(each.answers["present_facility"] for each in people if each.answers["transfer"])
    own = {code: max(package.facility(code).seats["2"], taken[code]) for code in CODES}
    assert all(counted[code] <= own[code] for code in CODES), "no seat is there twice"
