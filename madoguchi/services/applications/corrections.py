"""補正 and 取下げ. The applicant has the case for a while, or takes it back."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from madoguchi.ledgers.documents.actions import keep_file
from madoguchi.ledgers.documents.queries import documents_of
from madoguchi.ledgers.documents.views import DocumentView
from madoguchi.ledgers.office.actions import actor_of
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.trace import Actor
from madoguchi.ledgers.procedures.queries import package_of
from madoguchi.services.applications.casefacts import given_facts
from madoguchi.services.applications.clocks import go_on, stop
from madoguchi.services.applications.errors import (
    AnswersIncomplete,
    CorrectionUnanswered,
    FieldsMissing,
    NothingToCorrect,
    WrongStage,
)
from madoguchi.services.applications.fact_rules import with_fact
from madoguchi.services.applications.intake import columns_of, save_checks
from madoguchi.services.applications.models import Application, Check, Correction
from madoguchi.services.applications.moving import (
    end_correction,
    keep,
    mark,
    move,
    open_correction,
    restart_clock,
    same_person,
    subject_of,
    take,
    take_own,
)
from madoguchi.services.applications.other_cases import case_at, with_other_cases
from madoguchi.services.applications.people import require, seen_by
from madoguchi.services.applications.reading import (
    REGISTRY_CHECK,
    Answered,
    CaseReading,
    Situation,
    period_of,
    read_answers,
    read_case,
)
from madoguchi.services.applications.rules import (
    Raw,
    belongs_to,
    clean_raw,
    only_fields,
    spoken,
    with_corrections,
)
from madoguchi.services.applications.states import OPEN, Channel, CheckResult, PauseReason, Stage
from madoguchi.services.applications.typing_in import is_file_input

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff


@transaction.atomic
def ask_correction(
    *,
    number: str,
    by: "Staff",
    at: datetime,
    edition: int,
    fields: Sequence[str],
    message: str,
    due_on: date,
    staff_seconds: int | None = None,
) -> None:
    """補正を求める (行政手続法7条). The standard processing period stands still until the answer."""
    held = require(by, Power.REVIEW_CASES, at=at)
    application = take(number, among=seen_by(by, at, held=held), edition=edition)
    _known_fields(application, fields)
    move(application, Stage.CORRECTING, "補正を頼む")
    stop(application, PauseReason.CORRECTION, timezone.localdate(at), by=by.name)
    keep(application, ["stage", "clock_stopped_on"], at=at)
    Correction.objects.create(
        application=application,
        fields=list(fields),
        message=spoken(message, 600),
        asked_by=by,
        asked_at=at,
        due_on=due_on,
    )
    mark(
        application,
        "correction_asked",
        actor_of(by),
        at=at,
        step="correction",
        staff_seconds=staff_seconds,
        fields=list(fields),
    )


def _known_fields(application: Application, fields: Sequence[str]) -> None:
    keys = package_of(application.version_id).package.form.fields
    unknown = [field for field in fields if field.partition("-")[0] not in keys]
    if unknown or not fields:
        raise FieldsMissing(unknown)


@transaction.atomic
def answer_correction(
    *,
    number: str,
    by: Actor,
    at: datetime,
    raw: Mapping[str, list[str]],
    staff_seconds: int | None = None,
) -> None:
    """Take the corrected answers: only the asked fields change, everything is worked out again.

    Raises NothingToCorrect, CorrectionUnanswered (none of the asked fields is in `raw`) and, for residents,
    AnswersIncomplete when an asked field is still wrong.
    """
    application = take_own(number, by, at)
    correction = open_correction(application)
    if correction is None or application.stage != Stage.CORRECTING:
        raise NothingToCorrect
    if not any(belongs_to(name, correction.fields) for name in raw):
        raise CorrectionUnanswered
    typed = own_files_only(application, clean_raw(raw))
    changed = with_corrections(application.raw, typed, correction.fields)
    answered = read_again(application, changed)
    if by.kind == "resident":
        _refuse_while_wrong(answered, correction.fields)
    asked = application.checks.filter(code=REGISTRY_CHECK.code).exists()
    case = read_case(answered, same_person(application, answered.person.key), ask_registry=asked)
    if let_go_of_changed_rows(application, answered, at=at):
        answered = read_again(application, changed)
        case = read_case(answered, same_person(application, answered.person.key), ask_registry=asked)
    correction.checks_before = check_results(application)
    _close(correction, application, case, at=at)
    renew(application, case, changed)
    correction.checks_after = check_results(application)
    correction.save(update_fields=["checks_before", "checks_after"])
    restart_clock(application, at)
    move(application, Stage.REVIEWING, "補正を受け取る")
    keep(application, ["stage", "raw", "due_on", "clock_stopped_on", *columns_of(case)], at=at)
    mark(
        application,
        "correction_answered",
        by,
        at=at,
        step="correction",
        staff_seconds=staff_seconds,
        fields=correction.fields,
    )


def own_files_only(application: Application, raw: Raw) -> Raw:
    """File answers name files of this case alone: an id of another's file is left out."""
    form = package_of(application.version_id).package.form
    own = {str(each.id) for each in documents_of(subject_of(application))}
    return {
        name: [value for value in values if value in own] if is_file_input(form, name) else values
        for name, values in raw.items()
    }


def read_again(application: Application, raw: Raw) -> Answered:
    """The corrected answers, read as of the day the application came in: a correction is not a late entry."""
    package = package_of(application.version_id).package
    situation = Situation(
        period_of(package, application.period_code),
        timezone.localdate(application.received_at),
        Channel(application.channel),
        given_facts(application.facts),
    )
    answered = read_answers(package, raw, situation)
    return with_other_cases(answered, case_at(application, answered))[0]


def _refuse_while_wrong(answered: Answered, fields: Sequence[str]) -> None:
    if any(belongs_to(error.name, fields) for error in answered.reading.errors):
        raise AnswersIncomplete(answered.reading)


def _close(correction: Correction, application: Application, case: CaseReading, *, at: datetime) -> None:
    correction.before = only_fields(application.answers, correction.fields)
    correction.after = only_fields(case.reading.values, correction.fields)
    correction.score_before, correction.score_after = application.score, case.score
    correction.answered_at = at
    correction.save()


def let_go_of_changed_rows(application: Application, answered: Answered, *, at: datetime) -> bool:
    """What was decided by hand for a row does not hold for another row: it is to be decided anew."""
    rules = answered.package.scoring
    former = application.answers.get(rules.people) or [] if rules else []
    later = answered.reading.values.get(rules.people) or [] if rules else []
    standing = application.staff_facts.filter(replaced_at__isnull=True, row__isnull=False)
    gone = [each for each in standing if _row_of(later, each.row) != _row_of(former, each.row)]
    for each in gone:
        application.facts = with_fact(application.facts, each.name, each.row, None)
        each.replaced_at = at
        each.save(update_fields=["replaced_at"])
    return bool(gone)


def _row_of(rows: Sequence[object], row: int | None) -> object:
    return rows[row] if row is not None and row < len(rows) else None


def check_results(application: Application) -> dict[str, str]:
    """The label of every check with how it came out, in words."""
    rows = application.checks.order_by("pk").values_list("label", "result")
    return {label: str(CheckResult(result).label) for label, result in rows}


def renew(application: Application, case: CaseReading, raw: Raw) -> None:
    """Put the new answers in place; checks that staff settled stay settled while they say the same."""
    settled = {each.code: each for each in application.checks.filter(result=CheckResult.SETTLED)}
    application.checks.all().delete()
    save_checks([(application, case)])
    for check in application.checks.filter(code__in=settled):
        former = settled[check.code]
        if check.result != CheckResult.PASSED and check.sentence == former.sentence:
            Check.objects.filter(pk=check.pk).update(
                result=former.result, settled_by=former.settled_by, settled_reason=former.settled_reason
            )
    for column, value in columns_of(case, email=application.email).items():
        setattr(application, column, value)
    application.raw = raw
    application.checks_to_look_at = application.checks.filter(result=CheckResult.LOOK).count()


@transaction.atomic
def attach_file(*, number: str, by: Actor, name: str, body: bytes, at: datetime) -> DocumentView:
    """Add a file to an application that is not yet under decision: a paper sent later, or an asked one.

    A resident then names the file's id in the answer to the correction; staff see it with the case at once.
    """
    application = take_own(number, by, at)
    if Stage(application.stage) not in OPEN - {Stage.DECIDING}:
        raise WrongStage(application.number, Stage(application.stage), "書類を加える")
    return keep_file(name=name, body=body, owner=subject_of(application), by=by, at=at)


@transaction.atomic
def withdraw(*, number: str, by: Actor, at: datetime, reason: str = "", edition: int | None = None) -> None:
    """取下げ, any time before the decision is under way. An open correction ends with it."""
    application = take_own(number, by, at, edition=edition)
    move(application, Stage.WITHDRAWN, "取り下げる")
    end_correction(application, at)
    go_on(application, timezone.localdate(at))
    keep(application, ["stage", "due_on", "clock_stopped_on"], at=at)
    mark(application, "withdrawn", by, at=at, step="withdraw", reason=spoken(reason, 300))
