"""Files kept byte for byte, whatever they belong to. Never overwritten nor deleted."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone

from documents.enums import TURNED_DOWN, WITHHELD, Scan
from segur.fields import person


def stored_path(_file: StoredFile, _name: str) -> str:
    """A name of our own, never the sender's: nothing collides, nothing is overwritten."""
    name = uuid.uuid4().hex
    return f"proofs/{name[:2]}/{name}"


class StoredFile(models.Model):
    """What each kind of proof keeps. `document_date` is the evidence's own date, unlike
    `uploaded_at`; the subclass says what the file belongs to.
    """

    file = models.FileField(upload_to=stored_path)
    name = models.CharField("nom du fichier", max_length=255)
    size = models.PositiveIntegerField("taille en octets")
    sha256 = models.CharField("SHA-256", max_length=64, db_index=True)
    content_type = models.CharField(max_length=100)
    document_date = models.DateField("date du document", null=True, blank=True)
    uploaded_by = person()
    uploaded_by_name = models.CharField(max_length=150)
    uploaded_at = models.DateTimeField(default=timezone.now)
    scan = models.CharField("antivirus", max_length=10, choices=Scan, blank=True, default=Scan.NONE)
    scanned_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def is_withheld(self) -> bool:
        """Given to nobody: it is not checked yet, or it was refused."""
        return self.scan in WITHHELD

    @property
    def is_refused(self) -> bool:
        return self.scan in TURNED_DOWN
