"""For probes and operators: no session, no cookie, nothing personal."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, InterfaceError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from operations.display.metrics import exposition
from operations.rules.measures import WorkMeasure, troubles
from operations.selectors.readiness import readiness
from operations.selectors.work import measures


@login_not_required
@never_cache
@require_safe
def alive(_request: HttpRequest) -> JsonResponse:
    """The process answers. Rests on nothing else: a probe that restarts what does not answer must
    not restart every process because the database is away.
    """
    return JsonResponse({"etat": "vivant"})


@login_not_required
@never_cache
@require_safe
def ready(_request: HttpRequest) -> JsonResponse:
    """What this process rests on answers: 503 with what does not."""
    parts = readiness()
    is_ready = not any(parts.values())
    shown = {part: "ne répond pas" if problem else "répond" for part, problem in parts.items()}
    return _answer({"etat": "prêt" if is_ready else "pas prêt", **shown}, is_well=is_ready)


@login_not_required
@never_cache
@require_safe
def work(_request: HttpRequest) -> JsonResponse:
    """The work of the background goes on: 503 with the measures beyond their threshold."""
    found = _measures()
    if found is None:
        content = {"etat": "inconnu", "cause": "La base de données ne répond pas.", "mesures": {}}
        return _answer(content, is_well=False)
    bad = troubles(found)
    shown = {measure.name: _shown(measure) for measure in found}
    return _answer({"etat": "en défaut" if bad else "bien", "mesures": shown}, is_well=not bad)


@login_not_required
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The same for Prometheus, with the token of METRICS_TOKEN; without one there is no such page.
    200 even when something is wrong: its figures say so.
    """
    expected = settings.METRICS_TOKEN
    if not expected:
        raise Http404
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    if scheme != "Bearer" or not constant_time_compare(token, expected):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    content = exposition(version=settings.APP_VERSION, parts=readiness(), measures=_measures())
    return HttpResponse(content, content_type=CONTENT_TYPE_LATEST)


def _measures() -> list[WorkMeasure] | None:
    """None when the database is away."""
    try:
        return measures(now=timezone.now())
    except (DatabaseError, InterfaceError):
        return None


def _shown(measure: WorkMeasure) -> dict[str, Any]:
    return {
        "libelle": measure.label,
        "valeur": None if measure.value is None else round(measure.value),
        "seuil": measure.limit,
        "unite": measure.unit,
        "bien": measure.is_well,
    }


def _answer(content: dict[str, Any], *, is_well: bool) -> JsonResponse:
    return JsonResponse(
        content, status=200 if is_well else 503, json_dumps_params={"ensure_ascii": False}
    )
