"""The route of a draft (決裁の経路): from the drafter's superiors and the sections consulted to the decision.

The rules are those the shipped table was made with, SR01 to SR18: typical of Japanese municipalities, chosen
where towns differ, and listed in README.md. Each function names its rule, so that a town sees what to change.
"""

from __future__ import annotations

from madoguchi.clerical.decisions.routing.deciding import Deciding, deciding_for
from madoguchi.clerical.decisions.routing.matter import Matter, with_own_names
from madoguchi.clerical.decisions.routing.on_the_way import consult_for, line_for, stages_of
from madoguchi.clerical.decisions.routing.posts import RANKS, rank_of
from madoguchi.clerical.decisions.routing.stages import (
    Capacity,
    Refused,
    Route,
    Seat,
    Stage,
    StageKind,
    Wait,
    written,
)
from madoguchi.clerical.decisions.routing.table import RouteTable
from madoguchi.clerical.decisions.routing.table_rows import Row
from madoguchi.common.text import in_quotes
from madoguchi.common.yen import format_yen

__all__ = ["Capacity", "Matter", "Refused", "Route", "Seat", "Stage", "StageKind", "Wait", "plan", "written"]


def plan(matter: Matter, table: RouteTable) -> Route | Wait | Refused:
    """The route of a draft on the day it is submitted, or why it waits or cannot go at all."""
    matter = with_own_names(matter)
    refused = _refused_at_once(matter)
    if refused:
        return refused
    row = table.row_for(matter.kind, matter.total, matter.on)
    if row is None:
        return _no_row(matter, table)
    deciding = deciding_for(matter, row, table)
    if not isinstance(deciding, Deciding):
        return deciding
    return _route(matter, row, deciding)


def _refused_at_once(matter: Matter) -> Refused | None:
    """SR15 (no budget, no route), and facts no route can be made of."""
    if matter.drafter_post not in RANKS:
        return Refused(
            f"起案者の職{in_quotes(matter.drafter_post)}から経路を作れません。",
            f"{'・'.join(RANKS)}のどれかで起案してください。",
        )
    if min(matter.amount or 0, matter.original_amount or 0, matter.split_add) < 0:
        return Refused(
            "金額が0円より小さくなっています。",
            "減額の変更は、当初の総額と変更後の総額をどちらも0円以上で入れてください。",
        )
    if not matter.budget_ok:
        return Refused(
            "予算の裏付けがないため、起案を回せません。",
            "先に予算の流用か補正予算の手続をして、予算が付いてから提出してください。",
        )
    return None


def _no_row(matter: Matter, table: RouteTable) -> Refused:
    kind = next((kind for kind in table.kinds(matter.on) if kind.code == matter.kind), None)
    if kind is None:
        return Refused(
            f"区分{in_quotes(matter.kind)}は、{matter.on}の専決区分表にありません。",
            "区分を選び直してください。表にない事案は、文書担当課に確かめてください。",
        )
    return Refused(
        f"「{kind.name}」は金額によって決裁者が違います。",
        "税込みの総額（契約なら全期間の額）を入れてください。",
    )


def _route(matter: Matter, row: Row, deciding: Deciding) -> Route:
    line = line_for(matter, deciding)
    consult = consult_for(matter, row, deciding)
    looks = _decider_looks(matter, row, deciding)
    later = {*line.later, *consult.later, *looks}
    return Route(
        row_id=row.row_id,
        decider=deciding.decider,
        stages=stages_of(line.posts, consult.posts, deciding),
        later_look=tuple(sorted(later, key=lambda post: (-rank_of(post), post))),
        council=row.council,
        reasons=(*_amount_reasons(matter), *deciding.reasons, *line.reasons, *consult.reasons),
    )


def _decider_looks(matter: Matter, row: Row, deciding: Deciding) -> tuple[str, ...]:
    """SR12: after a substitute the decider looks, unless the matter is light and routine; at a grave one always."""
    looks = deciding.substituted and (row.looks_later or matter.important)
    return (deciding.decider,) if looks else ()


def _amount_reasons(matter: Matter) -> list[str]:
    """SR04 and SR05, said when the amount the table was read with is not the one of the draft."""
    changed, total = matter.changed_amount, matter.total
    if changed is None or total is None:
        return []
    reasons = []
    if matter.original_amount is not None:
        reasons.append(f"変更契約のため、当初と変更後の大きい方の{format_yen(changed)}で決裁者を決めます。")
    if matter.split_add:
        added = f"30日以内に同じ目的で同じ相手から買った{format_yen(matter.split_add)}"
        reasons.append(f"{added}を合わせ、{format_yen(total)}で決裁者を決めます（分割発注の合算）。")
    return reasons
