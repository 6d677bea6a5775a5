"""Mails about one object are one conversation in a mailbox: receipt, reminders, decision."""

from django.db.models import Model

from mailing.services.links import site_domain


def thread_headers(about: Model | None) -> dict[str, str]:
    """Each mail answers a first message that never was: its Message-ID is that of the object, the
    same for everybody and for ever. Nothing without an object.
    """
    if about is None:
        return {}
    root = f"<{type(about).__name__.lower()}-{about.pk}@{site_domain()}>"
    return {"In-Reply-To": root, "References": root}
