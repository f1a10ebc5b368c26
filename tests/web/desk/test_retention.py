"""保存期間 through the pages: counts, list, 決裁, worked off, the book; and a hold on one case."""

from datetime import datetime
from typing import Any

import pytest

from madoguchi.ledgers.office import clock
from madoguchi.ledgers.office.actions import grant_role
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.trace import SYSTEM
from madoguchi.services.applications.actions import dispose_chunk
from madoguchi.services.applications.models import Application, RetentionRun
from tests.factories_retention import closed_case

pytestmark = pytest.mark.django_db
GROUP = "/desk/retention/of/mihon-club/finished/"


@pytest.fixture
def later(now: datetime, settings: Any) -> datetime:
    return datetime(2032, 4, 1, 9, 0, tzinfo=now.tzinfo)


@pytest.fixture
def desks(desk_of: Any, loaded: Any, now: datetime, later: datetime, settings: Any) -> tuple[Any, Any]:
    """The reviewer and the head of section, years later."""
    reviewer, head = desk_of(Role.REVIEWER), desk_of(Role.SECTION_HEAD)
    closed_case(loaded, reviewer.staff, now)
    for browser, role in ((reviewer, Role.REVIEWER), (head, Role.SECTION_HEAD)):
        grant_role(staff=browser.staff, role=role, on=later.date(), by=SYSTEM, at=later)
    settings.MADOGUCHI_CLOCK = later.date().isoformat()
    clock._shift.cache_clear()
    reviewer.force_login(reviewer.staff)
    head.force_login(head.staff)
    return reviewer, head


def text(answer: Any) -> str:
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_from_the_count_to_the_book(desks: Any, later: datetime) -> None:
    reviewer, head = desks
    number = Application.objects.get().number
    assert GROUP in text(reviewer.get("/desk/retention/"))
    assert number in text(reviewer.get(GROUP))
    listed = reviewer.post(GROUP, follow=True)
    assert "一覧ができました" in text(listed)
    run = RetentionRun.objects.get()
    asked = {"verb": "submit", "approver": head.staff.login}
    assert "決裁待ち" in text(reviewer.post(f"/desk/retention/lists/{run.id}/act/", asked, follow=True))
    run.refresh_from_db()
    assert number in text(head.get(f"/desk/retention/lists/{run.id}/"))
    shown = head.get(f"/desk/decisions/{run.draft_id}/")
    decided = {
        "verb": "approve",
        "seen_sha256": shown.context["draft"].content_sha256,
        "edition": shown.context["draft"].edition,
    }
    head.post(f"/desk/decisions/{run.draft_id}/decide/", decided)
    dispose_chunk(run_id=run.id, at=later)
    assert "終わりました" in text(reviewer.get(f"/desk/retention/lists/{run.id}/"))
    assert number in text(reviewer.get("/desk/retention/book/"))
    file = reviewer.post("/desk/retention/book/", {"purpose": "文書主管課へ"})
    assert file["Content-Type"].startswith("text/csv")
    assert number in file.content.decode("utf-8-sig")
    assert reviewer.get(f"/desk/cases/{number}/").status_code == 404


def test_a_case_is_held_and_let_go(desks: Any) -> None:
    reviewer, _ = desks
    number = Application.objects.get().number
    page = f"/desk/cases/{number}/retention/"
    held = {"ground": "litigation", "reason": "訴訟のため", "until": ""}
    assert "訴訟・審査請求" in text(reviewer.post(page, held, follow=True))
    assert "廃棄を止めています" in text(reviewer.get(GROUP))
    assert "いま処理できる申請はありません" in text(reviewer.post(GROUP, {"back": GROUP}, follow=True))
    hold = reviewer.get(page).context["holds"].get()
    reviewer.post(page, {"release": str(hold.pk)})
    assert "できます" in text(reviewer.get(GROUP))


def test_a_case_opened_again_by_nobody_needs_a_reason(desks: Any) -> None:
    reviewer, _ = desks
    page = f"/desk/cases/{Application.objects.get().number}/retention/"
    reviewer.post(page, {"ground": "audit", "reason": "　", "until": "", "back": page})
    assert not reviewer.get(page).context["holds"].exists()


def test_without_the_power_the_pages_are_closed(desks: Any) -> None:
    _, head = desks
    for path in ("/desk/retention/", GROUP, "/desk/retention/book/"):
        assert head.get(path).status_code == 403
