"""From the end of the retention to the permanent record: listed, decided, worked off in chunks, never what is held."""

import uuid
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from madoguchi.clerical.decisions import actions as decisions
from madoguchi.clerical.decisions.access import draft_for
from madoguchi.clerical.decisions.models import Attachment, Draft, Edition, Step
from madoguchi.clerical.decisions.verifying import altered_history
from madoguchi.clerical.records import actions, disposing, queries
from madoguchi.clerical.records.access import file_for
from madoguchi.clerical.records.errors import (
    HoldRefused,
    NothingToList,
    NotToBeListed,
    ReasonMissing,
    SecondPerson,
    WrongFileState,
    WrongListState,
)
from madoguchi.clerical.records.filing import Filing
from madoguchi.clerical.records.models import (
    CaseFile,
    CopyPart,
    DisposalItem,
    DisposalList,
    EndedDraft,
    FileEnd,
    LegalHold,
    ReadabilityCheck,
)
from madoguchi.clerical.records.queries import Filters
from madoguchi.clerical.records.states import Appraisal, FileState, HoldGround, ItemState, ListKind, ListState
from madoguchi.ledgers.documents.models import Content
from madoguchi.ledgers.office import actions as office
from madoguchi.ledgers.office import jobs
from madoguchi.ledgers.office.appointing import appoint
from madoguchi.ledgers.office.queries import trace_of, verify_chain
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.trace import Subject
from tests.factories_decisions import submit
from tests.factories_records import SECRET, approve, closed_file, in_office, settled
from tests.ledgers.documents.files import PDF

pytestmark = pytest.mark.django_db


def everything_stored() -> str:
    """Every row of every table of the town, as text; the trace of drafts too, which keeps hashes of comments only."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.columns WHERE column_name = 'municipality_id'"
            " AND table_schema = 'public'"
        )
        text = []
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT string_agg(t::text, chr(10)) FROM "{table}" t')
            text.append(cursor.fetchone()[0] or "")
    return "\n".join(text)


def listed(clerk: Any, at: datetime, *files: CaseFile, kind: ListKind = ListKind.DISPOSAL) -> uuid.UUID:
    return actions.prepare_list(kind=kind, file_ids=[file.pk for file in files], by=clerk, at=at)


def decide(list_id: uuid.UUID, clerk: Any, head: Any, at: datetime) -> int:
    draft_id = actions.submit_list(list_id=list_id, approver=head, by=clerk, at=at)
    approve(draft_id, head, at)
    return draft_id


def work_off(list_id: uuid.UUID, at: datetime) -> None:
    while DisposalList.objects.get(pk=list_id).state == ListState.RUNNING:
        assert actions.dispose_chunk(list_id=list_id, at=at)


def test_a_decided_list_disposes_and_keeps_the_record(
    clerk: Any, head: Any, town: Any, now: datetime, later: datetime
) -> None:
    file = closed_file(clerk, head, now, drafts=3)
    (found,) = queries.candidates(clerk, at=later)
    assert (found.row.id, found.kind, found.reasons) == (file.pk, ListKind.DISPOSAL, ())
    list_id = listed(clerk, later, file)
    draft_id = decide(list_id, clerk, head, later)
    draft = Draft.objects.get(pk=draft_id)
    assert (draft.kind, draft.class_code, draft.retention) == ("K41", "A-03-02", "永年")
    assert "2026年度 B-05-01 補助金の交付(市の補助)　3件　5年（2032-03-31）" in draft.body
    assert Attachment.objects.get(draft=draft).name == "目録.pdf"
    assert CaseFile.objects.get(pk=file.pk).state == FileState.LISTED
    work_off(list_id, later)
    end = FileEnd.objects.get()
    assert (end.title, end.treatment, end.approval) == ("補助金の交付(市の補助)", "disposed", draft.number)
    assert (end.closed_on, end.ends_on) == (date(2027, 6, 1), date(2032, 3, 31))
    row = DisposalList.objects.get()
    assert row.state == ListState.DONE
    assert jobs.job_progress(row.job).result == {"done": 1, "left_out": 0}
    assert verify_chain(town).broken is None


def test_text_editions_attachments_and_comments_go__number_dates_and_hashes_stay(
    clerk: Any, head: Any, now: datetime, later: datetime
) -> None:
    draft_id = settled(clerk, head, now, files=[("そらの家庭の事情.pdf", PDF)])
    kept = Draft.objects.get(pk=draft_id)
    hashes = [Edition.objects.get(draft=kept).sha256, Attachment.objects.get(draft=kept).sha256]
    actions.file_draft(draft_id=draft_id, by=clerk, at=now)
    actions.close_past_years(at=now.replace(year=2027, month=6))
    assert SECRET in everything_stored()
    list_id = listed(clerk, later, CaseFile.objects.get())
    decide(list_id, clerk, head, later)
    work_off(list_id, later)
    assert SECRET not in everything_stored()
    for model in (Step, Edition, Attachment):
        assert not model.objects.filter(draft=draft_id).exists()
    assert not Content.objects.filter(sha256=hashes[1]).exists()
    ended = EndedDraft.objects.get()
    assert (ended.number, ended.content_sha256) == (kept.number, kept.content_sha256)
    assert (ended.drafted_on, ended.settled_on) == (now.date(), now.date())
    assert [ended.hashes["editions"][0]["sha256"], ended.hashes["attachments"][0]["sha256"]] == hashes
    assert ended.hashes["steps"][0]["sha256"] == kept.content_sha256
    assert "佐藤" not in str(ended.hashes)
    assert altered_history() == []
    assert trace_of(Subject("decisions.draft", str(draft_id))).filter(verb="decisions.forgotten").exists()
    left = Draft.objects.get(pk=draft_id)
    assert (left.number, left.content_sha256, left.body) == (kept.number, kept.content_sha256, "")


def test_the_record_and_the_ended_file_are_permanent(
    clerk: Any, head: Any, now: datetime, later: datetime
) -> None:
    list_id = listed(clerk, later, closed_file(clerk, head, now))
    decide(list_id, clerk, head, later)
    work_off(list_id, later)
    for rows, change in (
        (FileEnd, {"title": "x"}),
        (EndedDraft, {"number": "x"}),
        (CaseFile, {"title": "x"}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.objects.update(**change)
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {rows._meta.db_table}")
    with pytest.raises(WrongFileState):
        actions.order_copy(file_id=CaseFile.objects.get().pk, purpose="監査", by=clerk, at=later)


def test_what_may_not_go_is_not_listed(clerk: Any, head: Any, now: datetime, later: datetime) -> None:
    file = closed_file(clerk, head, now)
    with pytest.raises(NotToBeListed, match="保存年限が満了していません（2032-03-31まで）"):
        listed(clerk, later - timedelta(days=1), file)
    with pytest.raises(NothingToList):
        listed(clerk, later)
    with pytest.raises(NotToBeListed, match="「移管」の目録に載せる簿冊ではありません"):
        listed(clerk, later, file, kind=ListKind.TRANSFER)
    actions.hold_file(
        file_id=file.pk, ground=HoldGround.DISCLOSURE, reason="開示請求 第3号", until=None, by=clerk, at=later
    )
    with pytest.raises(NotToBeListed, match="廃棄を止めています（開示請求）"):
        listed(clerk, later, file)
    hold = LegalHold.objects.get()
    actions.release_hold(hold_id=hold.pk, file_id=file.pk, by=clerk, at=later)
    actions.release_hold(hold_id=hold.pk, file_id=file.pk, by=clerk, at=later)
    listed(clerk, later, file)
    with pytest.raises(NotToBeListed, match="目録に記載"):
        listed(clerk, later, file)


def test_what_comes_between_is_left_out_with_its_reason(
    clerk: Any, head: Any, now: datetime, later: datetime
) -> None:
    held = closed_file(clerk, head, now)
    quoted = closed_file(clerk, head, now, class_code="E-01-01")
    going = closed_file(clerk, head, now, class_code="Z-01-01")
    list_id = listed(clerk, later, held, quoted, going)
    decide(list_id, clerk, head, later)
    actions.hold_file(
        file_id=held.pk, ground=HoldGround.LAWSUIT, reason="訴訟", until=later.date(), by=clerk, at=later
    )
    quote(quoted, clerk, head, later)
    work_off(list_id, later)
    told = dict(DisposalItem.objects.values_list("file", "reason"))
    assert told == {
        held.pk: "廃棄を止めています（訴訟）。",
        quoted.pk: "決裁の済んでいない起案に関わる文書があります。",
        going.pk: "",
    }
    assert CaseFile.objects.get(pk=held.pk).state == FileState.CLOSED
    assert queries.item_counts(DisposalList.objects.get()) == {ItemState.DONE: 1, ItemState.LEFT_OUT: 2}
    assert FileEnd.objects.get().file_id == going.pk


def quote(file: CaseFile, clerk: Any, head: Any, at: datetime) -> None:
    from madoguchi.clerical.decisions.terms import Terms

    terms = Terms(quoted_from=file.filed.get().draft_id)
    submit(by=clerk, approver=head, at=at, subject=Subject("test.matter", "quoting"), terms=terms)


def test_a_chunk_is_whole_or_not_at_all(
    clerk: Any, head: Any, now: datetime, later: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [closed_file(clerk, head, now, class_code=code) for code in ("B-05-01", "E-01-01", "Z-01-01")]
    list_id = listed(clerk, later, *files)
    decide(list_id, clerk, head, later)
    monkeypatch.setattr(disposing, "CHUNK", 2)
    assert actions.dispose_chunk(list_id=list_id, at=later) == 2
    kept = everything_stored()

    def killed(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(disposing, "_account_for", killed)
        with pytest.raises(KeyboardInterrupt):
            actions.dispose_chunk(list_id=list_id, at=later)
    assert everything_stored() == kept
    work_off(list_id, later)
    assert actions.dispose_chunk(list_id=list_id, at=later) == 0
    assert FileEnd.objects.count() == 3


def test_a_list_sent_back__submitted_again__rejected(
    clerk: Any, head: Any, now: datetime, later: datetime
) -> None:
    file = closed_file(clerk, head, now)
    list_id = listed(clerk, later, file)
    draft_id = actions.submit_list(list_id=list_id, approver=head, by=clerk, at=later)
    with pytest.raises(WrongListState):
        actions.drop_list(list_id=list_id, by=clerk, at=later)
    press(decisions.return_draft, draft_id, head, later)
    assert DisposalList.objects.get().state == ListState.PREPARED
    assert actions.submit_list(list_id=list_id, approver=head, by=clerk, at=later) == draft_id
    assert Attachment.objects.filter(draft=draft_id).count() == 1
    press(decisions.reject, draft_id, head, later)
    assert DisposalList.objects.get().state == ListState.DROPPED
    assert CaseFile.objects.get().state == FileState.CLOSED
    dropped = listed(clerk, later, file)
    actions.drop_list(list_id=dropped, by=clerk, at=later)
    assert CaseFile.objects.get().state == FileState.CLOSED


def press(verb: Any, draft_id: int, head: Any, at: datetime) -> None:
    shown = draft_for(head, draft_id, at)
    seen = {"seen_sha256": shown.content_sha256, "edition": shown.edition, "comment": "確かめてください"}
    verb(draft_id=draft_id, by=head, at=at, **seen)


def test_the_route_of_the_table_asks_the_section_of_records(
    clerk: Any, head: Any, staff_with: Any, section: Any, now: datetime, later: datetime
) -> None:
    """K41: 課長 decides, 総務課長 is consulted."""
    file = closed_file(clerk, head, now)
    year = {"fiscal_year": 2032, "phone": "0"}
    general = office.set_up_section(code="soumu", name="総務課", symbol="総", **year)
    office.set_up_section(code=section.code, name="子ども若者課", symbol="サ子青", **year)
    beside = staff_with(Role.SECTION_HEAD, login="soumu")
    in_office(beside, Role.SECTION_HEAD, later)
    appoint(staff=head, section=section, post="課長", on=later.date(), by=None, at=later)
    appoint(staff=beside, section=general, post="課長", on=later.date(), by=None, at=later)
    list_id = listed(clerk, later, file)
    draft_id = actions.submit_list(list_id=list_id, by=clerk, at=later)
    approve(draft_id, beside, later)
    assert DisposalList.objects.get().state == ListState.SUBMITTED
    approve(draft_id, head, later)
    assert DisposalList.objects.get().state == ListState.RUNNING


def test_scratch_needs_no_decision_but_two_people_and_everything_else_does(
    clerk: Any, head: Any, staff_with: Any, now: datetime, later: datetime
) -> None:
    scratch = closed_file(clerk, head, now, class_code="Z-01-04")
    list_id = listed(clerk, later, scratch, kind=ListKind.FREE)
    with pytest.raises(WrongListState):
        actions.submit_list(list_id=list_id, approver=head, by=clerk, at=later)
    with pytest.raises(SecondPerson):
        actions.begin_list(list_id=list_id, by=clerk, at=later)
    second = staff_with(Role.REVIEWER, login="second")
    in_office(second, Role.REVIEWER, later)
    actions.begin_list(list_id=list_id, by=second, at=later)
    work_off(list_id, later)
    assert FileEnd.objects.get().approval == ""
    other = listed(clerk, later, closed_file(clerk, head, now))
    with pytest.raises(WrongListState):
        actions.begin_list(list_id=other, by=clerk, at=later)


def test_what_may_be_historic_is_appraised_first(
    clerk: Any, head: Any, now: datetime, later: datetime
) -> None:
    file = closed_file(clerk, head, now, class_code="Z-01-02")
    with pytest.raises(NotToBeListed, match="選別が済んでいません"):
        listed(clerk, later, file, kind=ListKind.DOUBTFUL)
    told = {"file_id": file.pk, "by": clerk, "at": later, "edition": 2}
    with pytest.raises(ReasonMissing):
        actions.appraise_file(appraisal=Appraisal.DISPOSE, reason="", **told)
    actions.appraise_file(appraisal=Appraisal.DISPOSE, reason="定例の会議の記録", **told)
    list_id = listed(clerk, later, file, kind=ListKind.DOUBTFUL)
    assert Draft.objects.get(pk=decide(list_id, clerk, head, later)).kind == "K42"
    plain = closed_file(clerk, head, now)
    with pytest.raises(HoldRefused):
        actions.appraise_file(
            file_id=plain.pk, appraisal=Appraisal.TRANSFER, reason="x", by=clerk, at=later, edition=2
        )


def test_permanent_files_are_handed_over_with_a_whole_copy(
    clerk: Any, head: Any, now: datetime, later: datetime
) -> None:
    file = closed_file(clerk, head, now, class_code="A-02-01")
    assert file.ends_on is None
    with pytest.raises(NotToBeListed, match="全部の写し"):
        listed(clerk, later, file, kind=ListKind.TRANSFER)
    copy_id = actions.order_copy(file_id=file.pk, purpose="移管", by=clerk, at=later)
    actions.make_copy(copy_id=copy_id, at=later)
    list_id = listed(clerk, later, file, kind=ListKind.TRANSFER)
    assert Draft.objects.get(pk=decide(list_id, clerk, head, later)).kind == "K42"
    work_off(list_id, later)
    end = FileEnd.objects.get()
    assert (end.treatment, len(end.manifest_sha256)) == ("transferred", 64)
    assert Draft.objects.get(pk=file.filed.get().draft_id).body != ""


def test_copies_go_with_the_file(clerk: Any, head: Any, now: datetime, later: datetime) -> None:
    file = closed_file(clerk, head, now)
    copy_id = actions.order_copy(file_id=file.pk, purpose="確認", by=clerk, at=later)
    actions.make_copy(copy_id=copy_id, at=later)
    assert CopyPart.objects.exists()
    list_id = listed(clerk, later, file)
    decide(list_id, clerk, head, later)
    work_off(list_id, later)
    assert not CopyPart.objects.exists()


def test_holds_say_why_and_an_extension_until_when(
    clerk: Any, head: Any, now: datetime, later: datetime
) -> None:
    file = closed_file(clerk, head, now)
    told = {"file_id": file.pk, "by": clerk, "at": later}
    with pytest.raises(ReasonMissing):
        actions.hold_file(ground=HoldGround.AUDIT, reason="", until=None, **told)
    with pytest.raises(HoldRefused, match="期限が空"):
        actions.hold_file(ground=HoldGround.EXTENSION, reason="係属中", until=None, **told)
    with pytest.raises(HoldRefused, match="過ぎた日"):
        actions.hold_file(ground=HoldGround.AUDIT, reason="x", until=later.date() - timedelta(days=1), **told)
    until = later.date() + timedelta(days=3)
    actions.hold_file(ground=HoldGround.EXTENSION, reason="係属中", until=until, **told)
    (found,) = queries.candidates(clerk, at=later)
    assert found.reasons == ("廃棄を止めています（業務上の延長）。",)
    (found,) = queries.candidates(clerk, at=later + timedelta(days=4))
    assert found.reasons == ()


def test_a_list_that_was_stopped_goes_on_where_it_was(
    clerk: Any, head: Any, now: datetime, later: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [closed_file(clerk, head, now, class_code=code) for code in ("B-05-01", "E-01-01", "Z-01-01")]
    list_id = listed(clerk, later, *files)
    decide(list_id, clerk, head, later)
    with pytest.raises(WrongListState):
        actions.go_on_with_list(list_id=list_id, by=clerk, at=later)
    monkeypatch.setattr(disposing, "CHUNK", 1)
    assert actions.dispose_chunk(list_id=list_id, at=later) == 1
    first = DisposalList.objects.get().job
    jobs.stop(first, at=later)
    assert actions.dispose_chunk(list_id=list_id, at=later) == 0
    actions.go_on_with_list(list_id=list_id, by=clerk, at=later)
    job = DisposalList.objects.get().job
    shown = jobs.job_progress(job)
    assert (job != first, shown and shown.total) == (True, 2)
    work_off(list_id, later)
    assert FileEnd.objects.count() == 3


def test_comments_are_in_the_trace_by_their_hash_alone(clerk: Any, head: Any, now: datetime) -> None:
    draft_id = settled(clerk, head, now)
    comment = Step.objects.get(draft=draft_id).comment
    (line,) = trace_of(Subject("decisions.draft", str(draft_id))).filter(verb="decisions.approved")
    assert line.note["comment_sha256"] == sha256(comment.encode()).hexdigest()
    assert SECRET not in str(line.note)


def test_an_extension_is_decided_by_the_head_with_the_section_of_records(
    clerk: Any, head: Any, staff_with: Any, section: Any, now: datetime, later: datetime
) -> None:
    """RR06: 課長 with 総務課長."""
    file = closed_file(clerk, head, now)
    told = {"file_id": file.pk, "by": clerk, "at": later, "reason": "訴訟の見込み"}
    actions.hold_file(ground=HoldGround.EXTENSION, until=later.date() + timedelta(days=365), **told)
    actions.hold_file(ground=HoldGround.LAWSUIT, until=None, **told)
    lawsuit, extension = queries_holds(file, clerk, later)
    assert lawsuit.waits_for == ()
    assert extension.waits_for == ("課長", "総務課長（就いている人が登録されていません）")
    with pytest.raises(NotToBeListed, match="業務上の延長"):
        listed(clerk, later, file)
    sign = {"file_id": file.pk, "at": later}
    with pytest.raises(HoldRefused, match="自分では"):
        actions.sign_hold(hold_id=extension.id, by=clerk, **sign)
    with pytest.raises(HoldRefused, match="要りません"):
        actions.sign_hold(hold_id=lawsuit.id, by=head, **sign)
    colleague = staff_with(Role.REVIEWER, login="second")
    in_office(colleague, Role.REVIEWER, later)
    with pytest.raises(HoldRefused, match="課長と総務課長"):
        actions.sign_hold(hold_id=extension.id, by=colleague, **sign)
    assert not queries_holds(file, colleague, later)[1].may_sign
    actions.sign_hold(hold_id=extension.id, by=head, **sign)
    beside = head_of_records(section, later)
    (shown,) = queries.files(beside, Filters(), at=later)
    assert (shown.pk, file_for(beside, file.pk, later).may_copy) == (file.pk, False)
    assert queries_holds(file, beside, later)[1].waits_for == ("総務課長",)
    actions.sign_hold(hold_id=extension.id, by=beside, **sign)
    signed = queries_holds(file, clerk, later)[1]
    assert (signed.agreed_by, signed.signed_by, signed.waits_for) == (head.name, beside.name, ())
    assert not queries.files(beside, Filters(), at=later).exists(), "signed, it is another section's again"
    for column in ("signed_by", "agreed_by"):
        with pytest.raises(IntegrityError, match="by_another"), transaction.atomic():
            LegalHold.objects.filter(pk=extension.id).update(**{column: clerk})


def head_of_records(section: Any, at: datetime) -> Any:
    year = {"fiscal_year": 2032, "phone": "0"}
    general = office.set_up_section(code="soumu", name="総務課", symbol="総", **year)
    office.set_up_section(code=section.code, name="子ども若者課", symbol="サ子青", **year)
    beside = office.employ(
        login="soumu", name="木村　例", name_kana="キムラ　レイ", section=general, password="demo"
    )
    in_office(beside, Role.SECTION_HEAD, at)
    appoint(staff=beside, section=general, post="課長", on=at.date(), by=None, at=at)
    return beside


def queries_holds(file: CaseFile, clerk: Any, at: datetime) -> Any:
    return file_for(clerk, file.pk, at).holds


def test_files_are_opened_before_they_close_and_every_five_years(
    clerk: Any, head: Any, now: datetime, later: datetime
) -> None:
    draft_id = settled(clerk, head, now, files=[("計画.pdf", PDF)])
    file_id = actions.file_draft(draft_id=draft_id, by=clerk, at=now, filing=Filing())
    closes = now.replace(year=now.year + 1, month=6, day=1)
    actions.close_past_years(at=closes)
    (first,) = ReadabilityCheck.objects.filter(file=file_id)
    assert (first.checked_at, first.documents, first.faults) == (closes, 1, [])
    assert actions.check_readable_files(at=closes.replace(year=closes.year + 4)) == 0
    with connection.cursor() as cursor:
        cursor.execute("UPDATE documents_content SET body = 'x'")
    after = closes.replace(year=closes.year + 5, day=2)
    assert actions.check_readable_files(at=after) == 1
    shown = file_for(clerk, file_id, later).check
    assert shown is not None
    assert shown.documents == 1
    assert "添付1" in shown.faults[0]
    assert actions.check_readable_files(at=after) == 0
