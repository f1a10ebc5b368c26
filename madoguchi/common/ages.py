"""Ages after 年齢計算ニ関スル法律, and the fiscal and school years that hang on them."""

from datetime import date, timedelta

from madoguchi.common.errors import NotYetBorn as NotYetBorn
from madoguchi.common.periods import Length, period_end

_PRIMARY_YEARS = 6
_COMPULSORY_YEARS = 9


def day_age_reached(birth: date, age: int) -> date:
    """The day at whose end this age is reached: the day before the birthday, 28 February for 29 February.

    For 「満X歳に達する日」 in a law. Born on 1 April, one reaches every age on 31 March.
    """
    return period_end(birth, Length(years=age), count_start=True)


def age_on(birth: date, on: date) -> int:
    """Age as people count it: one more from the birthday on (29 February: from 1 March in common years)."""
    if on < birth:
        raise NotYetBorn(
            "生年月日が基準の日より後になっています。", next_step="生年月日と基準の日を確かめてください。"
        )
    years = on.year - birth.year
    return years if day_age_reached(birth, years) < on else years - 1


def fiscal_year(day: date) -> int:
    """年度: 2026 from 2026-04-01 to 2027-03-31."""
    return day.year if day.month >= 4 else day.year - 1


def fiscal_year_start(day: date) -> date:
    """1 April of the fiscal year of this day."""
    return date(fiscal_year(day), 4, 1)


def fiscal_year_end(day: date) -> date:
    """31 March at the end of the fiscal year of this day."""
    return date(fiscal_year(day) + 1, 3, 31)


def first_march_31_after(birth: date, age: int) -> date:
    """「X歳に達する日以後の最初の3月31日」 (児童手当法 and others)."""
    return fiscal_year_end(day_age_reached(birth, age))


def school_year(day: date) -> int:
    """学年 runs with the fiscal year (学校教育法施行規則59条)."""
    return fiscal_year(day)


def school_entry_year(birth: date) -> int:
    """The year in whose April primary school begins (学校教育法17条): born by 1 April, the earlier one."""
    return fiscal_year(birth - timedelta(days=1)) + 7


def school_grade(birth: date, on: date) -> int | None:
    """1 to 6 in primary school, 7 to 9 in 中学校; None before and after."""
    grade = fiscal_year(on) - school_entry_year(birth) + 1
    return grade if 1 <= grade <= _COMPULSORY_YEARS else None


def primary_grade(birth: date, on: date) -> int | None:
    """Grade 1 to 6 in primary school, else None."""
    grade = school_grade(birth, on)
    return grade if grade is not None and grade <= _PRIMARY_YEARS else None


def grade_words(grade: int) -> str:
    """小学1年生, 中学3年生 for grades 1 to 9."""
    if grade <= _PRIMARY_YEARS:
        return f"小学{grade}年生"
    return f"中学{grade - _PRIMARY_YEARS}年生"


def new_grade_words(grade: int) -> str:
    """新1年生: the grade of the coming April, as it is said while the year before still runs."""
    return f"新{grade}年生" if grade <= _PRIMARY_YEARS else f"新中学{grade - _PRIMARY_YEARS}年生"


def school_words(birth: date, *, entry_on: date, seen_on: date) -> str:
    """The child's class on `entry_on`, said on `seen_on`: 新1年生 before that April, 小学1年生 after it."""
    grade = school_grade(birth, entry_on)
    if grade is None:
        return "就学前" if fiscal_year(entry_on) < school_entry_year(birth) else "中学校卒業後"
    return new_grade_words(grade) if fiscal_year(seen_on) < fiscal_year(entry_on) else grade_words(grade)


def nursery_class(birth: date, on: date) -> int | None:
    """歳児クラス 0 to 5, by the age on 1 April; None from primary school on."""
    if on < birth:
        return None
    years_to_school = school_entry_year(birth) - fiscal_year(on)
    return max(6 - years_to_school, 0) if years_to_school > 0 else None
