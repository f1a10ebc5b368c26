"""From a kind and an amount to people, and what each of them may do."""

from datetime import date, datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, InternalError, connection, transaction

from madoguchi.clerical.decisions import access, actions, queries
from madoguchi.clerical.decisions.content import content_sha256
from madoguchi.clerical.decisions.errors import (
    BeyondLimit,
    ClockSetBack,
    CommentMissing,
    DisclosureReasonMissing,
    EditionOutdated,
    NotSubstituted,
    NotTheApprover,
    PaperDraft,
    PaperRefused,
    RouteMissing,
)
from madoguchi.clerical.decisions.models import Attachment, DocumentClass, Draft, Edition, Step
from madoguchi.clerical.decisions.states import (
    ApprovalMode,
    Capacity,
    Disclosure,
    DraftState,
    PaperReason,
    PaperRule,
    StepKind,
    StepOutcome,
)
from madoguchi.clerical.decisions.terms import Paper, Terms
from madoguchi.clerical.decisions.verifying import altered_history
from madoguchi.ledgers.office import actions as office
from madoguchi.ledgers.office.appointing import appoint, note_absence
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.models import Staff
from madoguchi.ledgers.office.queries import trace_of
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.trace import Subject
from tests.factories_decisions import SEEN
from tests.ledgers.documents.files import PDF, PNG

CONTRACT = Terms(kind="K02", amount=8_000_000)
"""業務委託 800万円: 係長 > 課長 > [契約課長] > 部長."""


@pytest.fixture
def hall(staff_with: Any, section: Any, now: datetime) -> dict[str, Any]:
    """A small town hall: 部長 above the section, 契約課 beside it, 副市長 and 市長."""
    on = date(2026, 4, 1)
    above = office.set_up_section(code="fukushi", fiscal_year=2026, name="福祉部", symbol="福", phone="0")
    office.set_up_section(
        code=section.code,
        fiscal_year=2026,
        name="子ども青少年課",
        symbol="サ子青",
        phone="0",
        parent="fukushi",
    )
    contracts = office.set_up_section(code="keiyaku", fiscal_year=2026, name="契約課", symbol="契", phone="0")
    people = {"clerk": staff_with(Role.REVIEWER, login="clerk")}
    seats = (
        ("chief", section, "係長"), ("deputy", section, "課長補佐"), ("head", section, "課長"),
        ("contracts", contracts, "課長"), ("director", above, "部長"), ("vice", above, "副市長"),
        ("mayor", above, "市長"),
    )  # fmt: skip
    for login, where, post in seats:
        people[login] = staff_with(Role.SECTION_HEAD, login=login)
        appoint(staff=people[login], section=where, post=post, on=on, by=None, at=now)
    return people


def lay(hall: dict[str, Any], at: datetime, terms: Terms = CONTRACT, **changes: Any) -> int:
    told = {
        "section_id": hall["clerk"].section_id,
        "title": "窓口案内の業務委託について",
        "body": "次のとおり契約してよろしいか伺います。",
        "figures": [],
        "item_count": 1,
        "subject": Subject("test.contract", "1"),
        "content_sha256": SEEN,
    }
    return actions.submit_draft(**(told | changes), terms=terms, by=hall["clerk"], at=at)


def say_yes(draft_id: int, who: Any, at: datetime, **changes: Any) -> DraftState:
    shown = access.draft_for(who, draft_id, at)
    told = {"seen_sha256": shown.content_sha256, "edition": shown.edition}
    return actions.approve(draft_id=draft_id, by=who, at=at, **(told | changes))


def route_of(draft_id: int) -> list[tuple[int, str, str]]:
    rows = Step.objects.filter(draft_id=draft_id).order_by("place")
    return [(row.stage, row.kind, row.approver.login) for row in rows.select_related("approver")]


def test_a_kind_and_an_amount_seat_the_people_of_today(hall: dict[str, Any], now: datetime) -> None:
    assert route_of(lay(hall, now)) == [
        (1, "line", "chief"), (2, "line", "head"), (3, "consult", "contracts"), (4, "decide", "director"),
    ]  # fmt: skip


def test_a_draft_goes_from_hand_to_hand_and_is_decided_at_the_end(
    hall: dict[str, Any], now: datetime
) -> None:
    draft_id = lay(hall, now)
    for minutes, login in enumerate(("chief", "head", "contracts"), 1):
        with pytest.raises(NotTheApprover):
            say_yes(draft_id, hall["director"], now)
        at = now + timedelta(minutes=minutes)
        assert [row.id for row in queries.inbox(hall[login])] == [draft_id]
        assert say_yes(draft_id, hall[login], at) == DraftState.SUBMITTED
    assert say_yes(draft_id, hall["director"], now + timedelta(minutes=9)) == DraftState.APPROVED
    draft = Draft.objects.get(pk=draft_id)
    assert draft.settled_at == now + timedelta(minutes=9)
    assert [step.decided_at for step in draft.steps.order_by("place")] == [
        now + timedelta(minutes=each) for each in (1, 2, 3, 9)
    ]


def test_who_is_asked_side_by_side_must_all_agree(
    hall: dict[str, Any], now: datetime, staff_with: Any
) -> None:
    money = office.set_up_section(code="zaisei", fiscal_year=2026, name="財政課", symbol="財", phone="0")
    hall["money"] = staff_with(Role.SECTION_HEAD, login="money")
    appoint(staff=hall["money"], section=money, post="課長", on=date(2026, 4, 1), by=None, at=now)
    draft_id = lay(hall, now, Terms(kind="K02", amount=20_000_000))
    for login in ("chief", "head", "director"):
        say_yes(draft_id, hall[login], now)
    both = ("contracts", "money")
    assert all(queries.inbox(hall[login]) for login in both)
    say_yes(draft_id, hall["money"], now)
    assert queries.inbox(hall["vice"]) == []
    say_yes(draft_id, hall["contracts"], now)
    assert say_yes(draft_id, hall["vice"], now) == DraftState.APPROVED


def test_papers_under_way_keep_their_route_and_new_ones_follow_the_new_table(
    hall: dict[str, Any], now: datetime
) -> None:
    old = lay(hall, now)
    table = (
        "row_id,kind,kind_ja,amount_over,amount_upto,decider,consult,consult_order,council,substitute_1,"
        "substitute_2,later_look,effective_from,effective_to,legal_basis\n"
        "N1,K02,業務委託,,,課長,,,,課長補佐,係長,要,2026-04-01,9999-12-31,\n"
    )
    actions.put_in_table(text=table, effective_from=now.date() + timedelta(days=1), by=None, at=now)
    later = now + timedelta(days=1)
    new = lay(hall, later, subject=Subject("test.contract", "2"))
    assert [login for _, _, login in route_of(new)] == ["chief", "head"]
    assert [login for _, _, login in route_of(old)][-1] == "director"


def test_a_named_approver_must_reach_what_the_table_asks_for(hall: dict[str, Any], now: datetime) -> None:
    with pytest.raises(BeyondLimit, match="部長"):
        lay(hall, now, approver=hall["head"])
    assert route_of(lay(hall, now, approver=hall["director"])) == [(1, "decide", "director")]


def test_nobody_to_decide_is_said_with_the_way_out(hall: dict[str, Any], now: datetime) -> None:
    with pytest.raises(RouteMissing):
        lay(hall, now, Terms(kind="ZZZ"))


def test_somebody_away_is_passed_and_looks_later_and_a_substitute_decides(
    hall: dict[str, Any], now: datetime
) -> None:
    draft_id = lay(hall, now, Terms(kind="K26"))
    assert [login for _, _, login in route_of(draft_id)] == ["chief", "head"]
    say_yes(draft_id, hall["chief"], now)
    with pytest.raises(NotSubstituted):
        actions.stand_in(draft_id=draft_id, by=hall["deputy"], at=now)
    note_absence(
        staff=hall["head"], begins_on=now.date(), ends_on=now.date(), reason="出張", by=hall["clerk"], at=now
    )
    assert [row.id for row in queries.to_stand_in_for(hall["deputy"], now, now.date())] == [draft_id]
    actions.stand_in(draft_id=draft_id, by=hall["deputy"], at=now)
    assert say_yes(draft_id, hall["deputy"], now) == DraftState.APPROVED
    step = Step.objects.get(draft_id=draft_id, kind=StepKind.DECIDE)
    assert (step.capacity, step.stands_for, step.post) == (Capacity.SUBSTITUTE, "課長", "課長補佐")
    assert [row.id for row in queries.to_look_at(hall["head"])] == [draft_id]
    actions.look_done(draft_id=draft_id, by=hall["head"], at=now)
    assert queries.to_look_at(hall["head"]) == []


def test_an_important_matter_is_not_substituted(hall: dict[str, Any], now: datetime) -> None:
    draft_id = lay(hall, now, Terms(kind="K25", important=True))
    note_absence(
        staff=hall["director"],
        begins_on=now.date(),
        ends_on=now.date(),
        reason="休暇",
        by=hall["director"],
        at=now,
    )
    for login in ("chief", "head"):
        say_yes(draft_id, hall[login], now)
    with pytest.raises(NotSubstituted):
        actions.stand_in(draft_id=draft_id, by=hall["head"], at=now)


def test_pulling_up_goes_past_those_below_who_look_later(hall: dict[str, Any], now: datetime) -> None:
    draft_id = lay(hall, now)
    with pytest.raises(CommentMissing):
        actions.pull_up(draft_id=draft_id, by=hall["director"], at=now, reason=" ")
    with pytest.raises(NotSubstituted):
        actions.pull_up(draft_id=draft_id, by=hall["mayor"], at=now, reason="急ぐ")
    actions.pull_up(draft_id=draft_id, by=hall["director"], at=now, reason="本日中の契約が要る")
    assert say_yes(draft_id, hall["director"], now) == DraftState.APPROVED
    passed = Step.objects.filter(draft_id=draft_id, outcome=StepOutcome.PASSED_OVER)
    assert {step.approver.login for step in passed} == {"chief", "head", "contracts"}
    assert all(queries.to_look_at(hall[login]) for login in ("chief", "head", "contracts"))


def test_pulling_up_stands_in_the_chain_and_cannot_be_rubbed_out(hall: dict[str, Any], now: datetime) -> None:
    draft_id = lay(hall, now)
    actions.pull_up(draft_id=draft_id, by=hall["director"], at=now, reason="本日中の契約が要る")
    say_yes(draft_id, hall["director"], now)
    (act,) = [
        row for row in trace_of(Subject("decisions.draft", str(draft_id))) if row.verb.endswith("pulled_up")
    ]
    assert (act.actor_name, act.happened_at) == (hall["director"].name, now)
    assert altered_history() == []
    for change in (
        "UPDATE decisions_step SET capacity = 'own' WHERE capacity = 'pulled_up'",
        "UPDATE decisions_step SET outcome = 'seen' WHERE outcome = 'passed_over' AND post = '課長'",
        "UPDATE decisions_step SET outcome = 'passed_over' WHERE kind = 'later_look' AND post = '課長'",
    ):
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("RESET ROLE")
                cursor.execute("ALTER TABLE decisions_step DISABLE TRIGGER USER")
                cursor.execute("ALTER TABLE decisions_step DROP CONSTRAINT step_decided_with_time")
                cursor.execute(change)
            assert any("引上げ" in said for said in altered_history()), change
            transaction.set_rollback(True)


@pytest.fixture
def accounts(hall: dict[str, Any], staff_with: Any, now: datetime) -> dict[str, Any]:
    """The accounts: 会計課長 and a 係長 of the same section."""
    where = office.set_up_section(code="kaikei", fiscal_year=2026, name="会計課", symbol="会", phone="0")
    for login, post in (("accounts", "課長"), ("examiner", "係長")):
        hall[login] = staff_with(Role.SECTION_HEAD, login=login)
        Staff.objects.filter(pk=hall[login].pk).update(section=where)
        hall[login].refresh_from_db()
        appoint(staff=hall[login], section=where, post=post, on=date(2026, 4, 1), by=None, at=now)
    return hall


PAYMENT = Terms(kind="K16", amount=4_000)


@pytest.mark.parametrize("named", [True, False])
def test_a_payment_is_examined_by_the_accounts_also_where_the_approver_was_named(
    accounts: dict[str, Any], now: datetime, named: bool
) -> None:
    draft_id = lay(accounts, now, PAYMENT, approver=accounts["head"] if named else None)
    route = route_of(draft_id)
    assert [(kind, login) for _, kind, login in route[-2:]] == [("consult", "accounts"), ("decide", "head")]
    assert ("chief" in [login for _, _, login in route]) is not named
    if not named:
        say_yes(draft_id, accounts["chief"], now)
    with pytest.raises(NotTheApprover):
        say_yes(draft_id, accounts["head"], now)
    say_yes(draft_id, accounts["accounts"], now)
    assert say_yes(draft_id, accounts["head"], now) == DraftState.APPROVED


@pytest.mark.parametrize("named", [True, False])
def test_the_accounts_away_are_waited_for_or_stood_in_for_and_never_passed_over(
    accounts: dict[str, Any], now: datetime, named: bool
) -> None:
    note_absence(
        staff=accounts["accounts"], begins_on=now.date(), ends_on=now.date(), reason="出張",
        by=accounts["examiner"], at=now,
    )  # fmt: skip
    draft_id = lay(accounts, now, PAYMENT, approver=accounts["head"] if named else None)
    assert "accounts" in [login for _, _, login in route_of(draft_id)]
    assert any("会計課長は不在" in said for said in Draft.objects.get(pk=draft_id).route["reasons"])
    if not named:
        say_yes(draft_id, accounts["chief"], now)
    with pytest.raises(NotSubstituted):
        actions.pull_up(draft_id=draft_id, by=accounts["head"], at=now, reason="急ぐ")
    with pytest.raises(NotSubstituted):
        actions.stand_in(draft_id=draft_id, by=accounts["chief"], at=now)
    assert [row.id for row in queries.to_stand_in_for(accounts["examiner"], now, now.date())] == [draft_id]
    actions.stand_in(draft_id=draft_id, by=accounts["examiner"], at=now)
    say_yes(draft_id, accounts["examiner"], now)
    assert say_yes(draft_id, accounts["head"], now) == DraftState.APPROVED
    assert [row.id for row in queries.to_look_at(accounts["accounts"])] == [draft_id]


def test_accounts_without_a_head_are_named_as_missing(hall: dict[str, Any], now: datetime) -> None:
    draft_id = lay(hall, now, PAYMENT, approver=hall["head"])
    assert [login for _, _, login in route_of(draft_id)] == ["head"]
    assert Draft.objects.get(pk=draft_id).route["vacant"] == ["会計課長"]


def test_taking_back_keeps_the_number_and_discarding_leaves_it_empty(
    hall: dict[str, Any], now: datetime
) -> None:
    draft_id = lay(hall, now)
    with pytest.raises(NotFound):
        actions.take_back(draft_id=draft_id, by=hall["head"], at=now, reason="直す")
    actions.take_back(draft_id=draft_id, by=hall["clerk"], at=now, reason="金額を直す")
    assert [row.id for row in queries.come_back_to(hall["clerk"])] == [draft_id]
    assert queries.how_many_steps(hall["chief"]) == (0, 0)
    assert queries.inbox(hall["chief"]) == []
    assert lay(hall, now, Terms(kind="K02", amount=2_000_000)) == draft_id
    assert [login for _, _, login in route_of(draft_id)][-3:] == ["chief", "contracts", "head"]
    actions.take_back(draft_id=draft_id, by=hall["clerk"], at=now, reason="やめる")
    actions.discard(draft_id=draft_id, by=hall["clerk"], at=now, reason="事業を中止した")
    anew = lay(hall, now)
    numbers = [Draft.objects.get(pk=each).number for each in (draft_id, anew)]
    assert numbers == ["サ子青第1号", "サ子青第2号"]


def test_a_rejected_draft_is_quoted_by_a_new_one(hall: dict[str, Any], now: datetime) -> None:
    first = lay(hall, now)
    shown = access.draft_for(hall["chief"], first, now)
    actions.reject(
        draft_id=first, by=hall["chief"], at=now, seen_sha256=shown.content_sha256,
        edition=shown.edition, comment="仕様が古い",
    )  # fmt: skip
    second = lay(hall, now, Terms(kind="K02", amount=8_000_000, quoted_from=first))
    assert second != first
    assert access.draft_for(hall["clerk"], second, now).quoted == (first, "サ子青第1号")


def test_attachments_are_added_covered_and_never_changed(hall: dict[str, Any], now: datetime) -> None:
    draft_id = lay(hall, now, files=[("見積.pdf", PDF)])
    shown = access.draft_for(hall["chief"], draft_id, now)
    say_yes(draft_id, hall["chief"], now)
    before_adding = access.draft_for(hall["head"], draft_id, now)
    actions.attach(draft_id=draft_id, files=[("追加.png", PNG)], by=hall["clerk"], at=now)
    with pytest.raises(EditionOutdated):
        say_yes(draft_id, hall["head"], now, edition=before_adding.edition)
    say_yes(draft_id, hall["head"], now)
    seen = list(
        Step.objects.filter(draft_id=draft_id).exclude(outcome="").values_list("seen_sha256", flat=True)
    )
    assert seen[0] == shown.content_sha256 != seen[1]
    for sha256 in seen:
        edition = Edition.objects.get(draft_id=draft_id, sha256=sha256)
        assert content_sha256(edition.content) == sha256
    for table in (Attachment, Edition):
        for change in (lambda rows: rows.update(sha256="c" * 64), lambda rows: rows.delete()):
            with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
                change(table.objects.filter(draft_id=draft_id))
    with pytest.raises((IntegrityError, psycopg.Error)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE decisions_step SET comment = 'x' WHERE outcome <> ''")


def test_what_a_class_of_documents_demands_of_paper_is_enforced(hall: dict[str, Any], now: datetime) -> None:
    def rule(kind: PaperRule) -> None:
        DocumentClass.objects.update_or_create(
            kind="K02", defaults={"name": "委託", "paper_rule": kind, "paper_reason": "契約書の原本"}
        )

    drawing = Paper("A0の図面", "契約課の書庫 3番", 4)
    mixed = Terms(
        kind="K02", amount=100, mode=ApprovalMode.MIXED, paper_reason=PaperReason.LARGE, papers=(drawing,)
    )
    on_paper = Terms(kind="K02", amount=100, mode=ApprovalMode.PAPER, paper_reason=PaperReason.SEAL)
    plain = Terms(kind="K02", amount=100)
    for kind, refused in (
        (PaperRule.ELECTRONIC_ONLY, (mixed, on_paper)),
        (PaperRule.PAPER_BESIDE, (plain,)),
        (PaperRule.PAPER_ONLY, (plain, mixed)),
    ):
        rule(kind)
        for terms in refused:
            with pytest.raises(PaperRefused, match="契約書の原本"):
                lay(hall, now, terms)
    rule(PaperRule.FREE)
    for terms in (
        Terms(kind="K02", amount=100, mode=ApprovalMode.MIXED, paper_reason=PaperReason.LARGE),
        Terms(kind="K02", amount=100, mode=ApprovalMode.PAPER),
        Terms(kind="K02", amount=100, papers=(drawing,)),
    ):
        with pytest.raises(PaperRefused):
            lay(hall, now, terms)
    shown = access.draft_for(hall["clerk"], lay(hall, now, mixed), now)
    assert [(each.what, each.kept_at, each.sheets) for each in shown.papers] == [
        ("A0の図面", "契約課の書庫 3番", 4)
    ]


def test_a_draft_on_paper_is_not_approved_on_the_screen(hall: dict[str, Any], now: datetime) -> None:
    terms = Terms(kind="K02", amount=100, mode=ApprovalMode.PAPER, paper_reason=PaperReason.SEAL)
    draft_id = lay(hall, now, terms)
    assert queries.inbox(hall["chief"]) == []
    with pytest.raises(PaperDraft):
        say_yes(draft_id, hall["chief"], now)
    with pytest.raises(PaperDraft):
        actions.record_paper_decision(
            draft_id=draft_id, decided_on=now.date() + timedelta(days=1), by=hall["clerk"], at=now
        )
    actions.record_paper_decision(draft_id=draft_id, decided_on=now.date(), by=hall["clerk"], at=now)
    assert Draft.objects.get(pk=draft_id).state == DraftState.APPROVED


def test_what_is_closed_to_the_public_says_why(hall: dict[str, Any], now: datetime) -> None:
    with pytest.raises(DisclosureReasonMissing):
        lay(hall, now, Terms(kind="K02", amount=100, disclosure=Disclosure.CLOSED))


def test_a_clock_that_was_set_back_decides_nothing(hall: dict[str, Any], now: datetime) -> None:
    draft_id = lay(hall, now)
    shown = access.draft_for(hall["chief"], draft_id, now)
    with pytest.raises(ClockSetBack):
        say_yes(draft_id, hall["chief"], now - timedelta(hours=1), seen_sha256=shown.content_sha256)
    assert say_yes(draft_id, hall["chief"], now) == DraftState.SUBMITTED


def test_a_draft_is_shown_to_others_who_do_not_decide(
    hall: dict[str, Any], now: datetime, staff_with: Any
) -> None:
    reader = staff_with(Role.SECTION_HEAD, login="reader")
    draft_id = lay(hall, now)
    assert actions.circulate(draft_id=draft_id, to=[reader], by=hall["clerk"], at=now) == 1
    assert actions.circulate(draft_id=draft_id, to=[reader], by=hall["clerk"], at=now) == 0
    assert access.draft_for(reader, draft_id, now).may_look
    actions.look_done(draft_id=draft_id, by=reader, at=now, comment="承知しました")
    assert not access.draft_for(reader, draft_id, now).may_look
