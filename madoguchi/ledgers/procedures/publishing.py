"""公開. One person proposes a version, another publishes it; from then on it never changes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from madoguchi.ledgers.office.actions import actor_of, leave_trace
from madoguchi.ledgers.office.errors import NotAllowed, NotFound
from madoguchi.ledgers.office.queries import powers_of
from madoguchi.ledgers.office.roles import Power
from madoguchi.ledgers.office.trace import SYSTEM, Actor, Subject

from .actions import VERSION, is_first, procedure_for, put_in_use, refuse_other_content, swap_live
from .bells import AboutToPublish, about_to_publish
from .errors import ExamplesFail, NotThatState, ReasonMissing, SamePerson
from .models import PackageVersion, Publication
from .package import Package, read_files, read_package
from .queries import LoadedPackage, loaded
from .staff_examples import failing_examples
from .states import PublicationState, VersionState
from .stored import to_stored

if TYPE_CHECKING:
    from madoguchi.ledgers.office.models import Staff


def install(source: Path | Mapping[str, bytes], *, by: Actor | None, at: datetime) -> LoadedPackage:
    """Take in a folder: the first version of a procedure is used at once, later ones wait for two people.

    Raises PackageFaults, VersionIsFixed, NoSuchSection.
    """
    package = read_package(source) if isinstance(source, Path) else read_files(source)
    if is_first(package):
        return put_in_use(package, by=by or SYSTEM, at=at)
    return import_draft(package, by=by or SYSTEM, at=at)


@transaction.atomic
def import_draft(package: Package, *, by: Actor, at: datetime) -> LoadedPackage:
    """Keep a version as 下書き; the same draft again replaces it. A proposed or published one stays as it is."""
    procedure = procedure_for(package)
    version = (
        PackageVersion.objects.select_for_update()
        .filter(procedure=procedure, version=package.version)
        .first()
    )
    if version is not None and version.state != VersionState.DRAFT:
        refuse_other_content(version, package)
        return loaded(version)
    if version is not None and version.sha256 == package.sha256:
        return loaded(version)
    version, _ = PackageVersion.objects.update_or_create(
        procedure=procedure,
        version=package.version,
        defaults={
            "sha256": package.sha256,
            "files": to_stored(package.files),
            "state": VersionState.DRAFT,
            "loaded_at": at,
            "loaded_by_id": int(by.id) if by.kind == "staff" else None,
        },
    )
    mark(version, "imported", by, at, slug=package.slug, sha256=package.sha256)
    return loaded(version)


def mark(version: PackageVersion, verb: str, by: Actor, at: datetime, **note: object) -> None:
    note = {"version": version.version, **note}
    leave_trace(by, f"procedures.{verb}", Subject(VERSION, str(version.pk)), at=at, note=note)


def require(staff: Staff, power: Power, at: datetime) -> None:
    if power not in powers_of(staff, timezone.localdate(at)):
        raise NotAllowed(power.label)


def taken(version_id: int) -> PackageVersion:
    rows = PackageVersion.objects.select_for_update(of=("self",)).select_related("procedure")
    version = rows.defer("files").filter(pk=version_id).first()
    if version is None:
        raise NotFound("手続の版")
    return version


def spoken(text: str, what: str) -> str:
    said = text.strip()[:600]
    if not said:
        raise ReasonMissing(f"{what}がありません。", next_step="書いてから、もう一度押してください。")
    return said


@transaction.atomic
def propose(*, version_id: int, by: Staff, at: datetime, reason: str, live_on: date | None = None) -> int:
    """公開を提案する. The files are fixed from here on; live_on is the day it should be used from (today: None)."""
    require(by, Power.MANAGE_PROCEDURES, at)
    version = taken(version_id)
    said = spoken(reason, "公開する理由")
    if version.state != VersionState.DRAFT:
        raise NotThatState("この版は下書きではありません。", next_step="版の状態を確かめてください。")
    PackageVersion.objects.filter(pk=version.pk).update(state=VersionState.PROPOSED)
    publication = Publication.objects.create(
        version=version, reason=said, live_on=live_on, proposed_by=by, proposed_at=at
    )
    mark(version, "proposed", actor_of(by), at, reason=said, live_on=live_on.isoformat() if live_on else "")
    return publication.pk


def open_publication(version: PackageVersion, *states: PublicationState) -> Publication:
    rows = Publication.objects.select_for_update().filter(version=version, state__in=states)
    found = rows.order_by("-pk").first()
    if found is None:
        raise NotThatState("この版の公開は、提案されていません。", next_step="先に公開を提案してください。")
    return found


@transaction.atomic
def publish(
    *, version_id: int, by: Staff, at: datetime, seen_sha256: str, dry_run_sha256: str, comment: str = ""
) -> PublicationState:
    """公開する, by another person than proposed it. Used at once, or by the worker on the day it was proposed for.

    Refused while an example fails (ExamplesFail), when the version that was read is another (NotThatState), by the
    same person (SamePerson), and by whoever answers procedures.about_to_publish (no dry run, or a stale one).
    """
    require(by, Power.PUBLISH_PROCEDURES, at)
    version = taken(version_id)
    publication = open_publication(version, PublicationState.PROPOSED)
    if publication.proposed_by_id == by.pk:
        raise SamePerson
    if seen_sha256 != version.sha256:
        raise NotThatState("読んだ内容と、公開する内容が違います。", next_step="もう一度読んでください。")
    refuse_failing(version)
    slug = version.procedure.slug
    about_to_publish.ring(AboutToPublish(version.pk, slug, dry_run_sha256, at))
    publication.decided_by, publication.decided_at = by, at
    publication.comment, publication.dry_run_sha256 = comment.strip()[:600], dry_run_sha256
    publication.state = PublicationState.SCHEDULED
    publication.save()
    PackageVersion.objects.filter(pk=version.pk).update(state=VersionState.PUBLISHED)
    mark(version, "published", actor_of(by), at, sha256=version.sha256, dry_run=dry_run_sha256)
    if publication.live_on is None or publication.live_on <= timezone.localdate(at):
        make_live(publication, by=actor_of(by), at=at)
    return PublicationState(publication.state)


def refuse_failing(version: PackageVersion) -> None:
    failing = failing_examples(version)
    if failing:
        raise ExamplesFail(
            f"例が{len(failing)}件、期待と違います（{failing[0].name}：{failing[0].differences[0]}）。",
            next_step="手続か例を直し、新しい版として提案してください。",
        )


def make_live(publication: Publication, *, by: Actor, at: datetime) -> None:
    """Use the version from now on, and tell the rooms that have cases of the former one."""
    version = PackageVersion.objects.select_related("procedure").defer("files").get(pk=publication.version_id)
    publication.state, publication.live_at = PublicationState.LIVE, at
    publication.save(update_fields=["state", "live_at"])
    swap_live(version, by=by, at=at)
    mark(version, "went_live", by, at)


def go_live_due(*, at: datetime) -> int:
    """Use what was published for today or an earlier day; says how many versions went live. May run any number of times."""
    due = Publication.objects.filter(state=PublicationState.SCHEDULED, live_on__lte=timezone.localdate(at))
    return sum(_went_live(pk, at) for pk in due.order_by("live_on", "pk").values_list("pk", flat=True))


@transaction.atomic
def _went_live(publication_id: int, at: datetime) -> bool:
    publication = Publication.objects.select_for_update().get(pk=publication_id)
    if publication.state != PublicationState.SCHEDULED:
        return False
    make_live(publication, by=SYSTEM, at=at)
    return True


@transaction.atomic
def send_back(*, version_id: int, by: Staff, at: datetime, comment: str) -> None:
    """差し戻す: the version is a draft again and may be imported anew. One published for a later day cannot."""
    version = taken(version_id)
    publication = open_publication(version, PublicationState.PROPOSED)
    own = publication.proposed_by_id == by.pk
    require(by, Power.MANAGE_PROCEDURES if own else Power.PUBLISH_PROCEDURES, at)
    said = spoken(comment, "差し戻す理由")
    publication.state, publication.comment, publication.decided_at = PublicationState.RETURNED, said, at
    publication.decided_by = None if own else by
    publication.save()
    PackageVersion.objects.filter(pk=version.pk).update(state=VersionState.DRAFT)
    mark(version, "sent_back", actor_of(by), at, reason=said)
