"""The journal of an object, for the tests."""

from journal.models import Entry


def entries(row):
    """Oldest first, as they were written."""
    return list(Entry.objects.of(row).select_related("signer").order_by("pk"))
