"""収納・債権者の取込み: every line is taken or named; a look-up tells value, day and source."""

from datetime import date, datetime
from typing import Any

import pytest

from madoguchi.clerical.payments import queries
from madoguchi.clerical.payments.errors import SnapshotUnreadable
from madoguchi.clerical.payments.states import SnapshotKind
from tests.factories_payments import arrears, creditors, take

ROW = "K1,1001,見本　花子,ミホン ハナコ,9999,997,普通,0123456,ミホン ハナコ\n"


def test_arrears__are_told_with_day_and_source(town: Any, now: datetime) -> None:
    assert queries.arrears_of([1001]) == {}
    taken = arrears("1001,3,履行中\n1002,2,broken\n", now, as_of=date(2026, 11, 1))
    assert (taken.rows, taken.rejected) == (2, ())
    found = queries.arrears_of([1001, 1002, 1003])
    assert (found[1001].months, found[1001].plan) == (3, "kept")
    assert (found[1002].months, found[1002].plan) == (2, "broken")
    assert (found[1003].months, found[1003].plan) == (0, "none")
    source = found[1003].source
    assert (source.name, source.as_of, source.taken_at) == ("収納システム", date(2026, 11, 1), now)


def test_rejected_lines__are_named_and_their_people_are_unknown(town: Any, now: datetime) -> None:
    taken = arrears("1001,三,\n,1,\n1002,1,\n1002,2,\n1003,1,たぶん\n1004,1\n", now)
    assert taken.rows == 1
    told = [(each.line, each.column) for each in taken.rejected]
    assert told == [(2, "滞納月数"), (3, "宛名番号"), (5, "宛名番号"), (6, "分納の約束"), (7, "")]
    assert "「三」" in taken.rejected[0].reason
    assert queries.arrears_of([1001])[1001].months is None
    assert queries.arrears_of([1002])[1002].months == 1


def test_the_latest_day_answers_and_the_same_file_is_the_same(town: Any, now: datetime) -> None:
    arrears("1001,3,\n", now, as_of=date(2026, 11, 10))
    arrears("1001,1,\n", now, as_of=date(2026, 11, 1))
    assert queries.arrears_of([1001])[1001].months == 3
    assert arrears("1001,3,\n", now, as_of=date(2026, 11, 10)).again
    with pytest.raises(SnapshotUnreadable, match="先の日付"):
        arrears("1001,3,\n", now, as_of=date(2026, 12, 1))


@pytest.mark.parametrize(("text", "part"), [("宛名番号\n1\n", "滞納月数"), ("", "見出し")])
def test_another_list_is_refused(town: Any, now: datetime, text: str, part: str) -> None:
    with pytest.raises(SnapshotUnreadable, match=part):
        take(SnapshotKind.ARREARS, text, now)


def test_a_list_without_one_readable_line_is_refused(town: Any, now: datetime) -> None:
    with pytest.raises(SnapshotUnreadable, match="2行目"):
        arrears("1001,三,\n", now)


def test_creditors__are_found_by_the_number_of_the_person(town: Any, now: datetime) -> None:
    assert queries.creditors_of([1001]) == {}
    taken = creditors(
        ROW + "K2,,例示商事,レイジショウジ,9999,997,当座,7654321,レイジシヨウジ\nK3,1003,例,れい,1,2,3,4,5\n",
        now,
    )
    assert (taken.rows, [each.line for each in taken.rejected]) == (2, [4])
    found = queries.creditors_of([1001, 1002])
    assert (found[1001].number, found[1001].deposit, found[1001].is_registered) == ("K1", "1", True)
    assert not found[1002].is_registered


def test_lists_of_windows_are_read(town: Any, now: datetime) -> None:
    text = "宛名番号,滞納月数,分納の約束\n１００１,２,不履行\n"
    from madoguchi.clerical.payments.actions import take_snapshot
    from madoguchi.ledgers.office.trace import SYSTEM

    take_snapshot(
        kind=SnapshotKind.ARREARS, file_name="a.csv", body=text.encode("cp932"), as_of=date(2026, 11, 1),
        source="収納", by=SYSTEM, at=now,
    )  # fmt: skip
    assert queries.arrears_of([1001])[1001].plan == "broken"
