"""Sums and comparisons of the applications room; no queries, no clock."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from hashlib import sha256
from typing import Any

from madoguchi.common.calendar import OfficeCalendar
from madoguchi.common.idents import case_number
from madoguchi.common.names import name_key
from madoguchi.common.text import strip_controls

Raw = dict[str, list[str]]

SOON_OPEN_DAYS = 3
"""An application is 「期限が近い」 from this many open days before its due date."""
CAPPED_SECONDS = 1800
"""Longest time one act of a member of staff may count; a page left open over lunch is not work."""
UNSENT_DAYS = 30
"""Days after the last save for which an unsent application is kept."""
EXPIRY_STEPS = (7, 1)
"""Days before its end on which an unsent application is announced by mail."""


def expiry_step(days_left: int) -> int | None:
    """The announcement that is due with so many days left: a missed day is made up for, an old step is not."""
    if days_left < 0:
        return None
    return min((step for step in EXPIRY_STEPS if days_left <= step), default=None)


def spoken(text: str, limit: int) -> str:
    """A sentence somebody typed, without characters nobody can see and no longer than it may be."""
    return strip_controls(text).strip()[:limit]


def clean_raw(raw: Mapping[str, Sequence[str]]) -> Raw:
    """What was typed, without characters that cannot be kept or seen (controls, broken halves of characters)."""
    return {strip_controls(name): [strip_controls(value) for value in values] for name, values in raw.items()}


def full_name(name: Any) -> str:
    """見本　そら from {"family", "given"}; other answers as they are, nothing as an empty text."""
    if isinstance(name, Mapping):
        return "　".join(part for part in (name.get("family", ""), name.get("given", "")) if part)
    return str(name or "")


def person_key(name: Any, birth: str | None) -> str:
    """What two applications for one person have in common, however the name was written; "" when unknown.

    Equal keys mean "look at both": two children may share name and birthday.
    """
    written = name_key(full_name(name))
    return f"{written}|{birth}"[:200] if written and birth else ""


def household_key(applicant: Any, address: Any) -> str:
    """What applications of one family have in common: applicant and address, unreadable by itself."""
    parts = address if isinstance(address, Mapping) else {"town": address or ""}
    place = "".join(str(parts.get(part, "")) for part in ("postcode", "town", "block", "building"))
    written = name_key(full_name(applicant))
    if not written or not place:
        return ""
    return sha256(f"{written}|{name_key(place)}".encode()).hexdigest()[:20]


def receipt_numbers(prefix: str, last: int, count: int) -> list[str]:
    """The `count` numbers that end with the sequence `last`."""
    return [case_number(prefix, sequence) for sequence in range(last - count + 1, last + 1)]


def soon_until(on: date, calendar: OfficeCalendar) -> date:
    """The last due date that counts as near on a day."""
    return calendar.add_open_days(on, SOON_OPEN_DAYS)


def counted_seconds(seconds: int | None) -> int | None:
    """Staff seconds as they may be counted: never negative, never more than half an hour an act."""
    return None if seconds is None else max(0, min(seconds, CAPPED_SECONDS))


def belongs_to(html_name: str, fields: Collection[str]) -> bool:
    """Whether an input is one of the asked fields or a part of one: child_name-family is of child_name."""
    if html_name in fields:
        return True
    end = html_name.rfind("-")
    while end > 0:
        if html_name[:end] in fields:
            return True
        end = html_name.rfind("-", 0, end)
    return False


def with_corrections(before: Raw, typed: Mapping[str, list[str]], fields: Collection[str]) -> Raw:
    """What was typed at first, with only the asked fields replaced; anything else typed is left aside.

    An asked field that was typed again replaces all its inputs, so that a removed row is gone.
    """
    answered = {field for field in fields if any(belongs_to(name, [field]) for name in typed)}
    kept = {name: values for name, values in before.items() if not belongs_to(name, answered)}
    return kept | {name: list(values) for name, values in typed.items() if belongs_to(name, answered)}


def only_fields(answers: Mapping[str, Any], fields: Iterable[str]) -> dict[str, Any]:
    """The answers to these fields; an asked part of a row is kept with its whole field."""
    keys = dict.fromkeys(key for field in fields if (key := whole_field(field, answers)))
    return {key: answers.get(key) for key in keys}


def whole_field(field: str, answers: Mapping[str, Any]) -> str:
    """The field of the form that an asked input belongs to: guardians for guardians-0-end."""
    return field if field in answers else field.partition("-")[0]
