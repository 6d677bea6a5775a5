"""The technical contacts of the préfigurateurs: asked for, given, corrected, erased."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.middleware import MemberRequest
from accounts.models import User
from journal.permissions import require
from journal.rules.bulk import Counted
from journal.services.bulk import Bulk, register
from journal.views.acts import press
from pilots.enums import Stage
from pilots.permissions import can_answer_for, can_lead_prefiguration
from pilots.prefiguration.forms import AskForm, ContactForm, PersonForm
from pilots.prefiguration.models import Contact, Prefigurateur
from pilots.prefiguration.rules.prefiguration import NO_MORE_CONTACT
from pilots.prefiguration.selectors import working_list as selectors
from pilots.prefiguration.services import contacts
from pilots.prefiguration.services.contact_requests import ask, ask_refusals
from pilots.prefiguration.views.prefigurateurs import (
    MUST_ANSWER,
    MUST_LEAD,
    READ_WRITE,
    act,
    address,
    filtered,
    get_prefigurateur,
)
from pilots.querysets import PrefigurateurQuerySet
from segur.lib import paris
from segur.lib.canonical import digest
from segur.requests import posted


def _rows(user: User) -> PrefigurateurQuerySet:
    seen = Prefigurateur.objects.visible_to(user)
    related = ("client", "solution__organisation", "contact_request")
    return seen.select_related(*related).order_by("solution__organisation__name", "name", "pk")


def _matching(request: HttpRequest, rows: PrefigurateurQuerySet) -> PrefigurateurQuerySet:
    return rows.filter(pk__in=filtered(request).values("pk"))


def _words(row: Prefigurateur) -> str:
    """With the day of the request that still waits."""
    asked = row.contact_request
    waits = asked.due_at if asked and asked.is_open else None
    until = f", déjà demandé {paris.before_long(waits)}" if waits else ""
    return f"{row} ({row.solution}){until}"


def _stamp(row: Prefigurateur) -> str:
    asked = row.contact_request
    return digest([row.stage, str(asked.due_at) if asked else "", asked.state if asked else ""])[
        :12
    ]


ASK = Bulk(
    name="demander-contacts",
    entry="prefigurateur.ask_many",
    title="Contacts demandés ensemble",
    label="Demander les contacts",
    lead="Un seul courriel par personne de l'éditeur, qui nomme tous ses établissements. Chacun "
    "devient une échéance de l'éditeur, avec ses rappels, jusqu'à ce que le contact soit donné.",
    button=Counted("Demander le contact", "Demander les {} contacts"),
    done=Counted("{} contact demandé", "{} contacts demandés"),
    may=can_lead_prefiguration,
    barrier=MUST_LEAD,
    rows=_rows,
    matching=_matching,
    refusals=ask_refusals,
    stamp=_stamp,
    words=_words,
    group=lambda row: str(row.solution.organisation),
    form=AskForm,
    act=ask,
    remark=lambda asked: asked.remark,
    place=lambda _asked: reverse("prefigurateurs:index"),
    back=lambda: reverse("prefigurateurs:index"),
)
register(ASK)


@require_http_methods(READ_WRITE)
def give(request: MemberRequest, pk: int) -> HttpResponse:
    one, now = get_prefigurateur(request, pk), timezone.now()
    require(can_answer_for(request.user, one), MUST_ANSWER)
    if why := NO_MORE_CONTACT.get(Stage(one.stage)):
        messages.info(request, why)
        return redirect("prefigurateurs:detail", pk=pk)
    editeur = one.solution.organisation
    source = f"Communiqué par l'établissement à {editeur}, le {paris.day(now):%d/%m/%Y}."
    form = ContactForm(
        posted(request),
        today=paris.day(now),
        longest_months=selectors.longest_months(now),
        source=source,
    )
    return act(
        request,
        one,
        form,
        partial(contacts.give, one, by=request.by),
        done="Contact technique enregistré.",
        title="Donner le contact technique",
        button="Enregistrer le contact",
        intro=(
            f"Ces données sont vues de l'ANS et de {editeur}, de personne d'autre. Prévenez la "
            "personne : son invitation lui dira qui a donné son adresse, pourquoi et jusqu'à quand."
        ),
    )


def get_contact(request: MemberRequest, pk: int) -> Contact:
    """One that this person may correct or erase."""
    contact = get_object_or_404(Contact.objects.visible_to(request.user), pk=pk)
    allowed = can_lead_prefiguration(request.user) or can_answer_for(
        request.user, contact.prefigurateur
    )
    require(allowed, MUST_ANSWER)
    return contact


@require_http_methods(READ_WRITE)
def correct(request: MemberRequest, pk: int) -> HttpResponse:
    contact = get_contact(request, pk)
    one = contact.prefigurateur
    if contact.erased_at:
        messages.info(request, contacts.ERASED)
        return redirect("prefigurateurs:detail", pk=one.pk)
    form = PersonForm.of(contact, posted(request))
    return act(
        request,
        one,
        form,
        partial(contacts.correct, contact, by=request.by),
        done="Contact technique corrigé.",
        title="Corriger le contact technique",
        button="Enregistrer la correction",
        intro=(
            "Pour une faute dans les données de la même personne. La finalité, la source et la "
            f"date d'effacement ({contact.delete_on:%d/%m/%Y}) restent ; le journal dit ce qui a "
            "été corrigé, jamais ce qui était écrit. Une autre personne est un autre contact."
        ),
    )


@require_http_methods(READ_WRITE)
def erase(request: MemberRequest, pk: int) -> HttpResponse:
    contact = get_contact(request, pk)
    one = contact.prefigurateur
    if contact.erased_at:
        messages.info(request, "Ce contact est déjà effacé.")
        return redirect("prefigurateurs:detail", pk=one.pk)
    if request.method == "POST":
        erasing = partial(contacts.erase, contact, by=request.by)
        return press(request, erasing, done="Le contact est effacé.", to=address(one))
    context = {"contact": contact, "prefigurateur": one}
    return render(request, "prefigurateurs/erase.html", context)
