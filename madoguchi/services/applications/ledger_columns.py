"""The columns a ledger may show: those of every case, and the answers of one procedure that the reader may see."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.procedures.sensitivity import shown_fields
from madoguchi.services.applications.answer_words import NOTHING, text_of

ANSWER = "a."
"""Before the key of a field, in addresses and kept choices."""


@dataclass(frozen=True)
class Column:
    """One column. `sort` is its name among the orders, `kind` "number" where figures stand."""

    key: str
    label: str
    sort: str = ""
    kind: str = ""


STANDING = (
    Column("number", "受付番号", "number"),
    Column("changed", "更新", "changed"),
    Column("procedure", "手続"),
    Column("received", "受付日時", "received"),
    Column("channel", "経路", "channel"),
    Column("name", "対象者", "name"),
    Column("kana", "対象者カナ", "name"),
    Column("grade", "学年", "grade", "number"),
    Column("first_wish", "第1希望", "first_wish"),
    Column("score", "指数", "score", "number"),
    Column("checks", "チェック", "checks"),
    Column("stage", "状態", "stage"),
    Column("outcome", "結果"),
    Column("due", "期限", "due"),
    Column("assigned", "担当"),
)
OF_ONE = (
    "number",
    "changed",
    "channel",
    "name",
    "grade",
    "first_wish",
    "score",
    "checks",
    "stage",
    "due",
    "assigned",
)
OF_ALL = ("number", "changed", "procedure", "channel", "name", "checks", "stage", "due", "assigned")


def columns_of(package: Any, powers: Iterable[Power]) -> dict[str, Column]:
    """Every column that somebody with these powers may choose; `package` None for a list over all procedures."""
    standing = {each.key: each for each in STANDING if package is None or each.key != "procedure"}
    if package is None:
        return standing
    held = frozenset(powers)
    shown = shown_fields(package.form, held)
    fields = (each for each in package.form.fields.values() if each.key in shown and may_stand(each))
    return standing | {f"{ANSWER}{each.key}": Column(f"{ANSWER}{each.key}", each.label.ja) for each in fields}


def may_stand(field: Any) -> bool:
    """Whether the answers to a field fit in a column."""
    return field.type not in ("explanation", "consent", "file") and not field.has_rows


def chosen_columns(wanted: Sequence[str], package: Any, powers: Iterable[Power]) -> list[Column]:
    """The wanted columns that there are, in the wanted order and the number first; otherwise the usual ones."""
    offered = columns_of(package, powers)
    chosen = [offered[key] for key in dict.fromkeys(wanted) if key in offered]
    usual = chosen or [offered[key] for key in (OF_ONE if package else OF_ALL)]
    return [offered["number"], *(each for each in usual if each.key != "number")]


def answer_keys(columns: Iterable[Column]) -> list[str]:
    return [each.key.removeprefix(ANSWER) for each in columns if each.key.startswith(ANSWER)]


def answer_text(row: Any, key: str, package: Any) -> str:
    """An answer in words, as the list and the export show it."""
    field = package.form.fields[key]
    text = text_of(field, row.answers.get(key), package)
    return "" if text == NOTHING else text


def plain_cell(row: Any, column: Column, names: "Names") -> Any:
    """One cell of an export."""
    if column.key.startswith(ANSWER):
        return answer_text(row, column.key.removeprefix(ANSWER), names.package)
    return CELLS[column.key](row, names)


@dataclass(frozen=True)
class Names:
    """What codes are called: facilities of the package, procedures."""

    package: Any
    facilities: dict[str, str]
    procedures: dict[str, str]


def minute(moment: Any) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"


CELLS: dict[str, Callable[[Any, Names], Any]] = {
    "number": lambda row, _: row.number,
    "changed": lambda row, _: minute(row.changed_at),
    "received": lambda row, _: minute(row.received_at),
    "procedure": lambda row, names: names.procedures.get(row.procedure, row.procedure),
    "channel": lambda row, _: row.channel.label,
    "name": lambda row, _: row.person_name,
    "kana": lambda row, _: row.person_kana,
    "grade": lambda row, _: row.grade,
    "first_wish": lambda row, names: names.facilities.get(row.first_wish, row.first_wish),
    "score": lambda row, _: None if row.score is None else float(row.score),
    "checks": lambda row, _: row.checks_to_look_at,
    "stage": lambda row, _: row.stage.label,
    "outcome": lambda row, _: row.outcome.label if row.outcome else "",
    "due": lambda row, _: row.due_on.isoformat(),
    "assigned": lambda row, _: row.assigned_to,
}
