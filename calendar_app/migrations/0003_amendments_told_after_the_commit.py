from typing import Any

from django.db import migrations, models
from django.db.models import F


def told_until_now(apps: Any, _schema_editor: Any) -> None:
    """Until now an amendment told those concerned in its own transaction."""
    versions = apps.get_model("calendar_app", "MilestoneVersion").objects
    versions.filter(number__gt=1).update(told_at=F("created_at"))


class Migration(migrations.Migration):

    dependencies = [
        ('calendar_app', '0002_delays_and_mails'),
    ]

    operations = [
        migrations.AddField(
            model_name='milestoneversion',
            name='told_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.RunPython(told_until_now, migrations.RunPython.noop),
    ]
