"""この申請を例にする: the same result, and nobody to be read from it."""

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madoguchi.ledgers.office.queries import recent_trace
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.procedures.errors import NameTaken
from madoguchi.ledgers.procedures.example_texts import as_toml, example_of
from madoguchi.ledgers.procedures.examples import run_example
from madoguchi.ledgers.procedures.package import read_files, read_package
from madoguchi.ledgers.procedures.staff_examples import files_with_staff_examples, tried_examples
from madoguchi.services.applications import actions
from madoguchi.services.applications.anonymising import (
    Mask,
    anonymous,
    classes,
    field_at,
    is_personal,
    personal_strings,
    survivors,
)
from madoguchi.services.applications.errors import DependsOnIdentity
from madoguchi.services.applications.example_making import case_example
from tests.factories_applications import FILES, received
from tests.factories_procedures import GAKUDO

ON, ENTRY = date(2026, 11, 21), date(2027, 4, 1)
PACKAGE = read_package(GAKUDO)
BASE = dict(PACKAGE.examples[1].raw)
NAMES = st.text(
    "あいうえおかきくけこさしすせそ山川田中林佐藤木村見本例髙﨑ミホンサクラ", min_size=2, max_size=6
)
DAYS = st.dates(date(1940, 1, 1), date(2026, 11, 20))
WRITINGS = ("applicant_name", "child_name", "household-0-name", "household-1-name", "guardians-0-name")


@st.composite
def cases(draw: Any) -> dict[str, list[str]]:
    """Answers of the shipped form with drawn names, days of birth, addresses, numbers and texts."""
    raw = {name: list(values) for name, values in BASE.items()}
    for field in WRITINGS:
        raw[f"{field}-family"], raw[f"{field}-given"] = [draw(NAMES)], [draw(NAMES)]
    for field in ("applicant_birth", "child_birth", "household-0-birth", "household-1-birth"):
        raw[field] = [draw(DAYS).isoformat()]
    raw["applicant_address-town"] = [draw(NAMES)]
    raw["applicant_address-block"] = [draw(NAMES)]
    raw["applicant_phone"] = [draw(st.sampled_from(["000-0000-0000", "090-1234-5678", "0312345678"]))]
    raw["applicant_email"] = [draw(st.sampled_from(["rei@example.jp", "hanako@example.jp"]))]
    raw["guardians-0-employer"] = [draw(NAMES)]
    raw["remark"] = [draw(NAMES)]
    return raw


@settings(max_examples=60, deadline=None)
@given(cases())
def test_no_personal_text_survives(raw: dict[str, list[str]]) -> None:
    personal = personal_strings(PACKAGE.form, raw, {})
    told, _ = anonymous(PACKAGE.form, raw, on=ON, reference=ENTRY, forbidden=personal)
    assert survivors(PACKAGE.form, told, {}, personal) == []
    for name, values in told.items():
        field = field_at(PACKAGE.form, name)
        assert field is not None
        if not is_personal(field) and field.type != "date":
            assert values == raw[name]


@settings(max_examples=100, deadline=None)
@given(st.lists(DAYS, min_size=1, max_size=6, unique=True))
def test_days_of_birth_keep_grade_and_age_and_who_is_who(days: list[date]) -> None:
    mask = Mask(ENTRY, ON, originals=frozenset(days))
    moved = [mask.day(day) for day in days]
    assert len(set(moved)) == len(days)
    assert set(moved).isdisjoint(days)
    assert [classes(day, ENTRY, ON) for day in moved] == [classes(day, ENTRY, ON) for day in days]
    assert [mask.day(day) for day in days] == moved


@pytest.mark.parametrize("example", PACKAGE.examples, ids=lambda each: each.name)
def test_shipped_examples_give_the_same_without_their_people(example: Any) -> None:
    personal = personal_strings(PACKAGE.form, example.raw, {})
    told, mask = anonymous(PACKAGE.form, dict(example.raw), on=ON, reference=ENTRY, forbidden=personal)
    body: dict[str, Any] = {
        "name": "x", "on": example.on.isoformat(), "period": example.period, "channel": example.channel,
        "given": {name: list(values) for name, values in told.items()},
        "facts": dict(example.facts),
        "expect": {"checks": dict(example.checks), "stage": example.stage, "score": dict(example.score)},
    }  # fmt: skip
    born = example.facts.get("registered_child_birth")
    if born:
        body["facts"]["registered_child_birth"] = mask.day(date.fromisoformat(born)).isoformat()
    body["expect"]["errors"] = dict.fromkeys(example.errors, "")
    assert run_example(PACKAGE, example_of(body, PACKAGE.form)).differences == ()


@pytest.fixture
def clerk(staff_with: Any) -> Any:
    return staff_with(Role.REVIEWER, login="clerk")


def test_case_becomes_an_example_that_passes(loaded: Any, clerk: Any, now: datetime) -> None:
    number = received(loaded, now).number
    made = case_example(number=number, by=clerk, at=now)
    assert made.body["on"] == now.date().isoformat()
    assert made.expect["checks"] == {"work_days": "pass", "in_city": "pass"}
    actions.keep_case_example(number=number, name="就労20日", by=clerk, at=now)
    (kept,) = tried_examples(loaded.version_id)
    assert (kept.example.name, kept.result.differences) == ("就労20日", ())
    said = " ".join(value for values in kept.example.raw.values() for value in values)
    for word in ("見本", "そら1", "花子", "サンプル市中央", "一丁目２番３号", "令和2年6月14日"):
        assert word not in said
    assert recent_trace()[0].verb == "applications.example_made"


def test_kept_example__goes_into_the_exported_file(loaded: Any, clerk: Any, now: datetime) -> None:
    number = received(loaded, now).number
    actions.keep_case_example(number=number, name='就労"20"日', by=clerk, at=now)
    files = files_with_staff_examples("mihon-club", "2026-04")
    again = read_files(files)
    assert [example.name for example in again.examples] == ['就労"20"日']
    assert run_example(again, again.examples[0]).passed


def test_title__may_not_name_anybody_nor_stand_twice(loaded: Any, clerk: Any, now: datetime) -> None:
    number = received(loaded, now).number
    with pytest.raises(DependsOnIdentity):
        actions.keep_case_example(number=number, name="花子さんの例", by=clerk, at=now)
    actions.keep_case_example(number=number, name="就労20日", by=clerk, at=now)
    with pytest.raises(NameTaken):
        actions.keep_case_example(number=number, name="就労20日", by=clerk, at=now)


def test_rule_that_depends_on_a_name__is_named_and_refused(section: Any, clerk: Any, now: datetime) -> None:
    rule = FILES["flow.toml"].replace(
        b'rule = "work_days > 0"', "rule = \"child_name.family == '見本'\"".encode()
    )
    loaded = _loaded({"flow.toml": rule}, now)
    number = received(loaded, now).number
    with pytest.raises(DependsOnIdentity, match="就労日数が書かれている"):
        case_example(number=number, by=clerk, at=now)


def _loaded(changed: dict[str, bytes], now: datetime) -> Any:
    from madoguchi.ledgers.office.trace import SYSTEM
    from madoguchi.ledgers.procedures.actions import put_in_use

    return put_in_use(read_files(FILES | changed), by=SYSTEM, at=now)


@given(st.dictionaries(st.text(min_size=1, max_size=5), st.text(max_size=20), max_size=4))
def test_examples_are_written_as_toml_that_reads_the_same(facts: dict[str, str]) -> None:
    import tomllib

    body = {
        "name": "例",
        "on": "2026-11-21",
        "given": {"a-b": ["x", "y"]},
        "facts": {**facts, "n": 1.5, "b": True, "l": [{"d": 2}]},
    }
    (back,) = tomllib.loads(as_toml([body]))["example"]
    assert back["facts"] == body["facts"]
    assert back["given"] == body["given"]
