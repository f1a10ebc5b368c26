"""The yardstick of `bench allocate`: the definition written down as one CP-SAT model, without looking for anything first.

python -m scenarios.allocation_plain INSTANCE.json RESULT.json SECONDS: no family may block, as many placed as possible; eight workers
are requested. When no such outcome exists the result says so.
"""

import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

Place = tuple[str, str]


class _Plain:
    """The model of one instance."""

    def __init__(self, told: dict[str, Any]) -> None:
        from ortools.sat.python import cp_model

        self.told = told
        self.model: Any = cp_model.CpModel()
        self.age = {child["id"]: child["class"] for child in told["children"]}
        self.initial = {child["id"]: child.get("initial") for child in told["children"]}
        self.rank = {
            facility: {child: number for number, tier in enumerate(tiers) for child in tier}
            for facility, tiers in told["priorities"].items()
        }
        self.pool, self.seats = _pools(told["facilities"])
        self.wishes: dict[str, list[tuple[list[str | None], Any]]] = {}
        self.present: dict[Place, list[tuple[int, str, Any]]] = defaultdict(list)

    def build(self) -> None:
        placed = []
        for family in self.told["families"]:
            stay = [self.initial[child] for child in family["children"]]
            wishes = [*family["wishes"], stay]
            chosen = [self.model.new_bool_var("") for _ in wishes]
            self.model.add_exactly_one(chosen)
            self.wishes[family["id"]] = list(zip(wishes, chosen, strict=True))
            for wish, variable in self.wishes[family["id"]]:
                for child, facility in zip(family["children"], wish, strict=True):
                    if facility is not None:
                        self.present[self.pool[facility, self.age[child]]].append(
                            (self._rank(child, facility), family["id"], variable)
                        )
                        placed.append(variable)
        for pool, here in self.present.items():
            self.model.add(sum(variable for _, _, variable in here) <= self.seats[pool])
        for family in self.told["families"]:
            for number in range(len(family["wishes"])):
                self._nobody_blocks(family, number)
        self.model.maximize(sum(placed))

    def _rank(self, child: str, facility: str) -> int:
        return -1 if self.initial[child] == facility else self.rank[facility][child]

    def _nobody_blocks(self, family: dict[str, Any], number: int) -> None:
        """This wish or a better one, or one of its pools is full of others whose priority is not lower."""
        lowest: dict[Place, tuple[int, int]] = {}
        for child, facility in zip(family["children"], family["wishes"][number], strict=True):
            if facility is not None:
                pool = self.pool[facility, self.age[child]]
                own, rank = lowest.get(pool, (0, -1))
                lowest[pool] = (own + 1, max(rank, self._rank(child, facility)))
        full = []
        for pool, (own, rank) in lowest.items():
            others = [
                variable for at, other, variable in self.present[pool] if at <= rank and other != family["id"]
            ]
            full.append(self.model.new_bool_var(""))
            self.model.add(sum(others) >= self.seats[pool] - own + 1).only_enforce_if(full[-1])
        better = [variable for _, variable in self.wishes[family["id"]][: number + 1]]
        self.model.add_bool_or([*better, *full])

    def solve(self, seconds: float) -> dict[str, Any]:
        from ortools.sat.python import cp_model

        solver: Any = cp_model.CpSolver()
        solver.parameters.num_workers = 8
        solver.parameters.max_time_in_seconds = seconds
        status = solver.solve(self.model)
        told = {"status": solver.status_name(status), "placed": {}}
        if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            for family in self.told["families"]:
                wish = next(wish for wish, chosen in self.wishes[family["id"]] if solver.value(chosen))
                told["placed"] |= {
                    child: facility
                    for child, facility in zip(family["children"], wish, strict=True)
                    if facility is not None
                }
        return told


def _pools(facilities: list[dict[str, Any]]) -> tuple[dict[Place, Place], dict[Place, int]]:
    pool: dict[Place, Place] = {}
    seats: dict[Place, int] = defaultdict(int)
    for facility in facilities:
        group_of = {age: group[0] for group in facility.get("shared") or [] for age in group}
        for age, count in facility["seats"].items():
            pool[facility["id"], age] = (facility["id"], group_of.get(age, age))
            seats[pool[facility["id"], age]] += count
    return pool, seats


def main(instance: str, result: str, seconds: str) -> None:
    """Build, solve, write."""
    plain = _Plain(json.loads(Path(instance).read_text(encoding="utf-8")))
    plain.build()
    Path(result).write_text(json.dumps(plain.solve(float(seconds))), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
