"""Times of day."""

import re
import unicodedata
from datetime import time

from madoguchi.common.errors import TimeUnreadable as TimeUnreadable
from madoguchi.common.numerals import fold_kanji_numerals
from madoguchi.common.text import in_quotes

_HALF_DAY = {"午前": 0, "AM": 0, "午後": 12, "PM": 12}
_WRITTEN = re.compile(
    r"(?P<half>午前|午後|AM|PM)?(?P<hour>\d{1,2})"
    r"(?:時(?:(?P<half_past>半)|(?P<words>\d{1,2})分)?|:(?P<clock>\d{2})(?::00)?)(?P<after>AM|PM)?"
)
_PACKED = re.compile(r"(?P<hour>\d{2})(?P<minute>\d{2})")
_HOW_TO_WRITE = "「19:30」「午後7時30分」のように入れてください。"


def parse_time(text: str) -> time:
    """The time somebody wrote: 午後7時半, 19:30, 1930, １９時３０分, 7:30 PM, 正午.

    午前12時 and 午後12時 are refused, because noon and midnight are both meant by them.
    """
    folded = "".join(unicodedata.normalize("NFKC", text).upper().split())
    if folded == "正午":
        return time(12)
    if packed := _PACKED.fullmatch(folded):
        return _time(int(packed["hour"]), int(packed["minute"]), text)
    found = _WRITTEN.fullmatch(fold_kanji_numerals(folded))
    if found is None or (found["half"] and found["after"]):
        raise TimeUnreadable(f"時刻{in_quotes(text)}を読み取れません。", next_step=_HOW_TO_WRITE)
    minute = 30 if found["half_past"] else int(found["words"] or found["clock"] or 0)
    return _time(_hour(found["half"] or found["after"], int(found["hour"]), text), minute, text)


def _hour(half: str | None, hour: int, text: str) -> int:
    if half is None:
        return hour
    if hour == 12:
        raise TimeUnreadable(
            f"{in_quotes(text)}は、昼の12時とも夜の0時とも読めます。",
            next_step="昼なら「12:00」、夜なら「0:00」のように入れてください。",
        )
    if hour > 12:
        raise TimeUnreadable(f"時刻{in_quotes(text)}の午前・午後と時が合いません。", next_step=_HOW_TO_WRITE)
    return hour + _HALF_DAY[half]


def _time(hour: int, minute: int, text: str) -> time:
    if hour > 23 or minute > 59:
        raise TimeUnreadable(
            f"{in_quotes(text)}という時刻はありません。",
            next_step="0:00から23:59までの時刻を入れてください。",
        )
    return time(hour, minute)


def minutes_of(at: time) -> int:
    """Minutes since midnight."""
    return 60 * at.hour + at.minute


def format_time(at: time) -> str:
    """19:30, 9:05: the 24-hour clock of screens and notices."""
    return f"{at.hour}:{at.minute:02}"


def format_time_words(at: time) -> str:
    """午後7時30分, 午前9時, 正午: for letters and reading aloud."""
    if at == time(12):
        return "正午"
    half, hour = ("午前", at.hour) if at.hour < 12 else ("午後", at.hour - 12)
    return f"{half}{hour}時{f'{at.minute}分' if at.minute else ''}"
