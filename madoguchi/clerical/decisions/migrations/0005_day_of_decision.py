"""The day of a decision: of one on paper the day on the seal, which stood in the trace only."""

from django.db import migrations, models
from django.db.models import Q

# As in 0004: the owner of the tables sees every municipality only while security is not forced on owners too.
FILL = """
ALTER TABLE decisions_draft NO FORCE ROW LEVEL SECURITY;
ALTER TABLE decisions_step NO FORCE ROW LEVEL SECURITY;
UPDATE decisions_draft SET decided_on = COALESCE(
    (SELECT max(substring(step.comment FROM '^紙で決裁 (\\d{4}-\\d{2}-\\d{2})$')::date) FROM decisions_step step
     WHERE step.draft_id = decisions_draft.id AND decisions_draft.mode = 'paper' AND step.outcome = 'closed'),
    (settled_at AT TIME ZONE 'Asia/Tokyo')::date)
  WHERE state IN ('approved', 'rejected') AND settled_at IS NOT NULL AND decided_on IS NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("decisions", "0004_append_only")]
    operations = [
        migrations.AddField(
            model_name="draft",
            name="decided_on",
            field=models.DateField(null=True, verbose_name="決裁日"),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="draft",
            index=models.Index(
                fields=["municipality", "decided_on", "section", "mode"],
                condition=Q(decided_on__isnull=False),
                name="drafts_by_day_of_decision",
            ),
        ),
    ]
