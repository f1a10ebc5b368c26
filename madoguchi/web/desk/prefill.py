"""Answers that the registry already has, as they would have been typed."""

from collections.abc import Mapping
from typing import Any


def prefilled(package: Any, facts: Mapping[str, Any], child_id: int | None) -> dict[str, list[str]]:
    """What the form's `prefill` names of the resident, the chosen child and the household."""
    known = {**facts, "child": child_of(facts, child_id)}
    raw: dict[str, list[str]] = {}
    for asked in package.form.fields.values():
        if asked.has_rows and asked.prefill.startswith("household"):
            for index, member in enumerate(facts.get("household", [])):
                for column in asked.columns:
                    put(raw, column, f"{asked.key}-{index}-{column.key}", member.get(column.prefill))
        elif asked.prefill:
            put(raw, asked, asked.key, found(known, asked.prefill))
    return raw


def child_of(facts: Mapping[str, Any], child_id: int | None) -> Mapping[str, Any]:
    return next((one for one in facts.get("household", []) if one.get("resident_id") == child_id), {})


def found(known: Mapping[str, Any], path: str) -> Any:
    value: Any = known
    for part in path.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def put(raw: dict[str, list[str]], asked: Any, name: str, value: Any) -> None:
    """One value under the names of its inputs; a choice only when the registry's word is one of its labels."""
    if value in (None, "", {}):
        return
    if isinstance(value, Mapping):
        raw.update({f"{name}-{part}": [str(text)] for part, text in value.items() if text})
    elif asked.type == "choice":
        chosen = [option.value for option in asked.options if str(value) in (option.value, option.label.ja)]
        raw.update({name: chosen} if chosen else {})
    else:
        raw[name] = [str(value)]
