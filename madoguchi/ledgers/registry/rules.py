"""How residents are found and how people prove themselves; no queries."""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from madoguchi.common.era import DateUnreadable, parse_japanese_date
from madoguchi.common.kana import fold_width, is_kana, kana_key
from madoguchi.common.names import name_key
from madoguchi.ledgers.registry.errors import HouseholdBroken
from madoguchi.ledgers.registry.rows import HouseholdRow
from madoguchi.ledgers.registry.states import Relationship

CODE_VALID_FOR = timedelta(minutes=10)
CODE_TRIES = 5
CODES_AN_HOUR = 10
TEXTS_AN_HOUR = 5
CODES_AN_HOUR_FROM_ONE_PLACE = 60
PROOF_LASTS = timedelta(hours=12)
_ERA_DATES_END = 8_000_000
_FIRST_PLAIN_DATE, _LAST_PLAIN_DATE = 19000101, 20399999
_LONGEST_NUMBER = 18
# Sounds that kana_key writes as the vowel before them.
_MAY_JOIN = frozenset("ウイうイいｳｲー")


class QueryKind(StrEnum):
    """What was typed into the one search box."""

    NOTHING = "nothing"
    NAME = "name"
    READING = "reading"
    BIRTH = "birth"
    NUMBER = "number"


QUERY_WORDS: dict[QueryKind, str] = {
    QueryKind.NOTHING: "入力がありません",
    QueryKind.NAME: "氏名",
    QueryKind.READING: "氏名・フリガナ",
    QueryKind.BIRTH: "生年月日",
    QueryKind.NUMBER: "宛名番号",
}


@dataclass(frozen=True)
class Query:
    """One search: its kind and what to compare with."""

    kind: QueryKind
    name_keys: tuple[str, ...] = ()
    kana_keys: tuple[str, ...] = ()
    birth: date | None = None
    number: int | None = None


def read_query(text: str) -> Query:
    """Decide by the shape of what was typed.

    Non-digits are a name or its furigana; seven digits below 8,000,000 a birth date in 和暦 (4050101 is
    平成5年1月1日); eight digits from 19000101 to 20399999 one in 西暦; any other digits, and digits that
    are no day of the calendar, a 宛名番号. A date written with its marks (H5.1.1) is a birth date too.
    """
    folded = "".join(fold_width(text).split())
    if not folded:
        return Query(QueryKind.NOTHING)
    if folded.isascii() and folded.isdigit():
        return _read_digits(folded)
    birth = _written_date(folded)
    return Query(QueryKind.BIRTH, birth=birth) if birth else _read_name(text)


def _read_digits(digits: str) -> Query:
    if len(digits) > _LONGEST_NUMBER:
        return Query(QueryKind.NUMBER)
    number = int(digits)
    era_date = len(digits) == 7 and number < _ERA_DATES_END
    plain_date = len(digits) == 8 and _FIRST_PLAIN_DATE <= number <= _LAST_PLAIN_DATE
    birth = _day(digits) if era_date or plain_date else None
    return Query(QueryKind.BIRTH, birth=birth) if birth else Query(QueryKind.NUMBER, number=number)


def _day(text: str) -> date | None:
    try:
        return parse_japanese_date(text)
    except DateUnreadable:
        return None


def _written_date(folded: str) -> date | None:
    return _day(folded) if any(char.isdigit() for char in folded) else None


def _read_name(text: str) -> Query:
    whole, parts = name_key(text), text.split()
    if not whole:
        return Query(QueryKind.NOTHING)
    if not is_kana(text):
        return Query(QueryKind.NAME, name_keys=(whole,))
    readings = (kana_key(text), "".join(kana_key(part) for part in parts))
    return Query(
        QueryKind.READING, name_keys=(whole,), kana_keys=tuple(dict.fromkeys(filter(None, readings)))
    )


def joined_reading(family_kana: str, given_kana: str, apart: str) -> str:
    """The reading written without a break, where that sounds otherwise: a long sound may cross from 氏 to 名."""
    if given_kana[:1] not in _MAY_JOIN:
        return ""
    joined = kana_key(family_kana + given_kana)
    return "" if joined == apart else joined


def check_household(row: HouseholdRow) -> None:
    """Exactly one 世帯主 and 記載順位 from 1 without gaps; otherwise HouseholdBroken."""
    heads = sum(member.relationship == Relationship.HEAD for member in row.members)
    if heads != 1:
        raise HouseholdBroken(
            f"世帯番号{row.number}の世帯主が{heads}人います。",
            next_step="続柄コードを見直し、世帯主（02）を1人にしてください。",
        )
    if sorted(member.place for member in row.members) != list(range(1, len(row.members) + 1)):
        raise HouseholdBroken(
            f"世帯番号{row.number}の記載順位が1から続いていません。",
            next_step="記載順位を1から順に振り直してください。",
        )


def repeated(numbers: Iterable[int]) -> int | None:
    """The first number that occurs twice, if any."""
    seen: set[int] = set()
    for number in numbers:
        if number in seen:
            return number
        seen.add(number)
    return None


def code_sha256(proof_id: UUID, code: str) -> str:
    """What is kept of a six-digit code; the proof's own id is the salt."""
    return hashlib.sha256(f"{proof_id}:{code}".encode()).hexdigest()


def is_code(proof_id: UUID, typed: str, kept_sha256: str) -> bool:
    """Whether this is the code that was sent; width and spaces do not matter."""
    code = "".join(fold_width(typed).split())
    return hmac.compare_digest(code_sha256(proof_id, code), kept_sha256)


def last_day_of_protection(day: date, *, renewed: bool = False) -> date:
    """The last day of one year of 支援措置: begun on `day`, or renewed from the last day `day` (民法143条)."""
    last = day if renewed else date.fromordinal(day.toordinal() - 1)
    try:
        return last.replace(year=last.year + 1)
    except ValueError:
        return date(last.year + 1, 2, 28)


def may_renew_on(ends_on: date) -> date:
    """The first day on which a renewal may be asked for: one month before the last day."""
    year, month = (ends_on.year, ends_on.month - 1) if ends_on.month > 1 else (ends_on.year - 1, 12)
    first_of_next = date(year + month // 12, month % 12 + 1, 1)
    last_of_month = date.fromordinal(first_of_next.toordinal() - 1).day
    return date(year, month, min(ends_on.day, last_of_month))
