"""What staff do with the clock of a case besides 補正: wait for others, go on, say why it is late."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from madoguchi.common.errors import Refusal
from madoguchi.ledgers.office.actions import actor_of
from madoguchi.ledgers.office.roles import Power
from madoguchi.services.applications.clocks import go_on, stop
from madoguchi.services.applications.errors import ReasonMissing
from madoguchi.services.applications.models import ClockPause
from madoguchi.services.applications.moving import keep, mark, take
from madoguchi.services.applications.people import require, seen_by
from madoguchi.services.applications.rules import spoken
from madoguchi.services.applications.states import OPEN, PauseReason, Stage

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff


class ClockRefused(Refusal):
    code = "applications.clock_refused"


@transaction.atomic
def stop_clock(
    *, number: str, by: "Staff", at: datetime, edition: int, reason: PauseReason, note: str
) -> None:
    """Stop the clock for another reason than 補正, with a sentence that says what is waited for."""
    held = require(by, Power.REVIEW_CASES, at=at)
    application = take(number, among=seen_by(by, at, held=held), edition=edition)
    said = spoken(note, 200)
    if not said:
        raise ReasonMissing
    if Stage(application.stage) not in OPEN or reason == PauseReason.CORRECTION:
        raise ClockRefused(
            "この申請の時計は止められません。",
            next_step="補正のための停止は「補正を頼む」から行ってください。",
        )
    stop(application, reason, timezone.localdate(at), by=by.name, note=said)
    keep(application, ["clock_stopped_on"], at=at)
    mark(application, "clock_stopped", actor_of(by), at=at, reason=f"{reason.label}：{said}")


@transaction.atomic
def resume_clock(*, number: str, by: "Staff", at: datetime, edition: int, reason: PauseReason) -> None:
    """Let the clock go on; the due date moves by the days it stood."""
    held = require(by, Power.REVIEW_CASES, at=at)
    application = take(number, among=seen_by(by, at, held=held), edition=edition)
    standing = ClockPause.objects.filter(application=application, reason=reason, resumed_on__isnull=True)
    if reason == PauseReason.CORRECTION or not standing.exists():
        raise ClockRefused(
            "この理由では時計は止まっていません。", next_step="画面を読み直して、今の時計を確かめてください。"
        )
    go_on(application, timezone.localdate(at), reason)
    keep(application, ["due_on", "clock_stopped_on"], at=at)
    mark(application, "clock_resumed", actor_of(by), at=at, reason=reason.label)


@transaction.atomic
def explain_delay(*, number: str, by: "Staff", at: datetime, reason: str) -> None:
    """Say why a case is late; shown on the overdue list until the case is decided."""
    held = require(by, Power.REVIEW_CASES, at=at)
    application = take(number, among=seen_by(by, at, held=held))
    application.delay_reason = spoken(reason, 200)
    if not application.delay_reason:
        raise ReasonMissing
    keep(application, ["delay_reason"], at=at)
    mark(application, "delay_explained", actor_of(by), at=at, reason=application.delay_reason)
