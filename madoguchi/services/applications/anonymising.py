"""A case without the person: an example that gives the same result and says nothing about anybody; no queries."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

from madoguchi.common.ages import age_on, school_grade
from madoguchi.common.era import parse_japanese_date
from madoguchi.common.errors import Refusal
from madoguchi.common.names import name_key
from madoguchi.ledgers.procedures.fields import Field
from madoguchi.ledgers.procedures.form import Form
from madoguchi.ledgers.registry.synthetic_names import SURNAMES
from madoguchi.services.applications.rules import Raw

GIVEN = (
    *("あお", "いろ", "うみ", "えま", "おと", "かい", "きり", "くも", "けい", "こと", "さち", "しお"),
    *("すみ", "そら", "たけ", "つき", "てる", "とも", "なお", "のぞ", "はつ", "ふく", "まり", "ゆう"),
)
PERSONAL = frozenset({"name", "kana", "date", "address", "phone", "email", "text", "longtext", "file"})
FREE_TEXT = ("（文は写していません）", "＊＊＊＊", "……")
TOWN: Mapping[str, tuple[str, ...]] = {
    "postcode": ("999-0000", "000-9999"),
    "town": ("例示町", "架空村"),
    "block": ("0番地", "零番"),
    "building": ("",),
}


@dataclass
class Mask:
    """Equal people stay equal: each name, day and address is replaced by the same other one everywhere."""

    reference: date
    on: date
    names: dict[str, str] = field(default_factory=dict)
    days: dict[date, date] = field(default_factory=dict)
    originals: frozenset[date] = frozenset()
    forbidden: frozenset[str] = frozenset()

    def name(self, text: str, pool: Sequence[str]) -> str:
        key = f"{pool[0]}|{name_key(text)}"
        if key not in self.names:
            used = set(self.names.values())
            fit = [each for each in pool if each not in used and not shares(each, self.forbidden)]
            self.names[key] = fit[0] if fit else f"例{chr(0x30A2 + len(self.names))}"
        return self.names[key]

    def day(self, found: date) -> date:
        """A near day of the same school grade and ages on the day of receipt and of entry, and in the same month order."""
        if found not in self.days:
            self.days[found] = next(self.like(found), found)
        return self.days[found]

    def like(self, found: date) -> Iterator[date]:
        seed = sha256(f"{found.isoformat()}".encode()).digest()[0] % 20
        steps = [(seed + step) % 45 + 1 for step in range(45)]
        for step in steps:
            for other in (found - timedelta(days=step), found + timedelta(days=step)):
                if self.same_class(found, other) and not self.is_taken(other):
                    yield other

    def is_taken(self, day: date) -> bool:
        return day in self.originals or day in self.days.values()

    def same_class(self, one: date, other: date) -> bool:
        return classes(other, self.reference, self.on) == classes(one, self.reference, self.on)

    def fixed(self, *texts: str) -> str:
        """The first of these that shares nothing with what must not be seen."""
        return next((text for text in texts if not shares(text, self.forbidden)), "")


def classes(birth: date, *days: date) -> tuple[Any, ...]:
    """What rules tell a birth date by: the school grade and the age on these days."""
    found: list[Any] = []
    for on in days:
        past = birth <= on
        found += [past, age_on(birth, on) if past else None, school_grade(birth, on) if past else None]
    return tuple(found)


def shares(text: str, forbidden: frozenset[str]) -> bool:
    """Whether a replacement holds two letters in a row of something that must not be seen."""
    return any(piece in text or text in piece for piece in forbidden if piece)


def anonymous(
    form: Form, raw: Raw, *, on: date, reference: date, forbidden: frozenset[str]
) -> tuple[Raw, Mask]:
    """Everything typed with names, days of birth, addresses and free texts replaced; choices and numbers stay."""
    mask = Mask(reference, on, forbidden=forbidden, originals=births_in(form, raw))
    told: Raw = {}
    for html_name, values in raw.items():
        found = field_at(form, html_name)
        if found is not None:
            told[html_name] = [masked(found, html_name, value, mask) for value in values]
    return told, mask


def births_in(form: Form, raw: Raw) -> frozenset[date]:
    """Every day of birth that was typed and can be read."""
    typed = [
        value
        for html_name, values in raw.items()
        if (found := field_at(form, html_name)) is not None and found.type == "date" and is_birth(found)
        for value in values
    ]
    return frozenset(day for value in typed if (day := day_of(value)) is not None)


def day_of(text: str) -> date | None:
    try:
        return parse_japanese_date(text)
    except Refusal:
        return None


def field_at(form: Form, html_name: str) -> Field | None:
    """The question or column an input belongs to; None for names of no question, which an example leaves out."""
    key, _, rest = html_name.partition("-")
    found = form.fields.get(key)
    if found is None or not found.has_rows:
        return found
    parts = rest.split("-")
    columns = {column.key: column for column in found.columns}
    return columns.get(parts[1]) if len(parts) > 1 else None


def masked(found: Field, html_name: str, value: str, mask: Mask) -> str:
    act = MASKS.get(found.type)
    return act(found, html_name, value, mask) if act and value.strip() else value


def mask_name(_found: Field, html_name: str, value: str, mask: Mask) -> str:
    return mask.name(value, SURNAME_TEXTS if html_name.endswith("-family") else GIVEN)


def mask_kana(_found: Field, html_name: str, value: str, mask: Mask) -> str:
    return mask.name(value, SURNAME_KANA if html_name.endswith("-family") else GIVEN)


def mask_date(found: Field, _html_name: str, value: str, mask: Mask) -> str:
    """Days of people's births are moved; what cannot be read is not copied."""
    day = day_of(value)
    if day is None:
        return mask.fixed("読めない日付", "？？")
    return mask.day(day).isoformat() if is_birth(found) else day.isoformat()


def is_birth(found: Field) -> bool:
    return found.echo in ("grade", "age") or found.prefill.endswith("birth") or found.key.endswith("birth")


def mask_address(_found: Field, html_name: str, _value: str, mask: Mask) -> str:
    return mask.fixed(*TOWN.get(html_name.rpartition("-")[2], ("",)))


def mask_text(found: Field, _html_name: str, _value: str, mask: Mask) -> str:
    return mask.fixed(*FREE_TEXT)[: found.max_length]


def mask_file(_found: Field, _html_name: str, _value: str, mask: Mask) -> str:
    return mask.fixed("（ファイル）", "＜添付＞")


def mask_phone(_found: Field, _html_name: str, _value: str, mask: Mask) -> str:
    return mask.fixed("090-0000-0000", "080-0000-0000", "0999-99-9999")


def mask_email(_found: Field, _html_name: str, _value: str, mask: Mask) -> str:
    return mask.fixed("rei@example.jp", "katei@example.net")


MASKS: Mapping[str, Callable[[Field, str, str, Mask], str]] = {
    "name": mask_name,
    "kana": mask_kana,
    "date": mask_date,
    "address": mask_address,
    "text": mask_text,
    "longtext": mask_text,
    "file": mask_file,
    "phone": mask_phone,
    "email": mask_email,
}
SURNAME_TEXTS = tuple(each.text for each in SURNAMES)
SURNAME_KANA = tuple(each.kana for each in SURNAMES)


def anonymous_facts(facts: Mapping[str, Any], declared: Mapping[str, str], mask: Mask) -> dict[str, Any]:
    """Facts that are yes, no, a number, a known day or a code; the register's texts and people are not copied."""
    told: dict[str, Any] = {}
    for key, value in facts.items():
        if isinstance(value, bool | int | float):
            told[key] = value
        elif isinstance(value, str) and declared.get(key) == "date" and value:
            told[key] = mask.day(date.fromisoformat(value[:10])).isoformat()
        elif key == "duplicates" and isinstance(value, list):
            told[key] = [f"例{number}" for number, _ in enumerate(value, 1)]
        elif key == "certificates" and isinstance(value, list):
            told[key] = [plain_row(row) for row in value]
        elif isinstance(value, str) and value and declared.get(key) == "text" and key in CODED_FACTS:
            told[key] = value
    return told


CODED_FACTS = frozenset({"arrears_plan", "request_from"})
"""Texts of the register that are codes of a closed list, not about anybody."""


def plain_row(row: Any) -> Any:
    if not isinstance(row, Mapping):
        return None
    return {key: value for key, value in row.items() if key in ("days_month", "start", "end")}


def personal_strings(form: Form, raw: Raw, facts: Mapping[str, Any]) -> frozenset[str]:
    """Every text of two letters or more that says who somebody is: none of them may stand in the example."""
    found = {
        value.strip()
        for html_name, values in raw.items()
        if (each := field_at(form, html_name)) is not None and is_personal(each)
        for value in values
    }
    found |= set(texts_in({key: facts.get(key) for key in ("household", "resident")}))
    return frozenset(text for text in found if len(text) >= 2)


def is_personal(found: Field) -> bool:
    return found.type in PERSONAL and (found.type != "date" or is_birth(found))


WHO = frozenset("name kana birth address postcode phone email family given town block building".split())  # noqa: SIM905


def texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, each in value.items():
            if key in WHO or isinstance(each, Mapping | list):
                yield from texts_in(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts_in(each)
    elif isinstance(value, str):
        yield value.strip()


def survivors(form: Form, told: Raw, facts: Mapping[str, Any], personal: frozenset[str]) -> list[str]:
    """Personal texts that are still to be read where the example shows something about a person."""
    shown = [
        value
        for html_name, values in told.items()
        if (found := field_at(form, html_name)) is not None and is_personal(found)
        for value in values
    ] + list(strings_in(facts))
    return sorted({text for text in personal for value in shown if text in value})


def strings_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | list):
        for each in value.values() if isinstance(value, Mapping) else value:
            yield from strings_in(each)
