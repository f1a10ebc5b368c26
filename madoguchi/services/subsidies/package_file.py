"""subsidy.toml: which answer is the amount, where the money goes, and within how many days of the claim."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from madoguchi.ledgers.procedures.faults import Fault, PackageFaults
from madoguchi.ledgers.procedures.toml_source import Table, read_toml
from madoguchi.services.subsidies.errors import NoSubsidy

FILE = "subsidy.toml"
ACCOUNT = ("bank_code", "branch_code", "account_type", "account_number", "account_holder")


@dataclass(frozen=True)
class Subsidy:
    """subsidy.toml as an object. `account` names the answers with the account by ACCOUNT."""

    amount: str
    setsu: str
    pay_within_days: int
    letter_lines: tuple[str, ...]
    account: tuple[tuple[str, str], ...]
    decision_rank: str
    decision_limit: int

    def account_field(self, part: str) -> str:
        return dict(self.account)[part]


def is_subsidy(package: Any) -> bool:
    return FILE in package.files


def subsidy_of(package: Any) -> Subsidy:
    """What a package says of its money. Raises NoSubsidy, PackageFaults."""
    if not is_subsidy(package):
        raise NoSubsidy(package.names.ja)
    found, faults = _read(package.files[FILE])
    if faults:
        raise PackageFaults(list(faults))
    return found


@lru_cache(maxsize=16)
def _read(content: bytes) -> tuple[Subsidy, tuple[Fault, ...]]:
    table = read_toml(FILE, content)
    table.only({"amount", "setsu", "pay_within_days", "letter_lines", "account", "decision"})
    account, decision = table.table("account"), table.table("decision")
    account.only(frozenset(ACCOUNT))
    decision.only({"rank", "limit_yen"})
    found = Subsidy(
        amount=table.text("amount", must=True),
        setsu=table.text("setsu", must=True),
        pay_within_days=table.integer("pay_within_days", 30, least=1, most=365),
        letter_lines=table.texts("letter_lines"),
        account=tuple((part, account.text(part, must=True)) for part in ACCOUNT),
        decision_rank=decision.text("rank", must=True),
        decision_limit=decision.integer("limit_yen", 0, least=1),
    )
    return found, tuple(_table_faults(table))


def _table_faults(table: Table) -> list[Fault]:
    return table.source.faults


def faults_of(package: Any) -> Iterator[Fault]:
    """For `package check`: what is wrong in subsidy.toml, and every answer it names that the form does not ask."""
    if not is_subsidy(package):
        return
    try:
        found, faults = _read(package.files[FILE])
    except PackageFaults as error:
        yield from error.faults
        return
    yield from faults
    for name in (found.amount, *found.letter_lines, *(field for _, field in found.account)):
        if name and name not in package.form.fields:
            yield Fault(FILE, 1, f"「{name}」という項目はフォームにありません。")
