from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest

from demo import town
from demo.applications import APPLICATIONS, LEFT_TO_VISITORS, seed_applications
from madoguchi.ledgers.office import queries as office
from madoguchi.ledgers.office.session import municipality_session
from madoguchi.ledgers.registry import queries as registry
from madoguchi.services.applications.models import Application
from madoguchi.services.applications.states import Channel, Stage


@pytest.fixture
def city(db: None, now: datetime) -> Any:
    town.found_the_town(residents=1500, at=now)
    city = office.municipality_by_code("999999")
    with municipality_session(city.pk):
        yield city


def test_a_morning_at_the_desk(city: Any, now: datetime) -> None:
    rows = list(Application.objects.order_by("number"))
    assert len(rows) == APPLICATIONS
    stages = Counter(Stage(row.stage) for row in rows)
    assert set(stages) == {
        Stage.RECEIVED, Stage.REVIEWING, Stage.CORRECTING, Stage.ACCEPTED, Stage.WITHDRAWN,
    }  # fmt: skip
    assert {Channel(row.channel) for row in rows} == set(Channel)
    assert [row.received_at for row in rows] == sorted(row.received_at for row in rows)
    assert all(row.received_at < now for row in rows)
    assert all(row.grade in range(1, 7) and row.score is not None for row in rows)
    assert office.verify_chain(city).broken is None


def test_families_offered_to_visitors_have_not_applied(city: Any, now: datetime) -> None:
    applied = set(Application.objects.values_list("resident_id", flat=True))
    offered = registry.demo_identities(LEFT_TO_VISITORS)
    assert len(offered) == LEFT_TO_VISITORS
    assert not applied & {identity.id for identity in offered}


def test_seeding_again_changes_nothing(city: Any, now: datetime) -> None:
    before = list(Application.objects.order_by("pk").values_list("number", "stage", "edition"))
    town.found_the_town(residents=1500, at=now + timedelta(hours=2))
    assert list(Application.objects.order_by("pk").values_list("number", "stage", "edition")) == before


def test_nothing_is_handed_in_before_the_intake_opens(city: Any, now: datetime) -> None:
    Application.objects.all().delete()
    assert seed_applications(at=now.replace(month=10)) == 0
    assert not Application.objects.exists()
