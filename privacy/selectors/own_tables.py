"""The tables of an organisation in the apps below this one."""

from accounts.models import ApiToken, Invitation, Membership, Organisation
from journal.models import Entry
from privacy.selectors.tables import Table

TABLES = (
    Table(
        "organisation",
        Organisation,
        "pk",
        ("kind", "name", "siren", "siret", "city", "is_active", "created_at"),
    ),
    Table(
        "membres",
        Membership,
        "organisation",
        ("user__full_name", "user__email", "role", "created_at"),
    ),
    Table(
        "invitations",
        Invitation,
        "organisation",
        ("email", "role", "sent_at", "expires_at", "accepted_at", "revoked_at"),
    ),
    Table(
        "cles_api",
        ApiToken,
        "organisation",
        ("name", "start", "created_by_name", "created_at", "last_used_at", "revoked_at"),
    ),
    Table(
        "journal",
        Entry,
        "organisation_id",
        (
            *("at", "act", "what", "note", "subject_type", "subject_id", "subject_label"),
            *("before", "after", "origin", "signer__name"),
        ),
    ),
)
