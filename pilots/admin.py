"""Django's admin for the pilots, the VA and the préfigurateurs: to look, and nothing else.

What has consequences goes through the site's own screens and services: every row here is part of a
journal, or is journaled. Files and contacts stay out: they are not the technical staff's to read.
"""

from django.contrib import admin

from pilots import models
from segur.admin import ReadOnlyAdmin


@admin.register(models.Pilot)
class PilotAdmin(ReadOnlyAdmin):
    list_display = ("prestation", "named_at", "withdrawn_at")
    list_select_related = ("prestation__client", "prestation__supplier__solution")
    search_fields = ("prestation__client__search_text",)


@admin.register(models.AspRequest)
class AspRequestAdmin(ReadOnlyAdmin):
    list_display = ("prestation", "kind", "state", "on", "reference")
    list_filter = ("kind", "state")
    list_select_related = ("prestation__client", "prestation__supplier__solution")


@admin.register(models.PilotPV)
class PilotPVAdmin(ReadOnlyAdmin):
    list_display = ("id", "pilot", "state", "sent_at", "assigned_to", "decided_at")
    list_filter = ("state",)
    list_select_related = (
        "assigned_to",
        "pilot__prestation__client",
        "pilot__prestation__supplier__solution",
    )
    search_fields = ("pilot__prestation__client__search_text",)


@admin.register(models.PVDecision)
class PVDecisionAdmin(ReadOnlyAdmin):
    list_display = ("pv_id", "outcome", "decided_at", "decided_by_name", "confirmed_by_name")
    list_filter = ("outcome",)


@admin.register(
    models.PVFile,
    models.VAFile,
    models.ConnectorFile,
    models.PortalFile,
    models.PortalAbsenceFile,
)
class PilotFileAdmin(ReadOnlyAdmin):
    """Without the file: its content is the Fournisseur's and the ANS agents'."""

    exclude = ("file",)
    list_display = ("name", "size", "uploaded_at", "uploaded_by_name", "sha256")
    search_fields = ("name", "sha256")


@admin.register(models.Publication)
class PublicationAdmin(ReadOnlyAdmin):
    list_display = ("solution", "organisation", "state", "proposed_at", "published_at")
    list_filter = ("state",)
    list_select_related = ("solution", "organisation")


@admin.register(models.ReasonSentence)
class ReasonSentenceAdmin(ReadOnlyAdmin):
    list_display = ("text", "owner", "created_at")
    list_select_related = ("owner",)
    search_fields = ("text",)


@admin.register(models.ChecklistItem)
class ChecklistItemAdmin(ReadOnlyAdmin):
    list_display = ("label", "checklist", "position", "is_required", "retired_at")
    list_filter = ("checklist",)


@admin.register(models.VA)
class VAAdmin(ReadOnlyAdmin):
    list_display = ("prestation", "case", "signed_on")
    list_select_related = ("prestation__client", "prestation__supplier__solution")


@admin.register(models.Prefigurateur)
class PrefigurateurAdmin(ReadOnlyAdmin):
    """Without the report of the interview, nor who came."""

    exclude = ("notes", "attendees")
    list_display = ("name", "stage", "solution")
    list_filter = ("stage",)
    list_select_related = ("solution",)


@admin.register(
    models.PVMention,
    models.VACondition,
    models.Notification,
    models.Connector,
    models.Portal,
    models.PortalAbsence,
    models.CoupleCheck,
    models.ReviewDigest,
    models.FileOpening,
)
class DetailAdmin(ReadOnlyAdmin):
    """Lines of the above."""
