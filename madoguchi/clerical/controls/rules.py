"""Who may let an exception stand, what stands in the way, and fingerprints; no queries."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from madoguchi.clerical.controls.errors import ControlsOpen, OverrideRefused, ReasonMissing, WrongState
from madoguchi.clerical.controls.states import NEXT, SAMPLE_NEXT, FindingState, Result, SampleResult
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.procedures.controls import NOBODY, POSTS, ControlPoint

LINE = ("unit_head", "section_head", "department_head")
"""Posts of the line: whoever stands higher may do what the lower may."""
RANK_POSTS = {
    "係長": "unit_head",
    "課長補佐": "unit_head",
    "課長": "section_head",
    "部次長": "section_head",
    "部長": "department_head",
    "副市長": "department_head",
    "市長": "department_head",
}
"""What a rank of the office may do at least; 課長補佐 does not stand in for 課長, nor 部次長 for 部長."""
ROLE_POSTS = {Role.SECTION_HEAD: "section_head", Role.AUDITOR: "auditor"}
LONGEST_REASON = 600


@dataclass(frozen=True)
class Blocking:
    """One control in the way, with what to do about it."""

    label: str
    sentence: str
    remedy: str


def require_clear(blocking: Iterable[Blocking]) -> None:
    """Refuse with ControlsOpen, which names every control in the way and its remedy."""
    told = list(blocking)
    if told:
        raise ControlsOpen(
            "".join(f"統制「{each.label}」：{each.sentence}" for each in told),
            next_step="".join(f"「{each.label}」は、{each.remedy}" for each in told),
        )


def posts_from(roles: Collection[Role], ranks: Collection[str]) -> frozenset[str]:
    """The posts somebody holds by role and by rank."""
    by_role = frozenset(ROLE_POSTS[role] for role in roles if role in ROLE_POSTS)
    return by_role | frozenset(RANK_POSTS[rank] for rank in ranks if rank in RANK_POSTS)


def post_for(needed: str, held: Collection[str]) -> str:
    """The post as which somebody may let an exception stand. Raises OverrideRefused."""
    if needed == NOBODY:
        raise OverrideRefused(
            "この統制の例外は、だれも認められません。", next_step="内容を直してから、もう一度調べてください。"
        )
    enough = LINE[LINE.index(needed) :] if needed in LINE else (needed,)
    found = next((post for post in enough if post in held), "")
    if not found:
        raise OverrideRefused(
            f"この統制の例外を認められるのは{POSTS.get(needed, needed)}です。",
            next_step=f"{POSTS.get(needed, needed)}に、事情を伝えて頼んでください。",
        )
    return found


def require_move(now: FindingState, to: FindingState) -> None:
    """Refuse with WrongState what the table in states.py does not list."""
    if to not in NEXT[now]:
        raise WrongState(
            f"この例外は「{now.label}」のため「{to.label}」にはできません。",
            next_step="画面を読み直し、現在の状態を確かめてください。",
        )


def require_result(now: SampleResult, to: SampleResult) -> None:
    if to != now and to not in SAMPLE_NEXT[now]:
        raise WrongState(
            f"この件は「{now.label}」のため「{to.label}」にはできません。",
            next_step="「問題なし」か「問題あり」を選んでください。",
        )


def require_judged(result: Result) -> None:
    """An exception can be made of what was found out, not of what nobody looked at."""
    if result == Result.NOT_RUN:
        raise OverrideRefused(
            "まだ調べていない統制の例外は認められません。",
            next_step="足りない事実を確かめてから、もう一度調べてください。",
        )


def spoken(text: str, what: str) -> str:
    """A reason or note without blanks around it. Raises ReasonMissing when nothing is left."""
    said = text.strip()[:LONGEST_REASON]
    if not said:
        raise ReasonMissing(f"{what}が書かれていません。", next_step=f"{what}を書いてください。")
    return said


def rule_sha256(point: ControlPoint) -> str:
    """The fingerprint of what a control asks: its rule and the items of its checklist."""
    asked = [point.rule.text if point.rule else "", *(item.key for item in point.items)]
    return digest([str(point.step), str(point.kind), *asked])


def facts_fingerprint(result: str, facts: Mapping[str, Any], missing: Iterable[str], rule: str) -> str:
    """Equal for equal facts under an equal rule, whenever and wherever they were read."""
    return digest({"result": result, "facts": facts, "missing": sorted(missing), "rule": rule})


def digest(thing: Any) -> str:
    text = json.dumps(thing, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
