"""任命と不在の登録: giving posts, and noting who is away. Part of actions.py."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.timezone import localdate

from madoguchi.ledgers.office.actions import actor_of
from madoguchi.ledgers.office.errors import AbsenceRefused, NotAllowed, NotFound, PostRefused
from madoguchi.ledgers.office.models import Absence, PostHolding, Section, Staff
from madoguchi.ledgers.office.queries import powers_of
from madoguchi.ledgers.office.ranks import LADDER
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.trace import SYSTEM, Actor, Subject
from madoguchi.ledgers.office.tracing import leave_trace


@transaction.atomic
def appoint(*, staff: Staff, section: Section, post: str, on: date, by: Staff | None, at: datetime) -> None:
    """Give somebody a post from a day; whoever held it before ends the day before. Appointing again changes nothing.

    `by` is None where the installation itself enters it. Refused: NotAllowed, PostRefused.
    """
    if by is not None and Power.MANAGE_GRANTS not in powers_of(by, localdate(at)):
        raise NotAllowed(Power.MANAGE_GRANTS.label)
    if post not in LADDER[1:]:
        raise PostRefused(
            f"役職「{post}」はありません。", next_step=f"{'、'.join(LADDER[1:])}のどれかを選んでください。"
        )
    held = PostHolding.objects.select_for_update().filter(section=section, post=post, until_on__isnull=True)
    former = held.first()
    if former is not None and former.staff_id == staff.pk:
        return
    if former is not None:
        _end(former, on)
    PostHolding.objects.create(staff=staff, section=section, post=post, from_on=on)
    note = {"post": post, "section": section.code, "from": on.isoformat()}
    _trace(actor_of(by) if by else SYSTEM, "office.appointed", staff, at, note)


def _end(former: PostHolding, on: date) -> None:
    if former.from_on >= on:
        raise PostRefused(
            f"{former.staff.name}さんが{former.from_on:%Y-%m-%d}からこの役職に就いています。",
            next_step="その日より後の日を入れてください。",
        )
    former.until_on = on - timedelta(days=1)
    former.save(update_fields=["until_on"])


@transaction.atomic
def note_absence(
    *, staff: Staff, begins_on: date, ends_on: date, reason: str, by: Staff, at: datetime
) -> int:
    """不在を登録する: for oneself, for a colleague of the section, or as whoever gives powers; its key.

    Refused: NotAllowed, AbsenceRefused.
    """
    may = by.section_id == staff.section_id or Power.MANAGE_GRANTS in powers_of(by, localdate(at))
    if not may:
        raise NotAllowed("ほかの課の人の不在を登録する")
    if ends_on < begins_on:
        raise AbsenceRefused(
            "最後の日が、最初の日より前です。", next_step="最後の日を確かめて入れ直してください。"
        )
    if not reason.strip():
        raise AbsenceRefused("理由が書かれていません。", next_step="出張、休暇などと書いてください。")
    made = Absence.objects.create(
        staff=staff,
        begins_on=begins_on,
        ends_on=ends_on,
        reason=reason.strip()[:60],
        entered_by=by,
        entered_at=at,
    )
    note = {"from": begins_on.isoformat(), "to": ends_on.isoformat(), "reason": made.reason}
    _trace(actor_of(by), "office.absence_noted", staff, at, note)
    return made.pk


@transaction.atomic
def withdraw_absence(*, absence_id: int, by: Staff, at: datetime) -> None:
    """取りやめる: the person is here after all. Refused: NotFound, NotAllowed."""
    rows = Absence.objects.select_for_update(of=("self",)).select_related("staff")
    found = rows.filter(pk=absence_id, withdrawn_at__isnull=True).first()
    if found is None:
        raise NotFound("不在")
    if by.section_id != found.staff.section_id and Power.MANAGE_GRANTS not in powers_of(by, localdate(at)):
        raise NotAllowed("ほかの課の人の不在を取りやめる")
    found.withdrawn_at = at
    found.save(update_fields=["withdrawn_at"])
    _trace(actor_of(by), "office.absence_withdrawn", found.staff, at, {"absence": found.pk})


def _trace(by: Actor, verb: str, staff: Staff, at: datetime, note: Mapping[str, object]) -> None:
    leave_trace(by, verb, Subject("office.staff", str(staff.pk)), at=at, note=dict(note))
