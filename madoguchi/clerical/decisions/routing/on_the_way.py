"""Who signs before the decision: the drafter's superiors (経由) and other sections (合議). Part of route.py."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from madoguchi.clerical.decisions.routing.deciding import Deciding
from madoguchi.clerical.decisions.routing.matter import Matter
from madoguchi.clerical.decisions.routing.posts import examines, posts_above, rank_of
from madoguchi.clerical.decisions.routing.stages import Seat, Stage, StageKind
from madoguchi.clerical.decisions.routing.table_rows import Row


@dataclass(frozen=True, slots=True)
class OnTheWay:
    """Posts that sign, posts that look later instead, and why each other one is left out."""

    posts: tuple[str, ...]
    later: tuple[str, ...]
    reasons: tuple[str, ...]


def line_for(matter: Matter, deciding: Deciding) -> OnTheWay:
    """SR01: everyone above the drafter and below the decider, in turn."""
    # SR14: a 係長 from whom the decision was pulled up does not look later.
    below = [post for post in _line_below(matter, deciding) if post != deciding.pulled_up_from]
    return _sorted_out(matter, deciding, below)


def _line_below(matter: Matter, deciding: Deciding) -> list[str]:
    top = rank_of(deciding.decider)
    return [post for post in posts_above(matter.drafter_post) if rank_of(post) < top]


def consult_for(matter: Matter, row: Row, deciding: Deciding) -> OnTheWay:
    """The sections of the row, without those that are in the line already (SR03)."""
    own = {"課長", matter.drafter_post, deciding.decider, *_line_below(matter, deciding)}
    dropped = [post for post in row.consult if matter.in_own_line(post) in own]
    kept = [post for post in row.consult if post not in dropped]
    found = _sorted_out(matter, deciding, kept)
    reasons = [f"{post}は起案者と同じ所属の上司なので、合議を省きます。" for post in dropped]
    return OnTheWay(found.posts, found.later, (*reasons, *found.reasons))


def _sorted_out(matter: Matter, deciding: Deciding, posts: Sequence[str]) -> OnTheWay:
    """SR08: a party is left out; SR13: who is absent is passed over and looks later; SR16: nobody signs twice.

    Who examines a payment is never passed over.
    """
    signing, later, reasons = [], [], []
    for post in posts:
        name = matter.in_own_line(post)
        if name in matter.party:
            reasons.append(f"{post}は利害関係者のため、経路から除きます。")
        elif name in matter.absent and examines(post):
            signing.append(post)
            reasons.append(waits_for_examination(post))
        elif name in matter.absent:
            later.append(post)
            reasons.append(f"{post}は不在のため飛ばし、後から見ます（後閲）。")
        elif name == deciding.seat.post:
            reasons.append(f"{post}は代決者として一回だけ押します。")
        else:
            signing.append(post)
    return OnTheWay(tuple(signing), tuple(later), tuple(reasons))


def waits_for_examination(post: str) -> str:
    """Why somebody away is not passed over here."""
    return f"{post}は不在ですが、支払の審査は省けません。戻るのを待つか、同じ課の代決者が見ます。"


def stages_of(line: Sequence[str], consult: Sequence[str], deciding: Deciding) -> tuple[Stage, ...]:
    """SR02: other sections are asked after the drafter's own heads and before the decider, or before the 副市長
    when the decision lies with the 副市長 or above."""
    turn = min(rank_of(deciding.decider), rank_of("副市長"))
    asked = (Stage(StageKind.CONSULT, tuple(map(Seat, consult))),) if consult else ()
    return (
        *(Stage(StageKind.LINE, (Seat(post),)) for post in line if rank_of(post) < turn),
        *asked,
        *(Stage(StageKind.LINE, (Seat(post),)) for post in line if rank_of(post) >= turn),
        Stage(StageKind.DECIDE, (deciding.seat,)),
    )
