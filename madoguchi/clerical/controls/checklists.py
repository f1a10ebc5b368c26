"""Filling in the checklist of a manual control. Part of actions.py."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from madoguchi.clerical.controls.checking import Situation, filled, settle, taken_case
from madoguchi.clerical.controls.errors import ChecklistUnfit
from madoguchi.clerical.controls.models import FilledChecklist
from madoguchi.clerical.controls.rules import LONGEST_REASON
from madoguchi.ledgers.office.actions import actor_of, leave_trace
from madoguchi.ledgers.office.errors import NotAllowed
from madoguchi.ledgers.office.queries import powers_of, roles_of
from madoguchi.ledgers.office.roles import Power, Role
from madoguchi.ledgers.office.trace import Subject
from madoguchi.ledgers.procedures.controls import FILLERS, ControlPoint, Controls

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff

FILLER_ROLES = {"accountant": Role.ACCOUNTANT, "auditor": Role.AUDITOR}


@transaction.atomic
def fill_checklist(
    *,
    subject: Subject,
    section_id: int,
    version_id: int,
    controls: Controls,
    key: str,
    items: Mapping[str, bool],
    by: Staff,
    at: datetime,
    note: str = "",
    label: str = "",
) -> bool:
    """Keep what somebody confirmed of a manual control; says whether it is complete. A later checklist replaces it.

    `items` says by item whether it was confirmed. A control that is only a checklist is settled at once; one with a
    rule besides is settled by the next check. Refused: ChecklistUnfit, NotAllowed (somebody else fills it in).
    """
    point = _point(controls, key, items)
    _require_filler(point, by, at)
    case = taken_case(subject, section_id, version_id, label, at)
    rows = [
        {"key": each.key, "label": each.label.ja, "done": items.get(each.key) is True} for each in point.items
    ]
    row = FilledChecklist.objects.create(
        subject_kind=subject.kind,
        subject_id=subject.id,
        case=case,
        key=key,
        items=rows,
        is_complete=all(each["done"] for each in rows),
        note=note.strip()[:LONGEST_REASON],
        filled_by=by,
        filled_at=at,
    )
    told = {"control": key, "done": [each["key"] for each in rows if each["done"]], "of": len(rows)}
    leave_trace(actor_of(by), "controls.checklist_filled", subject, at=at, note=told)
    if point.rule is None:
        scope = {"checklists": filled(subject, controls)}
        settle(case, point, Situation(subject, controls, scope, {}, actor_of(by), at))
    return row.is_complete


def _point(controls: Controls, key: str, items: Mapping[str, bool]) -> ControlPoint:
    point = controls.point(key)
    if point is None or not point.items:
        raise ChecklistUnfit(
            f"統制「{key}」に確認表はありません。", next_step="手続の版にある確認表を選んでください。"
        )
    unknown = sorted(set(items) - {item.key for item in point.items})
    if unknown:
        raise ChecklistUnfit(
            f"確認表「{point.label.ja}」に「{'、'.join(unknown)}」という行はありません。",
            next_step="画面を読み直して、もう一度埋めてください。",
        )
    return point


def _require_filler(point: ControlPoint, by: Staff, at: datetime) -> None:
    """担当 may enter or review cases; accounting and audit hold the role."""
    on = timezone.localdate(at)
    wanted = FILLER_ROLES.get(point.filled_by)
    if wanted is None and powers_of(by, on) & {Power.ENTER_CASES, Power.REVIEW_CASES}:
        return
    if wanted is None or wanted not in roles_of(by, on):
        raise NotAllowed(f"確認表を埋める（{FILLERS.get(point.filled_by, '担当')}）")
