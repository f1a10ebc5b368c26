"""Results of the allocation, of trials and of moves between versions as a reader may have them told; no queries."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from madoguchi.ledgers.office.roles import Power
from madoguchi.services.applications.withholding import WITHHELD, hides

OPEN_KINDS = ("stage", "score")
"""Of what a trial tells of a case: its stage and its points, which everybody may see on the case."""


def placement_told(placement: Any, package: Any, powers: Collection[Power]) -> Any:
    """The placement; without its sentences for readers to whom some answers are withheld.

    The sentences name the order of equals and the phase (「障害の加点が高い」), which tell what the answers were.
    """
    if placement is None or not hides(package, powers):
        return placement
    return replace(placement, sentences=(WITHHELD,), score=(), wishes=())


def tried_told(row: Any, package: Any, powers: Collection[Power]) -> Any:
    """One case of a trial; rows of points, checks and reasons name answers, so they go with them."""
    if not hides(package, powers):
        return row
    told = {kind: said if kind in OPEN_KINDS or not said else WITHHELD for kind, said in row.told.items()}
    return replace(row, told=told, why_not=(WITHHELD,) if row.why_not else ())


def move_told(move: Any, package: Any, powers: Collection[Power]) -> Any:
    """A move between versions; why it could not be made by itself names answers."""
    return replace(move, why_not=(WITHHELD,)) if move.why_not and hides(package, powers) else move
