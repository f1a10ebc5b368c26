"""One real case of サンプル市 with everything that may hang on it, made by the rooms' own actions."""

import io
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.db import transaction

from demo.answers import answers_of
from demo.papers import certificate
from demo.town import found_the_town
from madoguchi.clerical.controls import actions as controls
from madoguchi.clerical.controls.states import SampleKind
from madoguchi.clerical.decisions import actions as decisions
from madoguchi.clerical.decisions.access import draft_for
from madoguchi.clerical.notices import actions as notices
from madoguchi.clerical.notices.queries import letters_of, release
from madoguchi.clerical.payments.models import PaymentFile
from madoguchi.clerical.records import actions as records
from madoguchi.clerical.records.filing import Filing
from madoguchi.clerical.records.models import DisposalList
from madoguchi.common.ages import primary_grade
from madoguchi.ledgers.documents.actions import keep_file
from madoguchi.ledgers.office import clock, jobs
from madoguchi.ledgers.office import queries as office
from madoguchi.ledgers.office.actions import employ, grant_role
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.session import enter_municipality
from madoguchi.ledgers.office.trace import SYSTEM, Actor, Subject
from madoguchi.ledgers.procedures.queries import live_package
from madoguchi.ledgers.registry import history, importing
from madoguchi.ledgers.registry.actions import ask_email_proof, prove_by_demo_card, register_protection
from madoguchi.ledgers.registry.import_mapping import shipped_text
from madoguchi.ledgers.registry.queries import demo_identities, household_members
from madoguchi.ledgers.registry.sample_file import town_csv
from madoguchi.ledgers.registry.states import Ground, ImportScope
from madoguchi.ledgers.registry.town_generator import generate_families
from madoguchi.services.allocation import actions as allocation
from madoguchi.services.allocation.queries import placements, round_of
from madoguchi.services.applications import actions
from madoguchi.services.applications.access import application_for
from madoguchi.services.applications.exporting import make_export
from madoguchi.services.applications.ledger_filters import Filters, as_told
from madoguchi.services.applications.models import RetentionRun
from madoguchi.services.applications.queries import withdrawn_ids
from madoguchi.services.applications.states import Channel, CheckResult, Stage
from madoguchi.services.webhooks.actions import add_webhook
from madoguchi.services.webhooks.states import Event
from tests.factories_controls import reference_controls, scope_with
from tests.factories_keys import key_for
from tests.factories_payments import budget

SLUG, PERIOD = "gakudo-club", "2027-04"
NOW = datetime(2026, 11, 18, 10, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
RESULT_DAY = NOW + timedelta(days=72)


@dataclass
class WholeCase:
    """What every address of the product may ask for. `words` must never reach anybody else."""

    town: Any
    other_town: Any
    visitor: Any
    stranger: Any
    parameters: dict[str, list[Any]] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)


def found_towns() -> tuple[Any, Any]:
    """サンプル市 and 見本町 with their staff and the packages; the session is in サンプル市."""
    found_the_town(residents=200, at=NOW, applications=0)
    town, other = office.municipality_by_code("999999"), office.municipality_by_code("999998")
    enter_municipality(town.pk)
    return town, other


def staff(login: str) -> Any:
    found = office.staff_by_login(login)
    assert found is not None, login
    return found


def protected_unit() -> int:
    """A protection unit of one of the other families."""
    kodomo = office.section_by_code("kodomo")
    assert kodomo is not None
    clerk = employ(login="juki-doors", name="記録　係", name_kana="キロク", section=kodomo, password="demo")
    grant_role(staff=clerk, role=Role.REGISTRY_CLERK, on=NOW.date(), by=SYSTEM, at=NOW)
    return register_protection(
        applicant_id=families(5)[-1].id,
        resident_ids=[],
        ground=Ground.VIOLENCE,
        begins_on=NOW.date(),
        by=clerk,
        at=NOW,
    )


def families(count: int) -> list[Any]:
    """Parents whose child enters a club; each of another household."""
    return demo_identities(count, on=package().package.periods[0].entry_on)


def package() -> Any:
    loaded = live_package(SLUG)
    assert loaded is not None
    return loaded


def answers(parent: Any, lot: str = "doors", **changed: str) -> dict[str, list[str]]:
    """What this parent types for the youngest pupil of the household; `changed` replaces inputs (- as __)."""
    loaded = package()
    members = household_members(parent.household_id)
    entry = loaded.package.periods[0].entry_on
    pupils = [each for each in members if each.birth and primary_grade(each.birth, entry) is not None]
    pupil = max(pupils, key=lambda each: each.birth)
    typed = answers_of(parent, pupil, members, loaded.package.facilities, Random(lot))
    return typed | {name.replace("__", "-"): [value] for name, value in changed.items()}


def resident(visitor: Any) -> Actor:
    return Actor("resident", str(visitor.id), visitor.name)


def handed_in(
    parent: Any, channel: Channel, *, by: Actor, visitor: Any = None, at: datetime = NOW, **changed: str
) -> Any:
    """One application through the one intake under every channel."""
    loaded = package()
    return actions.receive(
        version_id=loaded.version_id,
        period_code=PERIOD,
        raw=answers(parent, **changed),
        channel=channel,
        by=by,
        at=at,
        submission_key=uuid.uuid4(),
        visitor_id=visitor.id if visitor else None,
        resident_id=parent.id,
        staff_seconds=None if visitor else 240,
    )


def edition_of(number: str, at: datetime = NOW) -> int:
    return application_for(staff("shinsa"), number, at=at, purpose="確認").edition


def review_and_accept(number: str, at: datetime = NOW) -> None:
    """Look at every marked check, then accept."""
    reviewer = staff("shinsa")
    if application_for(reviewer, number, at=at, purpose="審査").stage == Stage.RECEIVED:
        actions.start_review(number=number, by=reviewer, at=at, edition=edition_of(number))
    for check in application_for(reviewer, number, at=at, purpose="審査").checks:
        if check.result in {CheckResult.LOOK, CheckResult.NOT_RUN}:
            actions.settle_check(
                number=number, code=check.code, by=reviewer, at=at, reason="書類で確かめた。"
            )
    actions.accept(number=number, by=reviewer, at=at, edition=edition_of(number), staff_seconds=90)


def allocate_and_submit(at: datetime) -> int:
    """The round of the period, computed and laid before the section head; the id of the draft."""
    reviewer = staff("shinsa")
    opened = allocation.open_round(slug=SLUG, period_code=PERIOD, by=reviewer, at=at)
    allocation.compute_round(round_id=opened.id, by=reviewer, at=at)
    return allocation.submit_round(round_id=opened.id, approver=staff("kacho"), by=reviewer, at=at)


def approve(draft_id: int, at: datetime) -> None:
    head = staff("kacho")
    draft = draft_for(head, draft_id, at)
    decisions.approve(
        draft_id=draft_id,
        by=head,
        at=at,
        seen_sha256=draft.content_sha256,
        edition=draft.edition,
        staff_seconds=60,
    )


def prepare_letters(at: datetime) -> uuid.UUID:
    """Every letter of the settled round, set at once instead of by the worker; the id of the release."""
    found = round_of(SLUG, PERIOD)
    assert found is not None
    release_id = allocation.order_letters(round_id=found.id, by=staff("shinsa"), at=at)
    ids = [row.application_id for row in placements(found.id)]
    ids += withdrawn_ids(SLUG, PERIOD)
    allocation.prepare_chunk(round_id=found.id, release_id=release_id, ids=ids, at=at)
    return release_id


def whole_case(**changed: str) -> WholeCase:
    """A decided case with document, score, letter and release; a case under correction; an unsent paper."""
    town, other = found_towns()
    mother, sender, other_parent = families(3)
    visitor = prove_by_demo_card(resident_id=mother.id, at=NOW)
    stranger = prove_by_demo_card(resident_id=other_parent.id, at=NOW)
    made = WholeCase(town, other, visitor, stranger)
    decided = handed_in(mother, Channel.ONLINE, by=resident(visitor), visitor=visitor, **changed)
    subject = Subject("applications.application", str(decided.application_id))
    paper = keep_file(name="就労証明書.pdf", body=certificate(), owner=subject, by=resident(visitor), at=NOW)
    review_and_accept(decided.number)
    draft_id = allocate_and_submit(NOW)
    approve(draft_id, NOW)
    release_id = prepare_letters(NOW)
    notices.release_all(release_id=release_id, by=staff("shinsa"), at=NOW)
    corrected = handed_in(sender, Channel.ONLINE, by=resident(visitor), visitor=visitor)
    ask_correction(corrected.number)
    unsent = actions.begin(slug=SLUG, period_code=PERIOD, visitor=visitor, staff=None, at=NOW)
    asked = ask_email_proof(email="hikari@example.jp", at=NOW)
    newest = newest_record(mother.id)
    key = key_for(office.section_by_code("kodomo"), staff("joho"), NOW).view
    webhook = add_webhook(key=key, url="https://other.example/hook", events=list(Event), at=NOW).view
    finding_id, sample_id, subscription_id = overseen(subject)
    made.parameters = {
        "finding_id": [finding_id],
        "budget_id": [kept_budget()],
        "payment_id": [kept_payment_file()],
        "order_id": [1],
        "sample_id": [sample_id],
        "subscription_id": [subscription_id],
        "number": [decided.number, corrected.number],
        "document_id": [paper.id],
        "letter_id": [letter.id for letter in letters_of(subject)],
        "release_id": [release_id],
        "job_id": [release_id, notices_job(release_id)],
        "draft_id": [draft_id],
        "view_id": [kept_view()],
        "file_id": [kept_file()],
        "unsent_id": [unsent.id],
        "proof_id": [asked.proof_id],
        "slug": [SLUG],
        "run_id": [disposal_list(decided.application_id, decided.number)],
        "page": [package().package.form.pages[0].key],
        "code": ["000000"],
        "import_id": [residents_file()],
        "resident_id": [newest.resident_id],
        "household_number": [newest.household_number],
        "version": ["2026-04", "2026-10"],
        "outcome": ["granted"],
        "unit_id": [protected_unit()],
        "target": ["tokei"],
        "what": ["due", "exported"],
        "kind": ["finished", "csv"],
        "export_id": [kept_core_file()],
        "key": ["role-1"],
        "key_id": [key.id],
        "webhook_id": [webhook.id],
        **filed_away(draft_id),
    }
    made.words = words_of(decided.number, corrected.number)
    return made


def overseen(subject: Subject) -> tuple[int, uuid.UUID, int]:
    """An exception of the case, a sample with it, and what the auditor is told of."""
    loaded, auditor = package(), staff("kansa")
    (found,) = controls.check(
        subject=subject, section_id=loaded.section_id, version_id=loaded.version_id, controls=reference_controls(),
        steps=["application"], scope=scope_with(seikyu_money=4000), sources={}, by=SYSTEM, at=NOW, label="MD-1",
    )  # fmt: skip
    sample = controls.draw_sample(
        sample_id=uuid.uuid4(), kind=SampleKind.RANDOM, since=NOW.date(), until=NOW.date(), by=auditor, at=NOW
    )
    return found.id, sample, controls.subscribe(procedure=SLUG, key="", by=auditor, at=NOW)


def kept_budget() -> int:
    """A budget of the section of the case."""
    return budget(staff("zaisei"), NOW, section_id=package().section_id)


def kept_payment_file() -> uuid.UUID:
    """A file of payments that waits for the accountant."""
    return PaymentFile.objects.create(
        press=uuid.uuid4(), file_name="shiharai.csv", body=b"x", sha256=sha256(b"x").hexdigest(), row_count=0, total=0,
        made_by=staff("kaikei"), made_at=NOW,
    ).pk  # fmt: skip


def kept_view() -> int:
    """A list that the reviewer keeps for herself."""
    told = {"procedure": SLUG, "name": "紙だけ", "query": "channel=paper", "columns": [], "shared": False}
    return actions.save_view(**told, by=staff("shinsa"), at=NOW)


def kept_file() -> uuid.UUID:
    """An export that waits for the reviewer."""
    key, told = uuid.uuid4(), as_told(Filters(procedure=SLUG))
    made = {"login": "shinsa", "filters": told, "columns": ["number"], "kind": "csv", "purpose": "課内の確認"}
    jobs.start(kind="applications.export", title="書き出し", total=2, by=staff("shinsa"), at=NOW, job_id=key)
    make_export(job_id=key, told=made, by=staff("shinsa"), at=NOW)
    return key


def disposal_list(key: int, number: str) -> uuid.UUID:
    """A list for disposal with this case on it, as it would be made years later."""
    run = RetentionRun.objects.create(
        procedure=SLUG, title="廃棄の見本", kind="finished", class_code="5年", method="delete", needs_decision=True,
        listed_on=NOW.date(), total=1, list_sha256="0" * 64, prepared_by=staff("shinsa"), prepared_at=NOW,
    )  # fmt: skip
    run.items.create(case_key=key, number=number, due_on=NOW.date())
    return run.id


def filed_away(draft_id: int) -> dict[str, list[Any]]:
    """The file the decision is filed in, a copy of it that waits for the reviewer, and a list for disposal."""
    by, told = staff("shinsa"), Filing(class_code="D-01-03")
    file_id = records.file_draft(draft_id=draft_id, by=by, at=NOW, filing=told)
    copy_id = records.order_copy(file_id=file_id, purpose="監査の資料", by=by, at=NOW)
    records.make_copy(copy_id=copy_id, at=NOW)
    listed = DisposalList.objects.create(
        section_id=by.section_id, kind="disposal", title="廃棄の目録の見本", listed_on=NOW.date(), total=1,
        list_sha256="0" * 64, prepared_by=by, prepared_at=NOW,
    )  # fmt: skip
    listed.items.create(file_id=file_id)
    return {"casefile_id": [file_id], "copy_id": [copy_id], "disposal_id": [listed.pk]}


def kept_core_file() -> uuid.UUID:
    """A file for the statistics of the town, with every decided case."""
    made = actions.export_due(
        slug=SLUG, target="tokei", press=uuid.uuid4(), by=staff("shinsa"), at=RESULT_DAY
    )
    return made.exports[0]


def residents_file() -> uuid.UUID:
    """A file of residents that is read and waits to be looked at."""
    body = "".join(town_csv(generate_families(3, 1, offset=900_000))).encode()
    import_id = importing.open_import(
        name="住民.csv", source=io.BytesIO(body), mapping_toml=shipped_text("juki"), scope=ImportScope.PART,
        as_of=NOW.date(), by=None, at=NOW, import_id=uuid.uuid4(),
    )  # fmt: skip
    importing.read(import_id=import_id, municipality_code="999999", at=NOW)
    return import_id


def newest_record(resident_id: int) -> Any:
    """What the register says of a person now."""
    return history.history_of(resident_id)[0]


def ask_correction(number: str, at: datetime = NOW) -> None:
    reviewer = staff("shinsa")
    actions.start_review(number=number, by=reviewer, at=at, edition=edition_of(number))
    actions.ask_correction(
        number=number,
        by=reviewer,
        at=at,
        edition=edition_of(number),
        fields=["applicant_phone"],
        message="昼間につながる電話番号を入力してください。",
        due_on=at.date() + timedelta(days=14),
        staff_seconds=60,
    )


def notices_job(release_id: uuid.UUID) -> uuid.UUID:
    job = release(release_id).delivery_job
    assert job is not None
    return job


def words_of(*numbers: str) -> list[str]:
    """The children's names of these cases: what a leak would show. (The demo's proof page names parents.)"""
    return [
        application_for(staff("shinsa"), number, at=NOW, purpose="確認").person_name for number in numbers
    ]


@contextmanager
def whole_case_for_a_while(**typed: str) -> Iterator[WholeCase]:
    """The case for all tests of a file, on its own day; undone afterwards. No test may change it for the next."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "MADOGUCHI_CLOCK", NOW.date().isoformat())
        clock._shift.cache_clear()
        with transaction.atomic():
            yield whole_case(**typed)
            transaction.set_rollback(True)
        enter_municipality(None)
