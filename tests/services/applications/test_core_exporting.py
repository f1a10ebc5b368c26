"""Files for core systems: each case exactly once, whatever is pressed twice, killed, changed, refused or protected."""

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.utils import IntegrityError

from madoguchi.ledgers.office.errors import NotAllowed, NotFound
from madoguchi.ledgers.office.models import Trace
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.session import enter_municipality, municipality_session
from madoguchi.ledgers.office.trace import SYSTEM
from madoguchi.ledgers.procedures.actions import put_in_use
from madoguchi.ledgers.procedures.package import read_files
from madoguchi.services.applications import actions, core_exporting
from madoguchi.services.applications.core_errors import (
    AnswerUnreadable,
    ExportMoved,
    NothingToExport,
    NotYetExported,
    RowsUnfit,
    WhyMissing,
)
from madoguchi.services.applications.core_exporting import begin_export_due, export_due, preview
from madoguchi.services.applications.core_queries import (
    cases,
    export_of,
    files,
    find_target,
    retyping,
    targets,
)
from madoguchi.services.applications.models import Application, CoreExport, CoreExportRow
from madoguchi.services.applications.states import CoreState
from madoguchi.services.applications.tasks import core_export
from tests.factories_applications import FILES, received, typed
from tests.factories_exports import DELIMITED, read_quoted

SLUG, TARGET = "mihon-club", "daicho"
LAYOUT = DELIMITED.replace("ENCODING", "cp932").replace("QUOTING", "all")


def with_layout(now: datetime, layout: str = LAYOUT) -> Any:
    return put_in_use(read_files(FILES | {"exports/daicho.toml": layout.encode()}), by=SYSTEM, at=now)


@pytest.fixture
def loaded(section: Any, now: datetime) -> Any:
    """The small package with one core system."""
    return with_layout(now)


@pytest.fixture
def clerk(staff_with: Any) -> Any:
    return staff_with(Role.REVIEWER)


def export(clerk: Any, now: datetime, press: uuid.UUID | None = None) -> Any:
    return export_due(slug=SLUG, target=TARGET, press=press or uuid.uuid4(), by=clerk, at=now)


def body_of(made: Any) -> bytes:
    return bytes(CoreExport.objects.get(pk=made.exports[0]).body)


def lines(made: Any) -> list[list[str]]:
    return read_quoted(body_of(made), "cp932")[1:]


def counts(clerk: Any, now: datetime) -> dict[str, int]:
    (view,) = targets(find_target(SLUG, TARGET, by=clerk, at=now).package, by=clerk, at=now)
    return view.counts


def test_every_case_once_and_the_second_clerk_is_told(
    loaded: Any, clerk: Any, staff_with: Any, now: datetime
) -> None:
    numbers = [received(loaded, now, each).number for each in (1, 2, 3)]
    made = export(clerk, now)
    assert [line[1] for line in lines(made)] == numbers
    assert counts(clerk, now) | {"waiting": 3} == {
        **dict.fromkeys(("due", "changed", "cancelled", "rejected", "held"), 0),
        "exported": 3,
        "waiting": 3,
    }
    other = staff_with(Role.REVIEWER, login="other")
    with pytest.raises(NothingToExport, match="佐藤　例さんが"):
        export(other, now)
    later = received(loaded, now, 4).number
    assert [line[1] for line in lines(export(other, now))] == [later]


def test_the_same_press_is_the_same_file(loaded: Any, clerk: Any, now: datetime) -> None:
    received(loaded, now)
    press = uuid.uuid4()
    assert export(clerk, now, press) == export(clerk, now, press)
    assert CoreExport.objects.count() == 1


def test_a_case_cannot_be_valid_twice_even_past_the_program(loaded: Any, clerk: Any, now: datetime) -> None:
    received(loaded, now)
    export(clerk, now)
    row = CoreExportRow.objects.get()
    row.pk, row.position = None, 2
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_what_changed_goes_out_as_a_change_and_what_only_moved_does_not(
    loaded: Any, clerk: Any, now: datetime
) -> None:
    first, second, third = (received(loaded, now, each).number for each in (1, 2, 3))
    export(clerk, now)
    Application.objects.filter(number=first).update(edition=9)
    case = Application.objects.get(number=second)
    case.answers["work_days"], case.edition = 8, 9
    case.save()
    actions.withdraw(number=third, by=SYSTEM, at=now)
    assert counts(clerk, now)["changed"] == 2
    assert counts(clerk, now)["cancelled"] == 1
    made = export(clerk, now)
    assert [(line[0], line[1], line[5]) for line in lines(made)] == [("2", second, "8"), ("3", third, "20")]
    assert made.same == 1
    with pytest.raises(NothingToExport):
        export(clerk, now)


def test_a_row_that_does_not_fit_stops_the_file_and_names_it(loaded: Any, clerk: Any, now: datetime) -> None:
    received(loaded, now, 1)
    number = received(loaded, now, raw=typed(2, child_name__family="𠮷田")).number
    with pytest.raises(RowsUnfit, match=f"{number}「氏名」: 「𠮷」（U\\+20BB7）"):
        export(clerk, now)
    assert not CoreExport.objects.exists()
    draft = preview(slug=SLUG, target=TARGET, by=clerk, at=now)
    assert [problem.number for problem in draft.problems] == [number]
    assert not CoreExport.objects.exists()


def test_a_layout_may_hold_the_unfit_back_and_send_the_others(clerk: Any, now: datetime) -> None:
    loaded = with_layout(now, f'unmappable = "hold"\n{LAYOUT}')
    good = received(loaded, now, 1).number
    received(loaded, now, raw=typed(2, child_name__family="𠮷田"))
    made = export(clerk, now)
    assert [line[1] for line in lines(made)] == [good]
    assert len(made.problems) == 1
    assert counts(clerk, now)["due"] == 1


def test_a_change_while_the_file_is_made_makes_it_anew(
    loaded: Any, clerk: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = received(loaded, now).number
    real, tries = core_exporting._locked, []

    def changed_meanwhile(*given: Any, **named: Any) -> Any:
        if not tries:
            case = Application.objects.get(number=number)
            case.answers["work_days"], case.edition = 3, 2
            case.save()
        tries.append(1)
        return real(*given, **named)

    monkeypatch.setattr(core_exporting, "_locked", changed_meanwhile)
    assert lines(export(clerk, now))[0][5] == "3"
    assert len(tries) == 2


def test_a_failure_before_the_end_leaves_nothing(
    loaded: Any, clerk: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    received(loaded, now)
    press = uuid.uuid4()

    def killed(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(core_exporting, "_trace", killed)
        with pytest.raises(KeyboardInterrupt), transaction.atomic():
            export(clerk, now, press)
    assert not CoreExport.objects.exists()
    assert not CoreExportRow.objects.exists()
    assert len(lines(export(clerk, now, press))) == 1


def test_a_former_file_again_is_the_same_to_the_byte_and_needs_a_reason(
    loaded: Any, clerk: Any, now: datetime
) -> None:
    received(loaded, now)
    made = export(clerk, now)
    key = made.exports[0]
    first = actions.fetch_core_file(export_id=key, by=clerk, at=now)
    assert CoreExport.objects.get(pk=key).state == CoreState.HANDED_OVER
    received(loaded, now, 2)
    with pytest.raises(WhyMissing):
        actions.fetch_core_file(export_id=key, by=clerk, at=now)
    again = actions.fetch_core_file(
        export_id=key, reason="連携先で読み込みに失敗", by=clerk, at=now + timedelta(days=3)
    )
    assert again == first
    row = Trace.objects.get(verb="applications.core_fetched_again")
    assert row.purpose == "連携先で読み込みに失敗"
    assert Trace.objects.filter(verb="applications.core_exported", purpose="台帳への登録").count() == 2


def test_single_cases_again_with_a_reason(loaded: Any, clerk: Any, now: datetime) -> None:
    first, second = (received(loaded, now, each).number for each in (1, 2))
    export(clerk, now)
    new = received(loaded, now, 3).number

    def again(numbers: list[str], reason: str = "台帳で消えたため") -> Any:
        return actions.export_again(
            slug=SLUG, target=TARGET, numbers=numbers, reason=reason, press=uuid.uuid4(), by=clerk, at=now
        )

    with pytest.raises(WhyMissing):
        again([second], " ")
    with pytest.raises(NotYetExported, match=new):
        again([second, new])
    assert [line[:2] for line in lines(again([second]))] == [["2", second]]
    assert Trace.objects.filter(verb="applications.core_exported_again").count() == 2
    assert CoreExportRow.objects.filter(is_valid=True, application__number=first).count() == 1
    assert counts(clerk, now)["exported"] == 2


def test_the_answer_of_the_core_system(loaded: Any, clerk: Any, now: datetime) -> None:
    good, bad = (received(loaded, now, each).number for each in (1, 2))
    key = export(clerk, now).exports[0]
    answer = f"番号,結果,内容\r\n{good},0,\r\n{bad},9,宛名なし\r\nXX-1,0,\r\n".encode("cp932")

    def take(body: bytes = answer) -> Any:
        return actions.take_core_answer(export_id=key, body=body, by=clerk, at=now)

    with pytest.raises(ExportMoved, match="作成済み"):
        take()
    actions.fetch_core_file(export_id=key, by=clerk, at=now)
    with pytest.raises(AnswerUnreadable):
        take(b"a\n1\n")
    taken = take()
    assert (taken.accepted, taken.rejected, taken.unknown, taken.before) == (1, 1, ("XX-1",), 0)
    assert take().before == 2
    assert CoreExport.objects.get(pk=key).state == CoreState.CONFIRMED
    target = find_target(SLUG, TARGET, by=clerk, at=now)
    ((row,), count) = cases(target, "rejected", 1)
    assert (row.number, row.message, count) == (bad, "宛名なし", 1)
    told = {"slug": SLUG, "target": TARGET, "number": bad, "by": clerk, "at": now}
    with pytest.raises(WhyMissing):
        actions.settle_core_row(**told, again=True, reason="")
    actions.settle_core_row(**told, again=True, reason="宛名を付けた")
    assert counts(clerk, now)["due"] == 1
    assert [line[1] for line in lines(export(clerk, now))] == [bad]
    with pytest.raises(NotFound):
        actions.settle_core_row(**told, again=False, reason="もう一度")
    with pytest.raises(ExportMoved):
        actions.call_off_core_file(export_id=key, reason="間違い", by=clerk, at=now)


def test_a_file_called_off_gives_its_cases_back(loaded: Any, clerk: Any, now: datetime) -> None:
    number = received(loaded, now).number
    export(clerk, now)
    case = Application.objects.get(number=number)
    case.answers["work_days"], case.edition = 8, 9
    case.save()
    changed = export(clerk, now).exports[0]
    assert counts(clerk, now)["changed"] == 0
    actions.call_off_core_file(export_id=changed, reason="連携先の障害", by=clerk, at=now)
    assert counts(clerk, now)["changed"] == 1
    assert CoreExportRow.objects.get(is_valid=True).kind == "new"
    assert [line[0] for line in lines(export(clerk, now))] == ["2"]


def test_a_large_set_is_a_job_and_ends_in_the_same_file(
    loaded: Any, clerk: Any, now: datetime, monkeypatch: pytest.MonkeyPatch, town: Any
) -> None:
    monkeypatch.setattr(core_exporting, "AT_ONCE", 1)
    monkeypatch.setattr(core_exporting, "STEP", 1)
    for each in (1, 2, 3):
        received(loaded, now, each)
    press = uuid.uuid4()
    assert begin_export_due(slug=SLUG, target=TARGET, press=press, by=clerk, at=now) is None
    assert begin_export_due(slug=SLUG, target=TARGET, press=press, by=clerk, at=now) is None
    told = {"slug": SLUG, "target": TARGET, "login": clerk.login, "at": now.isoformat()}
    for _ in range(2):
        core_export(town.pk, str(press), told)
        enter_municipality(town.pk)
    from madoguchi.ledgers.office.jobs import job_progress

    progress = job_progress(press)
    assert progress is not None
    assert progress.is_over
    assert progress.result["rows"] == 3
    assert CoreExport.objects.count() == 1


def test_who_may(loaded: Any, staff_with: Any, clerk: Any, now: datetime) -> None:
    received(loaded, now)
    with pytest.raises(NotAllowed):
        export(staff_with(Role.COUNTER_CLERK), now)
    key = export(clerk, now).exports[0]
    with pytest.raises(NotAllowed):
        export_of(key, by=staff_with(Role.AUDITOR), at=now)
    with pytest.raises(NotFound):
        find_target(SLUG, "nothing", by=clerk, at=now)
    with pytest.raises(NotFound):
        find_target("nothing", TARGET, by=clerk, at=now)


def test_another_town_sees_no_file(loaded: Any, clerk: Any, now: datetime, other_town: Any) -> None:
    received(loaded, now)
    key = export(clerk, now).exports[0]
    with municipality_session(other_town.pk):
        assert not CoreExport.objects.exists()
        with pytest.raises((NotAllowed, NotFound)):
            actions.fetch_core_file(export_id=key, by=clerk, at=now)


def test_the_retyping_that_fell_away_is_counted_once(loaded: Any, clerk: Any, now: datetime) -> None:
    number = received(loaded, now).number
    key = export(clerk, now).exports[0]
    assert retyping(SLUG).items == 0
    actions.fetch_core_file(export_id=key, by=clerk, at=now)
    again = actions.export_again(
        slug=SLUG, target=TARGET, numbers=[number], reason="控え", press=uuid.uuid4(), by=clerk, at=now
    )
    actions.fetch_core_file(export_id=again.exports[0], by=clerk, at=now)
    told = retyping(SLUG)
    assert (told.cases, told.items, told.files) == (1, 5, 1)
    assert len(files(find_target(SLUG, TARGET, by=clerk, at=now))) == 2
