"""Who applies in the story, and what each family would type: drawn by lot, the same for the same seed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from madoguchi.common.ages import primary_grade
from madoguchi.ledgers.procedures.offers import Facility
from madoguchi.ledgers.procedures.queries import LoadedPackage
from madoguchi.ledgers.registry.rows import HouseholdRow, MemberRow
from scenarios.whole_period.people import (
    allergies,
    applicant_and_child,
    consents,
    grandparents,
    guardian_rows,
    household_rows,
    name,
    parents_of,
    spelt,
)
from scenarios.whole_period.plan import Raw

ENTRY = date(2027, 4, 1)
WORKING_DAYS = (20, 20, 20, 21, 22, 18, 16, 16, 15, 12)
STARTS = ("8:30", "9:00", "９時", "8:45", "10:00")
ENDS = ("17:15", "17:30", "18:00", "16:00", "午後5時", "15:00")
SEVENTY = date(1957, 4, 1)


@dataclass(frozen=True)
class Pupil:
    """One child of a family who applies."""

    household: HouseholdRow
    child: MemberRow
    wishes: tuple[str, ...]
    sibling_wish: str

    @property
    def parents(self) -> list[MemberRow]:
        return parents_of(self.household)

    @property
    def siblings(self) -> list[MemberRow]:
        return [member for member in pupils_of(self.household) if member is not self.child]


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


def typed(pupil: Pupil, lot: Random, loaded: LoadedPackage, with_email: bool) -> Raw:
    """What the family types or writes into the form, with the spellings people use."""
    district = pupil.household.address.school_district
    schools = {club.school_district for club in loaded.package.facilities}
    answers = {
        **applicant_and_child(pupil, lot, with_email=with_email),
        "school": district if district in schools else "other",
        "same_household": "yes",
        "attended_before": lot.choice(("yes", "no")),
        **_household(pupil, lot),
        **guardian_rows(pupil, lambda _: _situation(lot)),
        **_clubs(pupil, lot),
        **consents(),
        **allergies(lot),
        "fee_reduction": "no",
    }
    return {key: [value] for key, value in answers.items()}


def _household(pupil: Pupil, lot: Random) -> dict[str, str]:
    answers = household_rows(pupil, lot)
    if at_home := grandparents(pupil, born_after=SEVENTY):
        answers["grandparents_home"] = str(lot.randint(0, at_home))
    answers["grandparents_near"] = lot.choices(("no", "yes"), weights=(9, 1))[0]
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
        answers |= name(f"siblings-{index}-name", sibling)
        answers |= {f"siblings-{index}-birth": spelt(sibling.birth, lot), f"siblings-{index}-applying": "yes"}
        answers |= {f"siblings-{index}-clubs-{rank}": code for rank, code in enumerate(pupil.wishes, 1)}
    if pupil.siblings:
        answers["sibling_wish"] = pupil.sibling_wish
    return answers
