"""Cases and residents from before an update can be found after it: the migration queues, the worker enters."""

from datetime import datetime
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from madoguchi.ledgers.registry.models import Resident
from madoguchi.ledgers.registry.older_names import queue_given_names, without_given_key
from madoguchi.ledgers.registry.tasks import enter_given_names
from madoguchi.services.applications.models import SearchText
from madoguchi.services.applications.older_searches import queue_search_texts
from madoguchi.services.applications.searching import without_search_text
from madoguchi.services.applications.tasks import tidy_ledger
from tests.factories_applications import received
from tests.factories_registry import enter_family

pytestmark = pytest.mark.django_db
KEYS = {"given_key": "", "given_kana_key": "", "joined_kana_key": ""}


def queued() -> set[str]:
    return set(ProcrastinateJob.objects.values_list("task_name", flat=True))


def test_migrating_queues_what_older_rows_lack(town: Any, loaded: Any, now: datetime) -> None:
    people = enter_family()
    before = {each.pk: each.given_key for each in Resident.objects.all()}
    case = received(loaded, now)
    queue_given_names()
    queue_search_texts()
    assert queued() & {"registry.enter_given_names", "applications.tidy_ledger"} == set()
    Resident.objects.update(**KEYS)
    SearchText.objects.all().delete()
    queue_given_names()
    queue_search_texts()
    assert {"registry.enter_given_names", "applications.tidy_ledger"} <= queued()
    enter_given_names(town.pk)
    tidy_ledger(0)
    assert {each.pk: each.given_key for each in Resident.objects.all()} == before
    assert len(people) == len(before)
    assert SearchText.objects.filter(application=case.application_id).exists()
    assert not without_given_key().exists()
    assert not without_search_text().exists()
