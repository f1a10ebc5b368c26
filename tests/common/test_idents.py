import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from madoguchi.common.idents import (
    CaseNumber,
    CaseNumberUnreadable,
    case_number,
    damm_digit,
    read_case_number,
)

NUMBERS = st.builds(case_number, st.from_regex("[A-Z]{1,4}", fullmatch=True), st.integers(1, 99_999_999))


def test_damm_digit__the_published_example():
    assert damm_digit("572") == "4"
    assert damm_digit("5724") == "0"


@pytest.mark.parametrize(
    "change", [str.lower, lambda n: f" {n[:2]} - {n[2:8]} - {n[8:]} ", lambda n: n.replace("0", "０")]
)
def test_read__width_spaces_and_case_do_not_matter(change):
    assert read_case_number(change(case_number("GK", 1))) == CaseNumber("GK", 1)


def test_case_number__shape():
    assert case_number("GK", 1).startswith("GK000001")
    assert len(case_number("GK", 1)) == 9
    assert len(case_number("GK", 1_000_000)) == 10
    assert str(CaseNumber("GK", 12)) == case_number("GK", 12)


@pytest.mark.parametrize(("prefix", "sequence"), [("gk", 1), ("", 1), ("ABCDE", 1), ("GK", 0)])
def test_case_number__a_bad_prefix_is_a_mistake_of_the_caller(prefix, sequence):
    with pytest.raises(ValueError):
        case_number(prefix, sequence)


@pytest.mark.parametrize("text", ["", "GK", "0000017", "GK12", "GK00000１あ", "GK0000001"])
def test_read__refused_with_a_sentence(text):
    with pytest.raises(CaseNumberUnreadable, match="受付番号"):
        read_case_number(text)


@given(NUMBERS)
def test_every_number_is_read_back(number):
    assert str(read_case_number(number)) == number


@given(NUMBERS, st.data())
def test_every_wrong_digit_is_noticed(number, data):
    place = data.draw(st.sampled_from([n for n, char in enumerate(number) if char.isdigit()]))
    wrong = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != number[place]]))
    with pytest.raises(CaseNumberUnreadable):
        read_case_number(number[:place] + wrong + number[place + 1 :])


@given(NUMBERS, st.data())
def test_every_swap_of_neighbouring_digits_is_noticed(number, data):
    pairs = [n for n in range(len(number) - 1) if number[n].isdigit() and number[n] != number[n + 1]]
    assume(pairs)
    place = data.draw(st.sampled_from(pairs))
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    with pytest.raises(CaseNumberUnreadable):
        read_case_number(swapped)
