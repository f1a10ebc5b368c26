"""Letting an exception stand, with a reason and a name. Part of actions.py."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from madoguchi.clerical.controls.errors import OwnDraft
from madoguchi.clerical.controls.models import ControlOverride, Finding
from madoguchi.clerical.controls.rules import post_for, posts_from, require_judged, require_move, spoken
from madoguchi.clerical.controls.states import FindingState, Result
from madoguchi.ledgers.office.actions import actor_of, leave_trace
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.posts import line_of_sections, posts_held
from madoguchi.ledgers.office.queries import roles_of, sections_of
from madoguchi.ledgers.office.ranks import TOWN_WIDE
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.trace import Subject

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff


@transaction.atomic
def override(*, finding_id: int, by: Staff, reason: str, at: datetime, posts: Collection[str] = ()) -> str:
    """Let an open exception stand; gives the post as which it was done. It covers the facts as they were seen.

    Counted are the posts held in the section of the case or above it, the roles 課長 (of that section) and 監査, and
    `posts`: those of POSTS the caller knows of besides (会計管理者 is no post of the line). A higher post of the line may
    do what a lower may. Refused: NotFound (also for a hidden case), WrongState,
    OverrideRefused (the wrong post, nobody may, not run yet), OwnDraft, ReasonMissing.
    """
    finding = (
        Finding.objects.select_for_update(of=("self",)).select_related("case").filter(pk=finding_id).first()
    )
    if finding is None:
        raise NotFound("例外")
    require_move(FindingState(finding.state), FindingState.OVERRIDDEN)
    require_judged(Result(finding.result))
    post = post_for(finding.override_by, _held(by, finding.section_id, at) | frozenset(posts))
    _require_other_eyes(finding, by)
    said = spoken(reason, "例外を認める理由")
    finding.state = FindingState.OVERRIDDEN
    finding.save(update_fields=["state"])
    subject = Subject(finding.subject_kind, finding.subject_id)
    ControlOverride.objects.create(
        subject_kind=subject.kind,
        subject_id=subject.id,
        finding=finding,
        by=by,
        post=post,
        reason=said,
        at=at,
    )
    note = {"control": finding.key, "post": post, "reason": said}
    leave_trace(actor_of(by), "controls.overridden", subject, at=at, note=note)
    return post


def _held(by: Staff, section_id: int, at: datetime) -> frozenset[str]:
    """What somebody holds over the cases of a section today."""
    on = timezone.localdate(at)
    line = line_of_sections(section_id, on)
    ranks = [held.post for held in posts_held(by, on) if held.post in TOWN_WIDE or held.section_id in line]
    roles = roles_of(by, on)
    own = roles if section_id in sections_of(by, on) else roles - {Role.SECTION_HEAD}
    return posts_from(own, ranks)


def _require_other_eyes(finding: Finding, by: Staff) -> None:
    if finding.case.drafter_id and finding.case.drafter_id == str(by.pk):
        raise OwnDraft(
            "自分が起案した件の例外は、自分では認められません。",
            next_step="例外を認められるほかの職員に頼んでください。",
        )
