"""Pauses of cases received before pauses were kept one by one, from their corrections; may run any number of times."""

from typing import Any

from django.db import connections

FROM_CORRECTIONS = """
DO $$ DECLARE town bigint;
DECLARE former text := COALESCE(current_setting('madoguchi.municipality', true), '');
BEGIN
  FOR town IN SELECT id FROM office_municipality LOOP
    PERFORM set_config('madoguchi.municipality', town::text, true);
    INSERT INTO applications_clockpause
      (municipality_id, application_id, reason, note, stopped_on, resumed_on, stopped_by)
    SELECT town, asked.application_id, 'correction', '', (asked.asked_at AT TIME ZONE 'Asia/Tokyo')::date,
      (asked.answered_at AT TIME ZONE 'Asia/Tokyo')::date, ''
    FROM applications_correction AS asked
    WHERE asked.municipality_id = town AND NOT EXISTS (
      SELECT 1 FROM applications_clockpause AS known WHERE known.application_id = asked.application_id);
  END LOOP;
  PERFORM set_config('madoguchi.municipality', former, true);
END $$;
"""


def keep_older_pauses(using: str = "default", **_: Any) -> None:
    with connections[using].cursor() as cursor:
        cursor.execute(FROM_CORRECTIONS)
