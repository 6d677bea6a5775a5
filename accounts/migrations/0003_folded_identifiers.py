from django.db import migrations

from accounts.search import plain
from accounts.validators import compact
from segur.folding import fold_rows
from segur.lib.texts import fold, folded_address, one_line


def fold_identifiers(apps, schema_editor):
    for app, model in (("accounts", "User"), ("accounts", "Invitation"), ("account", "EmailAddress")):
        fold_rows(apps.get_model(app, model), {"email": folded_address})
    fold_rows(apps.get_model("accounts", "ApiToken"), {"name": fold})
    organisations = apps.get_model("accounts", "Organisation")
    numbers = dict.fromkeys(("siren", "siret", "finess"), compact)
    fold_rows(organisations, {"name": one_line, **numbers})
    for row in list(organisations.objects.all()):
        words = plain(row.name, row.city, row.finess, row.siren, row.siret)
        if words != row.search_text:
            organisations.objects.filter(pk=row.pk).update(search_text=words)


class Migration(migrations.Migration):
    dependencies = [
        ("account", "0009_emailaddress_unique_primary_email"),
        ("accounts", "0002_api_tokens"),
    ]

    operations = [migrations.RunPython(fold_identifiers, migrations.RunPython.noop)]
