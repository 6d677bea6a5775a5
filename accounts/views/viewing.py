"""«Voir comme»: a responsable of the ANS reads the site as a member of an organisation."""

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.enums import SUPPLIER_KINDS
from accounts.forms.viewing import ViewAsForm
from accounts.middleware import MemberRequest
from accounts.middleware.viewing import LENGTH, end, viewable
from accounts.models import Organisation
from accounts.permissions import is_responsable
from accounts.services.viewing import view_as_begin
from journal.permissions import require
from journal.views.acts import form_page, submit
from segur.reauthentication import sensitive
from segur.requests import posted

RESPONSABLES_ONLY = "Seul un Responsable de l'ANS voit le site comme un membre d'une organisation."


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive
def begin(request: MemberRequest, pk: int) -> HttpResponse:
    seen = Organisation.objects.visible_to(request.user).filter(kind__in=SUPPLIER_KINDS)
    organisation = get_object_or_404(seen, pk=pk)
    require(is_responsable(request.user), RESPONSABLES_ONLY)
    form = ViewAsForm(posted(request), members=viewable(organisation.pk))
    act = partial(view_as_begin, request.session, by=request.by)
    if made := submit(request, form, act, done="", to="landing"):
        return made
    minutes = LENGTH.seconds // 60
    return form_page(
        request,
        form,
        "accounts/view_as.html",
        organisation=organisation,
        has_members=viewable(organisation.pk).exists(),
        title=f"Voir le site comme un membre de {organisation}",
        button="Voir le site",
        back=organisation.get_absolute_url(),
        lead=f"En lecture seule, {minutes} minutes au plus. Ce qui est propre à la personne n'est "
        "pas montré (profil, courriels, notifications, agenda privé), ni aucun fichier.",
    )


@require_POST
def leave(request: MemberRequest) -> HttpResponse:
    """As oneself again. Without anything to leave, the first page."""
    organisation = end(request.session, real=request.user, at=timezone.now())
    if organisation is None:
        return redirect("landing")
    messages.success(request, "Vous voyez de nouveau le site en votre nom.")
    return redirect(organisation)
