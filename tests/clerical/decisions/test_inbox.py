"""The inbox page by page is the inbox: urgent first, then the longest wait, nothing twice and nothing lost."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest

from madoguchi.clerical.decisions import queries
from madoguchi.clerical.decisions.states import ApprovalMode, PaperReason
from madoguchi.clerical.decisions.terms import Terms
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.trace import Subject
from tests.factories_decisions import submit


@pytest.fixture
def people(staff_with: Any) -> tuple[Any, Any]:
    return staff_with(Role.REVIEWER, login="clerk"), staff_with(Role.SECTION_HEAD, login="head")


@pytest.mark.parametrize("paper_share", [0.1, 0.9])
def test_pages_make_up_the_whole(people: tuple[Any, Any], now: datetime, paper_share: float) -> None:
    """Also where most of the first steps are on paper."""
    clerk, head = people
    lot = Random(7)
    for serial in range(40):
        paper = lot.random() < paper_share
        terms = Terms(
            kind="K12",
            urgent=lot.random() < 0.2,
            mode=ApprovalMode.PAPER if paper else ApprovalMode.ELECTRONIC,
            paper_reason=PaperReason.HABIT if paper else None,
        )
        moment = now + timedelta(minutes=lot.randint(0, 500))
        submit(by=clerk, approver=head, at=moment, subject=Subject("test.matter", str(serial)), terms=terms)
    whole = queries.inbox(head)
    assert [row.urgent for row in whole] == sorted((row.urgent for row in whole), reverse=True)
    for size in (1, 3, 7, 50):
        pages = [queries.inbox(head, most=size, after=after) for after in range(0, len(whole) + size, size)]
        assert [row.id for page in pages for row in page] == [row.id for row in whole]
    assert queries.how_many_wait(head) == len(whole)
    assert [row.id for row in queries.inbox(head, kind="K12", most=50)] == [row.id for row in whole][:50]
