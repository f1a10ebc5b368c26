"""`madoguchi allocate INSTANCE.json --out RESULT.json`: an allocation without a database.

Instance::

    {"facilities": [{"code": "f1", "name": "さくら学童クラブ", "capacity": 40}, …],
     "phases": {"1": "一次選考"},
     "tie_order": ["学年が低い", "公開した抽選番号が小さい"],
     "children": [{"id": "c1", "eligible": true, "waiver": false, "phase": 1, "lottery": 12,
                   "family": "k1", "together": "either|all_or_none|same_only",
                   "wishes": [{"facility": "f1", "total": "35.5", "tie": [1, -4]}, …]}, …]}

phase, lottery, family, together, eligible, waiver, tie, name, phases and tie_order may be left out. tie: smaller
goes first; without a lottery number the order among equals is drawn from a hash of the id.

Result::

    {"placed": {"c1": "f1"}, "children": [{"id", "outcome", "facility", "wish_rank", "position", …}],
     "facilities": [{"code", "capacity", "applicants", "placed", "first_wishes", "cut_off", …}],
     "check": {"passed", "violations", "envy", "excused", "sibling_blocks"}, "figures": {…}}
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from math import isfinite
from typing import Any

from .checker import check
from .contest import Child, Together, rank
from .errors import InstanceUnreadable
from .explaining import Story, Wording, club_lines, explain
from .placing import place


def allocate_file(instance: Mapping[str, Any]) -> dict[str, Any]:
    """Place, check and explain. Raises InstanceUnreadable with the child or facility to blame."""
    facilities = [_facility(told) for told in _list(instance, "facilities")]
    capacities = dict(facilities)
    children = [_child(told, capacities) for told in _list(instance, "children")]
    if len({child.id for child in children}) != len(children):
        raise InstanceUnreadable("children の id が重なっています。")
    placing = place(children, capacities)
    finding = check(children, capacities, placing.facility)
    stories = explain(children, capacities, placing, _wording(instance))
    lines = club_lines(children, capacities, placing)
    return {
        "placed": dict(sorted(placing.facility.items())),
        "children": [_told(stories[child.id]) for child in children],
        "facilities": [asdict(line) for line in lines],
        "check": {"passed": finding.passed, **asdict(finding)},
        "figures": {
            "children": len(children),
            "placed": len(placing.facility),
            "runs": placing.runs,
            "excused_siblings": len({case.child for case in finding.excused}),
        },
    }


def lottery_number(seed: str, child_id: str) -> int:
    """The public draw: anybody can work it out again from the published seed and the receipt number."""
    return int.from_bytes(sha256(f"{seed}|{child_id}".encode()).digest()[:6])


def _list(instance: Mapping[str, Any], name: str) -> list[Any]:
    told = instance.get(name) if isinstance(instance, Mapping) else None
    if not isinstance(told, list):
        raise InstanceUnreadable(f"「{name}」の一覧がありません。")
    return told


def _facility(told: Any) -> tuple[str, int]:
    try:
        code, capacity = str(told["code"]), int(told["capacity"])
    except (KeyError, TypeError, ValueError):
        raise InstanceUnreadable(f"facilities の {told!r} に code と capacity がありません。") from None
    if capacity < 0:
        raise InstanceUnreadable(f"{code} の定員が0より小さい数です。")
    return code, capacity


def _child(told: Any, capacities: Mapping[str, int]) -> Child:
    try:
        name = str(told["id"])
        wishes = {str(wish["facility"]): wish for wish in told["wishes"]}
        ranks = {code: _rank(name, told, wish) for code, wish in wishes.items()}
        together = Together(told.get("together") or "either")
    except (KeyError, TypeError, ValueError, AttributeError, InvalidOperation):
        raise InstanceUnreadable(f"children の {str(told)[:80]} を読めません。") from None
    for code in wishes:
        if code not in capacities:
            raise InstanceUnreadable(f"{name} が希望する {code} は facilities にありません。")
    family = str(told.get("family") or "")
    return Child(name, tuple(wishes), ranks, bool(told.get("eligible", True)), family, together)


def _rank(name: str, told: Mapping[str, Any], wish: Mapping[str, Any]) -> tuple[Any, ...]:
    total = Decimal(str(wish["total"]))
    tie = [float(each) for each in wish.get("tie", [])]
    if not total.is_finite() or not all(map(isfinite, tie)):
        raise ValueError
    return rank(
        name,
        phase=int(told.get("phase", 1)),
        total=total,
        tie=tie,
        lottery=int(told.get("lottery", lottery_number("", name))),
        waiver=bool(told.get("waiver", False)),
    )


def _wording(instance: Mapping[str, Any]) -> Wording:
    names = {str(told["code"]): str(told.get("name", told["code"])) for told in instance["facilities"]}
    told, ties = instance.get("phases") or {}, instance.get("tie_order") or []
    if not isinstance(told, Mapping) or not all(str(order).isdecimal() for order in told):
        raise InstanceUnreadable("phases は、段階の番号と名前の組で書いてください。")
    if not isinstance(ties, list):
        raise InstanceUnreadable("tie_order は、名前の一覧で書いてください。")
    return Wording(names, {int(order): str(text) for order, text in told.items()}, [str(tie) for tie in ties])


def _told(story: Story) -> dict[str, Any]:
    told = asdict(story)
    return {
        "id": told.pop("child"),
        **{name: told[name] for name in ("outcome", "facility", "wish_rank", "position", "sentences")},
    }
