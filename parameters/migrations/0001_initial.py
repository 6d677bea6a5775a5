import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='RegulatoryParameter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=60)),
                ('value', models.JSONField(verbose_name='valeur')),
                ('effective_from', models.DateTimeField(verbose_name="date d'effet")),
                ('source', models.CharField(max_length=300, verbose_name='source')),
                ('is_confirmed', models.BooleanField(default=False, verbose_name='confirmé par un texte')),
                ('author_name', models.CharField(max_length=150, verbose_name='auteur')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('retired_at', models.DateTimeField(null=True, verbose_name='retirée le')),
                ('retired_by_name', models.CharField(blank=True, max_length=150)),
                ('retired_reason', models.CharField(blank=True, max_length=500, verbose_name='motif du retrait')),
                ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'paramètre réglementaire',
                'verbose_name_plural': 'paramètres réglementaires',
                'ordering': ('key', '-effective_from', '-pk'),
                'indexes': [models.Index(fields=['key', '-effective_from'], name='parameter_in_effect')],
            },
        ),
    ]
