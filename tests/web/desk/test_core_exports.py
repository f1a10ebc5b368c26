"""基幹連携 on the desk: from what waits over the first rows to the file, its answer and its cases."""

import re
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from madoguchi.ledgers.office import clock
from madoguchi.ledgers.office.models import Trace
from madoguchi.ledgers.office.roles import Role
from madoguchi.services.applications.models import CoreExport
from tests.factories_applications import received, typed
from tests.factories_exports import read_quoted
from tests.services.applications.test_core_exporting import with_layout

HOME, TARGET = "/desk/exports/", "/desk/exports/mihon-club/daicho/"


@pytest.fixture
def loaded(section: Any, now: datetime, settings: Any) -> Any:
    settings.MADOGUCHI_CLOCK = now.date().isoformat()
    clock._shift.cache_clear()
    return with_layout(now)


def numbers_of(page: str) -> dict[str, int]:
    """Every count of a target page with the address of its cases."""
    found = re.findall(r'<a class="kpi__value" href="([^"]+)">([\d,]+)<', page)
    return {href: int(count.replace(",", "")) for href, count in found}


def make(desk: Any) -> str:
    page = desk.get(f"{TARGET}new/").content.decode()
    press = re.search(r'name="press" value="([0-9a-f-]{36})"', page)[1]
    return desk.post(f"{TARGET}new/", {"press": press, "back": f"{TARGET}new/"})["Location"]


def test_from_what_waits_to_the_confirmed_file(desk_of: Any, loaded: Any, now: datetime) -> None:
    desk = desk_of(Role.REVIEWER)
    good, bad = (received(loaded, now, each).number for each in (1, 2))
    home = desk.get(HOME).content.decode()
    assert "台帳システム" in home
    assert "転記をなくした" not in home
    first = desk.get(f"{TARGET}new/").content.decode()
    for shown in ("受付番号", "ﾐﾎﾝ ｿﾗ", "5020614", good, bad, "2件のファイルを作る"):
        assert shown in first
    assert not CoreExport.objects.exists()
    address = make(desk)
    assert "作成済み" in desk.get(address).content.decode()
    body = desk.post(f"{address}fetch/")
    assert [line[1] for line in read_quoted(body.content, "cp932")[1:]] == [good, bad]
    assert "D999999_20261121_0001.csv" in body["Content-Disposition"]
    answer = SimpleUploadedFile("r.csv", f"番号,結果,内容\n{good},0,\n{bad},9,宛名なし\n".encode("cp932"))
    desk.post(f"{address}answer/", {"answer": answer})
    page = desk.get(address).content.decode()
    assert "取込済み" in page
    assert "宛名なし" in page
    assert "10項目" in desk.get(HOME).content.decode()
    morning = desk.get("/desk/").content.decode()
    assert "基幹システムから戻された申請" in morning
    assert bad in desk.get(re.search(r'href="(/desk/exports/[^"]+/rejected/)"', morning)[1]).content.decode()
    desk.post(f"{TARGET}settle/", {"number": bad, "purpose": "宛名を付けた", "then": "again"})
    assert numbers_of(desk.get(TARGET).content.decode())[f"{TARGET}cases/due/"] == 1


def test_every_number_leads_to_just_its_cases(desk_of: Any, loaded: Any, now: datetime) -> None:
    desk = desk_of(Role.REVIEWER)
    for each in (1, 2, 3):
        received(loaded, now, each)
    make(desk)
    received(loaded, now, 4)
    told = numbers_of(desk.get(TARGET).content.decode())
    assert told == {
        **{f"{TARGET}cases/{what}/": 0 for what in ("changed", "cancelled", "rejected")},
        f"{TARGET}cases/due/": 1,
        f"{TARGET}cases/exported/": 3,
        f"{TARGET}cases/waiting/": 3,
    }
    for address, count in told.items():
        page = desk.get(address).content.decode()
        assert len(set(re.findall(r'/desk/cases/(MC[^/"]+)/"', page))) == count, address


def test_again_needs_a_reason_and_stands_in_the_record(desk_of: Any, loaded: Any, now: datetime) -> None:
    desk = desk_of(Role.REVIEWER)
    number = received(loaded, now).number
    address = make(desk)
    desk.post(f"{address}fetch/")
    refused = desk.post(f"{address}fetch/", {"back": address}, follow=True)
    assert "理由がありません" in refused.content.decode()
    assert desk.post(f"{address}fetch/", {"purpose": "読み込みに失敗"}).content
    refused = desk.post(f"{TARGET}again/", {"numbers": number, "back": TARGET}, follow=True)
    assert "理由がありません" in refused.content.decode()
    desk.post(f"{TARGET}again/", {"numbers": f"{number}、", "purpose": "台帳で消えた"})
    assert set(Trace.objects.filter(purpose="台帳で消えた").values_list("verb", flat=True)) == {
        "applications.core_exported_again"
    }
    assert "台帳で消えた" in desk.get(TARGET).content.decode()


def test_a_character_without_a_code_is_shown_before_anything_is_made(
    desk_of: Any, loaded: Any, now: datetime
) -> None:
    desk = desk_of(Role.REVIEWER)
    number = received(loaded, now, raw=typed(1, child_name__family="𠮷田")).number
    page = desk.get(f"{TARGET}new/").content.decode()
    assert "U+20BB7" in page
    assert f"/desk/cases/{number}/" in page
    assert "/new/" in make(desk)
    assert not CoreExport.objects.exists()


def test_a_file_that_was_called_off_gives_its_cases_back(desk_of: Any, loaded: Any, now: datetime) -> None:
    desk = desk_of(Role.REVIEWER)
    received(loaded, now)
    address = make(desk)
    desk.post(f"{address}call-off/", {"purpose": "連携先の障害"})
    assert "取り消した" in desk.get(address).content.decode()
    assert numbers_of(desk.get(TARGET).content.decode())[f"{TARGET}cases/due/"] == 1


def test_nobody_without_the_power(desk_of: Any, loaded: Any, now: datetime) -> None:
    received(loaded, now)
    address = make(desk_of(Role.REVIEWER))
    for desk in (desk_of(Role.COUNTER_CLERK), desk_of(Role.AUDITOR)):
        for each in (HOME, TARGET, f"{TARGET}new/", f"{TARGET}cases/due/", address):
            assert desk.get(each).status_code == 403
        assert desk.post(f"{address}fetch/").status_code == 403
