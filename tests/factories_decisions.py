"""Drafts as the office would make them."""

from datetime import datetime
from typing import Any

from madoguchi.clerical.decisions import actions
from madoguchi.ledgers.office.trace import Subject

SEEN = "a" * 64
ROUND = Subject("test.matter", "1")


def submit(*, by: Any, approver: Any, at: datetime, **changes: Any) -> int:
    """The dullest valid draft: one decision on twelve letters."""
    draft = {
        "section_id": by.section_id,
        "title": "学童クラブ入所の決定について",
        "body": "次のとおり決定してよろしいか伺います。",
        "figures": [{"label": "承認", "value": 10}, {"label": "待機", "value": 2}],
        "item_count": 12,
        "subject": ROUND,
        "content_sha256": SEEN,
    }
    return actions.submit_draft(**(draft | changes), approver=approver, by=by, at=at)
