from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
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
    ]
