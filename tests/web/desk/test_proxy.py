"""The case page of an application that somebody made for another person."""

import uuid
from datetime import datetime
from typing import Any

import pytest

from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.trace import SYSTEM
from madoguchi.ledgers.procedures.actions import put_in_use
from madoguchi.ledgers.procedures.package import read_files
from madoguchi.services.applications.actions import receive
from madoguchi.services.applications.states import Channel
from tests.factories_applications import FOR_ANOTHER, proxy_files, typed

pytestmark = pytest.mark.django_db


def test_staff_see_who_applied_for_whom_and_what_is_still_to_be_seen(desk_of: Any, now: datetime) -> None:
    desk = desk_of(Role.REVIEWER)
    files = proxy_files()
    newer = files["procedure.toml"].replace(b'version = "2026-04"', b'version = "2026-05"')
    loaded = put_in_use(read_files(files | {"procedure.toml": newer}), by=SYSTEM, at=now)
    case = receive(
        version_id=loaded.version_id,
        period_code="r9",
        raw=typed(1) | FOR_ANOTHER,
        channel=Channel.PROXY,
        by=SYSTEM,
        at=now,
        submission_key=uuid.uuid4(),
        facts={},
    )
    page = desk.get(f"/desk/cases/{case.number}/").content.decode()
    for told in (
        "代理の申請",
        "例示　次郎",
        "見本　花子",
        "委任者の役割",
        "お子さんの母",
        "窓口で見せる",
        "任意代理人",
    ):
        assert told in page
    assert "代理の権限が分かる書類" in page
