from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.common.times import TimeUnreadable, format_time, format_time_words, minutes_of, parse_time
from madoguchi.common.yen import AmountUnreadable, format_yen, parse_yen


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("6000", 6000),
        ("6,000円", 6000),
        ("６，０００円", 6000),
        ("６、０００", 6000),
        ("¥6,000", 6000),
        ("￥6,000", 6000),
        ("6千円", 6000),
        ("金6,000円也", 6000),
        ("1万2,000円", 12000),
        ("1万2千", 12000),
        ("12万", 120000),
        ("1億2000万3,456円", 120_003_456),
        ("0円", 0),
        (" 6 000 ", 6000),
    ],
)
def test_parse_yen(text, amount):
    assert parse_yen(text) == amount


@pytest.mark.parametrize(
    "text", ["", "円", "6,00", "6,0000", "-6000", "6000.5", "六千円", "1万20000", "1,2345", "万", "$6"]
)
def test_parse_yen__refused(text):
    with pytest.raises(AmountUnreadable) as refused:
        parse_yen(text)
    assert refused.value.next_step


@given(st.integers(0, 10**13))
def test_yen_survive_writing_and_reading(amount):
    assert parse_yen(format_yen(amount)) == amount


def test_format_yen():
    assert format_yen(6000) == "6,000円"
    assert format_yen(-6000) == "-6,000円"


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("午後7時半", time(19, 30)),
        ("午後七時半", time(19, 30)),
        ("19:30", time(19, 30)),
        ("19:30:00", time(19, 30)),
        ("1930", time(19, 30)),
        ("１９時３０分", time(19, 30)),
        ("十九時三十分", time(19, 30)),
        ("PM 7:30", time(19, 30)),
        ("7:30pm", time(19, 30)),
        ("19時半", time(19, 30)),
        ("午前9時", time(9)),
        ("午後0時15分", time(12, 15)),
        ("正午", time(12)),
        ("0:00", time(0)),
        ("9時5分", time(9, 5)),
    ],
)
def test_parse_time(text, at):
    assert parse_time(text) == at


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("午後12時", "昼の12時"),
        ("午前12時30分", "昼の12時"),
        ("午後13時", "合いません"),
        ("24:00", "ありません"),
        ("12:60", "ありません"),
        ("2460", "ありません"),
        ("7", "読み取れません"),
        ("夕方", "読み取れません"),
        ("AM7:00PM", "読み取れません"),
        ("", "読み取れません"),
    ],
)
def test_parse_time__refused_with_the_reason(text, why):
    with pytest.raises(TimeUnreadable, match=why):
        parse_time(text)


@given(st.times().map(lambda at: at.replace(second=0, microsecond=0)))
def test_times_survive_writing_and_reading(at):
    assert parse_time(format_time(at)) == at
    assert parse_time(format_time_words(at)) == at
    assert minutes_of(at) == at.hour * 60 + at.minute
