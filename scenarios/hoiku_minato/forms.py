"""What a family of the story types into the form of the nurseries."""

from datetime import date
from random import Random

from madoguchi.ledgers.procedures.queries import LoadedPackage
from madoguchi.ledgers.registry.rows import MemberRow
from scenarios.hoiku_minato.children import Infant, Standing
from scenarios.whole_period.people import (
    allergies,
    applicant_and_child,
    consents,
    grandparents,
    guardian_rows,
    household_rows,
    name,
    parent_word,
    spelt,
)
from scenarios.whole_period.plan import Raw

SIXTY_FIVE = date(1962, 4, 1)
REASONS = (
    ("work_out", "work_home", "work_family", "job_seeking", "illness", "care", "study"),
    (78, 7, 3, 5, 2, 3, 2),
)
WORK = {"work_out", "work_home", "work_family"}


def typed(infant: Infant, lot: Random, _: LoadedPackage, with_email: bool) -> Raw:
    """Everything, with the spellings people use."""
    answers = {
        **applicant_and_child(infant, lot, with_email=with_email),
        "same_household": "yes",
        **_present(infant, lot),
        **_household(infant, lot),
        **guardian_rows(infant, lambda parent: _situation(parent, infant, lot)),
        **_siblings(infant, lot),
        **{f"nurseries-{rank}": code for rank, code in enumerate(infant.wishes, 1)},
        "dropoff_time": lot.choice(("8:30", "8時15分", "９：００")),
        "pickup_time": lot.choice(("16:30", "16時45分", "午後5時")),
        "saturday_use": "no",
        "care_hours": lot.choices(("standard", "short"), weights=(8, 2))[0],
        "keep_waiting": lot.choices(("yes", "no"), weights=(9, 1))[0],
        **allergies(lot),
        **consents(),
    }
    return {key: [value] for key, value in answers.items()}


def known(infant: Infant) -> dict[str, object]:
    """What the ledger of enrolled children says."""
    return {"enrolled_facility": infant.present} if infant.present else {}


def _present(infant: Infant, lot: Random) -> dict[str, str]:
    if infant.standing in {Standing.TRANSFER, Standing.GRADUATE}:
        told = {
            "present": "licensed",
            "present_facility": infant.present,
            "entered_on": spelt(date(2025, 4, 1) if infant.age_class != "1" else date(2026, 5, 1), lot),
        }
        if infant.standing == Standing.GRADUATE:
            return told
        reason = "sibling_together" if infant.siblings else lot.choice(("moved", "other"))
        return told | {"transfer_reason": reason}
    if infant.standing == Standing.UNLICENSED:
        months = str(lot.choice((3, 6, 10, 14)))
        return {"present": "unlicensed", "unlicensed_months": months, "left_for_leave": "no"}
    return {"present": "home", "left_for_leave": "no"}


def _household(infant: Infant, lot: Random) -> dict[str, str]:
    answers = household_rows(infant, lot) | {"family_disability": "no"}
    if at_home := grandparents(infant, born_after=SIXTY_FIVE):
        answers["grandparents_home"] = str(lot.randint(0, at_home))
    return answers


def _situation(parent: MemberRow, infant: Infant, lot: Random) -> dict[str, str]:
    reason = lot.choices(REASONS[0], weights=REASONS[1])[0]
    if reason in WORK:
        return {"reason": reason, **_work(parent, infant, lot), **_hours(lot)}
    if reason == "study":
        return {"reason": reason, "study_school": "サンプル専門学校", **_hours(lot)}
    if reason == "job_seeking":
        return {"reason": reason, "seeking_level": lot.choice(("insured", "registered", "self"))}
    if reason == "illness":
        return {"reason": reason, "illness_level": lot.choice(("weekly3", "rest", "other"))}
    return {
        "reason": reason,
        "care_level": lot.choice(("full", "part")),
        "days_week": "4",
        "care_person": "祖母",
    }


def _work(parent: MemberRow, infant: Infant, lot: Random) -> dict[str, str]:
    on_leave = parent_word(parent) == "mother" and infant.age_class in {"0", "1"} and lot.random() < 0.6
    return {
        "employer": lot.choice(("例示商事株式会社", "見本運輸", "架空製作所", "＝HYPERLINK商店")),
        "works_in_city": lot.choice(("yes", "no")),
        "business_type": lot.choice(("retail", "transport", "manufacturing", "medical", "information")),
        "employment_form": lot.choice(("regular", "part_time", "contract")),
        "term": "indefinite",
        "term_start": "2018/4/1",
        "irregular": "no",
        **({"leave": "childcare", "return_on": "2027/4/20"} if on_leave else {"leave": "none"}),
    }


def _hours(lot: Random) -> dict[str, str]:
    return {
        "days_month": str(lot.choice((20, 20, 20, 21, 22, 18, 16, 15, 12, 8))),
        "start": lot.choice(("8:30", "9:00", "９時", "8:45", "10:00")),
        "end": lot.choice(("17:15", "17:30", "18:00", "16:00", "午後5時", "15:00")),
        "break_minutes": "60",
        "commute_minutes": str(lot.choice((10, 20, 30, 45, 60))),
    }


def _siblings(infant: Infant, lot: Random) -> dict[str, str]:
    answers: dict[str, str] = {}
    for index, sibling in enumerate(infant.siblings):
        answers |= name(f"siblings-{index}-name", sibling.member)
        answers |= {
            f"siblings-{index}-birth": spelt(sibling.member.birth, lot),
            f"siblings-{index}-applying": "no" if sibling.enrolled else "yes",
        }
        if sibling.enrolled:
            answers[f"siblings-{index}-enrolled_facility"] = sibling.enrolled
    if infant.sibling_wish:
        answers["sibling_wish"] = infant.sibling_wish
    return answers
