"""The lists that the ANS edits on the site: what a dossier holds, what a PV or a VA says."""

from __future__ import annotations

from django.db import models

from segur.fields import CodeField


class ListLine(models.Model):
    """A line with its source (DOMAIN §9). `retired_at`: no longer asked."""

    code = CodeField(max_length=40)
    label = models.CharField("intitulé", max_length=300)
    help = models.CharField("explication", max_length=500, blank=True)
    source = models.CharField("source", max_length=300)
    position = models.PositiveSmallIntegerField("rang", default=0)
    is_required = models.BooleanField("obligatoire", default=True)
    retired_at = models.DateTimeField("retirée le", null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.label
