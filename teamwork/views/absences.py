"""«Absence» of one's profile."""

from __future__ import annotations

from functools import partial

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.middleware import MemberRequest
from journal.views.acts import form_page, press, submit
from segur.requests import posted
from teamwork.forms import AwayForm
from teamwork.selectors.absences import absence_of, may_stand_in
from teamwork.services import absences

INTRO = (
    "Jusqu'à ce jour, votre remplaçant reçoit vos courriels avec vous, et ce qui vous est confié "
    "figure dans ses listes."
)
ALONE = "Aucun collègue n'est membre de toutes vos organisations : personne ne peut vous remplacer."


@require_http_methods(["GET", "HEAD", "POST"])
def absence(request: MemberRequest) -> HttpResponse:
    known = absence_of(request.user, timezone.now())
    initial = {"until": known.until, "stand_in": known.stand_in_id} if known else {}
    form = AwayForm(posted(request), user=request.user, initial=initial)
    back = reverse("accounts:profile")
    act = partial(absences.declare_absence, by=request.by)
    alone = not may_stand_in(request.user).exists()
    return submit(request, form, act, done="Votre absence est enregistrée.", to=back) or form_page(
        request,
        form,
        title="Mon absence",
        intro=ALONE if alone else INTRO,
        button="Enregistrer l'absence",
        back=back,
    )


@require_POST
def end(request: MemberRequest) -> HttpResponse:
    act = partial(absences.end_absence, by=request.by)
    return press(request, act, done="Votre absence est terminée.", to=reverse("accounts:profile"))
