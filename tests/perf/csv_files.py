"""Files of outages as people send them."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from imports.services import jobs
from perf.reading.outage_file import REQUIRED
from perf.services.outage_imports import KIND

HEADER = ";".join(REQUIRED)
PAGE = reverse("imports:choose", args=[KIND.code])
CHECK = reverse("imports:check", args=[KIND.code])


def line(code, reference="INC-1", **cells):
    values = {
        "service": code,
        "started_at": "15/01/2026 18:00",
        "ended_at": "18/01/2026 10:00",
        "source": "FOURNISSEUR",
        "reference": reference,
        "cause": "Disque",
    }
    return ";".join((values | cells).values())


def content(*lines):
    return "\r\n".join([HEADER, *lines]).encode("utf-8-sig")


def upload(*lines, name="pannes.csv"):
    return SimpleUploadedFile(name, content(*lines), content_type="text/csv")


def keep(*, user, name, content, now, lines=0):
    return jobs.keep(user=user, kind=KIND.code, name=name, content=content, lines=lines, now=now)


def waiting_of(user, *, now):
    return jobs.waiting_of(user, KIND.code, now=now)


def confirm(*, user, sha256, now, **options):
    return jobs.confirm(user=user, kind=KIND.code, sha256=sha256, options=options, now=now)[0]
