"""職員が入れる事実: entered with its source, traced, and everything that follows is worked out again."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from madoguchi.common.errors import Refusal
from madoguchi.ledgers.office.actions import actor_of
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.procedures.queries import package_of
from madoguchi.services.applications.corrections import read_again, renew
from madoguchi.services.applications.errors import ReasonMissing, WrongStage
from madoguchi.services.applications.fact_rules import (
    StaffFactRule,
    in_words,
    read_value,
    staff_facts,
    with_fact,
)
from madoguchi.services.applications.intake import WORKED_OUT_COLUMNS
from madoguchi.services.applications.models import Application, StaffFact
from madoguchi.services.applications.moving import keep, mark, same_person, take
from madoguchi.services.applications.people import require, seen_by
from madoguchi.services.applications.reading import REGISTRY_CHECK, read_case
from madoguchi.services.applications.rules import spoken
from madoguchi.services.applications.states import OPEN, Stage

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff


class FactRefused(Refusal):
    code = "applications.fact_refused"


@transaction.atomic
def enter_fact(
    *,
    number: str,
    key: str,
    value: str,
    source: str,
    dated_on: date,
    by: "Staff",
    at: datetime,
    edition: int,
    staff_seconds: int | None = None,
) -> None:
    """Enter a fact (empty: take it away), with where it comes from and of which day; score and checks follow.

    Points and waivers that the tables put in a superior's hands need 決裁する; other facts 審査する.
    """
    rule, application = _allowed(number, key, by, at, edition)
    known, said = _read(rule, value), spoken(source, 300)
    if not said:
        raise ReasonMissing
    if dated_on > timezone.localdate(at):
        raise FactRefused(
            "基準日が先の日付です。", next_step="いつ現在の事実かを、今日までの日付で入れてください。"
        )
    before = application.score
    _keep(application, rule, known, said, dated_on, by, at)
    work_out_again(application, with_fact(application.facts, rule.name, rule.row, known))
    keep(application, ["raw", *WORKED_OUT_COLUMNS], at=at)
    mark(
        application,
        "fact_entered",
        actor_of(by),
        at=at,
        step="facts",
        staff_seconds=staff_seconds,
        fact=rule.key,
        label=rule.label,
        value=in_words(known),
        reason=said,
        dated_on=dated_on.isoformat(),
        score_before=_told(before),
        score_after=_told(application.score),
    )


def _allowed(
    number: str, key: str, by: "Staff", at: datetime, edition: int
) -> tuple[StaffFactRule, Application]:
    held = require(by, Power.SEE_CASES, at=at)
    application = take(number, among=seen_by(by, at, held=held), edition=edition)
    package = package_of(application.version_id).package
    rules = staff_facts(package, application.answers, timezone.localdate(at))
    rule = next((each for each in rules if each.key == key), None)
    if rule is None:
        raise NotFound("事実")
    require(by, Power.APPROVE if rule.approver else Power.REVIEW_CASES, at=at)
    if Stage(application.stage) not in OPEN - {Stage.DECIDING}:
        raise WrongStage(application.number, Stage(application.stage), "事実を入れる")
    return rule, application


def _read(rule: StaffFactRule, value: str) -> Any:
    try:
        return read_value(rule, value)
    except ValueError as wrong:
        raise FactRefused(str(wrong), next_step="表の決まりを確かめて、入れ直してください。") from wrong


def _keep(
    application: Application,
    rule: StaffFactRule,
    value: Any,
    source: str,
    dated_on: date,
    by: "Staff",
    at: datetime,
) -> None:
    """The former value stays in the table as history; only one stands."""
    rows = StaffFact.objects.filter(application=application, name=rule.name, row=rule.row)
    rows.filter(replaced_at__isnull=True).update(replaced_at=at)
    if value is not None:
        StaffFact.objects.create(
            application=application,
            name=rule.name,
            row=rule.row,
            value=value,
            source=source,
            dated_on=dated_on,
            entered_by=by,
            entered_at=at,
        )


def work_out_again(
    application: Application, facts: dict[str, Any], raw: dict[str, list[str]] | None = None
) -> None:
    """Answers, checks and score anew with these facts (and these inputs); the caller keeps the application."""
    application.facts = facts
    typed = application.raw if raw is None else raw
    answered = read_again(application, typed)
    asked = application.checks.filter(code=REGISTRY_CHECK.code).exists()
    case = read_case(answered, same_person(application, answered.person.key), ask_registry=asked)
    renew(application, case, typed)


def _told(score: Any) -> str:
    return "" if score is None else str(score)
