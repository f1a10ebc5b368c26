"""The rule by which PostgreSQL itself looks for pairs of characters, as SQL that may run any number of times.

Under row-level security a condition of a question reaches an index only when its operator is leakproof; for arrays none
is. A restrictive rule comes before the question and may: so what is looked for stands in the session, and the rule of
the table compares it. With nothing looked for, the rule lets everything pass.
"""

from typing import Any

from django.db import connections

from madoguchi.services.applications.ledger_indexes import OF_WORKED_OUT

SEARCHED = "madoguchi.searched"

RULE = f"""
CREATE OR REPLACE FUNCTION applications_searched() RETURNS integer[] LANGUAGE sql STABLE AS $$
  SELECT COALESCE(NULLIF(current_setting('{SEARCHED}', true), ''), '{{}}')::integer[] $$;
DROP POLICY IF EXISTS answers_searched ON applications_searchtext;
CREATE POLICY answers_searched ON applications_searchtext AS RESTRICTIVE FOR SELECT
  USING (grams @> applications_searched());
ALTER TABLE applications_application SET (toast_tuple_target = 512);
"""
"""toast_tuple_target: long answers lie beside the table, so that a list of rows reads few pages."""
WORKED_OUT = """
CREATE INDEX IF NOT EXISTS period_by_{column} ON applications_application
  (municipality_id, procedure, period_code, {column}, id);
"""


def lay_down_the_rule(using: str = "default", **_: Any) -> None:
    """Make the rule of the search table anew."""
    with connections[using].cursor() as cursor:
        cursor.execute("SET client_min_messages = warning")
        cursor.execute(RULE)
        for column in OF_WORKED_OUT:
            cursor.execute(WORKED_OUT.format(column=column))
        cursor.execute("RESET client_min_messages")
