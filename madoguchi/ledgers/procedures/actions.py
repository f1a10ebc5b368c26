"""Writes of the room: loading a version."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from django.db import transaction

from madoguchi.ledgers.office.actions import leave_trace
from madoguchi.ledgers.office.queries import section_by_code
from madoguchi.ledgers.office.trace import SYSTEM, Actor, Subject

from .bells import WentLive, went_live
from .errors import NoSuchSection, TemplateOnly, VersionIsFixed
from .models import PackageVersion, Procedure
from .package import Package, read_files, read_package
from .queries import LoadedPackage, loaded
from .states import VersionState
from .stored import to_stored


def load_package(source: Path | Mapping[str, bytes], *, by: Actor | None, at: datetime) -> LoadedPackage:
    """Read a folder, or files, and put it in use (手続パッケージの読込). With a fault the version in use stays.

    The same content again changes nothing; other content under a loaded version is refused, for cases were
    made with it. Raises PackageFaults, VersionIsFixed, NoSuchSection.
    """
    package = read_package(source) if isinstance(source, Path) else read_files(source)
    return put_in_use(package, by=by or SYSTEM, at=at)


VERSION = "procedures.version"


def is_first(package: Package) -> bool:
    """Whether nothing of this procedure is in use yet, or exactly this version is."""
    live = PackageVersion.objects.filter(procedure__slug=package.slug, is_live=True)
    return not live.exclude(version=package.version).exists()


@transaction.atomic
def put_in_use(package: Package, *, by: Actor, at: datetime) -> LoadedPackage:
    """Store a read package as the version in use: an act of the system, for the first installation."""
    procedure = procedure_for(package)
    version = PackageVersion.objects.filter(procedure=procedure, version=package.version).first()
    if version is None:
        version = _stored(package, procedure, by, at)
    refuse_other_content(version, package)
    if version.is_live:
        return loaded(version)
    PackageVersion.objects.filter(pk=version.pk).update(state=VersionState.PUBLISHED)
    swap_live(version, by=by, at=at)
    note = {"slug": package.slug, "version": package.version, "sha256": package.sha256}
    leave_trace(by, "procedures.loaded", Subject(VERSION, str(version.pk)), at=at, note=note)
    return loaded(version)


def refuse_other_content(version: PackageVersion, package: Package) -> None:
    if version.sha256 != package.sha256:
        raise VersionIsFixed(
            f"版「{package.version}」は、別の内容ですでに読み込まれています。施行した版は変えられません。",
            next_step="フォルダを写し、version を新しくしてから読み込んでください。",
        )


def swap_live(version: PackageVersion, *, by: Actor, at: datetime) -> None:
    """Exactly one version is live; the rooms above hear which one it was before."""
    former = PackageVersion.objects.filter(procedure_id=version.procedure_id, is_live=True).first()
    if former is not None:
        PackageVersion.objects.filter(pk=former.pk).update(is_live=False)
    PackageVersion.objects.filter(pk=version.pk).update(is_live=True)
    slug, former_id = version.procedure.slug, former.pk if former else None
    went_live.ring(WentLive(version.procedure_id, slug, version.pk, former_id, at, by))


def procedure_for(package: Package) -> Procedure:
    if package.template:
        raise TemplateOnly(
            f"「{package.names.ja}」はひな形（template = true）なので、そのままでは使えません。",
            next_step="フォルダを写し、slug・name・section・number_prefix を直し、template の行を消してください。",
        )
    section = section_by_code(package.section_code)
    if section is None:
        raise NoSuchSection(
            f"課「{package.section_code}」がありません。",
            next_step="procedure.toml の section を直すか、課を登録してから読み込んでください。",
        )
    procedure, _ = Procedure.objects.select_for_update().get_or_create(
        slug=package.slug, defaults={"section": section}
    )
    return procedure


def _stored(package: Package, procedure: Procedure, by: Actor, at: datetime) -> PackageVersion:
    return PackageVersion.objects.create(
        procedure=procedure,
        version=package.version,
        sha256=package.sha256,
        files=to_stored(package.files),
        loaded_at=at,
        loaded_by_id=int(by.id) if by.kind == "staff" else None,
    )
