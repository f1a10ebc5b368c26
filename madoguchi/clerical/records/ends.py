"""What becomes of a file whose retention is over, and what keeps it back; no queries.

Records rules RR04 and RR05: 廃棄 is asked for as K41, whatever may be historic as K42, and never while somebody holds
the file back, a draft around it is undecided, or it has not been appraised. An appeal period needs no check of its own:
every class that needs a decision is kept for a year at least, and no appeal may be lodged after one year
(行政不服審査法18条2項).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from madoguchi.clerical.records.classes import AtEnd
from madoguchi.clerical.records.retention_clock import PERMANENT, Clock
from madoguchi.clerical.records.states import Appraisal, FileState, ListKind

BY_APPRAISAL = {Appraisal.DISPOSE: ListKind.DOUBTFUL, Appraisal.TRANSFER: ListKind.TRANSFER}


@dataclass(frozen=True)
class Held:
    """廃棄停止 in words, until a day or until further notice."""

    label: str
    until: date | None


@dataclass(frozen=True)
class FileFacts:
    """What the rule must know of one file. `copied`: a whole copy was made since it closed."""

    state: FileState
    at_end: AtEnd
    clock: Clock | None
    appraisal: Appraisal = Appraisal.OPEN
    holds: tuple[Held, ...] = field(default=())
    unsettled: int = 0
    copied: bool = False


def kind_of_list(facts: FileFacts) -> ListKind | None:
    """The list a file belongs on; None while it must be appraised first."""
    if facts.appraisal != Appraisal.OPEN:
        return BY_APPRAISAL[facts.appraisal]
    if facts.at_end == AtEnd.APPRAISE:
        return None
    if facts.at_end == AtEnd.TRANSFER:
        return ListKind.TRANSFER
    permanent = facts.clock is not None and facts.clock.term == PERMANENT
    if permanent:
        return ListKind.DOUBTFUL
    free = facts.at_end == AtEnd.DISPOSE_FREELY and facts.clock is not None and not facts.clock.term.years
    return ListKind.FREE if free else ListKind.DISPOSAL


def reasons_to_keep(facts: FileFacts, on: date, wanted: FileState = FileState.CLOSED) -> tuple[str, ...]:
    """Everything that keeps a file back on a day, each as a sentence; empty when nothing does.

    永年 is never over: such a file goes to the archives, or after an appraisal with its reason, by decision alone.
    """
    if facts.state != wanted or facts.clock is None:
        return (f"簿冊が「{facts.state.label}」です。",)
    kind = kind_of_list(facts)
    permanent = facts.clock.term == PERMANENT
    ends = facts.clock.ends_on
    over = facts.clock.over_on(on) or (permanent and kind == ListKind.TRANSFER) or _judged(facts)
    until = f"（{ends}まで）" if ends else f"（{facts.clock.term}）"
    checks = [
        (not over, f"保存年限が満了していません{until}。"),
        (kind is None, "移管か廃棄かの選別が済んでいません。"),
        (facts.unsettled > 0, "決裁の済んでいない起案に関わる文書があります。"),
        (
            kind == ListKind.TRANSFER and not facts.copied,
            "完結した後の、全部の写しがまだ書き出されていません。",
        ),
    ]
    found = [sentence for stands, sentence in checks if stands]
    held = [hold for hold in facts.holds if hold.until is None or hold.until >= on]
    return (*found, *(f"廃棄を止めています（{hold.label}）。" for hold in held))


def _judged(facts: FileFacts) -> bool:
    """A permanent file that was appraised may be laid before the decider of K42; any other waits for its day."""
    permanent = facts.clock is not None and facts.clock.term == PERMANENT
    return permanent and facts.appraisal != Appraisal.OPEN


def list_sha256(rows: Iterable[tuple[int, str, int]]) -> str:
    """The hash of the list that is decided: every file by key and title, with the number of its documents."""
    text = "\n".join(f"{key} {count} {title}" for key, title, count in sorted(rows))
    return hashlib.sha256(text.encode()).hexdigest()
