"""From what was typed to answers: rules in order, errors beside their inputs, nothing typed lost."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from .context import Context
from .fields import Check, Field
from .form import Form, Page
from .readers import READERS, Asked, FieldError, Raw, Read


@dataclass
class PageReading:
    """One page: its values, what is wrong, and how typed values were read, by HTML name."""

    values: dict[str, Any]
    errors: list[FieldError]
    echoes: dict[str, str]


@dataclass
class Reading:
    """The whole form. values holds visible fields only; pages are the keys of the pages that are shown."""

    values: dict[str, Any]
    errors: list[FieldError]
    echoes: dict[str, str]
    pages: tuple[str, ...]


@dataclass
class Desk:
    """A form while it is read: scope is what rules see, reads what each visible field gave, pages what was judged."""

    form: Form
    raw: Raw
    context: Context
    scope: dict[str, Any]
    reads: dict[str, Read] = field(default_factory=dict)
    pages: dict[str, PageReading] = field(default_factory=dict)

    def page(self, page: Page) -> PageReading:
        """One page as it reads, judged once."""
        if page.key not in self.pages:
            self.pages[page.key] = reading_of(self, page)
        return self.pages[page.key]


def read_all(form: Form, raw: Raw, context: Context) -> Reading:
    """Read every answer. Unknown names in raw are ignored; hidden fields have no value and no error."""
    desk = open_desk(form, raw, context)
    pages = tuple(page.key for page in form.pages if any(field.key in desk.reads for field in page.fields))
    readings = [desk.page(page) for page in form.pages]
    return Reading(
        {key: value for reading in readings for key, value in reading.values.items()},
        [error for reading in readings for error in reading.errors],
        {name: echo for reading in readings for name, echo in reading.echoes.items()},
        pages,
    )


def read_page(form: Form, page_key: str, raw: Raw, context: Context) -> PageReading:
    """Read one page with everything typed so far. Raises KeyError for an unknown page."""
    page = form.page(page_key)
    return open_desk(form, raw, context).page(page)


def visible_pages(form: Form, values: Mapping[str, Any], context: Context) -> list[Page]:
    """The pages to show for these values, in order."""
    scope = scope_of(form, values, context)
    return [page for page in form.pages if page_shows(page, scope)]


def visible_fields(form: Form, page: Page, values: Mapping[str, Any], context: Context) -> list[Field]:
    """The fields of a page to show for these values."""
    scope = scope_of(form, values, context)
    return [field for field in page.fields if shows(field, scope)]


def page_shows(page: Page, scope: Mapping[str, Any]) -> bool:
    if page.visible and not page.visible.holds(scope):
        return False
    return any(shows(field, scope) for field in page.fields)


def shows(field: Field, scope: Mapping[str, Any]) -> bool:
    return field.visible is None or field.visible.holds(scope)


def scope_of(form: Form, values: Mapping[str, Any], context: Context) -> dict[str, Any]:
    """What rules see: the day, facts and every field, with the empty value where there is no answer."""
    return {**context.names(), **form.empties, **values}


_RECENT: deque[Desk] = deque(maxlen=16)
"""One page saves, judges and draws the same answers, and the next request draws the page after it: they are read once
as long as nothing about them differs. Any of the threads of a process may answer that request."""


def open_desk(form: Form, raw: Raw, context: Context) -> Desk:
    alike = [each for each in tuple(_RECENT) if each.form is form and each.context == context]
    for recent in alike:
        if recent.raw == raw:
            return recent
    desk = read_desk(form, dict(raw), context, alike[0] if alike else None)
    _RECENT.appendleft(desk)
    return desk


def read_desk(form: Form, raw: Raw, context: Context, before: Desk | None = None) -> Desk:
    """Read a form. What reads as it did `before`, because nothing it hangs on has changed, is taken over."""
    desk = Desk(form, raw, context, scope_of(form, {}, context))
    opened: dict[str, bool] = {}
    changed = changed_fields(raw, before.raw) if before else frozenset()
    for key in form.order:
        field, page = form.fields[key], form.page_of[key]
        if page.key not in opened:
            # What the rule of a page reads stands before each of its fields in the order, so it is settled here.
            opened[page.key] = page.visible is None or page.visible.holds(desk.scope)
        if opened[page.key] and (field.visible is None or field.visible.holds(desk.scope)):
            read = before.reads.get(key) if before and key not in changed else None
            if read is None or not all(same_value(name, desk, before) for name in form.reads[key]):
                read = read_field(Asked(field, key, raw, context), desk.scope)
            desk.reads[key] = read
            desk.scope[key] = read.value
    return desk


def changed_fields(raw: Raw, before: Raw) -> frozenset[str]:
    """The fields of which an input differs; an input is named by its field, and parts follow after a hyphen."""
    names = (name for name in raw.keys() | before.keys() if raw.get(name) != before.get(name))
    return frozenset(name.partition("-")[0] for name in names)


def same_value(name: str, desk: Desk, before: Desk | None) -> bool:
    """Whether a rule is handed the same: True, 1 and 1.0 differ for rules."""
    now, then = desk.scope[name], before.scope[name] if before else None
    return type(now) is type(then) and bool(now == then)


def read_field(asked: Asked, scope: Mapping[str, Any]) -> Read:
    field = asked.field
    if field.rule or field.lookup:
        return read_calculated(asked, scope)
    if field.has_rows:
        return read_rows(asked, scope)
    if field.type == "explanation":
        return Read(None)
    return READERS[field.type](asked)


def read_calculated(asked: Asked, scope: Mapping[str, Any]) -> Read:
    rule, lookup = asked.field.rule, asked.field.lookup
    value = rule.value_or(None, scope) if rule else lookup.value(scope) if lookup else None
    if value is None or not asked.field.shows:
        return Read(value)
    said = asked.field.shows.in_language(asked.context.language).replace("{value}", shown(value))
    return Read(value, echoes={asked.name: said})


def shown(value: Any) -> str:
    """A value inside a sentence: 8 rather than 8.0."""
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    return str(value)


ROW = re.compile(r"-(\d{1,3})-")


def row_indexes(asked: Asked) -> list[int]:
    """Rows in which something was typed, and as many more as must be there."""
    start = f"{asked.name}-"
    typed = set()
    for name, texts in asked.raw.items():
        match = ROW.match(name, len(asked.name)) if name.startswith(start) else None
        if match and any(str(text).strip() for text in texts):
            typed.add(int(match[1]))
    spare = (index for index in range(asked.field.max_rows) if index not in typed)
    while len(typed) < asked.field.min_rows:
        typed.add(next(spare))
    return sorted(typed)


def read_rows(asked: Asked, scope: Mapping[str, Any]) -> Read:
    """Rows of a group. errors of a row carry its index as typed; empty rows in between are left out."""
    read = Read([])
    indexes = row_indexes(asked)
    if len(indexes) > asked.field.max_rows:
        read.errors.append(asked.wrong("too_many_rows", most=asked.field.max_rows))
    for index in indexes[: asked.field.max_rows]:
        row = read_row(asked, f"{asked.name}-{index}", scope)
        read.value.append(row.value)
        read.errors += row.errors
        read.echoes |= row.echoes
    return read


def read_row(asked: Asked, name: str, scope: Mapping[str, Any]) -> Read:
    row: dict[str, Any] = {column.key: column.empty for column in asked.field.columns}
    inside = {**scope, **row}
    reads: dict[str, Read] = {}
    cells: dict[str, Asked] = {}
    for column in asked.field.in_column_order:
        if column.visible is None or column.visible.holds(inside):
            key = column.key
            cells[key] = Asked(column, f"{name}-{key}", asked.raw, asked.context)
            reads[key] = read_field(cells[key], inside)
            row[key] = inside[key] = reads[key].value
    total = Read(row)
    for column in asked.field.columns:
        if column.key in reads:
            each = reads[column.key]
            total.errors += [*each.errors, *complaints(cells[column.key], each, inside)]
            total.echoes |= each.echoes
    return total


def reading_of(desk: Desk, page: Page) -> PageReading:
    reading = PageReading({}, [], {})
    for each in page.fields:
        read = desk.reads.get(each.key)
        if read is None or each.type == "explanation":
            continue
        asked = Asked(each, each.key, desk.raw, desk.context)
        reading.values[each.key] = read.value
        reading.errors += [*read.errors, *complaints(asked, read, desk.scope)]
        reading.echoes |= read.echoes
    return reading


def complaints(asked: Asked, read: Read, scope: Mapping[str, Any]) -> Iterator[FieldError]:
    """What required and the checks say; a value that could not be read has said enough already."""
    field = asked.field
    if read.errors:
        return
    if is_blank(field, read.value):
        if is_required(field, scope):
            yield missing(asked)
        return
    for check in field.checks:
        if check.rule.value_or(True, scope) is False:
            yield FieldError(first_input(asked), check_sentence(asked, check, read, scope))


def is_blank(field: Field, value: Any) -> bool:
    return bool(value == field.empty)


def is_required(field: Field, scope: Mapping[str, Any]) -> bool:
    if field.type in ("calculated", "explanation"):
        return False
    if isinstance(field.required, bool):
        return field.required
    return field.required.holds(scope)


MISSING = {
    "choice": "choose",
    "ranked": "choose",
    "yes_no": "choose",
    "file": "attach",
    "consent": "agree",
    "group": "add_row",
    "household": "add_row",
}


def missing(asked: Asked) -> FieldError:
    field = asked.field
    own = field.required_says.in_language(asked.context.language)
    sentence = own or asked.say(MISSING.get(field.type, "write"), least=max(1, field.min_rows))
    return FieldError(first_input(asked), sentence)


FIRST_PART = {"name": "-family", "kana": "-family", "address": "-postcode", "ranked": "-1"}


def first_input(asked: Asked) -> str:
    """The HTML name of the input to which the error summary jumps."""
    return asked.name + FIRST_PART.get(asked.field.type, "")


def check_sentence(asked: Asked, check: Check, read: Read, scope: Mapping[str, Any]) -> str:
    """The sentence of a check, with {value} as it was read and the parts it works out put in."""
    sentence = check.says.in_language(asked.context.language)
    said = read.echoes.get(asked.name) or shown(read.value)
    sentence = sentence.replace("{value}", said)
    for name, rule in check.parts.items():
        sentence = sentence.replace(f"{{{name}}}", shown(rule.value_or("", scope)))
    return sentence
