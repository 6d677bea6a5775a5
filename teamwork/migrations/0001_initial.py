import django.db.models.deletion
import django.utils.timezone
import documents.models
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
            name='Comment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject_type', models.CharField(max_length=60, verbose_name="nature de l'objet")),
                ('subject_id', models.BigIntegerField()),
                ('audience', models.CharField(choices=[('EQUIPE', 'Mon organisation'), ('PARTAGE', "Partagé avec l'ANS")], max_length=8, verbose_name='lu par')),
                ('body', models.TextField(max_length=4000, verbose_name='commentaire')),
                ('author_name', models.CharField(max_length=150)),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='le')),
                ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='comments', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='comments', to='accounts.organisation')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.organisation')),
            ],
            options={
                'verbose_name': 'commentaire',
                'ordering': ('at', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='CommentFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file', models.FileField(upload_to=documents.models.stored_path)),
                ('name', models.CharField(max_length=255, verbose_name='nom du fichier')),
                ('size', models.PositiveIntegerField(verbose_name='taille en octets')),
                ('sha256', models.CharField(db_index=True, max_length=64, verbose_name='SHA-256')),
                ('content_type', models.CharField(max_length=100)),
                ('document_date', models.DateField(blank=True, null=True, verbose_name='date du document')),
                ('uploaded_by_name', models.CharField(max_length=150)),
                ('uploaded_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('scan', models.CharField(blank=True, choices=[('', 'Sans antivirus'), ('EN_ATTENTE', "En attente d'analyse antivirus"), ('SAIN', "Analysé par l'antivirus"), ('INFECTE', "Refusé par l'antivirus")], default='', max_length=10, verbose_name='antivirus')),
                ('scanned_at', models.DateTimeField(null=True)),
                ('comment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='files', to='teamwork.comment')),
                ('uploaded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'fichier joint à un commentaire',
                'verbose_name_plural': 'fichiers joints aux commentaires',
                'ordering': ('pk',),
            },
        ),
        migrations.CreateModel(
            name='Absence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('until', models.DateField(verbose_name="absent jusqu'au")),
                ('declared_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='enregistrée le')),
                ('stand_in', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='standing_in', to=settings.AUTH_USER_MODEL, verbose_name='remplaçant')),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='absence', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'absence',
                'constraints': [models.CheckConstraint(condition=models.Q(('user', models.F('stand_in')), _negated=True), name='absence_stand_in_is_another', violation_error_message='Choisissez une autre personne pour vous remplacer.')],
            },
        ),
        migrations.CreateModel(
            name='Charge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject_type', models.CharField(max_length=60, verbose_name="nature de l'objet")),
                ('subject_id', models.BigIntegerField()),
                ('since', models.DateTimeField(default=django.utils.timezone.now, verbose_name='depuis le')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='charges', to='accounts.organisation')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='charges', to=settings.AUTH_USER_MODEL, verbose_name='en charge')),
            ],
            options={
                'verbose_name': 'prise en charge',
                'verbose_name_plural': 'prises en charge',
                'indexes': [models.Index(fields=['person', 'subject_type'], name='charge_of_person')],
                'constraints': [models.UniqueConstraint(fields=('subject_type', 'subject_id'), name='charge_unique')],
            },
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(fields=['subject_type', 'subject_id', 'at'], name='comment_of'),
        ),
    ]
