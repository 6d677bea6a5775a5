"""The one journal: who did what, on what, when and why (DESIGN «Journal»)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from journal.enums import Origin, Readers
from journal.querysets import EntryQuerySet
from segur.lib.canonical import digest


class Tracked(models.Model):
    """A row whose creation and edits are entries (`services.changes.save_tracked`): `tracked` names
    the fields that they list. Its `organisation_id` reads them, besides the ANS.
    """

    tracked: tuple[str, ...]

    class Meta:
        abstract = True


class Signer(models.Model):
    """Who signs entries, apart from them, so that a name can be erased while the chain stays whole:
    an entry keeps only `digest`, that of the name with a `salt` that is erased with it.
    """

    user_id = models.BigIntegerField(null=True)
    name = models.CharField(max_length=150, blank=True)
    salt = models.CharField(max_length=32, blank=True)
    digest = models.CharField(max_length=64)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "signataire du journal"
        constraints = (
            models.UniqueConstraint(
                fields=["user_id", "name"],
                condition=models.Q(erased_at=None),
                nulls_distinct=False,
                name="journal_signer_unique",
            ),
        )

    def __str__(self) -> str:
        return self.name or "Personne effacée"


class Entry(models.Model):
    """One act. Append-only, by trigger on both databases (`services.append_only`).

    The object and the organisation are plain references: what they name may be deleted, the entry
    stays. `many` lists the keys of a bulk act. `at` is the instant of the act, `written_at` that of
    the line, which a replay or a demonstration may separate. `people` lists the signers that `what`
    names, as {0}, {1}: their names can be erased too (`selectors.entries.with_names`).
    """

    at = models.DateTimeField("le")
    written_at = models.DateTimeField(default=timezone.now, db_default=Now())
    act = models.CharField("acte", max_length=60)
    what = models.CharField("ce qui est fait", max_length=300)
    note = models.TextField("motif", blank=True)
    subject_type = models.CharField("nature de l'objet", max_length=60)
    subject_id = models.BigIntegerField(null=True)
    subject_label = models.CharField("objet", max_length=300)
    many = models.JSONField("objets d'un acte en nombre", default=list)
    people = models.JSONField("personnes nommées", default=list)
    organisation_id = models.BigIntegerField(null=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    readers = models.CharField(max_length=4, choices=Readers, default=Readers.ALL)
    origin = models.CharField("par", max_length=12, choices=Origin)
    key_id = models.BigIntegerField(null=True)
    signer = models.ForeignKey(Signer, models.PROTECT, related_name="entries")

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = "entrée du journal"
        verbose_name_plural = "journal"
        ordering = ("-at", "-pk")
        indexes = (
            models.Index(fields=["subject_type", "subject_id", "-at"], name="journal_subject"),
            models.Index(fields=["organisation_id", "-at"], name="journal_organisation"),
            models.Index(fields=["-at"], name="journal_at"),
        )

    def __str__(self) -> str:
        return self.what

    def content(self) -> dict[str, Any]:
        """What the chain covers: everything but the name, of which it covers the digest."""
        names = [f.attname for f in self._meta.concrete_fields if f.attname != "signer_id"]
        values = {name: getattr(self, name) for name in names}
        for name in ("at", "written_at"):
            values[name] = values[name].astimezone(timezone.get_fixed_timezone(0)).isoformat()
        return {**values, "signer": self.signer.digest}

    def digest(self) -> str:
        return digest(self.content())


class Mention(models.Model):
    """An object among the `many` of a bulk act, to find the entry from it."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="mentions")
    object_id = models.BigIntegerField(db_index=True)

    class Meta:
        verbose_name = "objet d'une entrée"

    def __str__(self) -> str:
        return f"{self.entry_id} · {self.object_id}"


class Release(models.Model):
    """An entry that was the ANS's own and is for all to read since the act `by`, whose own `after`
    lists it: the chain covers it there.
    """

    entry = models.OneToOneField(Entry, models.PROTECT, related_name="release")
    by = models.ForeignKey(Entry, models.PROTECT, related_name="releases")

    class Meta:
        verbose_name = "entrée rendue lisible"

    def __str__(self) -> str:
        return f"{self.entry_id} · {self.by_id}"


class Link(models.Model):
    """One link of the chain (`rules.chain`). Append-only, written by one process at a time."""

    number = models.BigIntegerField(primary_key=True)
    entry_id = models.BigIntegerField(unique=True)
    digest = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    chained_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "maillon du journal"
        ordering = ("number",)

    def __str__(self) -> str:
        return f"{self.number} · {self.hash[:12]}"


class Seal(models.Model):
    """The end of the chain that left by mail on a Paris day."""

    day = models.DateField(unique=True)
    number = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "sceau du journal"
        verbose_name_plural = "sceaux du journal"
        ordering = ("-day",)

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"
