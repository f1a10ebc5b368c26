"""収納・債権者の照会 with a case, and facts about the other cases of the procedure."""

import uuid
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.trace import SYSTEM
from madoguchi.ledgers.procedures.actions import put_in_use
from madoguchi.ledgers.procedures.package import files_of, read_files
from madoguchi.services.applications import actions
from madoguchi.services.applications.looking_up import NothingToAsk
from madoguchi.services.applications.models import Application
from madoguchi.services.applications.states import Channel, CheckResult
from tests.factories_payments import arrears, creditors
from tests.factories_registry import enter_family

NEKO, GAKUDO = Path("packages/neko-hojokin/2026-04"), Path("packages/gakudo-club/2026-10")


def in_use(folder: Path, now: datetime) -> Any:
    files = files_of(folder)
    files["procedure.toml"] = files["procedure.toml"].replace(b'section = "eisei"', b'section = "kodomo"')
    return put_in_use(read_files(files), by=SYSTEM, at=now)


def typed(loaded: Any, **changed: str) -> dict[str, list[str]]:
    example = next(each for each in loaded.package.examples if each.stage == "received")
    return {**example.raw, **{name.replace("__", "-"): [value] for name, value in changed.items()}}


def receive(loaded: Any, now: datetime, resident_id: int | None = None, **changed: str) -> Application:
    receipt = actions.receive(
        version_id=loaded.version_id,
        period_code=loaded.package.periods[0].code,
        raw=typed(loaded, **changed),
        channel=Channel.PAPER,
        by=SYSTEM,
        at=now,
        submission_key=uuid.uuid4(),
        resident_id=resident_id,
    )
    return Application.objects.get(pk=receipt.application_id)


def result(application: Application, code: str) -> str:
    return str(application.checks.get(code=code).result)


@pytest.fixture
def mother(section: Any) -> Any:
    """宛名番号 8000001."""
    return enter_family()[0]


def test_arrears_and_creditor_are_told_with_day_source_and_time(mother: Any, now: datetime) -> None:
    arrears("8000001,4,履行中\n", now, as_of=date(2026, 11, 1))
    creditors("K77,8000001,見本　花子,ミホン ハナコ,9999,997,普通,0123456,ミホン ハナコ\n", now)
    case = receive(in_use(NEKO, now), now, mother.pk)
    assert (case.facts["arrears_months"], case.facts["arrears_plan"]) == (4, "kept")
    assert (case.facts["creditor_registered"], case.facts["creditor_number"]) == (True, "K77")
    first = case.facts["looked_up"][0]
    assert first["value"] == "4か月（分納の約束 履行中）"
    assert (first["source"], first["as_of"], first["at"]) == ("収納システム", "2026-11-01", now.isoformat())
    assert [result(case, code) for code in ("arrears", "creditor")] == ["passed", "passed"]


def test_without_a_list_or_a_resident_nothing_is_said(mother: Any, now: datetime) -> None:
    loaded = in_use(NEKO, now)
    assert result(receive(loaded, now, mother.pk), "arrears") == CheckResult.NOT_RUN
    arrears("8000009,1,\n", now)
    assert result(receive(loaded, now, mother.pk, cat_name="クロ"), "arrears") == CheckResult.PASSED
    assert result(receive(loaded, now, None, cat_name="シロ"), "arrears") == CheckResult.NOT_RUN


def test_an_unreadable_line_is_not_a_clean_record(mother: Any, now: datetime) -> None:
    arrears("8000001,四,\n8000009,1,\n", now)
    case = receive(in_use(NEKO, now), now, mother.pk)
    assert result(case, "arrears") == CheckResult.NOT_RUN
    assert "分かりません" in case.facts["looked_up"][0]["value"]


def test_the_club_asks_for_arrears_too_and_for_nothing_else(mother: Any, now: datetime) -> None:
    arrears("8000001,2,\n", now)
    creditors("K77,8000001,見本　花子,ミホン ハナコ,9999,997,普通,0123456,ミホン ハナコ\n", now)
    case = receive(in_use(GAKUDO, now), now, mother.pk)
    check = case.checks.get(code="arrears")
    assert (check.result, check.sentence) == (
        CheckResult.LOOK,
        "2か月の滞納があります。分納の約束を確かめてください。",
    )
    assert "creditor_number" not in case.facts
    assert [line["what"] for line in case.facts["looked_up"]] == ["滞納"]


def test_asking_again_renews_the_checks(mother: Any, staff_with: Any, now: datetime) -> None:
    reviewer = staff_with(Role.REVIEWER)
    case = receive(in_use(NEKO, now), now, mother.pk)
    with pytest.raises(NothingToAsk):
        actions.look_up_again(number=case.number, by=reviewer, at=now, edition=case.edition)
    arrears("8000001,1,不履行\n", now)
    actions.look_up_again(number=case.number, by=reviewer, at=now, edition=case.edition)
    case.refresh_from_db()
    assert result(case, "arrears") == CheckResult.LOOK
    assert case.checks_to_look_at >= 1


def test_one_receipt_twice_is_seen_however_it_is_spelled(mother: Any, now: datetime) -> None:
    loaded = in_use(NEKO, now)
    first = receive(loaded, now)
    second = receive(loaded, now, hospital="見本 動物病院", cat_name="ﾐｹ")
    assert second.facts["same_receipts"] == [first.number]
    assert result(second, "duplicates") == CheckResult.LOOK
    assert result(receive(loaded, now, cat_name="クロ"), "duplicates") == CheckResult.PASSED


def test_three_cats_a_household_and_year(mother: Any, now: datetime) -> None:
    loaded = in_use(NEKO, now)
    cases = [receive(loaded, now, mother.pk, cat_name=f"ねこ{number}") for number in range(4)]
    assert [case.facts["household_cats"] for case in cases] == [1, 2, 3, 4]
    assert [result(case, "household_cats") for case in cases] == ["passed"] * 3 + ["look"]
    other = receive(loaded, now, None, cat_name="よそ", name__given="次郎", address__block="9番9号")
    assert other.facts["household_cats"] == 1
    next_year = receive(loaded, now + timedelta(days=150), mother.pk, cat_name="らいねん")
    assert next_year.facts["household_cats"] == 1


def test_one_chunk_knows_its_own_cases(mother: Any, now: datetime) -> None:
    loaded = in_use(NEKO, now)
    orders = [
        actions.Order(
            loaded.version_id, "2026", typed(loaded, cat_name=f"ねこ{number}"), Channel.PAPER, SYSTEM, now, uuid.uuid4(),
            resident_id=mother.pk,
        )
        for number in range(4)
    ]  # fmt: skip
    receipts = list(actions.receive_many(orders))
    counts = [Application.objects.get(pk=each.application_id).facts["household_cats"] for each in receipts]
    assert counts == [1, 2, 3, 4]
