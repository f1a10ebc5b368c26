"""What makes a whole register quick to take in must not change what is read."""

from typing import Any

from django.db import connection
from hypothesis import example, given
from hypothesis import strategies as st

from madoguchi.common.names import name_key
from madoguchi.ledgers.registry import import_sql
from madoguchi.ledgers.registry.import_guard import refuse_individual_numbers
from madoguchi.ledgers.registry.import_rows import PersonRecord
from madoguchi.ledgers.registry.import_source import Line
from madoguchi.ledgers.registry.import_staging import search_keys
from madoguchi.ledgers.registry.models import Resident
from tests.factories_imports import applied, as_bytes, table
from tests.ledgers.registry.test_import_reading import read

NAMES = st.text(st.one_of(st.characters(), st.sampled_from("佐々木野ヶ髙ﾊﾞがか゛゙々ー・ 󠄀")), max_size=6)


@given(NAMES, NAMES)
@example("佐", "々木")
@example("ハ", "\u3099")
@example("ﾊ", "ﾞ")
@example("か", "\u0301")
def test_the_key_of_a_name_is_that_of_its_whole(family: str, given_name: str) -> None:
    assert search_keys(family, given_name, "", "")[0] == name_key(family + given_name)[:240]


def test_a_record_has_the_order_of_the_tables_columns() -> None:
    assert PersonRecord._fields == ("atena_number", "household_number", *import_sql.PERSON)


def test_what_is_remembered_of_a_line_is_told_of_the_next_again() -> None:
    wide, again = read(記載順位="１", 住所_郵便番号="21"), read(記載順位="１", 住所_郵便番号="21")
    assert wide == again
    assert len(getattr(again, "repairs", ())) == 2


def test_uneven_lines_are_counted_too() -> None:
    lines = [Line(1, ("番号", "氏名")), Line(2, ("1",)), Line(3, ("2", "見本", "余り"))]
    head, count = refuse_individual_numbers(lines)
    assert (head.cells, count) == (("番号", "氏名"), 2)


def test_the_planner_knows_the_register_once_a_file_is_applied(town: Any) -> None:
    """Without ANALYZE a table that was empty counts as a few rows, and every search is planned so."""
    applied(as_bytes(table()))
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'registry_resident'")
        assert cursor.fetchone()[0] == Resident.objects.count()
