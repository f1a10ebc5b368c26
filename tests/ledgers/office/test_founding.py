"""A real town from three files: everything or nothing, and again every spring."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import authenticate

from config.commands.found import EXAMPLE
from madoguchi.ledgers.office.founding import found
from madoguchi.ledgers.office.founding_files import FoundingFaulty, read_founding
from madoguchi.ledgers.office.models import Municipality, SectionInYear, Staff, Trace
from madoguchi.ledgers.office.queries import powers_of, roles_of, section_as_called
from madoguchi.ledgers.office.roles import Power, Role
from madoguchi.ledgers.office.session import municipality_session

FILES = {file.name: file.read_bytes() for file in sorted(Path(EXAMPLE).iterdir())}


def staff_file(*lines: str) -> dict[str, bytes]:
    head = FILES["staff.csv"].decode().splitlines()[0]
    return FILES | {"staff.csv": "\n".join([head, *lines]).encode()}


def test_the_example_is_a_town(db: None, now: datetime) -> None:
    done = found(read_founding(FILES), at=now)
    town = Municipality.objects.get(code="999997")
    assert (town.name, town.host, town.closed_days) == ("見本市", "madoguchi.mihon.example", ["2027-01-04"])
    assert (len(done.accounts), done.changed, done.left, done.grant_givers) == (6, 0, 0, 2)
    with municipality_session(town.pk):
        for account in done.accounts:
            assert authenticate(None, login=account.login, password=account.password) is not None
        clerk = Staff.objects.get(login="b2002")
        assert roles_of(clerk, now.date()) == {Role.COUNTER_CLERK, Role.REVIEWER}
        assert Power.SEE_PROTECTED not in powers_of(clerk, now.date())
        named = section_as_called("joho", now.date())
        assert named is not None
        assert (named.name, named.symbol) == ("情報政策課", "見情")
        assert named.parent is not None
        assert named.parent.code == "soumu"
        assert Trace.objects.filter(verb="office.employed").count() == 6
        told = str(list(Trace.objects.values_list("note", "purpose", "actor_name")))
        assert [each for each in done.accounts if each.password in told] == []


def test_the_same_files_again_change_nothing(db: None, now: datetime) -> None:
    found(read_founding(FILES), at=now)
    with municipality_session(Municipality.objects.get(code="999997").pk):
        before = Trace.objects.count(), SectionInYear.objects.count(), Staff.objects.count()
    again = found(read_founding(FILES), at=now)
    assert (again.accounts, again.changed, again.left) == ((), 0, 0)
    with municipality_session(Municipality.objects.get(code="999997").pk):
        assert (Trace.objects.count(), SectionInYear.objects.count(), Staff.objects.count()) == before


def test_in_spring_people_move_come_and_leave(db: None, now: datetime) -> None:
    found(read_founding(FILES), at=now)
    april = now.replace(year=2027, month=4, day=1)
    files = staff_file(
        "a1001,田中　例,タナカ　レイ,a1001@mihon.example,joho,情報システム担当,",
        "b2001,佐々木　例,ササキ　レイ,b2001@mihon.example,shimin,審査担当,",
        "b2003,高橋　例,タカハシ　レイ,b2003@mihon.example,kodomo,課長,退職",
        "d4001,中村　例,ナカムラ　レイ,,kodomo,課長,",
    )
    files["sections.csv"] = files["sections.csv"].replace("子ども若者課".encode(), "こども課".encode())
    done = found(read_founding(files), at=april)
    assert [each.login for each in done.accounts] == ["d4001"]
    assert (done.changed, done.left, done.grant_givers) == (2, 1, 1)
    with municipality_session(Municipality.objects.get(code="999997").pk):
        moved = Staff.objects.get(login="b2001")
        assert (moved.name, moved.section.code) == ("佐々木　例", "shimin")
        assert not Staff.objects.get(login="b2003").is_active
        names = [section_as_called("kodomo", day.date()) for day in (now, april)]
        assert [each.name for each in names if each] == ["子ども若者課", "こども課"]


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({}, "town.toml: ファイルがありません。"),
        (FILES | {"town.toml": b'code = "1"'}, "code は6けた"),
        (FILES | {"town.toml": FILES["town.toml"] + b'x = "\xff"'}, "UTF-8 の TOML"),
        (FILES | {"sections.csv": "課名\n".encode()}, "列「課コード」「係」"),
        (staff_file("a1,氏,シ,,nowhere,課長,"), "課コード「nowhere」が sections.csv にありません"),
        (staff_file("a1,氏,シ,,joho,部長,"), "staff.csv 2行目: 役割「部長」はありません。"),
        (staff_file("a1,氏,シ,x,joho,課長,"), "staff.csv 2行目: "),
        (staff_file("あ,氏,シ,,joho,課長,"), "職員番号「あ」が使えません"),
        (staff_file("a1,,シ,,joho,課長,", "a1,氏,シ,,joho,課長,"), "氏名がありません"),
        (staff_file("a1,氏,シ,,joho,課長,", "a1,氏,シ,,joho,課長,"), "職員番号「a1」が2回あります"),
    ],
)
def test_every_mistake_is_told_with_its_place(files: dict[str, bytes], told: str) -> None:
    with pytest.raises(FoundingFaulty) as refused:
        read_founding(files)
    assert told in str(refused.value)
    assert "何も登録していません" in refused.value.next_step


def test_a_spreadsheet_saved_in_japan_is_read() -> None:
    in_cp932 = FILES | {name: FILES[name].decode().encode("cp932") for name in ("staff.csv", "sections.csv")}
    assert read_founding(in_cp932) == read_founding(FILES)


def test_nothing_stays_of_a_run_that_fails(db: None, now: datetime, monkeypatch: Any) -> None:
    read = read_founding(FILES)
    gone = replace(read, staff=(*read.staff, replace(read.staff[0], login="z", section="gone")))
    with pytest.raises(Exception, match="Section"):
        found(gone, at=now)
    assert not Municipality.objects.filter(code="999997").exists()
