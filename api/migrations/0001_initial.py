from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='PartialUpload',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('organisation', models.PositiveBigIntegerField()),
                ('name', models.CharField(max_length=255)),
                ('size', models.PositiveIntegerField()),
                ('received', models.PositiveIntegerField(default=0)),
                ('token', models.TextField(blank=True)),
                ('created_at', models.DateTimeField(db_index=True)),
            ],
            options={
                'verbose_name': 'envoi par morceaux',
                'verbose_name_plural': 'envois par morceaux',
            },
        ),
        migrations.CreateModel(
            name='KeptAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('caller', models.PositiveBigIntegerField()),
                ('key', models.CharField(max_length=100)),
                ('fingerprint', models.CharField(max_length=64)),
                ('status', models.PositiveSmallIntegerField(default=0)),
                ('body', models.JSONField(default=dict)),
                ('kept_at', models.DateTimeField(db_index=True)),
            ],
            options={
                'verbose_name': 'réponse gardée',
                'verbose_name_plural': 'réponses gardées',
                'constraints': [models.UniqueConstraint(fields=('caller', 'key'), name='kept_answer_unique')],
            },
        ),
    ]
