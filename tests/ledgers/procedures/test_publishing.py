"""公開: two people, fixed files, the day, the round trip through the database."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from madoguchi.ledgers.office.errors import NotAllowed
from madoguchi.ledgers.office.roles import Role
from madoguchi.ledgers.office.trace import SYSTEM
from madoguchi.ledgers.procedures.commands import export
from madoguchi.ledgers.procedures.errors import ExamplesFail, NotThatState, SamePerson, VersionIsFixed
from madoguchi.ledgers.procedures.folder import files_of
from madoguchi.ledgers.procedures.models import PackageVersion, Publication
from madoguchi.ledgers.procedures.publishing import (
    go_live_due,
    import_draft,
    install,
    propose,
    publish,
    send_back,
)
from madoguchi.ledgers.procedures.queries import files_of_version, live_package, version_state, version_view
from madoguchi.services.applications.errors import DryRunMissing
from tests.factories_applications import FILES, received, small_package
from tests.factories_procedures import GAKUDO
from tests.factories_versions import MUST, imported, next_package, published, renamed_package, tried


@pytest.fixture
def loaded(section: Any, now: datetime) -> Any:
    return small_package(now)


@pytest.fixture
def editor(staff_with: Any) -> Any:
    return staff_with(Role.REVIEWER, login="editor")


@pytest.fixture
def head(staff_with: Any) -> Any:
    return staff_with(Role.SECTION_HEAD, login="head")


def changes_in_sql(sql: str, *values: Any) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


FILES_SQL = "UPDATE procedures_packageversion SET files = '{}' WHERE id = %s"


@pytest.mark.parametrize(
    "sql",
    [
        FILES_SQL,
        "UPDATE procedures_packageversion SET sha256 = 'x' WHERE id = %s",
        "UPDATE procedures_packageversion SET version = '1999-01' WHERE id = %s",
        "UPDATE procedures_packageversion SET state = 'draft' WHERE id = %s",
        "DELETE FROM procedures_packageversion WHERE id = %s",
    ],
)
def test_published_version__cannot_be_changed_in_the_database(sql: str, loaded: Any) -> None:
    with pytest.raises(DatabaseError):
        changes_in_sql(sql, loaded.version_id)
    assert files_of_version("mihon-club", "2026-04") == FILES


def test_proposed_version__is_fixed_and_a_draft_is_not(loaded: Any, editor: Any, now: datetime) -> None:
    version_id = imported(renamed_package(), now)
    again = imported(next_package(form=MUST), now)
    assert again == version_id
    propose(version_id=version_id, by=editor, at=now, reason="直した")
    with pytest.raises(DatabaseError):
        changes_in_sql(FILES_SQL, version_id)
    with pytest.raises(VersionIsFixed):
        imported(renamed_package(), now)


def test_only_one_version_is_live_and_only_a_published_one(loaded: Any, now: datetime) -> None:
    version_id = imported(renamed_package(), now)
    with pytest.raises(DatabaseError):
        changes_in_sql("UPDATE procedures_packageversion SET is_live = true WHERE id = %s", version_id)
    PackageVersion.objects.filter(pk=version_id).update(state="published")
    with pytest.raises(IntegrityError):
        changes_in_sql("UPDATE procedures_packageversion SET is_live = true WHERE id = %s", version_id)


def test_same_person__is_refused_by_the_act_and_by_the_database(
    loaded: Any, staff_with: Any, now: datetime
) -> None:
    both = staff_with(Role.REVIEWER, Role.SECTION_HEAD, login="both")
    package = renamed_package()
    version_id = imported(package, now)
    propose(version_id=version_id, by=both, at=now, reason="直した")
    run = tried(version_id, both, now)
    with pytest.raises(SamePerson):
        publish(version_id=version_id, by=both, at=now, seen_sha256=package.sha256, dry_run_sha256=run.sha256)
    with pytest.raises(IntegrityError), transaction.atomic():
        Publication.objects.update(decided_by=both)
    assert version_state(version_id) == "proposed"


def test_powers__editing_and_publishing_are_two(loaded: Any, editor: Any, head: Any, now: datetime) -> None:
    version_id = imported(renamed_package(), now)
    with pytest.raises(NotAllowed):
        propose(version_id=version_id, by=head, at=now, reason="直した")
    propose(version_id=version_id, by=editor, at=now, reason="直した")
    with pytest.raises(NotAllowed):
        publish(version_id=version_id, by=editor, at=now, seen_sha256="", dry_run_sha256="")


def proposed(package: Any, editor: Any, now: datetime) -> int:
    version_id = imported(package, now)
    propose(version_id=version_id, by=editor, at=now, reason="直した")
    return version_id


def test_publish__is_blocked_while_an_example_fails(
    loaded: Any, editor: Any, head: Any, now: datetime
) -> None:
    text = (
        '[[example]]\nname = "だめ"\non = 2026-11-21\nperiod = "r9"\n[example.expect]\nstage = "received"\n'
    )
    package = next_package(examples=text.encode())
    version_id = proposed(package, editor, now)
    run = tried(version_id, editor, now)
    with pytest.raises(ExamplesFail, match="だめ"):
        publish(version_id=version_id, by=head, at=now, seen_sha256=package.sha256, dry_run_sha256=run.sha256)
    assert live_package("mihon-club").version_id == loaded.version_id


def test_publish__needs_a_trial_that_was_seen_and_is_not_stale(
    loaded: Any, editor: Any, head: Any, now: datetime
) -> None:
    package = renamed_package()
    version_id = proposed(package, editor, now)

    def pressed(sha256: str, at: datetime = now) -> None:
        publish(version_id=version_id, by=head, at=at, seen_sha256=package.sha256, dry_run_sha256=sha256)

    with pytest.raises(DryRunMissing, match="まだ申請に当てはめて試していません"):
        pressed("")
    run = tried(version_id, editor, now)
    with pytest.raises(DryRunMissing, match="新しい試し"):
        pressed("0" * 64)
    later = now + timedelta(hours=1)
    for number in range(12):
        received(loaded, later, number)
    with pytest.raises(DryRunMissing, match="12件入ったか変わりました"):
        pressed(run.sha256)
    again = tried(version_id, editor, later + timedelta(hours=1))
    pressed(again.sha256, later + timedelta(hours=2))
    assert live_package("mihon-club").version_id == version_id


def test_publish__another_reading_than_the_version_is_refused(
    loaded: Any, editor: Any, head: Any, now: datetime
) -> None:
    version_id = proposed(renamed_package(), editor, now)
    run = tried(version_id, editor, now)
    with pytest.raises(NotThatState):
        publish(version_id=version_id, by=head, at=now, seen_sha256="0" * 64, dry_run_sha256=run.sha256)


def test_set_day__goes_live_by_the_worker_and_once(
    loaded: Any, editor: Any, head: Any, now: datetime
) -> None:
    day = now.date() + timedelta(days=3)
    version_id = published(renamed_package(), editor, head, now, live_on=day)
    assert live_package("mihon-club").version_id == loaded.version_id
    assert go_live_due(at=now) == 0
    due = now + timedelta(days=3)
    assert [go_live_due(at=due), go_live_due(at=due)] == [1, 0]
    assert live_package("mihon-club").version_id == version_id


def test_send_back__leaves_a_draft_that_may_be_imported_anew(
    loaded: Any, editor: Any, head: Any, now: datetime
) -> None:
    version_id = proposed(renamed_package(), editor, now)
    send_back(version_id=version_id, by=head, at=now, comment="説明が足りません")
    assert imported(next_package(form=MUST), now) == version_id
    propose(version_id=version_id, by=editor, at=now, reason="直しました")
    assert version_view("mihon-club", "2026-10").publication.proposed_by == editor.name  # type: ignore[union-attr]


def test_install__first_is_used_at_once_and_later_ones_wait(section: Any, now: datetime) -> None:
    first = install(FILES, by=None, at=now)
    assert live_package("mihon-club").version_id == first.version_id
    second = install(renamed_package().files, by=None, at=now)
    assert version_state(second.version_id) == "draft"
    assert live_package("mihon-club").version_id == first.version_id


def test_round_trip__through_the_database_is_byte_for_byte(
    section: Any, now: datetime, tmp_path: Path
) -> None:
    install(GAKUDO, by=None, at=now)
    export(files_of_version("gakudo-club", "2026-04"), tmp_path / "out")
    assert files_of(tmp_path / "out") == files_of(GAKUDO)


def test_draft__of_another_town_is_not_seen(loaded: Any, other_town: Any, now: datetime) -> None:
    from madoguchi.ledgers.office.session import municipality_session
    from madoguchi.ledgers.procedures.queries import slugs

    import_draft(renamed_package(), by=SYSTEM, at=now)
    with municipality_session(other_town.pk):
        assert slugs() == []
