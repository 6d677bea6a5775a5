import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Endpoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, verbose_name='nom')),
                ('url', models.CharField(max_length=500, verbose_name='adresse')),
                ('format', models.CharField(choices=[('STANDARD', 'Logiciel (JSON, Standard Webhooks)'), ('TEAMS', 'Message Teams'), ('SLACK', 'Message Slack'), ('MATTERMOST', 'Message Mattermost')], max_length=10)),
                ('kinds', models.JSONField(default=list, verbose_name='événements')),
                ('salt', models.CharField(max_length=32)),
                ('cursor', models.BigIntegerField(default=0)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='créé le')),
                ('failing_since', models.DateTimeField(blank=True, null=True)),
                ('disabled_at', models.DateTimeField(blank=True, null=True, verbose_name='désactivé le')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='webhooks', to='accounts.organisation')),
            ],
            options={
                'verbose_name': 'webhook',
                'ordering': ('name', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('entry_id', models.BigIntegerField(null=True)),
                ('event', models.CharField(max_length=60, verbose_name='événement')),
                ('payload', models.JSONField()),
                ('state', models.CharField(choices=[('EN_ATTENTE', 'À envoyer'), ('REMIS', 'Remis'), ('ABANDONNE', 'Abandonné')], default='EN_ATTENTE', max_length=12)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('next_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('last_status', models.PositiveSmallIntegerField(null=True)),
                ('error', models.CharField(blank=True, max_length=200)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('last_try_at', models.DateTimeField(null=True)),
                ('endpoint', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='webhooks.endpoint')),
            ],
            options={
                'verbose_name': "envoi d'un webhook",
                'verbose_name_plural': 'envois de webhooks',
                'ordering': ('-created_at', '-pk'),
            },
        ),
        migrations.AddConstraint(
            model_name='endpoint',
            constraint=models.UniqueConstraint(fields=('organisation', 'name'), name='webhook_name_unique', violation_error_message='Un webhook porte déjà ce nom.'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('state', 'EN_ATTENTE')), fields=['next_at'], name='webhook_to_send'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(fields=['created_at'], name='webhook_delivery_at'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.UniqueConstraint(fields=('endpoint', 'entry_id'), name='webhook_entry_once'),
        ),
    ]
