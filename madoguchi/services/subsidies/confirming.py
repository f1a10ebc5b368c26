"""What people confirm for the controls of a case: checklists, and exceptions let stand."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from madoguchi.clerical.controls.actions import fill_checklist, override
from madoguchi.clerical.controls.queries import checklists_of, open_findings
from madoguchi.clerical.payments.queries import orders
from madoguchi.clerical.payments.views import OrderRow
from madoguchi.ledgers.office.actions import actor_of
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.procedures.controls import ControlPoint
from madoguchi.ledgers.procedures.queries import package_of
from madoguchi.services.applications.case_reads import CaseRead, case_reads, own_case
from madoguchi.services.applications.people import sections_seen
from madoguchi.services.subsidies.controlling import BEFORE_PAYMENT, KIND, subject_of

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff


@dataclass(frozen=True)
class Checklist:
    """確認表 of one case as a form shows it: each line with its key, its words and whether it was confirmed."""

    key: str
    label: str
    lines: tuple[tuple[str, str, bool], ...]
    filled_by: str
    filled_at: datetime | None
    is_late: bool = False
    """Belongs to what follows the decision (実績, 支払)."""

    @property
    def is_complete(self) -> bool:
        return all(done for _, _, done in self.lines)


def checklists(case: CaseRead, filler: str) -> list[Checklist]:
    """The checklists of a case that this kind of person fills in: clerk or accountant."""
    done = checklists_of(subject_of(case))
    points = [point for point in package_of(case.version_id).package.controls if point.items]
    return [_checklist(point, done.get(point.key)) for point in points if point.filled_by == filler]


def _checklist(point: ControlPoint, view: object) -> Checklist:
    confirmed = {key for key, _, done in getattr(view, "items", ()) if done}
    lines = tuple((item.key, item.label.ja, item.key in confirmed) for item in point.items)
    return Checklist(
        point.key,
        point.label.ja,
        lines,
        getattr(view, "filled_by", ""),
        getattr(view, "filled_at", None),
        point.step in BEFORE_PAYMENT,
    )


def examinations(rows: Sequence[OrderRow]) -> dict[int, list[Checklist]]:
    """会計課の審査 of these orders, by order."""
    ours = {each.id: int(each.subject.id) for each in rows if each.subject.kind == KIND}
    cases = {case.id: case for case in case_reads(ours.values())}
    return {order: checklists(cases[key], "accountant") for order, key in ours.items() if key in cases}


def confirm(*, number: str, key: str, items: Collection[str], by: Staff, at: datetime) -> bool:
    """Keep a checklist of a case of this person's sections; says whether it is complete.

    Refused: NotFound, ChecklistUnfit, NotAllowed (somebody else fills it in).
    """
    return _keep(own_case(number, actor_of(by), at), key, items, by, at)


def examine(*, order_id: int, key: str, items: Collection[str], by: Staff, at: datetime) -> bool:
    """会計課の審査 of one order. Refused: NotFound, ChecklistUnfit, NotAllowed."""
    found = orders(sections_seen(by, timezone.localdate(at)), ids=[order_id])
    cases = case_reads(int(each.subject.id) for each in found if each.subject.kind == KIND)
    if not cases:
        raise NotFound("支出命令")
    return _keep(cases[0], key, items, by, at)


def _keep(case: CaseRead, key: str, items: Collection[str], by: Staff, at: datetime) -> bool:
    controls = package_of(case.version_id).package.controls
    point = controls.point(key)
    if point is None:
        raise NotFound("確認表")
    return fill_checklist(
        subject=subject_of(case),
        section_id=case.section_id,
        version_id=case.version_id,
        controls=controls,
        key=key,
        items={item.key: item.key in items for item in point.items},
        by=by,
        at=at,
        label=case.number,
    )


def let_stand(*, number: str, finding_id: int, reason: str, by: Staff, at: datetime) -> str:
    """Let an exception of a case of this person's sections stand; the post as which it was done.

    Refused: NotFound, OverrideRefused (the wrong post, nobody may), OwnDraft, ReasonMissing, WrongState.
    """
    case = own_case(number, actor_of(by), at)
    if finding_id not in {each.id for each in open_findings(subject_of(case))}:
        raise NotFound("例外")
    return override(finding_id=finding_id, by=by, reason=reason, at=at)
