"""The trial of next year's version over the decided cases of last year: old and new total, and the row that changed."""

from datetime import datetime
from typing import Any

from madoguchi.ledgers.office.actions import actor_of, grant_role
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.trace import SYSTEM
from madoguchi.ledgers.procedures.actions import put_in_use
from madoguchi.ledgers.procedures.publishing import import_draft
from madoguchi.services.applications import actions
from madoguchi.services.applications.dry_running import latest_run, population
from madoguchi.services.applications.models import Application, DryRunCase
from madoguchi.services.applications.states import CaseGroup, CheckResult, Outcome
from madoguchi.services.applications.views import Decided
from tests.factories_applications import received
from tests.factories_years import last_years_package, raw_of, shipped

HERE = "/desk/procedures/hoiku/2026-04/trial/"


def decided(loaded: Any, reviewer: Any, at: datetime, **typed: str) -> str:
    """One case of last year from its receipt to its decision; the number."""
    raw = raw_of("hoiku", mother_days="8", mother_end=typed.pop("mother_end", "15:00"), **typed)
    receipt = received(loaded, at, raw=raw, period_code="2026-04")
    case = Application.objects.get(number=receipt.number)
    for check in case.checks.filter(result=CheckResult.LOOK):
        actions.settle_check(number=case.number, code=check.code, by=reviewer, at=at, reason="確かめた")
    edition = Application.objects.get(number=case.number).edition
    actions.accept(number=case.number, by=reviewer, at=at, edition=edition)
    actions.put_under_decision(application_ids=[case.pk], by=actor_of(reviewer), at=at)
    actions.decide_many(decided=[Decided(case.pk, Outcome.GRANTED, {})], by=actor_of(reviewer), at=at)
    return str(case.number)


def test_last_years_cases_tell_who_changes_and_why(desk_of: Any, now: datetime) -> None:
    at = now.replace(year=2025)
    old = put_in_use(last_years_package("hoiku"), by=SYSTEM, at=at)
    desk = desk_of(Role.REVIEWER)
    grant_role(staff=desk.staff, role=Role.REVIEWER, on=at.date(), by=SYSTEM, at=at)
    short = decided(old, desk.staff, at)
    teacher = {"guardians-1-works_at_nursery": "yes"}
    worker = decided(old, desk.staff, at, child_name__given="はるか", mother_end="17:00", **teacher)
    same = decided(old, desk.staff, at, child_name__given="みのり", mother_end="17:00")
    version_id = import_draft(shipped("hoiku"), by=SYSTEM, at=now).version_id
    actions.start_dry_run(version_id=version_id, by=desk.staff, at=now)
    run = latest_run(version_id)
    assert run is not None
    ids = list(population("hoiku").values_list("pk", flat=True))
    actions.try_chunk(run_id=run.pk, ids=ids, at=now)

    told = {
        row.application.number: row
        for row in DryRunCase.objects.filter(run=run).select_related("application")
    }
    assert {row.group for row in told.values()} == {CaseGroup.BEFORE}
    assert told[short].told["score"] == [
        "27／27・27・27", "28／28・28・28", "H-B07a g2.1：7→なし", "H-B07b g2.1：なし→8",
    ]  # fmt: skip
    assert told[worker].told["score"] == [
        "30／33・33・33", "30／35・35・35", "H-A20a c：3→なし", "H-A20b c：なし→5",
    ]  # fmt: skip
    assert not told[same].differs

    page = desk.get(HERE + "?what=score&group=before").content.decode()
    for words in (
        "27／27・27・27 → 28／28・28・28",
        "H-B07b g2.1：なし→8",
        "H-A20a c：3→なし",
        short,
        worker,
    ):
        assert words in page
    assert same not in page
    csv = desk.post(HERE, {"purpose": "来年度の表の試算"}).content.decode()
    assert all(words in csv for words in (short, worker, "30／33・33・33 → 30／35・35・35"))
