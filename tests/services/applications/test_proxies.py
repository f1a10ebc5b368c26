"""代理: applicant and proxy are kept apart, the evidence is settled by a person, letters go where the package says."""

import uuid
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.trace import SYSTEM
from madoguchi.ledgers.procedures.actions import put_in_use
from madoguchi.ledgers.procedures.faults import PackageFaults
from madoguchi.ledgers.procedures.package import read_files
from madoguchi.ledgers.registry.models import Visitor
from madoguchi.ledgers.registry.queries import visitor_view
from madoguchi.services.applications import access, actions, queries
from madoguchi.services.applications.mandates import mandate_pdf
from madoguchi.services.applications.models import Application
from madoguchi.services.applications.proxies import mail_goes_to
from madoguchi.services.applications.states import Channel, CheckResult
from tests.factories_applications import FOR_ANOTHER, proxy_files, small_package, typed
from tests.factories_registry import child, enter, household, member
from tests.factories_visitors import visitor_of
from tests.services.applications.test_unsent import PDF

PAGES = ("proxy", "child", "applicant", "wishes")
mails = st.sampled_from(["", "oya@example.jp", "dairi@example.jp"])


@given(st.sampled_from(["applicant", "proxy"]), mails, mails)
def test_no_letter_goes_to_a_proxy_unless_the_package_says_so(to: str, applicant: str, sender: str) -> None:
    goes = mail_goes_to({"通知先": to}, applicant, sender)
    assert goes == (applicant if to == "applicant" else sender or applicant)
    assert mail_goes_to({}, applicant, sender) == (applicant or sender)


@pytest.fixture
def loaded(section: Any, now: datetime) -> Any:
    return put_in_use(read_files(proxy_files()), by=SYSTEM, at=now)


@pytest.fixture
def proxy(loaded: Any, now: datetime) -> Any:
    """例示　次郎, known by his card, with a child of his own."""
    residents = enter(
        household(1, member(8000001, family="例示", given="次郎"), child(8000002, family="例示"))
    )
    found = visitor_view(Visitor.objects.create(resident=residents[0], first_seen_at=now))
    return replace(found, identity_level=3, sign_in_level=3)


def paper(owner: Any, now: datetime, **changed: list[str]) -> Any:
    unsent = actions.begin(slug="mihon-club", period_code="r9", visitor=owner, staff=None, at=now)
    raw = typed(1) | FOR_ANOTHER | changed
    for page in PAGES:
        actions.save_page(unsent_id=unsent.id, owner=owner, page_key=page, raw=raw, at=now)
    return unsent


def send(unsent: Any, owner: Any, now: datetime) -> Application:
    receipt = actions.submit(
        unsent_id=unsent.id, owner=owner, submission_key=uuid.uuid4(), channel=Channel.ONLINE, at=now
    )
    return Application.objects.get(number=receipt.number)


def test_applicant_and_proxy_are_kept_apart(proxy: Any, now: datetime) -> None:
    case = send(paper(proxy, now), proxy, now)
    assert (case.channel, case.applicant_name) == (Channel.PROXY, "見本　花子")
    assert case.resident_id is None
    assert case.proxy["代理人"] == "例示　次郎"
    assert case.proxy["委任者"] == "見本　花子"
    assert case.proxy["委任者の役割"] == "お子さんの母"
    assert case.proxy["委任内容"] == "入所の申請と書類の提出"
    assert "household" not in case.facts


def test_the_register_of_the_proxy_is_not_written_into_the_paper(proxy: Any, now: datetime) -> None:
    unsent = paper(proxy, now)
    assert queries.unsent_of(unsent.id, proxy, on=now.date()).facts == {}
    actions.save_page(unsent_id=unsent.id, owner=proxy, page_key="proxy", raw={"proxy_for": ["self"]}, at=now)
    assert "household" in queries.unsent_of(unsent.id, proxy, on=now.date()).facts


@pytest.mark.parametrize(("evidence", "told"), [("counter", "窓口で見せる"), ("upload", "まだありません")])
def test_the_evidence_waits_for_a_person(
    proxy: Any, staff_with: Any, now: datetime, evidence: str, told: str
) -> None:
    case = send(paper(proxy, now, proxy_evidence=[evidence]), proxy, now)
    check = case.checks.get(code="proxy_evidence")
    assert check.result == CheckResult.LOOK
    assert told in check.sentence
    reviewer = staff_with(Role.REVIEWER)
    actions.settle_check(
        number=case.number, code="proxy_evidence", by=reviewer, at=now, reason="委任状の原本を見た"
    )
    check.refresh_from_db()
    assert check.result == CheckResult.SETTLED


def test_an_attached_mandate_is_with_the_case(proxy: Any, staff_with: Any, now: datetime) -> None:
    unsent = paper(proxy, now, proxy_evidence=["upload"])
    actions.add_file(
        unsent_id=unsent.id, owner=proxy, field="proxy_paper", name="委任状.pdf", body=PDF, at=now
    )
    case = send(unsent, proxy, now)
    assert "付いています" in case.checks.get(code="proxy_evidence").sentence
    view = access.application_for(staff_with(Role.REVIEWER), case.number, at=now, purpose="審査")
    assert [each.name for each in view.documents] == ["委任状.pdf"]
    assert view.proxy["代理の種類"] == "任意代理人"


@pytest.mark.parametrize(("letters_to", "mail"), [("applicant", "oya@example.jp"), ("proxy", "b@example.jp")])
def test_letters_go_where_the_package_says(section: Any, now: datetime, letters_to: str, mail: str) -> None:
    put_in_use(read_files(proxy_files(letters_to)), by=SYSTEM, at=now)
    somebody = visitor_of("b@example.jp", now)
    case = send(paper(somebody, now, email=["oya@example.jp"]), somebody, now)
    assert case.email == mail
    status = queries.status_for(somebody.id, case.number)
    assert (status.channel, status.letters) == (Channel.PROXY, ())


def test_without_the_applicants_address_nothing_goes_to_the_proxy(loaded: Any, now: datetime) -> None:
    somebody = visitor_of("b@example.jp", now)
    assert send(paper(somebody, now), somebody, now).email == ""


def test_the_mandate_is_printed_with_what_was_typed(loaded: Any, proxy: Any, now: datetime) -> None:
    unsent = paper(proxy, now)
    body = mandate_pdf(unsent_id=unsent.id, owner=proxy, town="サンプル市", at=now)
    assert body.startswith(b"%PDF")
    with pytest.raises(NotFound):
        mandate_pdf(unsent_id=unsent.id, owner=visitor_of("c@example.jp", now), town="サンプル市", at=now)


def test_where_nobody_may_apply_for_another_the_answers_mean_nothing(section: Any, now: datetime) -> None:
    small_package(now)
    somebody = visitor_of("b@example.jp", now)
    unsent = actions.begin(slug="mihon-club", period_code="r9", visitor=somebody, staff=None, at=now)
    for page in ("child", "applicant", "wishes"):
        raw = typed(1) | FOR_ANOTHER
        actions.save_page(unsent_id=unsent.id, owner=somebody, page_key=page, raw=raw, at=now)
    case = send(unsent, somebody, now)
    assert (case.channel, case.proxy) == (Channel.ONLINE, {})
    with pytest.raises(NotFound):
        mandate_pdf(unsent_id=paper_of(somebody, now), owner=somebody, town="サンプル市", at=now)


def paper_of(owner: Any, now: datetime) -> uuid.UUID:
    return actions.begin(slug="mihon-club", period_code="r9", visitor=owner, staff=None, at=now).id


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ('key = "proxy_scope"', 'key = "proxy_other"', "proxy_scope"),
        ('value = "upload"', 'value = "fax"', "proxy_evidence"),
    ],
)
def test_a_package_without_the_questions_is_refused(before: str, after: str, sentence: str) -> None:
    files = proxy_files()
    form = files["form.toml"].decode().replace(before, after)
    with pytest.raises(PackageFaults) as refused:
        read_files(files | {"form.toml": form.encode()})
    assert any(sentence in fault.sentence for fault in refused.value.faults)
