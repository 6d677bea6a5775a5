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
            name='Import',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('name', models.CharField(max_length=255, verbose_name='nom du fichier')),
                ('content', models.BinaryField()),
                ('sha256', models.CharField(max_length=64)),
                ('options', models.JSONField(default=dict)),
                ('state', models.CharField(choices=[('VERIFIE', 'Vérifié, à confirmer'), ('EN_ATTENTE', 'En attente'), ('EN_COURS', 'En cours'), ('TERMINE', 'Terminé'), ('REFUSE', "Refusé, rien n'est enregistré"), ('ECHEC', "Interrompu, rien n'est enregistré")], max_length=12, verbose_name='état')),
                ('lines', models.PositiveIntegerField(default=0)),
                ('done', models.PositiveIntegerField(default=0)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('lease_until', models.DateTimeField(null=True)),
                ('result', models.JSONField(default=dict)),
                ('errors', models.JSONField(default=list)),
                ('checked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('finished_at', models.DateTimeField(null=True)),
                ('organisation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.organisation')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='imports', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'import de fichier',
                'verbose_name_plural': 'imports de fichiers',
                'ordering': ('-checked_at', '-pk'),
                'indexes': [models.Index(condition=models.Q(('state__in', ('EN_ATTENTE', 'EN_COURS'))), fields=['state'], name='import_to_run')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'VERIFIE')), fields=('user', 'kind'), name='import_one_waiting', violation_error_message='Un fichier attend déjà votre accord.')],
            },
        ),
    ]
