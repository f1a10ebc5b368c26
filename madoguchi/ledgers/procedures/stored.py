"""Files of a version as they lie in the database, and the packages read from them, kept by fingerprint."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping
from functools import lru_cache

from .models import PackageVersion
from .package import Package, read_files


def to_stored(files: Mapping[str, bytes]) -> dict[str, str]:
    return {name: b64encode(content).decode("ascii") for name, content in files.items()}


def from_stored(stored: Mapping[str, str]) -> dict[str, bytes]:
    return {name: b64decode(content) for name, content in stored.items()}


@lru_cache(maxsize=64)
def parsed(sha256: str, version_id: int) -> Package:
    """The package of a version. A version never changes, so one reading serves the whole process."""
    stored = PackageVersion.objects.values_list("files", flat=True).get(pk=version_id)
    package = read_files(from_stored(stored))
    if package.sha256 != sha256:
        raise ValueError(f"the files of package version {version_id} do not have the fingerprint {sha256}")
    return package
