"""Loading into the database: a version is stored once, and a faulty one changes nothing."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from madoguchi.ledgers.office.queries import trace_of
from madoguchi.ledgers.office.session import enter_municipality
from madoguchi.ledgers.office.trace import SYSTEM, Subject
from madoguchi.ledgers.procedures.actions import load_package
from madoguchi.ledgers.procedures.commands import export
from madoguchi.ledgers.procedures.errors import NoSuchProcedure, NoSuchSection, VersionIsFixed
from madoguchi.ledgers.procedures.faults import PackageFaults
from madoguchi.ledgers.procedures.queries import (
    files_of_version,
    live_package,
    live_procedures,
    package_of,
    versions_of,
)
from tests.factories_procedures import FORM, PROCEDURE, package_files

NEXT = PROCEDURE.replace('version = "2026-04"', 'version = "2027-04"')


@pytest.fixture
def load(section: Any, now: datetime, tmp_path: Path) -> Any:
    """Writes a changed sample package to a new folder and loads it."""

    def act(name: str, **changed: str) -> Any:
        export(package_files(**changed), tmp_path / name)
        return load_package(tmp_path / name, by=SYSTEM, at=now)

    return act


def test_load__puts_a_version_in_use_and_leaves_a_trace(load: Any) -> None:
    version = load("first")
    assert live_package("sample").version_id == version.version_id
    assert live_package("sample").package.form.fields["who"].label.ja == "名前"
    assert [found.package.slug for found in live_procedures()] == ["sample"]
    assert files_of_version("sample", "2026-04") == package_files()
    (row,) = trace_of(Subject("procedures.version", str(version.version_id)))
    assert (row.verb, row.note["version"]) == ("procedures.loaded", "2026-04")


def test_load__of_the_same_content_changes_nothing(load: Any) -> None:
    assert load("first").version_id == load("again").version_id
    assert len(versions_of("sample")) == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"form": FORM + 'x = "'},
        {"form": FORM + 'visible = "whoo == 1"\n'},
        {"form": FORM.replace("required = true", "visible = \"who != ''\"")},
    ],
    ids=["syntax error", "unknown name", "circle"],
)
def test_load__with_a_fault_keeps_the_version_in_use(load: Any, changed: dict[str, str]) -> None:
    first = load("first")
    with pytest.raises(PackageFaults):
        load("broken", procedure=NEXT, **changed)
    assert live_package("sample").version_id == first.version_id


def test_load__refuses_other_content_under_a_loaded_version(load: Any) -> None:
    first = load("first")
    with pytest.raises(VersionIsFixed, match="version を新しく"):
        load("changed", form=FORM.replace("名前", "氏名"))
    assert live_package("sample").package.sha256 == first.package.sha256


def test_new_version__takes_over_and_old_cases_keep_theirs(load: Any) -> None:
    first = load("first")
    second = load("second", procedure=NEXT, form=FORM.replace("名前", "氏名"))
    assert live_package("sample").version_id == second.version_id
    assert package_of(first.version_id).package.form.fields["who"].label.ja == "名前"
    assert [version.version for version in versions_of("sample")] == ["2027-04", "2026-04"]


def test_earlier_version__can_be_put_in_use_again(load: Any) -> None:
    first = load("first")
    load("second", procedure=NEXT)
    assert load("back").version_id == first.version_id
    assert live_package("sample").version_id == first.version_id


def test_load__refuses_a_section_that_is_not_there(load: Any) -> None:
    with pytest.raises(NoSuchSection):
        load("first", procedure=PROCEDURE.replace("kodomo", "nobody"))


def test_another_town__does_not_see_the_procedure(load: Any, other_town: Any) -> None:
    version = load("first")
    enter_municipality(other_town.pk)
    assert live_procedures() == []
    with pytest.raises(NoSuchProcedure):
        package_of(version.version_id)
    with pytest.raises(NoSuchProcedure):
        live_package("sample")
