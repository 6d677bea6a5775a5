"""Files by lines, as people send them: chosen, checked, confirmed."""

import csv
import datetime as dt
import io

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from imports.models import Import
from tests.pages import markup, text

NOW = dt.datetime(2026, 11, 30, 9, tzinfo=dt.UTC)


def as_csv(rows):
    """Bytes of a list of dicts, title → cell."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), delimiter=";")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def choose(client, user, code, content, name="fichier.csv"):
    """The answer to a file that is sent."""
    client.force_login(user)
    upload = SimpleUploadedFile(name, content if isinstance(content, bytes) else as_csv(content))
    return client.post(reverse("imports:choose", args=[code]), {"file": upload})


def problems(response):
    """(line, column, sentence) of each cell that is refused."""
    assert response.status_code == 422, text(response)
    return [
        (problem.line, problem.column, problem.sentence) for problem in response.context["problems"]
    ]


def preview(client, response):
    """The page of a file that is right."""
    assert response.status_code == 302, text(response)
    return client.get(response.url)


def confirm(client, shown):
    """The page after the button of the preview, and the import as it is then."""
    job = shown.context["job"]
    assert 'type="submit">Enregistrer' in markup(shown)
    check = reverse("imports:check", args=[job.kind])
    client.post(check, {"sha256": job.sha256, "seen": shown.context["plan"].seen})
    return Import.objects.get(pk=job.pk)


def record(client, user, code, content):
    """The import of a file that is right."""
    return confirm(client, preview(client, choose(client, user, code, content)))
