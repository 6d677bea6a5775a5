import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """`recipient_id` was a number and is now a key without a constraint: the same column."""

    dependencies = [
        ('calendar_app', '0002_files_left_to_the_worker'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField(model_name='archivedreminder', name='recipient_id'),
                migrations.AddField(
                    model_name='archivedreminder',
                    name='recipient',
                    field=models.ForeignKey(db_constraint=False, db_index=False, default=0, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
                    preserve_default=False,
                ),
            ],
        ),
        migrations.AlterField(
            model_name='archivedreminder',
            name='archived_at',
            field=models.DateTimeField(),
        ),
        migrations.AddIndex(
            model_name='archivedreminder',
            index=models.Index(fields=['recipient'], name='archived_of_person'),
        ),
    ]
