"""利用調整: seats by rank and wishes, so that nobody takes the seat of somebody who ranks higher.

Children propose to their clubs in wish order; a club keeps the best ranked up to its capacity
(deferred acceptance). Ranks differ from club to club, phases come first in the rank, so one play is the
same as phase after phase. Without siblings the result is the stable one that is best for the children. The
order of input never matters.

Siblings. 別々でもよい (either): each child alone. 同じクラブだけ (same_only): one party that needs a seat
for each, at the rank of its lowest ranked member, its wishes by the smallest sum of wish
numbers. A party put out of a club so that seats would stay empty gives up that club and the
play starts again; afterwards it is tried whether it fits after all. 全員入れるときだけ (all_or_none):
each alone; while a family is not complete, the lowest ranked incomplete family is set aside and
the play starts again; afterwards they are tried again, best first.
"""

from __future__ import annotations

from bisect import insort
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from .contest import Child, Placing, Rank, Together, families

NOT_ALL_ELIGIBLE = (
    "きょうだいの中に利用の要件を満たさないお子さんがいるため、全員そろっての入所ができません。"
)
NO_COMMON_WISH = "きょうだい全員が希望するクラブがありません。"
NOT_SAME = "きょうだい全員が同じクラブに入れる席がありません。"
NOT_ALL = "きょうだい全員の席がそろいません。"


@dataclass(frozen=True, eq=False)
class Party:
    """One child, or siblings who want to stay together. places: its place in the order of each club."""

    name: str
    members: tuple[Child, ...]
    wishes: tuple[str, ...]
    places: Mapping[str, int]
    first: Rank

    @property
    def size(self) -> int:
        return len(self.members)


@dataclass
class Club:
    """The parties a club holds, best first, and the seats they take."""

    capacity: int
    held: list[tuple[int, Party]] = field(default_factory=list)
    used: int = 0

    def consider(self, party: Party, place: int) -> list[Party]:
        """Take the party in if its place is good enough; gives back who has no seat now."""
        if self.used + party.size <= self.capacity:
            insort(self.held, (place, party), key=_place)
            self.used += party.size
            return []
        if not self.held or place > self.held[-1][0]:
            return [party]
        insort(self.held, (place, party), key=_place)
        return self._cut()

    def _cut(self) -> list[Party]:
        """Keep from the best down whatever fits; who does not fit is passed over for smaller ones."""
        kept: list[tuple[int, Party]] = []
        out: list[tuple[int, Party]] = []
        used = 0
        for entry in self.held:
            fits = used + entry[1].size <= self.capacity
            (kept if fits else out).append(entry)
            used += entry[1].size if fits else 0
        self.held, self.used = kept, used
        return [party for _, party in out]


def _place(entry: tuple[int, Party]) -> int:
    return entry[0]


def place(children: Iterable[Child], capacities: Mapping[str, int]) -> Placing:
    """Seats for everybody who ranks high enough. Capacities are of clubs; a club not named has no seat."""
    everybody = sorted(children, key=lambda child: child.id)
    return _Round(everybody, capacities).settle()


class _Round:
    """One allocation: the order at each club, the families, and the plays of proposals."""

    def __init__(self, children: Sequence[Child], capacities: Mapping[str, int]) -> None:
        self.children, self.capacities = children, capacities
        self.order = _order_at_clubs(children)
        self.set_aside: dict[str, str] = {}
        self.runs = 0
        self.given_up: set[tuple[str, str]] = set()
        self.whole: dict[str, list[Child]] = {}
        self.parties = self._parties()

    def _parties(self) -> list[Party]:
        bound: set[str] = set()
        parties = []
        for key, members in families(self.children).items():
            together = max((child.together for child in members), key=list(Together).index)
            if together == Together.EITHER:
                continue
            if not all(child.eligible for child in members):
                self._set_aside(members, NOT_ALL_ELIGIBLE)
                bound |= {child.id for child in members}
            elif together == Together.ALL_OR_NONE:
                self.whole[key] = members
            else:
                parties += self._unit(key, members)
                bound |= {child.id for child in members}
        alone = [child for child in self.children if child.eligible and child.id not in bound]
        parties += [self._party(child.id, (child,), child.wishes) for child in alone if child.wishes]
        return sorted(parties, key=lambda party: (party.first, party.name))

    def _set_aside(self, members: Iterable[Child], reason: str) -> None:
        self.set_aside |= {child.id: reason for child in members}

    def _unit(self, key: str, members: Sequence[Child]) -> list[Party]:
        common = set.intersection(*(set(child.wishes) for child in members))
        if not common:
            self._set_aside(members, NO_COMMON_WISH)
            return []
        first = members[0]
        wishes = sorted(common, key=lambda code: (_wish_sum(members, code), first.wishes.index(code)))
        return [self._party(f"family {key}", tuple(members), tuple(wishes))]

    def _party(self, name: str, members: tuple[Child, ...], wishes: tuple[str, ...]) -> Party:
        places = {code: max(self.order[code][child.id] for child in members) for code in wishes}
        return Party(name, members, wishes, places, max(child.ranks[wishes[0]] for child in members))

    def settle(self) -> Placing:
        out: list[str] = []
        seats = self._without(out)
        while failing := self._incomplete(seats, out):
            out.append(failing[-1])
            seats = self._without(out)
        for key in sorted(out, key=self._family_rank):
            trial = [other for other in out if other != key]
            tried = self._without(trial)
            if not self._incomplete(tried, trial):
                out, seats = trial, tried
        for key in out:
            self._set_aside(self.whole[key], NOT_ALL)
        facility = {child.id: code for party, code in seats.items() for child in party.members}
        for party in self.parties:
            if party.size > 1 and party not in seats:
                self._set_aside(party.members, NOT_SAME)
        return Placing(facility, self.set_aside, self.runs)

    def _family_rank(self, key: str) -> Rank:
        return max(child.ranks[child.wishes[0]] for child in self.whole[key] if child.wishes)

    def _incomplete(self, seats: Mapping[Party, str], out: Collection[str]) -> list[str]:
        """Families that wanted all or none and are not complete, best ranked first."""
        seated = {child.id for party in seats for child in party.members}
        left = [key for key in self.whole if key not in out]
        failing = [key for key in left if not all(child.id in seated for child in self.whole[key])]
        return sorted(failing, key=self._family_rank)

    def _without(self, out: Collection[str]) -> dict[Party, str]:
        gone = {child.id for key in out for child in self.whole[key]}
        playing = [party for party in self.parties if party.members[0].id not in gone]
        banned = set(self.given_up)
        seats, broken = self._play(playing, banned)
        while broken:
            banned.add(broken)
            seats, broken = self._play(playing, banned)
        seats = self._second_chance(playing, seats, banned)
        self.given_up = banned
        return seats

    def _second_chance(
        self, playing: Sequence[Party], seats: dict[Party, str], banned: set[tuple[str, str]]
    ) -> dict[Party, str]:
        """A party may have given up a club too early: let it try again where it would fit."""
        for party in [party for party in playing if party.size > 1]:
            for code in party.wishes[: _wish_number(party, seats.get(party))]:
                if (party.name, code) in banned and self._would_fit(party, code, seats):
                    tried, broken = self._play(playing, banned - {(party.name, code)})
                    if not broken:
                        banned.discard((party.name, code))
                        seats = tried
        return seats

    def _would_fit(self, party: Party, code: str, seats: Mapping[Party, str]) -> bool:
        above = sum(
            other.size
            for other, at in seats.items()
            if at == code and other.places[code] < party.places[code]
        )
        return above + party.size <= self.capacities.get(code, 0)

    def _play(
        self, playing: Sequence[Party], banned: Collection[tuple[str, str]]
    ) -> tuple[dict[Party, str], tuple[str, str] | None]:
        """Everybody proposes until nobody is left; second, a party whose going leaves a seat empty."""
        self.runs += 1
        clubs = {code: Club(capacity) for code, capacity in self.capacities.items()}
        next_wish: dict[str, int] = defaultdict(int)
        waiting = list(reversed(playing))
        while waiting:
            party = waiting.pop()
            code = _next_club(party, next_wish, clubs, banned)
            if code is None:
                continue
            club = clubs[code]
            out = club.consider(party, party.places[code])
            if club.used < club.capacity and (broken := _put_out(out, party)):
                return {}, (broken, code)
            waiting += out
        return {party: code for code, club in clubs.items() for _, party in club.held}, None


def _next_club(
    party: Party, next_wish: dict[str, int], clubs: Mapping[str, Club], banned: Collection[tuple[str, str]]
) -> str | None:
    while next_wish[party.name] < len(party.wishes):
        code = party.wishes[next_wish[party.name]]
        next_wish[party.name] += 1
        if code in clubs and (party.name, code) not in banned:
            return code
    return None


def _put_out(out: Sequence[Party], newcomer: Party) -> str | None:
    return next((party.name for party in out if party.size > 1 and party is not newcomer), None)


def _wish_number(party: Party, code: str | None) -> int:
    return party.wishes.index(code) if code else len(party.wishes)


def _wish_sum(members: Iterable[Child], code: str) -> tuple[int, int]:
    numbers = [child.wishes.index(code) for child in members]
    return sum(numbers), max(numbers)


def _order_at_clubs(children: Iterable[Child]) -> dict[str, dict[str, int]]:
    """The place of every child in the order of each club it wished, 0 for the best."""
    ranks: dict[str, list[tuple[Rank, str]]] = defaultdict(list)
    for child in children:
        for code in child.wishes:
            ranks[code].append((child.ranks[code], child.id))
    return {
        code: {child_id: place for place, (_, child_id) in enumerate(sorted(entries))}
        for code, entries in ranks.items()
    }
