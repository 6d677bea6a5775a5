"""Connectors and portals of a prestation, couple of a solution."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.middleware import MemberRequest
from accounts.permissions import preparable
from calendar_app.models import Prestation, Solution
from calendar_app.permissions import can_edit_solution
from calendar_app.selectors.prestations import prestations_seen
from documents.selectors import file_lines
from documents.views import file_view
from journal.permissions import require
from journal.selectors.entries import history
from journal.views.acts import form_page, submit
from pilots.enums import PortalProof
from pilots.permissions import can_edit
from pilots.va.forms.installation import AbsenceForm, ConnectorForm, CoupleForm, PortalForm
from pilots.va.models import ConnectorFile, Portal, PortalAbsenceFile, PortalFile
from pilots.va.selectors.connectors import board, is_complete, summary_of
from pilots.va.selectors.couple import past, review
from pilots.va.selectors.portals import (
    absences,
    clients_to_ask,
    end_of,
    information,
    pending_portals,
    portal_lines,
)
from pilots.va.services.connectors import set_connector
from pilots.va.services.couple import acknowledge
from pilots.va.services.portals import HAS_PORTAL, absence_save, portal_save
from segur.requests import page_of, posted

CLIENTS, PORTALS = "clients", "portails"
VIEWS = {CLIENTS: "Clients à interroger", PORTALS: "Portails à traiter"}
MUST_SUPPLY = "Seuls les membres du Fournisseur de cette prestation enregistrent son installation."
MUST_OWN = "Seuls les membres de l'éditeur de cette solution enregistrent ce qu'ils ont revu."


def _prestation(request: MemberRequest, pk: int) -> Prestation:
    return get_object_or_404(prestations_seen(request.user), pk=pk)


def _drimbox(request: MemberRequest, pk: int) -> Prestation:
    return get_object_or_404(prestations_seen(request.user), pk=pk, dispositif__has_va=True)


@require_safe
def connectors(request: MemberRequest, pk: int) -> HttpResponse:
    prestation = _prestation(request, pk)
    lines = board(prestation)
    context = {
        "prestation": prestation,
        "lines": lines,
        "summary": summary_of(lines),
        "complete": is_complete(lines),
        "may_edit": can_edit(request.user, prestation),
    }
    return render(request, "installation/connectors.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def connector(request: MemberRequest, pk: int, kind: str) -> HttpResponse:
    """What is known of a half-connector, for all who see it; the act, for the Fournisseur."""
    prestation = _prestation(request, pk)
    line = next((line for line in board(prestation) if line.kind == kind), None)
    if line is None:
        raise Http404
    may_edit = can_edit(request.user, prestation)
    require(may_edit or request.method != "POST", MUST_SUPPLY)
    form = ConnectorForm(posted(request), request.FILES or None, line=line) if may_edit else None
    act = partial(set_connector, prestation, line.kind, by=request.by)
    back = reverse("installation:connectors", args=[pk])
    return submit(
        request, form, act, done=f"{line.kind.label} : enregistré.", to=back
    ) or form_page(
        request,
        form,
        "installation/connector.html",
        prestation=prestation,
        line=line,
        files=file_lines(line.files, "installation:connector_file"),
        history=history(line.row, request.user) if line.row else [],
    )


connector_file = file_view(ConnectorFile)


@require_safe
def portals(request: MemberRequest, pk: int) -> HttpResponse:
    prestation = _drimbox(request, pk)
    lines = portal_lines(prestation, now=timezone.now())
    end = end_of(prestation.dispositif)
    recorded = absences(prestation)
    context = {
        "prestation": prestation,
        "lines": lines,
        "absence": next((one for one in recorded if one.ended_at is None), None),
        "past_absences": [one for one in recorded if one.ended_at],
        "pending": sum(line.is_pending for line in lines),
        "left": lines[0].left if lines else None,
        "end": end,
        "information": information(prestation, end) if end else "",
        "may_edit": can_edit(request.user, prestation),
    }
    return render(request, "installation/portals.html", context)


def portals_found(
    request: MemberRequest,
) -> tuple[str, QuerySet[Prestation] | QuerySet[Portal], dict[str, int]]:
    """Two views: the Clients never asked come first, then the portals that are inscribed."""
    unasked, portals = clients_to_ask(request.user), pending_portals(request.user)
    counts = {CLIENTS: unasked.count(), PORTALS: portals.count()}
    chosen = request.GET.get("vue")
    view = chosen if chosen in counts else CLIENTS if counts[CLIENTS] else PORTALS
    return view, unasked if view == CLIENTS else portals, counts


@require_safe
def pending(request: MemberRequest) -> HttpResponse:
    view, found, counts = portals_found(request)
    context = {
        "page_obj": page_of(request, found),
        "of_clients": view == CLIENTS,
        "editable": preparable(request.user),
        "tabs": [
            {
                "label": label,
                "url": f"{request.path}?vue={name}",
                "current": name == view,
                "count": counts[name],
            }
            for name, label in VIEWS.items()
        ],
    }
    return render(request, "installation/pending_portals.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def portal_create(request: MemberRequest, pk: int) -> HttpResponse:
    prestation = _drimbox(request, pk)
    require(can_edit(request.user, prestation), MUST_SUPPLY)
    form = PortalForm(posted(request), request.FILES or None)
    act = partial(portal_save, prestation, by=request.by)
    done, back = "Le portail {} est inscrit.".format, _portals_of(prestation)
    return submit(request, form, act, done=done, to=back) or form_page(
        request,
        form,
        "installation/portal_form.html",
        title="Inscrire un portail",
        lead=f"{prestation.client}. Tout système par lequel ce Client diffuse ses images aux "
        "patients ou aux professionnels de santé.",
        button="Inscrire le portail",
        back=back,
        prestation=prestation,
    )


def _portals_of(prestation: Prestation) -> str:
    return reverse("installation:portals", args=[prestation.pk])


@require_http_methods(["GET", "HEAD", "POST"])
def portal_absence(request: MemberRequest, pk: int) -> HttpResponse:
    """«Ce Client n'a aucun portail»: recorded, or recorded again."""
    prestation = _drimbox(request, pk)
    require(can_edit(request.user, prestation), MUST_SUPPLY)
    if prestation.portals.exists():
        messages.info(request, HAS_PORTAL)
        return redirect("installation:portals", pk=pk)
    form = AbsenceForm(posted(request), request.FILES or None)
    act = partial(absence_save, prestation, by=request.by)
    done, back = "C'est enregistré : ce Client n'a aucun portail.", _portals_of(prestation)
    return submit(request, form, act, done=done, to=back) or form_page(
        request,
        form,
        "installation/portal_form.html",
        tab="Aucun portail",
        here="Aucun portail",
        title="Ce Client n'a aucun portail de partage d'images",
        lead=f"{prestation.client}. À enregistrer si ce Client ne diffuse ses images par aucun "
        "système, ni aux patients ni aux professionnels de santé.",
        button="Enregistrer qu'il n'y en a aucun",
        back=back,
        prestation=prestation,
    )


portal_absence_file = file_view(PortalAbsenceFile)


@require_http_methods(["GET", "HEAD", "POST"])
def portal(request: MemberRequest, pk: int) -> HttpResponse:
    """What is known of a portal, for all who see it; the act, for the Fournisseur."""
    row = get_object_or_404(Portal.objects.visible_to(request.user), pk=pk)
    prestation = _prestation(request, row.prestation_id)
    may_edit = can_edit(request.user, prestation)
    require(may_edit or request.method != "POST", MUST_SUPPLY)
    form = PortalForm.of(row, posted(request), request.FILES or None) if may_edit else None
    act = partial(portal_save, prestation, portal=row, by=request.by)
    done = "{} : enregistré.".format
    return submit(request, form, act, done=done, to=_portals_of(prestation)) or form_page(
        request,
        form,
        "installation/portal.html",
        prestation=prestation,
        portal=row,
        pieces=[
            (label, file_lines(row.files.filter(about=about), "installation:portal_file"))
            for about, label in PortalProof.choices
        ],
        history=history(row, request.user),
    )


portal_file = file_view(PortalFile)


@require_http_methods(["GET", "HEAD", "POST"])
def couple(request: MemberRequest, pk: int) -> HttpResponse:
    """What the newest change of the couple obliges to look at again."""
    seen = Solution.objects.visible_to(request.user).select_related("organisation", "dispositif")
    solution = get_object_or_404(seen, pk=pk, dispositif__needs_proxy=True)
    may_edit = can_edit_solution(request.user, solution)
    require(may_edit or request.method != "POST", MUST_OWN)
    found = review(solution, request.user)
    form = CoupleForm(posted(request), review=found) if may_edit else None
    act = partial(acknowledge, solution, by=request.by)
    return submit(request, form, act, done="C'est noté.", to=request.path) or form_page(
        request,
        form,
        "installation/couple.html",
        solution=solution,
        review=found,
        history=past(solution),
    )
