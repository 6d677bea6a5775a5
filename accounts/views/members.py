"""The members of an organisation: seen by all of them, managed by Mandataires and Responsables."""

from allauth.core import ratelimit
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.forms.members import DepartureForm, InviteForm, RoleForm
from accounts.middleware import MemberRequest
from accounts.models import Invitation, Membership, Organisation
from accounts.permissions import can_manage_api_tokens, can_manage_members, is_agent
from accounts.services.departures import held_by, needs_successor
from accounts.services.invitations import (
    invitation_resend,
    invitation_revoke,
    invitation_send,
)
from accounts.services.memberships import membership_change_role, membership_remove
from accounts.views.context import members_context
from journal.permissions import require
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
    }
    return render(request, "accounts/organisation.html", context)


def invite(request: MemberRequest, pk: int) -> HttpResponse:
    host = get_object_or_404(Organisation.objects.visible_to(request.user), pk=pk)
    require(can_manage_members(request.user, host.pk), MANAGERS_ONLY)
    form = InviteForm(posted(request), organisation=host)
    if form.is_valid():
        if (refusal := _too_many(request)) is not None:
            return refusal
        try:
            invitation_send(organisation=host, by=request.by, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, f"Invitation envoyée à {form.cleaned_data['email']}.")
            return _page_of(request, host)
    context = {"form": form, "organisation": host, "back_url": _page_of(request, host).url}
    return render(request, "accounts/invite.html", context)


@require_POST
def invitation_send_again(request: MemberRequest, pk: int) -> HttpResponse:
    invitation = _managed_invitation(request, pk)
    if (refusal := _too_many(request)) is not None:
        return refusal
    try:
        invitation_resend(invitation=invitation, by=request.by)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(
            request,
            f"Invitation renvoyée à {invitation.email}, pour 14 jours. L'ancien lien ne sert plus.",
        )
    return _page_of(request, invitation.organisation)


@require_POST
def invitation_withdraw(request: MemberRequest, pk: int) -> HttpResponse:
    invitation = _managed_invitation(request, pk)
    try:
        invitation_revoke(invitation=invitation, by=request.by)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, f"Invitation de {invitation.email} retirée.")
    return _page_of(request, invitation.organisation)


def member_edit(request: MemberRequest, pk: int) -> HttpResponse:
    membership = _managed_membership(request, pk)
    host = membership.organisation
    initial = {"role": membership.role}
    form = RoleForm(posted(request), organisation=host, initial=initial)
    if form.is_valid():
        role = form.cleaned_data["role"]
        try:
            membership_change_role(membership=membership, role=role, by=request.by)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, f"{membership.user} : {role.label}.")
            return _page_of(request, host)
    return _member_page(request, membership, form=form)


def _member_page(
    request: MemberRequest,
    membership: Membership,
    *,
    form: RoleForm | None = None,
    departure: DepartureForm | None = None,
    status: int = 200,
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
        "back_url": _page_of(request, host).url,
    }
    return render(request, "accounts/member_edit.html", context, status=status)


@require_POST
def member_remove(request: MemberRequest, pk: int) -> HttpResponse:
    membership, now = _managed_membership(request, pk), timezone.now()
    successor = None
    if needs_successor(held_by(membership, now=now)):
        form = DepartureForm(request.POST, membership=membership)
        if not form.is_valid():
            return _member_page(request, membership, departure=form, status=422)
        successor = form.successor()
    try:
        membership_remove(membership=membership, by=request.by, successor=successor)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("accounts:member_edit", pk=pk)
    messages.success(request, f"{membership.user} n'est plus membre.")
    if membership.user == request.user:
        return redirect("landing")
    return _page_of(request, membership.organisation)


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


def _page_of(request: MemberRequest, host: Organisation) -> HttpResponseRedirect:
    """One's own organisation, or the one that the ANS looks at."""
    if is_agent(request.user) and host != request.organisation:
        return redirect(host)
    return redirect("accounts:organisation")


def _too_many(request: HttpRequest) -> HttpResponse | None:
    """Nobody's mailbox is flooded from here (ACCOUNT_RATE_LIMITS «invite»)."""
    refusal: HttpResponse | None = ratelimit.consume_or_429(request, action="invite")
    return refusal
