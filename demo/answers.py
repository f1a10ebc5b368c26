"""What a family of サンプル市 types into the after-school club form. Pure: the same lot gives the same answers."""

from collections.abc import Iterable, Sequence
from datetime import date
from random import Random

from madoguchi.ledgers.procedures.offers import Facility
from madoguchi.ledgers.registry.states import Relationship
from madoguchi.ledgers.registry.views import ResidentView

Raw = dict[str, list[str]]

_EMPLOYED = {
    "reason": "work_out", "business_type": "retail", "employment_form": "regular", "term": "indefinite",
    "term_start": "2016-04-01", "days_month": "20", "start": "8:30", "end": "17:15", "commute_minutes": "30",
}  # fmt: skip
# Situation and how often it comes up.
_SITUATIONS: tuple[tuple[dict[str, str], int], ...] = (
    (_EMPLOYED, 40),
    (_EMPLOYED | {"business_type": "medical", "start": "9:00", "end": "18:00", "commute_minutes": "45"}, 16),
    (_EMPLOYED | {"business_type": "public", "end": "17:30", "commute_minutes": "20"}, 10),
    (_EMPLOYED | {"employment_form": "part_time", "days_month": "16", "start": "9:00", "end": "15:00"}, 18),
    (
        _EMPLOYED
        | {"reason": "work_home", "employment_form": "self_employed", "start": "10:00", "end": "19:00",
           "commute_minutes": "0"},
        8,
    ),
    ({"reason": "care", "care_level": "part", "days_week": "4", "care_person": "祖母"}, 3),
    ({"reason": "illness", "illness_level": "weekly3"}, 2),
    ({"reason": "job_seeking", "seeking_since": "2026-09-01"}, 3),
)  # fmt: skip
_EMPLOYERS = (
    "例示商事株式会社",
    "見本運輸",
    "（株）架空製作所",
    "サンプル総合病院",
    "仮設フーズ",
    "例題システムズ",
)


def answers_of(
    applicant: ResidentView,
    child: ResidentView,
    members: Sequence[ResidentView],
    clubs: Sequence[Facility],
    lot: Random,
) -> Raw:
    """Every answer of one application, as typed by `applicant` for `child`."""
    pairs = [
        *_applicant(applicant, lot),
        *_child(child, lot),
        *_household(child, members),
        *_guardians(members, lot),
        *_wishes(child, clubs, lot),
        *_rest(lot),
    ]
    return {name: [value] for name, value in pairs if value}


def _applicant(person: ResidentView, lot: Random) -> Iterable[tuple[str, str]]:
    yield from _name("applicant_name", person)
    yield "applicant_kana-family", person.family_kana
    yield "applicant_kana-given", person.given_kana
    yield "applicant_birth", _day(person.birth)
    yield "applicant_relationship", parent_word(person)
    yield "applicant_address-postcode", person.postcode
    yield "applicant_address-town", f"サンプル市{person.town}"
    yield "applicant_address-block", person.block
    yield "applicant_address-building", person.building
    yield "applicant_phone", f"090-0000-{lot.randint(1000, 9999)}"
    yield "applicant_email", f"oya{person.atena_number}@example.jp"
    yield "moving_in", "no"


def _child(child: ResidentView, lot: Random) -> Iterable[tuple[str, str]]:
    yield from _name("child_name", child)
    yield "child_kana-family", child.family_kana
    yield "child_kana-given", child.given_kana
    yield "child_birth", _day(child.birth)
    yield "school", child.school_district
    yield "same_household", "yes"
    yield "attended_before", lot.choice(("yes", "no", "no"))


def _household(child: ResidentView, members: Sequence[ResidentView]) -> Iterable[tuple[str, str]]:
    for index, member in enumerate(members):
        yield from _name(f"household-{index}-name", member)
        yield f"household-{index}-birth", _day(member.birth)
        yield f"household-{index}-relationship", "self" if member.id == child.id else word_to_child(member)
    words = [word_to_child(member) for member in members]
    grown = "grandparent" in words
    alone = "single_with_adult" if grown else "single_alone"
    yield "family", "two" if len(parents_among(members)) > 1 else alone
    yield "grandparents_home", "0" if grown else ""
    yield "grandparents_near", "no"


def _guardians(members: Sequence[ResidentView], lot: Random) -> Iterable[tuple[str, str]]:
    situations, weights = zip(*_SITUATIONS, strict=True)
    for index, parent in enumerate(parents_among(members)):
        row = f"guardians-{index}"
        yield f"{row}-relationship", parent_word(parent)
        yield from _name(f"{row}-name", parent)
        (situation,) = lot.choices(situations, weights=weights)
        yield from ((f"{row}-{key}", value) for key, value in situation.items())
        if "term" in situation:
            yield f"{row}-employer", lot.choice(_EMPLOYERS)


def _wishes(child: ResidentView, clubs: Sequence[Facility], lot: Random) -> Iterable[tuple[str, str]]:
    near = [club.code for club in clubs if club.school_district == child.school_district]
    wished = lot.sample(near, k=min(len(near), lot.randint(1, 3)))
    far = [club.code for club in clubs if club.code not in near]
    if far and lot.random() < 0.3:
        wished.append(lot.choice(far))
    yield from ((f"clubs-{rank}", code) for rank, code in enumerate(wished, start=1))
    yield "pickup_time", lot.choice(("17:00", "17:30", "18:00"))
    yield "saturday_use", "no"


def _rest(lot: Random) -> Iterable[tuple[str, str]]:
    allergic = lot.random() < 0.12
    yield "allergy", "yes" if allergic else "no"
    yield "allergy_detail", "卵と乳を除いています。" if allergic else ""
    yield "epipen", ("yes" if lot.random() < 0.4 else "no") if allergic else ""
    yield "medical_care", "no"
    yield "fee_reduction", "no"
    yield from ((consent, "yes") for consent in ("consent_lookup", "consent_share", "consent_true"))


def parents_among(members: Sequence[ResidentView]) -> list[ResidentView]:
    return [member for member in members if word_to_child(member) in {"father", "mother"}]


def word_to_child(member: ResidentView) -> str:
    """What a member of the household is to a child of the head."""
    if member.relationship == Relationship.CHILD:
        return "sibling"
    if member.relationship in {Relationship.FATHER, Relationship.MOTHER}:
        return "grandparent"
    return parent_word(member)


def parent_word(person: ResidentView) -> str:
    return "mother" if person.sex == "女" else "father"


def _name(field: str, person: ResidentView) -> Iterable[tuple[str, str]]:
    yield f"{field}-family", person.family
    yield f"{field}-given", person.given


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
