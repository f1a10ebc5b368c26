"""GIF 申請（個人）: what goes out as A票 and B票 comes in again as it was."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.ledgers.procedures.fields import SILENT, Field
from madoguchi.ledgers.procedures.package import read_files, read_package
from madoguchi.ledgers.procedures.structured import sent_answers, to_raw
from madoguchi.services.applications.gif import A_SHEET, B_SHEET, GifCase, Town, from_gif, to_gif
from tests.factories_applications import FILES
from tests.factories_procedures import GAKUDO

SMALL, LARGE = read_files(FILES), read_package(GAKUDO.parent / "2026-10")
TOWN = Town("サンプル市", "例示　太郎")
TEXT = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=12)


def answer_of(field: Field) -> Any:
    """Any answer a field may hold that is not empty."""
    if field.has_rows:
        columns = [each for each in field.columns if each.type not in SILENT]
        row = st.fixed_dictionaries({}, optional={each.key: answer_of(each) for each in columns})
        return st.lists(row, min_size=1, max_size=2)
    if isinstance(field.empty, dict):
        parts = list(field.empty)
        return st.fixed_dictionaries(dict.fromkeys(parts, TEXT))
    if field.type in ("yes_no", "consent"):
        return st.just(True) if field.type == "consent" else st.booleans()
    if field.type in ("number", "money"):
        return st.integers(0, 10**9)
    if isinstance(field.empty, list):
        return st.lists(TEXT, min_size=1, max_size=3)
    return TEXT


def answers_of(package: Any) -> Any:
    fields = [each for each in package.form.fields.values() if each.type not in SILENT]
    return st.fixed_dictionaries({}, optional={each.key: answer_of(each) for each in fields})


@given(st.data(), st.sampled_from([SMALL, LARGE]))
def test_out_and_in_again_is_the_same(data: Any, package: Any) -> None:
    answers = data.draw(answers_of(package))
    if answers.get("proxy_for") != "proxy":
        answers.pop("proxy_for", None)
    sheets = to_gif(GifCase(answers, "p1", date(2026, 11, 2), date(2026, 11, 3)), package, TOWN)
    read = from_gif(sheets, package)
    assert read.errors == []
    assert (read.answers, read.slug, read.period_code) == (answers, package.slug, "p1")


@given(st.data())
def test_a_proxy_is_the_applicant_and_the_person_the_principal(data: Any) -> None:
    if LARGE.proxy is None:
        pytest.skip("the package knows no proxies")
    answers = data.draw(answers_of(LARGE)) | {
        "proxy_for": "proxy",
        "proxy_name": {"family": "代理", "given": "一郎"},
        "proxy_scope": "申請と受領",
    }
    names = [key for key, each in LARGE.form.fields.items() if each.prefill == "resident.name"]
    answers[names[0]] = {"family": "見本", "given": "花子"}
    sheets = to_gif(GifCase(answers, "p1", date(2026, 11, 2), date(2026, 11, 2)), LARGE, TOWN)
    assert sheets[A_SHEET]["申請者"]["氏名"] == "代理　一郎"
    assert sheets[A_SHEET]["委任者"]["氏名"] == "見本　花子"
    assert sheets[A_SHEET]["委任内容"] == "申請と受領"
    assert from_gif(sheets, LARGE).answers == answers


@given(st.data(), st.sampled_from([SMALL, LARGE]))
def test_answers_become_inputs_without_a_fault(data: Any, package: Any) -> None:
    answers = data.draw(answers_of(package))
    raw, errors = to_raw(package.form, answers)
    assert errors == []
    assert all(isinstance(text, str) for texts in raw.values() for text in texts)
    assert sent_answers(package.form, answers) == answers


def test_prefecture_and_municipality_go_before_the_town() -> None:
    sheets = {
        A_SHEET: {"申請者": {"住所": {"都道府県": "サンプル県", "市区町村": "サンプル市", "町字": "中央"}}}
    }
    assert from_gif(sheets, SMALL).answers["address"] == {"town": "サンプル県サンプル市中央"}


def test_a_whole_name_is_taken_apart_at_its_space_only() -> None:
    read = from_gif({A_SHEET: {"申請者": {"氏名": "見本　花子"}}}, SMALL)
    assert read.answers["applicant"] == {"family": "見本", "given": "花子"}
    assert (
        from_gif({A_SHEET: {"申請者": {"氏名": "見本花子"}}}, SMALL).errors[0].name.endswith("/申請者/氏名")
    )


def test_a_proxy_where_none_may_apply_is_refused() -> None:
    read = from_gif({A_SHEET: {"申請者": {}, "委任者": {"氏": "見本", "名": "花子"}}}, SMALL)
    assert [error.name for error in read.errors] == [f"{A_SHEET}/委任者"]


@given(st.recursive(st.none() | st.booleans() | st.text(max_size=5) | st.integers(), lambda inner: st.lists(
    inner, max_size=3) | st.dictionaries(st.sampled_from([A_SHEET, B_SHEET, "内容", "項目", "申請者", "氏名", "住所",
    "項目名", "値", "委任者"]), inner, max_size=4), max_leaves=20))  # fmt: skip
def test_any_json_is_read_without_breaking(told: Any) -> None:
    read = from_gif(told if isinstance(told, dict) else {A_SHEET: told}, SMALL)
    to_raw(SMALL.form, read.answers)
