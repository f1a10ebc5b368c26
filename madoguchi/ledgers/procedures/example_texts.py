"""Examples as plain data and as lines of examples.toml; no queries."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from .examples import Example, read_example
from .form import Form
from .renames import Renaming
from .toml_source import Source, Table

BARE = re.compile(r"[A-Za-z0-9_-]+")


def example_of(body: Mapping[str, Any], form: Form) -> Example:
    """An example kept as data (the grammar of examples.toml, the day as ISO text)."""
    data = {**body, "on": date.fromisoformat(body["on"])}
    return read_example(Table(Source("examples.toml", []), data, 0, "example"), form, {})


def renamed(example: Example, names: Renaming) -> Example:
    """The example as another version calls its inputs; what it expects of renamed questions moves along."""
    errors = {names.name(name): said for name, said in example.errors.items()}
    values = {names.fields.get(key, key): value for key, value in example.values.items()}
    return replace(example, raw=names.raw(example.raw), errors=errors, values=values)


def as_toml(bodies: Iterable[Mapping[str, Any]]) -> str:
    """Examples as they are written in examples.toml."""
    return "".join(f"\n{one}" for one in map(one_as_toml, bodies))


def one_as_toml(body: Mapping[str, Any]) -> str:
    lines = ["[[example]]", f"name = {value(body['name'])}", f"on = {body['on']}"]
    lines += [f"{key} = {value(body[key])}" for key in ("period", "channel") if body.get(key)]
    for part in ("given", "facts", "expect"):
        if body.get(part):
            lines += ["", f"[example.{part}]", *pairs(body[part])]
    return "\n".join(lines) + "\n"


def pairs(table: Mapping[str, Any]) -> Iterator[str]:
    """TOML has no nothing: what is not known is left out."""
    for key, each in table.items():
        if each is not None:
            yield f"{name(key)} = {value(each)}"


def name(key: str) -> str:
    return key if BARE.fullmatch(key) else value(key)


def value(each: Any) -> str:
    if isinstance(each, bool):
        return "true" if each else "false"
    if isinstance(each, int | float):
        return str(each)
    if isinstance(each, Mapping):
        return "{ " + ", ".join(pairs(each)) + " }" if each else "{}"
    if isinstance(each, list | tuple):
        return "[" + ", ".join(value(one) for one in each if one is not None) + "]"
    return quoted(str(each))


ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def quoted(text: str) -> str:
    told = "".join(
        ESCAPES.get(char) or (f"\\u{ord(char):04X}" if ord(char) < 32 or ord(char) == 127 else char)
        for char in text
    )
    return f'"{told}"'
