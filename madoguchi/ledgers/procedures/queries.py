"""Which procedures there are and what they say."""

from __future__ import annotations

from dataclasses import dataclass

from .errors import NoSuchProcedure
from .models import PackageVersion
from .package import Package
from .stored import from_stored, parsed


@dataclass(frozen=True)
class LoadedPackage:
    """A version as it lies in the database, with what it says."""

    version_id: int
    procedure_id: int
    section_id: int
    package: Package


LIVE = PackageVersion.objects.select_related("procedure").defer("files")


def live_package(slug: str) -> LoadedPackage:
    """The version in use of a procedure. Raises NoSuchProcedure."""
    version = LIVE.filter(procedure__slug=slug, is_live=True).first()
    if version is None:
        raise NoSuchProcedure(
            "この手続は見つかりません。", next_step="手続の名前を、はじめの画面から探してください。"
        )
    return loaded(version)


def package_of(version_id: int) -> LoadedPackage:
    """One version, also one no longer in use: a case keeps the version it was made with. Raises NoSuchProcedure."""
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
