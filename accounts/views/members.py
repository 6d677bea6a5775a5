"""The members of an organisation: seen by all of them, managed by Mandataires and Responsables."""

from functools import partial

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.enums import Role
from accounts.forms.members import DepartureForm, InviteForm, RoleForm
from accounts.middleware import MemberRequest
from accounts.models import Invitation, Membership, Organisation
from accounts.permissions import can_manage_api_tokens, can_manage_members, is_agent, role_in
from accounts.selectors.second_factor import factors_of, waiting_reset
from accounts.services.departures import held_by, needs_successor
from accounts.services.invitations import (
    invitation_resend,
    invitation_revoke,
    invitation_send,
)
from accounts.services.memberships import membership_change_role, membership_remove
from accounts.views.context import members_context
from journal.permissions import require
from journal.views.acts import form_page, press, submit
from segur.reauthentication import sensitive
from segur.requests import posted

MANAGERS_ONLY = "Les membres sont gérés par un Mandataire de l'organisation."


def organisation(request: MemberRequest) -> HttpResponse:
    """The active organisation: who is in it, who is expected."""
    if request.organisation is None:
        return redirect("accounts:none")
    host = request.organisation
    context = {
        **members_context(host, user=request.user, now=timezone.now()),
        "gives_keys": can_manage_api_tokens(request.user, host.pk),
        "exports": role_in(request.user, host.pk) == Role.MANDATAIRE,
    }
    return render(request, "accounts/organisation.html", context)


@sensitive
def invite(request: MemberRequest, pk: int) -> HttpResponse:
    host = get_object_or_404(Organisation.objects.visible_to(request.user), pk=pk)
    require(can_manage_members(request.user, host.pk), MANAGERS_ONLY)
    form = InviteForm(posted(request), organisation=host)
    if form.is_valid() and (refusal := _too_many(request)):
        return refusal
    act, page = partial(invitation_send, organisation=host, by=request.by), _page_of(request, host)
    return submit(request, form, act, done="Invitation envoyée à {.email}.".format, to=page) or (
        form_page(request, form, "accounts/invite.html", organisation=host, back_url=page)
    )


@require_POST
@sensitive
def invitation_send_again(request: MemberRequest, pk: int) -> HttpResponse:
    invitation = _managed_invitation(request, pk)
    if (refusal := _too_many(request)) is not None:
        return refusal
    act = partial(invitation_resend, invitation=invitation, by=request.by)
    done = f"Invitation renvoyée à {invitation.email}, pour 14 jours. L'ancien lien ne sert plus."
    return press(request, act, done=done, to=_page_of(request, invitation.organisation))


@require_POST
@sensitive
def invitation_withdraw(request: MemberRequest, pk: int) -> HttpResponse:
    invitation = _managed_invitation(request, pk)
    act = partial(invitation_revoke, invitation=invitation, by=request.by)
    done = f"Invitation de {invitation.email} retirée."
    return press(request, act, done=done, to=_page_of(request, invitation.organisation))


@sensitive
def member_edit(request: MemberRequest, pk: int) -> HttpResponse:
    membership = _managed_membership(request, pk)
    host = membership.organisation
    initial = {"role": membership.role}
    form = RoleForm(posted(request), organisation=host, initial=initial)
    act = partial(membership_change_role, membership=membership, by=request.by)

    def done(_: object) -> str:
        return f"{membership.user} : {form.cleaned_data['role'].label}."

    page = _page_of(request, host)
    return submit(request, form, act, done=done, to=page) or _member_page(
        request, membership, form=form
    )


def _member_page(
    request: MemberRequest,
    membership: Membership,
    *,
    form: RoleForm | None = None,
    departure: DepartureForm | None = None,
) -> HttpResponse:
    """The role of a member, and what this person would leave behind."""
    host = membership.organisation
    held = held_by(membership, now=timezone.now())
    if departure is None and needs_successor(held):
        departure = DepartureForm(membership=membership)
    context = {
        "form": form or RoleForm(organisation=host, initial={"role": membership.role}),
        "departure": departure,
        "held": held,
        "membership": membership,
        "organisation": host,
        "back_url": _page_of(request, host),
        "has_factor": factors_of(membership.user).exists() and membership.user != request.user,
        "reset": waiting_reset(membership.user),
    }
    is_wrong = any(sent and sent.errors for sent in (form, departure))
    return render(request, "accounts/member_edit.html", context, status=422 if is_wrong else 200)


@require_POST
@sensitive
def member_remove(request: MemberRequest, pk: int) -> HttpResponse:
    membership, now = _managed_membership(request, pk), timezone.now()
    successor = None
    if needs_successor(held_by(membership, now=now)):
        form = DepartureForm(request.POST, membership=membership)
        if not form.is_valid():
            return _member_page(request, membership, departure=form)
        successor = form.successor()
    act = partial(membership_remove, membership=membership, by=request.by, successor=successor)
    is_own = membership.user == request.user
    to = reverse("landing") if is_own else _page_of(request, membership.organisation)
    back = reverse("accounts:member_edit", args=[pk])
    return press(request, act, done=f"{membership.user} n'est plus membre.", to=to, back=back)


def _managed_invitation(request: MemberRequest, pk: int) -> Invitation:
    rows = Invitation.objects.visible_to(request.user).select_related("organisation")
    invitation = get_object_or_404(rows, pk=pk)
    require(can_manage_members(request.user, invitation.organisation_id), MANAGERS_ONLY)
    return invitation


def _managed_membership(request: MemberRequest, pk: int) -> Membership:
    rows = Membership.objects.visible_to(request.user).select_related("organisation", "user")
    membership = get_object_or_404(rows, pk=pk)
    require(can_manage_members(request.user, membership.organisation_id), MANAGERS_ONLY)
    return membership


def _page_of(request: MemberRequest, host: Organisation) -> str:
    """One's own organisation, or the one that the ANS looks at."""
    if is_agent(request.user) and host != request.organisation:
        return host.get_absolute_url()
    return reverse("accounts:organisation")


def _too_many(request: HttpRequest) -> HttpResponse | None:
    """Nobody's mailbox is flooded from here (ACCOUNT_RATE_LIMITS «invite»)."""
    refusal: HttpResponse | None = ratelimit.consume_or_429(request, action="invite")
    return refusal
