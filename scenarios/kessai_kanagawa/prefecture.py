"""Sections, offices and people of the prefecture of the story, and its drafts: by the actions, or as rows."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from demo.accounts import PASSWORD
from demo.town import found_the_town
from madoguchi.clerical.decisions import access
from madoguchi.clerical.decisions.actions import approve, draft_freely, record_paper_decision
from madoguchi.clerical.decisions.states import ApprovalMode, PaperReason
from madoguchi.clerical.decisions.terms import Paper, Terms
from madoguchi.ledgers.office import actions as office
from madoguchi.ledgers.office.queries import municipality_by_code, section_by_code
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.session import enter_municipality
from madoguchi.ledgers.office.trace import SYSTEM
from scenarios.draft_rows import DraftRow, enter_rows
from scenarios.kessai_kanagawa.plan import Planned, Size, years
from scenarios.whole_period.plan import at

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Section, Staff

OFFICES = 10
HEAD = "kyokucho"
BODY = "次のとおり行ってよろしいか伺います。"


class Prefecture:
    """What the story needs again and again: section ids by number, the head, and a clerk for each acted section."""

    def __init__(self, size: Size) -> None:
        found_the_town(residents=0, at=at(date(min(years()), 4, 1), 8), applications=0)
        enter_municipality(municipality_by_code("999999").pk)
        for number in range(OFFICES):
            _name_every_year(f"jimusho-{number}", f"第{number + 1}地域事務所", f"事{number + 1}", "")
        self.sections = [_section(number) for number in range(size.sections)]
        self.head = _employ(HEAD, Role.SECTION_HEAD, self.sections[0])
        self.clerks = [
            _employ(f"tanto-{number}", Role.REVIEWER, self.sections[number])
            for number in range(size.acted_sections)
        ]

    def act(self, draft: Planned) -> None:
        """Drafted, read and decided by the actions, on paper or not."""
        clerk, drafted = self.clerks[draft.section], _moment(draft.drafted_on, 9, draft.key)
        draft_id = draft_freely(
            key=uuid.uuid4(),
            title=_title(draft),
            body=BODY,
            terms=_terms(draft),
            by=clerk,
            at=drafted,
            approver=self.head,
        )
        decided = _moment(draft.decided_on, 16, draft.key)
        if draft.mode == "paper":
            record_paper_decision(draft_id=draft_id, decided_on=draft.decided_on, by=clerk, at=decided)
            return
        seen = access.draft_for(self.head, draft_id, decided)
        approve(
            draft_id=draft_id, by=self.head, at=decided, seen_sha256=seen.content_sha256, edition=seen.edition
        )

    def enter(self, drafts: Iterable[Planned]) -> int:
        """The same as rows, past the actions; how many."""
        rows = (self._row(draft) for draft in drafts)
        return enter_rows(rows, drafter=self.clerks[0].pk, approver=self.head.pk)

    def _row(self, draft: Planned) -> DraftRow:
        return DraftRow(
            draft.key,
            self.sections[draft.section].pk,
            draft.year,
            _title(draft),
            draft.kind,
            draft.mode,
            draft.reason,
            draft.sheets,
            _moment(draft.drafted_on, 9, draft.key),
            _moment(draft.decided_on, 16, draft.key),
            draft.decided_on,
        )


def _section(number: int) -> "Section":
    return _name_every_year(
        f"ka-{number}", f"第{number + 1}課", f"県{number + 1}", f"jimusho-{number % OFFICES}"
    )


def _name_every_year(code: str, name: str, symbol: str, parent: str) -> "Section":
    for year in years():
        office.set_up_section(
            code=code, fiscal_year=year, name=name, symbol=symbol, phone="000-0000-0200", parent=parent
        )
    found = section_by_code(code)
    if found is None:
        raise LookupError(code)
    return found


def _employ(login: str, role: Role, section: "Section") -> "Staff":
    """In office through the six years; a role ends with each fiscal year and is given anew."""
    staff = office.employ(
        login=login, name=f"見本　{login}", name_kana="ミホン", section=section, password=PASSWORD
    )
    for year in years():
        first = date(year, 4, 1)
        office.grant_role(staff=staff, role=role, on=first, by=SYSTEM, at=at(first, 8))
    return staff


def _moment(day: date, hour: int, key: int) -> datetime:
    return at(day, hour, key % 60)


def _title(draft: Planned) -> str:
    return f"見本の案件 {draft.key} について"


def _terms(draft: Planned) -> Terms:
    return Terms(
        kind=draft.kind,
        mode=ApprovalMode(draft.mode),
        paper_reason=PaperReason(draft.reason) if draft.reason else None,
        papers=(Paper("紙の資料", "課の書棚"),) if draft.mode == "mixed" else (),
        sheets=draft.sheets,
    )
