"""The organisations of the programme, for the ANS: agents read, responsables write."""

from functools import partial

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.enums import SUPPLIER_KINDS, Kind
from accounts.forms.organisations import (
    OrganisationCreateForm,
    OrganisationEditForm,
    OrganisationFilterForm,
)
from accounts.middleware import MemberRequest
from accounts.models import Organisation
from accounts.permissions import is_agent, is_responsable
from accounts.querysets import OrganisationQuerySet
from accounts.selectors.organisation_parts import parts_of
from accounts.services.organisations import (
    organisation_create,
    organisation_update,
    second_ans_confirm,
)
from accounts.views.context import alike_in, duplicate_in, members_context
from journal.permissions import require
from journal.selectors.entries import history
from journal.views.acts import form_page, press, submit
from segur.reauthentication import sensitive
from segur.requests import page_of, posted

AGENTS_ONLY = "Cette page est celle de l'ANS."
RESPONSABLES_ONLY = "Seul un Responsable de l'ANS ouvre ou modifie une organisation."


def organisations_found(
    request: MemberRequest,
) -> tuple[OrganisationQuerySet, OrganisationFilterForm]:
    form = OrganisationFilterForm(request.GET)
    rows = Organisation.objects.search(form.chosen.get("q", ""))
    if kind := form.chosen.get("kind"):
        rows = rows.filter(kind=kind)
    return rows.annotate(member_count=Count("memberships")).order_by("name", "pk"), form


def index(request: MemberRequest) -> HttpResponse:
    require(is_agent(request.user), AGENTS_ONLY)
    rows, form = organisations_found(request)
    context = {
        "form": form,
        "page_obj": page_of(request, rows),
        "active": form.active,
        "can_write": is_responsable(request.user),
    }
    return render(request, "accounts/organisations.html", context)


def create(request: MemberRequest) -> HttpResponse:
    require(is_responsable(request.user), RESPONSABLES_ONLY)
    kind = request.GET.get("kind", "")
    form = OrganisationCreateForm(posted(request), initial={"kind": kind})
    act, done = partial(organisation_create, by=request.by), "« {} » est enregistrée.".format
    if made := submit(request, form, act, done=done, to=Organisation.get_absolute_url):
        return made
    context = {"duplicate": duplicate_in(form), "alike": alike_in(form)}
    return form_page(request, form, "accounts/organisation_create.html", **context)


def detail(request: MemberRequest, pk: int) -> HttpResponse:
    organisation = get_object_or_404(Organisation.objects.visible_to(request.user), pk=pk)
    require(is_agent(request.user), AGENTS_ONLY)
    if organisation.kind == Kind.CLIENT:
        return redirect(organisation)
    now, is_industry = timezone.now(), organisation.kind in SUPPLIER_KINDS
    context = {
        **members_context(organisation, user=request.user, now=now),
        "parts": parts_of(organisation, now=now) if is_industry else [],
        "can_write": is_responsable(request.user),
        "can_view_as": is_industry,
        "events": history(organisation, request.user),
    }
    return render(request, "accounts/organisation_detail.html", context)


@require_POST
@sensitive
def confirm(request: MemberRequest, pk: int) -> HttpResponse:
    organisation = get_object_or_404(Organisation.objects.visible_to(request.user), pk=pk)
    require(is_responsable(request.user), RESPONSABLES_ONLY)
    act = partial(second_ans_confirm, organisation=organisation, by=request.by)
    done = f"« {organisation} » est ouverte."
    return press(request, act, done=done, to=organisation.get_absolute_url())


def edit(request: MemberRequest, pk: int) -> HttpResponse:
    organisation = get_object_or_404(Organisation.objects.visible_to(request.user), pk=pk)
    require(is_responsable(request.user), RESPONSABLES_ONLY)
    form = OrganisationEditForm(posted(request), organisation=organisation)
    act = partial(organisation_update, organisation=organisation, by=request.by)
    done, to = "Modifications enregistrées.", organisation.get_absolute_url()
    if made := submit(request, form, act, done=done, to=to):
        return made
    context = {"organisation": organisation, "duplicate": duplicate_in(form)}
    return form_page(request, form, "accounts/organisation_edit.html", **context)
