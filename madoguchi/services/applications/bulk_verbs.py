"""What a bulk does to one chunk of applications, for each of its verbs. Everything runs in the chunk's transaction."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F

from madoguchi.common.errors import Refusal
from madoguchi.ledgers.office.actions import actor_of, leave_traces
from madoguchi.ledgers.office.queries import staff_by_login
from madoguchi.services.applications.accepting import accept_chunk
from madoguchi.services.applications.clocks import forget_stop
from madoguchi.services.applications.corrections import ask_correction
from madoguchi.services.applications.models import Application, Bulk, BulkItem, Correction
from madoguchi.services.applications.moving import subject_of
from madoguchi.services.applications.states import OPEN, BulkVerb, PauseReason, Stage

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff

Cases = dict[int, Application]


@dataclass(frozen=True)
class Outcome:
    """What became of one case: `reason` why not, or how it was before, for undoing."""

    reason: str = ""
    before: dict[str, Any] = field(default_factory=dict)


Outcomes = dict[int, Outcome]


def assign(bulk: Bulk, cases: Cases, by: "Staff") -> Outcomes:
    """担当を変える: open applications go to a colleague."""
    to = staff_by_login(bulk.told["to"])
    if to is None:
        return dict.fromkeys(cases, Outcome("新しい担当の職員が見つかりません。"))
    ended = {pk: Outcome(_over(each)) for pk, each in cases.items() if Stage(each.stage) not in OPEN}
    rest = {pk: each for pk, each in cases.items() if pk not in ended}
    changed = [each for each in rest.values() if each.assigned_to_id != to.pk]
    Application.objects.filter(pk__in=[each.pk for each in changed]).update(assigned_to=to)
    _trace(bulk, by, "assigned", changed, {"to": to.name, "bulk": True})
    before = {
        pk: Outcome(before={"assigned_to": each.assigned_to_id, "to": to.pk}) for pk, each in rest.items()
    }
    return ended | before


def _over(case: Application) -> str:
    return f"もう{Stage(case.stage).label}です。担当は変えません。"


def accept(bulk: Bulk, cases: Cases, by: "Staff") -> Outcomes:
    """受理する: those that need no look."""
    already = {pk for pk, each in cases.items() if each.stage == Stage.ACCEPTED}
    accepted = accept_chunk(numbers=[each.number for each in cases.values()], by=by, at=bulk.asked_at)
    outcomes = {
        pk: Outcome(accepted.refused.get(each.number, ""), _before(each)) for pk, each in cases.items()
    }
    return outcomes | dict.fromkeys(already, Outcome("もう受理しています。"))


def correct(bulk: Bulk, cases: Cases, by: "Staff") -> Outcomes:
    """補正を頼む: the same fields with the same words to everybody."""
    return {pk: _correct_one(bulk, each, by) for pk, each in cases.items()}


def _correct_one(bulk: Bulk, case: Application, by: "Staff") -> Outcome:
    try:
        with transaction.atomic():
            ask_correction(
                number=case.number,
                by=by,
                at=bulk.asked_at,
                edition=case.edition,
                fields=bulk.told["fields"],
                message=bulk.told["message"],
                due_on=date.fromisoformat(bulk.told["due_on"]),
            )
    except Refusal as refusal:
        return Outcome(refusal.sentence)
    return Outcome(before=_before(case))


def _before(case: Application) -> dict[str, Any]:
    stopped = case.clock_stopped_on
    return {
        "stage": case.stage,
        "edition": case.edition + 1,
        "stopped": stopped.isoformat() if stopped else "",
    }


def print_cases(bulk: Bulk, cases: Cases, by: "Staff") -> Outcomes:
    """印刷する: each leaves a trace with its purpose; the sheets are made when all are through."""
    leave_traces(
        actor_of(by),
        "applications.printed",
        [(subject_of(each), {"bulk": True}) for each in cases.values()],
        at=bulk.asked_at,
        purpose=bulk.told["purpose"],
    )
    return dict.fromkeys(cases, Outcome())


def undo(bulk: Bulk, cases: Cases, by: "Staff") -> Outcomes:
    """元に戻す: one by one, where nothing happened since."""
    former = bulk.undo_of
    assert former is not None
    items = BulkItem.objects.filter(bulk=bulk, application__in=list(cases))
    before = {each.application_id: each.before for each in items}
    take_back = UNDO[BulkVerb(former.verb)]
    reasons = {pk: take_back(case, before[pk], bulk.asked_at) for pk, case in cases.items()}
    back = [cases[pk] for pk, reason in reasons.items() if not reason]
    _trace(bulk, by, "undone", back, {"what": BulkVerb(former.verb).label})
    return {pk: Outcome(reason) for pk, reason in reasons.items()}


def _unassign(case: Application, before: dict[str, Any], at: datetime) -> str:  # noqa: ARG001
    if case.assigned_to_id != before["to"]:
        return "担当がもう変わっています。"
    if Stage(case.stage) not in OPEN:
        return f"もう{Stage(case.stage).label}です。"
    Application.objects.filter(pk=case.pk).update(assigned_to=before["assigned_to"])
    return ""


def _unaccept(case: Application, before: dict[str, Any], at: datetime) -> str:
    if before["stage"] == Stage.CORRECTING:
        return "補正の途中で受理したので、元に戻せません。"
    if case.stage != Stage.ACCEPTED or case.edition != before["edition"]:
        return f"受理のあとで変わっています（いま{Stage(case.stage).label}）。"
    _restore(case, before["stage"], at)
    return ""


def _uncorrect(case: Application, before: dict[str, Any], at: datetime) -> str:
    asked = Correction.objects.filter(application=case, answered_at__isnull=True).first()
    if asked is None or case.edition != before["edition"]:
        return "補正を頼んだあとで変わっています。"
    if asked.seen_at is not None:
        return "申請した人がもう補正のお願いを読んでいます。"
    asked.delete()
    forget_stop(case, PauseReason.CORRECTION)
    _restore(case, before["stage"], at)
    return ""


def _restore(case: Application, stage: str, at: datetime) -> None:
    rows = Application.objects.filter(pk=case.pk)
    rows.update(stage=stage, clock_stopped_on=case.clock_stopped_on, edition=F("edition") + 1, changed_at=at)


def _trace(bulk: Bulk, by: "Staff", verb: str, cases: Iterable[Application], note: dict[str, Any]) -> None:
    leave_traces(
        actor_of(by), f"applications.{verb}", [(subject_of(each), note) for each in cases], at=bulk.asked_at
    )


UNDO: dict[BulkVerb, Callable[[Application, dict[str, Any], datetime], str]] = {
    BulkVerb.ASSIGN: _unassign,
    BulkVerb.ACCEPT: _unaccept,
    BulkVerb.CORRECT: _uncorrect,
}
WORK: dict[BulkVerb, Callable[[Bulk, Cases, "Staff"], Outcomes]] = {
    BulkVerb.ASSIGN: assign,
    BulkVerb.ACCEPT: accept,
    BulkVerb.CORRECT: correct,
    BulkVerb.PRINT: print_cases,
    BulkVerb.UNDO: undo,
}
