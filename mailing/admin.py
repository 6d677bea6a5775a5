from django.contrib import admin

from mailing.models import ArchivedMail, OutgoingMail
from segur.admin import ReadOnlyAdmin


@admin.register(OutgoingMail)
class OutgoingMailAdmin(ReadOnlyAdmin):
    """Without the bodies nor the headers: they carry personal links."""

    exclude = ("body_text", "body_html", "headers", "attachments")
    list_display = ("title", "to_email", "kind", "state", "attempts", "created_at", "sent_at")
    list_filter = ("state", "kind")
    search_fields = ("to_email", "subject", "message_id")


@admin.register(ArchivedMail)
class ArchivedMailAdmin(ReadOnlyAdmin):
    exclude = OutgoingMailAdmin.exclude
    list_display = ("id", "user", "kind", "state", "created_at", "archived_at")
    list_select_related = ("user",)
