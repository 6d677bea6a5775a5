"""What a person reads of the security log: what was done with their own account, and what opens the
site to others by their hand, or to them: keys, roles, feeds, reading in their name."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from accounts.models import Membership, User
from journal.models import Entry, Signer
from journal.querysets import type_of

VIEW = "organisation.view"


@dataclass(frozen=True, slots=True)
class SecurityLine:
    at: dt.datetime
    what: str
    device: str
    place: str


def entries_about(user: User) -> QuerySet[Entry]:
    own = Q(subject_type=type_of(user), subject_id=user.pk, act__startswith="security.")
    signers = list(Signer.objects.filter(user_id=user.pk).values_list("pk", flat=True))
    opens = Q(act__startswith="key.") | Q(act__startswith="membership.")
    done = Q(signer__in=signers) & (opens | Q(act=VIEW))
    memberships = list(user.memberships.values_list("pk", "organisation"))
    role = Q(subject_type=type_of(Membership), subject_id__in=[pk for pk, _ in memberships])
    seen = Q(act=VIEW, organisation_id__in=[pk for _, pk in memberships], after__user=user.pk)
    return (
        Entry.objects.filter(own | done | role | seen)
        .select_related("signer")
        .order_by("-at", "-pk")
    )


def line_of(entry: Entry, user: User) -> SecurityLine:
    if entry.act.startswith("security."):
        return SecurityLine(entry.at, entry.what, entry.after["device"], entry.after["place"])
    label = f" ({entry.subject_label})" if entry.act.startswith("membership.") else ""
    author = "" if entry.signer.user_id == user.pk else f", par {entry.signer}"
    return SecurityLine(entry.at, f"{entry.what}{label}{author}", "", "")
