"""A version stays what it was, in the database too: SQL that may run any number of times."""

from typing import Any

from django.db import connections

SQL = r"""
CREATE OR REPLACE FUNCTION procedures_keep_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.state <> 'draft' THEN RAISE EXCEPTION 'a proposed or published version cannot be deleted'; END IF;
    RETURN OLD;
  END IF;
  IF NEW.version <> OLD.version OR NEW.procedure_id <> OLD.procedure_id THEN
    RAISE EXCEPTION 'a version keeps its name';
  END IF;
  IF OLD.state <> 'draft' AND (NEW.sha256 <> OLD.sha256 OR NEW.files <> OLD.files) THEN
    RAISE EXCEPTION 'the files of a proposed or published version cannot change';
  END IF;
  IF OLD.state = 'published' AND NEW.state <> 'published' THEN
    RAISE EXCEPTION 'a published version stays published';
  END IF;
  IF NEW.is_live AND NEW.state <> 'published' THEN
    RAISE EXCEPTION 'only a published version can be live';
  END IF;
  RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS keep_version ON procedures_packageversion;
CREATE TRIGGER keep_version BEFORE UPDATE OR DELETE ON procedures_packageversion
  FOR EACH ROW EXECUTE FUNCTION procedures_keep_version();
"""


def keep_versions(using: str = "default", **_: Any) -> None:
    """Refuse every change of what a proposed or published version says."""
    with connections[using].cursor() as cursor:
        cursor.execute("SET client_min_messages = warning")
        cursor.execute(SQL)
        cursor.execute("RESET client_min_messages")
