"""Deadlines by their outlook: the same condition counts them and lists them."""

from __future__ import annotations

import datetime as dt

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, Value, When

from calendar_app.enums import OPEN_STATES, State
from calendar_app.models import Filing
from calendar_app.querysets import DeadlineQuerySet, FilingQuerySet
from calendar_app.rules.outlook import SOON, Outlook
from calendar_app.rules.parameters import NOON_IN_TIME
from parameters.selectors import value_at_any

DEPOSITED = (State.FILED, State.ACCEPTED)


def outlook_case(now: dt.datetime) -> Case:
    """The outlook of each deadline of a query, by name."""
    late = Q(pk__in=late_filings().values("deadline"))
    conditions = {
        Outlook.REFUSED: Q(state=State.REFUSED),
        Outlook.SET_ASIDE: Q(state=State.NOT_APPLICABLE),
        Outlook.KEPT_LATE: Q(state__in=DEPOSITED) & late,
        Outlook.KEPT: Q(state__in=DEPOSITED),
        Outlook.LATE: Q(state__in=OPEN_STATES, due_at__lte=now),
        Outlook.NEAR: Q(state__in=OPEN_STATES, due_at__lte=now + SOON),
    }
    whens = [When(condition, then=Value(str(name))) for name, condition in conditions.items()]
    return Case(*whens, default=Value(str(Outlook.TO_COME)), output_field=CharField())


def in_outlook(
    deadlines: DeadlineQuerySet, outlook: Outlook, *, now: dt.datetime
) -> DeadlineQuerySet:
    return deadlines.annotate(outlook=outlook_case(now)).filter(outlook=str(outlook))


def last_filings() -> FilingQuerySet:
    """The last filing of each deadline that has one."""
    later = Filing.objects.filed().filter(
        deadline=OuterRef("deadline"), number__gt=OuterRef("number")
    )
    return Filing.objects.filed().filter(~Exists(later))


def late_filings() -> FilingQuerySet:
    """Last filings that are late by the date that held at their recording, as on the receipt."""
    noon = value_at_any(NOON_IN_TIME)
    on_time = Filing.objects.filed().filter(deposited_at=F("due_at")).order_by()
    dates = on_time.values_list("due_at", flat=True).distinct()
    kept = [due_at for due_at in dates if due_at and noon(due_at)]
    after = Q(deposited_at__gt=F("due_at"))
    exactly = Q(deposited_at=F("due_at")) & ~Q(due_at__in=kept)
    return last_filings().filter(after | exactly)


def of_editeur(deadlines: DeadlineQuerySet, editeur: int) -> DeadlineQuerySet:
    """Those on the solutions of an éditeur, whoever the Fournisseur is."""
    return deadlines.filter(
        Q(solution__organisation=editeur) | Q(prestation__supplier__solution__organisation=editeur)
    )
