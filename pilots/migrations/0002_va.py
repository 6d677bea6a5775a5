from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("pilots", "0001_initial")]

    operations = [
        migrations.AlterField(
            "va",
            "nudged_at",
            models.DateTimeField("relance envoyée le", null=True, blank=True),
        ),
        migrations.AlterField(
            "historicalva",
            "nudged_at",
            models.DateTimeField("relance envoyée le", null=True, blank=True),
        ),
        migrations.AlterField(
            "vacondition", "recorded_at", models.DateTimeField(null=True, blank=True)
        ),
        migrations.AlterField(
            "historicalvacondition", "recorded_at", models.DateTimeField(null=True, blank=True)
        ),
        migrations.AddField(
            "notification",
            "months",
            models.PositiveSmallIntegerField("délai en mois", default=2),
            preserve_default=False,
        ),
        migrations.AddField(
            "historicalnotification",
            "months",
            models.PositiveSmallIntegerField("délai en mois", default=2),
            preserve_default=False,
        ),
    ]
