import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

RENAMED = "Référence changée : « {} » désignait aussi une panne de « {} »"


def fill_organisation(apps, schema_editor):
    """The Fournisseur of each version's service. PostgreSQL checks the foreign key at once: it does
    not alter a table on which a check is waiting.
    """
    prestations = apps.get_model("calendar_app", "Prestation").objects
    owner = prestations.filter(perf_service=models.OuterRef("service")).values("organisation")
    apps.get_model("perf", "OutageVersion").objects.update(organisation=models.Subquery(owner))
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def rename_repeated(apps, schema_editor):
    """A reference that a source had given for two services: the later one takes the number of its
    outage, and its journal says so.
    """
    event = apps.get_model("perf", "OutageEvent")
    versions = apps.get_model("perf", "OutageVersion").objects.select_related("service")
    first = {}
    for version in versions.order_by("recorded_at", "pk").iterator():
        owner = None if version.source == "ANS" else version.organisation_id
        known = first.setdefault((owner, version.source, version.reference), version)
        if known.pk == version.pk:
            continue
        what = RENAMED.format(version.reference, known.service.code)[:200]
        version.reference = f"{version.reference[:100]} ({version.pk})"
        version.save(update_fields=["reference"])
        event.objects.create(outage_id=version.outage_id, actor_name="Application", what=what)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_api_tokens"),
        ("calendar_app", "0002_delays_and_mails"),
        ("perf", "0001_initial"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="outageversion", name="outage_version_unique"),
        migrations.AddField(
            model_name="historicalticket",
            name="rules_known",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="ticket",
            name="rules_known",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name="historicalticket",
            name="gti_due_at",
            field=models.DateTimeField(verbose_name="GTI due le"),
        ),
        migrations.AlterField(
            model_name="historicalticket",
            name="gtr_due_at",
            field=models.DateTimeField(verbose_name="GTR due le"),
        ),
        migrations.AlterField(
            model_name="ticket",
            name="gti_due_at",
            field=models.DateTimeField(verbose_name="GTI due le"),
        ),
        migrations.AlterField(
            model_name="ticket",
            name="gtr_due_at",
            field=models.DateTimeField(verbose_name="GTR due le"),
        ),
        migrations.AddField(
            model_name="outageversion",
            name="organisation",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.organisation",
            ),
        ),
        migrations.RunPython(fill_organisation, migrations.RunPython.noop),
        migrations.RunPython(rename_repeated, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="outageversion",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.organisation",
            ),
        ),
        migrations.AddConstraint(
            model_name="outageversion",
            constraint=models.UniqueConstraint(
                fields=("organisation", "source", "reference"),
                name="outage_version_unique",
                violation_error_message="Cette source a déjà donné cette référence.",
            ),
        ),
        migrations.AddConstraint(
            model_name="outageversion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("source", "ANS")),
                fields=("reference",),
                name="outage_version_ans_unique",
                violation_error_message="La supervision a déjà donné cette référence.",
            ),
        ),
        migrations.AlterField(
            model_name="ticket",
            name="recorded_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
    ]
