"""What families write of themselves in any form of the section: names, days with the spellings people use, the household."""

from collections.abc import Callable
from datetime import date
from random import Random

from madoguchi.ledgers.registry.rows import HouseholdRow, MemberRow
from madoguchi.ledgers.registry.states import Relationship, Sex
from scenarios.whole_period.plan import Applicant

PARENTS = {Relationship.HEAD, Relationship.WIFE, Relationship.HUSBAND}
PHONES = ("090-0000-0001", "０９００００００００２", "080-0000-0003")


def is_adult(member: MemberRow) -> bool:
    return member.birth is not None and member.birth < date(2008, 4, 2)


def parents_of(household: HouseholdRow) -> list[MemberRow]:
    return [member for member in household.members if member.relationship in PARENTS and is_adult(member)]


def email_of(who: Applicant) -> str:
    """The address of the parent who applies."""
    return f"p{who.parents[0].atena_number}@mail.example"


def applicant_number(who: Applicant) -> int:
    """宛名番号 of the parent who applies."""
    return who.parents[0].atena_number


def name(field: str, person: MemberRow) -> dict[str, str]:
    return {f"{field}-family": person.family, f"{field}-given": person.given}


def kana(field: str, person: MemberRow) -> dict[str, str]:
    return {f"{field}-family": person.family_kana, f"{field}-given": person.given_kana}


def spelt(day: date | None, lot: Random) -> str:
    """A day as somebody writes it."""
    assert day is not None
    spellings = (
        f"{day.year}/{day.month}/{day.day}",
        day.isoformat(),
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%Y%m%d}",
    )
    return lot.choice(spellings)


def parent_word(person: MemberRow) -> str:
    return "mother" if person.sex == Sex.FEMALE else "father"


def applicant_and_child(who: Applicant, lot: Random, *, with_email: bool) -> dict[str, str]:
    """The pages 申請する人 and お子さん, as far as all forms ask the same."""
    applicant, address = who.parents[0], who.household.address
    return {
        **name("applicant_name", applicant),
        **kana("applicant_kana", applicant),
        "applicant_birth": spelt(applicant.birth, lot),
        "applicant_relationship": parent_word(applicant),
        "applicant_address-postcode": address.postcode,
        "applicant_address-town": address.town,
        "applicant_address-block": address.block,
        "applicant_address-building": address.building,
        "applicant_phone": lot.choice(PHONES),
        "applicant_email": email_of(who) if with_email else "",
        "moving_in": "no",
        **name("child_name", who.child),
        **kana("child_kana", who.child),
        "child_birth": spelt(who.child.birth, lot),
    }


def household_rows(who: Applicant, lot: Random) -> dict[str, str]:
    """Everybody who lives together, and the form of the family."""
    answers: dict[str, str] = {}
    for index, member in enumerate(who.household.members):
        answers |= name(f"household-{index}-name", member)
        answers |= {
            f"household-{index}-birth": spelt(member.birth, lot),
            f"household-{index}-relationship": seen_from_the_child(who, member),
        }
    adults = sum(is_adult(member) for member in who.household.members)
    single = "single_with_adult" if adults > 1 else "single_alone"
    return {**answers, "family": "two" if len(who.parents) == 2 else single}


def guardian_rows(who: Applicant, situation: Callable[[MemberRow], dict[str, str]]) -> dict[str, str]:
    """Each parent with what keeps them from caring for the child."""
    answers: dict[str, str] = {}
    for index, parent in enumerate(who.parents):
        row = {"relationship": parent_word(parent), "name-family": parent.family, "name-given": parent.given}
        row |= situation(parent)
        answers |= {f"guardians-{index}-{key}": value for key, value in row.items()}
    return answers


def grandparents(who: Applicant, *, born_after: date) -> int:
    """Grandparents at home who are not yet that old."""
    return sum(
        seen_from_the_child(who, member) == "grandparent"
        and member.birth is not None
        and member.birth > born_after
        for member in who.household.members
    )


def seen_from_the_child(who: Applicant, member: MemberRow) -> str:
    if member is who.child:
        return "self"
    if member in who.parents:
        return parent_word(member)
    if member.relationship == Relationship.CHILD:
        return "sibling"
    grand = member.relationship in {Relationship.FATHER, Relationship.MOTHER}
    return "grandparent" if grand else "other"


def consents() -> dict[str, str]:
    return dict.fromkeys(("consent_lookup", "consent_share", "consent_true"), "yes")


def allergies(lot: Random) -> dict[str, str]:
    """アレルギー and 医療的ケア, as often as the story has them."""
    allergic = lot.random() < 0.06
    details = {"allergy_detail": "卵（少量は可）", "epipen": "no"} if allergic else {}
    return {"allergy": "yes" if allergic else "no", **details, "medical_care": "no"}
