"""The bare question behind a page of the ledger, as the bench asks it beside the page."""

import time

from django.db import connection

from madoguchi.services.applications.ledger import COLUMNS, PAGE_SIZE, UNREAD, paged_rows
from madoguchi.services.applications.ledger_filters import Filters


def bare_question(filters: Filters) -> tuple[int, float]:
    """How many rows PostgreSQL tells for a page of the ledger, and in how many seconds; no counts, no objects."""
    began = time.perf_counter()
    asked = paged_rows(filters).annotate(unread=UNREAD)
    rows, values = asked[:PAGE_SIZE].values_list(*COLUMNS).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(rows, values)
        told = len(cursor.fetchall())
    return told, time.perf_counter() - began
