from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.ledgers.procedures.cel import Rule, RuleFailed, compile_rule
from madoguchi.ledgers.procedures.faults import PackageFaults

KNOWN = ["guardians.reason", "guardians.days", "facts.arrears", "on", "birth", "wishes", "start", "end"]


def rule(text: str) -> Rule:
    return compile_rule(text, known=KNOWN, file="form.toml", line=3)


def refused(text: str) -> str:
    with pytest.raises(PackageFaults) as caught:
        rule(text)
    (fault,) = caught.value.faults
    assert (fault.file, fault.line) == ("form.toml", 3)
    return fault.sentence


def test_rule__is_compiled_once_and_run_on_any_facts() -> None:
    at_work = rule("guardians.exists(each, each.reason == 'work_out' && each.days >= 20)")
    assert at_work.names == {"guardians"}
    assert at_work.evaluate({"guardians": [{"reason": "work_out", "days": 20}]}) is True
    assert at_work.evaluate({"guardians": [{"reason": "work_out", "days": 19}]}) is False


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("gaurdians.size() > 0", "「guardians」の書き間違い"),
        ("facts.arears > 1", "「facts.arrears」の書き間違い"),
        ("guardians.all(each, each.reson == '')", "「guardians.reason」の書き間違い"),
        ("hours_betwen(start, end) > 8.0", "「hours_between」の書き間違い"),
        ("zzz", "使えるものの例"),
    ],
)
def test_compile__names_an_unknown_word_and_the_nearest_known(text: str, near: str) -> None:
    assert near in refused(text)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("1 +", "書き方が崩れています"),
        ("on ==== birth", "書き方が崩れています"),
        ("", "空です"),
        ("on == '" + "x" * 2000 + "'", "2000文字"),
        ("(" * 30 + "1" + ")" * 30, "かっこが24段"),
        ("on" + " + on" * 390, "複雑すぎます"),
        ("wishes.all(a, wishes.all(b, wishes.all(c, c == b)))", "2段まで"),
        ("wishes.all(a.b, true)", "行を指す名前"),
        ("guardians{a: 1}", "型を作る"),
    ],
)
def test_compile__refuses_what_is_broken_or_too_large(text: str, part: str) -> None:
    assert part in refused(text)


@pytest.mark.parametrize(
    "text",
    [
        "wishes" + ".map(a, a + a)" * 40 + ".size() > 0",
        "["
        + ",".join("1" * 400)
        + "].all(a, ["
        + ",".join("1" * 400)
        + "].all(b, a == b && b == a && a == 1))",
        "wishes.map(a, wishes.map(b, on + on + on + on))",
    ],
)
def test_compile__refuses_what_would_grow_without_end(text: str) -> None:
    assert "大きくなりすぎます" in refused(text)


def test_functions__do_not_grow_a_text_without_end() -> None:
    grown = rule("on.replace('a', birth).replace('a', birth).replace('a', birth)")
    assert grown.evaluate({"on": "a" * 100, "birth": "a" * 100}) is None


def test_rule__that_reads_what_is_missing_never_holds() -> None:
    arrears = rule("facts.arrears > 0")
    assert arrears.holds({"facts": {"arrears": None}}) is False
    assert arrears.value_or("undecided", {"facts": {}}) == "undecided"
    with pytest.raises(RuleFailed, match=r"form\.toml 3行目"):
        arrears.evaluate({})


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("hours_between('08:30', '17:15')", 8.75),
        ("hours_between('22:00', '07:00')", 9.0),
        ("hours_between('10:00', '13:59')", 3.98),
        ("minutes_after('18:10', '17:00')", 70),
        ("minutes_after('16:30', '17:00')", -30),
        ("days('2026-11-21', '2026-11-30')", 9),
        ("age_on('2000-02-29', '2026-02-28')", 25),
        ("school_grade('2020-06-14', '2027-04-01')", 1),
        ("school_grade('2021-04-01', '2027-04-01')", 1),
        ("school_grade('2021-04-02', '2027-04-01')", 0),
        ("fiscal_year('2027-03-31')", 2026),
        ("contains(wishes, 'a')", True),
        ("contains('第一小学校', '第一')", True),
        ("count(wishes, 'a')", 2),
        ("number(null) + 1.0", 1.0),
        ("text(null) + 'x'", "x"),
        ("math.floor(8.75)", 8),
        ("hours_between('', '17:15')", None),
    ],
)
def test_functions__of_the_office(text: str, value: Any) -> None:
    assert rule(text).evaluate({"wishes": ["a", "b", "a"]}) == value


@given(st.text(alphabet="abonguardisfct.()[]{}&|=<>!+-*/'\" 0123456789,?:", max_size=60))
def test_compile__any_text_is_a_rule_or_a_fault(text: str) -> None:
    faults = []
    try:
        rule(text).value_or(None, {"guardians": [], "facts": {}, "on": "2026-11-21", "wishes": []})
    except PackageFaults as error:
        faults = error.faults
    assert all(fault.sentence.endswith(("。", "）")) for fault in faults)


def test_rule__is_handed_only_the_members_it_reads() -> None:
    class Untouchable:
        """Nothing a rule could take over."""

    facts = {"arrears": True, "household": Untouchable()}
    assert rule("facts.arrears").evaluate({"facts": facts}) is True
    assert rule("has(facts.arrears)").evaluate({"facts": {"household": []}}) is False
    assert not rule("facts.arrears").holds({"facts": {}})
