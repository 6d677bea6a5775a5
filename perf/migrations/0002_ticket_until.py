import datetime as dt

from django.db import migrations, models

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class Migration(migrations.Migration):
    dependencies = [("perf", "0001_initial")]

    operations = [
        migrations.AddField(
            model, name, models.DateTimeField(default=EPOCH), preserve_default=False
        )
        for model in ("ticket", "historicalticket")
        for name in ("gti_until", "gtr_until")
    ]
