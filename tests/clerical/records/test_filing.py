"""From a settled draft into a file, and from the file to its completion."""

from datetime import date, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from madoguchi.clerical.decisions import actions as decisions
from madoguchi.clerical.decisions.access import draft_for
from madoguchi.clerical.decisions.models import Draft
from madoguchi.clerical.decisions.terms import Terms
from madoguchi.clerical.records import actions, queries
from madoguchi.clerical.records.access import file_for
from madoguchi.clerical.records.errors import (
    ClassUnknown,
    FileOutdated,
    FilingRefused,
    ReasonMissing,
    TableRefused,
    TermUnreadable,
    WrongFileState,
)
from madoguchi.clerical.records.filing import Filing
from madoguchi.clerical.records.models import CaseFile, FiledDraft
from madoguchi.clerical.records.queries import Filters
from madoguchi.clerical.records.rules import require_file_move, require_list_move
from madoguchi.clerical.records.states import NEXT_OF_FILE, NEXT_OF_LIST, FileState, ListState
from madoguchi.ledgers.office import actions as office
from madoguchi.ledgers.office.errors import NotAllowed, NotFound
from madoguchi.ledgers.office.queries import trace_of
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.trace import Subject
from tests.factories_decisions import submit
from tests.factories_records import SECRET, closed_file, settled

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("former", "to"), list(product(FileState, repeat=2)))
def test_every_pair_of_states_of_a_file(former: FileState, to: FileState) -> None:
    if to in NEXT_OF_FILE[former]:
        require_file_move(former, to)
        return
    with pytest.raises(WrongFileState, match=former.label):
        require_file_move(former, to)


@pytest.mark.parametrize(("former", "to"), list(product(ListState, repeat=2)))
def test_every_pair_of_states_of_a_list(former: ListState, to: ListState) -> None:
    if to in NEXT_OF_LIST[former]:
        require_list_move(former, to)
        return
    with pytest.raises(Exception, match=former.label):
        require_list_move(former, to)


def test_one_press_files_a_draft_with_what_it_was_drafted_with(clerk: Any, head: Any, now: datetime) -> None:
    draft_id = settled(clerk, head, now)
    file_id = actions.file_draft(draft_id=draft_id, by=clerk, at=now)
    file, filed = CaseFile.objects.get(pk=file_id), FiledDraft.objects.get()
    assert (file.fiscal_year, file.class_code, file.title) == (2026, "B-05-01", "補助金の交付(市の補助)")
    assert (file.state, file.retention, file.at_end) == (FileState.OPEN, "5年", "廃棄")
    assert (filed.draft_id, filed.completed_on, filed.retention) == (draft_id, now.date(), "5年")
    assert actions.file_draft(draft_id=draft_id, by=clerk, at=now) == file_id
    assert FiledDraft.objects.count() == 1
    assert not queries.unfiled(clerk, at=now).exists()


def test_an_undecided_draft_is_not_filed__a_rejected_and_a_discarded_one_are(
    clerk: Any, head: Any, now: datetime
) -> None:
    told = {"terms": Terms(class_code="Z-01-01")}
    waiting = submit(by=clerk, approver=head, at=now, subject=Subject("test.matter", "w"), **told)
    with pytest.raises(NotFound):
        actions.file_draft(draft_id=waiting, by=clerk, at=now)
    shown = draft_for(head, waiting, now)
    seen = {"seen_sha256": shown.content_sha256, "edition": shown.edition, "comment": "不要"}
    decisions.reject(draft_id=waiting, by=head, at=now, **seen)
    given_up = submit(by=clerk, approver=head, at=now, subject=Subject("test.matter", "d"), **told)
    decisions.take_back(draft_id=given_up, by=clerk, at=now, reason="取りやめ")
    decisions.discard(draft_id=given_up, by=clerk, at=now, reason="取りやめ")
    filed = actions.file_drafts(draft_ids=[waiting, given_up], by=clerk, at=now)
    assert (filed.count, filed.problems) == (2, ())


def test_many_at_once__what_cannot_be_filed_says_why(clerk: Any, head: Any, now: datetime) -> None:
    good, bare = settled(clerk, head, now), settled(clerk, head, now, class_code="")
    filed = actions.file_drafts(draft_ids=[good, bare], by=clerk, at=now)
    number = Draft.objects.get(pk=bare).number
    assert filed.count == 1
    assert filed.problems == (f"{number}: 分類記号が空です。文書分類表から分類を選んでください。",)
    assert actions.file_drafts(draft_ids=[good, bare], by=clerk, at=now, class_code="Z-01-02").problems == ()
    assert set(CaseFile.objects.values_list("class_code", flat=True)) == {"B-05-01", "Z-01-02"}


@pytest.mark.parametrize(
    ("filing", "refusal"),
    [
        (Filing(class_code="X-99"), ClassUnknown),
        (Filing(retention="ずっと"), TermUnreadable),
        (Filing(completed_on=date(2026, 11, 22)), FilingRefused),
        (Filing(completed_on=date(2026, 11, 20)), FilingRefused),
    ],
)
def test_what_cannot_be_is_refused(
    clerk: Any, head: Any, now: datetime, filing: Filing, refusal: Any
) -> None:
    draft_id = settled(clerk, head, now)
    with pytest.raises(refusal):
        actions.file_draft(draft_id=draft_id, by=clerk, at=now, filing=filing)
    assert not CaseFile.objects.exists()


def test_accounting_papers_of_the_settling_months_stay_in_their_year(
    clerk: Any, head: Any, now: datetime
) -> None:
    march, may = now.replace(year=2027, month=3, day=30), now.replace(year=2027, month=5, day=20)
    paid = settled(clerk, head, march, class_code="B-02-01")
    told = Filing(completed_on=may.date())
    file = CaseFile.objects.get(pk=actions.file_draft(draft_id=paid, by=clerk, at=may, filing=told))
    assert file.fiscal_year == 2026
    assert actions.close_past_years(at=may) == 0
    assert actions.close_past_years(at=may.replace(month=6, day=1)) == 1
    file.refresh_from_db()
    assert (file.counts_from, file.ends_on) == (date(2027, 4, 1), date(2032, 3, 31))


def test_another_section_and_a_person_without_the_power(
    clerk: Any, head: Any, staff_with: Any, now: datetime
) -> None:
    draft_id = settled(clerk, head, now)
    with pytest.raises(NotAllowed):
        actions.file_draft(draft_id=draft_id, by=staff_with(login="nobody"), at=now)
    other = office.set_up_section(code="zei", fiscal_year=2026, name="税務課", symbol="税", phone="0")
    stranger = staff_with(Role.REVIEWER, login="stranger")
    stranger.section = other
    stranger.save()
    with pytest.raises(NotFound):
        actions.file_draft(draft_id=draft_id, by=stranger, at=now)
    file_id = actions.file_draft(draft_id=draft_id, by=clerk, at=now)
    with pytest.raises(NotFound):
        file_for(stranger, file_id, now)
    seen = file_for(staff_with(Role.AUDITOR, login="auditor"), file_id, now)
    assert (seen.may_work, seen.may_run, len(seen.documents)) == (False, False, 1)


def test_a_draft_filed_by_mistake_comes_out_of_an_open_file_only(
    clerk: Any, head: Any, now: datetime
) -> None:
    draft_id = settled(clerk, head, now)
    file_id = actions.file_draft(draft_id=draft_id, by=clerk, at=now)
    with pytest.raises(ReasonMissing):
        actions.unfile_draft(draft_id=draft_id, by=clerk, at=now, reason=" ")
    actions.unfile_draft(draft_id=draft_id, by=clerk, at=now, reason="分類の誤り")
    assert [draft.pk for draft in queries.unfiled(clerk, at=now)] == [draft_id]
    actions.file_draft(draft_id=draft_id, by=clerk, at=now)
    actions.close_file(file_id=file_id, by=clerk, at=now, edition=1)
    with pytest.raises(FilingRefused):
        actions.unfile_draft(draft_id=draft_id, by=clerk, at=now, reason="分類の誤り")


def test_completion_by_hand_and_open_again_with_a_reason(clerk: Any, head: Any, now: datetime) -> None:
    file_id = actions.file_draft(draft_id=settled(clerk, head, now), by=clerk, at=now)
    with pytest.raises(FileOutdated):
        actions.close_file(file_id=file_id, by=clerk, at=now, edition=7)
    actions.close_file(file_id=file_id, by=clerk, at=now, edition=1)
    file = CaseFile.objects.get()
    assert (file.state, file.counts_from, file.ends_on) == ("closed", date(2027, 4, 1), date(2032, 3, 31))
    with pytest.raises(WrongFileState):
        actions.close_file(file_id=file_id, by=clerk, at=now, edition=2)
    late = settled(clerk, head, now)
    with pytest.raises(FilingRefused, match="開き直す"):
        actions.file_draft(draft_id=late, by=clerk, at=now)
    with pytest.raises(ReasonMissing):
        actions.reopen_file(file_id=file_id, by=clerk, at=now, edition=2, reason="")
    actions.reopen_file(file_id=file_id, by=clerk, at=now, edition=2, reason="綴じ漏れ")
    actions.file_draft(draft_id=late, by=clerk, at=now, filing=Filing(retention="10年"))
    note = trace_of(Subject("records.file", str(file_id))).get(verb="records.file_reopened").note
    assert note["reason"] == "綴じ漏れ"
    assert actions.close_past_years(at=now.replace(year=2027, month=6)) == 0
    actions.close_file(file_id=file_id, by=clerk, at=now + timedelta(days=1), edition=3)
    file.refresh_from_db()
    assert (file.retention, file.ends_on) == ("10年", date(2037, 3, 31))


def test_the_year_closes_the_file_unless_a_draft_of_its_class_waits(
    clerk: Any, head: Any, now: datetime
) -> None:
    spring = now.replace(year=2027, month=4, day=1)
    file_id = actions.file_draft(draft_id=settled(clerk, head, now), by=clerk, at=now)
    waiting = settled(clerk, head, now)
    assert actions.close_past_years(at=now) == 0
    assert actions.close_past_years(at=spring) == 0
    assert file_for(clerk, file_id, spring).waiting == 1
    actions.file_draft(draft_id=waiting, by=clerk, at=spring)
    assert actions.close_past_years(at=spring) == 1
    assert CaseFile.objects.get().state == FileState.CLOSED


def test_the_database_keeps_a_file_whole(clerk: Any, head: Any, now: datetime) -> None:
    file = closed_file(clerk, head, now)
    for broken in ({"closed_at": None}, {"title": ""}, {"appraisal": "dispose"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            CaseFile.objects.filter(pk=file.pk).update(**broken)


def test_the_list_and_its_counts(clerk: Any, head: Any, now: datetime, later: datetime) -> None:
    file = closed_file(clerk, head, now)
    other = actions.file_draft(draft_id=settled(clerk, head, now, class_code="Z-01-01"), by=clerk, at=now)
    on_time = later - timedelta(days=10)
    counts = queries.file_counts(clerk, Filters(), at=on_time)
    assert (counts[""], counts["open"], counts["soon"], counts["over"]) == (2, 1, 1, 0)
    assert queries.file_counts(clerk, Filters(), at=later)["over"] == 1
    for view, count in queries.file_counts(clerk, Filters(), at=later).items():
        assert queries.files(clerk, Filters(view), at=later).count() == count
    assert [row.id for row in queries.files(clerk, Filters(class_code="Z-01-01"), at=now)] == [other]
    assert queries.files(clerk, Filters(year=2025), at=now).count() == 0
    assert queries.files(clerk, Filters(words="補助金"), at=now).get().pk == file.pk
    assert queries.files(clerk, Filters(view="none"), at=now).count() == 0


def test_a_town_brings_its_own_table(clerk: Any, head: Any, staff_with: Any, now: datetime) -> None:
    head_line = "class_code,large,middle,small,retention,starts,at_end\n"
    mine = head_line + "子1,福祉,子ども,補助,7年,完結した年度の翌年度4月1日,移管選別\n"
    with pytest.raises(NotAllowed):
        actions.put_in_classes(text=mine, by=clerk, at=now)
    joho = staff_with(Role.IT_ADMIN, login="joho")
    with pytest.raises(TableRefused, match="2行目 retention"):
        actions.put_in_classes(text=mine.replace("7年", "七"), by=joho, at=now)
    assert actions.put_in_classes(text=mine, by=joho, at=now) == 1
    draft_id = settled(clerk, head, now, class_code="子1")
    actions.file_draft(draft_id=draft_id, by=clerk, at=now)
    assert CaseFile.objects.get().retention == "7年"
    with pytest.raises(ClassUnknown):
        actions.file_draft(draft_id=settled(clerk, head, now), by=clerk, at=now)


def test_looking_at_a_file_leaves_a_trace(clerk: Any, head: Any, now: datetime) -> None:
    file = closed_file(clerk, head, now)
    shown = file_for(clerk, file.pk, now)
    assert shown.documents[0].title == "補助金の交付決定について"
    assert SECRET not in str(shown.row)
    assert trace_of(Subject("records.file", str(file.pk))).filter(verb="records.file_looked_at").count() == 1
