"""The webhook of the ANS's supervision: incidents that Better Stack sends as they happen."""

from __future__ import annotations

import logging

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema, Status
from pydantic import Field

from accounts.api import caller
from api.operations import SHARED
from api.problems import NOT_JSON, Problem, Refusal
from perf.api.keys import SupervisionKey, SupervisionPassword, check_signature
from perf.services import probes
from perf.services.deliveries import parsed

logger = logging.getLogger(__name__)

router = Router(tags=["supervision"])

EXAMPLE = {
    "event": "resolved",
    "data": {
        "id": "514203998",
        "type": "incident",
        "attributes": {
            "name": "DRIMbox · CHU Exemple",
            "url": "https://drimbox.exemple.example/sante",
            "http_method": "get",
            "cause": "Status 503",
            "started_at": "2026-11-02T08:00:12.151Z",
            "acknowledged_at": "2026-11-02T08:04:45.768Z",
            "resolved_at": "2026-11-02T10:31:02.409Z",
        },
        "relationships": {"monitor": {"data": {"id": "2417835", "type": "monitor"}}},
    },
}

BODY = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "required": ["data"],
                "properties": {
                    "event": {
                        "type": ["string", "null"],
                        "maxLength": 40,
                        "description": "started, acknowledged, resolved ou reopened.",
                    },
                    "data": {"type": "object", "description": "L'incident, au format JSON:API."},
                },
                "examples": [EXAMPLE],
            }
        }
    },
}


class Received(Schema):
    outcome: str = Field(description="Ce que la réception a donné.")


@router.post(
    "/webhooks/better-stack",
    url_name="better_stack",
    auth=[SupervisionKey(), SupervisionPassword()],
    operation_id="better_stack",
    summary="Recevoir un incident de Better Stack",
    description=(
        "Chaque envoi est gardé, au-delà de 256 Kio ses seuls champs utiles. La panne est déduite "
        "de tous les envois de l'incident : reçus deux fois ou dans le désordre, ils donnent la "
        "même. Un caractère qui ne peut être gardé est retiré, sans perdre l'envoi. Une source "
        "qui signe (en-têtes `webhook-id`, `webhook-timestamp`, `webhook-signature` de Standard "
        "Webhooks) le fait avec le secret de sa clé : une signature fausse est refusée."
    ),
    response={
        200: Received,
        202: Received,
        400: Problem,
        401: Problem,
        403: Problem,
        413: Problem,
        422: Problem,
        429: Problem,
    },
    openapi_extra={
        "requestBody": BODY,
        "responses": {
            200: {"description": "La panne de l'incident est à jour."},
            202: {"description": "Gardé, en attente : aucun service n'a cette sonde."},
            400: {"description": "Le corps n'est pas du JSON."},
            413: {"description": "Le corps est trop long."},
            **{status: {"description": text} for status, text in SHARED.items()},
            403: {"description": "La clé n'est pas celle d'une source de la supervision."},
            422: {"description": "L'envoi n'est pas compris : rien n'est gardé."},
        },
    },
)
def better_stack(request: HttpRequest) -> Status[Received]:
    # not request.body, which stops at what is enough for a form
    body = request.read()
    check_signature(caller(request), request, body)
    try:
        payload = parsed(body)
    except (ValueError, RecursionError) as error:
        logger.warning("Better Stack: no JSON: %s", error)
        raise Refusal(400, NOT_JSON) from None
    try:
        event = probes.receive(payload=payload, now=timezone.now(), key=caller(request))
    except ValidationError as error:
        logger.warning("Better Stack: not understood: %s", " ".join(error.messages))
        raise
    return Status(200 if event.service_id else 202, Received(outcome=event.outcome))
