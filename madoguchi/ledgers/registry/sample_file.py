"""Households as a resident record system writes them to a file, for tests, benches and the demo. No queries."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date

from madoguchi.common.era import era_on
from madoguchi.ledgers.registry.rows import HouseholdRow, MemberRow

HEADS = (
    "市区町村コード",
    "宛名番号",
    "最新フラグ",
    "世帯番号",
    "住民種別",
    "住民状態",
    "異動年月日",
    "異動年月日_不詳フラグ",
    "異動事由",
    "氏名",
    "氏_日本人",
    "名_日本人",
    "氏_日本人_フリガナ",
    "名_日本人_フリガナ",
    "氏名_フリガナ確認状況",
    "性別",
    "生年月日_元号",
    "生年月日",
    "生年月日_不詳フラグ",
    "続柄コード1",
    "続柄表記",
    "世帯主氏名",
    "記載順位",
    "住民となった年月日",
    "住所_郵便番号",
    "住所_都道府県",
    "住所_市区郡町村名",
    "住所_町字",
    "住所_番地号表記",
    "住所_方書",
    "小学校区",
    "転入前住所_郵便番号",
    "転入前住所_町字",
)


def town_rows(households: Iterable[HouseholdRow], *, code: str = "999999") -> Iterator[list[str]]:
    """The head and one row a person."""
    yield list(HEADS)
    for household in households:
        for member in household.members:
            yield _row(household, member, code)


def _row(household: HouseholdRow, member: MemberRow, code: str) -> list[str]:
    head, address = household.members[0], household.address
    return [
        code,
        str(member.atena_number),
        "1",
        str(household.number),
        str(int(member.kind)),
        "1",
        f"{member.moved_in_on:%Y%m%d}",
        "0",
        "転入",
        f"{member.family}　{member.given}",
        member.family,
        member.given,
        member.family_kana,
        member.given_kana,
        "1" if member.kana_confirmed else "0",
        str(int(member.sex)),
        *_era_columns(member.birth),
        "0" if member.birth else "1",
        f"{int(member.relationship):02}",
        member.relationship_text,
        f"{head.family}　{head.given}",
        str(member.place),
        f"{member.moved_in_on:%Y%m%d}",
        address.postcode,
        "サンプル県",
        "サンプル市",
        address.town,
        address.block,
        address.building,
        address.school_district,
        "",
        "",
    ]


def _era_columns(birth: date | None) -> tuple[str, str]:
    """元号 and 年月日 in two columns, as the systems write them: 4 and 050101."""
    if birth is None:
        return "", ""
    era = era_on(birth)
    return str(era.code), f"{era.year_of(birth.year):02}{birth:%m%d}"


def town_csv(households: Iterable[HouseholdRow], *, code: str = "999999") -> Iterator[str]:
    """The file as CSV text, line by line."""
    for row in town_rows(households, code=code):
        line = io.StringIO(newline="")
        csv.writer(line).writerow(row)
        yield line.getvalue()
