"""延長 is decided by the head of the section with the head of the section of records: a signature each."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0003_second_look"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="legalhold",
            name="agreed_at",
            field=models.DateTimeField(null=True, verbose_name="課長が決めた日時"),
        ),
        migrations.AddField(
            model_name="legalhold",
            name="agreed_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="legalhold",
            name="signed_at",
            field=models.DateTimeField(null=True, verbose_name="総務課長が確かめた日時"),
        ),
        migrations.AddConstraint(
            model_name="legalhold",
            constraint=models.CheckConstraint(
                condition=models.Q(("agreed_at__isnull", True), ("agreed_by__isnull", True))
                | models.Q(
                    ("agreed_at__isnull", False),
                    ("agreed_by__isnull", False),
                    models.Q(("agreed_by", models.F("set_by")), _negated=True),
                ),
                name="legal_hold_agreed_by_another",
            ),
        ),
    ]
