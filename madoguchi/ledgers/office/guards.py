"""How rows hang on protected people, as conditions for PostgreSQL; no queries.

Every model of a municipality whose rows say something about one person names its guard in `guarded_by`;
row_security.py turns it into a restrictive policy.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

SEES_ALL = "COALESCE(current_setting('madoguchi.sight', true), '') = 'all'"
SEES_UNIT = (
    "(COALESCE(current_setting('madoguchi.sight', true), '') = 'own'"
    " AND {unit}::text = COALESCE(current_setting('madoguchi.protection', true), ''))"
)
HIDDEN = "FROM office_protectedsubject hidden WHERE NOT " + SEES_UNIT.format(unit="hidden.unit")


class Guard(Protocol):
    """The condition under which a row may be seen."""

    @property
    def reading_only(self) -> bool:
        """True where rows may be written that the writer does not see."""

    def condition(self) -> str:
        """SQL over the columns of the guarded table."""


@dataclass(frozen=True)
class ByUnit:
    """The row itself carries the protection unit; empty means that everybody may see it.

    `marks` is the name under which other tables know its rows.
    """

    column: str = "protection_id"
    marks: str = ""
    reading_only: bool = False

    def condition(self) -> str:
        return f"{self.column} IS NULL OR {SEES_ALL} OR {SEES_UNIT.format(unit=self.column)}"


@dataclass(frozen=True)
class Through:
    """A foreign key to a record of `kind`. The few hidden keys are hashed once a question."""

    column: str
    kind: str
    key_type: str = "bigint"
    marks: str = ""
    reading_only: bool = False

    def condition(self) -> str:
        hidden = f"SELECT hidden.subject_id::{self.key_type} {HIDDEN} AND hidden.kind = '{self.kind}'"
        return f"{self.column} IS NULL OR {SEES_ALL} OR {self.column} NOT IN ({hidden})"

    def carried_by(self, mark: str) -> str:
        """Rows that carry the hidden record `mark`."""
        return (
            f"CASE WHEN {mark}.kind = '{self.kind}'"
            f" THEN carrier.{self.column} = {mark}.subject_id::{self.key_type} ELSE false END"
        )

    def parent_of(self, row: str) -> str:
        """The hidden record that a new row would carry."""
        return f"hidden.kind = '{self.kind}' AND hidden.subject_id = {row}.{self.column}::text"


@dataclass(frozen=True)
class BySubject:
    """Two columns that name a record of any room: kind and key."""

    kind: str = "subject_kind"
    key: str = "subject_id"
    marks: str = ""
    reading_only: bool = False

    def condition(self) -> str:
        return (
            f"{SEES_ALL} OR ({self.kind}, {self.key}) NOT IN (SELECT hidden.kind, hidden.subject_id {HIDDEN})"
        )

    def carried_by(self, mark: str) -> str:
        return f"carrier.{self.kind} = {mark}.kind AND carrier.{self.key} = {mark}.subject_id"

    def parent_of(self, row: str) -> str:
        return f"hidden.kind = {row}.{self.kind} AND hidden.subject_id = {row}.{self.key}"


@dataclass(frozen=True)
class Both:
    """Seen only when both guards let it be seen."""

    first: Through
    second: Through
    marks: str = ""
    reading_only: bool = False

    def condition(self) -> str:
        return f"({self.first.condition()}) AND ({self.second.condition()})"

    def carried_by(self, mark: str) -> str:
        return f"({self.first.carried_by(mark)} OR {self.second.carried_by(mark)})"

    def parent_of(self, row: str) -> str:
        return f"(({self.first.parent_of(row)}) OR ({self.second.parent_of(row)}))"


@dataclass(frozen=True)
class Open:
    """Not guarded, for a reason that a reader can judge."""

    reason: str
    marks: str = ""
    reading_only: bool = False

    def condition(self) -> str:
        return "true"


Carrying = Through | BySubject | Both
