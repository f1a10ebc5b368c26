"""What a drafter brings: the facts of one matter that decide who signs it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """One draft on the day it is submitted (`on`); papers under way keep the route of that day.

    Amounts are in yen, tax included, for the whole period of a contract. For a changed contract `amount` is
    the new total and `original_amount` the old one; `split_add` is what was bought for the same purpose from
    the same supplier within 30 days. `party` are posts with an interest of their own in the matter, `absent`
    those who are away. `instructed` says that the absent decider said beforehand what to decide.
    `department` is needed only to know that 財務部長 is the drafter's own 部長; "" when that does not matter.
    """

    kind: str
    amount: int | None
    on: date
    drafter_post: str
    section: str
    budget_ok: bool
    important: bool = False
    disagreed: bool = False
    party: frozenset[str] = frozenset()
    absent: frozenset[str] = frozenset()
    urgent: bool = False
    instructed: bool = False
    original_amount: int | None = None
    split_add: int = 0
    department: str = ""

    @property
    def changed_amount(self) -> int | None:
        """The larger of the original and the changed total (変更は当初と変更後の大きい方).

        The original alone says nothing: the changed total may be the larger one.
        """
        return None if self.amount is None else max(self.amount, self.original_amount or 0)

    @property
    def total(self) -> int | None:
        """The amount the table is read with; None for a matter without money."""
        return None if self.changed_amount is None else self.changed_amount + self.split_add

    def in_own_line(self, post: str) -> str:
        """The name a post has in the drafter's own line: for a draft of 契約課, 契約課長 is the 課長."""
        if self.section and post == f"{self.section}長":
            return "課長"
        return "部長" if self.department and post == f"{self.department}長" else post


def with_own_names(matter: Matter) -> Matter:
    """The matter with every post named as in the drafter's line, so that one person has one name."""
    return replace(
        matter,
        drafter_post=matter.in_own_line(matter.drafter_post),
        party=frozenset(map(matter.in_own_line, matter.party)),
        absent=frozenset(map(matter.in_own_line, matter.absent)),
    )
