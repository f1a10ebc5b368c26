"""保存期間の処理 from the list to the book: decided, worked off in chunks, never what became open in between."""

import uuid
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.db import connection

from madoguchi.clerical.decisions import actions as decisions
from madoguchi.clerical.decisions.access import draft_for
from madoguchi.ledgers.office import actions as office
from madoguchi.ledgers.office import jobs
from madoguchi.ledgers.office.actions import grant_role
from madoguchi.ledgers.office.errors import NotAllowed, NotFound
from madoguchi.ledgers.office.queries import verify_chain
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.session import full_sight
from madoguchi.ledgers.office.trace import SYSTEM
from madoguchi.ledgers.procedures.actions import put_in_use
from madoguchi.ledgers.procedures.package import read_files
from madoguchi.ledgers.procedures.retention import Kind
from madoguchi.services.applications import actions, disposing
from madoguchi.services.applications.access import application_for
from madoguchi.services.applications.core_exporting import export_due
from madoguchi.services.applications.models import Application, CoreExport, DisposalRecord, RetentionRun
from madoguchi.services.applications.retention import due_cases, due_groups, with_reasons
from madoguchi.services.applications.retention_errors import ListOpen, NothingDue, WrongRunState
from madoguchi.services.applications.states import HoldGround, Outcome, RunState
from tests.factories_applications import FILES, received
from tests.factories_exports import DELIMITED
from tests.factories_protection import protected_family
from tests.factories_retention import SECRET, closed_case

SLUG = "mihon-club"
pytestmark = pytest.mark.django_db


@pytest.fixture
def later(now: datetime) -> datetime:
    """The first day after the 5年 of a case that ended in November 2026."""
    return datetime(2032, 4, 1, 9, 0, tzinfo=now.tzinfo)


@pytest.fixture
def people(staff_with: Any, later: datetime) -> tuple[Any, Any]:
    reviewer, head = staff_with(Role.REVIEWER), staff_with(Role.SECTION_HEAD)
    for year in (2027, 2028, later.year):
        at = later.replace(year=year)
        grant_role(staff=reviewer, role=Role.REVIEWER, on=at.date(), by=SYSTEM, at=at)
        grant_role(staff=head, role=Role.SECTION_HEAD, on=at.date(), by=SYSTEM, at=at)
    return reviewer, head


def decide(run_id: Any, people: tuple[Any, Any], at: datetime) -> None:
    reviewer, head = people
    draft_id = actions.submit_run(run_id=run_id, approver=head, by=reviewer, at=at)
    draft = draft_for(head, draft_id, at)
    decisions.approve(
        draft_id=draft_id, by=head, at=at, seen_sha256=draft.content_sha256, edition=draft.edition
    )


def work_off(run_id: Any, at: datetime) -> None:
    while RetentionRun.objects.get(pk=run_id).state == RunState.RUNNING:
        assert actions.dispose_chunk(run_id=run_id, at=at)


def everything_stored() -> str:
    """Every row of every table of the town, as text; the trace apart."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.columns WHERE column_name = 'municipality_id'"
            " AND table_schema = 'public' AND table_name <> 'office_trace'"
        )
        text = []
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT string_agg(t::text, chr(10)) FROM "{table}" t')
            text.append(cursor.fetchone()[0] or "")
    return "\n".join(text)


def test_a_decided_list_deletes_its_cases_and_keeps_the_book(
    loaded: Any, people: Any, town: Any, now: datetime, later: datetime
) -> None:
    reviewer, _ = people
    case = closed_case(loaded, reviewer, now)
    young = closed_case(loaded, reviewer, now + timedelta(days=200), 2)
    run_id = actions.prepare_run(slug=SLUG, kind=Kind.FINISHED, by=reviewer, at=later)
    decide(run_id, people, later)
    work_off(run_id, later)
    assert set(Application.objects.values_list("number", flat=True)) == {young.number}
    record = DisposalRecord.objects.get()
    assert (record.number, record.class_code, record.method) == (case.number, "5年", "delete")
    assert record.approval.startswith("サ子青第")
    assert jobs.job_progress(RetentionRun.objects.get().job).result == {"done": 1, "left_out": 0}
    assert verify_chain(town).broken is None


def test_nothing_of_a_deleted_case_is_left(loaded: Any, people: Any, now: datetime, later: datetime) -> None:
    closed_case(loaded, people[0], now)
    assert SECRET in everything_stored()
    run_id = actions.prepare_run(slug=SLUG, kind=Kind.FINISHED, by=people[0], at=later)
    decide(run_id, people, later)
    work_off(run_id, later)
    left = everything_stored()
    assert [word for word in (SECRET, "廃棄　", "そら1", "証明.pdf", "見本　ひかり") if word in left] == []


def test_the_words_in_a_file_for_a_core_system_go_with_the_first_of_its_cases(
    section: Any, people: Any, now: datetime, later: datetime
) -> None:
    reviewer = people[0]
    layout = DELIMITED.replace("ENCODING", "utf-8").replace("QUOTING", "all")
    layout = layout.replace('"received", "accepted"', '"decided"')
    loaded = put_in_use(read_files(FILES | {"exports/daicho.toml": layout.encode()}), by=SYSTEM, at=now)
    closed_case(loaded, reviewer, now)
    made = export_due(slug=SLUG, target="daicho", press=uuid.uuid4(), by=reviewer, at=now)
    handed = actions.fetch_core_file(export_id=made.exports[0], by=reviewer, at=now)
    assert "廃棄" in handed.body.decode()

    run_id = actions.prepare_run(slug=SLUG, kind=Kind.FINISHED, by=reviewer, at=later)
    decide(run_id, people, later)
    work_off(run_id, later)
    kept = CoreExport.objects.get()
    assert bytes(kept.body) == b""
    assert (kept.size, kept.sha256) == (len(handed.body), sha256(handed.body).hexdigest())
    with pytest.raises(NotFound):
        actions.fetch_core_file(export_id=kept.pk, reason="確かめる", by=reviewer, at=later)


def test_an_anonymised_case_keeps_its_figures_only(
    section: Any, people: Any, town: Any, now: datetime, later: datetime
) -> None:
    written = (
        FILES["procedure.toml"]
        .decode()
        .replace(
            "\n[[period]]", '\n[retention]\nfinished = { years = 5, method = "anonymise" }\n\n[[period]]', 1
        )
    )
    loaded = put_in_use(read_files(FILES | {"procedure.toml": written.encode()}), by=SYSTEM, at=now)
    reviewer, _ = people
    case = closed_case(loaded, reviewer, now)
    run_id = actions.prepare_run(slug=SLUG, kind=Kind.FINISHED, by=reviewer, at=later)
    decide(run_id, people, later)
    work_off(run_id, later)
    kept = Application.objects.get()
    assert (kept.number, kept.outcome, kept.first_wish) == (case.number, Outcome.GRANTED, "A1")
    assert (kept.answers, kept.raw, kept.person_key, kept.outcome_facts) == (
        {},
        {},
        "",
        {"facility_code": "A1"},
    )
    left = everything_stored()
    assert [word for word in (SECRET, "廃棄　", "そら1", "証明.pdf", "見本　ひかり") if word in left] == []
    assert verify_chain(town).broken is None
    shown = application_for(reviewer, case.number, at=later, purpose="確認")
    assert shown.person_name == "（匿名化済み）"
    with pytest.raises(NothingDue):
        actions.prepare_run(slug=SLUG, kind=Kind.FINISHED, by=reviewer, at=later)


def test_what_became_open_in_between_is_left_out_with_its_reason(
    loaded: Any, people: Any, now: datetime, later: datetime
) -> None:
    reviewer, _ = people
    held, gone = closed_case(loaded, reviewer, now), closed_case(loaded, reviewer, now, 2)
    run_id = actions.prepare_run(slug=SLUG, kind=Kind.FINISHED, by=reviewer, at=later)
    actions.hold_case(
        number=held.number, ground=HoldGround.DISCLOSURE, reason="開示請求", until=None, by=reviewer, at=later
    )
    decide(run_id, people, later)
    work_off(run_id, later)
    assert Application.objects.get().number == held.number
    run = RetentionRun.objects.get()
    left = run.items.get(state="left_out")
    assert (left.number, left.reason) == (held.number, "廃棄を止めています（開示請求）。")
    assert run.items.get(state="done").number == gone.number


def test_a_released_hold_lets_the_case_go(loaded: Any, people: Any, now: datetime, later: datetime) -> None:
    reviewer, _ = people
    case = closed_case(loaded, reviewer, now)
    hold = actions.hold_case(
        number=case.number, ground=HoldGround.APPOINTMENT, reason="面談", until=None, by=reviewer, at=later
    )
    with pytest.raises(NothingDue):
        actions.prepare_run(slug=SLUG, kind=Kind.FINISHED, by=reviewer, at=later)
    actions.release_hold(hold_id=hold, number=case.number, by=reviewer, at=later)
    assert actions.prepare_run(slug=SLUG, kind=Kind.FINISHED, by=reviewer, at=later)


def test_an_unposted_letter_keeps_a_case(loaded: Any, people: Any, now: datetime, later: datetime) -> None:
    reviewer, _ = people
    closed_case(loaded, reviewer, now, posted=False)
    past = due_cases(reviewer, SLUG, Kind.FINISHED, at=later)
    assert [each.reasons for each in with_reasons(past, later.date())] == [("通知の送達が済んでいません。",)]
    with pytest.raises(NothingDue):
        actions.prepare_run(slug=SLUG, kind=Kind.FINISHED, by=reviewer, at=later)


def test_the_same_press_twice_and_a_second_list(
    loaded: Any, people: Any, now: datetime, later: datetime
) -> None:
    reviewer, _ = people
    closed_case(loaded, reviewer, now)
    run_id = actions.prepare_run(slug=SLUG, kind=Kind.FINISHED, by=reviewer, at=later)
    with pytest.raises(ListOpen):
        actions.prepare_run(slug=SLUG, kind=Kind.FINISHED, by=reviewer, at=later)
    with pytest.raises(WrongRunState):
        actions.begin_run(run_id=run_id, by=reviewer, at=later)
    decide(run_id, people, later)
    with pytest.raises(WrongRunState):
        actions.drop_run(run_id=run_id, by=reviewer, at=later)


def test_a_list_that_was_sent_back_or_rejected(
    loaded: Any, people: Any, now: datetime, later: datetime
) -> None:
    reviewer, head = people
    closed_case(loaded, reviewer, now)
    run_id = actions.prepare_run(slug=SLUG, kind=Kind.FINISHED, by=reviewer, at=later)
    for verb, state in ((decisions.return_draft, RunState.PREPARED), (decisions.reject, RunState.DROPPED)):
        draft_id = actions.submit_run(run_id=run_id, approver=head, by=reviewer, at=later)
        draft = draft_for(head, draft_id, later)
        verb(
            draft_id=draft_id, by=head, at=later, seen_sha256=draft.content_sha256, edition=draft.edition,
            comment="確かめてください。",
        )  # fmt: skip
        assert RetentionRun.objects.get(pk=run_id).state == state
    assert Application.objects.count() == 1


def test_withdrawn_cases_need_no_decision(loaded: Any, people: Any, now: datetime, later: datetime) -> None:
    reviewer, _ = people
    case = received(loaded, now)
    actions.withdraw(number=case.number, by=SYSTEM, at=now)
    a_year_on = datetime(2028, 4, 1, 9, 0, tzinfo=now.tzinfo)
    run_id = actions.prepare_run(slug=SLUG, kind=Kind.ABANDONED, by=reviewer, at=a_year_on)
    actions.begin_run(run_id=run_id, by=reviewer, at=a_year_on)
    work_off(run_id, a_year_on)
    assert Application.objects.count() == 0
    assert "決裁不要" in DisposalRecord.objects.get().approval


def test_a_chunk_is_whole_or_not_at_all(
    loaded: Any, people: Any, now: datetime, later: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that dies anywhere in a chunk leaves it undone; the next one does it once."""
    reviewer, _ = people
    for number in range(1, 6):
        closed_case(loaded, reviewer, now, number)
    monkeypatch.setattr(disposing, "CHUNK", 2)
    run_id = actions.prepare_run(slug=SLUG, kind=Kind.FINISHED, by=reviewer, at=later)
    decide(run_id, people, later)
    assert actions.dispose_chunk(run_id=run_id, at=later) == 2
    for name in ("delete_rows", "forget_files", "_account_for"):
        with monkeypatch.context() as patch:
            patch.setattr(disposing, name, killed)
            with pytest.raises(KeyboardInterrupt):
                actions.dispose_chunk(run_id=run_id, at=later)
        assert (Application.objects.count(), DisposalRecord.objects.count()) == (3, 2)
    work_off(run_id, later)
    assert (Application.objects.count(), DisposalRecord.objects.count()) == (0, 5)
    assert actions.dispose_chunk(run_id=run_id, at=later) == 0


def killed(*_: Any, **__: Any) -> None:
    raise KeyboardInterrupt


def test_only_with_the_power(loaded: Any, people: Any, now: datetime, later: datetime) -> None:
    closed_case(loaded, people[0], now)
    with pytest.raises(NotAllowed):
        actions.prepare_run(slug=SLUG, kind=Kind.FINISHED, by=people[1], at=later)


def test_the_page_counts_what_this_person_may_see(
    loaded: Any, people: Any, now: datetime, later: datetime
) -> None:
    closed_case(loaded, people[0], now)
    closed_case(loaded, people[0], now, 2, outcome=Outcome.REFUSED)
    counts = {group.kind: group.past for group in due_groups(people[0], at=later)}
    assert counts == {Kind.FINISHED: 1, Kind.ABANDONED: 0, Kind.FAILED: 1}


def test_another_sections_procedure_is_not_there(
    loaded: Any, people: Any, now: datetime, later: datetime
) -> None:
    closed_case(loaded, people[0], now)
    elsewhere = office.set_up_section(
        code="dobutsu", fiscal_year=2026, name="環境課", unit="", symbol="サ環", phone="000-0000-0001"
    )
    stranger = office.employ(
        login="kankyo", name="環境　例", name_kana="カンキョウ", section=elsewhere, password="demo"
    )
    grant_role(staff=stranger, role=Role.REVIEWER, on=later.date(), by=SYSTEM, at=later)
    assert due_groups(stranger, at=later) == []
    with pytest.raises(NotFound):
        actions.prepare_run(slug=SLUG, kind=Kind.FINISHED, by=stranger, at=later)
    run_id = actions.prepare_run(slug=SLUG, kind=Kind.FINISHED, by=people[0], at=later)
    with pytest.raises(NotFound):
        actions.drop_run(run_id=run_id, by=stranger, at=later)


def test_a_protected_case_is_disposed_of_but_not_shown(
    loaded: Any, people: Any, staff_with: Any, now: datetime, later: datetime
) -> None:
    """The machine counts everybody; whoever lacks the right sees neither the case, nor its row, nor its record."""
    reviewer, _ = people
    case = closed_case(loaded, reviewer, now)
    hidden = closed_case(loaded, reviewer, now, 2)
    unit = protected_family(staff_with(Role.REGISTRY_CLERK), now).unit
    with full_sight():
        Application.objects.filter(number=hidden.number).update(protection_id=unit)
    assert [group.past for group in due_groups(reviewer, at=later) if group.kind == Kind.FINISHED] == [1]
    run_id = actions.prepare_run(slug=SLUG, kind=Kind.FINISHED, by=reviewer, at=later)
    run = RetentionRun.objects.get(pk=run_id)
    assert (run.total, [item.number for item in run.items.all()]) == (2, [case.number])
    decide(run_id, people, later)
    work_off(run_id, later)
    assert [record.number for record in DisposalRecord.objects.all()] == [case.number]
    with full_sight():
        assert Application.objects.count() == 0
        assert DisposalRecord.objects.count() == 2
