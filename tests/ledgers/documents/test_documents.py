import uuid
from datetime import datetime
from typing import Any

import pytest
from django.test import override_settings

from madoguchi.ledgers.documents import access, actions, queries
from madoguchi.ledgers.documents.errors import FileKindRefused, FileTooLarge, PurposeMissing
from madoguchi.ledgers.documents.models import Content, Document
from madoguchi.ledgers.documents.views import DocumentView
from madoguchi.ledgers.office import queries as office
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.session import municipality_session
from madoguchi.ledgers.office.trace import Actor, Subject
from tests.ledgers.documents import files

CASE = Subject("applications.application", "1")
OTHER_CASE = Subject("applications.application", "2")
PARENT = Actor("resident", "v", "見本　花子")
CLERK = Actor("staff", "7", "佐藤　例")


def keep(
    now: datetime, body: bytes = files.PDF, owner: Subject = CASE, name: str = "証明書.pdf"
) -> DocumentView:
    return actions.keep_file(name=name, body=body, owner=owner, by=PARENT, at=now)


def test_the_same_bytes_are_kept_once(town: Any, now: datetime) -> None:
    first, second = keep(now), keep(now, owner=OTHER_CASE, name="別名.pdf")
    assert first.sha256 == second.sha256
    assert first.id != second.id
    assert (Content.objects.count(), Document.objects.count()) == (1, 2)


def test_another_town_keeps_its_own_copy(town: Any, other_town: Any, now: datetime) -> None:
    mine = keep(now)
    with municipality_session(other_town.pk):
        keep(now)
        assert Content.objects.count() == 1
        with pytest.raises(NotFound):
            access.open_document(mine.id, owner=CASE, by=CLERK, at=now, purpose="審査")
        with pytest.raises(NotFound):
            actions.drop_file(document_id=mine.id, owner=CASE, by=PARENT, at=now)
    assert Content.objects.count() == 1


def test_opening_gives_the_bytes_and_leaves_a_trace(town: Any, now: datetime) -> None:
    kept = keep(now)
    opened = access.open_document(kept.id, owner=CASE, by=CLERK, at=now, purpose="審査")
    assert (opened.body, opened.view) == (files.PDF, kept)
    last = office.trace_of(CASE).last()
    assert last is not None
    assert (last.verb, last.purpose, last.actor_name) == ("documents.opened", "審査", "佐藤　例")
    assert last.note == {"document": str(kept.id)}


def test_staff_say_why_and_residents_need_not(town: Any, now: datetime) -> None:
    kept = keep(now)
    with pytest.raises(PurposeMissing):
        access.open_document(kept.id, owner=CASE, by=CLERK, at=now, purpose=" ")
    assert access.open_document(kept.id, owner=CASE, by=PARENT, at=now, purpose="").body == files.PDF


@pytest.mark.parametrize("wrong", [uuid.uuid4(), "not-a-uuid", "", "1"])
def test_a_missing_file_is_not_found(town: Any, now: datetime, wrong: Any) -> None:
    with pytest.raises(NotFound):
        access.open_document(wrong, owner=CASE, by=PARENT, at=now, purpose="")


def test_the_file_of_another_record_is_not_found(town: Any, now: datetime) -> None:
    kept = keep(now)
    with pytest.raises(NotFound):
        access.open_document(kept.id, owner=OTHER_CASE, by=PARENT, at=now, purpose="")
    with pytest.raises(NotFound):
        actions.drop_file(document_id=kept.id, owner=OTHER_CASE, by=PARENT, at=now)
    assert queries.documents_of(CASE) == [kept]


def test_files_go_with_the_draft_when_it_is_submitted(town: Any, now: datetime) -> None:
    draft = Subject("applications.unsent", "5")
    kept = [keep(now, owner=draft), keep(now, files.JPEG, owner=draft, name="a.jpg")]
    assert actions.hand_over(from_owner=draft, to_owner=CASE) == 2
    assert queries.documents_of(draft) == []
    assert {view.id for view in queries.documents_of(CASE)} == {view.id for view in kept}
    assert queries.documents_of_many([CASE, draft])[CASE] == queries.documents_of(CASE)


def test_dropping_the_last_document_drops_the_bytes(town: Any, now: datetime) -> None:
    first, second = keep(now), keep(now, owner=OTHER_CASE)
    actions.drop_file(document_id=first.id, owner=CASE, by=PARENT, at=now)
    assert Content.objects.count() == 1
    actions.drop_file(document_id=second.id, owner=OTHER_CASE, by=PARENT, at=now)
    assert Content.objects.count() == 0


def test_refused_files_leave_nothing_behind(town: Any, now: datetime) -> None:
    with pytest.raises(FileKindRefused):
        keep(now, files.HTML)
    with override_settings(FILE_LIMIT_BYTES=10), pytest.raises(FileTooLarge):
        keep(now)
    assert not Content.objects.exists()
    assert not office.trace_of(CASE).exists()


def test_the_trace_holds_no_file_name(town: Any, now: datetime) -> None:
    keep(now, name="見本花子の診断書.pdf")
    assert all("花子" not in str(row.note) for row in office.trace_of(CASE))


def test_many_files__cost_as_many_statements_as_one(
    town: Any, now: datetime, django_assert_max_num_queries: Any
) -> None:
    wanted = [
        actions.FileToKeep(
            f"証明書{number}.pdf", files.PDF + bytes([number % 3]), Subject("case", str(number))
        )
        for number in range(40)
    ]
    with django_assert_max_num_queries(7):
        kept = actions.keep_files(wanted, by=PARENT, at=now)
    assert [view.name for view in kept] == [file.name for file in wanted]
    assert (Content.objects.count(), Document.objects.count()) == (3, 40)
    for file, view in zip(wanted, kept, strict=True):
        opened = access.open_document(view.id, owner=file.owner, by=PARENT, at=now, purpose="")
        assert opened.body == file.body


def test_many_files__are_kept_all_or_none(town: Any, now: datetime) -> None:
    wanted = [actions.FileToKeep("a.pdf", files.PDF, CASE), actions.FileToKeep("b.exe", b"MZ....", CASE)]
    with pytest.raises(FileKindRefused):
        actions.keep_files(wanted, by=PARENT, at=now)
    assert (Content.objects.count(), Document.objects.count()) == (0, 0)
