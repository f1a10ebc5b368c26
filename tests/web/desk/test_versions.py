"""Pages of versions: read, tried, published by two people; waiting cases; an example of a case."""

from datetime import datetime
from typing import Any

import pytest

from madoguchi.ledgers.office.queries import recent_trace
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.procedures.queries import live_package, version_view
from madoguchi.services.applications import actions
from madoguchi.services.applications.models import VersionMove
from madoguchi.services.applications.rebasing import waiting_ids
from tests.factories_applications import received
from tests.factories_versions import MUST, imported, next_package, published, renamed_package, tried

HERE = "/desk/procedures/mihon-club/2026-10/"


def text(answer: Any) -> str:
    return answer.content.decode()


def test_list__shows_every_version_and_its_state(desk_of: Any, loaded: Any, now: datetime) -> None:
    imported(renamed_package(), now)
    page = text(desk_of(Role.REVIEWER).get("/desk/procedures/"))
    assert "公開中" in page
    assert "下書き" in page


def test_reading_page__says_rules_letters_and_changes_in_words(
    desk_of: Any, loaded: Any, now: datetime
) -> None:
    imported(renamed_package(), now)
    page = text(desk_of(Role.REVIEWER).get(HERE))
    assert "『月の就労日数』が0より大きい" in page
    assert "版 2026-04 から変わったこと" in page
    assert "work_days から days_of_work に変わりました" in page
    assert "承認" in page


def test_publication__takes_two_people_a_trial_and_a_reading(
    desk_of: Any, loaded: Any, now: datetime
) -> None:
    received(loaded, now)
    version_id = imported(renamed_package(), now)
    editor = desk_of(Role.REVIEWER, Role.SECTION_HEAD, login="editor")
    head = desk_of(Role.SECTION_HEAD, login="head")
    editor.post(HERE + "act/", {"verb": "propose", "reason": "項目の名前を直した"})
    assert "まだ試していません" in text(head.get(HERE))
    run = tried(version_id, editor.staff, now)
    own = text(editor.get(HERE))
    assert "提案した人は、自分では公開できません" in own
    form = {
        "verb": "publish",
        "seen_sha256": renamed_package().sha256,
        "dry_run_sha256": run.sha256,
        "back": HERE,
    }
    assert "提案した人は" in text(editor.post(HERE + "act/", form, follow=True))
    assert live_package("mihon-club").version_id == loaded.version_id
    assert "公開しました" in text(head.post(HERE + "act/", form, follow=True))
    assert live_package("mihon-club").version_id == version_id
    verbs = [row.verb for row in recent_trace()]
    assert {"procedures.proposed", "procedures.published", "procedures.went_live"} <= set(verbs)


def test_trial__lists_the_cases_that_change(desk_of: Any, loaded: Any, now: datetime) -> None:
    number = received(loaded, now).number
    desk = desk_of(Role.REVIEWER)
    version_id = imported(next_package(form=MUST), now)
    tried(version_id, desk.staff, now)
    page = text(desk.get(HERE + "trial/"))
    assert f"/desk/cases/{number}/" in page
    assert "判断が要る" in page
    answer = desk.post(HERE + "trial/", {"purpose": "公開前"})
    assert number in text(answer)
    assert recent_trace()[0].purpose == "公開前"


def test_trial__needs_the_right_to_see_cases(desk_of: Any, loaded: Any, now: datetime) -> None:
    imported(renamed_package(), now)
    assert desk_of(Role.IT_ADMIN).get(HERE + "trial/").status_code == 403
    assert desk_of(Role.COUNTER_CLERK).get(HERE + "trial/").status_code == 403
    assert desk_of(Role.IT_ADMIN, login="again").get(HERE).status_code == 200


def test_waiting_case__is_decided_on_its_page(desk_of: Any, loaded: Any, now: datetime) -> None:
    number = received(loaded, now).number
    desk, head = desk_of(Role.REVIEWER), desk_of(Role.SECTION_HEAD)
    version_id = published(next_package(form=MUST), desk.staff, head.staff, now)
    ids = waiting_ids("mihon-club", version_id)
    actions.rebase_chunk(ids=ids, version_id=version_id, at=now)
    case = text(desk.get(f"/desk/cases/{number}/"))
    assert "版 2026-04 → 2026-10" in case
    assert "判断を待つ" in case
    assert number in text(desk.get("/desk/procedures/mihon-club/waiting/"))
    form = {"verb": "ask", "edition": "1", "fields": ["phone"], "back": f"/desk/cases/{number}/"}
    page = text(desk.post(f"/desk/cases/{number}/version/", form, follow=True))
    assert "補正を頼みました" in page
    assert VersionMove.objects.get().state == "asked"


def test_case_example__shows_nobody_and_is_kept(desk_of: Any, loaded: Any, now: datetime) -> None:
    number = received(loaded, now).number
    desk = desk_of(Role.REVIEWER)
    page = text(desk.get(f"/desk/cases/{number}/example/"))
    for word in ("見本", "そら1", "花子", "サンプル市中央"):
        assert word not in page.partition("この申請を例にする")[2].partition("</main>")[0]
    form = {"title": "就労20日", "back": f"/desk/cases/{number}/example/"}
    kept = text(desk.post(f"/desk/cases/{number}/example/", form, follow=True))
    assert "就労20日" in kept
    assert "例に加えました" in kept


def test_letter__is_set_as_pdf_with_an_examples_facts(desk_of: Any, loaded: Any) -> None:
    answer = desk_of(Role.REVIEWER).get("/desk/procedures/mihon-club/2026-04/letters/granted/")
    assert answer.content.startswith(b"%PDF")
    missing = desk_of(Role.REVIEWER, login="b").get("/desk/procedures/mihon-club/2026-04/letters/none/")
    assert missing.status_code == 404


@pytest.mark.parametrize(
    "address", ["procedures/none/2026-04/", "procedures/mihon-club/1999-01/", "procedures/none/waiting/"]
)
def test_missing_versions_are_not_found(address: str, desk_of: Any) -> None:
    assert desk_of(Role.REVIEWER).get(f"/desk/{address}").status_code == 404


def test_send_back__makes_it_a_draft_again(desk_of: Any, loaded: Any, now: datetime) -> None:
    imported(renamed_package(), now)
    desk, head = desk_of(Role.REVIEWER), desk_of(Role.SECTION_HEAD)
    desk.post(HERE + "act/", {"verb": "propose", "reason": "直した"})
    head.post(HERE + "act/", {"verb": "send_back", "comment": "説明が足りません"})
    assert version_view("mihon-club", "2026-10").state == "draft"
