"""[[truth]] of flow.toml: what is compared with the town's books while somebody types, and what is asked of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from .toml_source import Table

KINDS = ("household", "birth", "address", "duplicate", "holder")
DEMANDS = ("confirm", "fix")
OLDER_RECORD = ("household", "address", "duplicate")
"""Kinds in which an honest person may be right and the book merely older: they may be asked, never stopped."""


@dataclass(frozen=True)
class Truth:
    """One comparison. `field` is the question the applicant is asked to look at again, `demand` whether they may
    go on after looking (confirm) or must change it (fix), `check` the check of the flow that tells staff the same.
    """

    kind: str
    field: str
    demand: str
    check: str = ""
    against: tuple[str, ...] = ()


def read_truths(
    tables: Iterable[Table], known: Collection[str], checks: Collection[str]
) -> tuple[Truth, ...]:
    """Every [[truth]]; faults are noted. Two of one field must demand the same, or the demand would tell the reason."""
    found: dict[str, Truth] = {}
    truths: list[Truth] = []
    for table in tables:
        truth = _read_truth(table, known, checks)
        former = found.setdefault(truth.field, truth)
        if former.demand != truth.demand:
            table.blame(
                "demand",
                f"項目「{truth.field}」の demand がほかの [[truth]] と違います。理由が分からないよう、同じにしてください。",
            )
        truths.append(truth)
    return tuple(truths)


def _read_truth(table: Table, known: Collection[str], checks: Collection[str]) -> Truth:
    table.only({"kind", "field", "demand", "check", "against"})
    truth = Truth(
        table.one_of("kind", KINDS),
        table.text("field", must=True),
        table.one_of("demand", DEMANDS, "confirm"),
        table.text("check"),
        table.texts("against"),
    )
    for key in (truth.field, *truth.against):
        if key and key not in known:
            table.blame("field", f"「{key}」という項目はフォームにありません。")
    if truth.check and truth.check not in checks:
        table.blame("check", f"「{truth.check}」という [[check]] はありません。")
    if truth.demand == "fix" and truth.kind in OLDER_RECORD:
        table.blame(
            "demand",
            "記録が古いだけの人を止めないよう、この kind では demand を confirm にしてください。",
        )
    if (truth.kind == "holder") != bool(truth.against):
        table.blame("against", "「against」は kind が holder のときに、照らす項目を並べてください。")
    return truth
