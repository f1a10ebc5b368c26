"""Imports that nobody finished leave nothing behind after thirty days; those that were applied stay."""

from datetime import timedelta
from typing import Any

import pytest

from madoguchi.ledgers.registry.import_forgetting import forget_unfinished_imports
from madoguchi.ledgers.registry.models import ImportPiece, ImportRow, ResidentImport
from madoguchi.ledgers.registry.states import ImportState
from tests.factories_imports import applied, as_bytes, read_in, table
from tests.factories_registry import NOW

pytestmark = pytest.mark.django_db


def test_what_nobody_finished_is_forgotten_with_its_lines(town: Any) -> None:
    done = applied(as_bytes(table()))
    waits = read_in(as_bytes(table()))
    assert ImportRow.objects.filter(of_import_id=waits).exists()
    assert forget_unfinished_imports(at=NOW + timedelta(days=30)) == 0
    assert forget_unfinished_imports(at=NOW + timedelta(days=31)) == 1
    states = dict(ResidentImport.objects.values_list("pk", "state"))
    assert (states[waits], states[done]) == (ImportState.DISCARDED, ImportState.APPLIED)
    assert not ImportRow.objects.filter(of_import_id=waits).exists()
    assert not ImportPiece.objects.filter(of_import_id=waits).exists()
    assert forget_unfinished_imports(at=NOW + timedelta(days=60)) == 0
