"""Writes of the room: loading a version."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from django.db import transaction

from madoguchi.ledgers.office.actions import leave_trace
from madoguchi.ledgers.office.queries import section_by_code
from madoguchi.ledgers.office.trace import SYSTEM, Actor, Subject

from .errors import NoSuchSection, VersionIsFixed
from .models import PackageVersion, Procedure
from .package import Package, read_files, read_package
from .queries import LoadedPackage, loaded
from .stored import to_stored


def load_package(source: Path | Mapping[str, bytes], *, by: Actor | None, at: datetime) -> LoadedPackage:
    """Read a folder, or files, and put it in use (手続パッケージの読込). With a fault the version in use stays.

    The same content again changes nothing; other content under a loaded version is refused, for cases were
    made with it. Raises PackageFaults, VersionIsFixed, NoSuchSection.
    """
    package = read_package(source) if isinstance(source, Path) else read_files(source)
    return put_in_use(package, by=by or SYSTEM, at=at)


@transaction.atomic
def put_in_use(package: Package, *, by: Actor, at: datetime) -> LoadedPackage:
    """Store a read package as the version in use."""
    procedure = procedure_for(package)
    version = PackageVersion.objects.filter(procedure=procedure, version=package.version).first()
    if version is not None and version.sha256 != package.sha256:
        raise VersionIsFixed(
            f"版「{package.version}」は、別の内容ですでに読み込まれています。施行した版は変えられません。",
            next_step="フォルダを写し、version を新しくしてから読み込んでください。",
        )
    PackageVersion.objects.filter(procedure=procedure, is_live=True).exclude(version=package.version).update(
        is_live=False
    )
    if version is None:
        version = _stored(package, procedure, by, at)
    elif not version.is_live:
        PackageVersion.objects.filter(pk=version.pk).update(is_live=True)
    else:
        return loaded(version)
    note = {"slug": package.slug, "version": package.version, "sha256": package.sha256}
    leave_trace(by, "procedures.loaded", Subject("procedures.version", str(version.pk)), at=at, note=note)
    return loaded(version)


def procedure_for(package: Package) -> Procedure:
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
        is_live=True,
        loaded_at=at,
        loaded_by_id=int(by.id) if by.kind == "staff" else None,
    )
