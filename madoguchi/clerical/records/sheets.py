"""Plain A4 sheets of this room as PDF/A; the characters the font lacks are shown as 〓 and named at the end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from madoguchi.clerical.notices.typesetting import typeset_sheets, unprintable

GETA = "〓"


def typeset(source: str, told: dict[str, Any], *, seconds: int) -> bytes:
    """One sheet from our own source and its values; `seconds` (Unix) is its time of making."""
    missing = unprintable(_strings(told))
    shown = _without(told, missing) if missing else told
    shown["missing"] = "、".join("+".join(f"U+{ord(part):04X}" for part in char) for char in missing)
    return typeset_sheets(source, json.dumps(shown, ensure_ascii=False), seconds=seconds)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)


def _without(value: Any, missing: tuple[str, ...]) -> Any:
    if isinstance(value, str):
        for char in sorted(missing, key=len, reverse=True):
            value = value.replace(char, GETA)
        return value
    if isinstance(value, dict):
        return {key: _without(each, missing) for key, each in value.items()}
    return [_without(each, missing) for each in value] if isinstance(value, list) else value
