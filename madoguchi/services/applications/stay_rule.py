"""The rule by which PostgreSQL keeps how long a case is in each stage, as SQL that may run any number of times.

The trace tells it too, but only by reading every act of every case. A trigger sees each change of stage, also those of
statements that decide thousands of cases at once, and enters the moment of the act, not of the clock.
"""

from typing import Any

from django.db import connections

RULE = """
CREATE OR REPLACE FUNCTION applications_keep_stay() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE moment timestamptz := CASE WHEN TG_OP = 'INSERT' THEN NEW.received_at ELSE NEW.changed_at END;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    UPDATE applications_stagestay SET left_at = GREATEST(moment, entered_at)
      WHERE application_id = NEW.id AND left_at IS NULL;
  END IF;
  INSERT INTO applications_stagestay (municipality_id, application_id, procedure, period_code, stage, entered_at)
    VALUES (NEW.municipality_id, NEW.id, NEW.procedure, NEW.period_code, NEW.stage, moment)
    ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS stay_begins ON applications_application;
CREATE TRIGGER stay_begins AFTER INSERT ON applications_application
  FOR EACH ROW EXECUTE FUNCTION applications_keep_stay();
DROP TRIGGER IF EXISTS stay_changes ON applications_application;
CREATE TRIGGER stay_changes AFTER UPDATE OF stage ON applications_application
  FOR EACH ROW WHEN (OLD.stage IS DISTINCT FROM NEW.stage) EXECUTE FUNCTION applications_keep_stay();
CREATE INDEX IF NOT EXISTS trace_timed_steps ON office_trace (municipality_id, (note ->> 'step'), subject_id)
  WHERE subject_kind = 'applications.application' AND note ->> 'staff_seconds' IS NOT NULL;
"""


def lay_down_the_stays(using: str = "default", **_: Any) -> None:
    """Make the trigger of the stays anew."""
    with connections[using].cursor() as cursor:
        cursor.execute("SET client_min_messages = warning")
        cursor.execute(RULE)
        cursor.execute("RESET client_min_messages")
