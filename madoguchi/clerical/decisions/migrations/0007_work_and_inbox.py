"""The work a large decision orders, the inbox in one index, and 供覧 as a kind of its own."""

from django.db import migrations, models
from django.db.models import Q

# As in 0004: the owner of the tables sees every municipality only while security is not forced on owners too.
# Steps that are done are in no inbox, and are never changed. Whoever was still to look at a discarded draft no longer is.
FILL = """
ALTER TABLE decisions_draft NO FORCE ROW LEVEL SECURITY;
ALTER TABLE decisions_step NO FORCE ROW LEVEL SECURITY;
UPDATE decisions_step SET matter = draft.kind, urgent = draft.urgent, on_paper = draft.mode = 'paper'
  FROM decisions_draft draft WHERE draft.id = decisions_step.draft_id AND decisions_step.outcome = '';
UPDATE decisions_step SET outcome = 'closed', decided_at = greatest(now(), opened_at) FROM decisions_draft draft
  WHERE draft.id = decisions_step.draft_id AND decisions_step.outcome = '' AND draft.state = 'discarded';
"""
STATES = [
    ("submitted", "決裁待ち"),
    ("approved", "決裁済み"),
    ("rejected", "却下"),
    ("returned", "差し戻し"),
    ("taken_back", "取戻し"),
    ("discarded", "廃案"),
    ("circulating", "供覧中"),
    ("shown", "供覧済み"),
]
TO_DECIDE = Q(outcome="", opened_at__isnull=False, kind__in=("line", "consult", "decide"), on_paper=False)


def marked(name: str, verbose_name: str) -> migrations.AddField:
    field = models.BooleanField(db_default=False, default=False, verbose_name=verbose_name)
    return migrations.AddField(model_name="step", name=name, field=field)


class Migration(migrations.Migration):
    dependencies = [("decisions", "0006_urgent_drafts")]
    operations = [
        migrations.AlterField(
            model_name="draft",
            name="state",
            field=models.CharField(choices=STATES, default="submitted", max_length=12),
        ),
        migrations.AddField(
            model_name="draft", name="work", field=models.UUIDField(null=True, verbose_name="処理")
        ),
        migrations.AddField(
            model_name="draft",
            name="worked_off_at",
            field=models.DateTimeField(null=True, verbose_name="処理を終えた日時"),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.CheckConstraint(
                condition=Q(worked_off_at__isnull=True) | Q(work__isnull=False),
                name="draft_worked_off_by_its_job",
            ),
        ),
        migrations.AddField(
            model_name="step",
            name="matter",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=10, verbose_name="種類"
            ),
        ),
        marked("urgent", "至急"),
        marked("on_paper", "紙で決裁"),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="draft",
            index=models.Index(
                condition=Q(work__isnull=False, worked_off_at__isnull=True),
                fields=["municipality", "settled_at"],
                name="drafts_to_work_off",
            ),
        ),
        migrations.AddIndex(
            model_name="step",
            index=models.Index(
                condition=TO_DECIDE,
                fields=["municipality", "approver", "-urgent", "opened_at", "id"],
                include=["draft"],
                name="steps_to_decide",
            ),
        ),
        migrations.AddIndex(
            model_name="step",
            index=models.Index(
                condition=TO_DECIDE,
                fields=["municipality", "approver", "matter", "-urgent", "opened_at", "id"],
                include=["draft"],
                name="steps_to_decide_by_matter",
            ),
        ),
    ]
