"""入力の時点の確かめ: what is asked hangs on the question alone, nobody honest is stopped, staff see the reason."""

import uuid
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.common.kana import to_half_width
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.procedures.faults import PackageFaults
from madoguchi.ledgers.procedures.package import read_files
from madoguchi.ledgers.procedures.truth_rules import KINDS, Truth
from madoguchi.ledgers.registry.models import Visitor
from madoguchi.ledgers.registry.queries import visitor_view
from madoguchi.services.applications import actions, truth
from madoguchi.services.applications.casefacts import household_matches
from madoguchi.services.applications.errors import LookAgain
from madoguchi.services.applications.models import Application
from madoguchi.services.applications.states import Channel, CheckResult
from madoguchi.services.applications.truth import Finding, Question, questions, same_address, same_holder
from tests.factories_applications import TRUE_FILES, received, true_package, typed
from tests.factories_protection import protected_family
from tests.factories_registry import child, enter, household, member
from tests.factories_visitors import visitor_of

SOUNDS = "アイウエオカキクケコサシスセソタチツテトハヒフヘホマミムメモヤユヨラリルレロワンガギグパピプ"
KANA = st.text(st.sampled_from(SOUNDS), min_size=1, max_size=8)
reasons = st.text(min_size=1, max_size=40)
truths = st.builds(
    Truth,
    kind=st.sampled_from(KINDS),
    field=st.sampled_from(["child_name", "address"]),
    demand=st.just("confirm"),
)


@given(st.lists(st.tuples(truths, reasons)), st.lists(st.tuples(truths, reasons)))
def test_what_is_asked_is_a_function_of_the_question_alone(one: Any, other: Any) -> None:
    """Whatever was found, and however many things: the same fields, the same questions, in no other words."""
    asked = questions([Finding(*each) for each in one])
    assert {each.field for each in asked} == {each.field for each, _ in one}
    assert len(asked) == len({each.field for each in asked})
    if {each.field for each, _ in one} == {each.field for each, _ in other}:
        assert set(asked) == set(questions([Finding(*each) for each in other]))
    assert set(vars(Question("a", "confirm"))) == {"field", "demand"}


@given(KANA, KANA)
def test_a_holder_is_known_in_the_writing_of_banks(family: str, given_name: str) -> None:
    name = f"{family}　{given_name}"
    for holder in (
        to_half_width(f"{family} {given_name}"),
        f"{family}{given_name}",
        to_half_width(family + given_name).translate(str.maketrans("ｧｨｩｪｫｯｬｭｮ", "ｱｲｳｴｵﾂﾔﾕﾖ")),
    ):
        assert same_holder(holder, name)
    assert not same_holder(f"{family}ンネ{given_name}", name)


@pytest.mark.parametrize(
    ("holder", "name"),
    [
        ("ｶﾄ- ｼﾖｳｺ", "カトー　ショウコ"),
        ("見本花子", "見本　花子"),
        ("ﾐﾎﾝ ﾊﾅｺ", "みほん　はなこ"),
        ("髙橋　例", "高橋　例"),
    ],
)
def test_ways_of_writing_one_holder(holder: str, name: str) -> None:
    assert same_holder(holder, name)


@pytest.mark.parametrize(
    ("town", "block", "same"),
    [
        ("中央二丁目", "3番4号", True),
        ("中央2丁目", "３－４", True),
        ("サンプル市中央二丁目", "3番地4", True),
        ("中央二丁目", "3番5号", False),
        ("さくら台二丁目", "3番4号", False),
    ],
)
def test_ways_of_writing_one_address(town: str, block: str, same: bool) -> None:
    kept = {"town": "中央二丁目", "block": "3番4号", "building": ""}
    assert same_address({"town": town, "block": block, "building": "例荘1"}, kept) is same


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ('kind = "household"\nfield = "child_name"\ndemand = "fix"', "止めないよう"),
        ('kind = "birth"\nfield = "no_such"', "フォームにありません"),
        ('kind = "birth"\nfield = "child_name"\ndemand = "fix"', "同じにしてください"),
        ('kind = "holder"\nfield = "account_holder"', "against"),
        ('kind = "birth"\nfield = "child_birth"\ncheck = "none"', "[[check]]"),
        ('kind = "stars"\nfield = "child_birth"', "次から選んで"),
    ],
)
def test_a_package_that_would_stop_or_tell_is_refused(wrong: str, sentence: str) -> None:
    files = TRUE_FILES | {"flow.toml": TRUE_FILES["flow.toml"] + f"\n[[truth]]\n{wrong}\n".encode()}
    with pytest.raises(PackageFaults) as refused:
        read_files(files)
    assert any(sentence in fault.sentence for fault in refused.value.faults)


@pytest.fixture
def loaded(section: Any, now: datetime) -> Any:
    return true_package(now)


@pytest.fixture
def mother(loaded: Any, now: datetime) -> Any:
    """見本　花子, known by her card, with そら in her household; another family lives elsewhere."""
    residents = enter(
        household(1, member(8000001), child(8000002)),
        household(2, member(8000003, given="月子"), child(8000004, given="うみ", given_kana="ウミ")),
    )
    found = visitor_view(Visitor.objects.create(resident=residents[0], first_seen_at=now))
    return replace(found, identity_level=3, sign_in_level=3)


HOME = {"address__town": "中央2丁目", "address__block": "3-4", "child_birth": "令和2年8月3日"}


def paper(owner: Any, now: datetime, **changed: str) -> Any:
    unsent = actions.begin(slug="mihon-club", period_code="r9", visitor=owner, staff=None, at=now)
    raw = typed(1, **{"child_name__given": "そら", **HOME, **changed})
    for page in ("child", "applicant", "wishes"):
        actions.save_page(unsent_id=unsent.id, owner=owner, page_key=page, raw=raw, at=now)
    return unsent


def asked(unsent: Any, owner: Any, now: datetime, sure: tuple[str, ...] = ()) -> set[str]:
    return {each.field for each in actions.look_again(unsent_id=unsent.id, owner=owner, at=now, sure=sure)}


def send(unsent: Any, owner: Any, now: datetime) -> Application:
    receipt = actions.submit(
        unsent_id=unsent.id, owner=owner, submission_key=uuid.uuid4(), channel=Channel.ONLINE, at=now
    )
    return Application.objects.get(number=receipt.number)


def test_who_types_what_the_town_knows_is_asked_nothing(mother: Any, now: datetime) -> None:
    unsent = paper(
        mother, now, account_holder="ﾐﾎﾝ ﾊﾅｺ", applicant_kana__family="みほん", applicant_kana__given="はなこ"
    )
    assert asked(unsent, mother, now) == set()
    results = {each.code: each.result for each in send(unsent, mother, now).checks.all()}
    assert {results[f"truth_{kind}"] for kind in ("household", "birth", "address", "holder")} == {
        CheckResult.PASSED
    }


def test_nobody_and_somebody_elses_child_are_asked_alike(mother: Any, now: datetime) -> None:
    """No such person and a child of another household: the same question, nothing more."""
    unsent = paper(mother, now)
    seen = []
    for name in ("うみ", "どこにもいない"):
        raw = typed(1, child_name__given=name, **HOME)
        actions.save_page(unsent_id=unsent.id, owner=mother, page_key="child", raw=raw, at=now)
        seen.append(actions.look_again(unsent_id=unsent.id, owner=mother, at=now))
    assert seen[0] == seen[1] == (Question("child_name", "confirm"),)


def test_a_child_named_like_its_parent_is_not_taken_for_the_parent() -> None:
    package = read_files(TRUE_FILES)
    name = {"family": "見本", "given": "そら"}
    parent, own = {"name": name, "birth": "1990-03-04"}, {"name": name, "birth": "2020-08-03"}
    fields = {each.prefill: key for key, each in package.form.fields.items() if each.prefill}
    values = {fields["child.name"]: name, fields["child.birth"]: "2020-08-03"}
    for home in ([parent, own], [own, parent]):
        found = truth.findings(package.flow.truths, package.form, values, {"household": home})
        assert [each.truth.kind for each in found if each.truth.kind == "birth"] == []
        assert household_matches(package.form, values, {"household": home}) == {
            "same_household": True,
            "registered_child_birth": "2020-08-03",
        }
    wrong = {**values, fields["child.birth"]: "2020-08-04"}
    found = truth.findings(package.flow.truths, package.form, wrong, {"household": [parent, own]})
    assert [each.truth.kind for each in found] == ["birth"]


def test_the_honest_go_on_with_a_mark_for_staff(mother: Any, now: datetime) -> None:
    unsent = paper(mother, now, child_birth="令和2年8月4日", address__block="9-9")
    assert asked(unsent, mother, now) == {"child_birth", "address"}
    assert asked(unsent, mother, now, sure=("child_birth", "address")) == set()
    assert asked(unsent, mother, now) == set()
    checks = {each.code: each for each in send(unsent, mother, now).checks.all()}
    assert checks["truth_birth"].result == CheckResult.LOOK
    assert checks["truth_birth"].sentence == (f"住民記録の生年月日は令和2年8月3日です。{truth.ASKED}")
    assert "中央二丁目3番4号" in checks["truth_address"].sentence


def test_a_changed_answer_is_asked_again(mother: Any, now: datetime) -> None:
    unsent = paper(mother, now, child_birth="令和2年8月4日")
    assert asked(unsent, mother, now, sure=("child_birth",)) == set()
    raw = typed(1, **{**HOME, "child_name__given": "そら", "child_birth": "令和2年8月5日"})
    actions.save_page(unsent_id=unsent.id, owner=mother, page_key="child", raw=raw, at=now)
    assert asked(unsent, mother, now) == {"child_birth"}


def test_what_must_be_changed_stops_only_until_it_is(mother: Any, now: datetime) -> None:
    unsent = paper(mother, now, account_holder="ﾀﾅｶ ｼﾞﾛｳ")
    assert asked(unsent, mother, now, sure=("account_holder",)) == {"account_holder"}
    with pytest.raises(LookAgain) as refused:
        send(unsent, mother, now)
    assert "花子" not in str(refused.value)
    fixed = paper(mother, now, account_holder="見本花子")
    assert fixed.id == unsent.id
    assert send(unsent, mother, now).number


def test_an_application_by_another_way_is_asked_in_the_same_words(
    loaded: Any, mother: Any, now: datetime
) -> None:
    unsent = paper(mother, now)
    received(loaded, now, raw=typed(1, child_name__given="そら", **HOME), channel=Channel.PAPER)
    assert actions.look_again(unsent_id=unsent.id, owner=mother, at=now) == (
        Question("child_name", "confirm"),
    )
    assert asked(unsent, mother, now, sure=("child_name",)) == set()
    check = send(unsent, mother, now).checks.get(code="duplicates")
    assert (check.result, check.sentence) == (CheckResult.LOOK, f"ほかにもあります。{truth.ASKED}")


def test_who_showed_only_an_address_learns_nothing(loaded: Any, mother: Any, now: datetime) -> None:
    """Otherwise anybody with an e-mail address could ask the register and the ledger about anybody."""
    received(loaded, now, raw=typed(1, child_name__given="そら", **HOME), channel=Channel.PAPER)
    somebody = visitor_of("somebody@example.jp", now)
    for name in ("そら", "うみ", "どこにもいない"):
        unsent = paper(somebody, now, child_name__given=name)
        assert asked(unsent, somebody, now) == set()
    sent = send(paper(somebody, now), somebody, now)
    results = {each.code: each.result for each in sent.checks.all()}
    assert results["truth_household"] == CheckResult.NOT_RUN
    assert results["duplicates"] == CheckResult.LOOK


def test_the_register_may_be_older_than_the_person(loaded: Any, mother: Any, now: datetime) -> None:
    """A child not yet entered: the parent says so and applies."""
    unsent = paper(mother, now, child_name__given="はじめ", child_birth="令和2年9月9日")
    assert asked(unsent, mother, now) == {"child_name"}
    assert asked(unsent, mother, now, sure=("child_name",)) == set()
    check = send(unsent, mother, now).checks.get(code="truth_household")
    assert check.result == CheckResult.LOOK
    assert "はじめ" in check.sentence


def test_a_protected_person_is_asked_about_like_one_who_does_not_exist(
    loaded: Any, staff_with: Any, now: datetime
) -> None:
    """Nobody: another household: a protected person. One question for all three, and no reason staff could read."""
    family = protected_family(staff_with(Role.REGISTRY_CLERK), now)
    asker = enter(
        household(77, member(8000701, given="月子"), child(8000702, given="うみ", given_kana="ウミ"))
    )
    somebody = next(each for each in asker if each.atena_number == 8000701)
    owner = visitor_view(Visitor.objects.create(resident=somebody, first_seen_at=now))
    unsent = paper(owner, now, child_name__given="うみ")
    seen = []
    for family_name, given_name in ((family.child.family_name, family.child.given_name), ("例示", "いない")):
        raw = typed(1, **HOME, child_name__family=family_name, child_name__given=given_name)
        actions.save_page(unsent_id=unsent.id, owner=owner, page_key="child", raw=raw, at=now)
        seen.append(actions.look_again(unsent_id=unsent.id, owner=owner, at=now))
    assert seen[0] == seen[1]
    assert Question("child_name", "confirm") in seen[0]
