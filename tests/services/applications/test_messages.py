"""Messages on the case: written once, read by the right people, announced without a word of what they say."""

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest

from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.queries import recent_trace
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.session import full_sight
from madoguchi.ledgers.office.trace import Actor
from madoguchi.services.applications import access, actions, announcing, errors, queries
from madoguchi.services.applications.models import Message
from tests.factories_applications import received
from tests.factories_protection import protected_family
from tests.factories_visitors import visitor_of

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
SECRET = "家を出て友人の家にいます。"


@pytest.fixture
def owner(loaded: Any, now: datetime) -> Any:
    return visitor_of("hikari@example.jp", now)


@pytest.fixture
def number(loaded: Any, owner: Any, now: datetime) -> str:
    return str(received(loaded, now, visitor_id=owner.id).number)


def actor(visitor: Any) -> Actor:
    return Actor("resident", str(visitor.id), "見本　ひかり")


def write(number: str, by: Any, at: datetime, text: str = SECRET, **more: Any) -> int:
    key = more.pop("key", None) or uuid.uuid4()
    return actions.write_message(number=number, by=actor(by), at=at, text=text, key=key, **more)


def answer(number: str, by: Any, at: datetime, text: str = "大丈夫です。", **more: Any) -> int:
    key = more.pop("key", None) or uuid.uuid4()
    return actions.answer_message(number=number, by=by, at=at, text=text, key=key, **more)


def test_a_message_is_kept_with_the_case_and_waits_for_the_section(
    number: str, owner: Any, now: datetime, section: Any
) -> None:
    write(number, owner, now, files=[("証明.pdf", PDF)])
    message = queries.messages_of(number)[0]
    assert (message.text, message.read_at, message.documents[0].name) == (SECRET, None, "証明.pdf")
    waiting = queries.unread_messages(section)
    assert [(each.number, each.count) for each in waiting] == [(number, 1)]
    assert queries.unread_messages(section.pk + 1000) == []


def test_a_second_press_is_the_same_message(number: str, owner: Any, now: datetime) -> None:
    key = uuid.uuid4()
    assert write(number, owner, now, key=key) == write(number, owner, now, key=key)
    assert Message.objects.count() == 1


def test_the_trace_tells_that_it_was_written_never_what(number: str, owner: Any, now: datetime) -> None:
    write(number, owner, now)
    row = recent_trace()[0]
    assert row.verb == "applications.message_sent"
    assert SECRET not in str(row.note)


@pytest.mark.parametrize(
    ("text", "error"), [("  \n", errors.MessageEmpty), ("あ" * 2001, errors.MessageTooLong)]
)
def test_nothing_and_too_much_are_refused(
    number: str, owner: Any, now: datetime, text: str, error: Any
) -> None:
    with pytest.raises(error):
        write(number, owner, now, text)
    assert Message.objects.count() == 0


def test_a_refused_file_keeps_nothing(number: str, owner: Any, now: datetime) -> None:
    with pytest.raises(Exception, match=r"."):
        write(number, owner, now, files=[("悪い.exe", b"MZ\0\0")])
    assert queries.messages_of(number) == ()


def test_five_in_ten_minutes_are_enough(number: str, owner: Any, now: datetime) -> None:
    for turn in range(5):
        write(number, owner, now + timedelta(minutes=turn))
    with pytest.raises(errors.TooManyMessages):
        write(number, owner, now + timedelta(minutes=5))
    write(number, owner, now + timedelta(minutes=11))


def test_an_answer_settles_what_was_unread_and_is_announced_without_its_content(
    number: str, owner: Any, now: datetime, staff_with: Any, section: Any, settings: Any, tmp_path: Any
) -> None:
    settings.MADOGUCHI_MAIL_DIR = tmp_path
    settings.MADOGUCHI_PUBLIC_URL = "https://tetsuzuki.example.lg.jp"
    write(number, owner, now)
    sent = answer(number, staff_with(Role.REVIEWER), now, "安心してください。")
    assert queries.unread_messages(section) == []
    assert queries.unread_for_visitor(owner.id) == {number: 1}
    mails = announced(sent)
    assert [mail.to for mail in mails] == ["hikari@example.jp"]
    assert f"/applications/{number}/messages/" in mails[0].body
    assert not {"安心", "友人"} & set(mails[0].body + mails[0].subject)
    assert "安心" not in mails[0].body


def announced(*messages: int) -> list[Any]:
    """What goes out for these messages, each announced twice: the second has the same Message-ID."""
    sent: dict[str, Any] = {}
    with pytest.MonkeyPatch.context() as patch:

        def keep(**mail: Any) -> None:
            from madoguchi.clerical.notices.ports import MailMessage

            message = MailMessage(**mail)
            sent[message.message_id] = message

        patch.setattr(announcing, "send_mail", keep)
        for message in (*messages, *messages):
            announcing.send_announcement(message)
    return list(sent.values())


def test_opening_the_page_reads_what_the_section_wrote(
    number: str, owner: Any, now: datetime, staff_with: Any
) -> None:
    answer(number, staff_with(Role.REVIEWER), now)
    seen = access.own_messages(owner.id, number, by=actor(owner), at=now)
    assert seen[0].read_at == now
    assert queries.unread_for_visitor(owner.id) == {}


def test_reading_without_an_answer_is_an_act_of_the_section(
    number: str, owner: Any, now: datetime, staff_with: Any, section: Any
) -> None:
    write(number, owner, now)
    reviewer = staff_with(Role.REVIEWER)
    assert queries.unread_messages(section)
    assert actions.mark_messages_read(number=number, by=reviewer, at=now) == 1
    assert actions.mark_messages_read(number=number, by=reviewer, at=now) == 0
    assert queries.unread_messages(section) == []


def test_nobody_else_reads_or_writes(number: str, owner: Any, now: datetime, staff_with: Any) -> None:
    stranger = visitor_of("stranger@example.jp", now)
    sent = write(number, owner, now, files=[("証明.pdf", PDF)])
    with pytest.raises(NotFound):
        write(number, stranger, now)
    with pytest.raises(NotFound):
        access.own_messages(stranger.id, number, by=actor(stranger), at=now)
    document = Message.objects.get(pk=sent).documents[0]
    with pytest.raises(NotFound):
        access.own_message_document(stranger.id, number, uuid.UUID(document), by=actor(stranger), at=now)


def test_a_file_of_the_case_that_came_with_no_message_stays_shut(
    number: str, owner: Any, now: datetime
) -> None:
    kept = actions.attach_file(number=number, by=actor(owner), name="証明.pdf", body=PDF, at=now)
    with pytest.raises(NotFound):
        access.own_message_document(owner.id, number, kept.id, by=actor(owner), at=now)


def test_a_paper_case_has_nobody_to_write_to(loaded: Any, now: datetime, staff_with: Any) -> None:
    number = received(loaded, now).number
    with pytest.raises(errors.NobodyReads):
        answer(number, staff_with(Role.REVIEWER), now)


def test_messages_of_protected_people_are_out_of_sight(
    loaded: Any, owner: Any, now: datetime, staff_with: Any, section: Any
) -> None:
    """They hang on the case, so PostgreSQL hides them with it: in lists, in counts, one by one."""
    family = protected_family(staff_with(Role.REGISTRY_CLERK), now)
    with full_sight():
        number = received(loaded, now, visitor_id=owner.id, resident_id=family.mother.pk).number
        write(number, owner, now)
        assert len(queries.unread_messages(section)) == 1
    assert queries.unread_messages(section) == []
    assert not Message.objects.exists()
    with pytest.raises(NotFound):
        queries.messages_of(number)
