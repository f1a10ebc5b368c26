"""Rounds and placements, to look at."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from copy import deepcopy
from dataclasses import replace
from typing import Any

from madoguchi.ledgers.office.prepared import prepared_objects, slot
from madoguchi.ledgers.office.session import full_sight
from madoguchi.ledgers.procedures.queries import package_of
from madoguchi.services.allocation.contest import EVERYBODY, Pool, class_name
from madoguchi.services.allocation.models import Decline, HeldSeat, Placement, Round
from madoguchi.services.allocation.round_seats import labels_of, own_seats
from madoguchi.services.allocation.seat_queries import seat_changes as seat_changes
from madoguchi.services.allocation.seat_queries import seat_file as seat_file
from madoguchi.services.allocation.seat_queries import seat_table as seat_table
from madoguchi.services.allocation.states import RoundState
from madoguchi.services.allocation.trial_queries import comparison as comparison
from madoguchi.services.allocation.trial_queries import open_places as open_places
from madoguchi.services.allocation.trial_queries import price_of_fairness as price_of_fairness
from madoguchi.services.allocation.trial_queries import row_weights as row_weights
from madoguchi.services.allocation.trial_queries import runs_of as runs_of
from madoguchi.services.allocation.views import ClubRow, DeclineView, HeldSeatView, PlacementView, RoundView
from madoguchi.services.applications.states import Outcome

SUMS = (("applications", "申請"), ("placed", "承認"), ("waitlisted", "待機"), ("refused", "不承認"))
FIGURE_OF = {Outcome.GRANTED: "placed", Outcome.WAITLISTED: "waitlisted", Outcome.REFUSED: "refused"}


def round_of(slug: str, period_code: str, sequence: int | None = None) -> RoundView | None:
    """A round of one period, the last one unless a number is given; None when there is none."""
    rounds = Round.objects.filter(procedure=slug, period_code=period_code).order_by("-sequence")
    found = (rounds.filter(sequence=sequence) if sequence else rounds).first()
    return round_view(found) if found else None


def turns_of(slug: str, period_code: str) -> list[int]:
    """The numbers of the rounds of one period."""
    rounds = Round.objects.filter(procedure=slug, period_code=period_code)
    return list(rounds.order_by("sequence").values_list("sequence", flat=True))


def round_view(found: Round) -> RoundView:
    package = package_of(found.version_id).package
    told = figures_in_sight(found)
    figures = {name: value for name, value in told.items() if name != "clubs"}
    lines = _lines(told)
    return RoundView(
        found.pk,
        found.procedure,
        found.version_id,
        found.period_code,
        found.sequence,
        RoundState(found.state),
        figures,
        found.computed_at,
        found.settled_at,
        found.draft_id,
        tuple(
            _club_row(facility, label, lines.get((facility.code, label), {}))
            for facility in package.facilities
            for label in labels_of(facility)
        ),
    )


def sums_in_sight(subject_id: str) -> list[tuple[str, int]]:
    """What the round of a draft decides on, over the placements that the session sees."""
    found = Round.objects.filter(pk=subject_id).first()
    figures = figures_in_sight(found) if found else {}
    return [(label, figures[key]) for key, label in SUMS if key in figures]


def figures_in_sight(found: Round) -> dict[str, Any]:
    """The sums of a round less the placements that the session does not see, so that nobody subtracts them out."""
    seen = set(Placement.objects.filter(round=found).values_list("pk", flat=True))
    with full_sight():
        unseen = list(Placement.objects.filter(round=found).exclude(pk__in=seen))
    told: dict[str, Any] = deepcopy(found.figures)
    lines = _lines(told)
    for row in unseen if told else []:
        told["applications"] -= 1
        told[FIGURE_OF[Outcome(row.outcome)]] -= 1
        if row.wish_rank is not None:
            told["by_wish"][str(row.wish_rank)] -= 1
        for quota in told.get("quotas", ()):
            same = (quota["code"], quota["name"]) == (row.facility_code, row.explanation.get("quota"))
            quota["used"] -= same and row.age_class in quota["age_class"].split("+")
        told["staying"] = told.get("staying", 0) - bool(row.explanation.get("keeps"))
        for rank, wish in enumerate(row.explanation.get("wishes", ())):
            line = lines.get((wish["facility"], wish.get("age_class", EVERYBODY)))
            if line is not None and row.outcome != Outcome.REFUSED:
                line["applicants"] -= 1
                line["first_wishes"] -= rank == 0
                line["placed"] -= wish["result"] == "placed"
    return told


def _lines(figures: Mapping[str, Any]) -> dict[Pool, dict[str, Any]]:
    """The lines of a computed round by pool of seats; those of older rounds know no classes."""
    return {(line["code"], line.get("age_class", EVERYBODY)): line for line in figures.get("clubs", [])}


def _club_row(facility: Any, label: str, line: Mapping[str, Any]) -> ClubRow:
    return ClubRow(
        facility.code,
        facility.symbol,
        facility.name,
        label,
        class_name(label),
        line.get("capacity", sum(own_seats(facility, each) for each in label.split("+"))),
        line.get("applicants", 0),
        line.get("first_wishes", 0),
        line.get("placed", 0),
        line.get("cut_off", ""),
        line.get("quiet", False),
    )


def quota_lines(found: RoundView) -> list[tuple[str, str, str, int, int]]:
    """The quotas of a computed round: facility, class, name, seats, and how many have one by it."""
    names = {club.code: f"{club.symbol} {club.name}" for club in found.clubs}
    return [
        (
            names.get(line["code"], line["code"]),
            class_name(line["age_class"]),
            line["name"],
            line["seats"],
            line["used"],
        )
        for line in found.figures.get("quotas", ())
    ]


def held_seats(round_id: int) -> list[HeldSeatView]:
    """Seats given by hand, of the applications that the session sees."""
    rows = HeldSeat.objects.filter(round_id=round_id).select_related("application", "decided_by", "round")
    found = list(rows.order_by("facility_code", "application__number"))
    names = _names(found[0].round) if found else {}
    return [
        HeldSeatView(
            row.application.number,
            row.application.person_name,
            names.get(row.facility_code, row.facility_code),
            class_name(row.age_class),
            row.reason,
            row.decided_by.name,
            row.decided_at,
        )
        for row in found
    ]


def declines(slug: str, period_code: str) -> list[DeclineView]:
    """Seats declined in a period, of the applications that the session sees."""
    rows = Decline.objects.filter(round__procedure=slug, round__period_code=period_code)
    found = list(rows.select_related("application", "recorded_by", "round").order_by("recorded_at"))
    names = _names(found[0].round) if found else {}
    return [
        DeclineView(
            row.application.number,
            row.application.person_name,
            names.get(row.facility_code, ""),
            row.reason,
            row.recorded_by.name,
            row.recorded_at,
        )
        for row in found
    ]


def placement_of(application_id: int) -> PlacementView | None:
    """What the last round made of one application, for the desk; families read it in their letter."""
    found = next(iter(_ask_placement(id=application_id)), None)
    if found is None:
        return None
    declined = bool(list(_ask_decline(id=application_id)))
    return replace(placement_view(found, _names(found.round)), declined=declined)


def placement_told(application_id: int, letters: Collection[str]) -> PlacementView | None:
    """What the letters that are out, by their kinds, say of one application: a further round only when its own is."""
    told = None
    for row in _ask_settled(id=application_id):
        if told is None or f"decision-{row.round.sequence}" in letters:
            told = row
    return placement_view(told, _names(told.round)) if told else None


_ask_placement = prepared_objects(
    lambda: Placement.objects.filter(application_id=slot("id", "bigint")).order_by("-pk")[:1]
)
_ask_decline = prepared_objects(lambda: Decline.objects.filter(application_id=slot("id", "bigint")))
_ask_settled = prepared_objects(
    lambda: Placement.objects.filter(
        application_id=slot("id", "bigint"), round__settled_at__isnull=False
    ).order_by("pk")
)


def placements(round_id: int, *, facility_code: str = "", outcome: str = "") -> Iterator[PlacementView]:
    """The list of a round: by club and position, then those without a seat."""
    rows = Placement.objects.select_related("round").filter(round_id=round_id)
    rows = rows.filter(facility_code=facility_code) if facility_code else rows
    rows = rows.filter(outcome=outcome) if outcome else rows
    names: dict[str, str] | None = None
    for row in rows.order_by("outcome", "facility_code", "position", "application_id"):
        names = names or _names(row.round)
        yield placement_view(row, names)


def placement_view(row: Placement, names: Mapping[str, str]) -> PlacementView:
    told = row.explanation
    return PlacementView(
        row.round_id,
        row.application_id,
        Outcome(row.outcome),
        row.facility_code,
        names.get(row.facility_code, ""),
        class_name(row.age_class),
        row.wish_rank,
        row.total,
        row.position,
        tuple(told.get("sentences", ())),
        tuple(told.get("score", ())),
        tuple(told.get("wishes", ())),
        row.round.state == RoundState.SETTLED,
    )


def _names(found: Round) -> dict[str, str]:
    return {facility.code: facility.name for facility in package_of(found.version_id).package.facilities}
