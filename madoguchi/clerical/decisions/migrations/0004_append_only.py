"""What approvals cover is never changed or removed, whoever asks; disposal after the retention is the one exception."""

from django.db import migrations

KEPT = ("decisions_edition", "decisions_attachment", "decisions_papermaterial")

REFUSE = """
CREATE OR REPLACE FUNCTION decisions_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND COALESCE(current_setting('madoguchi.disposing', true), '') = 'on' THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION '% is append-only: approvals cover what stands there', TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER decisions_step_kept BEFORE UPDATE ON decisions_step
  FOR EACH ROW WHEN (OLD.outcome <> '') EXECUTE FUNCTION decisions_refuse_change();
CREATE TRIGGER decisions_step_stays BEFORE DELETE ON decisions_step
  FOR EACH ROW EXECUTE FUNCTION decisions_refuse_change();
"""
FORGET = """
DROP TRIGGER IF EXISTS decisions_step_kept ON decisions_step;
DROP TRIGGER IF EXISTS decisions_step_stays ON decisions_step;
"""
TRIGGER = """
CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table}
  FOR EACH ROW EXECUTE FUNCTION decisions_refuse_change();
"""

# The owner of the tables sees rows of every municipality only while security is not forced on owners too;
# migrating forces it again at its end.
OPEN_STEPS = """
ALTER TABLE decisions_draft NO FORCE ROW LEVEL SECURITY;
ALTER TABLE decisions_step NO FORCE ROW LEVEL SECURITY;
UPDATE decisions_draft SET subject_sha256 = content_sha256 WHERE subject_sha256 = '';
UPDATE decisions_step SET opened_at = draft.drafted_at FROM decisions_draft draft
  WHERE draft.id = decisions_step.draft_id AND decisions_step.outcome = '' AND opened_at IS NULL;
UPDATE decisions_draft SET settled_at = step.decided_at FROM decisions_step step
  WHERE step.draft_id = decisions_draft.id AND state IN ('approved', 'rejected') AND settled_at IS NULL
    AND step.outcome = decisions_draft.state;
"""


class Migration(migrations.Migration):
    dependencies = [("decisions", "0003_routes")]
    operations = [
        migrations.RunSQL(OPEN_STEPS, migrations.RunSQL.noop),
        migrations.RunSQL(REFUSE, FORGET),
        *(
            migrations.RunSQL(TRIGGER.format(table=table), f"DROP TRIGGER IF EXISTS {table}_kept ON {table};")
            for table in KEPT
        ),
    ]
