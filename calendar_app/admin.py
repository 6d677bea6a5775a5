"""Django's admin of the calendars, for the ANS's technical staff, who read.

The amounts of prestations stay out: those who file for the organisation see them, the ANS only
where a parameter opens them.
"""

from django.contrib import admin

from calendar_app import models
from segur.admin import ReadOnlyAdmin


@admin.register(models.Solution)
class SolutionAdmin(ReadOnlyAdmin):
    list_display = ("name", "version", "dispositif", "organisation", "market", "referenced_on")
    list_filter = ("dispositif", "market")
    list_select_related = ("dispositif", "organisation")
    search_fields = ("name", "proxy_name", "reference_number", "organisation__search_text")


@admin.register(models.Supplier)
class SupplierAdmin(ReadOnlyAdmin):
    list_display = ("organisation", "solution", "declared_on", "mandate_until", "psc_until")
    list_filter = ("solution__dispositif",)
    list_select_related = ("organisation", "solution")
    search_fields = ("organisation__search_text", "solution__name")


@admin.register(models.Prestation)
class PrestationAdmin(ReadOnlyAdmin):
    list_display = ("client", "supplier", "dispositif", "order_reference", "ordered_on")
    list_filter = ("dispositif",)
    list_select_related = ("client", "dispositif", "supplier__organisation", "supplier__solution")
    search_fields = ("client__search_text", "organisation__search_text", "order_reference")


@admin.register(models.Dispositif)
class DispositifAdmin(ReadOnlyAdmin):
    list_display = ("code", "name", "needs_proxy")


@admin.register(models.Milestone)
class MilestoneAdmin(ReadOnlyAdmin):
    list_display = ("title", "dispositif", "number", "due_at", "nature", "version")
    list_filter = ("dispositif",)
    list_select_related = ("dispositif",)


@admin.register(models.MilestoneVersion)
class MilestoneVersionAdmin(ReadOnlyAdmin):
    list_display = ("milestone", "number", "due_at", "source", "author_name", "created_at")
    list_select_related = ("milestone",)


@admin.register(models.Deadline)
class DeadlineAdmin(ReadOnlyAdmin):
    list_display = ("title", "organisation", "due_at", "state", "version")
    list_filter = ("state", "dispositif", "milestone__number")
    list_select_related = ("organisation",)
    search_fields = ("title", "organisation__search_text", "prestation__client__search_text")


@admin.register(models.Filing)
class FilingAdmin(ReadOnlyAdmin):
    list_display = (
        "receipt_number",
        "deadline_id",
        "number",
        "status",
        "deposited_at",
        "recorded_at",
    )
    list_filter = ("status", "origin")
    search_fields = ("receipt_number", "external_reference")


@admin.register(models.FilingBatch)
class FilingBatchAdmin(ReadOnlyAdmin):
    list_display = ("receipt_number", "organisation", "recorded_at", "receipt_sha256")
    list_select_related = ("organisation",)
    search_fields = ("receipt_number", "organisation__search_text")


@admin.register(models.Proof, models.PieceFile)
class FileAdmin(ReadOnlyAdmin):
    """Without the file: its content is the organisation's and the ANS agents'."""

    exclude = ("file",)
    list_display = ("name", "size", "content_type", "uploaded_at", "uploaded_by_name", "sha256")
    search_fields = ("name", "sha256")


@admin.register(models.ExpectedPiece)
class ExpectedPieceAdmin(ReadOnlyAdmin):
    list_display = ("label", "milestone", "code", "position", "is_required", "retired_at")
    list_filter = ("milestone",)
    list_select_related = ("milestone__dispositif",)


@admin.register(models.Piece)
class PieceAdmin(ReadOnlyAdmin):
    list_display = ("label", "deadline_id", "state", "due_on", "changed_at", "changed_by_name")
    list_filter = ("state", "is_own")
    search_fields = ("label",)


@admin.register(models.Reminder)
class ReminderAdmin(ReadOnlyAdmin):
    list_display = ("recipient", "step", "due_at", "state", "sent_at", "deadline_id")
    list_filter = ("state", "step")
    list_select_related = ("recipient",)
    search_fields = ("recipient__email", "recipient__full_name")


@admin.register(models.ArchivedReminder)
class ArchivedReminderAdmin(ReadOnlyAdmin):
    list_display = ("id", "recipient", "step", "due_at", "state", "deadline_id", "archived_at")
    list_select_related = ("recipient",)


@admin.register(models.PlanningRun)
class PlanningRunAdmin(ReadOnlyAdmin):
    list_display = ("ran_at", "complete_at", "link")


@admin.register(models.ReminderPreference)
class ReminderPreferenceAdmin(ReadOnlyAdmin):
    list_display = ("user", "dispositif", "steps", "paused_until", "updated_at")
    list_select_related = ("user", "dispositif")
    search_fields = ("user__email", "user__full_name")


@admin.register(models.FeedAddress)
class FeedAddressAdmin(ReadOnlyAdmin):
    """Without the nonce, from which the private address is made."""

    exclude = ("nonce",)
    list_display = ("user", "created_at", "last_read_at")
    list_select_related = ("user",)


@admin.register(models.SafetyMargin)
class SafetyMarginAdmin(ReadOnlyAdmin):
    list_display = ("organisation", "days")
    list_select_related = ("organisation",)


@admin.register(models.PutOffStep)
class PutOffStepAdmin(ReadOnlyAdmin):
    list_display = ("organisation", "step", "at")
    list_select_related = ("organisation",)


@admin.register(models.KeptFigures)
class KeptFiguresAdmin(ReadOnlyAdmin):
    list_display = ("name", "made_at", "seconds", "last_entry")
