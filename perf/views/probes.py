"""The supervision as the ANS sees it: what Better Stack delivered, and the probes nobody has."""

from __future__ import annotations

from functools import partial

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from accounts.middleware import MemberRequest
from journal.permissions import require
from journal.views.acts import form_page, submit
from perf.forms.probes import ProbeForm
from perf.models import ProbeEvent, Service
from perf.permissions import can_set_probe
from perf.selectors.probes import waiting_probes
from perf.services.services import service_save
from segur.requests import page_of, posted

AGENTS_ONLY = "La supervision est suivie par les agents de l'ANS."


@require_http_methods(["GET", "HEAD", "POST"])
def supervision(request: MemberRequest) -> HttpResponse:
    """Its form gives an unknown probe to a service; what waited for that is recorded at once."""
    require(can_set_probe(request.user), AGENTS_ONLY)
    form = ProbeForm(posted(request))
    attach = partial(_attach, request)
    done = "La sonde surveille « {} » : ses envois sont repris.".format
    events = ProbeEvent.objects.select_related("service__prestation")
    return submit(request, form, attach, done=done, to=request.path) or form_page(
        request,
        form,
        "perf/api/supervision.html",
        probes=waiting_probes(),
        page_obj=page_of(request, events),
        address=_address(request),
    )


def _attach(request: MemberRequest, *, code: str, probe_id: str) -> Service:
    seen = Service.objects.visible_to(request.user).select_related("prestation__dispositif")
    service = seen.filter(code=code.strip()).first()
    if service is None:
        raise ValidationError({"code": "Aucun service n'a ce code."})
    if service.probe_id not in {"", probe_id}:
        has_one = (
            f"« {service} » a déjà la sonde {service.probe_id} : retirez-la d'abord sur sa page."
        )
        raise ValidationError({"code": has_one})
    return service_save(service.prestation, code=service.code, probe_id=probe_id, by=request.by)


def _address(request: HttpRequest) -> str:
    return request.build_absolute_uri("/api/v1/webhooks/better-stack")
