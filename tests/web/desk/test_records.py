"""簿冊 through the pages: filed, completed, held, copied, listed, decided, disposed of."""

import hashlib
import io
import zipfile
from datetime import date, datetime
from typing import Any

import pytest
from django.urls import reverse

from madoguchi.clerical.decisions.models import Draft
from madoguchi.clerical.records import actions
from madoguchi.clerical.records.models import CaseFile, DisposalList, FileCopy, FileEnd, LegalHold
from madoguchi.clerical.records.states import FileState, ListState
from madoguchi.common.era import format_both
from madoguchi.ledgers.office import clock
from madoguchi.ledgers.office.roles import Role
from tests.factories_records import approve, closed_file, in_office, settled

pytestmark = pytest.mark.django_db


@pytest.fixture
def later(now: datetime) -> datetime:
    return datetime(2032, 4, 1, 9, 0, tzinfo=now.tzinfo)


@pytest.fixture
def desks(desk_of: Any, now: datetime, later: datetime) -> tuple[Any, Any]:
    """The reviewer and the head of section."""
    reviewer, head = desk_of(Role.REVIEWER), desk_of(Role.SECTION_HEAD)
    spring = now.replace(year=2027, month=4, day=1)
    in_office(reviewer.staff, Role.REVIEWER, spring, later)
    in_office(head.staff, Role.SECTION_HEAD, spring, later)
    return reviewer, head


@pytest.fixture
def years_later(later: datetime, settings: Any) -> Any:
    def go(*browsers: Any) -> None:
        settings.MADOGUCHI_CLOCK = later.date().isoformat()
        clock._shift.cache_clear()
        for browser in browsers:
            browser.force_login(browser.staff)

    return go


def text(answer: Any) -> str:
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())


def test_from_a_settled_draft_to_a_closed_file(desks: Any, now: datetime) -> None:
    reviewer, head = desks
    one, other = (
        settled(reviewer.staff, head.staff, now),
        settled(reviewer.staff, head.staff, now, class_code=""),
    )
    assert "綴じていない起案（2件）" in text(reviewer.get("/desk/records/"))
    shown = text(reviewer.get("/desk/records/unfiled/"))
    assert "B-05-01 補助金の交付(市の補助)" in shown
    answer = text(reviewer.post("/desk/records/unfiled/", {"draft": [one, other]}, follow=True))
    assert "1件を綴じました。" in answer
    assert "分類記号が空です。" in answer
    asked = {
        "one": other,
        "class_code": "B-05-01",
        "completed_on": "2026-11-21",
        "retention": "10年",
        "title": "",
    }
    filed = text(reviewer.post("/desk/records/unfiled/", asked, follow=True))
    assert "簿冊に綴じました。" in filed
    file = CaseFile.objects.get()
    act = reverse("desk:case-file-act", args=[file.pk])
    out = {"verb": "take-out", "draft": one, "reason": "分類の誤り", "back": f"/desk/records/{file.pk}/"}
    assert "簿冊から外しました" in text(reviewer.post(act, out, follow=True))
    done = text(reviewer.post(act, {"verb": "close", "edition": 1}, follow=True))
    assert format_both(date(2037, 3, 31)) in done
    again = text(reviewer.post(act, {"verb": "reopen", "edition": 2, "reason": "綴じ漏れ"}, follow=True))
    assert "開き直しました" in again


def test_every_number_leads_to_its_files(desks: Any, now: datetime) -> None:
    reviewer, head = desks
    closed_file(reviewer.staff, head.staff, now)
    page = text(reviewer.get("/desk/records/?year=2026&class=B-05-01&q=補助"))
    assert "?year=2026&amp;class=B-05-01&amp;q=%E8%A3%9C%E5%8A%A9&amp;view=closed" in page
    for view, count in (
        ("", 1),
        ("open", 0),
        ("closed", 1),
        ("soon", 0),
        ("held", 0),
        ("ended", 0),
        ("x", 0),
    ):
        shown = text(reviewer.get(f"/desk/records/?view={view}&year=2026"))
        assert ("補助金の交付(市の補助)</a>" in shown) is bool(count), view


def test_a_hold_is_set_and_released(desks: Any, now: datetime) -> None:
    reviewer, head = desks
    file = closed_file(reviewer.staff, head.staff, now)
    act = reverse("desk:case-file-act", args=[file.pk])
    asked = {"verb": "hold", "ground": "lawsuit", "reason": "令和8年(行ウ)第1号", "until": "R14.12.31"}
    assert "この簿冊の廃棄を止めました。" in text(reviewer.post(act, asked, follow=True))
    assert "廃棄停止</span>" in text(reviewer.get("/desk/records/?view=held"))
    held = {"verb": "release", "hold": LegalHold.objects.get().pk}
    assert "解きました" in text(reviewer.post(act, held, follow=True))
    longer = {"verb": "hold", "ground": "extension", "reason": "業務に要る", "until": "R14.12.31"}
    shown = text(reviewer.post(act, longer, follow=True))
    assert "課長と総務課長（就いている人が登録されていません）の確認を待っています" in shown
    assert 'value="sign"' not in shown, "whoever asked does not decide"
    page = reverse("desk:case-file", args=[file.pk])
    assert 'value="sign"' in text(head.get(page))
    sign = {"verb": "sign", "hold": LegalHold.objects.latest("pk").pk}
    shown = text(head.post(act, sign, follow=True))
    assert f"{head.staff.name}（課長）が決めました" in shown
    assert "総務課長（就いている人が登録されていません）の確認を待っています" in shown


def test_a_copy_is_ordered_made_and_fetched_by_whoever_ordered_it(desks: Any, now: datetime) -> None:
    reviewer, head = desks
    file = closed_file(reviewer.staff, head.staff, now)
    page = reverse("desk:case-file", args=[file.pk])
    asked = {"verb": "copy", "purpose": "監査の資料", "job": "6a0f6a55-0d5c-4c5e-9f0e-0d0f5d3b8a11"}
    for _ in range(2):
        assert "写しを作り始めました" in text(reviewer.post(f"{page}act/", asked, follow=True))
    copy = FileCopy.objects.get()
    actions.make_copy(copy_id=copy.pk, at=now)
    copy.refresh_from_db()
    assert copy.manifest_sha256 in text(reviewer.get(page))
    answer = reviewer.get(reverse("desk:case-file-copy", args=[copy.pk]))
    body = b"".join(answer.streaming_content)
    with zipfile.ZipFile(io.BytesIO(body)) as found:
        assert hashlib.sha256(found.read("manifest.txt")).hexdigest() == copy.manifest_sha256
    assert head.get(reverse("desk:case-file-copy", args=[copy.pk])).status_code == 404
    assert "受け取れるのは、頼んだ人だけ" in text(head.get(page))


def test_an_auditor_reads_and_copies_and_changes_nothing(desks: Any, desk_of: Any, now: datetime) -> None:
    reviewer, head = desks
    file = closed_file(reviewer.staff, head.staff, now)
    auditor = desk_of(Role.AUDITOR)
    page = reverse("desk:case-file", args=[file.pk])
    shown = text(auditor.get(page))
    assert "写しを作る" in shown
    assert "開き直す" not in shown
    for verb in ("close", "reopen", "hold", "appraise"):
        told = {"verb": verb, "reason": "x", "edition": 2, "ground": "audit", "appraisal": "dispose"}
        assert auditor.post(f"{page}act/", told).status_code == 403
    asked = {"verb": "copy", "purpose": "監査"}
    assert "写しを作り始めました" in text(auditor.post(f"{page}act/", asked, follow=True))
    assert auditor.get("/desk/records/unfiled/").status_code == 403


def test_from_the_end_of_the_years_to_the_record(desks: Any, now: datetime, years_later: Any) -> None:
    reviewer, head = desks
    file = closed_file(reviewer.staff, head.staff, now)
    years_later(reviewer, head)
    assert "載せられます" in text(reviewer.get("/desk/records/end/"))
    asked = {"kind": "disposal", "file": [file.pk]}
    assert "目録を作りました" in text(reviewer.post("/desk/records/end/new/", asked, follow=True))
    row = DisposalList.objects.get()
    page = reverse("desk:disposal-list", args=[row.pk])
    sent = text(reviewer.post(f"{page}act/", {"verb": "submit", "approver": head.staff.login}, follow=True))
    assert "決裁待ち" in sent
    row.refresh_from_db()
    assert "補助金の交付(市の補助)" in text(head.get(f"/desk/decisions/{row.draft_id}/"))
    approve(row.draft_id, head.staff, clock.now())
    actions.dispose_chunk(list_id=row.pk, at=clock.now())
    row.refresh_from_db()
    assert row.state == ListState.DONE
    assert CaseFile.objects.get().state == FileState.DISPOSED
    number = Draft.objects.get(pk=row.draft_id).number
    assert number in text(reviewer.get("/desk/records/end/book/"))
    assert FileEnd.objects.get().approval == number
    gone = text(reviewer.get(reverse("desk:case-file", args=[file.pk])))
    assert "廃棄済み" in gone
    assert "写しを作る" not in gone


def test_what_is_not_there_is_not_found(desks: Any) -> None:
    reviewer, _ = desks
    assert reviewer.get("/desk/records/999999/").status_code == 404
    assert reviewer.post("/desk/records/999999/act/", {"verb": "close"}).status_code == 404
    assert reviewer.post("/desk/records/end/new/", {"kind": "burn"}).status_code == 404
    refused = reviewer.post(
        "/desk/records/end/new/", {"kind": "disposal", "back": "/desk/records/end/"}, follow=True
    )
    assert "目録に載せられる簿冊が選ばれていません。" in text(refused)
