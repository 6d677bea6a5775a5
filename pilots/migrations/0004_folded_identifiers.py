from django.db import migrations

from accounts.search import plain
from segur.folding import fold_rows
from segur.lib.texts import fold, folded_address, one_line


def fold_identifiers(apps, schema_editor):
    fold_rows(apps.get_model("pilots", "AspRequest"), {"reference": fold})
    fold_rows(apps.get_model("pilots", "Portal"), {"name": one_line})
    fold_rows(apps.get_model("pilots", "Contact"), {"email": folded_address, "phone": fold})
    rows = apps.get_model("pilots", "Prefigurateur")
    fold_rows(rows, {"name": one_line})
    for row in list(rows.objects.select_related("client")):
        words = plain(row.name, row.city, row.client.finess if row.client else "")
        if words != row.search_text:
            rows.objects.filter(pk=row.pk).update(search_text=words)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_folded_identifiers"),
        ("pilots", "0003_reopening_content_and_assignment"),
    ]

    operations = [migrations.RunPython(fold_identifiers, migrations.RunPython.noop)]
