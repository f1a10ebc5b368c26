"""Questions about residents, households and portal visitors. Staff look through access.py."""

from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Max

from madoguchi.common.ages import primary_grade, school_grade
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.prepared import among, prepared, prepared_objects
from madoguchi.ledgers.office.remembering import remembered
from madoguchi.ledgers.office.session import full_sight
from madoguchi.ledgers.registry.finding import found_rows
from madoguchi.ledgers.registry.models import Resident, Visitor
from madoguchi.ledgers.registry.rules import PROOF_LASTS, QUERY_WORDS, Query, read_query
from madoguchi.ledgers.registry.seen import RESIDENT, seen
from madoguchi.ledgers.registry.states import ProofMethod, Relationship, ResidentState, Sex
from madoguchi.ledgers.registry.views import (
    ProtectedFigure,
    ResidentView,
    SearchResult,
    VisitorView,
    levels_of,
)

_PARENTS = (
    Relationship.HEAD,
    Relationship.HUSBAND,
    Relationship.WIFE,
    Relationship.HUSBAND_UNREGISTERED,
    Relationship.WIFE_UNREGISTERED,
)
_OLDEST_PUPIL_YEARS = 13
BEFORE_ALL = datetime(1900, 1, 1, tzinfo=UTC)


def search_residents(text: str, *, on: date, limit: int = 50) -> SearchResult:
    """The one search box: name, furigana, birth date or 宛名番号, decided by the shape of what was typed.

    Whoever had moved in by the day; people who still live here first. The caller leaves the trace, as
    `access.search_residents` does.
    """
    query = read_query(text)
    rows = found_rows(query, on=on, most=limit + 1)
    hits = [resident_view(row) for row in rows]
    return SearchResult(query.kind, _searched_as(query), hits[:limit], len(hits) > limit)


def _searched_as(query: Query) -> str:
    words = QUERY_WORDS[query.kind]
    return f"{words}（{query.birth:%Y-%m-%d}）" if query.birth else words


def resident(resident_id: int) -> ResidentView | None:
    """One person of this municipality; None for anybody else's."""
    row = _resident_row(resident_id)
    return resident_view(row) if row else None


def resident_by_number(atena_number: int) -> ResidentView | None:
    """The person with this 宛名番号."""
    row = Resident.objects.filter(atena_number=atena_number).first()
    return resident_view(row) if row else None


def residents_by_number(atena_numbers: Iterable[int]) -> dict[int, int]:
    """The keys of the people with these 宛名番号; whoever is not there is left out."""
    rows = Resident.objects.filter(atena_number__in=list(atena_numbers))
    return dict(rows.values_list("atena_number", "pk"))


def atena_numbers_of(resident_ids: Iterable[int]) -> dict[int, int]:
    """宛名番号 by the keys of people; whoever is not there is left out."""
    return _column_of(resident_ids, "atena_number")


def households_of(resident_ids: Iterable[int]) -> dict[int, int]:
    """The households of these people by their keys."""
    return _column_of(resident_ids, "household_id")


def _column_of(resident_ids: Iterable[int], name: str) -> dict[int, Any]:
    """One column of these people by their keys; whoever came with the visitor of this request is not asked for again."""
    wanted = set(resident_ids)
    known = {pk: getattr(row, name) for pk in wanted if (row := remembered(("resident_row", pk)))}
    if missing := wanted - known.keys():
        known |= Resident.objects.filter(pk__in=missing).values_list("pk", name)
    return known


def _resident_row(resident_id: int) -> Resident | None:
    return Resident.objects.filter(pk=resident_id).first()


def household_members(household_id: int) -> list[ResidentView]:
    """Everybody living in a household, in the order of 記載順位."""
    return _members_by_household([household_id])[household_id]


def household_facts(resident_id: int, *, on: date) -> dict[str, Any]:
    """What the register knows about a person and the household on a day, for prefill and checks.

    Grades are those of the day: 1 to 6 primary school, 7 to 9 junior high school.
    NotFound for another town's resident.
    """
    return facts_of_households([(resident_id, on)])[resident_id, on]


def facts_of_households(wanted: Iterable[tuple[int, date]]) -> dict[tuple[int, date], dict[str, Any]]:
    """household_facts for many people, each on a day, with two questions to the register."""
    asked = list(dict.fromkeys(wanted))
    rows = _rows_of({resident_id for resident_id, _ in asked})
    if any(resident_id not in rows for resident_id, _ in asked):
        raise NotFound("住民")
    households = _members_by_household({row.household_id for row in rows.values()})
    return {
        (resident_id, on): _facts_on(rows[resident_id], households[rows[resident_id].household_id], on)
        for resident_id, on in asked
    }


def _rows_of(resident_ids: Collection[int]) -> dict[int, Resident]:
    """These people; whoever came with the visitor of this request is not asked for again."""
    known = {pk: row for pk in resident_ids if (row := remembered(("resident_row", pk)))}
    missing = [pk for pk in resident_ids if pk not in known]
    return {**known, **Resident.objects.in_bulk(missing)} if missing else known


def _members_by_household(household_ids: Iterable[int]) -> dict[int, list[ResidentView]]:
    """Everybody living in these households, in the order of 記載順位."""
    members: dict[int, list[ResidentView]] = {household_id: [] for household_id in household_ids}
    for row in _ask_members(households=list(members)):
        members[row.household_id].append(resident_view(row))
    return members


_ask_members = prepared_objects(
    lambda: Resident.objects.filter(
        among("registry_resident.household_id", "households"), state=ResidentState.RESIDENT
    ).order_by("place_in_household"),
    only=RESIDENT,
)


def _facts_on(row: Resident, members: Iterable[ResidentView], on: date) -> dict[str, Any]:
    return {
        "resident": _resident_facts(row),
        "household": [_member_facts(member, on) for member in members if _may_be_told(member, row)],
        "out_of_city": row.state != ResidentState.RESIDENT,
    }


def _may_be_told(member: ResidentView, row: Resident) -> bool:
    """A protected member is told to nobody outside the unit, whoever asks: prefill lands in another's form."""
    return member.protection is None or member.protection == row.protection_id


def _resident_facts(row: Resident) -> dict[str, Any]:
    return {
        **_person_facts(resident_view(row)),
        "postcode": row.postcode,
        "address": {
            "postcode": row.postcode,
            "town": row.town,
            "block": row.block,
            "building": row.building,
        },
        "school_district": row.school_district,
    }


def _member_facts(member: ResidentView, on: date) -> dict[str, Any]:
    born = member.birth is not None and member.birth <= on
    return {
        **_person_facts(member),
        "relationship": member.relationship_text,
        "relationship_code": int(member.relationship),
        "grade": school_grade(member.birth, on) if member.birth and born else None,
    }


def _person_facts(person: ResidentView) -> dict[str, Any]:
    return {
        "resident_id": person.id,
        "name": {"family": person.family, "given": person.given},
        "kana": {"family": person.family_kana, "given": person.given_kana},
        "birth": person.birth.isoformat() if person.birth else "",
    }


def visitor(
    visitor_id: UUID | str, proofs: Iterable[UUID | str] | None = None, *, at: datetime | None = None
) -> VisitorView | None:
    """The person on the portal behind a session, at the levels of the proofs of this sitting.

    Without `proofs` at the levels ever shown. A proof is a ground for twelve hours.
    """
    found = seen(visitor_id)
    if found is None:
        return None
    own = None if proofs is None else {str(each) for each in proofs}
    after = at - PROOF_LASTS if at else BEFORE_ALL
    shown = [each for each in found.proven if each.at > after and (own is None or each.id in own)]
    return visitor_view(found.row, [each.method for each in shown])


def resident_of_visitor(visitor_id: UUID | str) -> int | None:
    """The key of the resident behind a visitor, if the visitor has proved to be one."""
    found = seen(visitor_id)
    return found.row.resident_id if found else None


def visitor_of_resident(resident_id: int) -> VisitorView | None:
    """The person on the portal who has proved to be this resident, if that has ever happened."""
    row = Visitor.objects.filter(resident_id=resident_id).select_related("resident").first()
    return visitor_view(row) if row else None


def demo_identities(limit: int, *, on: date | None = None) -> list[ResidentView]:
    """Parents with children in primary school, one a household, for the demo's sign-in page.

    Without a day, that of the newest entry in the register.
    """
    day = on or Resident.objects.aggregate(newest=Max("moved_in_on"))["newest"]
    if day is None:
        return []
    households = _households_with_pupils(day, limit)
    parents = Resident.objects.filter(
        household_id__in=households, relationship__in=_PARENTS, state=ResidentState.RESIDENT
    )
    chosen: dict[int, Resident] = {}
    for row in parents.order_by("household_id", "-sex", "place_in_household"):
        chosen.setdefault(row.household_id, row)
    return [resident_view(row) for row in chosen.values()]


def _households_with_pupils(day: date, limit: int) -> list[int]:
    children = Resident.objects.filter(
        relationship=Relationship.CHILD,
        state=ResidentState.RESIDENT,
        birth_date__gt=date(day.year - _OLDEST_PUPIL_YEARS, 1, 1),
        birth_date__lte=day,
    ).order_by("household_id")
    households: dict[int, None] = {}
    for household_id, birth in children.values_list("household_id", "birth_date").iterator():
        if birth and primary_grade(birth, day) is not None:
            households[household_id] = None
        if len(households) == limit:
            break
    return list(households)


def how_many() -> int:
    """People living in the municipality of the session."""
    return Resident.objects.filter(state=ResidentState.RESIDENT).count()


def visitor_view(row: Visitor, methods: Iterable[ProofMethod] | None = None) -> VisitorView:
    """At the levels of these methods; without them, of every method ever used."""
    if methods is None:
        proven = row.proofs.filter(proven_at__isnull=False).values_list("method", flat=True)
        methods = [ProofMethod(method) for method in proven]
    person, (ial, aal) = row.resident, levels_of(methods)
    name = f"{person.family_name}　{person.given_name}" if person else _card_name(row) or row.email
    return VisitorView(row.id, row.email, row.resident_id, name, ial, aal, row.phone)


def _card_name(row: Visitor) -> str:
    card = row.cards.first() if row.by_card else None
    return card.name if card else ""


def resident_view(row: Resident) -> ResidentView:
    return ResidentView(
        id=row.pk,
        atena_number=row.atena_number,
        household_id=row.household_id,
        family=row.family_name,
        given=row.given_name,
        family_kana=row.family_kana,
        given_kana=row.given_kana,
        birth=row.birth_date,
        birth_text=row.birth_text,
        sex=Sex(row.sex).label,
        relationship=Relationship(row.relationship),
        relationship_text=row.relationship_text,
        state=ResidentState(row.state),
        postcode=row.postcode,
        town=row.town,
        block=row.block,
        building=row.building,
        school_district=row.school_district,
        protection=row.protection_id,
    )


def protections_of(resident_ids: Iterable[int]) -> dict[int, int]:
    """The protection unit of each of these residents who has one. Asked with full sight only, for machine work."""
    return {pk: unit for pk, unit in _column_of(resident_ids, "protection_id").items() if unit is not None}


def protection_of_visitor(visitor_id: UUID | str) -> int | None:
    """The protection unit of the resident behind a visitor of the portal: what the visitor's own session may see.

    Asked with plain sight: whoever is seen so, the visitor and the resident behind, is not protected.
    """
    found = seen(visitor_id)
    if found is not None and not found.lacks_its_resident:
        return found.row.resident.protection_id if found.row.resident else None
    with full_sight():
        units = Visitor.objects.filter(pk=visitor_id).values_list("resident__protection_id", flat=True)
        return units.first()


def protected_people() -> list[ProtectedFigure]:
    """Everybody under protection, for matching by machine work. Asked with full sight only."""
    return [
        ProtectedFigure(
            row["protection_id"], row["id"], row["name_key"], row["birth_date"], row["town"] + row["block"]
        )
        for row in _ask_protected()
    ]


_ask_protected = prepared(
    lambda: (
        Resident.objects.filter(protection__isnull=False)
        .order_by("pk")
        .values("protection_id", "id", "name_key", "birth_date", "town", "block")
    )
)
