from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("pilots", "0002_va"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReviewDigest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(unique=True, verbose_name="jour")),
                ("written_at", models.DateTimeField(verbose_name="écrit le")),
            ],
            options={
                "verbose_name": "point du jour des instructeurs",
                "verbose_name_plural": "points du jour des instructeurs",
                "ordering": ("-day",),
            },
        ),
    ]
