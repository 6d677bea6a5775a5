"""What needs this person, most urgent first. Other apps add their sources when they are ready."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Count, Min, Q
from django.urls import reverse

from accounts.models import ApiToken, Invitation, User
from accounts.permissions import (
    can_file,
    can_manage_api_tokens,
    can_manage_members,
    is_agent,
    preparable,
)
from calendar_app.enums import OPEN_STATES, State
from calendar_app.models import Deadline, Supplier
from calendar_app.rules.rights import Unmet, expiring, money_gate
from calendar_app.rules.urgency import Alike, Urgent, by_urgency, folded
from calendar_app.selectors.deadlines import with_draft
from calendar_app.selectors.past import past_milestones, past_of
from calendar_app.selectors.rights import facts_by_supplier, paying_steps
from calendar_app.selectors.unchanged import unchanged
from segur.lib import paris
from segur.lib.months import end_of
from segur.lib.registry import Registry
from segur.lib.remaining import Meaning, time_left, time_since
from teamwork.selectors.absences import covered_by
from teamwork.selectors.charges import charges_of, in_charge

HORIZON = dt.timedelta(days=30)
RIGHTS_WITHIN = 60
"""Days: what ends later is not urgent yet."""

Source = Callable[[User, dt.datetime], Iterable[Urgent]]
"""Person and instant → what needs this person; a number of queries that does not grow."""

_sources: Registry[Source] = Registry()
add_urgency = _sources.add
"""From `registrations.py` of an app that stands on this one."""

_steady: Registry[Source] = Registry()
add_steady_urgency = _steady.add
"""The same, of a source that reads no deadline: no act on one changes what it gives."""


@dataclass(frozen=True)
class UrgentLine:
    """A line as the page shows it."""

    urgent: Urgent
    meaning: Meaning
    label: str
    left: str


def steady_urgency(user: User, *, now: dt.datetime) -> list[Urgent]:
    """Of what needs this person, that which no act on a deadline changes."""
    sources = (_invitations, _keys, *_steady)
    return [urgent for source in sources for urgent in source(user, now)]


def urgent_lines(
    user: User, *, now: dt.datetime, steady: list[Urgent] | None = None
) -> list[UrgentLine]:
    """All that needs this person, in order; one query or few for each source. Who prepares for no
    organisation, as at the ANS, is not asked what such a person has to do. `steady`: what
    `steady_urgency` gives, where it is known."""
    own = (_deadlines, _takeovers, _corrections, _drafts, _rights) if preparable(user) else ()
    found = [urgent for source in (*own, _deposits) for urgent in source(user, now)]
    found += steady_urgency(user, now=now) if steady is None else steady
    found += [urgent for source in _sources for urgent in source(user, now)]
    return [_line(urgent, now) for urgent in folded(by_urgency(found, now))]


def _line(urgent: Urgent, now: dt.datetime) -> UrgentLine:
    left = ""
    if urgent.due_at:
        left = time_left(urgent.due_at, now).phrase
    elif urgent.since:
        left = time_since(urgent.since, now)
    if urgent.is_blocking:
        label = "Bloque"
    elif urgent.is_late(now):
        label = "En retard"
    elif urgent.is_today(now):
        label = "Sous 24 h"
    else:
        label = "À venir" if urgent.due_at else "En attente"
    return UrgentLine(urgent, urgent.meaning(now), label, left)


def _mine(user: User) -> Q:
    return Q(organisation__in=preparable(user))


def _deadlines(user: User, now: dt.datetime) -> Iterator[Urgent]:
    """The open deadlines of my organisations that are late or come soon, folded by organisation and
    milestone, or by computed delay."""
    rows = (
        Deadline.objects.filter(_mine(user), state__in=OPEN_STATES, due_at__lte=now + HORIZON)
        .exclude(pk__in=past_of(Deadline.objects.filter(_mine(user))).values("pk"))
        .values(
            "organisation",
            "title",
            "due_at",
            "milestone__code",
            "milestone__estimated_at",
            "dispositif__short_name",
        )
        .annotate(
            count=Count("pk"),
            first=Min("pk"),
            solutions=Count("solution"),
            mine=Count("pk", filter=Q(pk__in=charges_of(covered_by(user, now), Deadline))),
        )
    )
    index = reverse("deadlines:index")
    for row in rows:
        count = row["count"]
        noun = "solution" if row["solutions"] else "prestation"
        subjects = f", {count} {noun}s" if count > 1 else ""
        alone = reverse("deadlines:detail", args=[row["first"]])
        code = row["milestone__code"]
        query = f"organisation={row['organisation']}&"
        query += f"jalon={code}" if code else f"delai={row['first']}"
        yield Urgent(
            what=f"{row['title']} ({row['dispositif__short_name']}{subjects})",
            url=f"{index}?{query}#liste" if count > 1 else alone,
            act="Voir les échéances" if count > 1 else "Ouvrir l'échéance",
            why=_share(row["mine"], count),
            due_at=row["due_at"],
            estimated_at=row["milestone__estimated_at"],
        )


def _takeovers(user: User, now: dt.datetime) -> Iterator[Urgent]:
    """Past milestones that nobody has recorded: unknown rather than late. One line for all."""
    count, solution, prestation, organisation = past_milestones(preparable(user), now=now)
    if not count:
        return
    name, pk = ("solutions", solution) if solution else ("prestations", prestation)
    page = "takeover" if can_file(user, organisation) else "detail"
    plural = "s"[: count > 1]
    yield Urgent(
        what=f"Reprise du passé : {count} jalon{plural} échu{plural} avant l'enregistrement",
        url=reverse(f"{name}:{page}", args=[pk]),
        act="Reprendre le passé",
        why="Tant que leur situation est inconnue, rien ne dit s'ils ont été tenus.",
    )


def _share(mine: int, count: int) -> str:
    if not mine:
        return ""
    return "À votre charge" if count == 1 else f"Dont {mine} à votre charge"


def _corrections(user: User, _now: dt.datetime) -> Iterator[Urgent]:
    """What the ANS sent back, one by one: each has its reason."""
    rows = (
        Deadline.objects.filter(_mine(user), state=State.TO_CORRECT)
        .select_related(
            "milestone", "solution", "prestation__client", "prestation__supplier__solution"
        )
        .order_by("due_at", "pk")
    )
    people = in_charge(Deadline, [row.pk for row in rows])
    for row in rows:
        yield Urgent(
            who=str(people.get(row.pk, "")),
            what=f"Dépôt à corriger : {row.title}, {row.subject}",
            url=reverse("deadlines:detail", args=[row.pk]),
            act="Corriger le dépôt",
            why=row.state_reason,
            due_at=row.due_at,
            estimated_at=row.estimated_at,
            since=row.changed_at,
            alike=Alike("dépôts à corriger", f"{reverse('deadlines:index')}?vue=a-faire#liste"),
        )


def _drafts(user: User, _now: dt.datetime) -> Iterator[Urgent]:
    """Drafts that were saved and never filed, folded: saving is not filing."""
    rows = with_draft(Deadline.objects.filter(_mine(user)))
    found = rows.aggregate(count=Count("pk"), first=Min("pk"), oldest=Min("changed_at"))
    if count := found["count"]:
        one = count == 1
        index = f"{reverse('deadlines:index')}?vue=brouillons#liste"
        yield Urgent(
            what=f"{count} brouillon{'' if one else 's'} non déposé{'' if one else 's'}",
            url=reverse("deadlines:prepare", args=[found["first"]]) if one else index,
            act="Reprendre le brouillon" if one else "Voir les brouillons",
            why="Enregistrer n'est pas déposer : rien n'est parti",
            since=found["oldest"],
        )


def _rights(user: User, now: dt.datetime) -> Iterator[Urgent]:
    """Rights that block a money step, or will: shown to the Fournisseur and to the éditeur."""
    steps_to_pay, suppliers = paying_steps(preparable(user))
    open_steps: Counter[int] = Counter()
    for step in steps_to_pay:
        open_steps[step.supplier] += step.number
    facts = facts_by_supplier(suppliers.values())
    day = paris.day(now)
    seen: dict[tuple[str, str], list[Supplier]] = defaultdict(list)
    lines: dict[tuple[str, str], tuple[Unmet, bool]] = {}
    for _pk, supplier in sorted(suppliers.items()):
        missing = [(unmet, True) for unmet in money_gate(facts[supplier.pk], day=day)]
        ending = expiring(facts[supplier.pk], day=day, within_days=RIGHTS_WITHIN)
        for unmet, is_blocking in [*missing, *((unmet, False) for unmet in ending)]:
            seen[unmet.reason, unmet.who].append(supplier)
            lines[unmet.reason, unmet.who] = unmet, is_blocking
    solutions = reverse("solutions:index")
    for key, (unmet, is_blocking) in lines.items():
        steps = sum(open_steps[supplier.pk] for supplier in seen[key])
        verb = "Bloque" if is_blocking else "Bloquera"
        first = seen[key][0]
        yield Urgent(
            what=unmet.reason.rstrip("."),
            url=reverse("solutions:supplier_detail", args=[first.pk]),
            act="Voir les droits",
            why=f"{verb} {steps} demande{'s' if steps > 1 else ''} de paiement",
            who=unmet.who,
            due_at=None if is_blocking or unmet.by is None else end_of(unmet.by),
            is_blocking=is_blocking,
            alike=Alike(
                f"droits qui {'bloquent' if is_blocking else 'bloqueront'} des paiements",
                solutions,
                "Voir les solutions",
            ),
        )


def _deposits(user: User, now: dt.datetime) -> Iterator[Urgent]:
    """At the ANS: the deposits to confirm, folded."""
    if not is_agent(user):
        return
    count, oldest = unchanged("dépôts à confirmer", _waiting, but=("perf.%",), now=now)
    if count:
        yield Urgent(
            what=f"{count} dépôt{'s' if count > 1 else ''} à confirmer",
            url=f"{reverse('deadlines:index')}?vue=deposees#liste",
            act="Voir les dépôts",
            since=dt.datetime.fromisoformat(oldest),
        )


def _waiting() -> tuple[int, str]:
    """How many deposits the ANS has to confirm, and since when the first waits."""
    waiting = Deadline.objects.filter(state=State.FILED)
    found = waiting.aggregate(count=Count("pk"), oldest=Min("changed_at"))
    return found["count"], found["oldest"].isoformat() if found["oldest"] else ""


def _invitations(user: User, _now: dt.datetime) -> Iterator[Urgent]:
    """Invitations that nobody has accepted, to who may send them again."""
    managed = [pk for pk in user.roles if can_manage_members(user, pk)]
    if not managed:
        return
    waiting = Invitation.objects.filter(organisation__in=managed).pending()
    found = waiting.values("organisation", "organisation__name").annotate(
        count=Count("pk"), first=Min("expires_at")
    )
    for row in found:
        count = row["count"]
        yield Urgent(
            what=f"{count} invitation{'s' if count > 1 else ''} sans réponse",
            url=reverse("accounts:organisation"),
            act="Voir les invitations",
            why=row["organisation__name"],
            due_at=row["first"],
        )


def _keys(user: User, now: dt.datetime) -> Iterator[Urgent]:
    """The keys of the organisations that I lead, whose last day comes."""
    led = [organisation for organisation in user.roles if can_manage_api_tokens(user, organisation)]
    if not led:
        return
    today, url = paris.day(now), reverse("accounts:api_tokens")
    ending = ApiToken.objects.active(today).filter(
        organisation__in=led, ends_on__lte=today + HORIZON
    )
    for key in ending:
        yield Urgent(
            what=f"Clé d'API « {key} » : dernier jour",
            url=url,
            act="Voir les clés d'API",
            why="Passé ce jour, le logiciel qui s'en sert est refusé.",
            due_at=end_of(key.ends_on),
            alike=Alike("clés d'API dont le dernier jour vient", url),
        )
