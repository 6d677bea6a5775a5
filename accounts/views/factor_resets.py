"""A lost second factor: asked for on the page of the member, cancelled by those concerned."""

from functools import partial

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.forms.members import FactorResetForm
from accounts.middleware import MemberRequest
from accounts.models import FactorReset, Membership
from accounts.permissions import can_manage_members
from accounts.rules.parameters import RESET_HOURS
from accounts.services.factor_resets import RESETS, factor_reset_ask, factor_reset_cancel
from accounts.views.members import MANAGERS_ONLY
from journal.permissions import require
from journal.views.acts import form_page, press, submit
from parameters.selectors import value
from segur.reauthentication import sensitive
from segur.requests import posted

INTRO = (
    "Assurez-vous, de vive voix, que c'est bien cette personne qui vous le demande. Elle est "
    "prévenue par courriel, avec ceux qui dirigent ses organisations, et peut annuler pendant "
    "{hours} heures. Ensuite, son application, ses clés d'accès et ses codes de secours ne servent "
    "plus."
)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive
def ask(request: MemberRequest, pk: int) -> HttpResponse:
    rows = Membership.objects.visible_to(request.user).select_related("organisation", "user")
    membership = get_object_or_404(rows, pk=pk)
    require(can_manage_members(request.user, membership.organisation_id), MANAGERS_ONLY)
    form = FactorResetForm(posted(request))
    act = partial(factor_reset_ask, membership=membership, by=request.by)
    done = "Réinitialisation demandée : un courriel part à toutes les personnes concernées."
    return submit(request, form, act, done=done, to=_page) or form_page(
        request,
        form,
        title="Réinitialiser la double authentification",
        lead=str(membership.user),
        intro=INTRO.format(hours=value(RESET_HOURS, at=timezone.now())),
        refused="La réinitialisation n'est pas demandée",
        button="Demander la réinitialisation",
        back=reverse("accounts:member_edit", args=[pk]),
    )


@require_safe
def detail(request: MemberRequest, pk: int) -> HttpResponse:
    reset = _visible(request, pk)
    context = {"reset": reset, "may_cancel": RESETS.allows(reset, "cancel", by=request.by)}
    return render(request, "accounts/factor_reset.html", context)


@require_POST
def cancel(request: MemberRequest, pk: int) -> HttpResponse:
    reset = _visible(request, pk)
    act = partial(factor_reset_cancel, reset=reset, by=request.by)
    return press(request, act, done="Réinitialisation annulée.", to=_page(reset))


def _visible(request: MemberRequest, pk: int) -> FactorReset:
    rows = FactorReset.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("user", "organisation", "asked_by"), pk=pk)


def _page(reset: FactorReset) -> str:
    return reverse("accounts:factor_reset", args=[reset.pk])
