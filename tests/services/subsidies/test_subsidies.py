"""交付決定から支払のデータまで, through the real doors of every room."""

import csv
import io
import uuid
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from madoguchi.clerical.controls.errors import ControlsOpen
from madoguchi.clerical.decisions.access import draft_for
from madoguchi.clerical.decisions.actions import reject, return_draft
from madoguchi.clerical.decisions.models import Draft
from madoguchi.clerical.notices.actions import release_all
from madoguchi.clerical.notices.models import Letter
from madoguchi.clerical.payments import queries as payments
from madoguchi.clerical.payments.actions import change_appropriation, fetch_payment_file
from madoguchi.clerical.payments.errors import BudgetExceeded, NoCreditor, NothingToPay
from madoguchi.clerical.payments.states import ChangeKind, OrderState
from madoguchi.ledgers.office.actions import actor_of
from madoguchi.ledgers.office.errors import NotAllowed, NotFound
from madoguchi.ledgers.office.queries import trace_of
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.trace import Actor, Subject
from madoguchi.services.applications.actions import withdraw
from madoguchi.services.applications.models import Application
from madoguchi.services.applications.states import Outcome, Stage
from madoguchi.services.subsidies import actions
from madoguchi.services.subsidies.errors import NotAccepted, NotGranted, NothingChosen, WhyRefused
from madoguchi.services.subsidies.granting import Choice
from madoguchi.services.subsidies.letters import prepare_chunk
from madoguchi.services.subsidies.models import Batch
from madoguchi.services.subsidies.withdrawals import waiting_for_their_letter
from tests.factories_payments import creditors
from tests.factories_subsidies import SLUG, Hall, about, accepted, decided, draft, hall, handed_in, listed


@pytest.fixture
def scene(staff_with: Any, now: datetime) -> Hall:
    return hall(staff_with, now)


def stage_of(case: Application) -> str:
    case.refresh_from_db()
    return case.stage


def test_one_draft_decides_many_and_binds_the_money(scene: Hall) -> None:
    cases = [accepted(scene, who, cat_name=f"ねこ{who}") for who in range(3)]
    draft_id = draft(scene, *cases)
    assert {stage_of(case) for case in cases} == {Stage.DECIDING}
    assert Draft.objects.get(pk=draft_id).figures[2] == {"label": "交付決定額", "value": 15000, "unit": "円"}
    assert payments.appropriation(scene.budget, None).committed == 0
    decided(scene, draft_id)
    assert {stage_of(case) for case in cases} == {Stage.DECIDED}
    assert payments.appropriation(scene.budget, None).committed == 15_000
    bound = payments.commitment_about(about(cases[0]))
    assert bound is not None
    assert (bound.amount, bound.creditor_number, bound.drafter) == (5000, "K9000001", scene.reviewer.name)


def test_an_approval_that_the_budget_no_longer_bears_is_refused_as_a_whole(
    scene: Hall, staff_with: Any
) -> None:
    cases = [accepted(scene, who, cat_name=f"ねこ{who}") for who in range(2)]
    draft_id = draft(scene, *cases)
    clerk = staff_with(Role.BUDGET_CLERK, login="zaisei2")
    change_appropriation(
        appropriation_id=scene.budget, kind=ChangeKind.TRANSFER, amount=-12_000, reason="流用",
        decided_on=scene.now.date(), by=clerk, at=scene.now,
    )  # fmt: skip
    with pytest.raises((BudgetExceeded, ControlsOpen), match="残額"):
        decided(scene, draft_id)
    assert {stage_of(case) for case in cases} == {Stage.DECIDING}
    assert Draft.objects.get(pk=draft_id).state == "submitted"
    assert payments.appropriation(scene.budget, None).committed == 0


def test_a_draft_beyond_the_budget_is_refused_before_anything_moves(staff_with: Any, now: datetime) -> None:
    scene = hall(staff_with, now, amount=9_000)
    cases = [accepted(scene, who, cat_name=f"ねこ{who}") for who in range(2)]
    with pytest.raises((BudgetExceeded, ControlsOpen), match="残額"):
        draft(scene, *cases)
    assert {stage_of(case) for case in cases} == {Stage.ACCEPTED}
    draft(scene, cases[0])


def test_a_draft_sent_back_returns_its_cases(scene: Hall) -> None:
    case = accepted(scene)
    draft_id = draft(scene, case)
    seen = draft_for(scene.head, draft_id, scene.now)
    return_draft(
        draft_id=draft_id, by=scene.head, at=scene.now, seen_sha256=seen.content_sha256, edition=seen.edition,
        comment="領収書を見直してください",
    )  # fmt: skip
    assert stage_of(case) == Stage.ACCEPTED
    other = accepted(scene, 1, cat_name="もう一匹")
    assert draft(scene, case, other) == draft_id, (
        "a draft sent back keeps its number, whatever it asks for now"
    )
    assert Batch.objects.get().items.count() == 2
    decided(scene, draft_id)
    assert {stage_of(each) for each in (case, other)} == {Stage.DECIDED}
    assert payments.appropriation(scene.budget, None).committed == 10_000


def test_what_takes_the_place_of_a_rejected_draft_names_it(scene: Hall) -> None:
    case = accepted(scene)
    first = draft(scene, case)
    seen = draft_for(scene.head, first, scene.now)
    reject(
        draft_id=first, by=scene.head, at=scene.now, seen_sha256=seen.content_sha256, edition=seen.edition,
        comment="要綱に合わない",
    )  # fmt: skip
    second = draft(scene, case)
    assert second != first
    number = Draft.objects.get(pk=first).number
    assert f"起案 {number} に代わるものです。" in Draft.objects.get(pk=second).body
    batch = Batch.objects.get(draft=second)
    (line,) = trace_of(Subject("subsidies.batch", str(batch.pk)))
    assert line.note["replaces"] == [number]


def test_payment_orders_sent_back_keep_the_number_of_their_draft(scene: Hall) -> None:
    case = accepted(scene)
    decided(scene, draft(scene, case))
    actions.claim(number=case.number, by=actor_of(scene.reviewer), at=scene.now)
    ids = [row.id for row in payments.orders(None)]
    told = {"order_ids": ids, "approver": scene.head, "by": scene.reviewer, "at": scene.now}
    first = actions.submit_payments(**told)
    seen = draft_for(scene.head, first, scene.now)
    return_draft(
        draft_id=first, by=scene.head, at=scene.now, seen_sha256=seen.content_sha256, edition=seen.edition,
        comment="予定日を確かめてください",
    )  # fmt: skip
    assert actions.submit_payments(**told) == first
    decided(scene, first)
    assert payments.orders(None)[0].state == OrderState.APPROVED


def test_a_refusal_costs_nothing_and_says_why(scene: Hall) -> None:
    case = accepted(scene)
    told = {
        "slug": SLUG,
        "appropriation_id": scene.budget,
        "approver": scene.head,
        "by": scene.reviewer,
        "at": scene.now,
    }
    with pytest.raises(WhyRefused):
        actions.submit_grants(choices=[Choice(case.pk, Outcome.REFUSED)], **told)
    choice = Choice(case.pk, Outcome.REFUSED, "手術の日から60日を過ぎています（要綱第4条）。")
    decided(scene, actions.submit_grants(choices=[choice], **told))
    case.refresh_from_db()
    assert (case.outcome, case.outcome_facts["sentences"]) == (Outcome.REFUSED, [choice.reason])
    assert payments.commitment_about(about(case)) is None
    with pytest.raises(NotGranted):
        actions.claim(number=case.number, by=actor_of(scene.reviewer), at=scene.now)


def test_controls_stand_in_the_way_and_are_kept(scene: Hall) -> None:
    case = accepted(scene)
    late = accepted(scene, 1, days_ago=70, cat_name="おそい")
    with pytest.raises(ControlsOpen, match="手術日が当該年度内で申請期限内"):
        draft(scene, case, late)
    assert stage_of(case) == Stage.ACCEPTED
    from madoguchi.clerical.controls.models import Finding

    assert set(Finding.objects.filter(state="open").values_list("key", flat=True)) == {"ic09_deadline"}
    decided(scene, draft(scene, case))


def test_who_is_no_creditor_cannot_be_granted(scene: Hall) -> None:
    case = accepted(scene)
    creditors("K1,1,例,レイ,9999,997,普通,0123456,レイ\n", scene.now, as_of=scene.now.date())
    with pytest.raises(NoCreditor, match="債権者の登録"):
        draft(scene, case)


def test_only_accepted_cases_of_the_section_are_taken(scene: Hall) -> None:
    case = accepted(scene)
    decided(scene, draft(scene, case))
    with pytest.raises(NotAccepted):
        draft(scene, case)


def paid(scene: Hall, case: Application) -> None:
    listed(scene, case, "ic28_accounting", ("claim", "decision", "payee"), scene.payer)


def test_claim_order_and_file(scene: Hall) -> None:
    cases = [accepted(scene, who, cat_name=f"ねこ{who}") for who in range(2)]
    decided(scene, draft(scene, *cases))
    numbers = [actions.claim(number=case.number, by=actor_of(scene.reviewer), at=scene.now) for case in cases]
    assert actions.claim(number=cases[0].number, by=actor_of(scene.reviewer), at=scene.now) == numbers[0]
    rows = payments.orders(None)
    assert {(row.due_on - row.claimed_on).days <= 30 for row in rows} == {True}
    draft_id = actions.submit_payments(
        order_ids=[row.id for row in rows], approver=scene.head, by=scene.reviewer, at=scene.now
    )
    with pytest.raises(NothingToPay):
        actions.export_payments(press=uuid.uuid4(), by=scene.payer, at=scene.now)
    decided(scene, draft_id)
    assert {row.state for row in payments.orders(None)} == {OrderState.APPROVED}
    with pytest.raises(ControlsOpen, match="会計課の審査"):
        actions.export_payments(press=uuid.uuid4(), by=scene.payer, at=scene.now)
    press = uuid.uuid4()
    paid(scene, cases[0])
    first = actions.export_payments(press=press, by=scene.payer, at=scene.now)
    assert [number for number, _ in first.held] == [numbers[1]]
    assert actions.export_payments(press=press, by=scene.payer, at=scene.now).files == first.files
    paid(scene, cases[1])
    second = actions.export_payments(press=uuid.uuid4(), by=scene.payer, at=scene.now)
    bodies = [
        fetch_payment_file(file_id=made, by=scene.payer, at=scene.now).body
        for made in (*first.files, *second.files)
    ]
    told = [row for body in bodies for row in csv.DictReader(io.StringIO(body.decode("utf-8-sig")))]
    assert [row["命令番号"] for row in told] == numbers
    assert (
        sum(int(row["命令額"]) for row in told)
        == payments.appropriation(scene.budget, None).committed
        == 10_000
    )


def test_the_resident_claims_after_the_letter_and_nobody_elses(scene: Hall) -> None:
    case = accepted(scene)
    decided(scene, draft(scene, case))
    with pytest.raises(NotFound):
        actions.claim(number=case.number, by=Actor("resident", str(uuid.uuid4()), "別の人"), at=scene.now)


def test_letters_carry_the_amount_and_the_instruction(scene: Hall) -> None:
    case = accepted(scene)
    decided(scene, draft(scene, case))
    batch = Batch.objects.get()
    release_id = actions.order_letters(batch.pk, by=scene.reviewer, at=scene.now)
    prepare_chunk(batch_id=batch.pk, release_id=release_id, ids=[case.pk], at=scene.now)
    letter = Letter.objects.get()
    assert letter.title == "猫の去勢・不妊手術費補助金交付決定通知書"
    assert "交付決定額：5,000円" in letter.text
    assert "審査請求" in letter.text
    assert "手術の日：令和8年11月11日" in letter.text
    release_all(release_id=release_id, by=scene.reviewer, at=scene.now)
    assert prepare_chunk(batch_id=batch.pk, release_id=release_id, ids=[case.pk], at=scene.now) == 0


def test_an_application_taken_back_gets_its_letter_once_and_needs_no_decision(scene: Hall) -> None:
    kept, gone = accepted(scene), handed_in(scene, 1, cat_name="取下げ")
    withdraw(number=gone.number, by=actor_of(scene.reviewer), at=scene.now, reason="手術をしなかった")
    assert [case.number for case in waiting_for_their_letter(SLUG, None)] == [gone.number]
    assert actions.order_withdrawal_letters(slug=SLUG, by=scene.reviewer, at=scene.now) == 1
    letter = Letter.objects.get()
    assert (letter.kind, letter.subject_id) == ("withdrawn", str(gone.pk))
    assert letter.title == "猫の去勢・不妊手術費補助金申請取下確認通知書"
    assert "取下げの申出を受け付けました" in letter.text
    assert gone.number in letter.text
    assert "審査請求" not in letter.text, "nothing was decided"
    with pytest.raises(NothingChosen):
        actions.order_withdrawal_letters(slug=SLUG, by=scene.reviewer, at=scene.now)
    assert release_all(release_id=letter.release_id, by=scene.reviewer, at=scene.now).released_at
    assert stage_of(kept) == Stage.ACCEPTED
    with pytest.raises(NotAllowed):
        actions.order_withdrawal_letters(slug=SLUG, by=scene.payer, at=scene.now)


def test_a_package_without_such_a_letter_sends_none(scene: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = handed_in(scene)
    withdraw(number=gone.number, by=actor_of(scene.reviewer), at=scene.now)
    outcomes = scene.loaded.package.flow.outcomes
    bare = {key: each for key, each in outcomes.items() if key != "withdrawn"}
    flow = replace(scene.loaded.package.flow, outcomes=bare)
    loaded = replace(scene.loaded, package=replace(scene.loaded.package, flow=flow))
    monkeypatch.setattr("madoguchi.services.subsidies.withdrawals.package_of", lambda _: loaded)
    assert waiting_for_their_letter(SLUG, None) == []


def test_a_document_exchanged_after_the_draft_stops_the_payment(scene: Hall) -> None:
    from madoguchi.ledgers.documents.actions import keep_file
    from madoguchi.ledgers.office.trace import SYSTEM

    case = accepted(scene)
    decided(scene, draft(scene, case))
    actions.claim(number=case.number, by=actor_of(scene.reviewer), at=scene.now)
    ids = [row.id for row in payments.orders(None)]
    decided(
        scene, actions.submit_payments(order_ids=ids, approver=scene.head, by=scene.reviewer, at=scene.now)
    )
    paid(scene, case)
    keep_file(name="別の領収書.pdf", body=b"%PDF-1.4 x", owner=about(case), by=SYSTEM, at=scene.now)
    with pytest.raises(ControlsOpen, match="書類が変わっています"):
        actions.export_payments(press=uuid.uuid4(), by=scene.payer, at=scene.now)
