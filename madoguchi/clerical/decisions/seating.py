"""From posts to people: who sits on the route of a draft today."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from madoguchi.clerical.decisions.errors import BeyondLimit, RouteMissing
from madoguchi.clerical.decisions.routing.on_the_way import waits_for_examination
from madoguchi.clerical.decisions.routing.posts import examines, rank_of
from madoguchi.clerical.decisions.routing.route import Matter, Refused, Route, Wait, plan
from madoguchi.clerical.decisions.routing.table import RouteTable
from madoguchi.clerical.decisions.routing.table_rows import Row
from madoguchi.clerical.decisions.states import Capacity, StepKind
from madoguchi.clerical.decisions.tables_in_force import table_in_force
from madoguchi.clerical.decisions.terms import Terms
from madoguchi.ledgers.office.posts import away_on, holder_of, line_of_sections, posts_held
from madoguchi.ledgers.office.queries import organisation, section_in_year
from madoguchi.ledgers.office.ranks import LADDER, TOWN_WIDE, parted

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff


@dataclass(frozen=True)
class Seated:
    """One person on the route."""

    stage: int
    kind: StepKind
    post: str
    capacity: Capacity
    stands_for: str
    staff: Staff


@dataclass(frozen=True)
class Plan:
    """The route of a draft with its people, and why it runs so. `later` looks after the decision."""

    seats: tuple[Seated, ...]
    later: tuple[Seated, ...] = ()
    basis: dict[str, Any] = field(default_factory=dict)


def named(approver: Staff, terms: Terms, section_id: int, drafter: Staff, on: date) -> Plan:
    """A route of one person, named by the drafter, whose post must reach what the table asks for.

    Naming somebody leaves out the way to them, but not the examination of a payment that the table asks for.
    Refused: BeyondLimit.
    """
    held = posts_held(approver, on)
    post = held[0].post if held else ""
    name, table = table_in_force(on)
    row = table.row_for(terms.kind, terms.amount, on) if terms.kind else None
    if row is not None and post and rank_of(post) < rank_of(row.decider):
        raise BeyondLimit(
            f"{approver.name}さん（{post}）の専決の範囲を超えています。この件は{row.decider}が決裁します。",
            next_step=f"{row.decider}を決裁者にしてください。",
        )
    asked, told = _examining(row, Room(section_id, drafter, on, table), approver)
    seat = Seated(1 + bool(asked), StepKind.DECIDE, post, Capacity.OWN, "", approver)
    return Plan((*asked, seat), basis={"table": name, "row": row.row_id if row else "", "named": True} | told)


def _examining(row: Row | None, room: Room, approver: Staff) -> tuple[list[Seated], dict[str, Any]]:
    """Posts of the accounts that the row asks for: their seats, who is missing, and that one away is waited for."""
    posts = [post for post in row.consult if examines(post)] if row else []
    found = [(post, staff) for post in posts if (staff := room.holder(post)) is not None]
    asked = [
        Seated(1, StepKind.CONSULT, post, Capacity.OWN, "", staff)
        for post, staff in found
        if staff.pk not in {approver.pk, room.drafter.pk}
    ]
    away = away_on(room.on, (staff.pk for _, staff in found))
    vacant = [post for post in posts if room.holder(post) is None]
    reasons = [waits_for_examination(seat.post) for seat in asked if seat.staff.pk in away]
    return asked, ({"vacant": vacant} if vacant else {}) | ({"reasons": reasons} if reasons else {})


def planned(terms: Terms, section_id: int, drafter: Staff, on: date) -> Plan:
    """The route the town's table gives this matter today. Refused: RouteMissing, with the way out."""
    name, table = table_in_force(on)
    room = Room(section_id, drafter, on, table)
    found = plan(_matter(terms, room), table)
    if isinstance(found, Wait | Refused):
        raise RouteMissing(found.reason, next_step=found.way_out)
    seats = tuple(_seats(found, room))
    if not any(seat.kind == StepKind.DECIDE for seat in seats):
        raise RouteMissing(
            f"決裁者の{found.decider}に就いている人が登録されていません。",
            next_step="「役職と不在」で役職を登録してもらうか、決裁者を名指しして起案してください。",
        )
    later = tuple(
        Seated(0, StepKind.LATER_LOOK, post, Capacity.OWN, "", staff)
        for post in found.later_look
        if (staff := room.holder(post)) is not None
    )
    row = next(row for row in table.rows if row.row_id == found.row_id)
    basis = {
        "table": name,
        "row": found.row_id,
        "decider": found.decider,
        "council": found.council,
        "reasons": list(found.reasons),
        "vacant": list(room.vacant(found)),
        "substitutes": list(table.substitutes_of(found.decider, row, on)),
        "later_look": row.looks_later,
    }
    return Plan(seats, later, basis)


def _matter(terms: Terms, room: Room) -> Matter:
    return Matter(
        kind=terms.kind,
        amount=terms.amount,
        on=room.on,
        drafter_post=room.drafter_post,
        section=room.section_name,
        important=terms.important,
        disagreed=terms.disagreed,
        party=frozenset(terms.parties),
        absent=room.absent_posts(),
        urgent=terms.urgent,
        instructed=terms.instructed,
        original_amount=terms.original_amount,
        split_add=terms.split_add,
        budget_ok=terms.budget_ok,
        department=room.department,
    )


def _seats(route: Route, room: Room) -> Iterator[Seated]:
    place = 0
    for stage in route.stages:
        people = [
            Seated(
                place + 1, StepKind(stage.kind), seat.post, Capacity(seat.capacity), seat.stands_for, staff
            )
            for seat in stage.seats
            if (staff := room.holder(seat.post)) is not None and staff.pk != room.drafter.pk
        ]
        place += bool(people)
        yield from people


class Room:
    """The posts around one section on one day, asked for once."""

    def __init__(self, section_id: int, drafter: Staff, on: date, table: RouteTable) -> None:
        self.section_id, self.drafter, self.on, self.table = section_id, drafter, on, table
        self.line = line_of_sections(section_id, on)
        self.names = {row.name: row.section_id for row in organisation(on)}
        own = section_in_year(section_id, on)
        self.section_name = own.name if own else ""
        above = section_in_year(self.line[1], on) if len(self.line) > 1 else None
        self.department = above.name if above else ""
        self._held: dict[str, Staff | None] = {}
        posts = posts_held(drafter, on)
        self.drafter_post = posts[0].post if posts else LADDER[0]

    def holder(self, post: str) -> Staff | None:
        if post not in self._held:
            self._held[post] = self._find(post)
        return self._held[post]

    def _find(self, post: str) -> Staff | None:
        unit, own = parted(post)
        if unit:
            section = self.names.get(unit)
            return holder_of(section, own, self.on) if section else None
        if own in TOWN_WIDE:
            return holder_of(self.section_id, own, self.on)
        return next((who for here in self.line if (who := holder_of(here, own, self.on)) is not None), None)

    def absent_posts(self) -> frozenset[str]:
        """Posts whose holder is away today; a post nobody holds is not absent, it is left out."""
        posts = [*LADDER[1:], *sorted({post for row in self.table.rows for post in row.consult})]
        held = {post: staff for post in posts if (staff := self.holder(post)) is not None}
        away = away_on(self.on, (staff.pk for staff in held.values()))
        return frozenset(post for post, staff in held.items() if staff.pk in away)

    def vacant(self, route: Route) -> Iterator[str]:
        for stage in route.stages:
            yield from (seat.post for seat in stage.seats if self.holder(seat.post) is None)
