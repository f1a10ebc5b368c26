"""Settled drafts and case files as the office would make them."""

from datetime import datetime
from itertools import count
from typing import Any

from madoguchi.clerical.decisions import actions as decisions
from madoguchi.clerical.decisions.access import draft_for
from madoguchi.clerical.decisions.terms import Terms
from madoguchi.clerical.records import actions
from madoguchi.clerical.records.filing import Filing
from madoguchi.clerical.records.models import CaseFile
from madoguchi.clerical.records.states import FileState
from madoguchi.ledgers.office.actions import grant_role
from madoguchi.ledgers.office.trace import SYSTEM, Subject
from tests.factories_decisions import submit

SECRET = "そらの家庭の事情"
_numbers = count(1)


def approve(draft_id: int, head: Any, at: datetime, comment: str = "") -> None:
    shown = draft_for(head, draft_id, at)
    told = {"seen_sha256": shown.content_sha256, "edition": shown.edition, "comment": comment}
    decisions.approve(draft_id=draft_id, by=head, at=at, **told)


def settled(clerk: Any, head: Any, at: datetime, *, class_code: str = "B-05-01", **changes: Any) -> int:
    """An approved draft with a secret in its text, in the comment of its step and in the name of its file."""
    told = {
        "subject": Subject("test.matter", f"filed-{next(_numbers)}"),
        "title": "補助金の交付決定について",
        "body": f"次のとおり交付してよろしいか伺います。\n{SECRET}",
        "terms": Terms(class_code=class_code),
    }
    draft_id = submit(by=clerk, approver=head, at=at, **(told | changes))
    approve(draft_id, head, at, comment=f"{SECRET}を確かめました。")
    return draft_id


def closed_file(
    clerk: Any, head: Any, at: datetime, *, drafts: int = 1, class_code: str = "B-05-01"
) -> CaseFile:
    """A file of one class with settled drafts, closed by the end of its year."""
    file_id = 0
    for _ in range(drafts):
        draft_id = settled(clerk, head, at, class_code=class_code)
        file_id = actions.file_draft(draft_id=draft_id, by=clerk, at=at, filing=Filing())
    actions.close_past_years(at=at.replace(year=at.year + 1, month=6, day=1))
    file = CaseFile.objects.get(pk=file_id)
    assert file.state == FileState.CLOSED
    return file


def in_office(staff: Any, role: Any, *days: datetime) -> None:
    """Grants end with the fiscal year; a story over many years renews them."""
    for at in days:
        grant_role(staff=staff, role=role, on=at.date(), by=SYSTEM, at=at)
