"""What one page of a form may change of an unsent application; no queries."""

import re
from collections.abc import Collection, Mapping
from typing import Any

from madoguchi.common.text import strip_controls
from madoguchi.services.applications.rules import Raw, belongs_to

ROW_INPUT = re.compile(r"(?P<row>[a-z0-9_]+-\d{1,3})-(?P<column>[a-z0-9_]+)")


def is_file_input(form: Any, name: str) -> bool:
    """Whether an input of this HTML name holds files: certificate, or guardians-0-certificate."""
    row = ROW_INPUT.fullmatch(name)
    if row is None:
        return name in form.fields and form.fields[name].type == "file"
    group = form.fields.get(row["row"].partition("-")[0])
    columns = group.columns if group else ()
    return any(column.key == row["column"] and column.type == "file" for column in columns)


def with_page(form: Any, before: Raw, typed: Mapping[str, list[str]], fields: Collection[str]) -> Raw:
    """All inputs of a page replaced by those typed now: an unticked box sends nothing, and is then empty.

    Files are attached and taken away by acts of their own: typing can neither lose nor claim one, except that
    a row taken away takes its files along.
    """
    of_page = {name: values for name, values in typed.items() if belongs_to(name, fields)}
    kept = {
        name: values
        for name, values in before.items()
        if not belongs_to(name, fields) or (is_file_input(form, name) and _row_stays(name, of_page))
    }
    now = {
        name: [strip_controls(value) for value in values]
        for name, values in of_page.items()
        if not is_file_input(form, name)
    }
    return kept | now


def _row_stays(name: str, of_page: Mapping[str, list[str]]) -> bool:
    row = ROW_INPUT.fullmatch(name)
    return row is None or any(belongs_to(each, [row["row"]]) for each in of_page)
