"""Files of outages as people send them."""

from django.core.files.uploadedfile import SimpleUploadedFile

from perf.reading.outage_file import REQUIRED

HEADER = ";".join(REQUIRED)


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
