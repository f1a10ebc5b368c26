"""The only way to one letter. The caller says of which case: a letter of another case is not there."""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError

from madoguchi.clerical.notices.models import Letter
from madoguchi.clerical.notices.states import LetterState
from madoguchi.ledgers.documents.access import open_document
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.trace import Actor, Subject


def letter_pdf(
    letter_id: UUID | str, *, subject: Subject, by: Actor, at: datetime, purpose: str = ""
) -> bytes:
    """The PDF of one letter of a case that the caller has already opened for this person.

    Looking leaves a trace with its purpose, which staff must give. Refused: NotFound also for a letter of
    another case or town and, to a resident, before the release.
    """
    letter = letter_of(letter_id, subject, by)
    owner = Subject("notices.letter", str(letter.pk))
    return open_document(letter.pdf_id, owner=owner, by=by, at=at, purpose=purpose).body


def letter_of(letter_id: UUID | str, subject: Subject, by: Actor) -> Letter:
    """The letter if it belongs to this case and this person may know of it; otherwise NotFound."""
    about = Letter.objects.filter(subject_kind=subject.kind, subject_id=subject.id)
    if by.kind == "resident":
        about = about.filter(state=LetterState.RELEASED)
    try:
        found = about.filter(pk=letter_id).first()
    except (ValidationError, ValueError):
        found = None
    if found is None:
        raise NotFound("通知")
    return found
