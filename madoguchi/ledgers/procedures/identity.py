"""本人確認: how sure a procedure must be of its applicant, and who decided so (the shape of DS-511).

IAL is how well the person was identified (身元確認), AAL how well they are recognised again (当人認証), each 1 to 3.
A package names the present practice at the counter; the shipped table `defaults/identity.csv`, the three rows of
Maebashi's working group, turns it into levels and methods. A package may also name levels itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from .decision_rows import Row, decide
from .decision_rows import Table as Decisions
from .decision_tables import FactKind, read_table
from .faults import Fault
from .toml_source import Table
from .words import NOTHING, Words

DEFAULTS = Path(__file__).parent / "defaults" / "identity.csv"
PRACTICES = ("in_person", "copy_by_post", "stated_only")
METHODS: dict[str, tuple[int, int]] = {
    "email": (1, 1),
    "sms": (1, 1),
    "email_sms": (1, 2),
    "card": (3, 3),
    "counter": (3, 3),
}
"""Every way of showing who one is, with the IAL and AAL it reaches."""

METHOD_NAMES = {
    "email": "メールアドレス",
    "sms": "SMS（携帯電話）",
    "email_sms": "メールアドレスとSMSの両方",
    "card": "マイナンバーカード",
    "counter": "窓口",
}
KEYS = frozenset(
    {"ial", "aal", "reason", "practice", "methods", "risk_note", "decided_by", "decided_on", "review_on"}
)


@dataclass(frozen=True)
class Identity:
    """The decision of one procedure. `reason` is the rationale; empty dates mean that nobody has decided."""

    ial: int = 1
    aal: int = 1
    reason: Words = NOTHING
    practice: str = "stated_only"
    row: str = ""
    methods: tuple[str, ...] = ()
    risk_note: str = ""
    decided_by: str = ""
    decided_on: date | None = None
    review_on: date | None = None
    line: int = 0

    def admits(self, ial: int, aal: int) -> bool:
        """Whether somebody proven to these levels may apply."""
        return ial >= self.ial and aal >= self.aal

    @property
    def ways(self) -> tuple[str, ...]:
        """The methods that reach both levels; the package may allow fewer of them."""
        allowed = self.methods or tuple(METHODS)
        return tuple(name for name in METHODS if name in allowed and self.admits(*METHODS[name]))

    def review_overdue(self, on: date) -> bool:
        return self.review_on is None or self.review_on < on


@cache
def default_table() -> Decisions:
    """The shipped table: present practice → IAL, AAL, methods."""
    known = {"practice": FactKind("code", frozenset(PRACTICES))}
    return read_table("defaults/identity.csv", DEFAULTS.read_text(encoding="utf-8"), known)


def default_row(practice: str, on: date) -> Row:
    """The row of the shipped table for a practice. Raises KeyError when it has none for the day."""
    row = decide(default_table(), {"practice": practice}, on)
    if row is None:
        raise KeyError(practice)
    return row


def read_identity(table: Table) -> Identity:
    """[identity] of procedure.toml. Levels written there win over those of the table."""
    table.only(KEYS)
    practice = table.one_of("practice", PRACTICES, "stated_only")
    decided, review = (_day(table, key) for key in ("decided_on", "review_on"))
    row = default_row(practice, decided or date.max)
    found = Identity(
        ial=table.integer("ial", int(row.results["ial"]), least=1, most=3),
        aal=table.integer("aal", int(row.results["aal"]), least=1, most=3),
        reason=table.words("reason"),
        practice=practice,
        row=row.id,
        methods=_methods(table) or tuple(row.results["methods"].split()),
        risk_note=table.text("risk_note"),
        decided_by=table.text("decided_by"),
        decided_on=decided,
        review_on=review,
        line=table.line,
    )
    if not found.ways:
        table.blame(
            "methods", "「methods」のどれも、求める ial・aal に届きません。届く方法を足してください。"
        )
    return found


def notices(identity: Identity, on: date) -> list[Fault]:
    """What is missing in the record of the decision, or out of date; a warning, the package loads."""
    lacking = {
        "reason（なぜ足りるか）": not identity.reason.ja,
        "risk_note（何が起こりうるか）": not identity.risk_note,
        "decided_by（決めた課）": not identity.decided_by,
        "decided_on（決めた日）": identity.decided_on is None,
        "review_on（見直す日）": identity.review_on is None,
    }
    said = [
        f"本人確認の決定に「{what}」がありません。書いてください。"
        for what, is_so in lacking.items()
        if is_so
    ]
    if identity.review_on and identity.review_on < on:
        said.append(
            f"本人確認の見直しの日（{identity.review_on}）を過ぎています。見直して、日付を書き替えてください。"
        )
    return [Fault("procedure.toml", identity.line, sentence) for sentence in said]


def _methods(table: Table) -> tuple[str, ...]:
    found = table.texts("methods")
    for method in found:
        if method not in METHODS:
            table.blame(
                "methods", f"「{method}」という方法はありません。{'、'.join(METHODS)} から選んでください。"
            )
    return tuple(method for method in found if method in METHODS)


def _day(table: Table, key: str) -> date | None:
    found = table.data.get(key)
    if found is None or type(found) is date:
        return found
    table.blame(key, f"「{key}」は 2026-04-01 のように、引用符なしの日付で書いてください。")
    return None
