from django.db import migrations

from segur.folding import fold_rows
from segur.lib.texts import fold

RENAMED = "Référence changée : sans ses caractères invisibles, « {} » est celle d'une autre panne"


def rename(apps):
    """The later of two outages takes the number of its own, and its journal says so."""

    def taken(version, changed):
        reference = changed["reference"]
        what = RENAMED.format(reference)[:200]
        version.reference = f"{reference[:100]} ({version.pk})"
        version.save(update_fields=["reference"])
        apps.get_model("perf", "OutageEvent").objects.create(
            outage_id=version.outage_id, actor_name="Application", what=what
        )

    return taken


def fold_identifiers(apps, schema_editor):
    versions = apps.get_model("perf", "OutageVersion")
    fold_rows(versions, {"reference": fold}, taken=rename(apps))
    fold_rows(apps.get_model("perf", "Service"), {"probe_id": fold})
    fold_rows(apps.get_model("perf", "ProbeEvent"), {"incident": fold, "probe_id": fold})
    fold_rows(apps.get_model("perf", "Ticket"), {"reference": fold})


class Migration(migrations.Migration):
    dependencies = [("perf", "0002_one_reference_and_rules_known")]

    operations = [migrations.RunPython(fold_identifiers, migrations.RunPython.noop)]
