"""もう一度確かめてください. What an applicant is asked to look at again before an application is sent."""

import uuid
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from madoguchi.ledgers.office.prepared import prepared, slot
from madoguchi.ledgers.office.session import full_sight
from madoguchi.ledgers.procedures.queries import package_of
from madoguchi.services.applications import truth
from madoguchi.services.applications.casefacts import by_prefill, registered
from madoguchi.services.applications.errors import LookAgain
from madoguchi.services.applications.models import Application, UnsentApplication
from madoguchi.services.applications.proxies import portal_channel
from madoguchi.services.applications.reading import Answered, Situation, period_of, read_answers
from madoguchi.services.applications.states import Stage
from madoguchi.services.applications.truth import Question
from madoguchi.services.applications.unsent import facts_of, is_staff, still_unsent


@transaction.atomic
def look_again(
    *, unsent_id: uuid.UUID, owner: Any, at: datetime, sure: Collection[str] = ()
) -> tuple[Question, ...]:
    """What the applicant is still asked to look at; `sure` are the fields they have just said to be right.

    Who said so is believed and not asked again, until one of those answers changes. NotFound, NoLongerUnsent.
    """
    unsent = still_unsent(unsent_id, owner, at)
    if is_staff(owner):
        return ()
    package = package_of(unsent.version_id).package
    asked = asked_of(unsent, at)
    said = {each.field for each in asked if each.field in sure and each.demand == "confirm"}
    if said:
        truths = package.flow.truths
        unsent.confirmed |= {field: truth.mark_of(truths, package.form, unsent.raw, field) for field in said}
        unsent.save(update_fields=["confirmed"])
    stands = set(confirmed_fields(unsent, package))
    return tuple(each for each in asked if each.field not in stands)


def asked_of(unsent: UnsentApplication, at: datetime) -> tuple[Question, ...]:
    """Every question of an unsent application, confirmed or not."""
    package = package_of(unsent.version_id).package
    if not package.flow.truths:
        return ()
    on = timezone.localdate(at)
    situation = Situation(
        period_of(package, unsent.period_code), on, portal_channel(unsent.raw), facts_of(unsent, on)
    )
    answered = read_answers(package, unsent.raw, situation)
    known = {**situation.facts, **_duplicates(unsent, answered)}
    return truth.questions(truth.findings(package.flow.truths, package.form, answered.reading.values, known))


def _duplicates(unsent: UnsentApplication, answered: Answered) -> Mapping[str, Any]:
    """Other cases for the same person; asked only for a resident whose card was read and for their own household,
    or anybody could find out by typing names who has applied.
    """
    household = answered.situation.facts.get("household")
    child = answered.reading.values
    form = answered.package.form
    if not household or not registered(household, by_prefill(form, child, "child.name")):
        return {}
    # Everybody counts, protected people too: the question that follows says nothing of what was seen.
    with full_sight():
        same = _ask_same(
            procedure=answered.package.slug, period=unsent.period_code, person=answered.person.key
        )
    return {"duplicates": [each["number"] for each in same]}


_ask_same = prepared(
    lambda: (
        Application.objects.filter(
            procedure=slot("procedure", "text"),
            period_code=slot("period", "text"),
            person_key=slot("person", "text"),
        )
        .exclude(stage=Stage.WITHDRAWN)
        .values("number")
    )
)


def confirmed_fields(unsent: UnsentApplication, package: Any) -> list[str]:
    """Fields the applicant has looked at again and left, with the answers as they are now."""
    truths = package.flow.truths
    return [
        field
        for field, mark in sorted(unsent.confirmed.items())
        if mark == truth.mark_of(truths, package.form, unsent.raw, field)
    ]


def refuse_unfixed(unsent: UnsentApplication, at: datetime) -> None:
    """Raises LookAgain while something must be changed; what is only asked stops nobody."""
    fields = [each.field for each in asked_of(unsent, at) if each.demand == "fix"]
    if fields:
        raise LookAgain(fields)
