"""The technical contacts of the préfigurateurs: asked for, given, erased."""

from __future__ import annotations

import datetime as dt
from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.middleware import MemberRequest
from journal.permissions import require
from journal.views.acts import form_page, submit
from pilots.enums import Stage
from pilots.permissions import can_answer_for, can_lead_prefiguration
from pilots.prefiguration.forms import AskForm, ContactForm, PersonForm
from pilots.prefiguration.models import Contact
from pilots.prefiguration.rules.prefiguration import NO_MORE_CONTACT
from pilots.prefiguration.selectors import working_list as selectors
from pilots.prefiguration.services import contact_requests, contacts
from pilots.prefiguration.services.contact_requests import AskedContact
from pilots.prefiguration.views.prefigurateurs import (
    MUST_ANSWER,
    MUST_LEAD,
    READ_WRITE,
    act,
    get_prefigurateur,
)
from segur.lib import paris
from segur.lib.workdays import this_or_next_working_day
from segur.requests import posted

USUAL_DELAY = dt.timedelta(days=14)
UNFOLDED = 25
"""Beyond so many préfigurateurs, each éditeur's are folded under its name."""


@require_http_methods(READ_WRITE)
def ask(request: MemberRequest) -> HttpResponse:
    """All those without contact; `seul` ticks one, else those who were not asked yet."""
    require(can_lead_prefiguration(request.user), MUST_LEAD)
    now = timezone.now()
    rows = selectors.as_rows(selectors.without_contact(), now=now)
    alone = request.GET.get("seul", "")
    ticked = [
        row.prefigurateur.pk
        for row in rows
        if (str(row.prefigurateur.pk) == alone if alone else row.due_at is None)
    ]
    due_on = this_or_next_working_day(paris.day(now) + USUAL_DELAY)
    form = AskForm(
        posted(request),
        found=selectors.without_contact(),
        initial={"prefigurateurs": ticked, "due_on": due_on},
    )
    chosen = {str(value) for value in form["prefigurateurs"].value() or ()}
    send = partial(contact_requests.ask, by=request.by)
    index, done = reverse("prefigurateurs:index"), partial(_say, request)
    return submit(request, form, send, done=done, to=index) or form_page(
        request,
        form,
        "prefigurateurs/ask.html",
        total=len(rows),
        groups=selectors.by_editeur(rows, chosen),
        chosen=chosen,
        is_short=len(rows) <= UNFOLDED,
    )


def _say(request: MemberRequest, asked: AskedContact) -> None:
    some = "s" if asked.prefigurateurs > 1 else ""
    messages.success(
        request,
        f"Contact demandé pour {asked.prefigurateurs} préfigurateur{some}, à {asked.editeurs} "
        f"éditeur{'s' if asked.editeurs > 1 else ''}.",
    )
    if asked.unreached:
        names = ", ".join(asked.unreached)
        messages.warning(
            request,
            f"Personne n'a reçu le courriel chez : {names}. Aucun membre, ou tous l'ont refusé : "
            "appelez l'éditeur, la demande est dans ses échéances.",
        )


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
        contacts.erase(contact, by=request.by)
        messages.success(request, "Le contact est effacé.")
        return redirect("prefigurateurs:detail", pk=one.pk)
    context = {"contact": contact, "prefigurateur": one}
    return render(request, "prefigurateurs/erase.html", context)
