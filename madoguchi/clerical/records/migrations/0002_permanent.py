"""The record of what was disposed of or handed over is permanent, and a file that came to its end stays as it was."""

from django.db import migrations

REFUSE = """
CREATE OR REPLACE FUNCTION records_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is permanent', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER records_fileend_kept BEFORE UPDATE OR DELETE ON records_fileend
  FOR EACH ROW EXECUTE FUNCTION records_refuse_change();
CREATE TRIGGER records_endeddraft_kept BEFORE UPDATE OR DELETE ON records_endeddraft
  FOR EACH ROW EXECUTE FUNCTION records_refuse_change();
CREATE TRIGGER records_casefile_ended BEFORE UPDATE OR DELETE ON records_casefile
  FOR EACH ROW WHEN (OLD.state IN ('disposed', 'transferred')) EXECUTE FUNCTION records_refuse_change();
"""
FORGET = """
DROP TRIGGER IF EXISTS records_fileend_kept ON records_fileend;
DROP TRIGGER IF EXISTS records_endeddraft_kept ON records_endeddraft;
DROP TRIGGER IF EXISTS records_casefile_ended ON records_casefile;
DROP FUNCTION IF EXISTS records_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("records", "0001_initial")]
    operations = [migrations.RunSQL(REFUSE, FORGET)]
