"""Who applies in the story, and what each family would type: drawn by lot, the same for the same seed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from madoguchi.common.ages import primary_grade
from madoguchi.ledgers.procedures.offers import Facility
from madoguchi.ledgers.registry.rows import HouseholdRow, MemberRow
from madoguchi.ledgers.registry.states import Relationship, Sex

ENTRY = date(2027, 4, 1)
PARENTS = {Relationship.HEAD, Relationship.WIFE, Relationship.HUSBAND}
WORKING_DAYS = (20, 20, 20, 21, 22, 18, 16, 16, 15, 12)
STARTS = ("8:30", "9:00", "９時", "8:45", "10:00")
ENDS = ("17:15", "17:30", "18:00", "16:00", "午後5時", "15:00")
Raw = dict[str, list[str]]


@dataclass(frozen=True)
class Pupil:
    """One child of a family who applies."""

    household: HouseholdRow
    child: MemberRow
    wishes: tuple[str, ...]
    sibling_wish: str

    @property
    def parents(self) -> list[MemberRow]:
        return [
            member for member in self.household.members if member.relationship in PARENTS and is_adult(member)
        ]

    @property
    def siblings(self) -> list[MemberRow]:
        return [member for member in pupils_of(self.household) if member is not self.child]


def is_adult(member: MemberRow) -> bool:
    return member.birth is not None and member.birth < date(2008, 4, 2)


def pupils_of(household: HouseholdRow) -> list[MemberRow]:
    """The children who will be in grades 1 to 6 on the day of entry."""
    return [
        member
        for member in household.members
        if member.birth is not None and primary_grade(member.birth, ENTRY) is not None
    ]


def pupils(households: list[HouseholdRow], clubs: Sequence[Facility], lot: Random) -> list[Pupil]:
    """Every pupil, with the family's wishes among `clubs`; brothers and sisters share them."""
    drawn: list[Pupil] = []
    for household in households:
        wishes = _wishes(household, clubs, lot)
        sibling_wish = lot.choices(("either", "same_only", "all_or_none"), weights=(70, 22, 8))[0]
        drawn += [Pupil(household, child, wishes, sibling_wish) for child in pupils_of(household)]
    return drawn


def _wishes(household: HouseholdRow, clubs: Sequence[Facility], lot: Random) -> tuple[str, ...]:
    near = [club.code for club in clubs if club.school_district == household.address.school_district]
    lot.shuffle(near)
    others = [club.code for club in clubs if club.code not in near]
    return tuple(
        (near + lot.sample(others, min(5, len(others))))[
            : lot.choices((1, 2, 3, 4, 5), weights=(8, 22, 35, 20, 15))[0]
        ]
    )


def email_of(pupil: Pupil) -> str:
    """The address of the parent who applies."""
    return f"p{pupil.parents[0].atena_number}@mail.example"


def typed(pupil: Pupil, lot: Random, schools: set[str], *, with_email: bool) -> Raw:
    """What the family types or writes into the form, with the spellings people use."""
    applicant = pupil.parents[0]
    district = pupil.household.address.school_district
    answers = {
        **_name("applicant_name", applicant),
        **_kana("applicant_kana", applicant),
        "applicant_birth": _day(applicant.birth, lot),
        "applicant_relationship": _parent(applicant),
        "applicant_address-postcode": pupil.household.address.postcode,
        "applicant_address-town": pupil.household.address.town,
        "applicant_address-block": pupil.household.address.block,
        "applicant_address-building": pupil.household.address.building,
        "applicant_phone": lot.choice(("090-0000-0001", "０９００００００００２", "080-0000-0003")),
        "applicant_email": email_of(pupil) if with_email else "",
        "moving_in": "no",
        **_name("child_name", pupil.child),
        **_kana("child_kana", pupil.child),
        "child_birth": _day(pupil.child.birth, lot),
        "school": district if district in schools else "other",
        "same_household": "yes",
        "attended_before": lot.choice(("yes", "no")),
        **_household(pupil, lot),
        **_guardians(pupil, lot),
        **_clubs(pupil, lot),
        **_rest(lot),
    }
    return {name: [value] for name, value in answers.items()}


def _name(field: str, person: MemberRow) -> dict[str, str]:
    return {f"{field}-family": person.family, f"{field}-given": person.given}


def _kana(field: str, person: MemberRow) -> dict[str, str]:
    return {f"{field}-family": person.family_kana, f"{field}-given": person.given_kana}


def _day(day: date | None, lot: Random) -> str:
    assert day is not None
    spellings = (
        f"{day.year}/{day.month}/{day.day}",
        day.isoformat(),
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%Y%m%d}",
    )
    return lot.choice(spellings)


def _parent(person: MemberRow) -> str:
    return "mother" if person.sex == Sex.FEMALE else "father"


def _household(pupil: Pupil, lot: Random) -> dict[str, str]:
    answers: dict[str, str] = {}
    grandparents = 0
    for index, member in enumerate(pupil.household.members):
        relationship = _seen_from_the_child(pupil, member)
        grandparents += relationship == "grandparent" and _under_seventy(member)
        answers |= _name(f"household-{index}-name", member)
        answers |= {
            f"household-{index}-birth": _day(member.birth, lot),
            f"household-{index}-relationship": relationship,
        }
    adults = sum(is_adult(member) for member in pupil.household.members)
    single = "single_with_adult" if adults > 1 else "single_alone"
    answers["family"] = "two" if len(pupil.parents) == 2 else single
    if grandparents:
        answers["grandparents_home"] = str(lot.randint(0, grandparents))
    answers["grandparents_near"] = lot.choices(("no", "yes"), weights=(9, 1))[0]
    return answers


def _seen_from_the_child(pupil: Pupil, member: MemberRow) -> str:
    if member is pupil.child:
        return "self"
    if member in pupil.parents:
        return _parent(member)
    if member.relationship == Relationship.CHILD:
        return "sibling"
    grand = member.relationship in {Relationship.FATHER, Relationship.MOTHER}
    return "grandparent" if grand else "other"


def _under_seventy(member: MemberRow) -> bool:
    return member.birth is not None and member.birth > date(1957, 4, 1)


def _guardians(pupil: Pupil, lot: Random) -> dict[str, str]:
    answers: dict[str, str] = {}
    for index, parent in enumerate(pupil.parents):
        row = {"relationship": _parent(parent), "name-family": parent.family, "name-given": parent.given}
        row |= _situation(lot)
        answers |= {f"guardians-{index}-{name}": value for name, value in row.items()}
    return answers


def _situation(lot: Random) -> dict[str, str]:
    reason = lot.choices(
        ("work_out", "work_home", "work_shift", "job_seeking", "illness", "care"),
        weights=(82, 5, 6, 3, 2, 2),
    )[0]
    if reason == "job_seeking":
        return {"reason": reason, "seeking_since": "2026/10/1"}
    if reason == "illness":
        return {"reason": reason, "illness_level": lot.choice(("weekly3", "rest"))}
    if reason == "care":
        return {"reason": reason, "care_level": "part", "days_week": "4", "care_person": "祖母"}
    return {"reason": reason, **_work(lot), **(_shifts(lot) if reason == "work_shift" else _hours(lot))}


def _work(lot: Random) -> dict[str, str]:
    return {
        "employer": lot.choice(("例示商事株式会社", "見本運輸", "架空製作所", "＝HYPERLINK商店")),
        "business_type": lot.choice(("retail", "transport", "manufacturing")),
        "employment_form": lot.choice(("regular", "part_time")),
        "term": "indefinite",
        "term_start": "2018/4/1",
        "commute_minutes": str(lot.choice((10, 20, 30, 45, 60))),
    }


def _shifts(lot: Random) -> dict[str, str]:
    return {
        "shift_hours_month": str(lot.choice((84, 110, 128, 152, 164))),
        "shift_days_month": str(lot.choice((12, 16, 20))),
        "night_shifts_month": str(lot.choice((0, 2, 5))),
    }


def _hours(lot: Random) -> dict[str, str]:
    return {
        "days_month": str(lot.choice(WORKING_DAYS)),
        "start": lot.choice(STARTS),
        "end": lot.choice(ENDS),
        "break_minutes": "60",
    }


def _clubs(pupil: Pupil, lot: Random) -> dict[str, str]:
    answers = {f"clubs-{rank}": code for rank, code in enumerate(pupil.wishes, 1)}
    answers |= {"pickup_time": lot.choice(("17:30", "17時45分", "18:00")), "saturday_use": "no"}
    for index, sibling in enumerate(pupil.siblings):
        answers |= _name(f"siblings-{index}-name", sibling)
        answers |= {f"siblings-{index}-birth": _day(sibling.birth, lot), f"siblings-{index}-applying": "yes"}
        answers |= {f"siblings-{index}-clubs-{rank}": code for rank, code in enumerate(pupil.wishes, 1)}
    if pupil.siblings:
        answers["sibling_wish"] = pupil.sibling_wish
    return answers


def _rest(lot: Random) -> dict[str, str]:
    allergic = lot.random() < 0.06
    details = {"allergy_detail": "卵（少量は可）", "epipen": "no"} if allergic else {}
    return {
        "allergy": "yes" if allergic else "no",
        **details,
        "medical_care": "no",
        "fee_reduction": "no",
        "consent_lookup": "yes",
        "consent_share": "yes",
        "consent_true": "yes",
    }
