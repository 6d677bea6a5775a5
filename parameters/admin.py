from django.contrib import admin

from parameters.models import RegulatoryParameter
from segur.admin import ReadOnlyAdmin


@admin.register(RegulatoryParameter)
class RegulatoryParameterAdmin(ReadOnlyAdmin):
    list_display = ("key", "value", "effective_from", "is_confirmed", "author_name", "created_at")
    list_filter = ("is_confirmed",)
    search_fields = ("key",)
