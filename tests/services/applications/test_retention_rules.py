"""When a case may be disposed of: random histories, and the examples of the 文書管理規程."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madoguchi.ledgers.procedures.faults import PackageFaults
from madoguchi.ledgers.procedures.package import read_files
from madoguchi.ledgers.procedures.retention import (
    Kind,
    Method,
    RetentionRule,
    Start,
    shipped_classes,
)
from madoguchi.services.applications.retention_rules import (
    CaseFacts,
    Hold,
    appeal_until,
    closed_before,
    first_day,
    is_due,
    kind_of,
    list_sha256,
    reasons_to_keep,
)
from madoguchi.services.applications.states import Outcome, Stage
from tests.factories_applications import FILES

DAYS = st.dates(date(2010, 1, 1), date(2030, 12, 31))
FIVE = shipped_classes()["5年"].rules[Kind.FINISHED]


@st.composite
def rules(draw):
    years = draw(st.integers(0, 12))
    days = 0 if years else draw(st.integers(1, 700))
    return RetentionRule(years, days, draw(st.sampled_from(Start)), Method.DELETE, True)


@st.composite
def cases(draw):
    """Any history, possible or not: the rule must be safe for all of them."""
    closed = draw(DAYS)
    out = draw(st.none() | st.integers(0, 400).map(lambda days: closed + timedelta(days)))
    read = draw(st.none() | st.integers(0, 4000).map(lambda days: (out or closed) + timedelta(days)))
    holds = st.lists(st.builds(Hold, st.just("訴訟"), st.none() | DAYS), max_size=2).map(tuple)
    return CaseFacts(
        draw(st.sampled_from(Stage)), draw(st.none() | st.sampled_from(Outcome)), closed,
        closed + timedelta(draw(st.integers(0, 3000))), out, read if out else None,
        draw(st.booleans()), draw(st.booleans()), draw(st.booleans()), draw(st.booleans()), draw(holds),
    )  # fmt: skip


@settings(deadline=None)
@given(cases(), rules(), DAYS)
def test_never_while_something_is_open(case: CaseFacts, rule: RetentionRule, on: date) -> None:
    due = is_due(case, rule, on)
    if case.stage not in (Stage.DECIDED, Stage.WITHDRAWN):
        assert not due
    if case.open_correction or case.open_draft or case.mail_under_way or case.work_under_way:
        assert not due
    if any(hold.until is None or hold.until >= on for hold in case.holds):
        assert not due
    if case.stage == Stage.DECIDED and case.letter_out_on is None:
        assert not due


@settings(deadline=None)
@given(cases(), rules(), DAYS)
def test_never_while_the_decision_may_be_contested(case: CaseFacts, rule: RetentionRule, on: date) -> None:
    """審査法18条, worked out apart: ninety days are always inside three months."""
    known = case.letter_read_on or case.letter_out_on
    if case.stage == Stage.DECIDED and known and on <= known + timedelta(days=89):
        assert not is_due(case, rule, on)
    if case.stage == Stage.DECIDED and case.letter_out_on and case.letter_read_on is None:
        assert not is_due(case, rule, min(on, case.letter_out_on + timedelta(days=365)))


@settings(deadline=None)
@given(cases(), rules(), DAYS)
def test_never_before_the_period_is_over(case: CaseFacts, rule: RetentionRule, on: date) -> None:
    begins = case.changed_on if rule.start == Start.LAST_CHANGE else case.closed_on
    least = timedelta(days=365 * rule.years + rule.days)
    if on <= begins + least:
        assert not is_due(case, rule, on)


@settings(deadline=None)
@given(cases(), rules(), DAYS, st.integers(0, 4000))
def test_what_is_due_stays_due_while_nothing_changes(
    case: CaseFacts, rule: RetentionRule, on: date, later: int
) -> None:
    if is_due(case, rule, on):
        assert is_due(case, rule, on + timedelta(days=later))


@settings(deadline=None)
@given(DAYS, st.integers(0, 800), rules(), DAYS)
def test_the_edge_that_the_database_is_asked_for_leaves_nothing_out(
    closed: date, changed_after: int, rule: RetentionRule, on: date
) -> None:
    changed = closed + timedelta(days=changed_after)
    day, edge = first_day(rule, closed, changed), closed_before(rule, on)
    begins = changed if rule.start == Start.LAST_CHANGE else closed
    if day is not None and day <= on:
        assert edge is not None
        assert begins < edge + timedelta(days=2)


def test_the_example_of_the_records_rules() -> None:
    """RR01: 完結 2026-06-15、5年 → 2032-04-01."""
    assert first_day(FIVE, date(2026, 6, 15), date(2026, 6, 15)) == date(2032, 4, 1)
    assert first_day(FIVE, date(2027, 3, 31), date(2027, 3, 31)) == date(2032, 4, 1)
    assert first_day(FIVE, date(2027, 4, 1), date(2027, 4, 1)) == date(2033, 4, 1)


def test_permanent_records_are_never_due() -> None:
    rule = shipped_classes()["永年"].rules[Kind.FINISHED]
    assert first_day(rule, date(1950, 1, 1), date(1950, 1, 1)) is None


@pytest.mark.parametrize(
    ("read", "until"),
    [
        (date(2027, 1, 29), date(2027, 4, 29)),
        (date(2027, 11, 30), date(2028, 2, 29)),
        (None, date(2028, 1, 29)),
    ],
    ids=["read", "read late", "never read"],
)
def test_three_months_from_the_day_after_it_was_read(read: date | None, until: date) -> None:
    case = CaseFacts(
        Stage.DECIDED, Outcome.REFUSED, date(2027, 1, 20), date(2027, 1, 20), date(2027, 1, 29), read
    )
    assert appeal_until(case) == until
    assert reasons_to_keep(case, until) != ()
    assert reasons_to_keep(case, until + timedelta(days=1)) == ()


def test_a_withdrawn_case_has_nothing_to_contest() -> None:
    case = CaseFacts(Stage.WITHDRAWN, None, date(2020, 5, 1), date(2020, 5, 1))
    assert reasons_to_keep(case, date(2026, 4, 1)) == ()
    assert "訴訟" in reasons_to_keep(replace(case, holds=(Hold("訴訟", None),)), date(2026, 4, 1))[0]


def test_kinds() -> None:
    assert kind_of(Stage.DECIDED, Outcome.GRANTED) == Kind.FINISHED
    assert kind_of(Stage.DECIDED, Outcome.WAITLISTED) == Kind.FINISHED
    assert kind_of(Stage.DECIDED, Outcome.REFUSED) == Kind.FAILED
    assert kind_of(Stage.WITHDRAWN, None) == Kind.ABANDONED
    assert kind_of(Stage.ACCEPTED, None) is None


def test_the_list_has_one_hash_in_any_order() -> None:
    assert list_sha256([(1, "A"), (2, "B")]) == list_sha256([(2, "B"), (1, "A")])
    assert list_sha256([(1, "A")]) != list_sha256([(1, "B")])


def package_with(retention: str):
    text = FILES["procedure.toml"].decode().replace("\n[[period]]", f"\n{retention}\n\n[[period]]", 1)
    return read_files(FILES | {"procedure.toml": text.encode()})


def test_a_package_without_rules_has_those_of_five_years() -> None:
    rules_found = read_files(FILES).retention_rules
    assert (rules_found.class_code, rules_found.rules[Kind.FINISHED]) == ("5年", FIVE)


def test_the_sentence_for_residents_names_the_class() -> None:
    found = package_with('retention = { ja = "3年" }')
    assert (found.retention.ja, found.retention_rules.class_code) == ("3年", "3年")


def test_a_package_says_each_kind_for_itself() -> None:
    found = package_with(
        '[retention]\nja = "5年"\nclass = "10年"\n'
        'abandoned = { days = 90, from = "last_change", method = "anonymise", needs_decision = false }'
    ).retention_rules
    assert found.class_code == "10年"
    assert found.rules[Kind.ABANDONED] == RetentionRule(0, 90, Start.LAST_CHANGE, Method.ANONYMISE, False)
    assert found.rules[Kind.FAILED].years == 10


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ('[retention]\nclass = "6年"', "保存年限はありません"),
        ("[retention]\nfinished = { years = 3, days = 3 }", "どちらか一つ"),
        ('[retention]\nfailed = { method = "burn" }', "burn"),
        ('[retention]\nclass = "永年"\nfinished = { method = "delete" }', "いつまで保存するか"),
        ("[retention]\nfinnished = { years = 3 }", "書き間違い"),
    ],
)
def test_faults_name_what_is_wrong(written: str, said: str) -> None:
    with pytest.raises(PackageFaults) as found:
        package_with(written)
    assert any(said in fault.sentence for fault in found.value.faults)
    assert all(fault.line > 1 for fault in found.value.faults)
