"""The ledger as a desk: every procedure, columns, saved views, bulks asked about first, exports as jobs."""

import re
import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from madoguchi.ledgers.office.roles import Role
from madoguchi.services.applications import exporting, patience
from madoguchi.services.applications.models import Application, LedgerView, MadeFile
from madoguchi.services.applications.states import Channel, Stage
from madoguchi.services.applications.tasks import export, tidy_ledger, work_bulk
from tests.factories_applications import received, typed

ALL, ONE = "/desk/cases/", "/desk/mihon-club/"


def heads(page: str) -> list[str]:
    return [re.sub(r"<.*?>|[▼▲]", "", each).strip() for each in re.findall(r"<th scope.*?</th>", page)]


def job_of(answer: Any) -> uuid.UUID:
    return uuid.UUID(re.search(r"/desk/jobs/([0-9a-f-]{36})/", answer["Location"])[1])


def test_every_procedure_of_the_section_in_one_list(desk_of: Any, loaded: Any, now: datetime) -> None:
    number = received(loaded, now).number
    page = desk_of(Role.REVIEWER).get(ALL).content.decode()
    assert number in page
    assert "見本クラブ入所申請" in page
    assert "手続" in heads(page)


def test_a_list_of_a_hundred_stays_within_its_questions(desk_of: Any, loaded: Any, now: datetime) -> None:
    desk = desk_of(Role.REVIEWER)
    for number in range(120):
        received(loaded, now, number)
    for address in (f"{ONE}?view=all", f"{ALL}?view=all"):
        desk.get(address)
        with CaptureQueriesContext(connection) as asked:
            page = desk.get(address).content.decode()
        assert page.count('name="number"') == 100
        # One more is the test's own way back into the town.
        assert len([each for each in asked if "SAVEPOINT" not in each["sql"]]) <= 15 + 1


def test_pages_lead_on_and_back(desk_of: Any, loaded: Any, now: datetime) -> None:
    desk = desk_of(Role.REVIEWER)
    for number in range(105):
        received(loaded, now, number)
    page = desk.get(f"{ONE}?sort=number").content.decode()
    onward = re.search(r'rel="next" href="([^"]+)"', page)[1].replace("&amp;", "&")
    second = desk.get(f"{ONE}{onward}").content.decode()
    assert second.count('name="number"') == 5
    back = re.search(r'rel="prev" href="([^"]+)"', second)[1].replace("&amp;", "&")
    assert desk.get(f"{ONE}{back}").content.decode().count('name="number"') == 100


def test_what_was_found_stands_under_its_row(desk_of: Any, loaded: Any, now: datetime) -> None:
    desk = desk_of(Role.REVIEWER)
    received(loaded, now, raw=typed(1, address__town="サンプル市<b>髙橋"))
    page = desk.get(ALL, {"text": "高橋"}).content.decode()
    assert "<mark>髙橋</mark>" in page
    assert "<b>髙橋" not in page
    assert "2文字以上" in desk.get(ALL, {"text": "橋"}).content.decode()


def test_columns_are_chosen_ordered_and_remembered(desk_of: Any, loaded: Any, now: datetime) -> None:
    desk = desk_of(Role.REVIEWER)
    received(loaded, now, raw=typed(1, work_days="17"))
    form = {
        "show:a.work_days": "1",
        "place:a.work_days": "1",
        "show:stage": "1",
        "place:stage": "2",
        "density": "44",
    }
    desk.post(f"{ONE}settings/", form)
    page = desk.get(f"{ONE}?view=all").content.decode()
    assert heads(page)[1:] == ["受付番号", "月の就労日数", "状態"]
    assert "<td>17</td>" in page
    assert "desk-table--44" in page
    assert heads(desk.get(f"{ONE}?cols=stage,nonsense").content.decode())[1:] == ["受付番号", "状態"]


def test_a_view_is_saved_shared_opened_and_dropped(desk_of: Any, loaded: Any, now: datetime) -> None:
    desk, colleague = desk_of(Role.REVIEWER), desk_of(Role.REVIEWER, login="colleague")
    received(loaded, now, 1)
    paper = received(loaded, now, 2, channel=Channel.PAPER).number
    saved = desk.post(f"{ONE}save/", {"name": "紙だけ", "query": "channel=paper&after=x", "shared": "1"})
    page = desk.get(saved["Location"]).content.decode()
    assert paper in page
    assert re.search(r'紙だけ <span class="quiet">1</span>', page)
    assert "紙だけ" in colleague.get(ONE).content.decode()
    view = LedgerView.objects.get()
    assert view.query == "channel=paper"
    again = desk.post(f"{ONE}save/", {"name": "紙だけ", "query": "", "back": ONE}, follow=True)
    assert "「紙だけ」という一覧がもうあります。" in again.content.decode()
    assert colleague.post(f"/desk/ledger-views/{view.pk}/", {"verb": "drop"}).status_code == 404
    desk.post(f"{ONE}settings/", {"first_view": str(view.pk), "density": "34"})
    assert desk.get(ONE)["Location"] == f"{ONE}?channel=paper&saved={view.pk}"
    desk.post(f"/desk/ledger-views/{view.pk}/", {"name": "紙", "slug": "mihon-club"})
    assert "紙だけ" not in colleague.get(f"{ONE}?view=all").content.decode()
    desk.post(f"/desk/ledger-views/{view.pk}/", {"verb": "drop", "slug": "mihon-club"})
    assert not LedgerView.objects.exists()


def test_a_bulk_says_first_what_it_cannot_do(desk_of: Any, loaded: Any, now: datetime) -> None:
    desk = desk_of(Role.REVIEWER)
    numbers = [received(loaded, now, number, channel=Channel.PAPER).number for number in (1, 2)]
    marked = received(loaded, now, 3, facts={"out_of_city": True}).number
    form = {"verb": "accept", "number": [*numbers, marked], "back": ALL}
    page = desk.post(f"{ALL}bulk/", form).content.decode()
    assert "3件のうち 2件ができます" in page
    answer = desk.post(f"{ALL}bulk/", form | {"sure": "1"})
    work_bulk(desk.staff.municipality_id, str(job_of(answer)))
    told = desk.get(answer["Location"]).content.decode()
    assert f"{marked}</a>" in told
    assert "元に戻す" in told
    undone = desk.post(f"/desk/jobs/{job_of(answer)}/undo/", {"back": ALL})
    work_bulk(desk.staff.municipality_id, str(job_of(undone)))
    assert set(Application.objects.values_list("stage", flat=True)) == {Stage.RECEIVED}
    refused = desk.post(f"/desk/jobs/{job_of(answer)}/undo/", {"back": ALL}, follow=True).content.decode()
    assert "もう元に戻しています" in refused


def test_everything_that_matches_is_taken_on_the_server(desk_of: Any, loaded: Any, now: datetime) -> None:
    desk = desk_of(Role.REVIEWER)
    for number in range(3):
        received(loaded, now, number, channel=Channel.PAPER)
    received(loaded, now, 9)
    form = {"verb": "correct", "scope": "all", "query": "channel=paper", "back": ONE}
    assert "3件に補正を頼みますか" in desk.post(f"{ONE}bulk/", form).content.decode()
    words = {"sure": "1", "fields": ["work_days"], "message": "直してください。", "due_on": "2026-12-20"}
    missing = desk.post(f"{ONE}bulk/", form | words | {"message": ""}, follow=True).content.decode()
    assert "足りないところがあります" in missing
    work_bulk(desk.staff.municipality_id, str(job_of(desk.post(f"{ONE}bulk/", form | words))))
    assert Application.objects.filter(stage=Stage.CORRECTING).count() == 3


def test_a_print_is_for_its_maker_and_has_a_purpose(desk_of: Any, loaded: Any, now: datetime) -> None:
    desk, other = desk_of(Role.COUNTER_CLERK), desk_of(Role.REVIEWER)
    number = received(loaded, now).number
    form = {"verb": "print", "number": [number], "sure": "1", "back": ONE}
    assert "目的がありません" in desk.post(f"{ONE}bulk/", form, follow=True).content.decode()
    key = job_of(desk.post(f"{ONE}bulk/", form | {"purpose": "課内の確認"}))
    work_bulk(desk.staff.municipality_id, str(key))
    assert desk.get(f"/desk/files/{key}/").content.startswith(b"%PDF")
    assert other.get(f"/desk/files/{key}/").status_code == 404
    assert desk.post(f"{ONE}bulk/", {"verb": "accept", "number": [number], "sure": "1"}).status_code == 403


def test_a_large_export_is_a_job_and_its_file_expires(
    desk_of: Any, loaded: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("madoguchi.web.desk.views.export.AT_ONCE", 1)
    monkeypatch.setattr(exporting, "STEP", 2)
    desk = desk_of(Role.REVIEWER)
    for number in range(5):
        received(loaded, now, number)
    answer = desk.post(f"{ALL}export/", {"purpose": "統計・報告", "kind": "csv"})
    key = job_of(answer)
    filters = {"login": desk.staff.login, "columns": ["number"], "kind": "csv", "purpose": "統計・報告"}
    told = filters | {"filters": exporting.as_told(exporting.Filters())}
    for _ in range(2):
        export(desk.staff.municipality_id, str(key), told)
    body = desk.get(f"/desk/files/{key}/").content.decode("utf-8-sig")
    assert (body.splitlines()[0], len(body.splitlines())) == ("受付番号", 6)
    MadeFile.objects.update(expires_at=now - timedelta(days=1))
    assert desk.get(f"/desk/files/{key}/").status_code == 404
    tidy_ledger(0)
    assert not MadeFile.objects.exists()


def test_a_question_that_takes_too_long_is_given_up_with_advice(
    desk_of: Any, loaded: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slowly(*_: Any) -> Any:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(2)")

    monkeypatch.setattr(
        patience, "_allow", lambda _: connection.cursor().execute("SET LOCAL statement_timeout = '50ms'")
    )
    monkeypatch.setattr("madoguchi.services.applications.ledger.narrowed", slowly)
    answer = desk_of(Role.REVIEWER).get(f"{ALL}?view=all")
    assert answer.status_code == 409
    assert "探す言葉を長くして" in answer.content.decode()
