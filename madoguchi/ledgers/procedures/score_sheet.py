"""The score of one application, kept as it was worked out: every row, its points, and why not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class FiredRow:
    """A row that matched. subject: g1.1 a situation of guardian 1, g1 guardian 1, c child and household,
    f one wished club. facility is blank when the row stands alike for every wish. A situation by which its
    guardian is not scored keeps counted and says so in why_not. source is the file and line of the row."""

    subject: str
    row_id: str
    text: str
    points: Decimal
    counted: bool
    why_not: str = ""
    facility: str = ""
    group: str = ""
    undecided: bool = False
    source: str = ""


@dataclass(frozen=True)
class ScoreSheet:
    """base: index of the guardians together; totals and tie (smaller goes first) by wished facility, in wish
    order; undecided: what a person must still decide; family and together keep siblings with each other."""

    base: Decimal
    totals: dict[str, Decimal]
    rows: tuple[FiredRow, ...]
    eligible: bool
    phase: str
    phase_order: int
    waiver: str
    tie: dict[str, list[float]]
    reason: str = ""
    undecided: tuple[str, ...] = ()
    family: str = ""
    together: str = ""

    def rows_of(self, facility: str) -> list[FiredRow]:
        """What was counted, and what was beaten, for one wish."""
        return [row for row in self.rows if row.facility in ("", facility)]

    def as_json(self) -> dict[str, Any]:
        return {
            **asdict(self),
            "base": str(self.base),
            "totals": {code: str(total) for code, total in self.totals.items()},
            "rows": [{**asdict(row), "points": str(row.points)} for row in self.rows],
            "wishes": list(self.totals),
        }

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> ScoreSheet:
        """Back from what as_json gave; wish order is kept apart because JSONB forgets the order of keys."""
        wishes = told["wishes"]
        rows = tuple(FiredRow(**{**row, "points": Decimal(row["points"])}) for row in told["rows"])
        return cls(
            **{
                **{name: value for name, value in told.items() if name != "wishes"},
                "base": Decimal(told["base"]),
                "totals": {code: Decimal(told["totals"][code]) for code in wishes},
                "rows": rows,
                "tie": {code: told["tie"][code] for code in wishes},
                "undecided": tuple(told["undecided"]),
            }
        )

    def sentences(self, facility: str) -> list[str]:
        """Why this total, for the applicant and the desk, in the order it is added up."""
        if not self.eligible:
            return [self.reason]
        rows = self.rows_of(facility)
        opening = [self.waiver] if self.waiver else []
        guardians = [_told(row, _owner(row.subject)) for row in rows if row.subject.startswith("g")]
        others = [_told(row, "") for row in rows if not row.subject.startswith("g")]
        base = f"{self.reason}。保護者の点（基準指数）は{plain_points(self.base)}点です。"
        total = f"合計は{plain_points(self.totals[facility])}点です。"
        return [*opening, *guardians, base, *others, *self.undecided, total]


def plain_points(points: Decimal) -> str:
    """35.5 as 35.5, 35.0 as 35."""
    return f"{points.normalize():f}"


def _owner(subject: str) -> str:
    return f"保護者{subject[1:].partition('.')[0]}: "


def _told(row: FiredRow, owner: str) -> str:
    if row.counted:
        note = f"（{row.why_not}）" if row.why_not else ""
        return f"{owner}{row.text} {row.points.normalize():+f}点{note}"
    return f"{owner}{row.text}（数えません: {row.why_not}）"
