"""Counts, exceptions, subscriptions, samples and evidence; and that none of it reaches a case."""

import ast
import csv
import hashlib
import io
import json
import random
import uuid
import zipfile
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.clerical.controls import access, actions, bells, overseeing
from madoguchi.clerical.controls.errors import NothingToDraw, ReasonMissing
from madoguchi.clerical.controls.models import ControlSample, SampledCase
from madoguchi.clerical.controls.overseeing import FindingFilters
from madoguchi.clerical.controls.sampling import (
    Candidate,
    Traits,
    Weights,
    drawn,
    high_amount,
    list_sha256,
    weighed,
)
from madoguchi.clerical.controls.states import SampleKind, SampleResult
from madoguchi.clerical.notices.models import QueuedMail
from madoguchi.ledgers.office import actions as office
from madoguchi.ledgers.office.errors import NotAllowed, NotFound
from madoguchi.ledgers.office.models import ProtectedSubject
from madoguchi.ledgers.office.queries import trace_of
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.session import full_sight
from madoguchi.ledgers.office.trace import Subject
from madoguchi.ledgers.procedures.controls import ControlStep

ROOM = Path(actions.__file__).parent
APPLYING = (ControlStep.APPLICATION,)
CASES = st.lists(
    st.tuples(st.sampled_from("ab"), st.integers(1, 99), st.integers(0, 9)), unique_by=lambda each: each[:2]
)


def listed(told: list[tuple[str, int, int]]) -> list[Candidate]:
    return [Candidate(kind, str(key), "", points) for kind, key, points in told]


@pytest.fixture
def auditor(staff_with: Any) -> Any:
    return staff_with(Role.AUDITOR, login="kansa")


@pytest.fixture
def accountant(staff_with: Any) -> Any:
    return staff_with(Role.ACCOUNTANT, login="kaikei")


def draw(by: Any, at: datetime, **changed: Any) -> Any:
    given: dict[str, Any] = {"sample_id": uuid.uuid4(), "kind": SampleKind.RANDOM, "since": date(2026, 11, 1)}
    given |= {"until": date(2026, 11, 30), "seed": "さいころ 4 2 6"} | changed
    return actions.draw_sample(**given, by=by, at=at)


def many(check: Any, count: int, **changed: Any) -> None:
    for number in range(1, count + 1):
        facts = {name: value(number) for name, value in changed.items()}
        check(steps=APPLYING, subject=Subject("test.matter", str(number)), label=f"SA{number}", **facts)


@given(CASES, st.text(min_size=1, max_size=9), st.integers(1, 20), st.randoms())
def test_a_seed_draws_the_same_whatever_the_order(
    told: list[tuple[str, int, int]], seed: str, size: int, mixed: random.Random
) -> None:
    for kind in SampleKind:
        here = listed(told)
        first = drawn(here, kind, seed, size)
        mixed.shuffle(here)
        assert drawn(here, kind, seed, size) == first
        assert len(first) == min(
            size, len([each for each in here if each.points or kind == SampleKind.RANDOM])
        )


@given(CASES, st.integers(1, 20))
def test_a_risk_sample_takes_the_most_points(told: list[tuple[str, int, int]], size: int) -> None:
    here = listed(told)
    taken = drawn(here, SampleKind.RISK, "s", size)
    left = [each.points for each in here if each not in taken]
    assert all(each.points >= max(left, default=0) for each in taken)


def test_every_case_is_drawn_about_as_often() -> None:
    here = listed([("a", key, 0) for key in range(20)])
    hits = [drawn(here, SampleKind.RANDOM, str(seed), 5) for seed in range(2000)]
    often = [sum(each in hit for hit in hits) for each in here]
    assert min(often) > 400
    assert max(often) < 600


def test_a_ticket_can_be_worked_out_elsewhere() -> None:
    """As docs/how-to/audit.md tells it: SHA-256 over seed, hash of the list, kind and key, a line each."""
    here = listed([("m", 1, 0), ("m", 2, 0), ("m", 3, 0)])
    hashed = hashlib.sha256(b"m\t1\t0\nm\t2\t0\nm\t3\t0").hexdigest()
    assert hashed == list_sha256(here)
    tickets = {key: hashlib.sha256(f"seed\n{hashed}\nm\n{key}".encode()).hexdigest() for key in "123"}
    assert drawn(here, SampleKind.RANDOM, "seed", 1)[0].id == min(tickets, key=lambda key: tickets[key])


def test_weights_add_up_with_their_reasons() -> None:
    weights = Weights(high_amount_from=5000)
    told = weighed(Traits("m", "1", "", amount=5000, days_left=5, override_used=True), weights)
    assert (told.points, told.reasons) == (9, ("高額 3", "期限間際 2", "例外を使用 4"))
    assert weighed(Traits("m", "1", ""), weights).points == 0
    assert high_amount(range(1, 101)) == 91
    assert high_amount([]) is None
    assert high_amount([3000] * 38 + [4000] * 2) == 4000
    assert high_amount([3000] * 40) is None


def test_the_catalogue_counts_what_its_lists_show(check: Any, auditor: Any, now: datetime) -> None:
    many(check, 4, seikyu_money=lambda number: 3000 + number % 2)
    check(steps=APPLYING, subject=Subject("test.matter", "9"), creditor_registered=None)
    told = overseeing.counts(auditor, now)
    assert (told["sample", "ic01"].runs, told["sample", "ic01"].passed, told["sample", "ic01"].open) == (
        5,
        3,
        2,
    )
    assert told["sample", "ic11"].not_run == 1
    wanted = FindingFilters(procedure="sample", key="ic01", state="open", result="violated")
    assert overseeing.findings_matching(auditor, wanted, now).count() == 2
    assert overseeing.runs_matching(auditor, "sample", "ic01", "passed", now).count() == 3


def other_section() -> Any:
    return office.set_up_section(
        code="zeimu", fiscal_year=2026, name="税務課", symbol="サ税", phone="000-0000-0199"
    )


def test_a_head_sees_the_own_section_only(check: Any, staff_with: Any, auditor: Any, now: datetime) -> None:
    head = staff_with(Role.SECTION_HEAD, login="kacho")
    (own,) = check(steps=APPLYING, seikyu_money=4000)
    elsewhere = Subject("test.matter", "2")
    (other,) = check(steps=APPLYING, seikyu_money=4000, subject=elsewhere, section_id=other_section().pk)
    assert [row.pk for row in overseeing.findings_matching(head, FindingFilters(), now)] == [own.id]
    assert overseeing.findings_matching(auditor, FindingFilters(), now).count() == 2
    assert overseeing.counts(head, now)["sample", "ic01"].runs == 1
    with pytest.raises(NotFound):
        access.finding_for(head, other.id, now)


def test_looking_at_an_exception_leaves_a_trace(
    check: Any, auditor: Any, staff_with: Any, now: datetime
) -> None:
    (found,) = check(steps=APPLYING, seikyu_money=4000)
    assert access.finding_for(auditor, found.id, now).key == "ic01"
    line = trace_of(Subject("test.matter", "1")).last()
    assert line is not None
    assert (line.verb, line.purpose) == ("controls.looked_at", "内部統制")
    with pytest.raises(NotFound):
        access.finding_for(staff_with(Role.IT_ADMIN), found.id, now)


def test_a_sample_is_kept_with_seed_and_list_and_repeats(check: Any, auditor: Any, now: datetime) -> None:
    many(check, 30)
    key = draw(auditor, now)
    view = overseeing.sample_of(auditor, key, now)
    assert view is not None
    assert (len(view.items), view.listed, view.repeats, view.waiting) == (10, 30, True, 10)
    again = draw(auditor, now)
    other = overseeing.sample_of(auditor, again, now)
    assert other is not None
    assert [each.label for each in other.items] == [each.label for each in view.items]
    assert draw(auditor, now, sample_id=key) == key
    assert ControlSample.objects.count() == 2


def test_a_list_that_was_tampered_with_repeats_no_more(check: Any, auditor: Any, now: datetime) -> None:
    many(check, 12)
    key = draw(auditor, now)
    SampledCase.objects.filter(sample_id=key, place__isnull=True).first().delete()  # type: ignore[union-attr]
    view = overseeing.sample_of(auditor, key, now)
    assert view is not None
    assert not view.repeats


def test_a_seed_is_made_where_none_is_given(check: Any, accountant: Any, now: datetime) -> None:
    many(check, 3)
    draw(accountant, now, seed=" ")
    assert len(ControlSample.objects.get().seed) == 32


def test_a_risk_sample_shows_its_weights(check: Any, auditor: Any, staff_with: Any, now: datetime) -> None:
    head = staff_with(Role.SECTION_HEAD, login="kacho")
    many(check, 20, seikyu_money=lambda number: 100 * number)
    (found,) = check(steps=APPLYING, subject=Subject("test.matter", "1"), label="SA1", arrears_months=2)
    actions.override(finding_id=found.id, by=head, reason="分納中", at=now)
    view = overseeing.sample_of(auditor, draw(auditor, now, kind=SampleKind.RISK), now)
    assert view is not None
    assert [(each.label, each.points) for each in view.items] == [("SA1", 7), ("SA20", 3)]
    assert view.sample.weights["high_amount_from"] == 2000
    assert view.items[0].reasons == ["高額 3", "例外を使用 4"]


def test_nothing_to_draw_is_said(auditor: Any, section: Any, now: datetime) -> None:
    with pytest.raises(NothingToDraw):
        draw(auditor, now)


def test_each_look_is_written_down(check: Any, auditor: Any, now: datetime) -> None:
    many(check, 3)
    key = draw(auditor, now)
    first, second, _ = SampledCase.objects.filter(sample_id=key).order_by("place")
    judge = {"sample_id": key, "by": auditor, "at": now}
    actions.judge_sampled(**judge, item_id=first.pk, result=SampleResult.OK, note="")
    with pytest.raises(ReasonMissing):
        actions.judge_sampled(**judge, item_id=second.pk, result=SampleResult.FAILED, note=" ")
    actions.judge_sampled(**judge, item_id=second.pk, result=SampleResult.FAILED, note="領収書の日付が違う")
    about = Subject(second.subject_kind, second.subject_id)
    assert overseeing.sample_failed(about, SampleKind.RANDOM)
    assert not overseeing.sample_failed(about, SampleKind.RISK)
    with pytest.raises(NotFound):
        actions.judge_sampled(
            **(judge | {"sample_id": uuid.uuid4()}), item_id=first.pk, result=SampleResult.OK, note=""
        )


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.AUDITOR, Role.ACCOUNTANT)])
def test_only_audit_and_accounting_draw_and_export(
    check: Any, staff_with: Any, now: datetime, role: Role
) -> None:
    by = staff_with(role)
    with pytest.raises(NotAllowed):
        draw(by, now)
    with pytest.raises(NotAllowed):
        actions.export_findings(filters=FindingFilters(), kind="csv", purpose="監査", by=by, at=now)
    with pytest.raises(NotAllowed):
        actions.export_sample(sample_id=uuid.uuid4(), purpose="監査", by=by, at=now)


def unpacked(body: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(body)) as file:
        return {name: file.read(name) for name in file.namelist()}


def sums_of(files: dict[str, bytes]) -> None:
    told = dict(reversed(line.split("  ", 1)) for line in files["manifest.sha256"].decode().splitlines())
    assert told == {
        name: hashlib.sha256(body).hexdigest() for name, body in files.items() if name != "manifest.sha256"
    }


def test_evidence_carries_facts_sources_times_people_and_sums(
    check: Any, auditor: Any, staff_with: Any, now: datetime
) -> None:
    head = staff_with(Role.SECTION_HEAD, login="kacho")
    (found,) = check(steps=APPLYING, arrears_months=2)
    actions.override(finding_id=found.id, by=head, reason="=分納中", at=now)
    asked: dict[str, Any] = {"filters": FindingFilters(), "purpose": "定期監査", "by": auditor, "at": now}
    files = unpacked(actions.export_findings(**asked, kind="zip"))
    sums_of(files)
    (line,) = json.loads(files["findings.json"])
    assert line["facts"]["facts.arrears_months"]["value"] == 2
    assert line["override"]["reason"] == "=分納中"
    text = actions.export_findings(**asked, kind="csv").decode("utf-8-sig")
    row = next(iter(csv.DictReader(io.StringIO(text))))
    assert row["例外を認めた人"] == head.name
    assert not row["理由"].startswith("=")
    assert "滞納の月数＝2（市の記録" in row["見た事実"]
    assert json.loads(files["about.json"])["purpose"] == "定期監査"


def test_the_evidence_of_a_sample_lets_anybody_draw_again(check: Any, auditor: Any, now: datetime) -> None:
    many(check, 15, seikyu_money=lambda number: 3000 + number % 2)
    files = unpacked(actions.export_sample(sample_id=draw(auditor, now), purpose="月次", by=auditor, at=now))
    sums_of(files)
    about = json.loads(files["sample.json"])
    assert hashlib.sha256(files["list.tsv"]).hexdigest() == about["list_sha256"]
    rows = [line.split("\t") for line in files["list.tsv"].decode().splitlines()]
    tickets = sorted(
        (
            hashlib.sha256("\n".join([about["seed"], about["list_sha256"], kind, key]).encode()).hexdigest(),
            f"SA{key}",
        )
        for kind, key, _ in rows
    )
    drawn_ = list(csv.DictReader(io.StringIO(files["sample.csv"].decode("utf-8-sig"))))
    assert [row["件"] for row in drawn_] == [label for _, label in tickets[:10]]


def test_sensitive_answers_are_withheld_from_evidence(
    check: Any, version: Any, auditor: Any, now: datetime
) -> None:
    from dataclasses import replace

    withheld = replace(version.package.controls, sensitive=frozenset({"sex"}))
    check(steps=APPLYING, seikyu_money=4000, controls=withheld)
    body = actions.export_findings(filters=FindingFilters(), kind="zip", purpose="監査", by=auditor, at=now)
    for name, content in unpacked(body).items():
        assert "オス" not in content.decode().replace("請求額がオス3,000円以内", ""), name


def test_subscribers_are_told_once_an_hour(check: Any, auditor: Any, now: datetime) -> None:
    auditor.email = "kansa@example.jp"
    auditor.save()
    actions.subscribe(procedure="sample", key="ic01", by=auditor, at=now)
    actions.subscribe(procedure="", key="", by=auditor, at=now)
    many(check, 3, seikyu_money=lambda number: 4000)
    (mail,) = QueuedMail.objects.all()
    assert (mail.address, "オス3,000円以内" in mail.subject, "SA1" in mail.body) == (
        "kansa@example.jp",
        True,
        True,
    )
    check(steps=APPLYING, seikyu_money=4100, subject=Subject("test.matter", "8"), at=now + timedelta(hours=1))
    assert QueuedMail.objects.count() == 2


def test_nobody_is_told_of_what_they_could_not_see(check: Any, staff_with: Any, now: datetime) -> None:
    for role in (Role.SECTION_HEAD, Role.AUDITOR):
        reader = staff_with(role)
        reader.email = f"{role}@example.jp"
        reader.save()
        actions.subscribe(procedure="", key="", by=reader, at=now)
    check(steps=APPLYING, seikyu_money=4000, section_id=other_section().pk)
    assert [mail.address for mail in QueuedMail.objects.all()] == ["auditor@example.jp"]


def test_a_subscription_ends_and_belongs_to_its_owner(auditor: Any, accountant: Any, now: datetime) -> None:
    key = actions.subscribe(procedure="", key="", by=auditor, at=now)
    assert actions.subscribe(procedure="", key="", by=auditor, at=now) == key
    with pytest.raises(NotFound):
        actions.unsubscribe(subscription_id=key, by=accountant, at=now)
    actions.unsubscribe(subscription_id=key, by=auditor, at=now)
    assert overseeing.subscriptions_of(auditor) == []


@pytest.fixture
def hidden(check: Any, now: datetime, settings: Any) -> Subject:
    """A case that a protection unit hides, with an exception, beside one that is open to all."""
    subject = Subject("test.matter", "77")
    with full_sight():
        mark_hidden(subject)
    check(steps=APPLYING, seikyu_money=4000, subject=subject, label="SA77")
    check(steps=APPLYING, seikyu_money=4000, label="SA1")
    return subject


def mark_hidden(subject: Subject) -> None:
    ProtectedSubject.objects.create(kind=subject.kind, subject_id=subject.id, unit=1)


def test_protected_people_are_in_no_list_and_no_count(hidden: Subject, auditor: Any, now: datetime) -> None:
    assert overseeing.counts(auditor, now)["sample", "ic01"].open == 1
    assert [row.case.label for row in overseeing.findings_matching(auditor, FindingFilters(), now)] == ["SA1"]
    view = overseeing.sample_of(auditor, draw(auditor, now), now)
    assert view is not None
    assert [each.label for each in view.items] == ["SA1"]
    body = actions.export_findings(filters=FindingFilters(), kind="csv", purpose="監査", by=auditor, at=now)
    assert "SA77" not in body.decode("utf-8-sig")
    with full_sight():
        assert overseeing.counts(auditor, now)["sample", "ic01"].open == 2


def test_a_hidden_case_is_stopped_all_the_same(hidden: Subject, version: Any) -> None:
    from madoguchi.clerical.controls.errors import ControlsOpen

    with pytest.raises(ControlsOpen, match="オス3,000円以内"):
        actions.require_clear(hidden, version.package.controls, APPLYING)


def test_subscribers_without_the_right_are_not_told_of_protected_people(
    check: Any, auditor: Any, now: datetime
) -> None:
    auditor.email = "kansa@example.jp"
    auditor.save()
    actions.subscribe(procedure="", key="", by=auditor, at=now)
    subject = Subject("test.matter", "77")
    with full_sight():
        mark_hidden(subject)
    check(steps=APPLYING, seikyu_money=4000, subject=subject, label="SA77")
    assert not QueuedMail.objects.exists()


def test_the_room_knows_no_cases() -> None:
    """Nothing here can reach a case: no room above is imported, not even for types."""
    names = {
        name
        for file in ROOM.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        for name in (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [each.name for each in node.names]
            if isinstance(node, ast.Import)
            else []
        )
    }
    house = {name for name in names if name.startswith("madoguchi.")}
    allowed = ("madoguchi.clerical.controls", "madoguchi.ledgers.", "madoguchi.common.")
    assert {name for name in house if not name.startswith(allowed)} == set()


def test_the_bell_is_the_only_way_out() -> None:
    assert bells.found.answers == ("madoguchi.services.subscriptions.actions.tell_subscribers",)
