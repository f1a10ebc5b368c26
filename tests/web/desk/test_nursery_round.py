"""選考 of a nursery on the desk: seats from a file and a form, results by class, 辞退 and the further round."""

from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from madoguchi.clerical.decisions import actions as decisions
from madoguchi.clerical.decisions.access import draft_for
from madoguchi.ledgers.office import clock
from madoguchi.ledgers.office.roles import Role
from madoguchi.services.allocation.actions import compute_round, submit_round
from madoguchi.services.allocation.models import Round, RoundSeat
from madoguchi.services.allocation.queries import round_of
from tests.desk_browser import DeskBrowser
from tests.factories_nursery import PERIOD, SLUG, applied, nursery, transferring

HERE = f"/desk/{SLUG}/allocation/"
HEAD = "施設コード,クラス,定員,在園で残る子ども,保育士の数,面積,配置基準"


@pytest.fixture
def desk(section: Any, staff_with: Any) -> Any:
    return DeskBrowser(staff_with(Role.REVIEWER))


def words_of(answer: Any) -> str:
    return str(answer.content.decode())


def press(desk: Any, verb: str, address: str = f"{HERE}act/", **typed: Any) -> Any:
    return desk.post(address, {"verb": verb, "period": PERIOD, **typed}, follow=True)


def file_of(*lines: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("seats.csv", "\n".join([HEAD, *lines]).encode("cp932"), "text/csv")


def test_the_seats_of_a_round_are_entered_whole_or_not_at_all(desk: Any) -> None:
    at = clock.now()
    loaded = nursery(at, n01={"2": 3}, n02={"2": 1})
    applied(loaded, desk.staff, at, "はな", ["n01"], "2", **transferring("n02"))
    assert "選考の回を作りました" in words_of(press(desk, "open"))
    act = f"{HERE}seats/act/"
    wrong = press(desk, "file", act, table=file_of("n01,2,3,2,1,,", "n99,2,x,0,,,"))
    assert wrong.status_code == 422
    told = words_of(wrong)
    assert all(each in told for each in ("3行目", "「n99」という施設はありません", "1行も入れていません"))
    assert not RoundSeat.objects.exists()
    assert "1行を入れました" in words_of(press(desk, "file", act, table=file_of("n01,2,3,2,1,,経過措置")))
    form = {"facility": "n04", "capacity-4": "10", "staying-4": "多い", "staying-5": "3", "capacity-5": "10"}
    refused = press(desk, "edit", act, **form)
    assert 'value="多い"' in words_of(refused), "what was typed stays"
    entered = words_of(press(desk, "edit", act, **(form | {"staying-4": "12"})))
    assert "まだ入っていない施設" in entered
    assert "定員10・在園12" in entered
    assert RoundSeat.objects.count() == 3
    press(desk, "edit", act, **(dict.fromkeys(form, "") | {"facility": "n04"}))
    assert RoundSeat.objects.count() == 1, "left blank altogether, a class has the facility's own seats"
    file = desk.get(f"{HERE}seats/", {"period": PERIOD, "file": "1"})
    assert file["Content-Disposition"].endswith('seats-hoiku-2027-04.csv"')
    assert "n01,2,3,2,1,,経過措置" in file.content.decode("utf-8-sig")
    assert desk.get(f"{HERE}seats/", {"facility": "n99"}).status_code == 404


def settled(desk: Any, head: Any, at: datetime) -> None:
    found = round_of(SLUG, PERIOD)
    assert found is not None
    compute_round(round_id=found.id, by=desk.staff, at=at)
    draft_id = submit_round(round_id=found.id, approver=head, by=desk.staff, at=at)
    draft = draft_for(head, draft_id, at)
    told = {"seen_sha256": draft.content_sha256, "edition": draft.edition}
    decisions.approve(draft_id=draft_id, by=head, at=at, **told)


def test_a_round_by_class_a_decline_and_the_round_after_it(desk: Any, staff_with: Any) -> None:
    at, head = clock.now(), staff_with(Role.SECTION_HEAD)
    loaded = nursery(at, n01={"2": 1})
    longer = {"guardians-1-start": "9:00", "guardians-1-end": "18:00"}
    first = applied(loaded, desk.staff, at, "はな", ["n01"], "2", **longer)
    applied(loaded, desk.staff, at, "たろう", ["n01"], "2")
    press(desk, "open")
    settled(desk, head, at)
    page = words_of(desk.get(HERE, {"period": PERIOD}))
    assert "施設・クラス別" in page
    assert "2歳児クラス" in page
    assert "空き枠の再調整を始める（2回目）" in page
    refused = press(desk, "decline", turn="1", number="HK0000000", reason="転出")
    assert refused.status_code == 422
    assert 'value="転出"' in words_of(refused)
    press(desk, "decline", turn="1", number=first.number, reason="転出")
    assert "市立さくら台保育園" in words_of(desk.get(HERE, {"period": PERIOD}))
    assert "を記録してあります" in words_of(desk.get(f"/desk/cases/{first.number}/"))
    assert "2回目の選考" in words_of(press(desk, "again", turn="1"))
    settled(desk, head, at)
    assert list(Round.objects.order_by("sequence").values_list("sequence", "state")) == [
        (1, "settled"),
        (2, "settled"),
    ]
    assert "2回目（空き枠の再調整）" in words_of(desk.get(HERE, {"period": PERIOD, "turn": "2"}))
    assert "空き枠の再調整を始める" not in words_of(desk.get(HERE, {"period": PERIOD, "turn": "1"}))
    assert desk.get(HERE, {"period": PERIOD, "turn": "9"}).status_code == 404
    trials = words_of(desk.get(f"{HERE}trials/", {"period": PERIOD, "turn": "1"}))
    assert 'value="n01/2"' in trials
