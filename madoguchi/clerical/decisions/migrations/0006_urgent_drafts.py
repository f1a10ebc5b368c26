from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("decisions", "0005_day_of_decision")]
    operations = [
        migrations.AddIndex(
            model_name="draft",
            index=models.Index(
                fields=["municipality", "drafted_at"],
                condition=Q(urgent=True, state="submitted"),
                name="urgent_drafts",
            ),
        )
    ]
