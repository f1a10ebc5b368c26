import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.common import codes
from madoguchi.common.codes import CodeUnreadable, repair_municipality_code


def digits(count: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=count, max_size=count)


@pytest.mark.parametrize("code", ["131016", "011002", "092011", "462209", "130001", "999999", "999998"])
def test_municipality_code__right_codes_need_no_repair(code):
    assert codes.is_municipality_code(code)
    assert repair_municipality_code(code) == codes.CodeReading(code)


@pytest.mark.parametrize(
    ("body", "code"),
    [("13101", "131016"), ("01100", "011002"), ("09201", "092011"), ("46220", "462209"), ("13000", "130001")],
)
def test_municipality_check_digit(body, code):
    assert body + codes.municipality_check_digit(body) == code


@pytest.mark.parametrize(
    ("text", "code", "repairs"),
    [
        ("92011", "092011", 1),
        ("13101", "131016", 1),
        ("1100", "011002", 2),
        ("09201", "092011", 1),
        ("11002", "011002", 1),
        ("１３１０１６", "131016", 0),
        (" 131016 ", "131016", 0),
        ("13101-6", "131016", 0),
    ],
)
def test_repairs_are_made_and_reported(text, code, repairs):
    reading = repair_municipality_code(text)
    assert (reading.code, len(reading.repairs), reading.problem) == (code, repairs, None)
    assert all(code in repair or code[:5] in repair for repair in reading.repairs)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("131017", "検査数字"),
        ("99999", "都道府県"),
        ("481234", "都道府県"),
        ("9999999", "6けた"),
        ("", "6けた"),
        ("東京", "6けた"),
        ("0000", "都道府県"),
    ],
)
def test_problems_are_never_repaired(text, why):
    reading = repair_municipality_code(text)
    assert (reading.code, reading.repairs) == (None, ())
    assert why in str(reading.problem)
    with pytest.raises(CodeUnreadable, match=why):
        codes.municipality_code(text)


def test_a_code_that_two_municipalities_could_claim_is_not_given_to_either():
    assert "012106とも121061とも" in str(repair_municipality_code("12106").problem)


def test_a_code_with_two_readings_is_a_problem():
    both = next(
        body
        for body in (f"1{n:04}" for n in range(2100, 7000))
        if codes.is_municipality_code(f"0{body}") and body[2:] >= "100"
    )
    reading = repair_municipality_code(both)
    assert reading.code is None
    assert f"0{both}" in str(reading.problem)


@given(st.integers(1, 47), digits(3), st.integers(0, 5), st.integers(1, 9))
def test_municipality_code__check_digit_finds_single_slips_unless_it_is_1(prefecture, town, place, shift):
    # The standard gives the digit 1 to two remainders, 0 and 10; all others have a digit of their own.
    body = f"{prefecture:02}{town}"
    code = body + codes.municipality_check_digit(body)
    slipped = code[:place] + str((int(code[place]) + shift) % 10) + code[place + 1 :]
    if codes.is_municipality_code(slipped):
        assert code[5] == "1"


@pytest.mark.parametrize("number", ["7000012050002", "8000020131016"])
def test_corporate_number(number):
    assert codes.corporate_number(number) == number
    assert codes.corporate_check_digit(number[1:]) == number[0]
    assert codes.corporate_number(f" {number[0]}-{number[1:5]}-{number[5:9]}-{number[9:]} ") == number


@pytest.mark.parametrize("text", ["7000012050003", "700001205000", "T7000012050002", ""])
def test_corporate_number__refused(text):
    with pytest.raises(CodeUnreadable):
        codes.corporate_number(text)


@given(digits(12), st.integers(0, 11), st.integers(1, 9))
def test_corporate_number__check_digit_finds_single_slips_but_0_for_9(body, place, shift):
    slipped = body[:place] + str((int(body[place]) + shift) % 10) + body[place + 1 :]
    if codes.corporate_check_digit(body) == codes.corporate_check_digit(slipped):
        assert {body[place], slipped[place]} == {"0", "9"}


@pytest.mark.parametrize("text", ["0008-001", "0008001", "０００８－００１"])
def test_town_id(text):
    assert codes.town_id(text) == "0008001"


def test_town_id__refused():
    with pytest.raises(CodeUnreadable):
        codes.town_id("8-1")


@pytest.mark.parametrize(
    "text", ["1234567", "123-4567", "〒123-4567", "１２３－４５６７", "123ー4567", "〒 123 4567"]
)
def test_postcode(text):
    assert codes.postcode(text) == "123-4567"


@pytest.mark.parametrize("text", ["123-456", "", "12345678", "abc-defg", "①②③4567"])
def test_postcode__refused(text):
    with pytest.raises(CodeUnreadable, match="郵便番号"):
        codes.postcode(text)
