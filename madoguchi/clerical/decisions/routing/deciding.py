"""Whose decision a matter is, and who signs when that post is away. Part of route.py."""

from __future__ import annotations

from dataclasses import dataclass, replace

from madoguchi.clerical.decisions.routing.matter import Matter
from madoguchi.clerical.decisions.routing.posts import HEAD_OF_UNIT, LADDER, posts_above, rank_of
from madoguchi.clerical.decisions.routing.stages import Capacity, Refused, Seat, Wait
from madoguchi.clerical.decisions.routing.table import RouteTable
from madoguchi.clerical.decisions.routing.table_rows import Row


@dataclass(frozen=True, slots=True)
class Deciding:
    """The post in whose power the decision lies, the seat that signs it, and the turns that led there."""

    decider: str
    seat: Seat
    reasons: tuple[str, ...] = ()
    pulled_up_from: str = ""

    @property
    def substituted(self) -> bool:
        return self.seat.capacity == Capacity.SUBSTITUTE


def deciding_for(matter: Matter, row: Row, table: RouteTable) -> Deciding | Wait | Refused:
    """Who decides: the row's decider, moved up where the rules say so, or whoever acts for an absent one."""
    found = _power_of(matter, row)
    if isinstance(found, Refused):
        return found
    decider, reasons = found
    if decider not in matter.absent:
        return Deciding(decider, Seat(decider), reasons)
    acting = _substitute(matter, row, table, decider)
    if decider == HEAD_OF_UNIT and acting is None:
        return _pulled_up(matter, row, table, reasons)
    return _substituted(matter, row, decider, acting, reasons)


def _power_of(matter: Matter, row: Row) -> tuple[str, tuple[str, ...]] | Refused:
    decider, reasons = _one_level_up(matter, row.decider)
    eligible = (post for post in LADDER if rank_of(post) >= rank_of(decider) and _may_decide(matter, post))
    found = next(eligible, None)
    if found is None:
        return Refused(
            f"起案者より上で、利害関係のない決裁者がいません（{decider}の決裁にあたる起案です）。",
            "起案者を別の職員に替えるか、市長の職務を代理する者を総務担当課と確かめてください。",
        )
    return found, (*reasons, *_turned_from(matter, decider, found))


def _turned_from(matter: Matter, decider: str, found: str) -> list[str]:
    """SR08, SR09: why the post that should decide does not: its own draft, or an interest in the matter."""
    reasons = []
    if rank_of(matter.drafter_post) >= rank_of(decider):
        reasons.append(f"起案者は自分の起案を決裁できないため、{matter.drafter_post}より上の職が決裁します。")
    passed = [
        post for post in LADDER if post in matter.party and rank_of(decider) <= rank_of(post) < rank_of(found)
    ]
    if passed:
        reasons.append(f"{'と'.join(passed)}に利害関係があるため、上の職の{found}が決裁します。")
    return reasons


def _one_level_up(matter: Matter, decider: str) -> tuple[str, tuple[str, ...]]:
    """SR06, SR07: one step for a matter of weight (重要・異例・先例・紛争), one more when a section does not agree."""
    reasons: list[str] = []
    for applies, why in (
        (matter.important, "重要・異例・先例・紛争のある起案のため"),
        (matter.disagreed, "合議が調わないため"),
    ):
        if applies:
            upper = next(iter(posts_above(decider)), decider)
            up = (
                f"一段上の{upper}が決裁します。"
                if upper != decider
                else f"一段上になりますが、{decider}より上はありません。"
            )
            reasons.append(f"{why}、{up}")
            decider = upper
    return decider, tuple(reasons)


def _may_decide(matter: Matter, post: str) -> bool:
    return post not in matter.party and rank_of(post) > rank_of(matter.drafter_post)


def _substitute(matter: Matter, row: Row, table: RouteTable, decider: str) -> str | None:
    """SR10: the first substitute who is there."""
    posts = map(matter.in_own_line, table.substitutes_of(decider, row, matter.on))
    return next((post for post in posts if _may_substitute(matter, post)), None)


def _may_substitute(matter: Matter, post: str) -> bool:
    """Not oneself, and not somebody below the drafter either: that would be a decision of one's own by proxy."""
    if post == matter.drafter_post or rank_of(post) < rank_of(matter.drafter_post):
        return False
    return post not in matter.absent and post not in matter.party


def _pulled_up(
    matter: Matter, row: Row, table: RouteTable, reasons: tuple[str, ...]
) -> Deciding | Wait | Refused:
    """SR14: for an absent 係長 the superior decides, as in a matter of their own."""
    upper = next((post for post in posts_above(HEAD_OF_UNIT) if _may_decide(matter, post)), None)
    if upper is None:
        return Refused(
            f"{HEAD_OF_UNIT}が不在で、上の職はすべて利害関係があります。",
            f"{HEAD_OF_UNIT}が登庁してから起案してください。",
        )
    reasons = (
        *reasons,
        f"{HEAD_OF_UNIT}が不在のため、{upper}が引き上げて決裁します（{HEAD_OF_UNIT}の後閲は不要）。",
    )
    if upper not in matter.absent:
        return Deciding(upper, Seat(upper, Capacity.PULLED_UP, HEAD_OF_UNIT), reasons, HEAD_OF_UNIT)
    found = _substituted(matter, row, upper, _substitute(matter, row, table, upper), reasons)
    return replace(found, pulled_up_from=HEAD_OF_UNIT) if isinstance(found, Deciding) else found


def _substituted(
    matter: Matter, row: Row, decider: str, acting: str | None, reasons: tuple[str, ...]
) -> Deciding | Wait:
    """SR11: matters of weight are not substituted, unless instructed beforehand or urgent."""
    if matter.important and not (matter.instructed or matter.urgent):
        return Wait(
            row.row_id,
            decider,
            f"{decider}が不在です。重要・異例・先例・紛争のある起案は、代決できません。",
            f"{decider}の登庁を待つか、あらかじめ指示を受けてください。緊急のときは、その理由を書けば代決できます。",
        )
    if acting is None:
        return Wait(
            row.row_id,
            decider,
            f"{decider}が不在で、代決できる職の人もいません。",
            f"{decider}か代決者の登庁を待ってください。急ぐときは、{decider}に連絡を取ってください。",
        )
    why = f"{decider}が不在のため、{acting}が代決します（効力は{decider}の決裁と同じです）。"
    return Deciding(decider, Seat(acting, Capacity.SUBSTITUTE, decider), (*reasons, why))
