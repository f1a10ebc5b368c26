"""What another room orders when it wants a letter to go out; no queries."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from madoguchi.ledgers.office.trace import Subject

FactValue = str | int | list[str]
Facts = Mapping[str, FactValue]


@dataclass(frozen=True)
class MailOrder:
    """One mail that is not a letter. The same `message_id` is the same mail."""

    to: str
    subject: str
    body: str
    message_id: str


@dataclass(frozen=True)
class LetterOrder:
    """One letter for one case.

    `template` is the Typst source and `text` the plain twin with {fact} names, both from the package.
    `facts["number"]` is the number of the case; the room adds document_number, dated_on, addressee, title,
    municipality, mayor and, unless given, contact. `facts["status_url"]`, when given, becomes the code at the
    top right. A `disposition` (処分) must carry its 教示.
    `place` counts the letters of a release from 0; with it the letter takes the number kept for that place.
    """

    kind: str
    subject: Subject
    addressee: str
    email: str
    title: str
    facts: Facts
    dated_on: date
    template: str
    text: str
    retention_class: str = "5"
    disposition: bool = True
    place: int | None = None

    @property
    def case(self) -> str:
        """How the case is named to people."""
        return str(self.facts.get("number") or self.subject.id)
