"""Facts about the other cases of a procedure, as a package declares them (`same` of a fact).

How many cases of one household there are in a year, and which cases name the same receipt. Withdrawn and refused
cases do not count. A number counts the cases received before and this one, so it does not grow afterwards.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone

from madoguchi.common.ages import fiscal_year
from madoguchi.ledgers.procedures.procedure_file import HOUSEHOLD, Fact
from madoguchi.services.applications.casefacts import by_prefill
from madoguchi.services.applications.models import Application
from madoguchi.services.applications.reading import Answered
from madoguchi.services.applications.rules import household_key
from madoguchi.services.applications.states import Outcome, Stage

SPOKEN = ("text", "longtext")
"""Answers that people write in their own way; the others are compared in the question to the database."""


@dataclass(frozen=True)
class Case:
    """What of one case is compared with another; `place` orders cases by their receipt."""

    slug: str
    number: str
    answers: Mapping[str, Any]
    household: str
    household_id: int | None
    received_on: date
    unit: int | None
    place: int | None = None


def declared(package: Any) -> list[Fact]:
    return [fact for fact in package.facts if fact.same]


def case_of(
    answered: Answered,
    *,
    number: str,
    household_id: int | None,
    received_on: date,
    unit: int | None,
    place: int | None = None,
) -> Case:
    form, answers = answered.package.form, answered.reading.values
    applicant, address = (by_prefill(form, answers, f"resident.{part}") for part in ("name", "address"))
    key = household_key(applicant, address)
    return Case(answered.package.slug, number, answers, key, household_id, received_on, unit, place)


def case_at(application: Application, answered: Answered) -> Case:
    """A received case with these answers, which may not be kept yet."""
    return case_of(
        answered,
        number=application.number,
        household_id=application.resident.household_id if application.resident else None,
        received_on=timezone.localdate(application.received_at),
        unit=application.protection_id,
        place=application.pk,
    )


def with_other_cases(
    answered: Answered, mine: Case, written: list[Case] | None = None
) -> tuple[Answered, bool]:
    """The answers with the declared facts, and whether a case out of the sight of this one's unit would have counted.

    `written` are cases that are written together with this one, which joins them.
    """
    package, found, hidden = answered.package, dict[str, Any](), False
    for fact in declared(package):
        if not _can_compare(fact, mine):
            continue
        beside = [each for each in written or () if each.slug == mine.slug]
        like = [each for each in (*_candidates(package, fact, mine), *beside) if _alike(fact, mine, each)]
        seen = [each for each in like if each.unit in (None, mine.unit)]
        hidden = hidden or len(seen) < len(like)
        found[fact.key] = _told(fact, mine, seen)
    if written is not None:
        written.append(mine)
    facts = {**answered.situation.facts, **found}
    return replace(answered, situation=replace(answered.situation, facts=facts)), hidden


def _can_compare(fact: Fact, mine: Case) -> bool:
    """An answer not given agrees with nothing: the fact is then missing, never 「なし」."""
    return all(
        (mine.household or mine.household_id) if name == HOUSEHOLD else mine.answers.get(name)
        for name in fact.same
    )


def _told(fact: Fact, mine: Case, seen: Iterable[Case]) -> Any:
    if fact.type == "list":
        return sorted({each.number for each in seen})
    return 1 + sum(mine.place is None or each.place is None or each.place < mine.place for each in seen)


def _candidates(package: Any, fact: Fact, mine: Case) -> list[Case]:
    """Standing cases of the procedure that may agree; what people spell in their own way is looked at afterwards."""
    rows = Application.objects.filter(procedure=package.slug).exclude(stage=Stage.WITHDRAWN)
    rows = rows.exclude(outcome=Outcome.REFUSED).exclude(number=mine.number)
    for name in fact.same:
        if name == HOUSEHOLD:
            rows = rows.filter(_same_household(mine))
        elif package.form.fields[name].type not in SPOKEN:
            rows = rows.filter(**{f"answers__{name}": mine.answers[name]})
    told = rows.values_list(
        "number",
        "answers",
        "facts__household_key",
        "resident__household_id",
        "received_at",
        "protection_id",
        "pk",
    )
    return [
        Case(package.slug, number, answers, key or "", household, timezone.localdate(at), unit, pk)
        for number, answers, key, household, at, unit, pk in told
    ]


def _same_household(mine: Case) -> Q:
    by_key = Q(facts__household_key=mine.household) if mine.household else Q(pk=None)
    return by_key | Q(resident__household_id=mine.household_id) if mine.household_id else by_key


def _alike(fact: Fact, mine: Case, other: Case) -> bool:
    if fact.within == "fiscal_year" and fiscal_year(other.received_on) != fiscal_year(mine.received_on):
        return False
    return all(
        _one_household(mine, other) if name == HOUSEHOLD else _folded(mine, name) == _folded(other, name)
        for name in fact.same
    )


def _one_household(mine: Case, other: Case) -> bool:
    by_key = bool(mine.household) and mine.household == other.household
    return by_key or (mine.household_id is not None and mine.household_id == other.household_id)


def _folded(case: Case, name: str) -> Any:
    value = case.answers.get(name)
    if not isinstance(value, str):
        return value
    return "".join(unicodedata.normalize("NFKC", value).split()).casefold()
