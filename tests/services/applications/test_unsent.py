"""入力の途中: kept as typed, sent once, with its files; nobody else's."""

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest

from madoguchi.ledgers.documents.queries import documents_of
from madoguchi.ledgers.office import clock
from madoguchi.ledgers.office.errors import NotAllowed, NotFound
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.session import municipality_session
from madoguchi.ledgers.office.trace import Subject
from madoguchi.services.applications import actions, queries
from madoguchi.services.applications.errors import (
    AlreadyApplied,
    AnswersIncomplete,
    NoLongerUnsent,
    PeriodClosed,
)
from madoguchi.services.applications.models import Application, UnsentApplication
from madoguchi.services.applications.states import Channel
from madoguchi.services.applications.tasks import forget_unsent
from madoguchi.services.applications.unsent import subject_of_unsent
from tests.factories_applications import typed
from tests.factories_visitors import visitor_of

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
def visitor(loaded: Any, now: datetime) -> Any:
    return visitor_of("hanako@example.jp", now)


def begin(visitor: Any, at: datetime) -> Any:
    return actions.begin(slug="mihon-club", period_code="r9", visitor=visitor, staff=None, at=at)


def fill(unsent: Any, owner: Any, at: datetime, number: int = 1) -> None:
    for page in ("child", "applicant", "wishes"):
        actions.save_page(unsent_id=unsent.id, owner=owner, page_key=page, raw=typed(number), at=at)


def send(unsent: Any, owner: Any, at: datetime, key: uuid.UUID | None = None) -> Any:
    return actions.submit(
        unsent_id=unsent.id,
        owner=owner,
        submission_key=key or uuid.uuid4(),
        channel=Channel.ONLINE,
        at=at,
    )


def test_a_page_is_kept_as_typed_even_when_it_is_wrong(visitor: Any, now: datetime) -> None:
    unsent = begin(visitor, now)
    outcome = actions.save_page(
        unsent_id=unsent.id, owner=visitor, page_key="child", raw={"child_birth": ["あした"]}, at=now
    )
    assert not outcome.is_good
    assert {error.name for error in outcome.reading.errors} == {"child_birth", "child_name-family"}
    again = begin(visitor, now + timedelta(days=3))
    assert (again.id, again.raw["child_birth"], again.pages_done) == (unsent.id, ["あした"], ())


def test_a_page_cannot_write_into_another_page(visitor: Any, now: datetime) -> None:
    unsent = begin(visitor, now)
    actions.save_page(
        unsent_id=unsent.id, owner=visitor, page_key="wishes", raw=typed(1) | {"evil": ["x"]}, at=now
    )
    assert set(UnsentApplication.objects.get().raw) == {"clubs-1", "clubs-2"}
    with pytest.raises(KeyError):
        actions.save_page(unsent_id=unsent.id, owner=visitor, page_key="no", raw={}, at=now)


def test_sending_twice_gives_the_same_receipt(visitor: Any, now: datetime) -> None:
    unsent = begin(visitor, now)
    fill(unsent, visitor, now)
    key = uuid.uuid4()
    first, second = send(unsent, visitor, now, key), send(unsent, visitor, now, key)
    third = send(unsent, visitor, now)
    assert first.number == second.number == third.number
    assert Application.objects.get().email == "hanako@example.jp"
    assert queries.median_minutes("mihon-club") == 0
    with pytest.raises(NoLongerUnsent):
        fill(unsent, visitor, now)


def test_it_cannot_be_sent_unfinished(visitor: Any, now: datetime) -> None:
    unsent = begin(visitor, now)
    with pytest.raises(AnswersIncomplete):
        send(unsent, visitor, now)
    assert not Application.objects.exists()


def test_the_same_child_is_applied_for_once(visitor: Any, now: datetime) -> None:
    first = begin(visitor, now)
    fill(first, visitor, now)
    receipt = send(first, visitor, now)
    second = begin(visitor, now)
    assert second.id != first.id
    fill(second, visitor, now)
    with pytest.raises(AlreadyApplied, match=receipt.number):
        send(second, visitor, now)
    fill(second, visitor, now, number=2)
    assert send(second, visitor, now).number != receipt.number
    assert len(queries.my_applications(visitor.id)) == 2


def test_outside_the_period_only_staff_enter(visitor: Any, staff_with: Any, now: datetime) -> None:
    late = now + timedelta(days=30)
    unsent = begin(visitor, now)
    fill(unsent, visitor, now + timedelta(days=9))
    for act in (lambda: begin(visitor, late), lambda: send(unsent, visitor, late)):
        with pytest.raises(PeriodClosed, match="令和8年11月30日まで"):
            act()
    clerk, nobody = staff_with(Role.COUNTER_CLERK), staff_with()
    with pytest.raises(NotAllowed):
        actions.begin(slug="mihon-club", period_code="r9", visitor=None, staff=nobody, at=late)
    entry = actions.begin(slug="mihon-club", period_code="r9", visitor=None, staff=clerk, at=late)
    receipt = actions.submit(
        unsent_id=entry.id,
        owner=clerk,
        submission_key=uuid.uuid4(),
        channel=Channel.PAPER,
        at=late,
        staff_seconds=240,
    )
    assert (receipt.channel, receipt.checks_to_look_at) == (Channel.PAPER, 2)


def test_it_is_nobody_elses(visitor: Any, other_town: Any, staff_with: Any, now: datetime) -> None:
    unsent = begin(visitor, now)
    stranger, clerk = visitor_of("b@example.jp", now), staff_with(Role.COUNTER_CLERK)
    for owner in (stranger, clerk):
        with pytest.raises(NotFound):
            queries.unsent_of(unsent.id, owner, on=now.date())
        with pytest.raises(NotFound):
            fill(unsent, owner, now)
        with pytest.raises(NotFound):
            send(unsent, owner, now)
    with municipality_session(other_town.pk), pytest.raises(NotFound):
        queries.unsent_of(unsent.id, visitor, on=now.date())
    with pytest.raises(NotFound):
        queries.unsent_of("no-uuid", visitor, on=now.date())


def test_files_go_with_the_application(visitor: Any, now: datetime) -> None:
    unsent = begin(visitor, now)
    kept = [
        actions.add_file(
            unsent_id=unsent.id,
            owner=visitor,
            field="certificate",
            name=name,
            body=PDF + name.encode(),
            at=now,
        )
        for name in ("証明書.pdf", "まちがい.pdf")
    ]
    actions.drop_file(unsent_id=unsent.id, owner=visitor, field="certificate", document_id=kept[1].id, at=now)
    fill(unsent, visitor, now)
    actions.save_page(
        unsent_id=unsent.id,
        owner=visitor,
        page_key="applicant",
        raw=typed(1) | {"certificate": [str(kept[0].id)]},
        at=now,
    )
    receipt = send(unsent, visitor, now)
    owner = Subject("applications.application", str(receipt.application_id))
    assert [document.name for document in documents_of(owner)] == ["証明書.pdf"]
    assert documents_of(subject_of_unsent(unsent.id)) == []
    assert Application.objects.get().answers["certificate"] == [str(kept[0].id)]


def test_saving_a_page_without_its_files_keeps_them(visitor: Any, now: datetime) -> None:
    unsent = begin(visitor, now)
    kept = actions.add_file(
        unsent_id=unsent.id, owner=visitor, field="certificate", name="a.pdf", body=PDF, at=now
    )
    fill(unsent, visitor, now)
    assert queries.unsent_of(unsent.id, visitor, on=now.date()).raw["certificate"] == [str(kept.id)]


def test_an_answer_cannot_name_a_file_of_somebody_else(visitor: Any, now: datetime) -> None:
    unsent, stranger = begin(visitor, now), visitor_of("b@example.jp", now)
    theirs = begin(stranger, now)
    file = actions.add_file(
        unsent_id=theirs.id, owner=stranger, field="certificate", name="a.pdf", body=PDF, at=now
    )
    raw = typed(1) | {"certificate": [str(file.id)]}
    actions.save_page(unsent_id=unsent.id, owner=visitor, page_key="applicant", raw=raw, at=now)
    assert queries.unsent_of(unsent.id, visitor, on=now.date()).raw.get("certificate", []) == []


def test_what_was_never_sent_is_forgotten_with_its_files(visitor: Any, now: datetime) -> None:
    unsent = begin(visitor, now)
    actions.add_file(unsent_id=unsent.id, owner=visitor, field="certificate", name="a.pdf", body=PDF, at=now)
    later = now + timedelta(days=31)
    with pytest.raises(NoLongerUnsent):
        queries.unsent_of(unsent.id, visitor, on=later.date())
    assert actions.drop_expired(on=now.date(), at=now) == 0
    assert actions.drop_expired(on=later.date(), at=later) == 1
    assert documents_of(subject_of_unsent(unsent.id)) == []
    assert not UnsentApplication.objects.exists()


def test_the_nightly_task_forgets_in_every_town(
    visitor: Any, other_town: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(visitor, now)
    for days, left in ((29, 1), (31, 0)):
        night = now + timedelta(days=days)
        monkeypatch.setattr(clock, "now", lambda night=night: night)
        forget_unsent(0)
        assert UnsentApplication.objects.count() == left


def test_the_one_who_typed_may_drop_it_and_nobody_else(visitor: Any, now: datetime) -> None:
    unsent = begin(visitor, now)
    with pytest.raises(NotFound):
        actions.drop_unsent(unsent_id=unsent.id, owner=visitor_of("other@example.jp", now), at=now)
    actions.drop_unsent(unsent_id=unsent.id, owner=visitor, at=now)
    assert not UnsentApplication.objects.exists()
