"""職員が入れる事実: within the bounds of the package's table, with a source; the score follows."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from madoguchi.ledgers.office.actions import actor_of
from madoguchi.ledgers.office.errors import NotAllowed, NotFound
from madoguchi.services.applications import access, actions
from madoguchi.services.applications.errors import ReasonMissing, StaleEdition
from madoguchi.services.applications.fact_rules import staff_facts, with_fact
from madoguchi.services.applications.models import Application, StaffFact
from madoguchi.services.applications.staff_facts import FactRefused
from tests import whole_case as whole


@pytest.fixture
def clerk(db: None) -> Any:
    whole.found_towns()
    return whole.staff("shinsa")


@pytest.fixture
def number(clerk: Any) -> str:
    (mother,) = whole.families(1)
    changed = {"guardians-0-reason": "other"}
    raw = {name.replace("-", "__"): value for name, value in changed.items()}
    receipt = whole.handed_in(mother, whole.Channel.PAPER, by=actor_of(clerk), **raw)
    return receipt.number


def enter(number: str, by: Any, key: str, value: str, **changed: Any) -> None:
    told = {"source": "収納課の回答", "dated_on": whole.NOW.date(), "at": whole.NOW} | changed
    edition = told.pop("edition", Application.objects.get(number=number).edition)
    actions.enter_fact(number=number, key=key, value=value, by=by, edition=edition, **told)


def seen(number: str) -> Any:
    return access.application_for(whole.staff("shinsa"), number, at=whole.NOW, purpose="審査")


def test_the_package_says_which_facts_there_are(number: str) -> None:
    view = seen(number)
    rules = {each.key: each for each in staff_facts(view.package, view.answers, whole.NOW.date())}
    assert (rules["other_points"].low, rules["other_points"].high) == (-10, 10)
    assert (rules["decided_points:0"].low, rules["decided_points:0"].approver) == (5, "課長")
    assert rules["request_from"].group == "waiver"
    assert rules["arrears_months"].group == "other"
    assert "cert_missing" not in rules


def test_points_decided_by_hand_count_at_once(number: str) -> None:
    head = whole.staff("kacho")
    assert any("人が決める点" in told for told in seen(number).score_sheet["undecided"])
    enter(number, head, "decided_points:0", "12", source="課長の決定")
    view = seen(number)
    assert view.score_sheet["undecided"] == []
    assert any(row["row_id"] == "G-B58" and Decimal(row["points"]) == 12 for row in view.score_sheet["rows"])
    assert [(fact.name, fact.row, fact.value) for fact in view.staff_facts] == [("decided_points", 0, 12)]
    assert view.timeline[0].note["reason"] == "課長の決定"


def test_arrears_lower_the_score_until_they_are_taken_away(number: str) -> None:
    clerk = whole.staff("shinsa")
    enter(number, clerk, "arrears_plan", "none")
    before = seen(number).score
    enter(number, clerk, "arrears_months", "3")
    lowered = seen(number)
    assert lowered.score == before - 3
    assert lowered.facts["arrears_months"] == 3
    enter(number, clerk, "arrears_months", "")
    assert seen(number).score == before
    assert StaffFact.objects.filter(name="arrears_months", replaced_at__isnull=False).count() == 1


def test_a_waiver_is_the_heads(number: str) -> None:
    with pytest.raises(NotAllowed):
        enter(number, whole.staff("shinsa"), "request_from", "児童相談所")
    enter(number, whole.staff("kacho"), "request_from", "児童相談所", source="依頼書 第3号")
    assert "順位によらず" in seen(number).score_sheet["waiver"]


@pytest.mark.parametrize(
    ("key", "value", "wrong"),
    [
        ("other_points", "11", FactRefused),
        ("other_points", "NaN", FactRefused),
        ("other_points", "たくさん", FactRefused),
        ("request_from", "となりの人", FactRefused),
        ("welfare", "maybe", FactRefused),
        ("arrears_months", "-1", FactRefused),
        ("score", "99", NotFound),
        ("decided_points:9", "9", NotFound),
    ],
)
def test_nothing_but_what_the_table_allows(number: str, key: str, value: str, wrong: Any) -> None:
    edition = Application.objects.get(number=number).edition
    by = whole.staff("kacho" if key in ("other_points", "request_from", "decided_points:9") else "shinsa")
    with pytest.raises(wrong):
        enter(number, by, key, value)
    assert Application.objects.get(number=number).edition == edition
    assert not StaffFact.objects.exists()


def test_a_source_and_a_day_that_has_been(number: str) -> None:
    clerk, later = whole.staff("shinsa"), datetime(2027, 1, 1).date()
    with pytest.raises(ReasonMissing):
        enter(number, clerk, "welfare", "yes", source=" ")
    with pytest.raises(FactRefused):
        enter(number, clerk, "welfare", "yes", dated_on=later)
    with pytest.raises(StaleEdition):
        enter(number, clerk, "welfare", "yes", edition=9)


def test_setting_and_taking_away_leaves_no_trace_in_the_facts() -> None:
    facts = {"out_of_city": False}
    assert with_fact(with_fact(facts, "x", 1, 5), "x", 1, None) == facts
    assert with_fact(with_fact(facts, "x", None, 5), "x", None, None) == facts
