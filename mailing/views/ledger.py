"""`/courriels/`: the mails of the site, for a responsable of the ANS."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from journal.permissions import require
from journal.rules.bulk import Counted
from journal.services.bulk import Bulk, register
from journal.views.acts import form_page, press, submit
from journal.views.bulk import bar
from mailing.forms import HoldForm, MailFilter
from mailing.models import OutgoingMail
from mailing.querysets import OutgoingMailQuerySet
from mailing.selectors.ledger import MEANINGS, VIEWS, counts, queue
from mailing.services import resending
from mailing.services.queue import hold_by, release_by
from segur.reauthentication import sensitive
from segur.requests import page_of, posted

if TYPE_CHECKING:
    from accounts.middleware import MemberRequest
    from accounts.models import User

MUST_BE_RESPONSABLE = "Seul un responsable de l'ANS voit les courriels de tout le site."


@require_safe
def index(request: MemberRequest) -> HttpResponse:
    require(request.user.is_responsable, MUST_BE_RESPONSABLE)
    now = timezone.now()
    form = MailFilter(request.GET)
    rows = form.ledger()
    page = page_of(request, rows)
    numbers = counts()
    context = {
        "form": form,
        "queue": queue(now=now),
        "page_obj": page,
        "mails": [{"mail": mail, "meaning": MEANINGS[mail.state]} for mail in page],
        "tabs": [
            {
                "label": label,
                "count": numbers[key],
                "url": f"{request.path}?vue={key}" if key else request.path,
                "current": form.view == key,
            }
            for key, (label, _states) in VIEWS.items()
        ],
        **bar(request, ACTS_OF.get(form.view, ())),
    }
    return render(request, "mails/index.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive
def hold(request: MemberRequest) -> HttpResponse:
    require(request.user.is_responsable, MUST_BE_RESPONSABLE)
    form = HoldForm(posted(request))
    act, to = partial(hold_by, by=request.by), reverse("mails:index")
    if made := submit(request, form, act, done="L'envoi des courriels est suspendu.", to=to):
        return made
    return form_page(
        request,
        form,
        title="Suspendre l'envoi des courriels",
        lead="Aucun courriel ne part plus, rappels et liens de connexion compris, jusqu'à ce qu'un "
        "responsable reprenne l'envoi. Rien n'est perdu.",
        button="Suspendre l'envoi",
        back=to,
    )


@require_POST
@sensitive
def release(request: MemberRequest) -> HttpResponse:
    require(request.user.is_responsable, MUST_BE_RESPONSABLE)
    act, done = partial(release_by, by=request.by), "L'envoi des courriels reprend."
    return press(request, act, done=done, to=reverse("mails:index"))


def _may(user: User) -> bool:
    return user.is_responsable


def _rows(user: User) -> OutgoingMailQuerySet:
    rows = OutgoingMail.objects.select_related("user").order_by("-created_at", "-pk")
    return rows if user.is_responsable else rows.none()


def _matching(request: HttpRequest, rows: OutgoingMailQuerySet) -> OutgoingMailQuerySet:
    return MailFilter(request.GET).narrow(rows)


def _refusals(why_not: Callable[[OutgoingMail], str]) -> Callable[..., dict[int, str]]:
    return lambda rows, _by, _values: {row.pk: why_not(row) for row in rows}


_OF_MAILS = partial(
    Bulk,
    may=_may,
    barrier=MUST_BE_RESPONSABLE,
    rows=_rows,
    matching=_matching,
    stamp=lambda row: row.state,
    group=lambda row: row.kind_label,
    back=lambda: reverse("mails:index"),
)
RESEND = _OF_MAILS(
    name="renvoyer-courriels",
    entry="mail.resend_many",
    title="Courriels renvoyés",
    label="Renvoyer",
    lead="Chaque courriel repart à l'adresse actuelle de son destinataire, sous le même "
    "identifiant. Un rappel qui n'est plus vrai au moment de l'envoi ne part pas.",
    button=Counted("Renvoyer le courriel", "Renvoyer les {} courriels"),
    done=Counted("{} courriel renvoyé", "{} courriels renvoyés"),
    refusals=_refusals(resending.why_not_resent),
    act=lambda rows, by: resending.resend(rows, now=by.at),
    place=lambda _count: reverse("mails:index"),
)
DROP = _OF_MAILS(
    name="abandonner-courriels",
    entry="mail.drop_many",
    title="Courriels abandonnés",
    label="Abandonner",
    lead="Ces courriels ne partiront pas, et les rappels qu'ils portent non plus. Cet acte ne se "
    "défait pas.",
    button=Counted("Abandonner le courriel", "Abandonner les {} courriels"),
    done=Counted("{} courriel abandonné", "{} courriels abandonnés"),
    refusals=_refusals(resending.why_not_dropped),
    act=lambda rows, by: resending.drop(rows, now=by.at),
    place=lambda _count: f"{reverse('mails:index')}?vue=attente",
)
register(RESEND, DROP)
ACTS_OF = {"": (RESEND.name,), "attente": (DROP.name,)}
