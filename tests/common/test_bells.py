import pytest

from madoguchi.common import bells
from madoguchi.common.bells import Bell, all_bells


@pytest.fixture(autouse=True)
def _empty_belfry(monkeypatch):
    monkeypatch.setattr(bells, "_bells", {})


def test_ring__answers_hear_the_event_in_the_order_given():
    heard: list[tuple[str, int]] = []
    bell: Bell[int] = Bell("decisions.settled")
    bell.answer(lambda event: heard.append(("first", event)))
    bell.answer(lambda event: heard.append(("second", event)))
    bell.ring(7)
    assert heard == [("first", 7), ("second", 7)]


def test_answer__leaves_the_function_callable_and_counts_it_once():
    heard: list[int] = []
    bell: Bell[int] = Bell("payments.paid")

    @bell.answer
    def note(event: int) -> None:
        heard.append(event)

    bell.answer(note)
    bell.ring(1)
    note(2)
    assert heard == [1, 2]
    assert len(bell.answers) == 1
    assert bell.answers[0].endswith("note")


def test_ring__an_answer_that_fails_stops_the_act():
    bell: Bell[int] = Bell("payments.paid")
    heard: list[int] = []

    @bell.answer
    def fail(event: int) -> None:
        raise LookupError(event)

    bell.answer(heard.append)
    with pytest.raises(LookupError):
        bell.ring(1)
    assert heard == []


def test_bells__nobody_listening_is_fine():
    Bell("notices.undelivered").ring(object())


def test_all_bells__lists_by_name_and_refuses_a_second_of_the_same_name():
    Bell("payments.paid")
    Bell("decisions.settled")
    assert [bell.name for bell in all_bells()] == ["decisions.settled", "payments.paid"]
    assert repr(all_bells()[0]) == "Bell('decisions.settled')"
    with pytest.raises(ValueError, match=r"payments\.paid"):
        Bell("payments.paid")
