"""A new table that hangs on a case, or a new column of one that stays, must say what becomes of it."""

import pytest
from django.apps import apps

from madoguchi.ledgers.office.hanging import links_from
from madoguchi.services.applications.retention_treatment import CLEARED, FIGURES, GONE, OF_THE_CASE, STAYS

CASE = "applications.application"
HERE = {model._meta.label_lower for model in apps.get_models()}


def test_everything_that_hangs_on_a_case_is_treated() -> None:
    hanging = {link.table for link in links_from(CASE, STAYS.keys())}
    assert hanging - GONE - CLEARED.keys() - STAYS.keys() == set()
    assert (GONE | CLEARED.keys() | STAYS.keys()) & HERE - hanging == set()


def test_every_foreign_key_to_what_goes_is_found() -> None:
    """Asked of the models apart: nothing may point at a case or at what hangs on it and be missed."""
    treated = GONE | CLEARED.keys() | {CASE}
    pointing = {
        f"{model._meta.label_lower}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.local_fields
        if field.is_relation
        and field.related_model._meta.label_lower in treated
        and model._meta.label_lower not in treated | STAYS.keys()
    }
    assert pointing == set()


@pytest.mark.parametrize("table", sorted({*CLEARED, CASE} & HERE))
def test_every_column_stays_as_a_figure_or_is_emptied(table: str) -> None:
    emptied = set(OF_THE_CASE if table == CASE else CLEARED[table])
    columns = {field.name for field in apps.get_model(table)._meta.local_fields}
    assert columns == emptied | FIGURES[table]
    assert not emptied & FIGURES[table]
