"""Calculated fields that look their value up in a dated table, facts about other cases, templates."""

from datetime import date
from typing import Any

import pytest

from madoguchi.ledgers.office.trace import SYSTEM
from madoguchi.ledgers.procedures.actions import put_in_use
from madoguchi.ledgers.procedures.answers import read_all
from madoguchi.ledgers.procedures.context import Context
from madoguchi.ledgers.procedures.errors import TemplateOnly
from madoguchi.ledgers.procedures.package import read_files
from madoguchi.ledgers.procedures.sensitivity import sensitive_fields
from tests.factories_procedures import PROCEDURE, errors_of, faults_of, field, form_of, package_files

LIMITS = """UNIQUE,sex,effective_from,effective_to,result_yen
L1,オス,2026-04-01,,3000
L2,メス,2026-04-01,2027-03-31,5000
L3,メス,2027-04-01,,6000
"""
SEX = field("sex", "choice", 'option = [{ value = "オス", ja = "オス" }, { value = "メス", ja = "メス" }]')
DAY = field("operated_on", "date")
LIMIT = field("limit", "calculated", 'table = "limits"', 'result = "yen"', 'on = "operated_on"')
MONEY = field(
    "money",
    "money",
    "[[page.field.check]]",
    'rule = "money <= limit"',
    'says.ja = "{sex}の上限額は{limit}です。"',
    'with.limit = "yen(limit)"',
    'with.sex = "sex"',
)


def files(*fields: str, limits: str = LIMITS, **changed: str) -> dict[str, bytes]:
    made = package_files(**({"form": form_of(*fields)} | changed))
    return made | {"tables/limits.csv": limits.encode()}


def reading(raw: dict[str, str], *fields: str) -> Any:
    package = read_files(files(*(fields or (MONEY, LIMIT, SEX, DAY))))
    typed = {name: [value] for name, value in raw.items()}
    return read_all(package.form, typed, Context(on=date(2026, 11, 21)))


@pytest.mark.parametrize(
    ("sex", "day", "limit"),
    [
        ("オス", "2026-10-01", 3000),
        ("メス", "2027-03-31", 5000),
        ("メス", "2027-04-01", 6000),
        ("メス", "", None),
    ],
)
def test_lookup__takes_the_row_in_force_on_the_day(sex: str, day: str, limit: int | None) -> None:
    assert reading({"sex": sex, "operated_on": day}).values["limit"] == limit


def test_lookup__serves_a_check_whose_sentence_names_the_amount() -> None:
    raw = {"sex": "オス", "operated_on": "2026-10-01", "money": "3001"}
    assert errors_of(reading(raw)) == {"money": "オスの上限額は3,000円です。"}
    assert errors_of(reading(raw | {"money": "3000"})) == {}


def test_lookup__without_a_day_of_its_own_counts_the_day_of_receipt() -> None:
    found = reading({"sex": "メス"}, SEX, field("limit", "calculated", 'table = "limits"', 'result = "yen"'))
    assert found.values["limit"] == 5000


def test_lookup__of_a_sensitive_answer_is_sensitive() -> None:
    package = read_files(
        files(SEX.replace('type = "choice"', 'type = "choice"\nsensitive = true'), LIMIT, DAY)
    )
    assert "limit" in sensitive_fields(package.form)


@pytest.mark.parametrize(
    ("fields", "limits", "part"),
    [
        ((LIMIT.replace("limits", "gone"), SEX, DAY), LIMITS, "tables/gone.csv"),
        ((LIMIT.replace('"yen"', '"euro"'), SEX, DAY), LIMITS, "result_euro"),
        ((LIMIT, SEX), LIMITS, "「on」の「operated_on」"),
        ((LIMIT, DAY), LIMITS, "「sex」という事実はありません"),
        ((LIMIT, SEX, DAY), LIMITS.replace("L1,オス", "L1,メス"), "L1"),
        ((LIMIT + '\nrule = "1 + 1"', SEX, DAY), LIMITS, "一緒には"),
    ],
)
def test_lookup__that_cannot_work_is_a_fault(fields: tuple[str, ...], limits: str, part: str) -> None:
    from madoguchi.ledgers.procedures.faults import PackageFaults

    with pytest.raises(PackageFaults) as refused:
        read_files(files(*fields, limits=limits))
    assert any(part in fault.sentence for fault in refused.value.faults), refused.value.faults


def test_fact_about_other_cases__names_answers_of_the_form() -> None:
    fact = '\n[[fact]]\nkey = "same_receipts"\ntype = "list"\nlabel.ja = "同じ領収書"\nsame = ["receipt"]\n'
    assert any("「receipt」" in sentence for _, _, sentence in faults_of(procedure=PROCEDURE + fact))


@pytest.mark.django_db
def test_template__is_never_used(section: Any, now: Any) -> None:
    package = read_files(package_files(procedure=PROCEDURE.replace("slug", "template = true\nslug", 1)))
    with pytest.raises(TemplateOnly):
        put_in_use(package, by=SYSTEM, at=now)
