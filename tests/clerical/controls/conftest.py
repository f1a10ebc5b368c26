from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from madoguchi.clerical.controls import actions
from madoguchi.ledgers.office.trace import SYSTEM, Subject
from madoguchi.ledgers.procedures.publishing import install
from tests.factories_controls import reference_files, scope_with


@pytest.fixture
def version(section: Any, now: datetime) -> Any:
    """The reference controls as a live version of サンプル市."""
    return install(reference_files(), by=None, at=now)


@pytest.fixture
def check(version: Any, section: Any, now: datetime) -> Callable[..., list[Any]]:
    """Runs the controls of a clean case with some facts changed; `subject`, `label` and `steps` as the action takes them."""

    def run(*, by: Any = SYSTEM, at: datetime = now, steps: Any = None, **changed: Any) -> list[Any]:
        given: dict[str, Any] = {
            "subject": Subject("test.matter", "1"),
            "sources": {},
            "controls": version.package.controls,
            "label": "SA1",
            "section_id": section.pk,
        }
        given |= {name: changed.pop(name) for name in given if name in changed}
        facts = scope_with(**changed)
        return actions.check(**given, version_id=version.version_id, steps=steps, scope=facts, by=by, at=at)

    return run
