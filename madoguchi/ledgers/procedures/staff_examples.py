"""Examples staff made of real cases: kept beside the versions, tried with each, exported with the package."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from madoguchi.ledgers.office.actions import actor_of, leave_trace
from madoguchi.ledgers.office.errors import NotAllowed, NotFound
from madoguchi.ledgers.office.queries import powers_of
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.trace import Subject

from .errors import NameTaken, ReasonMissing
from .example_texts import as_toml, example_of, renamed
from .examples import Example, ExampleResult, run_example
from .models import PackageVersion, StaffExample
from .renames import renaming
from .stored import from_stored, parsed

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff

EXAMPLE = "procedures.example"


@dataclass(frozen=True)
class TriedExample:
    """One example and how it went with one version. id is that of an example staff made, None for the package's own."""

    example: Example
    result: ExampleResult
    id: int | None = None
    made_by: str = ""


@transaction.atomic
def keep_example(*, version_id: int, name: str, body: Mapping[str, Any], by: Staff, at: datetime) -> int:
    """Keep an example that no longer names anybody. The same title twice is NameTaken."""
    if Power.REVIEW_CASES not in powers_of(by, timezone.localdate(at)):
        raise NotAllowed(Power.REVIEW_CASES.label)
    title = name.strip()[:120]
    if not title:
        raise ReasonMissing("例の題名がありません。", next_step="何の例かが分かる題名を書いてください。")
    version = PackageVersion.objects.select_related("procedure").defer("files").get(pk=version_id)
    own = {example.name for example in parsed(version.sha256, version.pk).examples}
    kept = StaffExample.objects.filter(procedure=version.procedure, retired_at__isnull=True, name=title)
    if title in own or kept.exists():
        raise NameTaken(f"「{title}」という例があります。", next_step="別の題名にしてください。")
    made = StaffExample.objects.create(
        procedure=version.procedure,
        version=version,
        name=title,
        body={**body, "name": title},
        made_by=by,
        made_at=at,
    )
    leave_trace(
        actor_of(by), "procedures.example_made", Subject(EXAMPLE, str(made.pk)), at=at, note={"name": title}
    )
    return made.pk


@transaction.atomic
def retire_example(*, example_id: int, by: Staff, at: datetime) -> None:
    """Take an example out of use; it stays in the trace."""
    if Power.MANAGE_PROCEDURES not in powers_of(by, timezone.localdate(at)):
        raise NotAllowed(Power.MANAGE_PROCEDURES.label)
    changed = StaffExample.objects.filter(pk=example_id, retired_at__isnull=True).update(retired_at=at)
    if not changed:
        raise NotFound("例")
    leave_trace(actor_of(by), "procedures.example_retired", Subject(EXAMPLE, str(example_id)), at=at)


def tried_examples(version_id: int) -> list[TriedExample]:
    """Every example, the package's own and those of staff, tried with one version."""
    version = PackageVersion.objects.defer("files").filter(pk=version_id).first()
    if version is None:
        raise NotFound("手続の版")
    package = parsed(version.sha256, version.pk)
    own = [TriedExample(each, run_example(package, each)) for each in package.examples]
    return own + [tried(row, package) for row in _kept(version.procedure_id)]


def _kept(procedure_id: int) -> Any:
    rows = StaffExample.objects.filter(procedure_id=procedure_id, retired_at__isnull=True)
    return rows.select_related("version", "made_by").defer("version__files").order_by("pk")


def tried(row: StaffExample, package: Any) -> TriedExample:
    before = parsed(row.version.sha256, row.version_id)
    example = renamed(example_of(row.body, before.form), renaming(before.form, package.form))
    try:
        result = run_example(package, example)
    except KeyError:
        said = f"受付期間「{example.period}」がこの版にありません。"
        result = ExampleResult(example.name, 0, (said,))
    return TriedExample(example, result, row.pk, row.made_by.name)


def failing_examples(version: PackageVersion) -> list[ExampleResult]:
    return [each.result for each in tried_examples(version.pk) if not each.result.passed]


def files_with_staff_examples(slug: str, version: str) -> dict[str, bytes]:
    """The files of a version with the examples staff made written below its own."""
    found = PackageVersion.objects.filter(procedure__slug=slug, version=version).first()
    if found is None:
        raise NotFound("手続の版")
    files = from_stored(found.files)
    package = parsed(found.sha256, found.pk)
    bodies = [row.body | spelled(row, package) for row in _kept(found.procedure_id)]
    if bodies:
        files["examples.toml"] = files.get("examples.toml", b"") + as_toml(bodies).encode()
    return files


def spelled(row: StaffExample, package: Any) -> dict[str, Any]:
    """The parts of an example that are called otherwise in another version."""
    before = parsed(row.version.sha256, row.version_id)
    example = renamed(example_of(row.body, before.form), renaming(before.form, package.form))
    given = {name: values[0] if len(values) == 1 else list(values) for name, values in example.raw.items()}
    return {"given": given}
