"""A draft that hangs on no record of another room: a contract, a trip, a rule. Part of actions.py."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from madoguchi.clerical.decisions.drafting import submit_draft
from madoguchi.clerical.decisions.editions import File
from madoguchi.clerical.decisions.errors import WordsMissing
from madoguchi.clerical.decisions.models import Draft
from madoguchi.clerical.decisions.sight import may_see
from madoguchi.clerical.decisions.terms import Terms
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.trace import Subject

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff

KIND = "decisions.matter"


@transaction.atomic
def draft_freely(
    *,
    key: uuid.UUID,
    title: str,
    body: str,
    terms: Terms,
    by: Staff,
    at: datetime,
    approver: Staff | None = None,
    files: Sequence[File] = (),
) -> int:
    """Draft something of one's own section; the id of the draft. The same `key` again is the same draft.

    Refused: WordsMissing, NotFound for a quoted draft out of sight, and as submit_draft refuses.
    """
    for name, text in (("件名", title), ("伺い文", body)):
        if not text.strip():
            raise WordsMissing(f"{name}が書かれていません。", next_step=f"{name}を書いてください。")
    if terms.quoted_from is not None:
        quoted = Draft.objects.filter(pk=terms.quoted_from).first()
        if quoted is None or not may_see(by, quoted, at):
            raise NotFound("引用する起案")
    written = f"{title.strip()}\n{body.strip()}"
    return submit_draft(
        section_id=by.section_id,
        title=title.strip()[:120],
        body=body.strip(),
        figures=[],
        item_count=1,
        subject=Subject(KIND, str(key)),
        content_sha256=hashlib.sha256(written.encode("utf-8")).hexdigest(),
        by=by,
        at=at,
        approver=approver,
        terms=terms,
        files=files,
    )
