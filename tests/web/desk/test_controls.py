"""The pages of 内部統制: every number right, every file proven, and nothing an auditor or accountant does changes a case."""

import hashlib
import io
import re
import uuid
import zipfile
from collections.abc import Callable
from datetime import datetime
from html import unescape
from typing import Any

import pytest
from django.db import connection

from madoguchi.clerical.controls import actions
from madoguchi.clerical.controls.models import ControlSample, ControlSubscription, SampledCase
from madoguchi.clerical.controls.states import SampleKind
from madoguchi.ledgers.office import actions as office
from madoguchi.ledgers.office.models import ProtectedSubject, Trace
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.session import full_sight
from madoguchi.ledgers.office.trace import SYSTEM, Subject
from madoguchi.ledgers.procedures.controls import ControlStep
from madoguchi.ledgers.procedures.publishing import install
from tests.factories_applications import received
from tests.factories_controls import reference_files, scope_with
from tests.web.doors import patterns

CASE = "applications.application"
LINK = re.compile(r'<a href="([^"]+)" data-count="(\d+)"')
STEPS = (ControlStep.APPLICATION, ControlStep.REVIEW)
OVERSEERS = [Role.AUDITOR, Role.ACCOUNTANT]


@pytest.fixture
def controlled(loaded: Any, section: Any, now: datetime) -> Any:
    return install(reference_files(), by=None, at=now)


@pytest.fixture
def check(controlled: Any, section: Any, now: datetime) -> Callable[..., list[Any]]:
    def run(key: str, **facts: Any) -> list[Any]:
        return actions.check(
            subject=Subject(CASE, key),
            section_id=section.pk,
            version_id=controlled.version_id,
            controls=controlled.package.controls,
            steps=STEPS,
            scope=scope_with(**facts),
            sources={},
            by=SYSTEM,
            at=now,
            label=f"SA{key}",
        )

    return run


@pytest.fixture
def some(check: Any, staff_with: Any, now: datetime) -> None:
    """Open, approved, not run and cleared ones."""
    head = staff_with(Role.SECTION_HEAD, login="kacho-example")
    check("1", seikyu_money=4000)
    (found,) = [each for each in check("2", arrears_months=2) if each.key == "ic06"]
    actions.override(finding_id=found.id, by=head, reason="分納中", at=now)
    check("3", creditor_registered=None)
    check("4", resident=False)
    check("4")


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.mark.parametrize("role", [*OVERSEERS, Role.SECTION_HEAD])
def test_every_number_leads_to_just_so_many(some: None, desk_of: Any, role: Role) -> None:
    desk = desk_of(role)
    links = LINK.findall(text_of(desk.get("/desk/controls/")))
    assert len(links) == 6 * 35
    for href, number in links:
        if number != "0" or "ic01" in href:
            shown = desk.get(unescape(href)).context["page"].paginator.count
            assert shown == int(number), href


def test_the_catalogue_says_the_rules_in_words(some: None, desk_of: Any) -> None:
    page = text_of(desk_of(Role.ACCOUNTANT).get("/desk/controls/"))
    assert "『sexの欄』が「オス」、かつ『seikyu_moneyの欄』が3000より大きい" in page
    assert "分納誓約を履行中は可。理由を記録" in page


def test_an_exception_shows_facts_sources_and_approval(some: None, desk_of: Any) -> None:
    desk = desk_of(Role.AUDITOR)
    (row,) = desk.get("/desk/controls/findings/?state=overridden").context["rows"]
    page = text_of(desk.get(f"/desk/controls/findings/{row.id}/"))
    for said in ("滞納の月数", "市の記録", "課長", "分納中", "arrears_planの記録"):
        assert said in page
    assert desk.get("/desk/controls/findings/999999/").status_code == 404


def test_filters_narrow_and_nonsense_filters_nothing(some: None, desk_of: Any) -> None:
    desk = desk_of(Role.AUDITOR)

    def count(query: str) -> int:
        return int(desk.get(f"/desk/controls/findings/?{query}").context["page"].paginator.count)

    assert count("key=ic01") == 1
    assert count("step=review&result=not_run") == 8
    assert count("from=R8.11.22") == 0
    assert count("until=2026-11-21&state=open&key=ic01") == 1
    assert count("state=nothing&step=x&from=y&page=99") == count("")


def test_evidence_as_csv_and_zip(some: None, desk_of: Any) -> None:
    desk = desk_of(Role.ACCOUNTANT)
    asked = {"purpose": "決算審査", "key": "ic01"}
    answer = desk.post("/desk/controls/findings/evidence/", asked)
    assert answer.content.decode("utf-8-sig").count("オス3,000円以内に反しています") == 1
    answer = desk.post("/desk/controls/findings/evidence/", {**asked, "kind": "zip"})
    with zipfile.ZipFile(io.BytesIO(answer.content)) as file:
        told = dict(reversed(line.split("  ")) for line in file.read("manifest.sha256").decode().splitlines())
        assert set(told) == {"findings.csv", "findings.json", "checklists.json", "about.json"}
        assert all(hashlib.sha256(file.read(name)).hexdigest() == sum_ for name, sum_ in told.items())
    line = Trace.objects.filter(verb="controls.evidence_exported").latest("seq")
    assert (line.purpose, line.note["conditions"]) == ("決算審査", {"key": "ic01"})
    refused = desk.post(
        "/desk/controls/findings/evidence/", {"back": "/desk/controls/findings/"}, follow=True
    )
    assert "書き出す目的が書かれていません" in text_of(refused)


def test_subscriptions_are_begun_and_ended(controlled: Any, desk_of: Any) -> None:
    desk = desk_of(Role.ACCOUNTANT)
    for what in ("", "sample", "sample/ic01"):
        desk.post("/desk/controls/subscriptions/", {"what": what})
    assert ControlSubscription.objects.count() == 3
    page = text_of(desk.get("/desk/controls/subscriptions/"))
    assert "見本の手続：請求額がオス3,000円以内" in page
    assert desk.post("/desk/controls/subscriptions/", {"what": "sample/none"}).status_code == 404
    first = ControlSubscription.objects.first()
    assert first is not None
    desk.post(f"/desk/controls/subscriptions/{first.pk}/end/")
    assert ControlSubscription.objects.count() == 2


DRAW = {"kind": "random", "since": "R8.11.1", "until": "R8.11.30", "size": "3", "seed": "4 2 6"}


def test_a_sample_is_drawn_judged_and_proven(some: None, desk_of: Any) -> None:
    desk = desk_of(Role.AUDITOR)
    job = str(uuid.uuid4())
    address = desk.post("/desk/controls/samples/", {**DRAW, "job": job})["Location"]
    assert desk.post("/desk/controls/samples/", {**DRAW, "job": job})["Location"] == address
    assert "種と名簿から同じ件になりました" in text_of(desk.get(address))
    first = SampledCase.objects.get(place=1)
    answer = desk.post(
        f"{address}judge/", {"item": first.pk, "result": "failed", "back": address}, follow=True
    )
    assert "問題の内容が書かれていません" in text_of(answer)
    answer = desk.post(
        f"{address}judge/", {"item": first.pk, "result": "failed", "note": "日付が違う"}, follow=True
    )
    assert "日付が違う" in text_of(answer)
    with zipfile.ZipFile(io.BytesIO(desk.post(f"{address}evidence/", {"purpose": "月次"}).content)) as file:
        assert "日付が違う" in file.read("sample.csv").decode("utf-8-sig")
    assert "抽出" in text_of(desk.get("/desk/controls/samples/"))


def test_a_risk_sample_shows_weights(some: None, desk_of: Any) -> None:
    desk = desk_of(Role.ACCOUNTANT)
    asked = {**DRAW, "kind": "risk", "override_used": "9", "high_amount_from": "4000"}
    page = text_of(desk.get(desk.post("/desk/controls/samples/", asked)["Location"]))
    assert "例外を使用 9" in page
    assert "4,000円以上" in page


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"size": "十"}, "「件数」の「十」を読めません"),
        ({"since": "x"}, "「対象の始まり」の「x」を日付として読めません"),
        ({"since": "R9.1.1", "until": "R9.1.2"}, "この条件に合う件がありません"),
        ({"high_amount": "101"}, "0から100までの数"),
    ],
)
def test_a_form_that_cannot_be_read_is_told(
    some: None, desk_of: Any, changed: dict[str, str], said: str
) -> None:
    desk = desk_of(Role.AUDITOR)
    asked = DRAW | changed | {"back": "/desk/controls/samples/"}
    assert said in text_of(desk.post("/desk/controls/samples/", asked, follow=True))
    assert not ControlSample.objects.exists()


@pytest.mark.parametrize("role", OVERSEERS)
def test_no_post_of_these_pages_changes_a_case(
    some: None, check: Any, desk_of: Any, loaded: Any, now: datetime, role: Role
) -> None:
    """Every POST in the URL table of the controls is made, with good data, on an application that is really there."""
    case = received(loaded, now)
    check(str(case.application_id), seikyu_money=4000)
    desk = desk_of(role)
    sample_id = actions.draw_sample(
        sample_id=uuid.uuid4(),
        kind=SampleKind.RANDOM,
        since=now.date(),
        until=now.date(),
        by=desk.staff,
        at=now,
    )
    subscription = actions.subscribe(procedure="sample", key="", by=desk.staff, at=now)
    item = SampledCase.objects.filter(sample_id=sample_id, subject_id=str(case.application_id)).get()
    names = {"finding_id": "1", "sample_id": str(sample_id), "subscription_id": str(subscription)}
    good = {**DRAW, "what": "sample", "purpose": "監査", "item": item.pk, "result": "failed", "note": "違う"}
    before, done = rows_of_cases(), {}
    for name, address in addresses(names):
        done[name] = desk.post(address, good | ({"kind": "zip"} if "evidence" in name else {})).status_code
    assert rows_of_cases() == before
    assert {name for name, status in done.items() if status in (200, 302)} == POSTS
    assert all(done[name] == 405 for name in done.keys() - POSTS)


POSTS = {
    "desk:control-evidence", "desk:control-subscriptions", "desk:control-unsubscribe", "desk:control-samples",
    "desk:control-judge", "desk:control-sample-evidence",
}  # fmt: skip


def addresses(names: dict[str, str]) -> list[tuple[str, str]]:
    """Every address of the controls with these ids in it."""
    found = [(name, route) for name, route, _ in patterns() if name.startswith("desk:control")]
    return [(name, "/" + re.sub(r"<\w+:(\w+)>", lambda part: names[part[1]], route)) for name, route in found]


def rows_of_cases() -> dict[str, Any]:
    """A fingerprint of every table of a municipality but those of the controls, the trace and sittings."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.columns WHERE column_name = 'municipality_id'"
            " AND table_schema = 'public' AND table_name NOT LIKE 'controls%%'"
            " AND table_name NOT IN ('office_trace', 'office_tracehead', 'office_ratewindow')"
        )
        tables = sorted(row[0] for row in cursor.fetchall())
        told = {}
        for table in tables:
            cursor.execute(
                f"SELECT count(*), md5(string_agg(md5(t::text), '' ORDER BY t::text)) FROM \"{table}\" t"
            )
            told[table] = cursor.fetchone()
    assert "applications_application" in told
    return told


def test_a_head_sees_only_procedures_of_the_section(controlled: Any, desk_of: Any, now: datetime) -> None:
    desk = desk_of(Role.SECTION_HEAD)
    desk.staff.section = office.set_up_section(
        code="zeimu", fiscal_year=2026, name="税務課", symbol="サ税", phone="000-0000-0199"
    )
    desk.staff.save()
    assert "統制点を定めた手続はありません" in text_of(desk.get("/desk/controls/"))


def test_hidden_people_are_on_no_page(some: None, check: Any, desk_of: Any, staff_with: Any) -> None:
    with full_sight():
        ProtectedSubject.objects.create(kind=CASE, subject_id="1", unit=1)
    desk = desk_of(Role.AUDITOR)
    rows = desk.get("/desk/controls/findings/?key=ic01").context["page"].paginator.count
    links = {
        unescape(href): int(number) for href, number in LINK.findall(text_of(desk.get("/desk/controls/")))
    }
    told = [number for href, number in links.items() if "key=ic01&" in href and "state=open" in href]
    assert (rows, max(told)) == (0, 0)
    assert "SA1" not in text_of(desk.get("/desk/controls/runs/"))


def test_accounting_sees_the_trace_of_payments_and_controls_only(
    some: None, desk_of: Any, now: datetime
) -> None:
    about = Subject("payments.payment", "1")
    office.leave_trace(SYSTEM, "payments.paid", about, at=now)
    office.leave_trace(SYSTEM, "registry.searched", Subject("registry.search", ""), at=now)
    desk = desk_of(Role.ACCOUNTANT)
    seen = {row.verb.split(".")[0] for row in desk.get("/desk/trace/").context["page"]}
    assert seen == {"payments", "controls"}
    assert desk.get("/desk/trace/?verb=registry.searched").context["page"].paginator.count == 0
    assert desk.get("/desk/trace/?verify=1").context["report"] is None


def test_the_catalogue_asks_as_much_for_many_as_for_few(
    check: Any, desk_of: Any, django_assert_max_num_queries: Any
) -> None:
    desk = desk_of(Role.AUDITOR)
    for number in range(12):
        check(str(number), seikyu_money=4000)
    with django_assert_max_num_queries(16):
        desk.get("/desk/controls/")
    with django_assert_max_num_queries(16):
        desk.get("/desk/controls/findings/")


def test_a_section_head_reads_the_controls_of_a_version(controlled: Any, desk_of: Any) -> None:
    page = text_of(desk_of(Role.SECTION_HEAD).get("/desk/procedures/sample/2026-04/"))
    assert "統制点 35件" in page
    assert "使う事実：滞納の月数（市の記録）、arrears_plan（arrears_planの記録）" in page
