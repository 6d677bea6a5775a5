import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def name_what_is_known(apps, schema_editor):
    """The version of the file of each event, and when what each PV says last changed.

    PostgreSQL makes no index on a table whose foreign keys are still to be checked: they are.
    """
    event = apps.get_model("pilots", "PVEvent")
    for one in event.objects.exclude(file_sha256=""):
        files = apps.get_model("pilots", "PVFile").objects.filter(
            pv=one.pv_id, sha256=one.file_sha256, uploaded_at__lte=one.at
        )
        one.file = files.order_by("-number").first()
        one.save(update_fields=["file"])
    edits = event.objects.filter(what__in=["PV préparé", "Contenu du PV enregistré"])
    for one in edits.order_by("at", "pk"):
        apps.get_model("pilots", "PilotPV").objects.filter(pk=one.pv_id).update(edited_at=one.at)
    schema_editor.connection.check_constraints()


class Migration(migrations.Migration):
    dependencies = [
        ("pilots", "0002_portal_absences_and_publications_proposed_again"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="pilotpv",
            name="assigned_at",
            field=models.DateTimeField(null=True, verbose_name="affecté le"),
        ),
        migrations.AddField(
            model_name="pilotpv",
            name="assigned_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="affecté par",
            ),
        ),
        migrations.AddField(
            model_name="pilotpv",
            name="edited_at",
            field=models.DateTimeField(null=True, verbose_name="contenu modifié le"),
        ),
        migrations.AddField(
            model_name="pvdecision",
            name="content",
            field=models.JSONField(default=list, verbose_name="contenu jugé"),
        ),
        migrations.AddField(
            model_name="pvevent",
            name="file",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="pilots.pvfile",
            ),
        ),
        migrations.AddIndex(
            model_name="pvfile",
            index=models.Index(fields=["sha256"], name="pv_file_sha256"),
        ),
        migrations.RunPython(name_what_is_known, migrations.RunPython.noop),
    ]
