"""受付: one case and one number whatever the channel, exactly once."""

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest

from madoguchi.ledgers.office import actions as office
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.queries import trace_of
from madoguchi.ledgers.office.session import enter_municipality, municipality_session
from madoguchi.ledgers.office.trace import SYSTEM, Subject
from madoguchi.services.applications import queries
from madoguchi.services.applications.actions import Order, receive_many
from madoguchi.services.applications.errors import AnswersIncomplete, NoSuchPeriod
from madoguchi.services.applications.models import Application, Check
from madoguchi.services.applications.states import Channel, CheckResult
from tests.at_once import at_once
from tests.factories_applications import received, small_package, typed


def test_a_receipt_has_a_number_with_a_check_digit_and_a_due_day(loaded: Any, now: datetime) -> None:
    receipt = received(loaded, now)
    assert receipt.number.startswith("MC000001")
    assert receipt.received_at == now
    assert receipt.due_on.isoformat() == "2027-01-08"
    application = Application.objects.get()
    assert (application.person_name, application.person_kana, application.grade) == (
        "見本　そら1",
        "ミホン　ソラ",
        1,
    )
    assert application.first_wish == "A1"
    assert application.person_key.endswith("|2020-06-14")
    assert application.answers["address"]["town"] == "サンプル市中央"


def test_the_receipt_leaves_a_trace_with_channel_step_and_seconds(loaded: Any, now: datetime) -> None:
    receipt = received(loaded, now, channel=Channel.COUNTER, staff_seconds=9000)
    (row,) = trace_of(Subject("applications.application", str(receipt.application_id)))
    assert row.verb == "applications.received"
    assert (row.note["channel"], row.note["step"], row.note["staff_seconds"]) == ("counter", "receipt", 1800)


def test_the_same_submission_gives_the_same_receipt(loaded: Any, now: datetime) -> None:
    key = uuid.uuid4()
    first = received(loaded, now, submission_key=key)
    again = received(loaded, now + timedelta(seconds=5), submission_key=key)
    assert (again.number, again.received_at, again.again) == (first.number, first.received_at, True)
    assert Application.objects.count() == 1


def test_numbers_have_no_holes_after_a_refusal(loaded: Any, now: datetime) -> None:
    first = received(loaded, now)
    with pytest.raises(AnswersIncomplete) as refused:
        received(loaded, now, raw=typed(2, child_birth="きのう"))
    assert {error.name for error in refused.value.reading.errors} == {"child_birth"}
    second = received(loaded, now, 3)
    assert (first.number[2:8], second.number[2:8]) == ("000001", "000002")


def test_paper_with_missing_answers_is_received_with_a_mark(loaded: Any, now: datetime) -> None:
    receipt = received(
        loaded, now, channel=Channel.PAPER, raw=typed(1, child_birth="", clubs__1="", clubs__2="")
    )
    check = Check.objects.get(application_id=receipt.application_id, code="complete")
    assert check.result == CheckResult.LOOK
    assert "生年月日" in check.sentence
    assert receipt.checks_to_look_at >= 1


def test_checks_of_the_flow_run_with_the_facts(loaded: Any, now: datetime) -> None:
    receipt = received(loaded, now, raw=typed(1, work_days="0"), facts={"out_of_city": True})
    results = dict(Check.objects.filter(application_id=receipt.application_id).values_list("code", "result"))
    assert results == {
        "complete": "passed",
        "duplicates": "passed",
        "late": "passed",
        "work_days": "look",
        "in_city": "look",
    }


def test_a_duplicate_is_found_across_channels_and_spellings(loaded: Any, now: datetime) -> None:
    first = received(loaded, now, raw=typed(1, child_name__family="高橋"))
    second = received(loaded, now, channel=Channel.PAPER, raw=typed(1, child_name__family="髙橋"))
    check = Check.objects.get(application_id=second.application_id, code="duplicates")
    assert check.result == CheckResult.LOOK
    assert first.number in check.sentence


def test_a_late_paper_is_received_and_marked(loaded: Any, now: datetime) -> None:
    receipt = received(loaded, now + timedelta(days=20), channel=Channel.PAPER)
    assert Check.objects.get(application_id=receipt.application_id, code="late").result == CheckResult.LOOK
    assert Application.objects.get().facts["on_time"] is False


def test_html_in_an_answer_stays_text(loaded: Any, now: datetime) -> None:
    evil = "<script>alert(1)</script>"
    received(loaded, now, raw=typed(1, address__building=evil))
    application = Application.objects.get()
    assert application.raw["address-building"] == [evil]
    assert application.answers["address"]["building"] == evil


def test_an_unknown_period_is_refused(loaded: Any, now: datetime) -> None:
    with pytest.raises(NoSuchPeriod):
        received(loaded, now, period_code="r99")


def test_many_are_received_in_chunks_with_duplicates_inside_a_chunk(loaded: Any, now: datetime) -> None:
    orders = [
        Order(loaded.version_id, "r9", typed(1 + n % 5), Channel.PAPER, SYSTEM, now, uuid.uuid4(), facts={})
        for n in range(12)
    ]
    receipts = list(receive_many([*orders, orders[0]], chunk=5))
    assert len(receipts) == 13
    assert receipts[-1].number == receipts[0].number
    assert len({receipt.number for receipt in receipts}) == 12
    marked = Check.objects.filter(code="duplicates", result=CheckResult.LOOK).count()
    assert marked == 7


def test_another_town_sees_nothing_of_it_and_counts_by_itself(
    loaded: Any, other_town: Any, town: Any, now: datetime
) -> None:
    received(loaded, now)
    with municipality_session(other_town.pk):
        assert Application.objects.count() == 0
        office.set_up_section(
            code="kodomo", fiscal_year=2026, name="町民課", symbol="見町", phone="000-0000-0000"
        )
        theirs = small_package(now)
        assert received(theirs, now).number[2:8] == "000001"


@pytest.fixture
def committed_town(committed: None) -> Any:
    town = office.found_municipality(
        code="999999", name="サンプル市", name_kana="サンプルシ", prefecture="サンプル県", mayor="例示　太郎"
    )
    enter_municipality(town.pk)
    office.set_up_section(
        code="kodomo", fiscal_year=2026, name="子ども若者課", symbol="サ子", phone="000-0000-0123"
    )
    return town


def test_two_requests_with_one_key_at_once_make_one_case(committed_town: Any, now: datetime) -> None:
    loaded, key = small_package(now), uuid.uuid4()
    receipts = at_once(committed_town, [lambda: received(loaded, now, submission_key=key)] * 4)
    assert len(receipts) == 4
    assert len({receipt.number for receipt in receipts}) == 1
    assert Application.objects.count() == 1


def test_of_two_for_one_child_at_once_the_second_is_marked(committed_town: Any, now: datetime) -> None:
    loaded = small_package(now)
    receipts = at_once(committed_town, [lambda: received(loaded, now)] * 4)
    assert len({receipt.number for receipt in receipts}) == 4
    assert Check.objects.filter(code="duplicates", result=CheckResult.LOOK).count() == 3


def test_characters_that_cannot_be_kept_are_left_out(loaded: Any, now: datetime) -> None:
    received(loaded, now, raw=typed(1, child_name__given="そ\x00ら\ud800\u202e"))
    assert Application.objects.get().raw["child_name-given"] == ["そら"]
    assert queries.ledger(queries.Filters(text="\x00そら")).total == 1
    with pytest.raises(NotFound):
        queries.status_for(uuid.uuid4(), "\x00")
