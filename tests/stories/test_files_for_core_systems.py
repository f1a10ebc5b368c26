"""From the application to the core systems: nobody types a decided child in again (事例1 基幹連携)."""

import uuid
from typing import Any

import pytest

from madoguchi.ledgers.office.actions import actor_of
from madoguchi.ledgers.office.session import enter_municipality
from madoguchi.services.applications import actions
from madoguchi.services.applications.core_queries import retyping
from madoguchi.services.applications.models import Application, CoreExport
from madoguchi.services.applications.states import Channel
from tests.factories_exports import read_fixed, read_quoted
from tests.whole_case import (
    NOW,
    RESULT_DAY,
    SLUG,
    allocate_and_submit,
    approve,
    families,
    found_towns,
    handed_in,
    review_and_accept,
    staff,
)

pytestmark = pytest.mark.django_db
RYOKIN = (1, 1, 12, 30, 40, 7, 8, 8, 1, 6, 14)


@pytest.fixture
def decided(settings: Any) -> Any:
    """Three children of three families, placed by an approved decision."""
    settings.MADOGUCHI_CLOCK = NOW.date().isoformat()
    found_towns()
    by = staff("shinsa")
    for parent in families(3):
        review_and_accept(handed_in(parent, Channel.COUNTER, by=actor_of(by)).number)
    approve(allocate_and_submit(NOW), NOW)
    yield by
    enter_municipality(None)


def file_for(target: str, by: Any) -> bytes:
    made = actions.export_due(slug=SLUG, target=target, press=uuid.uuid4(), by=by, at=RESULT_DAY)
    return actions.fetch_core_file(export_id=made.exports[0], by=by, at=RESULT_DAY).body


def test_three_systems_get_what_they_read(decided: Any) -> None:
    cases = {case.number: case for case in Application.objects.filter(outcome="granted")}
    assert cases
    head, *lines = read_quoted(file_for("gakudo-daicho", decided), "cp932")
    assert head[:3] == ["異動区分", "受付番号", "児童氏名"]
    for line in lines:
        case = cases.pop(line[1])
        assert line[2] == case.person_name
        assert line[6] == case.outcome_facts["facility_code"]
        assert line[4][0] in "45"
        assert len(line[4]) == 7
    assert not cases
    records = read_fixed(file_for("ryokin", decided), RYOKIN)
    assert [record[2].strip() for record in records] == [line[1] for line in lines]
    counted = read_quoted(file_for("tokei", decided).removeprefix(b"\xef\xbb\xbf"), "utf-8")
    assert len(counted) - 1 == Application.objects.exclude(outcome="").count()
    assert not {case.person_name for case in Application.objects.all()} & {
        cell for row in counted for cell in row
    }
    assert CoreExport.objects.filter(state="handed_over").count() == 3
    assert retyping(SLUG).items > 10 * len(lines)
