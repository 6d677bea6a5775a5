"""The journal of an object, for the tests."""

from journal.models import Entry
from journal.selectors.entries import with_names


def entries(row):
    """Oldest first, as they are read."""
    return with_names(Entry.objects.of(row).select_related("signer").order_by("pk"))
