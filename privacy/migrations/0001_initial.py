import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='RetentionRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_index=True, verbose_name='le')),
                ('counts', models.JSONField(default=dict)),
            ],
            options={
                'verbose_name': "passage de l'effacement",
                'verbose_name_plural': "passages de l'effacement",
                'ordering': ('-at', '-pk'),
            },
        ),
        migrations.CreateModel(
            name='ErasureRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked_at', models.DateTimeField(verbose_name='demandé le')),
                ('due_at', models.DateTimeField(verbose_name='effacement automatique à partir du')),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('done_at', models.DateTimeField(null=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='erasure_requests', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': "demande d'effacement",
                'verbose_name_plural': "demandes d'effacement",
                'ordering': ('due_at', 'pk'),
                'constraints': [models.UniqueConstraint(condition=models.Q(('done_at', None), ('withdrawn_at', None)), fields=('user',), name='erasure_request_open_unique', violation_error_message="L'effacement de ce compte est déjà demandé.")],
            },
        ),
    ]
