"""Parts of the case page worked out from what the rooms hand over; no queries."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from madoguchi.common.calendar import OfficeCalendar
from madoguchi.common.era import format_era
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.procedures.sensitivity import WITHHELD, sensitive_facts
from madoguchi.services.applications.clock_rules import ClockReading, read_clock
from madoguchi.services.applications.clocks import rule_of
from madoguchi.services.applications.fact_rules import StaffFactRule, in_words, staff_facts
from madoguchi.services.applications.looked_up import LOOKED_UP
from madoguchi.services.applications.states import OPEN, PauseReason, Stage
from madoguchi.web.desk.answers_shown import full_name
from madoguchi.web.desk.diffs import Change, changes

SUBJECTS = {"c": "児童と世帯", "f": "希望するクラブ"}


@dataclass(frozen=True)
class Correction:
    """補正 as a difference, with its effect on the score."""

    asked: Any
    names: tuple[str, ...]
    changes: tuple[Change, ...]
    is_new: bool = False

    @property
    def is_open(self) -> bool:
        return self.asked.answered_at is None

    @property
    def moves_score(self) -> bool:
        return not self.is_open and self.asked.score_before != self.asked.score_after


def correction(
    package: Any, asked: Any, files: Mapping[str, str], seen_at: datetime | None = None
) -> Correction:
    """One 補正; it is new when its answer came after this person last looked."""
    changed = tuple(
        change for key, was, became in asked.changes for change in changes(package, key, was, became, files)
    )
    new = bool(seen_at and asked.answered_at and asked.answered_at >= seen_at)
    return Correction(asked, tuple(field_label(package, key) for key in asked.fields), changed, new)


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

    @property
    def withheld(self) -> bool:
        """Whether some rows give their points only."""
        return any(row["text"] == WITHHELD for row in (*self.rows, *self.beaten))


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
        "rule": f"{row['row_id']}{where(row.get('source', ''))}",
        "why_not": row.get("why_not", ""),
    }


def where(source: str) -> str:
    """（base.csv 12行目）: where the row stands; sheets made before it was kept do not say."""
    file, _, line = source.rpartition(":")
    return f"（{file.rpartition('/')[2]} {line}行目）" if file else ""


def owner(subject: str) -> str:
    """g1.1 and g1 are the first guardian's."""
    if subject.startswith("g"):
        return f"保護者{subject[1:].partition('.')[0]}"
    return SUBJECTS.get(subject, "")


@dataclass(frozen=True)
class Clock:
    """標準処理期間 as the panel shows it, in days of the package's kind."""

    reading: ClockReading
    pauses: tuple[Any, ...]
    runs: bool

    @property
    def unit(self) -> str:
        return "開庁日" if self.reading.rule.unit == "open" else "日"

    @property
    def late(self) -> int:
        return max(0, -self.reading.left)

    @property
    def standing(self) -> tuple[Any, ...]:
        """What the person at the desk may start again: everything but 補正."""
        return tuple(each for each in self.reading.standing if each.reason != PauseReason.CORRECTION)


def clock(package: Any, case: Any, on: date, calendar: OfficeCalendar) -> Clock:
    """The clock of a case today; of a decided one on the day of the decision."""
    runs = case.stage in OPEN
    day = timezone.localdate(case.decided_at) if case.decided_at else on
    received = timezone.localdate(case.received_at)
    return Clock(read_clock(received, rule_of(package), case.pauses, day, calendar), case.pauses, runs)


@dataclass(frozen=True)
class FactLine:
    """One fact staff may enter: what the package asks, what stands now, whether this person may change it."""

    rule: StaffFactRule
    standing: Any
    may: bool

    @property
    def value(self) -> str:
        if self.standing is None:
            return ""
        value = self.standing.value
        return ("yes" if value else "no") if isinstance(value, bool) else str(value)

    @property
    def told(self) -> str:
        return in_words(self.standing.value) if self.standing else ""


def facts(package: Any, case: Any, held: frozenset[Power], on: date) -> list[FactLine]:
    """Every fact of the package that staff may enter, those that stand first within their group."""
    hidden = sensitive_facts(package) if Power.SEE_SENSITIVE not in held else frozenset()
    known = {(each.name, each.row): each for each in case.staff_facts}
    editable = case.stage in OPEN - {Stage.DECIDING}
    return [
        FactLine(
            rule,
            known.get((rule.name, rule.row)),
            editable and (Power.APPROVE if rule.approver else Power.REVIEW_CASES) in held,
        )
        for rule in staff_facts(package, case.answers, on)
        if rule.name not in hidden
    ]


@dataclass(frozen=True)
class LookUp:
    """照会: what a list said, from which source, as of which day, asked when."""

    what: str
    value: str
    source: str
    as_of: date
    at: datetime


def lookups(package: Any, case: Any, held: frozenset[Power]) -> list[LookUp]:
    """What the lists of other systems said when they were asked, less facts that are not for this person."""
    hidden = sensitive_facts(package) if Power.SEE_SENSITIVE not in held else frozenset()
    return [
        LookUp(
            line["what"],
            line["value"],
            line["source"],
            date.fromisoformat(line["as_of"]),
            datetime.fromisoformat(line["at"]),
        )
        for line in case.facts.get(LOOKED_UP, [])
        if not hidden & set(line["facts"])
    ]


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
