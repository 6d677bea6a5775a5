"""Puts the read-only site in the place of Django's admin."""

from django.contrib.admin.apps import AdminConfig


class ReadOnlyAdminConfig(AdminConfig):
    default_site = "segur.admin.ReadOnlySite"
