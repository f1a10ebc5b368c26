import re
import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from madoguchi.ledgers.office.models import Trace
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.registry import importing
from madoguchi.ledgers.registry.import_mapping import shipped_text
from madoguchi.ledgers.registry.models import ImportRow, Resident, ResidentImport
from tests.factories_imports import applied, as_bytes, family, read_in, table
from tests.factories_registry import NOW, enter

LIST = "/desk/registry/imports/"


def moved(rows: list[dict[str, str]]) -> None:
    rows[0] |= {"住所_町字": "さくら台一丁目", "住所_郵便番号": "０００－００１１"}
    rows[2] |= {"続柄コード1": "33"}


def page(answer: Any) -> str:
    """What a reader sees, without tags and runs of spaces."""
    assert answer.status_code == 200, answer
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def file_of(body: bytes, **more: Any) -> dict[str, Any]:
    return {
        "file": SimpleUploadedFile("住民.csv", body),
        "key": str(uuid.uuid4()),
        "as_of": "2026-11-21",
        **more,
    }


def test_a_file_goes_from_the_form_to_the_register(desk_of: Any) -> None:
    desk = desk_of(Role.REGISTRY_CLERK)
    enter(*family())
    form = file_of(as_bytes(table(change=moved)), scope="whole", mapping="juki")
    answer = desk.post(f"{LIST}new/", form)
    run = ResidentImport.objects.get()
    assert answer["Location"] == f"{LIST}{run.pk}/"
    assert "順番を待っています" in page(desk.get(answer["Location"]))
    importing.read(import_id=run.pk, municipality_code="999999", at=NOW)
    report = page(desk.get(f"{LIST}{run.pk}/"))
    assert "受け入れない 1" in report
    assert "「33」という番号は、標準にも対応表にもありません" in report
    assert "郵便番号の書き方をそろえました" in page(desk.get(f"{LIST}{run.pk}/?outcome=repaired"))
    shown = page(desk.get(f"{LIST}{run.pk}/differences/"))
    assert "町字 前： 中央二丁目 → 後： さくら台一丁目" in shown
    assert Resident.objects.get(atena_number=8000001).town == "中央二丁目"
    for _ in range(2):
        desk.post(f"{LIST}{run.pk}/apply/", {"strike_missing": "no"})
    importing.apply(import_id=run.pk, at=NOW)
    assert "住民記録に反映しました" in page(desk.get(f"{LIST}{run.pk}/"))
    assert Resident.objects.get(atena_number=8000001).town == "さくら台一丁目"
    assert "反映済み" in page(desk.get(LIST))


def test_a_second_press_is_the_same_import(desk_of: Any) -> None:
    desk = desk_of(Role.REGISTRY_CLERK)
    key = str(uuid.uuid4())
    for _ in range(2):
        desk.post(f"{LIST}new/", file_of(as_bytes(table())) | {"key": key})
    assert [str(run.pk) for run in ResidentImport.objects.all()] == [key]


def test_a_file_with_individual_numbers_is_refused_on_the_form(desk_of: Any) -> None:
    rows = table()
    for row, cell in zip(rows, ["ﾏｲﾅﾝﾊﾞｰ", "123456789018", "", ""], strict=True):
        row.append(cell)
    answer = desk_of(Role.REGISTRY_CLERK).post(f"{LIST}new/", file_of(as_bytes(rows)))
    assert answer.status_code == 422
    assert "個人番号の列" in answer.content.decode()
    assert "123456789018" not in answer.content.decode()
    assert not ResidentImport.objects.exists()


def test_the_towns_own_mapping_is_taken_and_offered_again(desk_of: Any) -> None:
    own = (
        shipped_text("juki")
        .replace('"住民記録システムの標準"', '"見本町の書き出し"')
        .replace('["宛名番号"]', '["個人コード"]')
    )
    rows = table()
    rows[0][1] = "個人コード"
    desk = desk_of(Role.REGISTRY_CLERK)
    refused = desk.post(f"{LIST}new/", file_of(as_bytes(rows)))
    assert (refused.status_code, "宛名番号" in refused.content.decode()) == (422, True)
    desk.post(f"{LIST}new/", file_of(as_bytes(rows), mapping_file=SimpleUploadedFile("m.toml", own.encode())))
    assert ResidentImport.objects.get().mapping_name == "見本町の書き出し"
    assert "前回と同じ（見本町の書き出し）" in page(desk.get(f"{LIST}new/"))
    answer = desk.post(f"{LIST}new/", file_of(as_bytes(rows), mapping="last"))
    assert answer.status_code == 302


def test_rejections_are_taken_away_for_a_purpose(desk_of: Any) -> None:
    def broken(rows: list[dict[str, str]]) -> None:
        rows[0] |= {"生年月日": "991399", "氏_日本人": "=1+1"}

    import_id = read_in(as_bytes(table(change=broken)))
    desk = desk_of(Role.REGISTRY_CLERK)
    assert "何のため" in page(desk.post(f"{LIST}{import_id}/rejections/", {}))
    body = desk.post(f"{LIST}{import_id}/rejections/", {"purpose": "取り込みの確認"}).content
    assert body.startswith(b"\xef\xbb\xbf")
    head, line = body.decode("utf-8-sig").splitlines()
    assert head.startswith("行,見出し,理由,宛名番号,")
    assert line.startswith("2,生年月日,")
    assert "'=1+1" in line
    assert Trace.objects.filter(verb="registry.exported", purpose="取り込みの確認").count() == 1


def test_throwing_away_leaves_the_counts_only(desk_of: Any) -> None:
    import_id = read_in(as_bytes(table()))
    desk = desk_of(Role.REGISTRY_CLERK)
    assert desk.post(f"{LIST}{import_id}/discard/", {"back": LIST}).status_code == 302
    assert not ImportRow.objects.exists()
    assert "破棄" in page(desk.get(LIST))


def test_lists_find_a_line_and_a_number(desk_of: Any) -> None:
    import_id = read_in(as_bytes(table()))
    desk = desk_of(Role.REGISTRY_CLERK)
    for text in ("4", "8000003", "例示"):
        shown = page(desk.get(f"{LIST}{import_id}/differences/?change=new&q={text}"))
        assert "例示 一郎" in shown
        assert "見本 花子" not in shown
    assert Trace.objects.filter(verb="registry.import_looked_at").count() == 3


def test_a_person_by_day_and_its_history(desk_of: Any) -> None:
    def later(rows: list[dict[str, str]]) -> None:
        rows[0] |= {"住所_町字": "さくら台一丁目", "異動年月日": "20261120", "異動事由": "転居"}

    enter(*family())
    applied(as_bytes(table(change=later)))
    mother = Resident.objects.get(atena_number=8000001)
    desk, address = desk_of(Role.COUNTER_CLERK), f"/desk/registry/residents/{mother.pk}/"
    assert "何のために" in page(desk.get(address))
    assert not Trace.objects.filter(verb="registry.looked_at").exists()
    now = page(desk.get(f"{address}?purpose=窓口での確認"))
    assert "さくら台一丁目3番4号" in now
    assert "町字： 中央二丁目 → さくら台一丁目" in now
    before = page(desk.get(f"{address}?purpose=窓口での確認&on=令和8年11月19日"))
    assert "〒000-0021 中央二丁目3番4号" in before
    assert "この日の記載はありません" in page(desk.get(f"{address}?purpose=確認&on=2000-01-01"))
    assert desk.get(f"{address}?purpose=確認&on=あした").status_code == 422
    assert Trace.objects.filter(verb="registry.looked_at").count() == 4


def test_a_household_by_day(desk_of: Any) -> None:
    enter(*family())
    applied(
        as_bytes(table()[:2] + table()[3:]), strike=True, at=NOW + timedelta(days=0), as_of=date(2026, 11, 21)
    )
    desk = desk_of(Role.COUNTER_CLERK)
    assert "、1人" in page(desk.get("/desk/registry/households/1/?purpose=確認&on=2026-11-21"))
    assert "、2人" in page(desk.get("/desk/registry/households/1/?purpose=確認&on=2026-11-20"))
    assert desk.get("/desk/registry/households/99/?purpose=確認").status_code == 404


def test_the_search_leads_to_the_person(desk_of: Any) -> None:
    mother = enter(*family())[0]
    answer = desk_of(Role.COUNTER_CLERK).get("/desk/residents/?q=見本　花子&purpose=窓口での確認")
    assert f"/desk/registry/residents/{mother.pk}/?purpose=" in answer.content.decode()


@pytest.mark.parametrize("role", list(Role))
def test_imports_open_only_with_their_power(role: Role, desk_of: Any) -> None:
    may = role in {Role.REGISTRY_CLERK, Role.IT_ADMIN}
    desk = desk_of(role)
    for address in (LIST, f"{LIST}new/"):
        assert desk.get(address).status_code == (200 if may else 403)
    assert desk.post(f"{LIST}{uuid.uuid4()}/apply/").status_code == (404 if may else 403)
