"""«Mes données»: what a person takes with them, and the request to be erased."""

from collections.abc import Iterator

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.utils.timezone import now
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.middleware import MemberRequest
from documents.services.archive import safe_name
from journal.views.acts import press
from privacy.models import ErasureRequest
from privacy.selectors.erasures import preview
from privacy.services.exports import person_export
from privacy.services.requests import erasure_ask, erasure_withdraw
from segur.reauthentication import sensitive

QUESTION = (
    "L'effacement aura lieu {days} jours après votre demande, ou plus tôt par un Responsable de "
    "l'ANS. Vous pourrez y renoncer jusque-là. Ensuite, rien ne permet de revenir en arrière."
)


@require_safe
def mine(request: MemberRequest) -> HttpResponse:
    waiting = ErasureRequest.objects.waiting().filter(user=request.user).first()
    return render(request, "privacy/mine.html", {"waiting": waiting})


@require_POST
@sensitive
def export(request: MemberRequest) -> HttpResponseBase:
    return _zip(person_export(by=request.by), "Mes données")


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive
def erase(request: MemberRequest) -> HttpResponse:
    """First what would happen, then the button."""
    if request.method == "POST":
        return press(
            request,
            lambda: erasure_ask(by=request.by),
            done="Effacement demandé : un courriel vous donne la date.",
            to="privacy:mine",
        )
    found = preview(request.user, now=now())
    context = {"preview": found, "question": QUESTION.format(days=found.days)}
    return render(request, "privacy/erase.html", context)


@require_POST
def keep(request: MemberRequest) -> HttpResponse:
    rows = ErasureRequest.objects.waiting().filter(user=request.user)
    row = get_object_or_404(rows)
    return press(
        request,
        lambda: erasure_withdraw(row=row, by=request.by),
        done="Demande retirée : votre compte reste ouvert.",
        to="privacy:mine",
    )


def _zip(content: Iterator[bytes], name: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(content, content_type="application/zip")
    header = content_disposition_header(as_attachment=True, filename=f"{safe_name(name)}.zip")
    response["Content-Disposition"] = str(header)
    return response
