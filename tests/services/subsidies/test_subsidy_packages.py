"""The shipped subsidy packages: no fault, every example as it says, and the sentence of the source to the letter."""

from datetime import date
from pathlib import Path

import pytest

from madoguchi.ledgers.procedures.answers import read_all
from madoguchi.ledgers.procedures.commands import check, run_examples
from madoguchi.ledgers.procedures.context import Context
from madoguchi.ledgers.procedures.package import read_files, read_package
from madoguchi.services.subsidies.package_file import faults_of

NEKO = Path("packages/neko-hojokin/2026-04")
FOLDERS = [NEKO, Path("packages/hojokin/2026-04")]


@pytest.mark.parametrize("folder", FOLDERS, ids=str)
def test_package__has_no_fault_and_its_examples_hold(folder: Path) -> None:
    assert check(folder, [faults_of]) == []
    results = run_examples(folder)
    assert len(results) > 10
    assert {each.name: each.differences for each in results if not each.passed} == {}


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("4,000", ["オスの補助金の上限額は3,000円です。"]),
        ("3001", ["オスの補助金の上限額は3,000円です。"]),
        ("3000", []),
    ],
)
def test_limit__is_refused_in_the_words_of_the_source(amount: str, said: list[str]) -> None:
    package = read_package(NEKO)
    example = next(each for each in package.examples if each.name == "オス 3,000円は通る")
    raw = {**example.raw, "seikyu_money": [amount]}
    reading = read_all(package.form, raw, Context(on=date(2026, 11, 21), period=package.periods[0]))
    assert [error.sentence for error in reading.errors if error.name == "seikyu_money"] == said


def test_fields__are_those_of_the_source() -> None:
    fields = set(read_package(NEKO).form.fields)
    assert {
        "name",
        "name_kana",
        "address",
        "telephone",
        "nyushukeiro",
        "sex",
        "operation",
        "seikyu_money",
    } <= fields


def test_subsidy_file__names_answers_of_the_form() -> None:
    files = dict(read_package(NEKO).files)
    files["subsidy.toml"] = files["subsidy.toml"].replace(b'amount = "seikyu_money"', b'amount = "money"')
    assert [each.sentence for each in faults_of(read_files(files))] == [
        "「money」という項目はフォームにありません。"
    ]
