import io
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest
from pypdf import PdfReader

from demo import town
from demo.applications import APPLICATIONS, LEFT_TO_VISITORS, SLUG
from demo.papers import certificate
from madoguchi.ledgers.documents.queries import documents_of
from madoguchi.ledgers.office import queries as office
from madoguchi.ledgers.office.session import municipality_session
from madoguchi.ledgers.office.trace import Subject
from madoguchi.ledgers.registry import queries as registry
from madoguchi.services.applications.models import Application
from madoguchi.services.applications.states import Channel, Stage


def clubs() -> Any:
    """Applications of the clubs; those for subsidies are looked at beside."""
    return Application.objects.filter(procedure=SLUG)


@pytest.fixture
def city(db: None, now: datetime) -> Any:
    town.found_the_town(residents=3000, at=now)
    city = office.municipality_by_code("999999")
    with municipality_session(city.pk):
        yield city


def test_a_morning_at_the_desk(city: Any, now: datetime) -> None:
    rows = list(clubs().order_by("number"))
    assert len(rows) == APPLICATIONS + 1
    assert sum(rows_of_one > 1 for rows_of_one in Counter(row.person_key for row in rows).values()) == 1
    stages = Counter(Stage(row.stage) for row in rows)
    assert set(stages) == {
        Stage.RECEIVED, Stage.REVIEWING, Stage.CORRECTING, Stage.ACCEPTED, Stage.WITHDRAWN,
    }  # fmt: skip
    assert {Channel(row.channel) for row in rows} == set(Channel) - {Channel.API}
    assert [row.received_at for row in rows] == sorted(row.received_at for row in rows)
    assert all(row.received_at < now for row in rows)
    assert all(row.grade in range(1, 7) and row.score is not None for row in rows)
    assert office.verify_chain(city).broken is None


def test_papers_lie_with_the_case_and_open_as_pdf(city: Any) -> None:
    with_papers = [
        documents
        for row in clubs().filter(channel=Channel.ONLINE)
        if (documents := documents_of(Subject("applications.application", str(row.pk))))
    ]
    assert len(with_papers) > 10
    assert {document.media_type for documents in with_papers for document in documents} == {"application/pdf"}
    assert len(PdfReader(io.BytesIO(certificate())).pages) == 1


def test_families_offered_to_visitors_have_not_applied(city: Any, now: datetime) -> None:
    applied = set(Application.objects.values_list("resident_id", flat=True))
    offered = registry.demo_identities(LEFT_TO_VISITORS)
    assert len(offered) == LEFT_TO_VISITORS
    assert not applied & {identity.id for identity in offered}


def test_seeding_again_changes_nothing(city: Any, now: datetime) -> None:
    before = list(Application.objects.order_by("pk").values_list("number", "stage", "edition"))
    town.found_the_town(residents=3000, at=now + timedelta(hours=2))
    assert list(Application.objects.order_by("pk").values_list("number", "stage", "edition")) == before


def test_nothing_is_handed_in_before_the_intake_opens(db: None, now: datetime) -> None:
    town.found_the_town(residents=300, at=now.replace(month=10))
    with municipality_session(office.municipality_by_code("999999").pk):
        assert not clubs().exists()


@pytest.mark.parametrize(("identity", "wanted"), [(False, 60), (True, 0)])
def test_a_town_may_stand_without_applications(
    db: None, now: datetime, settings: Any, identity: bool, wanted: int
) -> None:
    settings.MADOGUCHI_DEMO_IDENTITY = identity
    town.found_the_town(residents=200, at=now, applications=wanted)
    with municipality_session(office.municipality_by_code("999999").pk):
        assert not Application.objects.exists()
