"""供覧: showing a draft to people who do not decide it, or a paper of its own that nobody decides. Part of actions.py."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.timezone import localdate

from madoguchi.clerical.decisions.deciding import draft_for_update, trace
from madoguchi.clerical.decisions.drafting import Content, next_serial, number
from madoguchi.clerical.decisions.editions import File, add_files, seal
from madoguchi.clerical.decisions.errors import NotTheApprover, WordsMissing, WrongState
from madoguchi.clerical.decisions.models import Draft
from madoguchi.clerical.decisions.sight import may_see
from madoguchi.clerical.decisions.standing_in import add_looker
from madoguchi.clerical.decisions.states import DraftState, StepKind
from madoguchi.clerical.decisions.terms import Terms
from madoguchi.ledgers.office.actions import actor_of
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.posts import posts_held
from madoguchi.ledgers.office.trace import Subject

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff

KIND = "decisions.circulation"


@transaction.atomic
def circulate(*, draft_id: int, to: Sequence[Staff], by: Staff, at: datetime) -> int:
    """Show a draft to these people; how many are new. Whoever was asked and has not looked is not asked twice.

    Refused: NotFound for whoever does not see the draft, NotTheApprover when nobody is named, WrongState for a 供覧
    that everybody has looked at.
    """
    draft = draft_for_update(draft_id)
    if not may_see(by, draft, at):
        raise NotFound("起案")
    if draft.state == DraftState.SHOWN:
        raise WrongState(
            "この供覧は、全員が見て終わっています。", next_step="同じ内容で、新しい供覧を出してください。"
        )
    if not to:
        raise _no_reader()
    asked = draft.steps.filter(kind=StepKind.CIRCULATE, outcome="")
    known = set(asked.values_list("approver_id", flat=True))
    new = [staff for staff in to if staff.pk not in known and staff.is_active]
    _ask(draft, new, at)
    trace(draft, "decisions.circulated", actor_of(by), at, {"to": "、".join(staff.name for staff in new)})
    return len(new)


def _no_reader() -> NotTheApprover:
    return NotTheApprover("供覧する人が選ばれていません。", next_step="見せる人を選んでください。")


def _ask(draft: Draft, readers: Sequence[Staff], at: datetime) -> None:
    for staff in readers:
        held = posts_held(staff, localdate(at))
        add_looker(draft, staff, StepKind.CIRCULATE, held[0].post if held else "", at)


@transaction.atomic
def circulate_freely(
    *,
    key: uuid.UUID,
    title: str,
    body: str,
    to: Sequence[Staff],
    by: Staff,
    at: datetime,
    terms: Terms | None = None,
    files: Sequence[File] = (),
) -> int:
    """Show a paper of one's own section to people who only look; its id. It ends when all have looked.

    Nobody decides it and no route is asked for. It has a number of the section and a hash like any draft. The same
    `key` again is the same paper. Refused: WordsMissing, NotTheApprover without a reader, and as keep_file refuses.
    """
    for name, text in (("件名", title), ("内容", body)):
        if not text.strip():
            raise WordsMissing(f"{name}が書かれていません。", next_step=f"{name}を書いてください。")
    readers = list({staff.pk: staff for staff in to if staff.is_active and staff.pk != by.pk}.values())
    if not readers:
        raise _no_reader()
    subject = Subject(KIND, str(key))
    serial = next_serial(by.section_id, at)
    former = Draft.objects.filter(subject_kind=KIND, subject_id=subject.id).first()
    if former is not None:
        return former.pk
    written = hashlib.sha256(f"{title.strip()}\n{body.strip()}".encode()).hexdigest()
    content = Content(title.strip()[:120], body.strip(), [], 1, written)
    draft = number(content, terms or Terms(), subject, by.section_id, serial, by, at)
    draft.state = DraftState.CIRCULATING
    if files:
        add_files(draft, files, by, at)
    seal(draft, at)
    draft.save(update_fields=["state", "content_sha256"])
    _ask(draft, readers, at)
    trace(draft, "decisions.circulated", actor_of(by), at, {"to": "、".join(staff.name for staff in readers)})
    return draft.pk
