"""The receipt of an application as PDF, made when it is asked for. Unlike a letter it decides nothing."""

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

from madoguchi.clerical.notices.errors import LetterBroken
from madoguchi.clerical.notices.typesetting import compiled, unprintable

TEMPLATE = Path(__file__).parent / "templates_typst" / "receipt.typ"
STAND_IN = "〓"
"""What Japanese printing has always put where a shape is missing; the receipt says so below."""


def typeset_receipt(facts: Mapping[str, Any], *, seconds: int) -> bytes:
    """A receipt as PDF/A-2a (about 5 ms). The same input gives the same bytes; `seconds` (Unix) is its time of making.

    A character without a shape becomes 〓 and `replaced` says so: a receipt must come, whatever the name. A letter
    refuses instead. Raises LetterBroken.
    """
    missing = unprintable(strings_of(facts))
    printed = with_stand_ins(facts, missing) if missing else {**facts, "replaced": ""}
    try:
        return compiled(_template(), "facts", json.dumps(printed, ensure_ascii=False), seconds)
    except typst.TypstError as error:
        raise LetterBroken(
            f"控え「{facts.get('number', '')}」を組めません（{error.message}）。",
            next_step="控えの画面を印刷するか、受付番号を書き留めてください。",
        ) from error


@lru_cache(maxsize=1)
def _template() -> bytes:
    return TEMPLATE.read_bytes()


def strings_of(value: Any) -> list[str]:
    """Every string in nested facts that may be printed; the drawing of the code is not text."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        return [text for key, each in value.items() if key != "qr_svg" for text in strings_of(each)]
    if isinstance(value, list | tuple):
        return [text for each in value for text in strings_of(each)]
    return []


def with_stand_ins(facts: Mapping[str, Any], missing: tuple[str, ...]) -> dict[str, Any]:
    replaced = _replaced(facts, missing)
    assert isinstance(replaced, dict)
    return {**replaced, "qr_svg": facts["qr_svg"]}


def _replaced(value: Any, missing: tuple[str, ...]) -> Any:
    if isinstance(value, str):
        for each in missing:
            value = value.replace(each, STAND_IN)
        return value
    if isinstance(value, Mapping):
        return {key: _replaced(each, missing) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_replaced(each, missing) for each in value]
    return value
