"""Do people find what they mean? Measured on 150 procedures and on what people really say."""

import csv
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madoguchi.ledgers.procedures import search
from madoguchi.ledgers.procedures.search import Entry, bounded_distance, fold, index_of, phrases

DATA = Path(__file__).parent / "data"
LEAST_RECALL = 0.9
P99_MILLISECONDS = 20


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


INDEX = index_of(Entry(row["key"], (row["name"], row["reading"])) for row in rows("municipal_procedures.csv"))
QUERIES = [(row["query"], row["keys"].split()) for row in rows("spoken_queries.csv")]


def found(query: str, limit: int = 3) -> list[str]:
    return [hit.key for hit in INDEX.find(query)[:limit]]


def test_people_find_what_they_mean(record_property: Any) -> None:
    """Recall@3: one of the procedures that are meant stands among the first three."""
    missed = {query: found(query) for query, keys in QUERIES if not set(keys) & set(found(query))}
    first = sum(found(query, 1)[:1] != [] and found(query, 1)[0] in keys for query, keys in QUERIES)
    recall = 1 - len(missed) / len(QUERIES)
    record_property("recall_at_3", recall)
    said = f"recall@3 {recall:.3f}, first {first / len(QUERIES):.3f} of {len(QUERIES)}; missed: {missed}"
    record_property("said", said)
    assert recall >= LEAST_RECALL, said


def test_the_measure_is_large_enough() -> None:
    assert len(QUERIES) >= 120
    assert len(INDEX.texts) >= 60
    with search.SYNONYMS.open(encoding="utf-8") as file:
        assert len(list(csv.DictReader(file))) >= 150


def test_every_query_names_a_procedure_that_exists() -> None:
    assert {key for _, keys in QUERIES for key in keys} - set(INDEX.texts) == set()


def test_every_synonym_leads_somewhere() -> None:
    """An official word that stands in no name of the corpus would be a dead end."""
    names = [text.folded for texts in INDEX.texts.values() for text in texts]
    dead = {
        official
        for officials in search.shipped_synonyms().values()
        for official in officials
        if not any(official in name for name in names)
    }
    assert dead == set()


def test_it_answers_at_once(record_property: Any) -> None:
    took = []
    for _ in range(3):
        for query, _keys in QUERIES:
            began = time.process_time()
            INDEX.find(query)
            took.append((time.process_time() - began) * 1000)
    worst = sorted(took)[int(len(took) * 0.99)]
    record_property("p99_milliseconds", worst)
    assert worst < P99_MILLISECONDS, f"p99 {worst:.2f} ms"


@pytest.mark.parametrize("query", ["", "　", "???", "ぬるぽがっ", "宇宙旅行", "zzzzqqq"])
def test_what_is_not_there_is_not_found(query: str) -> None:
    assert INDEX.find(query) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [("ガクドウ", "がくどう"), ("ｶﾞｸﾄﾞｳ", "がくどう"), ("引っ越し", "引越し"), ("ＮＨＫ", "nhk"), ("届け出", "届出"), ("子供", "こども")],
)  # fmt: skip
def test_one_spelling_for_many(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_endings_say_nothing() -> None:
    assert phrases("引っ越しの手続きをしたい")[0] == fold("引越")
    assert phrases("申請したい") != []


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [("がくどう", "がくどう", 0), ("がくどう", "がくとう", 1), ("がくどう", "がどくう", 1), ("がくどう", "みず", 2), ("", "あ", 1)],
)  # fmt: skip
def test_slips_are_counted_and_bounded(one: str, other: str, distance: int) -> None:
    assert bounded_distance(one, other, 1) == min(distance, 2)


@given(st.text(max_size=120))
@settings(max_examples=150, deadline=None)
def test_no_question_breaks_it(query: str) -> None:
    hits = INDEX.find(query)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_a_package_needs_no_synonym() -> None:
    """Words a package brings itself are enough."""
    index = index_of([Entry("x", ("見本の届",), ("ぞうさん",)), Entry("y", ("別の届",))])
    assert [hit.key for hit in index.find("ぞうさん")] == ["x"]
