"""The clock of 保存年限: the worked examples of the records rules, and what holds for any day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.clerical.records.classes import ClassTableFaults, default_classes, read_classes
from madoguchi.clerical.records.retention_clock import (
    PERMANENT,
    Start,
    Term,
    TermKind,
    clock_of,
    counts_from,
    longest,
    read_term,
    retention_ends,
)
from madoguchi.common.ages import fiscal_year

FIVE, THREE = Term(TermKind.YEARS, 5), Term(TermKind.YEARS, 3)
days = st.dates(date(1990, 1, 1), date(2090, 1, 1))
terms = st.one_of(
    st.builds(Term, st.just(TermKind.YEARS), st.integers(1, 150)),
    st.just(PERMANENT),
    st.just(Term(TermKind.UNDER_A_YEAR)),
    st.builds(Term, st.just(TermKind.IN_USE), st.integers(0, 30)),
)


def test_rr01__1_april_after_the_year_of_completion() -> None:
    assert counts_from(date(2026, 6, 15), Start.FISCAL_YEAR) == date(2027, 4, 1)
    assert retention_ends(date(2026, 6, 15), FIVE) == date(2032, 3, 31)
    clock = clock_of(FIVE, Start.FISCAL_YEAR, 2026, [(date(2026, 6, 15), FIVE)], date(2027, 4, 1))
    assert [clock.over_on(date(2032, 3, 31)), clock.over_on(date(2032, 4, 1))] == [False, True]


def test_rr02__accounting_papers_count_from_their_accounting_year() -> None:
    assert counts_from(2026, Start.ACCOUNTING_YEAR) == date(2027, 4, 1)
    paid = [(date(2027, 5, 20), FIVE)]
    clock = clock_of(FIVE, Start.ACCOUNTING_YEAR, 2026, paid, date(2027, 6, 1))
    assert (clock.counts_from, clock.ends_on) == (date(2027, 4, 1), date(2032, 3, 31))


def test_rr03__a_file_takes_the_longest_retention_of_its_documents() -> None:
    bound = [(date(2026, 5, 1), THREE), (date(2026, 6, 1), FIVE)]
    assert clock_of(THREE, Start.FISCAL_YEAR, 2026, bound, date(2027, 4, 1)).term == FIVE
    forever = clock_of(
        THREE, Start.FISCAL_YEAR, 2026, [*bound, (date(2026, 7, 1), PERMANENT)], date(2027, 4, 1)
    )
    assert forever.ends_on is None


def test_days_are_counted_from_acceptance() -> None:
    """住民基本台帳法施行令34条4項: one year from the day of acceptance, which does not count itself."""
    one = Term(TermKind.YEARS, 1)
    assert retention_ends(date(2026, 6, 15), one, Start.DAY) == date(2027, 6, 15)
    assert retention_ends(date(2027, 3, 24), Term(TermKind.YEARS, 20), Start.DAY) == date(2047, 3, 24)
    assert retention_ends(date(2026, 6, 15), Term(TermKind.YEARS, 150), Start.CALENDAR_YEAR) == date(
        2176, 12, 31
    )


def test_what_is_in_use_counts_when_its_use_ends() -> None:
    in_use = Term(TermKind.IN_USE, 10)
    documents = [(date(2026, 5, 1), Term(TermKind.IN_USE))]
    clock = clock_of(in_use, Start.FISCAL_YEAR, 2026, documents, date(2030, 8, 1))
    assert (clock.counts_from, clock.ends_on) == (date(2031, 4, 1), date(2041, 3, 31))


def test_less_than_a_year_is_over_on_the_day_after_the_work() -> None:
    scratch = Term(TermKind.UNDER_A_YEAR)
    assert retention_ends(date(2026, 6, 15), scratch, Start.AT_ONCE) == date(2026, 6, 15)


@given(days, st.integers(1, 150))
def test_never_less_than_the_years_and_never_two_years_more(day: date, years: int) -> None:
    ends = retention_ends(day, Term(TermKind.YEARS, years))
    assert ends is not None
    assert (ends + timedelta(days=1)).timetuple()[1:3] == (4, 1)
    assert ends.year - fiscal_year(day) == years + 1


@given(st.lists(st.tuples(days, terms), min_size=1), terms, st.sampled_from(list(Start)))
def test_a_file_is_never_over_before_one_of_its_documents(
    documents: list[tuple[date, Term]], own: Term, start: Start
) -> None:
    closed = max(day for day, _ in documents)
    clock = clock_of(own, start, fiscal_year(closed), documents, closed)
    assert clock.term == longest([own, *(term for _, term in documents)])
    if clock.term.kind != TermKind.YEARS or start == Start.ACCOUNTING_YEAR:
        return
    assert clock.ends_on is not None
    for day, term in documents:
        alone = retention_ends(day, term, start)
        assert alone is None or term.kind == TermKind.IN_USE or alone <= clock.ends_on


@given(terms, terms)
def test_the_longest_of_two_is_one_of_them_whatever_their_order(one: Term, other: Term) -> None:
    assert longest([one, other]) in {one, other}
    assert longest([one, other]).rank == longest([other, one]).rank


@given(terms.filter(lambda term: term.kind != TermKind.IN_USE))
def test_a_term_is_read_as_it_is_written(term: Term) -> None:
    assert read_term(str(term)) == term


def test_every_class_with_a_decision_outlasts_an_appeal() -> None:
    """行政不服審査法18条2項: nobody may appeal after one year; ends.py relies on it."""
    for each in default_classes().values():
        ends = retention_ends(date(2026, 6, 15), each.term, each.start)
        assert each.term.kind == TermKind.UNDER_A_YEAR or ends is None or ends >= date(2027, 6, 15), each.code


def test_the_shipped_table_is_read_whole() -> None:
    assert len(default_classes()) == 61
    assert default_classes()["A-04-02"].term == Term(TermKind.IN_USE, 10)


HEAD = "class_code,large,middle,small,retention,starts,at_end\n"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("A,総務,例規,条例,五年,完結した年度の翌年度4月1日,廃棄", "2行目 retention: 「五年」を読めません"),
        ("A,総務,例規,条例,5年,そのうち,廃棄", "2行目 starts: 「そのうち」を読めません"),
        ("A,総務,例規,条例,5年,完結した年度の翌年度4月1日,焼却", "2行目 at_end: 「焼却」を読めません"),
        (",総務,例規,条例,5年,完結した年度の翌年度4月1日,廃棄", "2行目 class_code: 空です"),
        ("A,総務,例規,条例,5年,—,廃棄", "2行目 starts: 起算のない「—」は永年だけ"),
        (
            "A,総務,例規,条例,永年,完結した年度の翌年度4月1日,移管対象",
            "2行目 starts: 起算のない「—」は永年だけ",
        ),
        ("A,総務,例規,条例,3年,事務の終了,廃棄", "2行目 starts: 「事務の終了」は1年未満だけ"),
    ],
)
def test_a_fault_names_line_column_and_remedy(line: str, said: str) -> None:
    with pytest.raises(ClassTableFaults, match=said):
        read_classes(HEAD + line)


def test_faults_of_a_whole_table_come_together() -> None:
    good = "A,総務,例規,条例,5年,完結した年度の翌年度4月1日,廃棄\n"
    with pytest.raises(ClassTableFaults) as raised:
        read_classes("\ufeff" + HEAD + good + good + good.replace("A,", "B,").replace("5年", "?"))
    assert [fault.line for fault in raised.value.faults] == [3, 4]
    with pytest.raises(ClassTableFaults, match="列がありません（retention、starts、at_end）"):
        read_classes("class_code,large,middle,small\nA,1,2,3")
    with pytest.raises(ClassTableFaults, match="行がありません"):
        read_classes(HEAD)
