"""What one version of a package makes of one case: answers, stage, checks, points and letters."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from .answers import read_all, scope_of
from .context import Context
from .examples import stage_after
from .flow import run_checks
from .offers import Period
from .package import Package
from .readers import Raw
from .scoring import score_application


@dataclass(frozen=True)
class Situation:
    """What is known of a case besides what was typed."""

    period: Period | None
    on: date
    facts: Mapping[str, Any]
    channel: str = "online"
    tables_on: date | None = None
    """The day whose rows of points count, when it is not the day of entry."""


@dataclass(frozen=True)
class Assessment:
    """One case under one version. letters gives for every outcome what its letter is made of (name, fingerprint)."""

    answers: Mapping[str, Any]
    errors: Mapping[str, str]
    stage: str
    checks: Mapping[str, str]
    score: str = ""
    rows: Mapping[str, str] = field(default_factory=dict)
    """Rows of the points that count, with their points."""
    letters: Mapping[str, tuple[str, str]] = field(default_factory=dict)


Assess = Callable[[Package, Raw], Assessment]


def assess(package: Package, raw: Raw, situation: Situation) -> Assessment:
    """The case by the rules of the package alone."""
    context = Context(
        situation.on, situation.period, situation.facts, package.facilities, channel=situation.channel
    )
    reading = read_all(package.form, raw, context)
    scope = scope_of(package.form, reading.values, context)
    errors = {error.name: error.sentence for error in reading.errors}
    checks: dict[str, str] = {check.key: check.result for check in run_checks(package.flow, scope)}
    score, rows = points(package, scope, situation)
    letters = letters_of(package, reading.values)
    return Assessment(reading.values, errors, stage_after(errors, checks), checks, score, rows, letters)


def points(package: Package, scope: Mapping[str, Any], situation: Situation) -> tuple[str, dict[str, str]]:
    """The points of every wish and the rows that count; nothing where the procedure has none."""
    if package.scoring is None:
        return "", {}
    day = situation.period.entry_on if situation.period else situation.on
    sheet = score_application(package, scope, situation.facts, day, situation.tables_on)
    return told_points(sheet), counted_rows(sheet)


def next_entry(package: Package, former: Package, code: str) -> date | None:
    """The entry of the round a version was made for: the first that its former does not have, after that of the case.

    A case of last year is tried with the rows of that day, and with its own facts (the child is no year older).
    """
    entered = next((period.entry_on for period in former.periods if period.code == code), None)
    known = {period.code for period in former.periods}
    later = [
        period.entry_on
        for period in package.periods
        if period.code not in known and entered is not None and period.entry_on > entered
    ]
    return min(later, default=None)


def told_points(sheet: Any) -> str:
    """16 / 28・28: of the guardians, then of each wish. Not eligible says so."""
    if not sheet.eligible:
        return "要件を満たさない"
    totals = "・".join(f"{total.normalize():f}" for total in sheet.totals.values())
    return f"{sheet.base.normalize():f}／{totals}" if totals else f"{sheet.base.normalize():f}"


def counted_rows(sheet: Any) -> dict[str, str]:
    """Row and whom it is about → its points."""
    return {
        f"{row.row_id} {row.subject} {row.facility}".strip(): f"{row.points.normalize():f}"
        for row in sheet.rows
        if row.counted
    }


def letters_of(package: Package, answers: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """For every outcome its letter and the fingerprint of everything that may be printed in it for this case."""
    wished = tuple(str(code) for code in wished_codes(package, answers))
    return {key: letter_mark(package, key, wished) for key in package.flow.outcomes}


def wished_codes(package: Package, answers: Mapping[str, Any]) -> list[Any]:
    ranked = next((each.key for each in package.form.fields.values() if each.type == "ranked"), "")
    return list(answers.get(ranked) or [])


def letter_mark(package: Package, outcome: str, wished: tuple[str, ...]) -> tuple[str, str]:
    told = package.flow.outcomes[outcome]
    names = [f"letters/{told.letter}.typ", f"letters/{told.letter}.txt", *letter_tables(package)]
    places = [place for code in wished if (place := package.facility(code))]
    printed = [told.label.ja, str(told.appeal), *(f"{place.code}{place.name}" for place in places)]
    total = hashlib.sha256("\0".join(printed).encode())
    for name in names:
        total.update(package.files.get(name, b"") + b"\0")
    return told.letter, total.hexdigest()[:16]


def letter_tables(package: Package) -> list[str]:
    """Tables whose results a letter may print: not those of the points, not the places."""
    points = {table.file for table in package.scoring.tables.values()} if package.scoring else set()
    places = f"tables/{package.facilities_table}.csv"
    return sorted(
        name for name in package.files if name.endswith(".csv") and name not in points and name != places
    )
