"""Beside the round: a what-if, and the result of another way to allocate, taken in and checked. Neither decides anything."""

import csv
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from madoguchi.services.allocation import actions as allocation
from madoguchi.services.allocation import queries as rounds
from madoguchi.services.allocation.actions import TakenIn
from madoguchi.services.allocation.market.interchange import instance_of
from madoguchi.services.allocation.market.running import Run, run
from madoguchi.services.allocation.outside import read_result
from madoguchi.services.allocation.trial_queries import AS_IT_IS, Comparison
from madoguchi.services.allocation.trial_rules import Changes
from scenarios.whole_period.desk import staff, wait_for
from scenarios.whole_period.plan import Plan, at

MORE_SEATS = 3
FIRST_COME = "受付順"


def more_seats(plan: Plan, round_id: int, key: str) -> Comparison:
    """What if one class had some seats more? Computed by the worker, compared with the round."""
    seats = {place: count for place, _, count in rounds.open_places(round_id)}
    wait_for(
        allocation.start_trial(
            round_id=round_id,
            name=f"{key} を{MORE_SEATS}席増やす",
            changes=Changes(seats={key: seats[key] + MORE_SEATS}),
            by=staff(plan, "shinsa"),
            at=at(plan.allocation_day, 11),
        )
    )
    return rounds.comparison(round_id, AS_IT_IS, newest_trial(round_id))


def newest_trial(round_id: int) -> str:
    return next(run.key for run in rounds.runs_of(round_id) if run.key != AS_IT_IS)


def exported(plan: Plan) -> dict[str, Any]:
    """The round as other solvers get it."""
    told = allocation.export_round(
        name=f"{plan.slug}/{plan.period}",
        by=staff(plan, "shinsa"),
        at=at(plan.allocation_day, 13),
        purpose="ほかの計算との比較",
    )
    return told.told


def taken_in(plan: Plan, placed: dict[str, str], title: str, minute: int) -> TakenIn:
    """A result as the CSV a spreadsheet would write, read back and kept beside the round."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "kekka.csv"
        with file.open("w", encoding="utf-8-sig", newline="") as handle:
            csv.writer(handle).writerows([["受付番号", "施設"], *sorted(placed.items())])
        return allocation.take_in_result(
            name=f"{plan.slug}/{plan.period}",
            result=read_result(file),
            title=title,
            by=staff(plan, "shinsa"),
            at=at(plan.allocation_day, 14, minute),
        )


def in_another_order(instance: dict[str, Any], lot: Random) -> Run:
    """The same market with its rows in another order, allocated as `madoguchi allocate` does it."""
    mixed = {**instance}
    for part in ("facilities", "children", "families"):
        mixed[part] = lot.sample(instance[part], len(instance[part]))
    return run(instance_of(mixed))


def claims(round_id: int, key: str) -> list[str]:
    """The families that could claim a better wish by the checker, by receipt number."""
    found = next(run.finding for run in rounds.runs_of(round_id) if run.key == key)
    assert found is not None
    return [f"{'・'.join(claim.children)} 第{claim.number}希望" for claim in found.claims]


def first_come(instance: dict[str, Any]) -> dict[str, str]:
    """Another way to allocate, by the order of receipt alone: each family in turn gets its best wish that has seats left."""
    pools = {
        (place["id"], label): (place["id"], next((g[0] for g in place["shared"] if label in g), label))
        for place in instance["facilities"]
        for label in place["seats"]
    }
    free: dict[tuple[str, str], int] = {}
    for place in instance["facilities"]:
        for label, count in place["seats"].items():
            pool = pools[place["id"], label]
            free[pool] = free.get(pool, 0) + count
    label_of = {child["id"]: child["class"] for child in instance["children"]}
    placed = {child["id"]: child["initial"] for child in instance["children"] if child["initial"]}
    for child, place in placed.items():
        free[pools[place, label_of[child]]] -= 1
    for family in sorted(instance["families"], key=lambda family: min(family["children"])):
        for wish in family["wishes"]:
            moves = [
                (child, place)
                for child, place in zip(family["children"], wish, strict=True)
                if place and placed.get(child) != place
            ]
            wanted = [pools[place, label_of[child]] for child, place in moves]
            if all(free[pool] >= wanted.count(pool) for pool in wanted):
                for (child, place), pool in zip(moves, wanted, strict=True):
                    free[pool] -= 1
                    placed[child] = place
                break
    return placed
