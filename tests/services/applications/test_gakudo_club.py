"""The shipped after-school clubs through the intake: their own examples, and papers nobody could read."""

import uuid
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.trace import SYSTEM
from madoguchi.ledgers.procedures.actions import load_package
from madoguchi.ledgers.procedures.score_sheet import ScoreSheet
from madoguchi.services.applications import access, actions
from madoguchi.services.applications.actions import Order, receive_many
from madoguchi.services.applications.models import Application, Check
from madoguchi.services.applications.states import Channel, CheckResult

FOLDER = Path(settings.PACKAGES_DIR) / "gakudo-club" / "2026-04"


@pytest.fixture
def clubs(section: Any, now: datetime) -> Any:
    return load_package(FOLDER, by=SYSTEM, at=now)


def order_of(clubs: Any, example: Any, channel: Channel = Channel.COUNTER) -> Order:
    at = datetime(
        example.on.year, example.on.month, example.on.day, 10, tzinfo=timezone.get_default_timezone()
    )
    raw = {name: list(values) for name, values in example.raw.items()}
    return Order(
        clubs.version_id, example.period, raw, channel, SYSTEM, at, uuid.uuid4(), facts=dict(example.facts)
    )


def test_every_example_is_received_read_checked_and_scored(clubs: Any) -> None:
    examples = clubs.package.examples
    receipts = list(receive_many(order_of(clubs, example) for example in examples))
    assert len(receipts) == len(examples) > 3
    for receipt, example in zip(receipts, examples, strict=True):
        application = Application.objects.get(number=receipt.number)
        assert application.number.startswith(clubs.package.number_prefix)
        assert application.checks_run >= 3
        sheet = ScoreSheet.from_json(application.score_sheet)
        if sheet.eligible and application.first_wish:
            assert application.score == sheet.totals[application.first_wish]
        if "base" in example.score:
            assert (example.name, sheet.base) == (example.name, Decimal(str(example.score["base"])))
        if "total" in example.score:
            assert (example.name, application.score) == (example.name, Decimal(str(example.score["total"])))


def test_an_application_without_an_error_has_a_person_and_wishes(clubs: Any) -> None:
    good = [example for example in clubs.package.examples if not example.errors]
    for receipt in list(receive_many(order_of(clubs, example) for example in good)):
        application = Application.objects.get(number=receipt.number)
        assert application.person_key
        assert application.person_kana
        assert application.applicant_name
        assert application.first_wish
        assert application.facts["household_key"]


def test_a_blank_and_a_garbled_paper_are_received(clubs: Any, now: datetime) -> None:
    example = clubs.package.examples[0]
    garbled = {name: ["＠＠＠"] for name in example.raw}
    for raw in ({}, garbled):
        order = replace(order_of(clubs, example, Channel.PAPER), raw=raw, facts={})
        (receipt,) = receive_many([order])
        check = Check.objects.get(application_id=receipt.application_id, code="complete")
        assert check.result == CheckResult.LOOK


def test_a_correction_keeps_both_scores(clubs: Any, staff_with: Any, now: datetime) -> None:
    reviewer = staff_with(Role.REVIEWER)
    example = next(
        each for each in clubs.package.examples if not each.errors and "guardians-1-end" in each.raw
    )
    (receipt,) = receive_many([order_of(clubs, example)])
    before = Application.objects.get(number=receipt.number)
    actions.ask_correction(
        number=receipt.number,
        by=reviewer,
        at=now,
        edition=1,
        fields=["guardians-1-days_month"],
        message="証明書の日数に直してください。",
        due_on=now.date(),
    )
    actions.answer_correction(
        number=receipt.number, by=SYSTEM, at=now, raw={"guardians-1-days_month": ["12"]}
    )
    case = access.application_for(reviewer, receipt.number, at=now, purpose="審査")
    (correction,) = case.corrections
    assert (correction.score_before, correction.score_after) == (before.score, case.score)
    assert correction.score_after is not None
    assert correction.score_before is not None
    assert correction.score_after < correction.score_before
    ((field, old, new),) = correction.changes
    assert (field, len(old)) == ("guardians", len(new))
    assert Decimal(new[1]["days_month"]) == 12
