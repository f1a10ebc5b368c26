"""Two clerks at the same moment, and people who are protected: the file of everybody, and the file apart."""

import threading
import uuid
from datetime import datetime
from typing import Any

import pytest
from django.db import connection

from madoguchi.ledgers.office import actions as office
from madoguchi.ledgers.office.database_role import take_the_running_role
from madoguchi.ledgers.office.errors import NotFound
from madoguchi.ledgers.office.models import Trace
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.session import Sight, full_sight, municipality_session
from madoguchi.services.applications import actions
from madoguchi.services.applications.core_errors import NothingToExport
from madoguchi.services.applications.core_queries import files, find_target, target_view
from madoguchi.services.applications.models import CoreExport, CoreExportRow, CoreSeries
from tests.factories_applications import received, typed
from tests.factories_protection import protected_family
from tests.services.applications.test_core_exporting import LAYOUT, SLUG, TARGET, with_layout


def export(clerk: Any, now: datetime) -> Any:
    return actions.export_due(slug=SLUG, target=TARGET, press=uuid.uuid4(), by=clerk, at=now)


def protected(clerk: Any, loaded: Any, now: datetime) -> str:
    """The case of a protected child; only its number."""
    family = protected_family(clerk, now)
    raw = typed(
        9,
        child_name__family="守山",
        child_birth="令和2年8月3日",
        applicant__family="守山",
        applicant__given="花子",
    )
    return str(received(loaded, now, raw=raw, resident_id=family.mother.pk).number)


def numbers_in(export_id: uuid.UUID) -> list[str]:
    rows = CoreExportRow.objects.filter(export=export_id).order_by("position")
    return list(rows.values_list("application__number", flat=True))


def test_protected_people_are_held_back_and_only_the_right_tells(
    section: Any, staff_with: Any, now: datetime
) -> None:
    loaded = with_layout(now)
    plain, seeing = staff_with(Role.REVIEWER), staff_with(Role.REVIEWER, Role.REGISTRY_CLERK)
    open_case = received(loaded, now, 1).number
    protected(seeing, loaded, now)
    assert target_view(find_target(SLUG, TARGET, by=plain, at=now)).counts["held"] == 0
    with full_sight():
        counts = target_view(find_target(SLUG, TARGET, by=seeing, at=now)).counts
        assert (counts["due"], counts["held"]) == (1, 1)
        made = export(seeing, now)
        assert numbers_in(made.exports[0]) == [open_case]
        assert len(made.exports) == 1
    with pytest.raises(NothingToExport):
        export(plain, now)


def test_a_file_apart_leaves_no_trace_in_plain_sight(section: Any, staff_with: Any, now: datetime) -> None:
    loaded = with_layout(now, f"includes_protected = true\n{LAYOUT}")
    plain, seeing = staff_with(Role.REVIEWER), staff_with(Role.REVIEWER, Role.REGISTRY_CLERK)
    received(loaded, now, 1)
    hidden = protected(seeing, loaded, now)
    with full_sight():
        common, apart = export(seeing, now).exports
        assert numbers_in(apart) == [hidden]
        actions.fetch_core_file(export_id=apart, by=seeing, at=now)
        assert CoreExport.objects.get(pk=apart).file_name == "D999999_20261121_P0001.csv"
    assert list(CoreExport.objects.values_list("pk", flat=True)) == [common]
    assert not Trace.objects.filter(note__file="D999999_20261121_P0001.csv").exists()
    assert list(CoreSeries.objects.values_list("last", flat=True)) == [1]
    with pytest.raises(NotFound):
        actions.fetch_core_file(export_id=apart, by=plain, at=now)
    received(loaded, now, 2)
    assert CoreExport.objects.get(pk=export(plain, now).exports[0]).number == 2


def test_a_file_with_somebody_protected_since_is_no_longer_handed_out(
    section: Any, staff_with: Any, now: datetime
) -> None:
    loaded = with_layout(now)
    plain, seeing = staff_with(Role.REVIEWER), staff_with(Role.REVIEWER, Role.REGISTRY_CLERK)
    received(loaded, now, 1)
    with full_sight():
        hidden = protected(seeing, loaded, now)
        case = CoreExportRow._meta.get_field("application").related_model.objects.get(number=hidden)
        unit, case.protection = case.protection, None
        case.save()
    made = export(plain, now).exports[0]
    assert len(numbers_in(made)) == 2
    with full_sight():
        case.protection = unit
        case.save()
    assert len(numbers_in(made)) == 1
    assert not files(find_target(SLUG, TARGET, by=plain, at=now))
    with pytest.raises(NotFound):
        actions.fetch_core_file(export_id=made, by=plain, at=now)
    with full_sight():
        assert actions.fetch_core_file(export_id=made, by=seeing, at=now).body


@pytest.mark.usefixtures("committed")
def test_two_clerks_at_the_same_moment_make_one_file(now: datetime) -> None:
    town = office.found_municipality(
        code="999999", name="サンプル市", name_kana="サンプルシ", prefecture="サンプル県", mayor="例示　太郎"
    )
    made: list[Any] = []
    gate = threading.Barrier(2)
    with municipality_session(town.pk, Sight.PLAIN):
        section = office.set_up_section(
            code="kodomo", fiscal_year=2026, name="子ども若者課", unit="", symbol="サ子", phone="0"
        )
        clerks = [employed(section, login, now) for login in ("one", "two")]
        loaded = with_layout(now)
        for each in range(1, 8):
            received(loaded, now, each)

    def press(clerk: Any) -> None:
        try:
            take_the_running_role(connection)
            with municipality_session(town.pk):
                gate.wait(timeout=20)
                made.append(export(clerk, now))
        except NothingToExport as refusal:
            made.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=(clerk,)) for clerk in clerks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    with municipality_session(town.pk):
        assert len(made) == 2
        assert sum(isinstance(each, NothingToExport) for each in made) == 1
        assert CoreExport.objects.count() == 1
        assert CoreExportRow.objects.filter(is_valid=True).count() == 7


def employed(section: Any, login: str, now: datetime) -> Any:
    member = office.employ(
        login=login, name="佐藤　例", name_kana="サトウ　レイ", section=section, password="demo"
    )
    from madoguchi.ledgers.office.trace import SYSTEM

    office.grant_role(staff=member, role=Role.REVIEWER, on=now.date(), by=SYSTEM, at=now)
    return member
