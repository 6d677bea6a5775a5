"""One's own name, appearance and active organisation."""

from functools import partial

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.enums import Theme
from accounts.forms.members import ProfileForm
from accounts.middleware import SESSION_KEY, MemberRequest
from accounts.models import Membership
from accounts.selectors.invitations import open_to
from accounts.services.users import profile_update, theme_choose
from accounts.views.redirects import back
from journal.rules.by import By
from journal.views.acts import submit
from segur.requests import posted

THEME_COOKIE = "theme"
YEAR = 365 * 24 * 3600


def profile(request: MemberRequest) -> HttpResponse:
    user = request.user
    initial = {"full_name": user.full_name, "theme": user.theme}
    form = ProfileForm(posted(request), initial=initial)
    act, to = partial(profile_update, by=request.by), reverse("accounts:profile")
    if made := submit(request, form, act, done="Profil enregistré.", to=to):
        return made
    memberships = Membership.objects.filter(user=user, organisation__is_active=True)
    context = {
        "form": form,
        "memberships": memberships.select_related("organisation"),
        "has_identities": bool(settings.OIDC_APPS),
    }
    return render(request, "accounts/profile.html", context)


@require_POST
def switch(request: MemberRequest) -> HttpResponse:
    """Work for another of one's organisations; the page stays."""
    mine = {str(organisation.pk): organisation for organisation in request.organisations}
    organisation = mine.get(request.POST.get("organisation", ""))
    if organisation is None:
        raise Http404
    request.session[SESSION_KEY] = organisation.pk
    return back(request, "landing")


@require_POST
@login_not_required
def theme(request: HttpRequest) -> HttpResponse:
    """Kept with the person, or in a cookie for who is not logged in."""
    chosen = request.POST.get("theme", "")
    response = back(request, "home")
    if chosen not in Theme:
        return response
    if request.user.is_authenticated:
        theme_choose(theme=Theme(chosen), by=By.person(request.user, timezone.now()))
    else:
        response.set_cookie(
            THEME_COOKIE, chosen, max_age=YEAR, samesite="Lax", secure=request.is_secure()
        )
    return response


def without_organisation(request: MemberRequest) -> HttpResponse:
    """For a person whom no organisation counts as a member (any more)."""
    if request.organisation is not None:
        return redirect("landing")
    context = {"invitations": open_to(request.user.email, timezone.now())}
    return render(request, "accounts/none.html", context)
