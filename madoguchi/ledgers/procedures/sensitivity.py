"""機微な項目: which fields of a form somebody may read, and answers without the others; no queries.

A package says `sensitive = true` at a field or a column. What is calculated from it is sensitive too. A withheld
field is withheld whether it was answered or not: that something stands there would already tell.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from madoguchi.ledgers.office.roles import Power

if TYPE_CHECKING:
    from .cel import Rule
    from .fields import Field
    from .form import Form

WITHHELD = "機微な項目（権限が要ります）"
_MEMBER = re.compile(r"\.\s*([a-z_][a-z0-9_]*)")


def is_sensitive(field: Any) -> bool:
    """Whether only holders of 「機微な項目を見る」 may see this field."""
    return bool(getattr(field, "sensitive", False))


def all_fields(form: Form) -> frozenset[str]:
    """Every field by its key, every column as group.column."""
    return frozenset(name for field in form.fields.values() for name in _names(field))


def _names(field: Field) -> Iterator[str]:
    yield field.key
    yield from (f"{field.key}.{column.key}" for column in field.columns)


def sensitive_fields(form: Form) -> frozenset[str]:
    """What is marked, the columns of marked groups, and what is calculated from either."""
    found: set[str] = set()
    for field in form.fields.values():
        found |= {name for name in _names(field) if field.sensitive}
        found |= {f"{field.key}.{column.key}" for column in field.columns if column.sensitive}
    while more := {*_worked_out_of(form, found)} - found:
        found |= more
    return frozenset(found)


def _worked_out_of(form: Form, hidden: Collection[str]) -> Iterator[str]:
    """Fields that are worked out of these, by a rule or from a table."""
    yield from (name for name, rule, group in _calculated(form) if reads(rule, hidden, group))
    for field in form.fields.values():
        if field.lookup and field.lookup.reads & set(hidden):
            yield field.key


def _calculated(form: Form) -> Iterator[tuple[str, Rule, str]]:
    for field in form.fields.values():
        if field.rule:
            yield field.key, field.rule, ""
        for column in field.columns:
            if column.rule:
                yield f"{field.key}.{column.key}", column.rule, field.key


def reads(rule: Rule | None, hidden: Collection[str], group: str = "") -> bool:
    """Whether a rule reads one of these fields; within a group the columns go by their bare names."""
    if rule is None:
        return False
    members = set(_MEMBER.findall(rule.text))
    rows = {"row", "rows"} & rule.names
    for name in hidden:
        of, _, column = name.partition(".")
        if not column and of in rule.names:
            return True
        if column and of == group and column in rule.names:
            return True
        if column and column in members and (rows or of in rule.names):
            return True
    return False


def shown_fields(form: Form, powers: Collection[Power]) -> frozenset[str]:
    """The fields, and columns as group.column, that somebody with these powers may read."""
    everything = all_fields(form)
    return everything if Power.SEE_SENSITIVE in powers else everything - sensitive_fields(form)


def withheld_answers(form: Form, answers: Mapping[str, Any], shown: Collection[str]) -> dict[str, Any]:
    """The answers with every field that is not shown replaced by the words that say so."""
    told = {key: withheld_value(form, key, value, shown) for key, value in answers.items()}
    hidden = (key for key, field in form.fields.items() if key not in shown and field.type != "explanation")
    return told | dict.fromkeys(hidden, WITHHELD)


def withheld_value(form: Form, key: str, value: Any, shown: Collection[str]) -> Any:
    """One answer; of a group row by row."""
    field = form.fields.get(key)
    if field is None:
        return value
    if key not in shown:
        return WITHHELD
    hidden = [column.key for column in field.columns if f"{key}.{column.key}" not in shown]
    if not hidden or not isinstance(value, list):
        return value
    return [{**row, **dict.fromkeys(hidden, WITHHELD)} for row in value]


def withheld_raw(form: Form, raw: Mapping[str, list[str]], shown: Collection[str]) -> dict[str, list[str]]:
    """What was typed, without the inputs of fields that are not shown."""
    return {name: values for name, values in raw.items() if field_of_input(form, name) in shown}


def field_of_input(form: Form, name: str) -> str:
    """The field, or group.column, an input of the page belongs to: guardians-0-reason is guardians.reason."""
    key, _, rest = name.partition("-")
    field = form.fields.get(key)
    if field is None or not field.has_rows:
        return key
    column = rest.partition("-")[2].partition("-")[0]
    return f"{key}.{column}" if column else key


def withheld_files(form: Form, raw: Mapping[str, list[str]], shown: Collection[str]) -> frozenset[str]:
    """The ids of files handed in for fields that are not shown."""
    return frozenset(
        str(value)
        for name, values in raw.items()
        if (key := field_of_input(form, name)) not in shown and _type_of(form, key) == "file"
        for value in values
    )


def _type_of(form: Form, name: str) -> str:
    key, _, column = name.partition(".")
    field = form.fields.get(key)
    if field is None:
        return ""
    return field.column(column).type if column and any(c.key == column for c in field.columns) else field.type


def sensitive_facts(package: Any) -> frozenset[str]:
    """Facts of the scoring that are marked, or follow from sensitive answers."""
    if package.scoring is None:
        return frozenset()
    hidden = sensitive_fields(package.form)
    return frozenset(
        fact.name for fact in package.scoring.facts if fact.sensitive or reads(fact.rule, hidden)
    )


def sensitive_rows(package: Any) -> frozenset[str]:
    """Rows of the tables of points whose words would tell a sensitive fact. How guardians are put together is no fact."""
    facts = sensitive_facts(package)
    if not facts:
        return frozenset()
    return frozenset(
        row.id
        for name, table in package.scoring.tables.items()
        if name not in ("combine", "phases")
        for row in table.rows
        if facts & {fact for fact, _ in row.conditions}
        or (row.hand and row.hand.fact in facts)
        or (row.per and row.per.fact in facts)
    )


def sensitive_checks(package: Any) -> frozenset[str]:
    """Automatic checks that read, or ask to correct, a sensitive answer."""
    hidden = sensitive_fields(package.form)
    return frozenset(
        check.key
        for check in package.flow.checks
        if check.about in hidden
        or any(reads(rule, hidden) for rule in (check.rule, check.when, *check.parts.values()))
    )
