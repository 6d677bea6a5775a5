from django.db import migrations

from segur.folding import fold_rows
from segur.lib.texts import fold, one_line


def fold_identifiers(apps, schema_editor):
    names = dict.fromkeys(("name", "proxy_name"), one_line)
    numbers = dict.fromkeys(("version", "proxy_version", "reference_number"), fold)
    fold_rows(apps.get_model("calendar_app", "Solution"), names | numbers)
    fold_rows(apps.get_model("calendar_app", "Prestation"), {"order_reference": fold})
    fold_rows(apps.get_model("calendar_app", "Filing"), {"external_reference": fold})


class Migration(migrations.Migration):
    dependencies = [("calendar_app", "0004_filing_saved_by")]

    operations = [migrations.RunPython(fold_identifiers, migrations.RunPython.noop)]
