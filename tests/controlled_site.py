"""Run as a process of a site: a procedure for staff only with the reference controls, and cases that went wrong."""

import json
import sys
from datetime import datetime, timedelta
from typing import Any

import django

CASES = 40


def facts_of(number: int) -> dict[str, Any]:
    """Every fifth case breaks something, each in its own way."""
    wrong: list[dict[str, Any]] = [
        {"seikyu_money": 4000},
        {"arrears_months": 2},
        {"creditor_registered": None},
        {"approver": "職員01"},
        {"duplicate_receipt": True, "seikyu_money": 3500},
    ]
    return {"days_from_claim": number % 30} | (wrong[number // 5 % len(wrong)] if number % 5 == 0 else {})


def fill(at: datetime) -> dict[str, int]:
    from madoguchi.clerical.controls import actions, overseeing
    from madoguchi.ledgers.office.queries import staff_by_login
    from madoguchi.ledgers.office.trace import SYSTEM, Subject
    from madoguchi.ledgers.procedures.publishing import install
    from tests.factories_controls import reference_files, scope_with
    from tests.factories_procedures import PROCEDURE

    text = PROCEDURE.replace("見本の手続", "猫の手術費補助金").replace('"SA"', '"SA"\naudience = "staff"')
    version, head, auditor = (
        install(reference_files(procedure=text), by=None, at=at),
        staff_by_login("kacho"),
        None,
    )
    for number in range(1, CASES + 1):
        found = actions.check(
            subject=Subject("test.matter", str(number)), section_id=version.section_id, version_id=version.version_id,
            controls=version.package.controls, steps=None, scope=scope_with(**facts_of(number)), sources={},
            by=SYSTEM, at=at - timedelta(hours=number), label=f"SA{number:07}",
        )  # fmt: skip
        for each in found:
            if each.key == "ic06" and head is not None:
                actions.override(finding_id=each.id, by=head, reason="分納誓約を履行中のため", at=at)
    auditor = staff_by_login("kansa")
    assert auditor is not None
    return {"findings": overseeing.findings_matching(auditor, overseeing.FindingFilters(), at).count()}


if __name__ == "__main__":
    django.setup()
    from madoguchi.ledgers.office import queries
    from madoguchi.ledgers.office.clock import now
    from madoguchi.ledgers.office.session import enter_municipality

    enter_municipality(queries.municipality_by_code("999999").pk)
    sys.stdout.write(json.dumps(fill(now())))
