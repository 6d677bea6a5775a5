"""`Idempotency-Key`: a call sent again is done once, and answered as it was."""

from __future__ import annotations

import datetime as dt
import hashlib
import inspect
import json
import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Status
from ninja.errors import HttpError
from ninja.responses import Response

from api.models import KeptAnswer
from api.problems import Refusal, Words

HEADER = "Idempotency-Key"
KEPT_FOR = dt.timedelta(hours=24)
PATTERN = r"^[!-~]{1,100}$"
MALFORMED = Words(
    "Idempotency-Key a de 1 à 100 caractères ASCII visibles.",
    "Idempotency-Key has 1 to 100 visible ASCII characters.",
)
ANOTHER = Words(
    "Cette Idempotency-Key a déjà servi pour une autre requête : prenez-en une nouvelle.",
    "This Idempotency-Key was already used for another request: take a new one.",
)

REFUSALS = (Refusal, HttpError, ValidationError, PermissionDenied, Http404)

View = Callable[..., Any]


def once(view: View) -> View:
    """The act and its answer are stored together, in one transaction: of two calls at the same
    instant the second waits for the first. A refusal is not kept: it may succeed later.
    """

    @wraps(view)
    def answered(request: HttpRequest, **values: Any) -> Any:
        key = request.headers.get(HEADER)
        if key is None:
            return view(request, **values)
        if not re.match(PATTERN, key):
            raise Refusal(422, MALFORMED, field=HEADER)
        with transaction.atomic():
            answer = _once(request, key, lambda: view(request, **values))
        if isinstance(answer, Exception):
            raise answer
        return answer

    # ninja reads it, and would look up the names of a string where the wrapper is
    answered.__signature__ = inspect.signature(view, eval_str=True)  # type: ignore[attr-defined]
    return answered


def _once(request: HttpRequest, key: str, act: Callable[[], Any]) -> Any:
    now, caller = timezone.now(), request.auth.pk  # type: ignore[attr-defined]  # set by ninja
    rows = KeptAnswer.objects.filter(caller=caller, key=key)
    rows.filter(kept_at__lte=now - KEPT_FOR).delete()
    fingerprint = _fingerprint(request)
    row, is_new = rows.get_or_create(
        caller=caller, key=key, defaults={"fingerprint": fingerprint, "kept_at": now}
    )
    if not is_new:
        return _again(row, fingerprint)
    try:
        answer = act()
    except REFUSALS as refusal:
        # what a service kept all the same, a draft for instance, stays
        row.delete()
        return refusal
    status, value = (
        (answer.status_code, answer.value) if isinstance(answer, Status) else (200, answer)
    )
    row.status, row.body = status, json.loads(Response(value).content)
    row.save(update_fields=["status", "body"])
    return answer


def _again(row: KeptAnswer, fingerprint: str) -> HttpResponse:
    if row.fingerprint != fingerprint:
        raise Refusal(422, ANOTHER, field=HEADER)
    return Response(row.body, status=row.status, headers={"Idempotency-Replayed": "true"})


def _fingerprint(request: HttpRequest) -> str:
    """Of a form with files, what it says: its separator differs each time that it is sent."""
    found = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    if request.content_type != "multipart/form-data":
        found.update(request.body)
        return found.hexdigest()
    found.update(json.dumps(sorted(request.POST.lists())).encode())
    for name, uploads in sorted(request.FILES.lists()):
        for upload in uploads:
            content = hashlib.sha256(upload.read()).hexdigest()
            upload.seek(0)
            found.update(json.dumps([name, upload.name, content]).encode())
    return found.hexdigest()


def sweep(*, now: dt.datetime) -> int:
    """Forget the answers of more than a day; how many."""
    return KeptAnswer.objects.filter(kept_at__lte=now - KEPT_FOR).delete()[0]
