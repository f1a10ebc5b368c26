"""Reading a letter, and the mark that it was opened."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from madoguchi.clerical.notices.access import letter_of
from madoguchi.clerical.notices.models import Letter
from madoguchi.clerical.notices.queries import view_of
from madoguchi.clerical.notices.views import LetterView
from madoguchi.ledgers.office.actions import leave_trace
from madoguchi.ledgers.office.trace import Actor, Subject


@transaction.atomic
def read_letter(
    letter_id: UUID | str, *, subject: Subject, by: Actor, at: datetime, purpose: str = ""
) -> LetterView:
    """One letter of a case the caller has opened for this person. A resident's first look is the 開封日時.

    Refused: NotFound, also for a letter of another case or town and, to a resident, before the release.
    """
    letter = letter_of(letter_id, subject, by)
    if by.kind == "resident":
        _mark_as_read(letter, by, at)
    else:
        looked_at = Subject("notices.letter", str(letter.pk))
        leave_trace(by, "notices.looked_at", looked_at, at=at, purpose=purpose)
    return view_of(letter)


def _mark_as_read(letter: Letter, by: Actor, at: datetime) -> None:
    unread = Letter.objects.filter(pk=letter.pk, first_read_at=None)
    if unread.update(first_read_at=at):
        letter.first_read_at = at
        case = Subject(letter.subject_kind, letter.subject_id)
        leave_trace(by, "notices.read", case, at=at, note={"number": letter.number})
