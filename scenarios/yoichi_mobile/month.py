"""The days, the people and the matters of the month."""

import uuid
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from demo.accounts import PASSWORD
from demo.town import found_the_town
from madoguchi.clerical.decisions.actions import draft_freely
from madoguchi.clerical.decisions.states import ApprovalMode, PaperReason
from madoguchi.clerical.decisions.terms import Paper, Terms
from madoguchi.ledgers.office import actions as office
from madoguchi.ledgers.office import clock
from madoguchi.ledgers.office.appointing import appoint
from madoguchi.ledgers.office.queries import municipality_by_code, section_by_code, staff_by_login
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.session import enter_municipality
from madoguchi.ledgers.office.trace import SYSTEM
from scenarios.whole_period.plan import TOKYO, at

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff

FOUNDED = date(2026, 11, 2)
TRIP = (date(2026, 11, 10), date(2026, 11, 12))
AWAY, BACK, PAY_DAY = date(2026, 11, 17), date(2026, 11, 19), date(2026, 11, 25)
HEAD, DEPUTY, CLERK = "kacho", "hosa", "shinsa"
TRAVEL = Terms(kind="K12", sheets=2)
MIXED = Terms(
    kind="K02",
    amount=800_000,
    mode=ApprovalMode.MIXED,
    paper_reason=PaperReason.LARGE,
    papers=(Paper("配置図（A1判）", "課の図面棚 2段目", 3),),
    sheets=12,
)
MATTERS = (
    ("窓口案内の作成の委託について", MIXED),
    ("見本の補助金の交付決定について", Terms(kind="K06", amount=300_000, sheets=6)),
    ("事務用品の購入について", Terms(kind="K03", amount=120_000, sheets=4)),
    ("後援名義の使用の承認について", Terms(kind="K43", sheets=3)),
    ("負担金の支出について", Terms(kind="K10", amount=90_000, sheets=2)),
)


def found() -> None:
    """サンプル市 with a 課長補佐 beside the 課長."""
    found_the_town(residents=0, at=at(FOUNDED, 8), applications=0)
    enter_municipality(municipality_by_code("999999").pk)
    section = section_by_code("kodomo")
    if section is None:
        raise LookupError("kodomo")
    deputy = office.employ(
        login=DEPUTY, name="伊藤　例", name_kana="イトウ　レイ", section=section, password=PASSWORD
    )
    office.grant_role(staff=deputy, role=Role.SECTION_HEAD, on=FOUNDED, by=SYSTEM, at=at(FOUNDED, 9))
    appoint(staff=deputy, section=section, post="課長補佐", on=FOUNDED, by=None, at=at(FOUNDED, 9))


def staff(login: str) -> "Staff":
    """One of the people of the story."""
    found = staff_by_login(login)
    if found is None:
        raise LookupError(login)
    return found


def moment(day: date, minutes_ago: int = 0) -> datetime:
    """So long before what the pages take for now on a day of the story; never before that day."""
    now = clock.now() + (day - clock.today())
    return max(now - timedelta(minutes=minutes_ago), datetime.combine(day, time(), TOKYO))


def lay(title: str, terms: Terms, when: datetime) -> int:
    """A draft of the section's clerk, on the route that the table gives it."""
    return draft_freely(
        key=uuid.uuid4(),
        title=title,
        body="次のとおり行ってよろしいか伺います。\n内容は添付のとおりです。",
        terms=terms,
        by=staff(CLERK),
        at=when,
    )


def lay_matter(number: int, when: datetime) -> int:
    """One of the section's ordinary matters."""
    title, terms = MATTERS[number % len(MATTERS)]
    return lay(title, terms, when)
