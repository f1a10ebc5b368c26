"""Packages of versions that a question has told already: what a version says never changes, so nothing is asked again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from madoguchi.ledgers.office.prepared import prepared

from .models import PackageVersion
from .package import Package
from .queries import LoadedPackage
from .stored import parsed


def package_at(version_id: int, sha256: str) -> Package:
    """The package of a version whose fingerprint was read beside it."""
    return parsed(sha256, version_id)


def packages_of(version_ids: Iterable[int]) -> dict[int, Package]:
    """The packages of some versions in one question; those the session does not see are left out."""
    wanted = sorted(set(version_ids))
    rows = PackageVersion.objects.filter(pk__in=wanted).values_list("pk", "sha256") if wanted else ()
    return {version: parsed(sha256, version) for version, sha256 in rows}


def _live() -> Any:
    rows = PackageVersion.objects.filter(is_live=True).order_by("procedure__slug")
    return rows.values("pk", "sha256", "procedure_id", "procedure__section_id")


_ask_live = prepared(_live)


def live_versions() -> list[LoadedPackage]:
    """Every procedure in use, by slug: `queries.live_procedures` for pages that ask on every opening."""
    return [
        LoadedPackage(
            row["pk"],
            row["procedure_id"],
            row["procedure__section_id"],
            parsed(row["sha256"], row["pk"]),
        )
        for row in _ask_live()
    ]
