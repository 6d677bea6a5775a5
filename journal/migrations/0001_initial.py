import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='le')),
                ('written_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), default=django.utils.timezone.now)),
                ('act', models.CharField(max_length=60, verbose_name='acte')),
                ('what', models.CharField(max_length=300, verbose_name='ce qui est fait')),
                ('note', models.TextField(blank=True, verbose_name='motif')),
                ('subject_type', models.CharField(max_length=60, verbose_name="nature de l'objet")),
                ('subject_id', models.BigIntegerField(null=True)),
                ('subject_label', models.CharField(max_length=300, verbose_name='objet')),
                ('many', models.JSONField(default=list, verbose_name="objets d'un acte en nombre")),
                ('people', models.JSONField(default=list, verbose_name='personnes nommées')),
                ('organisation_id', models.BigIntegerField(null=True)),
                ('before', models.JSONField(default=dict)),
                ('after', models.JSONField(default=dict)),
                ('readers', models.CharField(choices=[('TOUS', "Tous ceux que l'objet concerne"), ('ANS', "L'ANS seule")], default='TOUS', max_length=4)),
                ('origin', models.CharField(choices=[('ECRAN', 'Écran'), ('API', "Clé d'API"), ('FICHIER', 'Fichier'), ('SUPERVISION', 'Supervision'), ('HORLOGE', 'Application')], max_length=12, verbose_name='par')),
                ('key_id', models.BigIntegerField(null=True)),
            ],
            options={
                'verbose_name': 'entrée du journal',
                'verbose_name_plural': 'journal',
                'ordering': ('-at', '-pk'),
            },
        ),
        migrations.CreateModel(
            name='Link',
            fields=[
                ('number', models.BigIntegerField(primary_key=True, serialize=False)),
                ('entry_id', models.BigIntegerField(unique=True)),
                ('digest', models.CharField(max_length=64)),
                ('hash', models.CharField(max_length=64)),
                ('chained_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'verbose_name': 'maillon du journal',
                'ordering': ('number',),
            },
        ),
        migrations.CreateModel(
            name='Seal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(unique=True)),
                ('number', models.BigIntegerField(default=0)),
                ('hash', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'sceau du journal',
                'verbose_name_plural': 'sceaux du journal',
                'ordering': ('-day',),
            },
        ),
        migrations.CreateModel(
            name='Mention',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('object_id', models.BigIntegerField(db_index=True)),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mentions', to='journal.entry')),
            ],
            options={
                'verbose_name': "objet d'une entrée",
            },
        ),
        migrations.CreateModel(
            name='Release',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='releases', to='journal.entry')),
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='release', to='journal.entry')),
            ],
            options={
                'verbose_name': 'entrée rendue lisible',
            },
        ),
        migrations.CreateModel(
            name='Signer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('user_id', models.BigIntegerField(null=True)),
                ('name', models.CharField(blank=True, max_length=150)),
                ('salt', models.CharField(blank=True, max_length=32)),
                ('digest', models.CharField(max_length=64)),
                ('erased_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name': 'signataire du journal',
                'constraints': [models.UniqueConstraint(condition=models.Q(('erased_at', None)), fields=('user_id', 'name'), name='journal_signer_unique', nulls_distinct=False)],
            },
        ),
        migrations.AddField(
            model_name='entry',
            name='signer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='journal.signer'),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(fields=['subject_type', 'subject_id', '-at'], name='journal_subject'),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(fields=['organisation_id', '-at'], name='journal_organisation'),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(fields=['-at'], name='journal_at'),
        ),
    ]
