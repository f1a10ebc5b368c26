"""Every installed requirement has a licence that a municipality may pass on; what is unknown or copyleft is refused."""

import importlib.metadata as installed
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PERMISSIVE = re.compile(
    r"\b(MIT|MIT-CMU|BSD|0BSD|Apache|ISC|PSF|Python Software Foundation|Zlib|CC0|HPND|Unlicense|IPA)\b", re.I
)
COPYLEFT = re.compile(r"\b(A|L)?GPL|GNU|\bMPL\b|Mozilla|EPL|CDDL|EUPL|SSPL|BUSL|Commons Clause", re.I)
# Copyleft or silent metadata, looked at by a person. The name may be used under exactly this reason.
LOOKED_AT = {
    "psycopg": "LGPL-3.0: used unchanged as a library from its own wheel, which the LGPL allows",
    "psycopg-binary": "LGPL-3.0: as psycopg",
    "psycopg-pool": "LGPL-3.0: as psycopg",
    "cel-python": "Apache-2.0 by the licence file of its wheel; its metadata name none",
    "hypothesis": "MPL-2.0: runs tests only and is not shipped",
    "pathspec": "MPL-2.0: a part of mypy, runs checks only and is not shipped",
    "axe-playwright-python": "MIT by the licence file of its wheel; carries axe-core (MPL-2.0); tests only",
    "fido2": "BSD-2-Clause; two of its files are under Apache-2.0 and a list of suffixes under MPL-2.0, used unchanged",
    "certifi": "MPL-2.0: a list of certificates, used unchanged",
}
SHIPPED, DEVELOPING = ROOT / "requirements.lock", ROOT / "requirements-dev.lock"


def named_in(lock: Path) -> set[str]:
    """The distributions of a lock file; those for other systems only (sys_platform) are not installed here."""
    found = re.findall(r"^([A-Za-z0-9._-]+)==([^\s;]+)\s*(;[^\\\n]*)?", lock.read_text(), re.M)
    return {name.lower() for name, _, marker in found if "win32" not in marker}


def licence_of(name: str) -> str:
    """What the distribution says of itself, in its three places."""
    told = installed.metadata(name)
    classified = [each for each in told.get_all("Classifier") or [] if each.startswith("License")]
    free = (told.get("License") or "").strip()[:120]
    return " / ".join([told.get("License-Expression") or "", free, *classified])


def refused(names: set[str]) -> list[str]:
    return [
        f"{name}: {licence.strip(' /') or 'no licence is named'}"
        for name in sorted(names - LOOKED_AT.keys())
        for licence in [licence_of(name)]
        if COPYLEFT.search(licence) or not PERMISSIVE.search(licence)
    ]


@pytest.mark.parametrize("lock", [SHIPPED, DEVELOPING], ids=["shipped", "developing"])
def test_every_requirement_may_be_passed_on(lock: Path) -> None:
    names = named_in(lock)
    assert len(names) > 20
    assert refused(names) == []


def test_nothing_that_is_shipped_is_under_the_gpl() -> None:
    strong = [
        name
        for name in named_in(SHIPPED)
        if re.search(r"(?<!L)\bA?GPL|(?<!Lesser )General Public", licence_of(name))
    ]
    assert strong == []


def test_a_copyleft_or_silent_licence_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The check itself: one that could not fail would prove nothing."""
    told = {"gpl": "GPL-3.0-or-later", "agpl": "AGPL-3.0", "silent": "", "mit": "MIT", "own": "Proprietary"}
    monkeypatch.setattr("tests.security.test_licences.licence_of", told.__getitem__)
    assert [line.split(":")[0] for line in refused(set(told))] == ["agpl", "gpl", "own", "silent"]
