"""What the town already knows, written into the inputs of a page that nobody has typed in yet; pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from madoguchi.common.ages import primary_grade
from madoguchi.common.era import format_era
from madoguchi.ledgers.procedures.context import Context
from madoguchi.ledgers.procedures.form import Form

Fits = Callable[[str], bool]
Raw = dict[str, list[str]]
PARTS = {
    "name": ("family", "given"),
    "kana": ("family", "given"),
    "address": ("postcode", "town", "block", "building"),
}
HEAD, HUSBAND, WIFE, CHILD, FATHER, MOTHER = 2, {11, 13}, {12, 14}, 20, 51, 52
"""続柄コード of the resident record, seen from the head of the household."""


def children(facts: Mapping[str, Any], fits: Fits | None = None) -> list[Mapping[str, Any]]:
    """Children of the household who may be meant: those whose birth fits, else all."""
    members = facts.get("household") or []
    found = [each for each in members if each.get("relationship_code") == CHILD]
    meant = [each for each in found if fits and each.get("birth") and fits(each["birth"])]
    return meant or found


def fitting(form: Form, context: Context) -> Fits:
    """Whether the form would take a child born that day; a form that does not say so is for pupils."""
    asked = next((each for each in form.fields.values() if each.prefill == "child.birth"), None)
    if asked is None or not asked.checks:
        return lambda birth: will_be_pupil(birth, context.reference_day)
    scope, key, checks = {**context.names(), **form.empties}, asked.key, asked.checks
    return lambda birth: all(
        check.rule.value_or(True, {**scope, key: birth}) is not False for check in checks
    )


def will_be_pupil(birth: str, entry_on: date) -> bool:
    born = date.fromisoformat(birth)
    return born <= entry_on and primary_grade(born, entry_on) is not None


def sources(
    facts: Mapping[str, Any], email: str, child: int | None, fits: Fits | None = None
) -> dict[str, Any]:
    """The records a field may name in `prefill`: resident, child, household."""
    own = {**(facts.get("resident") or {})}
    if email:
        own["email"] = email
    offered = children(facts, fits)
    chosen = offered[child] if child is not None and child < len(offered) else None
    return {"resident": own, "child": chosen or {}, "household": members_of(facts, chosen)}


def members_of(facts: Mapping[str, Any], child: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    members = facts.get("household") or []
    return [{**each, "relationship": seen_from_child(each, child, members)} for each in members]


def seen_from_child(
    member: Mapping[str, Any], child: Mapping[str, Any] | None, members: Sequence[Any]
) -> str:
    """父, 母, きょうだい … from the child's side; empty where the register cannot tell, so that a person answers."""
    if child is None:
        return ""
    if member.get("resident_id") == child.get("resident_id"):
        return "self"
    codes = {each.get("relationship_code") for each in members}
    return _relation(member.get("relationship_code"), codes)


def _relation(code: Any, codes: set[Any]) -> str:
    known = {CHILD: "sibling", FATHER: "grandparent", MOTHER: "grandparent"}
    known |= dict.fromkeys(HUSBAND, "father") | dict.fromkeys(WIFE, "mother")
    if code == HEAD:
        return "father" if codes & WIFE else "mother" if codes & HUSBAND else ""
    return known.get(code, "")


def page_raw(page: Any, found: Mapping[str, Any]) -> Raw:
    """Inputs of a page filled from the sources; fields without a known value stay out."""
    raw: Raw = {}
    for field in page.fields:
        value = looked_up(found, field.prefill)
        if value:
            raw.update(field_raw(field, field.key, value))
    return raw


def looked_up(found: Mapping[str, Any], path: str) -> Any:
    value: Any = found
    for step in path.split(".") if path else []:
        if step == "members" and isinstance(value, list):
            continue
        value = value.get(step) if isinstance(value, Mapping) else None
    return value if path else None


def field_raw(field: Any, name: str, value: Any) -> Iterator[tuple[str, list[str]]]:
    if field.has_rows != isinstance(value, list) or (field.type in PARTS) != isinstance(value, Mapping):
        # A package may name a record of another shape; then nothing is filled in.
        return
    if field.has_rows:
        for index, row in enumerate(value[: field.max_rows]):
            for column in field.columns:
                told = row_value(row, column)
                if told:
                    yield from field_raw(column, f"{name}-{index}-{column.key}", told)
    elif field.type in PARTS:
        yield from (
            (f"{name}-{part}", [part_as_typed(part, value[part])])
            for part in PARTS[field.type]
            if value.get(part)
        )
    else:
        yield name, [as_typed(field, value)]


def row_value(row: Mapping[str, Any], column: Any) -> Any:
    """続柄 is worked out from the child's side, so it is filled in only where the package offers that answer."""
    if column.key == "relationship" and not column.prefill:
        told = row.get("relationship", "")
        return told if told in {option.value for option in column.options} else ""
    return looked_up(row, column.prefill)


def part_as_typed(part: str, value: str) -> str:
    return f"{value[:3]}-{value[3:]}" if part == "postcode" and value.isdigit() else value


def as_typed(field: Any, value: Any) -> str:
    """A known value as people would type it: 平成28年6月1日 rather than 2016-06-01."""
    if field.type == "date":
        return format_era(date.fromisoformat(value))
    return str(value)
