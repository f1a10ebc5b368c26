"""保存の期限: announced seven days and one day before, forgotten with a trace, and said to whoever comes back."""

from datetime import datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.clerical.notices.ports import plug_mail
from madoguchi.connectors.dry_mail import DryMail
from madoguchi.ledgers.documents.queries import documents_of
from madoguchi.ledgers.office import clock
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.queries import trace_of
from madoguchi.ledgers.office.trace import SYSTEM
from madoguchi.ledgers.procedures.actions import put_in_use
from madoguchi.ledgers.procedures.package import read_files
from madoguchi.services.applications import actions, queries
from madoguchi.services.applications.errors import DraftExpired
from madoguchi.services.applications.models import Application, ExpiryNotice
from madoguchi.services.applications.rules import expiry_step
from madoguchi.services.applications.tasks import announce_expiring_drafts
from madoguchi.services.applications.unsent import subject_of_unsent
from tests.factories_applications import FILES, typed
from tests.factories_visitors import visitor_of
from tests.services.applications.test_unsent import PDF, begin, fill, send


@given(st.integers(-5, 60))
def test_the_nearest_step_that_is_due(days_left: int) -> None:
    step = expiry_step(days_left)
    assert step == (None if days_left < 0 or days_left > 7 else 1 if days_left <= 1 else 7)


@pytest.fixture
def visitor(loaded: Any, now: datetime) -> Any:
    return visitor_of("hanako@example.jp", now)


@pytest.fixture
def mails(tmp_path: Path) -> Path:
    plug_mail(DryMail(tmp_path))
    return tmp_path


def written(folder: Path) -> list[str]:
    files = sorted(folder.rglob("*.eml"), key=lambda file: file.stat().st_mtime)
    read = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
    return [f"{mail['To']} {mail['Subject']}\n{mail.get_content()}" for mail in read]


def mornings(now: datetime, days: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for day in days:
        morning = now + timedelta(days=day)
        monkeypatch.setattr(clock, "now", lambda morning=morning: morning)
        announce_expiring_drafts(0)


def test_it_is_announced_seven_days_and_one_day_before_and_once_each(
    visitor: Any, other_town: Any, now: datetime, mails: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(visitor, now)
    mornings(now, (0, 10, 22), monkeypatch)
    assert written(mails) == []
    mornings(now, (23, 23, 24, 28), monkeypatch)
    assert len(written(mails)) == 1
    mornings(now, (29, 29, 30, 31), monkeypatch)
    told = written(mails)
    assert len(told) == 2
    for mail in told:
        assert mail.startswith("hanako@example.jp")
        assert "令和8年（2026年）12月21日" in mail
        assert "見本クラブ" in mail
    assert ExpiryNotice.objects.count() == 2


def test_working_on_it_moves_the_end_and_the_announcements(
    visitor: Any, now: datetime, mails: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unsent = begin(visitor, now)
    mornings(now, (23,), monkeypatch)
    later = now + timedelta(days=24)
    actions.save_page(unsent_id=unsent.id, owner=visitor, page_key="child", raw=typed(1), at=later)
    assert queries.unsent_of(unsent.id, visitor, on=later.date()).expires_on == (
        later.date() + timedelta(days=30)
    )
    mornings(now, (25, 29, 30), monkeypatch)
    assert len(written(mails)) == 1
    mornings(now, (24 + 23,), monkeypatch)
    assert len(written(mails)) == 2


def test_what_is_attached_moves_the_end_too(visitor: Any, now: datetime) -> None:
    unsent, later = begin(visitor, now), now + timedelta(days=9)
    actions.add_file(
        unsent_id=unsent.id, owner=visitor, field="certificate", name="a.pdf", body=PDF, at=later
    )
    assert queries.unsent_of(unsent.id, visitor, on=later.date()).expires_on == (
        later.date() + timedelta(days=30)
    )


def test_the_sent_and_the_staffs_are_not_announced(
    visitor: Any, now: datetime, mails: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unsent = begin(visitor, now)
    fill(unsent, visitor, now)
    send(unsent, visitor, now)
    mornings(now, (23, 29), monkeypatch)
    assert written(mails) == []


def test_the_end_leaves_a_trace_and_a_sentence(visitor: Any, now: datetime) -> None:
    unsent = begin(visitor, now)
    actions.add_file(unsent_id=unsent.id, owner=visitor, field="certificate", name="a.pdf", body=PDF, at=now)
    late = now + timedelta(days=31)
    assert actions.drop_expired(on=late.date(), at=late) == 1
    assert documents_of(subject_of_unsent(unsent.id)) == []
    trace = trace_of(subject_of_unsent(unsent.id)).get(verb="applications.unsent_expired")
    assert trace.note == {"procedure": "mihon-club", "expired_on": "2026-12-21", "files": 1}
    with pytest.raises(DraftExpired, match="令和8年12月21日"):
        queries.unsent_of(unsent.id, visitor, on=late.date())
    with pytest.raises(DraftExpired):
        fill(unsent, visitor, late)
    with pytest.raises(NotFound):
        queries.unsent_of(unsent.id, visitor_of("b@example.jp", now), on=late.date())


def test_a_publication_throws_nobody_out(visitor: Any, now: datetime) -> None:
    """The paper stays on the version on which it was begun, also when it is asked for from the front door."""
    unsent = begin(visitor, now)
    actions.save_page(unsent_id=unsent.id, owner=visitor, page_key="child", raw=typed(1), at=now)
    changed = FILES["form.toml"].replace(b'key = "work_days"', b'key = "days_of_work"')
    flow = FILES["flow.toml"].replace(b"work_days", b"days_of_work")
    procedure = FILES["procedure.toml"].replace(b'"2026-04"', b'"2026-10"', 1)
    files = FILES | {"form.toml": changed, "flow.toml": flow, "procedure.toml": procedure}
    fresh = put_in_use(read_files(files), by=SYSTEM, at=now)
    again = begin(visitor, now)
    assert (again.id, again.version_id) == (unsent.id, unsent.version_id)
    assert again.version_id != fresh.version_id
    fill(unsent, visitor, now)
    receipt = send(unsent, visitor, now)
    assert Application.objects.get(number=receipt.number).version_id == unsent.version_id
    assert begin(visitor, now).version_id == fresh.version_id
