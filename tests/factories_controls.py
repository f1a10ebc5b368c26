"""The reference controls of subsidy and payment as a controls.toml, and the facts of its cases."""

import csv
import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from madoguchi.ledgers.procedures.controls import ACTS, STEP_NAMES, Controls
from madoguchi.ledgers.procedures.package import Package
from tests.factories_procedures import field, form_of, package_files, package_with

DATA = Path(__file__).parent / "ledgers" / "procedures" / "data" / "internal_control"
ANSWERS = {"sex": "text", "operation": "text", "seikyu_money": "money"}
STEPS = {name: step for step, name in STEP_NAMES.items()}
POSTS = {
    "係長": "unit_head",
    "課長": "section_head",
    "部長": "department_head",
    "監査": "auditor",
    "nobody": "nobody",
}
FORM = form_of(field("who", "text"), *(field(key, kind) for key, kind in ANSWERS.items()))
IN_PROCEDURE = {"arrears_months"}
"""Facts that the small sample package declares already."""
CHECKED = re.compile(r"(\w+) == false")


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / f"internal_control{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def defaults() -> dict[str, str]:
    return {row["fact"]: row["value"] for row in rows("_defaults")}


def key_of(control: str) -> str:
    return control.lower()


def by_hand(row: Mapping[str, str]) -> re.Match[str] | None:
    """A manual control that only asks whether its checklist is filled in."""
    return CHECKED.fullmatch(row["violation_when"]) if row["kind"] == "manual" else None


def listed() -> dict[str, str]:
    """The facts of the reference that are checklists here, with the control each belongs to."""
    return {found[1]: key_of(row["control_id"]) for row in rows("") if (found := by_hand(row))}


def named(rule: str) -> str:
    """The rule with every fact under the root it has here."""
    known = set(defaults()) - set(ANSWERS)
    return re.sub(r"\b[a-z_]+\b", lambda found: root(found[0]) if found[0] in known else found[0], rule)


def root(name: str) -> str:
    return f"{'acts' if name in ACTS else 'facts'}.{name}"


@cache
def controls_toml() -> str:
    facts = [name for name in defaults() if name not in {*ANSWERS, *ACTS, *listed(), *IN_PROCEDURE}]
    tables = [*(fact_table(name) for name in facts), *(control_table(row) for row in rows(""))]
    risk = '[risk]\namount = "seikyu_money"\ndays_left = "30 - facts.days_from_claim"'
    return "\n\n".join([*tables, risk]) + "\n"


def fact_table(name: str) -> str:
    return lines(
        "[[fact]]",
        key=name,
        type=type_of(name, defaults()[name]),
        label={"ja": name},
        source={"ja": f"{name}の記録"},
    )


def type_of(name: str, value: str) -> str:
    if value in ("true", "false"):
        return "yes_no"
    return "number" if value.isdecimal() and name != "setsu" else "text"


def control_table(row: Mapping[str, str]) -> str:
    given: dict[str, Any] = {
        "key": key_of(row["control_id"]),
        "step": str(STEPS[row["step"]]),
        "label": {"ja": row["control_point"]},
        "kind": row["kind"],
        "says": {"ja": f"{row['control_point']}に反しています。"},
        "evidence": {"ja": row["evidence"]},
    }
    if by_hand(row) is None:
        given["violated_when"] = named(row["violation_when"])
    items = [] if by_hand(row) is None else [lines("[[control.item]]", key="seen", label={"ja": "確かめた"})]
    override = lines(
        "[control.override]", by=POSTS[row["who_may_override"]], exception={"ja": row["exception_rule"]}
    )
    return "\n".join([lines("[[control]]", **given), *items, override])


def lines(header: str, **given: Any) -> str:
    return "\n".join([header, *(f"{key} = {toml(value)}" for key, value in given.items())])


def toml(value: Any) -> str:
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{key} = {toml(each)}' for key, each in value.items())} }}"
    return json.dumps(value, ensure_ascii=False)


def reference_package() -> Package:
    return package_with(form=FORM, controls=controls_toml())


def reference_files(**changed: str) -> dict[str, bytes]:
    return package_files(**{"form": FORM, "controls": controls_toml(), **changed})


@cache
def reference_controls() -> Controls:
    return reference_package().controls


def scope_with(**changed: Any) -> dict[str, Any]:
    """What rules see of a clean case with these facts changed; None takes one away."""
    told: dict[str, Any] = {name: value_of(name, text) for name, text in defaults().items()} | changed
    checklists = listed()
    scope: dict[str, Any] = {"facts": {}, "acts": {}, "checklists": {}}
    for name, value in told.items():
        if name in ANSWERS:
            scope[name] = value
        elif name in checklists:
            scope["checklists"][checklists[name]] = value
        else:
            scope["acts" if name in ACTS else "facts"][name] = value
    return scope


def value_of(name: str, text: str) -> Any:
    kind = type_of(name, defaults()[name])
    if kind == "yes_no":
        return text == "true"
    return int(text) if kind == "number" else text


def scope_of_case(row: Mapping[str, str]) -> dict[str, Any]:
    """The facts of one row of the reference cases."""
    parts = [part.partition("=") for part in row["facts_changed"].split(";") if part]
    return scope_with(**{name: value_of(name, text) for name, _, text in parts})
