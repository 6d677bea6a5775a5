"""A person whom a provider has named, and whom nobody has invited, asks for an invitation."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from accounts.forms.access_requests import AccessRequestForm
from accounts.services import access_requests
from journal.rules.by import By
from journal.views.acts import form_page, submit
from segur.requests import posted

SENT = (
    "Demande enregistrée. Si une organisation de ce SIREN est inscrite, ses Mandataires la "
    "reçoivent. Leur invitation arrivera à votre adresse."
)


@login_not_required
@never_cache
def ask(request: HttpRequest) -> HttpResponse:
    asker = access_requests.remembered(request)
    if asker is None:
        return redirect("account_login")
    by = By(timezone.now(), asker["name"])
    form = AccessRequestForm(posted(request))

    def act(*, siren: str, message: str) -> None:
        access_requests.access_request(siren=siren, message=message, asker=asker, by=by)
        access_requests.forget(request)

    return submit(request, form, act, done=SENT, to=reverse("account_login")) or form_page(
        request,
        form,
        title="Demander une invitation",
        lead=f"{asker['provider']} a confirmé votre adresse {asker['email']}. Vos nom et adresse "
        "seront transmis aux Mandataires de cette organisation.",
        button="Envoyer la demande",
        refused="La demande n'est pas envoyée",
        back=reverse("account_login"),
    )
