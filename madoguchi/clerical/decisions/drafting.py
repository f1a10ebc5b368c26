"""Putting a draft before its approver."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import Max

from madoguchi.clerical.decisions.errors import AlreadyDrafted, NotTheApprover, OwnDraft, SectionUnnamed
from madoguchi.clerical.decisions.models import Draft, Step
from madoguchi.clerical.decisions.rules import document_number, require_move
from madoguchi.clerical.decisions.states import DraftState
from madoguchi.common.ages import fiscal_year
from madoguchi.ledgers.office.actions import actor_of, leave_trace
from madoguchi.ledgers.office.queries import powers_of, section_in_year
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.trace import Subject

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff

_NUMBERING_LOCK = 7301


@dataclass(frozen=True)
class _Content:
    title: str
    body: str
    figures: list[dict[str, Any]]
    item_count: int
    content_sha256: str
    also_needs: str = ""


@transaction.atomic
def submit_draft(
    *,
    section_id: int,
    title: str,
    body: str,
    figures: list[dict[str, Any]],
    item_count: int,
    subject: Subject,
    content_sha256: str,
    approver: Staff,
    by: Staff,
    at: datetime,
    also_needs: Power | None = None,
) -> int:
    """Put a draft before its approver and return its id. `also_needs`: a power without which nobody may decide it.

    The same content on the same subject is the same draft; one that was sent back keeps its number.
    Refused: OwnDraft, NotTheApprover (without the power to approve), AlreadyDrafted.
    """
    content = _Content(title, body, figures, item_count, content_sha256, also_needs or "")
    require_approver(approver, by, at)
    require_also(also_needs or "", approver, at)
    serial = _next_serial(section_id, at)
    former = _former(subject)
    if former is not None and former.state in {DraftState.SUBMITTED, DraftState.APPROVED}:
        return _the_same(former, content, approver)
    if former is not None and former.state == DraftState.RETURNED:
        draft = _submit_again(former, content, by, at)
    else:
        draft = _number(content, subject, section_id, serial, by, at)
    Step.objects.create(draft=draft, place=draft.steps.count() + 1, approver=approver)
    _trace(draft, approver, by, at)
    return draft.pk


def require_approver(approver: Staff, by: Staff, at: datetime) -> None:
    if approver.pk == by.pk:
        raise OwnDraft(
            "自分の起案を自分で決裁することはできません。", next_step="別の決裁者を選んでください。"
        )
    if not approver.is_active or Power.APPROVE not in powers_of(approver, at.date()):
        raise NotTheApprover(
            f"{approver.name}さんには決裁の権限がありません。", next_step="権限のある決裁者を選んでください。"
        )


def require_also(power: str, approver: Staff, at: datetime) -> None:
    """Whoever decides must see everything that is decided."""
    if power and Power(power) not in powers_of(approver, at.date()):
        raise NotTheApprover(
            f"この起案には、「{Power(power).label}」の権限がないと見えない件があります。"
            f"{approver.name}さんにはその権限がありません。",
            next_step="権限のある決裁者を選ぶか、情報システム担当に権限の例外を頼んでください。",
        )


def _former(subject: Subject) -> Draft | None:
    about = Draft.objects.select_for_update().filter(subject_kind=subject.kind, subject_id=subject.id)
    return about.order_by("-pk").first()


def _the_same(draft: Draft, content: _Content, approver: Staff) -> int:
    """A second press of the same button; another content has to wait for the decision."""
    last = draft.steps.order_by("-place").first()
    if (
        draft.content_sha256 == content.content_sha256
        and last is not None
        and last.approver_id == approver.pk
    ):
        return draft.pk
    raise AlreadyDrafted(
        f"同じ内容について、起案「{draft.number}」が「{DraftState(draft.state).label}」です。",
        next_step="先の起案が差し戻されてから、直して出し直してください。",
    )


def _next_serial(section_id: int, at: datetime) -> int:
    """Numbers have no gap and no double: who numbers for a section waits for the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_NUMBERING_LOCK, section_id])
    numbered = Draft.objects.filter(section_id=section_id, fiscal_year=fiscal_year(at.date()))
    return (numbered.aggregate(last=Max("serial"))["last"] or 0) + 1


def _number(
    content: _Content, subject: Subject, section_id: int, serial: int, by: Staff, at: datetime
) -> Draft:
    section = section_in_year(section_id, at.date())
    if section is None:
        raise SectionUnnamed(
            "課の文書記号が登録されていません。",
            next_step="庁内組織で、この年度の課名と文書記号を登録してください。",
        )
    return Draft.objects.create(
        number=document_number(section.symbol, serial),
        section_id=section_id,
        fiscal_year=fiscal_year(at.date()),
        serial=serial,
        subject_kind=subject.kind,
        subject_id=subject.id,
        drafted_by=by,
        drafted_at=at,
        **vars(content),
    )


def _submit_again(draft: Draft, content: _Content, by: Staff, at: datetime) -> Draft:
    require_move(DraftState(draft.state), DraftState.SUBMITTED)
    for name, value in vars(content).items():
        setattr(draft, name, value)
    draft.state = DraftState.SUBMITTED
    draft.drafted_by, draft.drafted_at = by, at
    draft.version += 1
    draft.save()
    return draft


def _trace(draft: Draft, approver: Staff, by: Staff, at: datetime) -> None:
    leave_trace(
        actor_of(by),
        "decisions.submitted",
        Subject("decisions.draft", str(draft.pk)),
        at=at,
        note={"number": draft.number, "sha256": draft.content_sha256, "approver": approver.name},
    )
