from datetime import date
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.ledgers.registry import rules
from madoguchi.ledgers.registry.errors import HouseholdBroken
from madoguchi.ledgers.registry.rules import QueryKind, read_query
from madoguchi.ledgers.registry.states import Relationship
from tests.factories_registry import child, household, member


@pytest.mark.parametrize(
    ("typed", "birth"),
    [
        ("4050101", date(1993, 1, 1)),
        ("４０５０１０１", date(1993, 1, 1)),
        ("5020803", date(2020, 8, 3)),
        ("3640107", date(1989, 1, 7)),
        ("19930101", date(1993, 1, 1)),
        ("１９９３０１０１", date(1993, 1, 1)),
        ("H5.1.1", date(1993, 1, 1)),
        ("平成5年1月1日", date(1993, 1, 1)),
        ("令和２年 8月3日", date(2020, 8, 3)),
        ("2020/8/3", date(2020, 8, 3)),
    ],
)
def test_dates_are_birth_dates(typed: str, birth: date) -> None:
    query = read_query(typed)
    assert (query.kind, query.birth) == (QueryKind.BIRTH, birth)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("1", 1),
        ("8000001", 8000001),
        ("9999999", 9999999),
        ("18991231", 18991231),
        ("20400101", 20400101),
        ("4051301", 4051301),
        ("19930230", 19930230),
        ("6010101", 6010101),
        ("  １２３ ４５ ", 12345),
        ("9" * 18, 10**18 - 1),
        ("9" * 19, None),
    ],
)
def test_other_digits_are_a_number(typed: str, number: int | None) -> None:
    query = read_query(typed)
    assert (query.kind, query.number) == (QueryKind.NUMBER, number)


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("佐藤", QueryKind.NAME),
        ("髙橋　花子", QueryKind.NAME),
        ("さとう はなこ", QueryKind.READING),
        ("ｻﾄｳ", QueryKind.READING),
        ("NGUYEN", QueryKind.NAME),
        ("一ノ瀬", QueryKind.NAME),
        ("", QueryKind.NOTHING),
        ("　 ", QueryKind.NOTHING),
        ("・・", QueryKind.NOTHING),
    ],
)
def test_everything_else_is_a_name(typed: str, kind: QueryKind) -> None:
    assert read_query(typed).kind == kind


@given(st.text(max_size=60))
def test_any_text_can_be_read(text: str) -> None:
    query = read_query(text)
    if query.kind == QueryKind.BIRTH:
        assert query.birth is not None
    if query.kind in {QueryKind.NAME, QueryKind.READING}:
        assert all(query.name_keys)
    assert query.kind in rules.QUERY_WORDS


@given(st.integers(min_value=0, max_value=10**12))
def test_digits_are_a_date_or_the_number_itself(number: int) -> None:
    query = read_query(str(number))
    assert query.kind == QueryKind.BIRTH or query.number == number


def test_variants_of_a_name_share_their_key() -> None:
    plain = read_query("高橋").name_keys
    assert read_query("髙橋").name_keys == plain
    assert read_query("渡邉\U000e0101").name_keys == read_query("渡辺").name_keys


def test_a_household_has_one_head_and_places_in_order() -> None:
    rules.check_household(household(1, member(1), child(2)))
    for broken, said in [
        (household(1, child(1, 1)), "世帯主が0人"),
        (household(1, member(1), member(2, 2)), "世帯主が2人"),
        (household(1, member(1), child(2, 3)), "記載順位"),
        (household(1), "世帯主が0人"),
    ]:
        with pytest.raises(HouseholdBroken, match=said):
            rules.check_household(broken)


@given(st.integers(min_value=0, max_value=999_999))
def test_only_the_code_itself_opens(number: int) -> None:
    proof, other = uuid4(), uuid4()
    code = f"{number:06d}"
    kept = rules.code_sha256(proof, code)
    assert rules.is_code(proof, f" {code[:3]} {code[3:]}", kept)
    assert not rules.is_code(other, code, kept)
    assert not rules.is_code(proof, f"{(number + 1) % 1_000_000:06d}", kept)


def test_relationship_codes_are_those_of_the_resident_system() -> None:
    assert (Relationship.HEAD, Relationship.WIFE, Relationship.CHILD) == (2, 12, 20)
