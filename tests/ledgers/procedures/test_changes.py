"""Two versions compared: identity of questions, sentences, rebasing, rules in words, coverage."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.ledgers.procedures import commands
from madoguchi.ledgers.procedures.changes import compare
from madoguchi.ledgers.procedures.coverage import coverage
from madoguchi.ledgers.procedures.in_words import Vocabulary, in_words, vocabulary_of
from madoguchi.ledgers.procedures.package import Package, read_package
from madoguchi.ledgers.procedures.rebasing import rebase
from madoguchi.ledgers.procedures.renames import renaming
from tests.factories_procedures import FLOW, GAKUDO, faults_of, field, form_of, package_with

NEXT = GAKUDO.parent / "2026-10"
OLD, NEW = read_package(GAKUDO), read_package(NEXT)
KINDS = ("text", "number", "date", "yes_no", "email", "phone")


@st.composite
def forms(draw: Any) -> str:
    keys = draw(st.lists(st.sampled_from("abcdef"), min_size=1, max_size=5, unique=True))
    return form_of(
        *(
            field(
                f"f_{key}",
                draw(st.sampled_from(KINDS)),
                f"required = {draw(st.sampled_from(['true', 'false']))}",
            )
            for key in keys
        )
    )


@given(forms())
def test_nothing_changed_between_a_version_and_itself(form: str) -> None:
    package = package_with(form=form)
    assert not compare(package, package)
    assert compare(package, package).changes == ()


@given(forms(), forms())
def test_added_one_way_is_removed_the_other(one: str, other: str) -> None:
    first, second = package_with(form=one), package_with(form=other)
    there, back = compare(first, second), compare(second, first)

    def of(found: Any, kind: str) -> set[str]:
        return {change.field for change in found.changes if change.kind == kind}

    assert of(there, "field_added") == of(back, "field_removed")
    assert of(there, "field_removed") == of(back, "field_added")
    assert of(there, "type_changed") == of(back, "type_changed")
    assert bool(there) == bool(back)


@given(forms(), forms(), forms())
def test_what_differs_over_two_steps_differed_in_one_of_them(one: str, two: str, three: str) -> None:
    first, second, third = (package_with(form=form) for form in (one, two, three))
    steps = compare(first, second).fields | compare(second, third).fields
    assert compare(first, third).fields <= steps


def test_shipped_next_version__is_told_in_sentences() -> None:
    told = [change.sentence for change in compare(OLD, NEW).changes]
    assert (
        "「市への連絡」の名前（英字）が remark から message_to_city に変わりました。答えは引き継がれます。"
        in told
    )
    assert any("G-A17" in sentence and "点が「1」から「2」" in sentence for sentence in told)
    assert any("お迎えに来る人」（選択）が加わりました" in sentence for sentence in told)
    assert any("定員が「70」から「80」" in sentence for sentence in told)
    assert any(sentence == "受付期間「令和10年度一斉受付」が加わりました。" for sentence in told)


@pytest.mark.parametrize("example", OLD.examples, ids=lambda each: each.name)
def test_shipped_cases__go_over_safely_unless_their_points_change(example: Any) -> None:
    found = rebase(example.raw, OLD, NEW, example.facts, example.on, period_code=example.period)
    assert found.safe == (found.before.score == found.after.score)
    assert "remark" not in found.raw
    assert ("message_to_city" in found.raw) == ("remark" in example.raw)


def test_rebase__names_what_is_not_safe() -> None:
    example = OLD.examples[1]
    three = dict(example.raw)
    for row, name in ((3, "はる"), (4, "なつ")):
        three |= {
            f"household-{row}-name-family": ["見本"],
            f"household-{row}-name-given": [name],
            f"household-{row}-birth": ["2019-05-0" + str(row)],
            f"household-{row}-relationship": ["sibling"],
        }
    found = rebase(three, OLD, NEW, example.facts, example.on, period_code=example.period)
    assert not found.safe
    assert "点数が" in found.why_not[0]


def test_rebase__a_missing_round_stops_it() -> None:
    example = NEW.examples[1]
    found = rebase(example.raw, NEW, OLD, example.facts, date(2027, 11, 2), period_code="2028-04")
    assert not found.safe
    assert "受付期間「2028-04」がありません" in found.why_not[0]


def test_lost_answer__is_never_safe() -> None:
    old = package_with(form=form_of(field("who", "text"), field("why", "text")))
    new = package_with(form=form_of(field("who", "text")))
    full = rebase({"who": ["例"], "why": ["例"]}, old, new, {"arrears_months": 0}, date(2026, 11, 21))
    assert (full.safe, full.why_not) == (False, ("答えが使われなくなります（whyの欄）。",))
    assert rebase({"who": ["例"]}, old, new, {"arrears_months": 0}, date(2026, 11, 21)).safe


def test_renamed_column_and_option__keep_what_was_typed() -> None:
    column = (
        '[[page.field.column]]\nkey = "{key}"\n{was}type = "choice"\nlabel.ja = "種"\noption = [{option}]'
    )
    group = 'key = "rows"\ntype = "group"\nlabel.ja = "行"\n'
    old = package_with(
        form=form_of(group + column.format(key="kind", was="", option='{ value = "x", ja = "X" }'))
    )
    new_option = '{ value = "y", formerly = ["x"], ja = "Y" }'
    new = package_with(
        form=form_of(group + column.format(key="sort_of", was='formerly = ["kind"]\n', option=new_option))
    )
    assert renaming(old.form, new.form).raw({"rows-0-kind": ["x"]}) == {"rows-0-sort_of": ["y"]}
    found = rebase({"rows-0-kind": ["x"]}, old, new, {"arrears_months": 0}, date(2026, 11, 21))
    assert found.safe
    assert found.answers["rows"] == [{"sort_of": "y"}]


def test_former_name__may_not_be_in_use() -> None:
    form = form_of(field("who", "text"), field("name_of", "text", 'formerly = ["who"]'))
    assert "今も使われている" in faults_of(form=form)[0][2]


WORDS = Vocabulary(
    {"a": "家族", "n": "人数", "l": "行", "l.k": "種類", "on": "受付の日", "b": "誕生日"},
    {"a": {"two": "両親"}, "l.k": {"x": "イ"}},
)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ('a == "two"', "『家族』が「両親」"),
        ('!(a == "two")', "『家族』が「両親」以外"),
        ("n >= 3 && a != ''", "『人数』が3以上、かつ『家族』が入力されている"),
        (
            '(n > 1 || n < 0) && a == "two"',
            "（『人数』が1より大きい、または『人数』が0より小さい）、かつ『家族』が「両親」",
        ),
        ("size(l) == 0", "『行』がない"),
        ('l.exists(each, each.k == "x")', "『行』の中に『種類』が「イ」という行がある"),
        ('!l.exists(each, each.k == "x")', "『行』の中に『種類』が「イ」という行がない"),
        ('l.filter(e, e.k == "x").size() <= 1', "『行』のうち『種類』が「イ」という行の数が1以下"),
        ("age_on(b, on) >= 15", "『受付の日』の『誕生日』の年齢が15以上"),
        ('contains(["two", "x"], a)', "『家族』が「両親」「x」のどれか"),
        ("n == true", "『人数』が「はい」"),
    ],
)
def test_rules_are_said_in_words(rule: str, said: str) -> None:
    assert str(in_words(rule, WORDS)) == said


@pytest.mark.parametrize("rule", ["a.matches('^x')", "n + 1 > 2", "unknown == 1", "l.map(e, e.k)[0] == 'x'"])
def test_what_cannot_be_said_is_quoted(rule: str) -> None:
    assert in_words(rule, WORDS).quoted
    assert rule in str(in_words(rule, WORDS))


def test_nearly_every_shipped_rule_is_said() -> None:
    words = vocabulary_of(NEW)
    rules = [each.visible for each in NEW.form.fields.values() if each.visible]
    assert [rule.text for rule in rules if in_words(rule, words).quoted] == []


def test_coverage__counts_what_examples_try() -> None:
    without = coverage(NEW, [])
    assert without.share == 0
    found = coverage(NEW)
    parts = {part.name: part for part in found.parts}
    assert parts["項目"].reached == parts["項目"].total
    assert parts["通知"].missing == ()
    assert found.share >= 80


def test_coverage__a_failing_check_is_not_a_passed_one() -> None:
    package = package_with(flow=FLOW)
    (part,) = [part for part in coverage(package, []).parts if part.name == "自動の確認"]
    assert [item.key for item in part.items] == [("flow", "arrears", "pass"), ("flow", "arrears", "look")]


@pytest.mark.parametrize("folder", [GAKUDO, NEXT], ids=lambda each: each.name)
def test_export_of_a_loaded_folder__is_byte_for_byte_the_folder(folder: Path, tmp_path: Path) -> None:
    package = read_package(folder)
    commands.export(package.files, tmp_path / "out")
    again: Package = read_package(tmp_path / "out")
    assert again.files == package.files
    assert again.sha256 == package.sha256
