"""The interview of a préfigurateur: fixed, moved, called off, attended, held."""

from __future__ import annotations

from functools import partial

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.middleware import MemberRequest
from journal.permissions import require
from journal.services.readings import fields_stamp
from pilots.permissions import can_answer_for, can_lead_prefiguration
from pilots.prefiguration.forms import InterviewForm, ReportForm
from pilots.prefiguration.services import interviews as services
from pilots.prefiguration.services.invitations import Method, interview_ics
from pilots.prefiguration.views.prefigurateurs import (
    MUST_ANSWER,
    MUST_LEAD,
    READ_WRITE,
    act,
    do,
    get_prefigurateur,
)
from segur.requests import posted


@require_http_methods(READ_WRITE)
def plan(request: MemberRequest, pk: int) -> HttpResponse:
    one = get_prefigurateur(request, pk)
    require(can_lead_prefiguration(request.user), MUST_LEAD)
    read = fields_stamp(one, services.PLANNED)
    initial = {"at": one.interview_at, "place": one.interview_place, "read": read}
    form = InterviewForm(posted(request), initial=initial)
    return act(
        request,
        one,
        form,
        partial(services.plan, one, by=request.by),
        done="Entretien enregistré : les invitations partent par courriel.",
        title="Déplacer l'entretien" if one.interview_at else "Fixer l'entretien",
        button="Enregistrer et inviter",
        intro=(
            "Le contact technique et les membres de l'éditeur qui participent reçoivent une "
            "invitation pour leur agenda. Si vous changez l'heure ou le lieu, elle se met à jour."
        ),
    )


@require_POST
def cancel(request: MemberRequest, pk: int) -> HttpResponse:
    one = get_prefigurateur(request, pk)
    require(can_lead_prefiguration(request.user), MUST_LEAD)
    return do(request, one, services.cancel, "Entretien annulé : les invités sont prévenus.")


@require_POST
def attend(request: MemberRequest, pk: int) -> HttpResponse:
    one = get_prefigurateur(request, pk)
    require(can_answer_for(request.user, one), MUST_ANSWER)
    wants = request.POST.get("participe") == "oui"
    done = "Vous participez à l'entretien." if wants else "Vous ne participez plus à l'entretien."
    return do(request, one, services.attend, done, wants=wants)


@require_http_methods(READ_WRITE)
def report(request: MemberRequest, pk: int) -> HttpResponse:
    one = get_prefigurateur(request, pk)
    require(can_lead_prefiguration(request.user), MUST_LEAD)
    form = ReportForm.of(one, posted(request))
    return act(
        request,
        one,
        form,
        partial(services.record, one, by=request.by),
        done="Compte-rendu enregistré.",
        title="Compte-rendu de l'entretien",
        button="Enregistrer le compte-rendu",
        intro=(
            "L'éditeur donne son accord une fois les attendus et le calendrier présentés et la "
            "compréhension vérifiée. Un point qui manque peut être complété plus tard."
        ),
    )


@require_safe
def agenda(request: MemberRequest, pk: int) -> HttpResponse:
    """The interview to come as a file, for an agenda that the mail did not reach."""
    one, now = get_prefigurateur(request, pk), timezone.now()
    at = services.ahead(one, now)
    if at is None:
        raise Http404
    text = interview_ics(one, at=at, method=Method.PUBLISH, now=now)
    return HttpResponse(
        text,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="entretien.ics"'},
    )
