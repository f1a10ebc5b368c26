"""How a figure is worked out, rounded and judged; no queries, no clock.

A printed figure (somebody's report) and a measured one (our trace) are different kinds of things. Neither can be
added to the other, and time of people is never mixed with time of the machine.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from madoguchi.improvement.insight.arithmetic import rounded as rounded
from madoguchi.improvement.insight.arithmetic import share as share
from madoguchi.improvement.insight.states import Verdict

Unit = Literal["%", "日", "分", "件", "時間"]


@dataclass(frozen=True)
class Target:
    """A line to reach: at least so much, or at most."""

    value: Decimal
    unit: Unit
    at_least: bool = True
    whose: str = ""

    @property
    def sentence(self) -> str:
        """目標 30%以上."""
        return f"目標 {plain(self.value)}{self.unit}{'以上' if self.at_least else '以下'}"


@dataclass(frozen=True)
class Judged:
    """A target with what became of it."""

    target: Target
    verdict: Verdict


@dataclass(frozen=True)
class Part:
    """One part of a measure, such as a channel or a step, with its own base."""

    key: str
    label: str
    value: Decimal | None
    unit: Unit
    numerator: Decimal | None = None
    denominator: int | None = None
    hidden: bool = False


@dataclass(frozen=True)
class Measure:
    """One measured figure: value (rounded half up to a tenth), what it was divided from, how it is counted.

    `definition` says in one sentence what is counted; `link_filter` are the filters of the ledger that show
    the cases behind it.
    """

    key: str
    label: str
    value: Decimal | None
    unit: Unit
    numerator: Decimal | None
    denominator: int | None
    definition: str
    judged: tuple[Judged, ...] = ()
    link_filter: Mapping[str, str] = field(default_factory=dict)
    parts: tuple[Part, ...] = ()
    hidden: bool = False
    """Left out because few people stand behind it; not the same as not measured."""

    @property
    def target(self) -> Target | None:
        return self.judged[0].target if self.judged else None

    @property
    def verdict(self) -> Verdict:
        """The verdict against the first target; without one, 目標なし or まだ測れません."""
        if self.judged:
            return self.judged[0].verdict
        return Verdict.NOT_YET if self.value is None else Verdict.NO_TARGET


def plain(value: Decimal) -> str:
    """36 for 36.0, 31.6 for 31.6."""
    return f"{value.normalize():f}"


def judge(value: Decimal | None, target: Target) -> Judged:
    """Judge the exact value, before rounding: 29.96 % does not reach 30 %."""
    if value is None:
        return Judged(target, Verdict.NOT_YET)
    reached = value >= target.value if target.at_least else value <= target.value
    return Judged(target, Verdict.MET if reached else Verdict.MISSED)


def measured_share(
    key: str,
    label: str,
    part: int,
    whole: int,
    definition: str,
    targets: tuple[Target, ...] = (),
    link_filter: Mapping[str, str] | None = None,
) -> Measure:
    """A percentage with its numerator and denominator."""
    exact = share(part, whole)
    return Measure(
        key,
        label,
        rounded(exact),
        "%",
        Decimal(part),
        whole,
        definition,
        tuple(judge(exact, target) for target in targets),
        link_filter or {},
    )


def per(amount: Decimal | int, count: int, times: int = 1) -> Decimal | None:
    """amount × times ÷ count, to a tenth; None of nothing."""
    return rounded(Decimal(amount) * times / count) if count else None
