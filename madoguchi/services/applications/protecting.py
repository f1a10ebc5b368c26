"""支援措置 seen from the cases: they are hidden and shown again with their people. Part of actions.py."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q

from madoguchi.common.names import name_key
from madoguchi.ledgers.office.actions import leave_traces
from madoguchi.ledgers.office.trace import Actor
from madoguchi.ledgers.registry.bells import ProtectionChanged, protection_changed
from madoguchi.ledgers.registry.queries import protected_people
from madoguchi.services.applications.models import Application, Check
from madoguchi.services.applications.moving import subject_of
from madoguchi.services.applications.protection import key_of
from madoguchi.services.applications.reading import REGISTRY_CHECK
from madoguchi.services.applications.states import CheckResult, Stage


@protection_changed.answer
@transaction.atomic
def keep_cases_in_step(changed: ProtectionChanged) -> None:
    """Cases follow their resident; cases of others that name a protected child are marked for the registry."""
    _follow(changed.left, None, changed.by, changed.at)
    _follow(changed.joined, changed.unit_id, changed.by, changed.at)
    if changed.joined:
        _follow_paper_forms(changed.unit_id)
        keys = _person_keys(changed.unit_id)
        named = Application.objects.filter(person_key__in=keys).exclude(protection_id=changed.unit_id)
        mark_for_registry(named.exclude(stage=Stage.WITHDRAWN).values_list("pk", flat=True))


def _follow(residents: Collection[int], unit: int | None, by: Actor, at: datetime) -> None:
    theirs = Application.objects.filter(
        Q(resident_id__in=residents) | Q(visitor__resident_id__in=residents)
    ).only("pk")
    cases = list(theirs) if residents else []
    Application.objects.filter(pk__in=[each.pk for each in cases]).update(protection_id=unit)
    verb = "applications.protected" if unit else "applications.unprotected"
    leave_traces(by, verb, [(subject_of(each), {}) for each in cases], at=at)


def _follow_paper_forms(unit: int) -> None:
    """A case that no resident hangs on, by its names: both the child and the applicant belong to the unit."""
    names = {each.name_key for each in protected_people() if each.unit == unit}
    free = Application.objects.filter(
        person_key__in=_person_keys(unit),
        resident__isnull=True,
        visitor__isnull=True,
        protection__isnull=True,
    )
    mine = [each.pk for each in free.only("pk", "applicant_name") if name_key(each.applicant_name) in names]
    Application.objects.filter(pk__in=mine).update(protection_id=unit)


def _person_keys(unit: int) -> list[str]:
    return [key_of(each) for each in protected_people() if each.unit == unit]


def mark_for_registry(application_ids: Iterable[int]) -> None:
    """Staff must ask the registry before these cases go on; the sentence says nothing about anybody."""
    ids = set(application_ids)
    known = Check.objects.filter(application_id__in=ids, code=REGISTRY_CHECK.code)
    fresh = ids - set(known.values_list("application_id", flat=True))
    Check.objects.bulk_create(
        Check(
            application_id=pk,
            code=REGISTRY_CHECK.code,
            label=REGISTRY_CHECK.label,
            result=CheckResult.LOOK,
            sentence=REGISTRY_CHECK.sentence,
        )
        for pk in sorted(fresh)
    )
    Application.objects.filter(pk__in=fresh).update(
        checks_to_look_at=F("checks_to_look_at") + 1, checks_run=F("checks_run") + 1
    )
