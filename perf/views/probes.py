"""The supervision as the ANS sees it: what Better Stack delivered, and the probes nobody has."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.middleware import MemberRequest
from journal.forms import submit
from journal.permissions import require
from perf.forms.probes import ProbeForm
from perf.models import ProbeEvent, Service
from perf.permissions import can_set_probe
from perf.selectors.probes import waiting_probes
from perf.services.services import service_save
from segur.requests import posted

AGENTS_ONLY = "La supervision est suivie par les agents de l'ANS."
PER_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
def supervision(request: MemberRequest) -> HttpResponse:
    """Its form gives an unknown probe to a service; what waited for that is recorded at once."""
    require(can_set_probe(request.user), AGENTS_ONLY)
    form = ProbeForm(posted(request))
    service = submit(form, lambda: _attach(request, form))
    if service:
        messages.success(request, f"La sonde surveille « {service} » : ses envois sont repris.")
        return redirect("perf:supervision")
    events = ProbeEvent.objects.select_related("service__prestation")
    context = {
        "probes": waiting_probes(),
        "form": form,
        "page_obj": Paginator(events, PER_PAGE).get_page(request.GET.get("page")),
        "address": _address(request),
    }
    status = 422 if form.errors else 200
    return render(request, "perf/api/supervision.html", context, status=status)


def _attach(request: MemberRequest, form: ProbeForm) -> Service | None:
    seen = Service.objects.visible_to(request.user).select_related("prestation__dispositif")
    service = seen.filter(code=form.cleaned_data["code"].strip()).first()
    if service is None:
        form.add_error("code", "Aucun service n'a ce code.")
        return None
    probe = form.cleaned_data["probe_id"]
    if service.probe_id not in {"", probe}:
        form.add_error(
            "code",
            f"« {service} » a déjà la sonde {service.probe_id} : retirez-la d'abord sur sa page.",
        )
        return None
    return service_save(
        service.prestation,
        code=service.code,
        probe_id=probe,
        by=request.by,
    )


def _address(request: HttpRequest) -> str:
    return request.build_absolute_uri("/api/v1/webhooks/better-stack")
