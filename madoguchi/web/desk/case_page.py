"""Parts of the case page worked out from what the rooms hand over; no queries."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from madoguchi.common.era import format_era
from madoguchi.web.desk.answers_shown import changes, full_name

SUBJECTS = {"c": "児童と世帯", "f": "希望するクラブ"}


@dataclass(frozen=True)
class Correction:
    """補正 as a difference, with its effect on the score."""

    asked: Any
    names: tuple[str, ...]
    changes: tuple[dict[str, str], ...]

    @property
    def is_open(self) -> bool:
        return self.asked.answered_at is None

    @property
    def moves_score(self) -> bool:
        return not self.is_open and self.asked.score_before != self.asked.score_after


def correction(package: Any, asked: Any) -> Correction:
    changed = tuple(
        {"name": name, "before": before, "after": after}
        for key, was, became in asked.changes
        for name, before, after in changes(package, key, was, became)
    )
    return Correction(asked, tuple(field_label(package, key) for key in asked.fields), changed)


def field_label(package: Any, key: str) -> str:
    """The words of a field; for one input of a row, of its group."""
    field = package.form.fields.get(key) or package.form.fields.get(key.partition("-")[0])
    return field.label.ja if field else key


@dataclass(frozen=True)
class Score:
    """指数の説明 for the first wish, and the totals of every wish."""

    total: Decimal | None
    before: Decimal | None
    rows: tuple[dict[str, Any], ...]
    beaten: tuple[dict[str, Any], ...]
    totals: tuple[tuple[str, str], ...]
    base: str
    reason: str
    eligible: bool
    undecided: tuple[str, ...]


def score(package: Any, case: Any) -> Score | None:
    """The score sheet as it was kept; None where the procedure has no points."""
    sheet: Mapping[str, Any] = case.score_sheet
    if not sheet:
        return None
    first = case.first_wish
    rows = [row for row in sheet["rows"] if row.get("facility", "") in ("", first)]
    names = {place.code: place.name for place in package.facilities}
    answered = [one for one in case.corrections if one.answered_at and one.score_before != one.score_after]
    return Score(
        total=case.score,
        before=answered[-1].score_before if answered else None,
        rows=tuple(told(row) for row in rows if row["counted"]),
        beaten=tuple(told(row) for row in rows if not row["counted"]),
        totals=tuple((names.get(code, code), sheet["totals"][code]) for code in sheet["wishes"]),
        base=sheet["base"],
        reason=sheet.get("reason", ""),
        eligible=sheet["eligible"],
        undecided=tuple(sheet.get("undecided", ())),
    )


def told(row: Mapping[str, Any]) -> dict[str, Any]:
    """One row of the table of points: whom it is about, why, how much, and why it was not counted."""
    return {
        "owner": owner(row["subject"]),
        "text": row["text"],
        "points": f"{Decimal(row['points']).normalize():f}",
        "rule": row["row_id"],
        "why_not": row.get("why_not", ""),
    }


def owner(subject: str) -> str:
    """g1.1 and g1 are the first guardian's."""
    if subject.startswith("g"):
        return f"保護者{subject[1:].partition('.')[0]}"
    return SUBJECTS.get(subject, "")


def household(facts: Mapping[str, Any]) -> list[dict[str, str]]:
    """The household as the registry told it when the application came in."""
    return [
        {
            "name": full_name(member.get("name", "")),
            "kana": full_name(member.get("kana", "")),
            "birth": era(member.get("birth")),
            "relationship": str(member.get("relationship", "")),
            "grade": f"{member['grade']}年" if member.get("grade") else "",
        }
        for member in facts.get("household", [])
    ]


def era(birth: Any) -> str:
    return format_era(date.fromisoformat(str(birth))) if birth else ""
