"""Next versions of the small package, and what it takes to publish one."""

from datetime import datetime
from typing import Any

from madoguchi.ledgers.office.trace import SYSTEM
from madoguchi.ledgers.procedures.package import Package, read_files
from madoguchi.ledgers.procedures.publishing import import_draft, propose, publish
from madoguchi.services.applications import actions
from madoguchi.services.applications.dry_running import latest_run, population
from madoguchi.services.applications.models import DryRun
from tests.factories_applications import FILES

NEXT = {"procedure.toml": FILES["procedure.toml"].replace(b'"2026-04"\nsection', b'"2026-10"\nsection')}
RENAMED = FILES["form.toml"].replace(b'key = "work_days"', b'key = "days_of_work"\nformerly = ["work_days"]')
MUST = (
    FILES["form.toml"]
    + '\n[[page.field]]\nkey = "phone"\ntype = "phone"\nlabel = { ja = "電話" }\nrequired = true\n'.encode()
)


def flow(text: str = "work_days") -> bytes:
    return (
        FILES["flow.toml"]
        .replace(b"work_days > 0", f"{text} > 0".encode())
        .replace(b'about = "work_days"', f'about = "{text}"'.encode())
    )


def next_package(**changed: bytes) -> Package:
    """The small package as 2026-10; `form=` and `flow=` replace a file."""
    files = FILES | NEXT | {f"{name}.toml": body for name, body in changed.items()}
    return read_files(files)


def renamed_package() -> Package:
    return next_package(form=RENAMED, flow=flow("days_of_work"))


def imported(package: Package, at: datetime) -> int:
    return import_draft(package, by=SYSTEM, at=at).version_id


def tried(version_id: int, by: Any, at: datetime) -> DryRun:
    """The dry run of a version, worked through without a worker."""
    actions.start_dry_run(version_id=version_id, by=by, at=at)
    run = latest_run(version_id)
    assert run is not None
    ids = list(population("mihon-club").values_list("pk", flat=True))
    actions.try_chunk(run_id=run.pk, ids=ids, at=at)
    run.refresh_from_db()
    return run


def published(package: Package, editor: Any, head: Any, at: datetime, **proposed: Any) -> int:
    """A version that went the whole way: imported, proposed, tried, published by another person."""
    version_id = imported(package, at)
    propose(version_id=version_id, by=editor, at=at, reason="次の受付", **proposed)
    run = tried(version_id, editor, at)
    publish(version_id=version_id, by=head, at=at, seen_sha256=package.sha256, dry_run_sha256=run.sha256)
    return version_id
