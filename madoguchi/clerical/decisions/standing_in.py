"""代決 and 引上げ: deciding for somebody who is away, and taking a draft up past those below. Part of actions.py.

Source: senketsu rules SR10–SR14.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localdate

from madoguchi.clerical.decisions.deciding import (
    close_step,
    draft_for_update,
    require_clock,
    require_power,
    trace,
    waiting_steps,
)
from madoguchi.clerical.decisions.errors import CommentMissing, NotSubstituted, OwnDraft, WrongState
from madoguchi.clerical.decisions.models import Draft, Step
from madoguchi.clerical.decisions.routing.posts import EXAMINING, examines
from madoguchi.clerical.decisions.states import BLOCKING, Capacity, DraftState, StepKind, StepOutcome
from madoguchi.ledgers.office.actions import actor_of
from madoguchi.ledgers.office.posts import away_on, line_of_sections, posts_held
from madoguchi.ledgers.office.ranks import parted

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff

EXAMINERS = ("課長補佐", "係長")
SUBSTITUTED = Q(kind=StepKind.DECIDE) | Q(kind=StepKind.CONSULT, post__startswith=EXAMINING)
"""Steps that somebody else may take over while their holder is away."""


@dataclass(frozen=True)
class Substitution:
    """Which waiting step somebody may take over, as what, and whether its holder looks afterwards."""

    step: Step
    post: str
    later_look: bool


def substitution_for(staff: Staff, draft: Draft, at: datetime) -> Substitution | None:
    """The step that waits for somebody away today and that this person's post stands in for, or None.

    That is the deciding one, or the examination of a payment, which is never passed over.
    """
    on = localdate(at)
    step = waiting_steps(draft).filter(SUBSTITUTED).select_related("approver").first()
    if draft.state != DraftState.SUBMITTED or step is None or step.approver_id == staff.pk:
        return None
    if not away_on(on, [step.approver_id]) or staff.pk == draft.drafted_by_id:
        return None
    if step.kind == StepKind.CONSULT:
        return _examination(staff, step, on)
    if draft.important and not (draft.urgent or draft.instructed):
        return None
    wanted = draft.route.get("substitutes", [])
    around = set(line_of_sections(draft.section_id, on))
    for held in posts_held(staff, on):
        fits = held.post in wanted or any(parted(post)[1] == held.post for post in wanted)
        if fits and (held.section_id in around or held.section_id == step.approver.section_id):
            # The look afterwards is left out for light and routine matters only, unless they are important.
            return Substitution(step, held.post, draft.important or bool(draft.route.get("later_look", True)))
    return None


def _examination(staff: Staff, step: Step, on: date) -> Substitution | None:
    """For the head of the accounts somebody of the same section; the head looks at it afterwards."""
    held = (each for each in posts_held(staff, on) if each.section_id == step.approver.section_id)
    return next((Substitution(step, each.post, True) for each in held if each.post in EXAMINERS), None)


@transaction.atomic
def stand_in(*, draft_id: int, by: Staff, at: datetime) -> None:
    """代決する: take over the deciding step of somebody who is away; the decision itself follows with approve.

    Refused: NotFound, OwnDraft, NotAllowed, NotSubstituted.
    """
    draft = draft_for_update(draft_id)
    if by.pk == draft.drafted_by_id:
        raise OwnDraft("自分の起案を代決することはできません。", next_step="別の代決者に頼んでください。")
    require_power(draft, by, at)
    found = substitution_for(by, draft, at)
    if found is None:
        raise NotSubstituted(
            "代決できません。決裁者が不在でないか、代決者の役職でないか、重要な件で事前の指示がありません。",
            next_step="「役職と不在」で不在の登録を確かめるか、決裁者の戻りを待ってください。",
        )
    step, absent, missing = found.step, found.step.approver, found.step.post
    if found.later_look:
        _ask_for_later_look(draft, step)
    step.approver, step.capacity = by, Capacity.SUBSTITUTE
    step.stands_for, step.post = missing or "決裁者", found.post
    step.save(update_fields=["approver", "capacity", "stands_for", "post"])
    draft.version += 1
    draft.save(update_fields=["version"])
    note = {"place": step.place, "post": found.post, "stands_for": step.stands_for, "absent": absent.name}
    trace(draft, "decisions.stood_in", actor_of(by), at, note)


def _ask_for_later_look(draft: Draft, step: Step) -> None:
    known = draft.steps.filter(
        submission=draft.submissions, kind=StepKind.LATER_LOOK, approver_id=step.approver_id
    )
    if not known.exists():
        add_looker(draft, step.approver, StepKind.LATER_LOOK, step.post)


def add_looker(
    draft: Draft, staff: Staff, kind: StepKind, post: str, opened_at: datetime | None = None
) -> Step:
    """One more person behind the route who only looks."""
    return Step.objects.create(
        draft=draft,
        place=draft.steps.count() + 1,
        submission=draft.submissions,
        stage=0,
        kind=kind,
        post=post,
        approver=staff,
        opened_at=opened_at,
    )


@transaction.atomic
def pull_up(*, draft_id: int, by: Staff, at: datetime, reason: str) -> None:
    """引上げ: somebody further up the route takes the draft past those below, who look at it afterwards.

    Refused: NotFound, NotAllowed, NotSubstituted for whoever does not stand further up, CommentMissing.
    """
    draft = draft_for_update(draft_id)
    require_power(draft, by, at)
    if not reason.strip():
        raise CommentMissing("引上げの理由が書かれていません。", next_step="なぜ急ぐのかを書いてください。")
    if draft.state != DraftState.SUBMITTED:
        raise WrongState(
            f"この起案は「{DraftState(draft.state).label}」です。", next_step="画面を読み直してください。"
        )
    route = draft.steps.filter(submission=draft.submissions, kind__in=BLOCKING)
    mine = route.filter(approver=by, outcome="", opened_at__isnull=True).order_by("stage").first()
    if mine is None:
        raise NotSubstituted(
            "引き上げられません。この起案の先の段に、あなたはいません。",
            next_step="決裁の道を確かめてください。",
        )
    passed = list(route.filter(outcome="", stage__lt=mine.stage).select_related("approver"))
    if any(step.kind == StepKind.CONSULT and examines(step.post) for step in passed):
        raise NotSubstituted(
            "引き上げられません。支払の審査（会計の合議）が済んでいません。",
            next_step="会計の人が見るのを待ってください。不在なら、同じ課の代決者が見られます。",
        )
    for step in passed:
        require_clock(step, at)
        add_looker(draft, step.approver, StepKind.LATER_LOOK, step.post)
        close_step(step, StepOutcome.PASSED_OVER, "", reason, at)
    route.filter(stage=mine.stage, outcome="").update(opened_at=at)
    Step.objects.filter(pk=mine.pk).update(capacity=Capacity.PULLED_UP)
    draft.version += 1
    draft.save(update_fields=["version"])
    note = {
        "place": mine.place,
        "post": mine.post,
        "reason": reason.strip(),
        "passed": [step.place for step in passed],
        "passed_names": "、".join(f"{step.post} {step.approver.name}".strip() for step in passed),
    }
    trace(draft, "decisions.pulled_up", actor_of(by), at, note)
