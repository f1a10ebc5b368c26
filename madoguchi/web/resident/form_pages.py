"""One page of a procedure's form: what to draw, what was pressed, what newly appears."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from django.http import QueryDict

from madoguchi.common.by_identity import by_identity
from madoguchi.ledgers.procedures.answers import Reading, read_all, scope_of, visible_fields, visible_pages
from madoguchi.ledgers.procedures.context import Context
from madoguchi.ledgers.procedures.fields import Field
from madoguchi.ledgers.procedures.form import Page
from madoguchi.ledgers.procedures.package import Package
from madoguchi.services.applications.proxies import portal_channel
from madoguchi.web.components.field_views import Shown
from madoguchi.web.components.filled import Filled
from madoguchi.web.components.words import Reader
from madoguchi.web.resident.prefill import Raw

BUTTONS = (
    "_up",
    "_down",
    "_clear",
    "_more",
    "_add",
    "_remove",
    "_postcode",
    "_attach",
    "_drop",
    "_aid",
    "_save",
    "_child",
    "_look",
)


@dataclass(frozen=True)
class Paper:
    """A form with everything typed so far, read on a day in the reader's language."""

    package: Package
    context: Context
    raw: Mapping[str, list[str]]
    reader: Reader

    @cached_property
    def reading(self) -> Reading:
        return read_all(self.package.form, self.raw, self.context)

    def pages(self, values: Mapping[str, Any]) -> list[Page]:
        return self._own_pages if values is self.reading.values else self._pages_for(values)

    @cached_property
    def _own_pages(self) -> list[Page]:
        return self._pages_for(self.reading.values)

    def _pages_for(self, values: Mapping[str, Any]) -> list[Page]:
        return visible_pages(self.package.form, values, self.context)

    def with_raw(self, raw: Mapping[str, list[str]]) -> "Paper":
        return replace(self, raw=raw)

    def fields(self, page: Page, values: Mapping[str, Any]) -> list[Field]:
        return visible_fields(self.package.form, page, values, self.context)

    def filled(self, values: Mapping[str, Any], **more: Any) -> Filled:
        scope = scope_of(self.package.form, values, self.context)
        return Filled(raw=self.raw, context=self.context, scope=scope, reader=self.reader, **more)


def paper_of(package: Package, unsent: Any, reader: Reader, on: date) -> Paper:
    context = Context(
        on=on,
        period=package.period(unsent.period_code),
        facts=unsent.facts if package.form.looks_at_facts else {},
        facilities=package.facilities,
        language=reader.voice,
        channel=portal_channel(unsent.raw),
    )
    return Paper(package, context, unsent.raw, reader)


def typed(post: QueryDict) -> Raw:
    """What the page's own inputs hold; buttons and marks of ours begin with an underscore."""
    own = ("_", "csrfmiddlewaretoken", "file-")
    return {name: post.getlist(name) for name in post if not name.startswith(own)}


def pressed(post: QueryDict) -> tuple[str, str]:
    """The button that sent the page: ("_up", "clubs-2"), or ("", "") for 次へ進む."""
    return next(((name, post.get(name, "")) for name in BUTTONS if name in post), ("", ""))


def input_names(shown: Iterable[Shown]) -> list[str]:
    """Every question drawn, rows opened: what a page asked, so that the next reading knows what is new."""
    names: list[str] = []
    for each in shown:
        if each.field.has_rows:
            names += [name for row in each.rows for name in input_names(row["fields"])]
        elif each.field.type not in ("explanation", "calculated"):
            names.append(each.name)
    return names


@by_identity(512)
def deciding_names(page: Page) -> set[str]:
    """Fields of this page on whose answer other questions of the page hang."""
    rules = [rule for field in page.fields for rule in field.rules()]
    rules += [
        each.required
        for field in page.fields
        for each in (field, *field.columns)
        if not isinstance(each.required, bool)
    ]
    named = {name for rule in rules for name in rule.names}
    named |= {name for field in page.fields if field.lookup for name in field.lookup.reads}
    here = {field.key for field in page.fields} | {
        column.key for field in page.fields for column in field.columns
    }
    return named & here


def with_move(raw: Mapping[str, list[str]], button: str, name: str, field: Field) -> tuple[Raw, str]:
    """Wishes after 上へ, 下へ or 消す, and the input that gets the focus."""
    rank = int(name.rpartition("-")[2])
    wishes = [(raw.get(f"{field.key}-{at}") or [""])[0] for at in range(1, field.ranks + 1)]
    at = rank - 1
    if button == "_clear":
        wishes = [*wishes[:at], *wishes[at + 1 :], ""]
        to = min(rank, max(1, rank))
    else:
        to = rank - 1 if button == "_up" else rank + 1
        if 1 <= to <= field.ranks:
            wishes[at], wishes[to - 1] = wishes[to - 1], wishes[at]
        to = max(1, min(to, field.ranks))
    moved = {f"{field.key}-{at}": [wish] for at, wish in enumerate(wishes, 1)}
    return {**raw, **moved}, f"{field.key}-{to}"


def without_row(raw: Mapping[str, list[str]], key: str, index: int) -> Raw:
    start = f"{key}-{index}-"
    return {name: texts for name, texts in raw.items() if not name.startswith(start)}
