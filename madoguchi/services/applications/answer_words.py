"""One answer in words, as staff read, find and export it; no queries."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from madoguchi.common.era import format_both
from madoguchi.common.yen import format_yen
from madoguchi.ledgers.procedures.sensitivity import WITHHELD, sensitive_fields

CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
NOTHING = "—"


@dataclass(frozen=True)
class Told:
    """One answered field, or one cell of a row of a group, in words."""

    key: str
    label: str
    text: str
    sensitive: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where a text stands: a field of the form, or one column of its rows."""

    field: Any
    column: Any = None

    def told(self, text: str, hidden: Collection[str]) -> Told:
        field, column = self.field, self.column
        if column is None:
            return Told(field.key, field.label.ja, text, field.key in hidden)
        label, key = f"{field.label.ja} {column.label.ja}", f"{field.key}.{column.key}"
        return Told(field.key, label, text, key in hidden)


def told_answers(package: Any, answers: Mapping[str, Any]) -> Iterator[Told]:
    """Every answer of a case in words, rows of groups cell by cell, in the order of the form."""
    plan = plan_of(package)
    return (place.told(text, plan.hidden) for place, text in told_texts(plan, answers))


@dataclass(frozen=True)
class Plan:
    """What is told of every case of one package: made once for the cases of a page.

    `hidden` is what only holders of 「機微な項目を見る」 may find.
    """

    package: Any
    hidden: Collection[str]
    places: tuple[tuple[Any, Place, tuple[tuple[Any, Place], ...]], ...]


_PLANS: dict[str, Plan] = {}
MOST_PLANS = 256


def plan_of(package: Any) -> Plan:
    """Made once a process for each package: what a package says never changes under one fingerprint."""
    if package.sha256 not in _PLANS:
        if len(_PLANS) >= MOST_PLANS:
            _PLANS.clear()
        _PLANS[package.sha256] = _plan(package)
    return _PLANS[package.sha256]


def _plan(package: Any) -> Plan:
    fields = (field for field in package.form.fields.values() if field.type not in ("explanation", "consent"))
    places = (
        (field, Place(field), tuple((column, Place(field, column)) for column in field.columns))
        for field in fields
    )
    return Plan(package, sensitive_fields(package.form), tuple(places))


def told_texts(plan: Plan, answers: Mapping[str, Any]) -> Iterator[tuple[Place, str]]:
    """The answers as bare texts with their places, for whoever wants a few of many."""
    package = plan.package
    for field, whole, columns in plan.places:
        if field.key not in answers:
            continue
        value = answers[field.key]
        if columns and field.has_rows and isinstance(value, list):
            for row in value:
                for column, place in columns:
                    if (text := text_of(column, row.get(column.key), package)) != NOTHING:
                        yield place, text
        elif (text := text_of(field, value, package)) != NOTHING:
            yield whole, text


def text_of(field: Any, value: Any, package: Any) -> str:
    """The value in words; a dash where nothing was answered."""
    if value is None or value in ("", [], {}):
        return NOTHING
    if value == WITHHELD:
        return WITHHELD
    if isinstance(value, bool) and field.type != "consent":
        return "はい" if value else "いいえ"
    if field.type in ("choice", "ranked"):
        return chosen(field, value, package)
    reader = READERS.get(field.type)
    return (reader(value) if reader else f"{plain(value)}{field.unit.ja}") or NOTHING


def chosen(field: Any, value: Any, package: Any) -> str:
    picked = [_label(field, str(one), package) for one in (value if isinstance(value, list) else [value])]
    if field.type == "ranked":
        return "　".join(f"{CIRCLED[at]} {label}" for at, label in enumerate(picked[:20]))
    return "、".join(picked)


def _label(field: Any, code: str, package: Any) -> str:
    if field.options_from == "facilities":
        return next((str(place.label) for place in package.facilities if place.code == code), code)
    return next((option.label.ja for option in field.options if option.value == code), code)


def full_name(value: Any) -> str:
    parts = [value.get("family", ""), value.get("given", "")] if isinstance(value, Mapping) else [str(value)]
    return "　".join(part for part in parts if part)


def full_address(value: Any) -> str:
    if not isinstance(value, Mapping):
        return str(value)
    postcode = value.get("postcode", "")
    place = "".join(value.get(part, "") for part in ("town", "block"))
    whole = " ".join(part for part in (place, value.get("building", "")) if part)
    return f"〒{postcode} {whole}" if postcode and whole else whole


def plain(value: Any) -> str:
    """8 for 8.0, 7.5 as it is."""
    return f"{value:g}" if isinstance(value, float) else str(value)


def day(value: Any) -> str:
    try:
        return format_both(date.fromisoformat(str(value)))
    except ValueError:
        return str(value)


READERS: dict[str, Callable[[Any], str]] = {
    "name": full_name,
    "kana": full_name,
    "address": full_address,
    "date": day,
    "money": lambda value: format_yen(int(value)),
    "consent": lambda value: "同意した" if value else NOTHING,
    "file": lambda value: f"{len(value)}点" if value else NOTHING,
}
