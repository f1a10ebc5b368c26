"""メモと呼びかけ: for colleagues only, changed for ten minutes, struck through afterwards."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.queries import trace_of
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.trace import Subject
from madoguchi.services.applications import access, actions, waiting
from madoguchi.services.applications.comments import CommentRefused
from madoguchi.services.applications.mention_rules import called_in
from madoguchi.services.applications.models import Comment
from tests.factories_applications import received
from tests.factories_visitors import visitor_of

PEOPLE = [("sato", "佐藤　例"), ("sato-hana", "佐藤　例花"), ("suzuki", "鈴木　一")]
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("@佐藤 例 お願いします", {"sato"}),
        ("@佐藤例花さん、@SUZUKI", {"sato-hana", "suzuki"}),
        ("＠鈴木　一　見てください", {"suzuki"}),
        ("sato@example.jp へ送った", set()),
        ("佐藤さんへ", set()),
    ],
)
def test_who_is_called(text: str, called: set[str]) -> None:
    assert called_in(text, PEOPLE) == called


@given(st.text())
def test_no_text_calls_a_stranger(text: str) -> None:
    assert called_in(text, PEOPLE) <= {login for login, _ in PEOPLE}


def test_a_call_waits_until_the_case_is_opened(loaded: Any, staff_with: Any, now: datetime) -> None:
    writer, called = staff_with(Role.REVIEWER), staff_with(Role.COUNTER_CLERK)
    number = received(loaded, now).number
    actions.write_comment(number=number, by=writer, at=now, text="本人へ電話した", calls=["counter_clerk"])
    (call,) = waiting.calls_of(called, now.date())
    assert (call.number, call.author, call.text) == (number, "佐藤　例", "本人へ電話した")
    assert waiting.calls_of(writer, now.date()) == []
    view = access.application_for(called, number, at=now + MINUTE, purpose="審査")
    assert view.comments[0].told == ("佐藤　例",)
    assert waiting.calls_of(called, now.date()) == []
    last = trace_of(Subject("applications.application", str(view.id))).order_by("-seq")[1]
    assert last.verb == "applications.commented"
    assert "電話" not in str(last.note)


def test_ten_minutes_to_change_and_then_only_a_line(loaded: Any, staff_with: Any, now: datetime) -> None:
    writer, other = staff_with(Role.REVIEWER), staff_with(Role.COUNTER_CLERK)
    number = received(loaded, now).number
    comment = actions.write_comment(number=number, by=writer, at=now, text="電話した")
    actions.edit_comment(number=number, comment_id=comment, by=writer, at=now + 5 * MINUTE, text="訪ねた")
    with pytest.raises(CommentRefused, match="10分"):
        actions.edit_comment(number=number, comment_id=comment, by=writer, at=now + 11 * MINUTE, text="x")
    with pytest.raises(NotFound):
        actions.strike_comment(number=number, comment_id=comment, by=other, at=now)
    actions.strike_comment(number=number, comment_id=comment, by=writer, at=now + 60 * MINUTE)
    row = Comment.objects.get()
    assert (row.text, row.struck_at) == ("訪ねた", now + 60 * MINUTE)
    with pytest.raises(CommentRefused):
        actions.write_comment(number=number, by=writer, at=now, text="\u200b \x00")


def test_a_comment_does_not_change_the_edition_nor_reach_the_resident(
    loaded: Any, staff_with: Any, now: datetime
) -> None:
    writer, visitor = staff_with(Role.REVIEWER), visitor_of("a@example.jp", now)
    number = received(loaded, now, visitor_id=visitor.id).number
    actions.write_comment(number=number, by=writer, at=now, text="内輪の話")
    assert access.application_for(writer, number, at=now, purpose="審査").edition == 1
    assert "内輪の話" not in repr(access.application_of(visitor, number))
