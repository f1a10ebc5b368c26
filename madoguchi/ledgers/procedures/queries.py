"""Which procedures there are and what they say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from madoguchi.ledgers.office.prepared import prepared, slot
from madoguchi.ledgers.office.remembering import once, remembered

from .errors import NoSuchProcedure
from .models import PackageVersion, Procedure, Publication
from .package import Package
from .states import PublicationState, VersionState
from .stored import from_stored, parsed


@dataclass(frozen=True)
class LoadedPackage:
    """A version as it lies in the database, with what it says."""

    version_id: int
    procedure_id: int
    section_id: int
    package: Package


MOST_KEPT = 256
LIVE = PackageVersion.objects.select_related("procedure").defer("files")


def live_package(slug: str) -> LoadedPackage:
    """The version in use of a procedure. Raises NoSuchProcedure."""
    found = _ask_live(slug=slug)
    if not found:
        raise NoSuchProcedure(
            "この手続は見つかりません。", next_step="手続の名前を、はじめの画面から探してください。"
        )
    row = found[0]
    package = parsed(row["sha256"], row["pk"])
    return LoadedPackage(row["pk"], row["procedure_id"], row["procedure__section_id"], package)


def _live() -> Any:
    rows = PackageVersion.objects.filter(procedure__slug=slot("slug", "text"), is_live=True)
    return rows.values("pk", "sha256", "procedure_id", "procedure__section_id")


_ask_live = prepared(_live)


def package_of(version_id: int) -> LoadedPackage:
    """One version, also one no longer in use: a case keeps the version it was made with. Raises NoSuchProcedure."""
    return once(("package_of", version_id), lambda: _kept_package_of(version_id))


_KEPT: dict[tuple[int, int], LoadedPackage] = {}


def _kept_package_of(version_id: int) -> LoadedPackage:
    """A version never changes: a process asks for it once for each municipality, whose own it must be."""
    town = remembered("municipality_id")
    if town is None:
        return _package_of(version_id)
    if (town, version_id) not in _KEPT:
        if len(_KEPT) >= MOST_KEPT:
            _KEPT.clear()
        _KEPT[town, version_id] = _package_of(version_id)
    return _KEPT[town, version_id]


def _package_of(version_id: int) -> LoadedPackage:
    version = LIVE.filter(pk=version_id).first()
    if version is None:
        raise NoSuchProcedure("この版の手続は見つかりません。", next_step="担当の課へご連絡ください。")
    return loaded(version)


def live_procedures() -> list[LoadedPackage]:
    """Every procedure in use, by slug."""
    return [loaded(version) for version in LIVE.filter(is_live=True).order_by("procedure__slug")]


def versions_of(slug: str) -> list[PackageVersion]:
    """All versions of a procedure, the newest first, without their files."""
    return list(LIVE.filter(procedure__slug=slug).order_by("-loaded_at", "-pk"))


def version_state(version_id: int) -> VersionState:
    return VersionState(PackageVersion.objects.values_list("state", flat=True).get(pk=version_id))


@dataclass(frozen=True)
class PublicationView:
    """公開の伺い as it stands."""

    id: int
    state: PublicationState
    reason: str
    live_on: date | None
    proposed_by_id: int
    proposed_by: str
    proposed_at: datetime
    decided_by: str
    decided_at: datetime | None
    comment: str
    live_at: datetime | None
    dry_run_sha256: str


@dataclass(frozen=True)
class VersionView:
    """One version in the list of a procedure."""

    id: int
    slug: str
    version: str
    sha256: str
    state: VersionState
    is_live: bool
    loaded_at: datetime
    publication: PublicationView | None

    @property
    def state_label(self) -> str:
        if self.publication and self.publication.state == PublicationState.SCHEDULED:
            return "公開の日を待っています"
        return "公開中" if self.is_live else str(self.state.label)


def version_views(slug: str) -> list[VersionView]:
    """All versions of a procedure with their last publication, the newest name first."""
    rows = LIVE.filter(procedure__slug=slug).order_by("-version")
    return [_version_view(row) for row in rows]


def version_view(slug: str, version: str) -> VersionView:
    """One version. Raises NoSuchProcedure."""
    row = LIVE.filter(procedure__slug=slug, version=version).first()
    if row is None:
        raise NoSuchProcedure("この版の手続は見つかりません。", next_step="手続の一覧から選んでください。")
    return _version_view(row)


def _version_view(row: PackageVersion) -> VersionView:
    publication = (
        Publication.objects.filter(version=row)
        .select_related("proposed_by", "decided_by")
        .order_by("-pk")
        .first()
    )
    return VersionView(
        row.pk,
        row.procedure.slug,
        row.version,
        row.sha256,
        VersionState(row.state),
        row.is_live,
        row.loaded_at,
        _publication_view(publication) if publication else None,
    )


def _publication_view(found: Publication) -> PublicationView:
    return PublicationView(
        found.pk,
        PublicationState(found.state),
        found.reason,
        found.live_on,
        found.proposed_by_id,
        found.proposed_by.name,
        found.proposed_at,
        found.decided_by.name if found.decided_by else "",
        found.decided_at,
        found.comment,
        found.live_at,
        found.dry_run_sha256,
    )


def slugs() -> list[str]:
    """Every procedure of the town, in use or not."""
    return list(Procedure.objects.order_by("slug").values_list("slug", flat=True))


def files_of_version(slug: str, version: str) -> dict[str, bytes]:
    """The files of one version, as they were loaded. Raises NoSuchProcedure."""
    found = PackageVersion.objects.filter(procedure__slug=slug, version=version).first()
    if found is None:
        raise NoSuchProcedure(
            f"「{slug}」の版「{version}」はありません。", next_step="手続と版の名前を確かめてください。"
        )
    return from_stored(found.files)


def loaded(version: PackageVersion) -> LoadedPackage:
    package = parsed(version.sha256, version.pk)
    return LoadedPackage(version.pk, version.procedure_id, version.procedure.section_id, package)
