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
            name='MailQueue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('refusal', models.TextField(blank=True)),
                ('refused', models.JSONField(default=list)),
                ('pauses', models.PositiveSmallIntegerField(default=0)),
                ('paused_until', models.DateTimeField(null=True)),
                ('held_at', models.DateTimeField(null=True)),
                ('held_reason', models.TextField(blank=True)),
            ],
            options={
                'verbose_name': 'file des courriels',
                'verbose_name_plural': 'file des courriels',
                'constraints': [models.CheckConstraint(condition=models.Q(('pk', 1)), name='mail_queue_is_one')],
            },
        ),
        migrations.CreateModel(
            name='OutgoingMail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=10)),
                ('topic', models.CharField(blank=True, max_length=40)),
                ('to_email', models.EmailField(max_length=254, verbose_name='destinataire')),
                ('subject', models.CharField(max_length=300, verbose_name='objet')),
                ('body_text', models.TextField(blank=True)),
                ('body_html', models.TextField(blank=True)),
                ('headers', models.JSONField(default=dict)),
                ('attachments', models.JSONField(default=list)),
                ('is_sensitive', models.BooleanField(default=False)),
                ('page', models.CharField(blank=True, max_length=300)),
                ('read_at', models.DateTimeField(null=True, verbose_name='lu le')),
                ('dedupe_key', models.CharField(max_length=120, null=True, unique=True)),
                ('message_id', models.CharField(max_length=120, unique=True)),
                ('state', models.CharField(choices=[('A_ENVOYER', 'À envoyer'), ('EN_COURS', 'Envoi en cours'), ('ENVOYE', 'Envoyé'), ('AFFICHE', 'Affiché sur ce site'), ('INCERTAIN', 'Peut-être reçu'), ('REVENU', 'Revenu : non remis'), ('ECHEC', 'Échec'), ('ANNULE', 'Annulé')], default='A_ENVOYER', max_length=10)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('next_attempt_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('doubts', models.PositiveSmallIntegerField(default=0)),
                ('lease_until', models.DateTimeField(null=True)),
                ('error', models.TextField(blank=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('sent_at', models.DateTimeField(null=True)),
                ('bounced_at', models.DateTimeField(null=True)),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='mails', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'courriel',
                'ordering': ('-created_at', '-pk'),
                'indexes': [models.Index(fields=['state', 'next_attempt_at'], name='mail_to_send'), models.Index(fields=['user', 'created_at'], name='mail_of_person'), models.Index(condition=models.Q(('read_at', None)), fields=['user'], name='mail_unread')],
            },
        ),
    ]
