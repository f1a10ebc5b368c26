"""An independent look at a finished allocation: the rules of fairness, nothing of how seats were given.

Shares no code with placing: whoever doubts the allocation needs to read and believe only this page.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from .contest import Child, Together

Seats = Mapping[str, str]


@dataclass(frozen=True)
class Envy:
    """A child without the seat it wished more, while somebody ranked lower (or nobody) has it."""

    child: str
    facility: str
    holder: str


@dataclass
class Finding:
    """violations are sentences; envy must be empty. excused are cases which the wish of a family explains;
    sibling_blocks are families that could have been seated in the place of lower ranked children."""

    violations: list[str] = field(default_factory=list)
    envy: list[Envy] = field(default_factory=list)
    excused: list[Envy] = field(default_factory=list)
    sibling_blocks: list[Envy] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        return not self.violations and not self.envy


def check(children: Sequence[Child], capacities: Mapping[str, int], seats: Seats) -> Finding:
    """Look at capacity, eligibility, wishes, families and envy. seats: the facility by child."""
    finding = Finding()
    known = {child.id: child for child in children}
    if len(known) != len(children):
        finding.violations.append("同じお子さんが2回出ています。")
    strangers = sorted(set(seats) - set(known))
    finding.violations += [f"{name} は申込みがないのに席があります。" for name in strangers]
    finding.violations += _bad_seats(children, seats)
    holders: dict[str, list[Child]] = defaultdict(list)
    for name, code in seats.items():
        if name in known:
            holders[code].append(known[name])
    finding.violations += _overfull(holders, capacities)
    units = _bound_families(children)
    finding.violations += _broken_families(units, seats)
    _look_for_envy(finding, children, capacities, seats, holders, units)
    return finding


def _bad_seats(children: Iterable[Child], seats: Seats) -> list[str]:
    told = []
    for child in children:
        code = seats.get(child.id)
        if code is not None and not child.eligible:
            told.append(f"{child.id} は要件を満たさないのに {code} に席があります。")
        if code is not None and code not in child.wishes:
            told.append(f"{child.id} は希望していない {code} に席があります。")
    return told


def _overfull(holders: Mapping[str, list[Child]], capacities: Mapping[str, int]) -> list[str]:
    return [
        f"{code} は定員 {capacities.get(code, 0)} のところ {len(inside)} 人です。"
        for code, inside in sorted(holders.items())
        if len(inside) > capacities.get(code, 0)
    ]


def _bound_families(children: Iterable[Child]) -> dict[str, tuple[Together, list[Child]]]:
    """By child: what its family asked for (the strictest wish) and its members."""
    members: dict[str, list[Child]] = defaultdict(list)
    for child in children:
        if child.family:
            members[child.family].append(child)
    bound: dict[str, tuple[Together, list[Child]]] = {}
    for family in members.values():
        wishes = {child.together for child in family}
        strict = [wish for wish in (Together.SAME_ONLY, Together.ALL_OR_NONE) if wish in wishes]
        if strict and len(family) > 1:
            bound |= {child.id: (strict[0], family) for child in family}
    return bound


def _broken_families(units: Mapping[str, tuple[Together, list[Child]]], seats: Seats) -> list[str]:
    told = set()
    for together, family in units.values():
        places = {seats.get(child.id) for child in family}
        names = "・".join(sorted(child.id for child in family))
        if None in places and len(places) > 1:
            told.add(f"{names} は全員そろって入る希望ですが、一部だけに席があります。")
        if together == Together.SAME_ONLY and len(places - {None}) > 1:
            told.add(f"{names} は同じクラブだけの希望ですが、別々のクラブに席があります。")
    return sorted(told)


def _look_for_envy(
    finding: Finding,
    children: Iterable[Child],
    capacities: Mapping[str, int],
    seats: Seats,
    holders: Mapping[str, list[Child]],
    units: Mapping[str, tuple[Together, list[Child]]],
) -> None:
    lowest = {code: _lowest(code, inside) for code, inside in holders.items()}
    for child in children:
        for code in _better_wishes(child, seats):
            free = capacities.get(code, 0) > len(holders.get(code, ()))
            last = lowest.get(code)
            if free or (last is not None and last.ranks[code] > child.ranks[code]):
                case = Envy(child.id, code, "" if free or last is None else last.id)
                _file(finding, case, units.get(child.id), capacities.get(code, 0), holders.get(code, []))


def _lowest(code: str, inside: Sequence[Child]) -> Child | None:
    ranked = [child for child in inside if code in child.ranks]
    return max(ranked, key=lambda child: child.ranks[code], default=None)


def _better_wishes(child: Child, seats: Seats) -> tuple[str, ...]:
    if not child.eligible:
        return ()
    code = seats.get(child.id)
    return child.wishes[: child.wishes.index(code)] if code in child.wishes else child.wishes


def _file(
    finding: Finding,
    case: Envy,
    unit: tuple[Together, list[Child]] | None,
    capacity: int,
    inside: Sequence[Child],
) -> None:
    if unit is None:
        finding.envy.append(case)
        return
    finding.excused.append(case)
    together, family = unit
    if together == Together.SAME_ONLY and _room_for_all(family, case.facility, capacity, inside):
        finding.sibling_blocks.append(case)


def _room_for_all(family: Sequence[Child], code: str, capacity: int, inside: Sequence[Child]) -> bool:
    """Whether the whole family would fit above those ranked below its lowest ranked member."""
    if not all(child.eligible and code in child.ranks for child in family):
        return False
    own = max(child.ranks[code] for child in family)
    above = sum(1 for child in inside if child.ranks[code] < own)
    return above + len(family) <= capacity
