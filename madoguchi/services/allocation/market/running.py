"""Allocate, have it checked by the independent checker, and tell both: what commands, pages and reports call."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from .checking import Finding, check
from .faults import NotVerified
from .goals import Goal
from .interchange import Instance
from .solving import Outcome, allocate


@dataclass(frozen=True)
class Run:
    """A verified outcome. result: what the file says (no time in it: the same run writes the same bytes)."""

    outcome: Outcome
    finding: Finding
    goal: Goal
    seed: int
    seconds: float

    @property
    def result(self) -> dict[str, Any]:
        return {
            "placed": self.outcome.placed,
            "goal": self.goal.value,
            "goals": list(self.outcome.goals),
            "proof": self.outcome.proof,
            "bound": self.outcome.bound,
            "blocking": blocking_of(self.finding),
            "blocking_bound": self.outcome.blocking_bound,
            "time_over": self.outcome.time_over,
            "seed": self.seed,
        }

    @property
    def summary(self) -> dict[str, Any]:
        """One line of figures."""
        return {
            "placed": self.finding.placed,
            "blocking": len(self.finding.blocking),
            "proof": self.outcome.proof,
            "bound": self.outcome.bound,
            "seconds": round(self.seconds, 3),
            "goal": self.goal.value,
            "goals": list(self.outcome.goals),
            "blocking_bound": self.outcome.blocking_bound,
            "blocking_families": blocking_of(self.finding),
            "time_over": self.outcome.time_over,
            "parts": self.outcome.figures["parts"],
            "parts_asked": self.outcome.figures["asked"],
        }


def run(
    instance: Instance,
    *,
    goal: Goal = Goal.STABLE,
    seconds: float = 60.0,
    seed: int = 0,
    began: float | None = None,
) -> Run:
    """Allocate and verify. Raises NotVerified when the checker finds anything that the solver did not tell.

    began: when the time began to count (time.monotonic), for a command that has already read a file.
    """
    began = time.monotonic() if began is None else began
    outcome = allocate(instance, goal=goal, seconds=seconds - (time.monotonic() - began), seed=seed)
    finding = check(instance, outcome.placed)
    if finding.violations:
        raise NotVerified(finding.violations[0])
    blocking = {block.family for block in finding.blocking}
    if blocking != set(outcome.blocking):
        told = "、".join(sorted(blocking ^ set(outcome.blocking))[:3])
        raise NotVerified(f"より良い希望を主張できるかどうかが違う家族: {told}。")
    return Run(outcome, finding, goal, seed, time.monotonic() - began)


def blocking_of(finding: Finding) -> list[dict[str, Any]]:
    """Each blocking family with the number of the wish it could claim, from 1, and the wish."""
    return [
        {"family": block.family, "number": block.number, "wish": list(block.wish)}
        for block in finding.blocking
    ]


def summary_of_check(finding: Finding, seconds: float) -> dict[str, Any]:
    """The figures of a check. bound: by counting seats and children; `optimal` only when that is reached."""
    optimal = finding.passed and finding.placed == finding.bound
    return {
        "placed": finding.placed,
        "blocking": len(finding.blocking),
        "proof": "optimal" if optimal else "bound",
        "bound": finding.bound,
        "seconds": round(seconds, 3),
        "violations": finding.violations,
        "blocking_families": blocking_of(finding),
    }
