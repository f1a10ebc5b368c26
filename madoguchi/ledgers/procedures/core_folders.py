"""Where the layouts of core systems lie: in the version, beside the versions, and for one town alone.

A version in force never changes, a core system does: its layout lies in packages/<slug>/exports/ beside the versions,
and what only one town's system needs in packages/<slug>/exports/<団体コード>/. The nearer one wins, by target.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from .core_layout import FOLDER, Layout, read_layout, read_layouts
from .package import Package


def layouts_of(package: Package, town_code: str) -> dict[str, Layout]:
    """Every layout of a procedure by target. Raises PackageFaults with everything that is wrong."""
    beside = Path(settings.PACKAGES_DIR) / package.slug / FOLDER
    found = read_layouts(package.files, package.known_names)
    for folder in (beside, beside / town_code):
        for file in sorted(folder.glob("*.toml")):
            layout = _read(file, file.stat().st_mtime_ns, package.sha256, package.known_names)
            found[layout.target] = layout
    return found


@lru_cache(maxsize=128)
def _read(file: Path, _changed: int, _sha256: str, known: frozenset[str]) -> Layout:
    return read_layout(f"{FOLDER}/{file.name}", file.read_bytes(), known)
