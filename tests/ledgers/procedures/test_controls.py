"""Control points of a package: the reference cases, missing facts, faults of the file, what changed."""

from pathlib import Path
from typing import Any

import pytest

from madoguchi.ledgers.procedures.changes import compare
from madoguchi.ledgers.procedures.controls import ControlResult, ControlStep, evaluate
from madoguchi.ledgers.procedures.in_words import in_words, sentence_in_words, vocabulary_of
from madoguchi.ledgers.procedures.package import read_package
from tests.factories_controls import (
    FORM,
    controls_toml,
    key_of,
    reference_controls,
    reference_package,
    rows,
    scope_of_case,
    scope_with,
)
from tests.factories_procedures import faults_of, field, form_of, package_with

CASES = rows("_cases")
PACKAGES = Path(__file__).parents[3] / "packages"


def told(scope: dict[str, Any], *steps: str) -> dict[str, ControlResult]:
    return {each.key: each.result for each in evaluate(reference_controls(), steps or None, scope)}


def one(key: str, **changed: Any) -> Any:
    return next(
        each for each in evaluate(reference_controls(), None, scope_with(**changed)) if each.key == key
    )


@pytest.mark.parametrize("row", CASES, ids=[row["case_id"] for row in CASES])
def test_every_reference_case__stops_exactly_what_it_should(row: dict[str, str]) -> None:
    found = told(scope_of_case(row))
    expected = {key_of(each) for each in row["expected_controls"].split(";") if each not in ("", "(none)")}
    assert {key for key, result in found.items() if result == ControlResult.VIOLATED} == expected
    assert ControlResult.NOT_RUN not in found.values()


def test_every_control_can_stop_a_case() -> None:
    """Those without a seeded case too (IC33–IC35 of the reference)."""
    assert told(scope_with(sample_failed=True))["ic33"] == ControlResult.VIOLATED
    assert told(scope_with(risk_sample_failed=True))["ic34"] == ControlResult.VIOLATED
    assert told(scope_with(return_amount=3001))["ic35"] == ControlResult.VIOLATED


@pytest.mark.parametrize("key", [point.key for point in reference_controls()])
def test_nothing_passes_without_its_facts(key: str) -> None:
    found = told({})
    assert found[key] == ControlResult.NOT_RUN


def test_the_missing_fact_is_named_with_its_source() -> None:
    found = one("ic11", creditor_registered=None)
    assert (found.result, found.missing) == (ControlResult.NOT_RUN, ("facts.creditor_registered",))
    assert found.sentence == "「creditor_registered」が分からないため、調べていません。"
    assert "creditor_registeredの記録" in found.remedy


def test_a_missing_fact_that_cannot_change_the_answer_does_not_matter() -> None:
    assert one("ic06", arrears_months=0, arrears_plan=None).result == ControlResult.PASSED
    assert one("ic06", arrears_months=1, arrears_plan=None).result == ControlResult.NOT_RUN
    assert one("ic22", payer="1", approver="1", drafter=None).result == ControlResult.VIOLATED


@pytest.mark.parametrize(
    ("key", "changed"),
    [
        ("ic05", {"resident": "いいえ"}),
        ("ic11", {"creditor_registered": 0}),
        ("ic25", {"setsu": 18}),
        ("ic15", {"approver": 1}),
    ],
)
def test_a_value_of_another_kind_does_not_pass(key: str, changed: dict[str, Any]) -> None:
    found = one(key, **changed)
    assert found.result == ControlResult.NOT_RUN
    assert found.missing


def test_an_unanswered_text_does_not_pass() -> None:
    assert one("ic01", sex="", seikyu_money=4000).result == ControlResult.NOT_RUN


def test_only_the_steps_asked_for_are_looked_at() -> None:
    assert set(told(scope_with(), ControlStep.PAYMENT)) == {f"ic{number}" for number in range(22, 29)}


def test_evidence_tells_what_was_read() -> None:
    found = one("ic01", seikyu_money=4000)
    assert found.facts == {"seikyu_money": 4000, "sex": "オス"}
    assert found.remedy == "内容を直してください。"
    assert "係長" in one("ic07", duplicate_receipt=True).remedy


LIMIT = """
[[control]]
key = "limit"
step = "application"
label.ja = "上限"
violated_when = "seikyu_money > 3000"
says.ja = "オスの補助金の上限額は{limit}円です。{name}さんの請求は{asked}円です。"
with = { limit = "3000", asked = "seikyu_money", name = "secret" }
evidence.ja = "入力値"
"""
SECRET = field("secret", "text", "sensitive = true")


def test_sentences_carry_values_but_no_sensitive_ones() -> None:
    package = package_with(form=form_of(field("seikyu_money", "money"), SECRET), controls=LIMIT)
    (found,) = evaluate(package.controls, None, {"seikyu_money": 4000, "secret": "見本"})
    assert found.sentence == "オスの補助金の上限額は3,000円です。＊さんの請求は4,000円です。"
    assert "secret" in package.controls.sensitive


SOUND = controls_toml()


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ("sex == 'オス' && seikyu_money > 3000", "sexx == 'オス'", "「sex」の書き間違い"),
        ("acts.drafter == acts.approver", "acts.draftr == acts.approver", "「acts.drafter」の書き間違い"),
        ("facts.resident == false", "facts.residnt == false", "「facts.resident」の書き間違い"),
        ('kind = "manual"', 'kind = "automatic"', "kind を manual にするか"),
        ('by = "section_head"', 'by = "mayor"', "「by」の「mayor」は使えません"),
        ('step = "review"', 'step = "reviewing"', "「step」の「reviewing」は使えません"),
        ('key = "ic02"', 'key = "ic01"', "統制点「ic01」が2つあります"),
        ('exception = { ja = "誤記なら補正" }', "", "どんな場合か"),
        ('evidence = { ja = "領収書の額" }', "", "「evidence」がありません"),
        ('key = "female_limit"', 'key = "arrears_months"', "procedure.toml にあります"),
        ("に反しています。", "に{x}反しています。", "with に「x」を書いてください"),
    ],
)
def test_faults_are_told_with_their_line(was: str, now: str, said: str) -> None:
    faults = faults_of(form=FORM, controls=SOUND.replace(was, now, 1))
    assert any(
        file == "controls.toml" and line > 1 and said in sentence for file, line, sentence in faults
    ), faults


def test_a_manual_control_without_anything_to_do_is_a_fault() -> None:
    text = SOUND.replace('[[control.item]]\nkey = "seen"\nlabel = { ja = "確かめた" }\n', "", 1)
    assert [said for _, _, said in faults_of(form=FORM, controls=text) if "確認表の行" in said]


def test_broken_toml_is_told() -> None:
    assert faults_of(controls="[[control]\n")[0][:2] == ("controls.toml", 1)


def test_a_package_without_controls_has_none() -> None:
    assert not package_with().controls
    assert evaluate(package_with().controls, None, {}) == []


def changed(was: str, now: str) -> list[str]:
    after = package_with(form=FORM, controls=SOUND.replace(was, now, 1))
    return [change.sentence for change in compare(reference_package(), after).changes]


def test_changes_name_the_control_and_what_changed() -> None:
    assert changed("seikyu_money > 3000", "seikyu_money > 5000") == [
        "統制点「請求額がオス3,000円以内」の止める条件が変わりました。"
        "今は：『sexの欄』が「オス」、かつ『seikyu_moneyの欄』が5000より大きいとき。"
    ]
    assert changed('by = "section_head"', 'by = "department_head"') == [
        "統制点「申請者が市内に住所を有する」の例外を認める人が「課長」から「部長」に変わりました。"
    ]
    (said,) = changed("30 - facts.days_from_claim", "60 - facts.days_from_claim")
    assert "期限間際" in said
    assert changed('ja = "resident"', 'ja = "住所"') == ["統制で使う事実「住所」が変わりました。"]


def test_added_and_removed_controls_are_told() -> None:
    bare = package_with(form=FORM)
    there = [change.sentence for change in compare(bare, reference_package()).changes]
    back = [change.sentence for change in compare(reference_package(), bare).changes]
    assert "統制点「起案者と決裁者が別人」が加わりました。" in there
    assert "統制点「起案者と決裁者が別人」がなくなりました。" in back


def test_controls_change_the_fingerprint() -> None:
    other = package_with(form=FORM, controls=SOUND.replace("seikyu_money > 3000", "seikyu_money > 5000", 1))
    assert other.sha256 != reference_package().sha256


def test_rules_are_said_in_words() -> None:
    package = reference_package()
    point = package.controls.point("ic15")
    assert point
    assert point.rule
    assert in_words(point.rule, vocabulary_of(package)).text == "『起案した人』と『決裁した人』が同じ"


def test_what_a_sentence_will_be_filled_with_is_said_by_its_name() -> None:
    """Whoever reads a version sees no {limit}."""
    package = read_package(PACKAGES / "neko-hojokin" / "2026-04")
    words = vocabulary_of(package)
    said = {point.key: sentence_in_words(point.says.ja, point.parts, words) for point in package.controls}
    assert said["ic16_authority"] == "課長が専決できる額（『専決で決められる額』（円））を超えています。"
    assert said["ic09_deadline"] == "手術の日から数えて（計算した値）日目、または前の年度の手術です。"
    assert not [sentence for sentence in said.values() if "{" in sentence]
    assert sentence_in_words("{value}と読み取りました。", {}, words) == "（入力した値）と読み取りました。"
