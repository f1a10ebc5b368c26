from datetime import date
from typing import Any

import pytest

from madoguchi.ledgers.procedures import cel_memory
from madoguchi.ledgers.procedures.cel import Rule, RuleFailed, compile_rule


def rule(text: str) -> Rule:
    return compile_rule(text, known=["one", "other", "rows.name"], file="form.toml", line=3)


@pytest.mark.parametrize(
    ("facts", "others"),
    [
        ({"one": True}, {"one": 1}),
        ({"one": 1}, {"one": 1.0}),
        ({"one": "1"}, {"one": 1}),
        ({"one": None}, {"one": ""}),
        ({"one": 0.0}, {"one": -0.0}),
        ({"one": 1, "other": 2}, {"one": 2, "other": 1}),
        ({"one": ["a", "b"]}, {"one": ["ab"]}),
        ({"one": {"other": 1}}, {"one": "other", "other": 1}),
    ],
)
def test_fingerprint__differs_where_a_rule_could_see_a_difference(facts: Any, others: Any) -> None:
    assert cel_memory.fingerprint("one", facts) != cel_memory.fingerprint("one", others)
    assert cel_memory.fingerprint("one", facts) == cel_memory.fingerprint("one", dict(facts))
    assert cel_memory.fingerprint("one", facts) != cel_memory.fingerprint("other", facts)


def test_fingerprint__facts_that_are_not_plain_are_not_remembered() -> None:
    assert cel_memory.fingerprint("one", {"one": date(2026, 11, 18)}) is None
    assert cel_memory.told(None) is cel_memory.UNKNOWN


def test_rule__tells_the_same_again_and_another_thing_of_other_facts() -> None:
    more = rule("one > other")
    for _ in range(2):
        assert more.evaluate({"one": 2, "other": 1}) is True
        assert more.evaluate({"one": 1, "other": 2}) is False
        assert more.evaluate({"one": 1, "other": 1}) is False


def test_rule__fails_again_without_telling_of_the_facts() -> None:
    broken = rule("one > other")
    for _ in range(2):
        with pytest.raises(RuleFailed, match=r"form\.toml 3行目"):
            broken.evaluate({"one": "ひみつ", "other": 1})
    with pytest.raises(RuleFailed) as again:
        broken.evaluate({"one": "ひみつ", "other": 1})
    assert "ひみつ" not in str(again.value)


def test_memory__keeps_no_texts_and_no_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: dict[bytes, Any] = {}
    monkeypatch.setattr(cel_memory, "_told", kept)
    assert rule("one + 'さん'").evaluate({"one": "見本"}) == "見本さん"
    names = rule("rows.map(row, row.name)")
    first = names.evaluate({"rows": [{"name": "見本"}]})
    first.append("x")
    assert names.evaluate({"rows": [{"name": "見本"}]}) == ["見本"]
    assert not kept
    rule("one == '見本'").evaluate({"one": "見本"})
    assert list(kept.values()) == [True]
    assert all("見本".encode() not in key for key in kept)


def test_memory__is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: dict[bytes, Any] = {}
    monkeypatch.setattr(cel_memory, "_told", kept)
    monkeypatch.setattr(cel_memory, "MOST", 10)
    for number in range(100):
        assert rule("one > 50").evaluate({"one": number}) is (number > 50)
        assert len(kept) <= 10
