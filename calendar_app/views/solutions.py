"""Solutions: list, page, forms."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_safe

from accounts.enums import Kind
from accounts.middleware import MemberRequest
from accounts.models import Organisation
from accounts.permissions import can_prepare
from calendar_app.forms.solutions import (
    ReferencingEditForm,
    SolutionCreateForm,
    SolutionEditForm,
    SolutionFilter,
)
from calendar_app.models import Deadline, Solution
from calendar_app.permissions import can_edit_solution, can_reference, can_take_over
from calendar_app.querysets import SOONEST
from calendar_app.selectors.deadlines import lines
from calendar_app.selectors.solutions import (
    editeurs_seen,
    market_pill,
    next_of,
    past_to_do,
    referencing_pill,
    sees_deadlines,
    solution_rows,
    solutions_seen,
    supplier_rows,
    with_counts,
)
from calendar_app.services import solutions as services
from journal.permissions import require
from journal.selectors.entries import edits
from journal.views.acts import form_page, submit
from segur.requests import page_of, posted

COUPLE = frozenset({"name", "version", "proxy_name", "proxy_version"})
SAVED = "Modification enregistrée."
MUST_BE_EDITEUR = (
    "Seul un membre d'un éditeur enregistre une solution. Si vous en êtes membre, choisissez cet "
    "éditeur comme organisation active, en haut de la page."
)
MUST_OWN = "Seuls les membres de l'éditeur de cette solution peuvent la modifier."
MUST_REFERENCE = (
    "Le référencement est enregistré par un responsable de l'ANS ou par l'éditeur de la solution."
)


@require_safe
def index(request: MemberRequest) -> HttpResponse:
    organisations = editeurs_seen(request.user)
    form = SolutionFilter(request.GET, organisations=organisations)
    chosen = form.chosen
    found = with_counts(solutions_seen(request.user, **chosen), request.user)
    page = page_of(request, found.order_by("name", "pk"))
    context = {
        "form": form,
        "active": form.active,
        "page_obj": page,
        "rows": solution_rows(page, request.user, now=timezone.now()),
        "show_organisation": any(pk not in request.user.roles for pk, _ in organisations),
        "may_create": may_create(request),
        "is_distributeur": _is(request, Kind.DISTRIBUTEUR),
    }
    return render(request, "solutions/index.html", context)


def may_create(request: MemberRequest) -> bool:
    organisation = request.organisation
    return (
        organisation is not None
        and organisation.kind == Kind.EDITEUR
        and can_prepare(request.user, organisation.pk)
    )


def acting(request: MemberRequest) -> Organisation:
    """The active organisation, once `may_create` has checked that there is one."""
    organisation = request.organisation
    assert organisation is not None  # noqa: S101
    return organisation


def _is(request: MemberRequest, kind: Kind) -> bool:
    return request.organisation is not None and request.organisation.kind == kind


def get_solution(request: MemberRequest, pk: int) -> Solution:
    seen = Solution.objects.visible_to(request.user)
    return get_object_or_404(seen.select_related("organisation", "dispositif"), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def create(request: MemberRequest) -> HttpResponse:
    require(may_create(request), MUST_BE_EDITEUR)
    form = SolutionCreateForm(posted(request))
    editeur = acting(request)
    act = partial(services.solution_create, organisation=editeur, by=request.by)
    done = "{} est enregistrée. Ses échéances sont ouvertes.".format

    def to(solution: Solution) -> str:
        past = past_to_do(request.user, solution=solution).exists()
        takes_over = past and can_take_over(request.user, solution)
        page = "solutions:takeover" if takes_over else "solutions:detail"
        return reverse(page, args=[solution.pk])

    return submit(request, form, act, done=done, to=to) or form_page(
        request, form, "solutions/create.html", organisation=editeur
    )


def address(solution: Solution) -> str:
    return reverse("solutions:detail", args=[solution.pk])


@require_safe
def detail(request: MemberRequest, pk: int) -> HttpResponse:
    solution = get_solution(request, pk)
    now, user = timezone.now(), request.user
    found = Deadline.objects.visible_to(user).filter(solution=solution)
    deadlines = lines(found.order_by(SOONEST, "pk"), now=now, reader=request.user)
    sees_all = sees_deadlines(user, solution)
    context = {
        "solution": solution,
        "referencing": referencing_pill(solution),
        "market": market_pill(solution),
        "lines": deadlines,
        "suppliers": supplier_rows(solution.suppliers.visible_to(user), now=now),
        "history": edits(solution, request.user) if sees_all else [],
        "next_line": next_of(deadlines),
        "past_count": past_to_do(user, solution=solution).count(),
        "sees_all": sees_all,
        "can_edit": can_edit_solution(user, solution),
        "can_reference": can_reference(user, solution),
        "can_take_over": can_take_over(user, solution),
    }
    return render(request, "solutions/detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    solution = get_solution(request, pk)
    require(can_edit_solution(request.user, solution), MUST_OWN)
    form = SolutionEditForm.of(solution, posted(request))
    save = partial(services.solution_update, solution=solution, by=request.by)
    changes_couple = solution.dispositif.needs_proxy and COUPLE.intersection(form.changed_data)
    done = _couple_changed(solution) if changes_couple else SAVED
    button = "Enregistrer la modification"
    return _edited(request, solution, form, save, "Modifier la solution", button=button, done=done)


def _couple_changed(solution: Solution) -> str:
    """The couple is what is referenced: what was recorded of the former one is checked again."""
    return format_html(
        '{} Le couple DRIMbox / proxy change : <a href="{}">voyez ce qu\'il faut revoir</a>.',
        SAVED,
        reverse("installation:couple", args=[solution.pk]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def referencing(request: MemberRequest, pk: int) -> HttpResponse:
    solution = get_solution(request, pk)
    require(can_reference(request.user, solution), MUST_REFERENCE)
    form = ReferencingEditForm(posted(request), initial=ReferencingEditForm.initial_of(solution))
    save = partial(services.solution_reference, solution=solution, by=request.by)
    return _edited(request, solution, form, save, "Enregistrer le référencement")


def _edited(
    request: MemberRequest,
    solution: Solution,
    form: Any,
    save: Any,
    title: str,
    *,
    button: str = "",
    done: str = SAVED,
) -> HttpResponse:
    """Save and return to the page of the solution, or show the form again."""
    return submit(request, form, save, done=done, to=address(solution)) or form_page(
        request,
        form,
        tab=f"{title} : {solution}",
        title=title,
        lead=f"{solution} ({solution.dispositif}), de {solution.organisation}. L'historique garde "
        "ce qui était écrit avant.",
        button=button or title,
        back=address(solution),
        breadcrumb="solutions/_breadcrumb.html",
        solution=solution,
    )
