"""Files sent before the act that takes them, in one go or piece by piece."""

from __future__ import annotations

from typing import Annotated

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from ninja import File, Form, Router, Schema, Status, UploadedFile
from ninja.errors import HttpError
from pydantic import Field, StringConstraints

from accounts.api import caller
from api.enums import Scope
from api.models import PartialUpload
from api.operations import operation
from api.resources import Resource
from api.types import CLEANED, Body, RowId, example
from calendar_app.services import uploads as services
from documents.services.held import LASTS

router = Router(tags=["uploads"])

WRONG_OFFSET = "Le morceau attendu commence à l'octet {}."


class UploadIn(Body):
    model_config = example({"name": "accuse.pdf", "size": 48213})

    name: Annotated[str, StringConstraints(min_length=1, max_length=255), CLEANED]
    size: Annotated[int, Field(ge=1, le=2**31 - 1, strict=True)] = Field(
        description="En octets, 20 Mio au plus."
    )


class PieceIn(Body):
    offset: Annotated[int, Field(ge=0, le=2**31 - 1)] = Field(
        description="Où commence ce morceau : le `received` de la dernière réponse."
    )


class UploadOut(Schema):
    id: int
    name: str
    size: int
    received: int = Field(description="Ce qui est arrivé, en octets : reprenez là.")
    token: str = Field(
        description="Le fichier entier, à donner dans `uploads` d'un dépôt ; vide avant la fin."
    )


def _rows(request: HttpRequest) -> QuerySet[PartialUpload]:
    """Those of the organisation of this key, while they last."""
    mine = PartialUpload.objects.filter(organisation=caller(request).organisation_id)
    return mine.filter(created_at__gt=timezone.now() - LASTS)


uploads = Resource(router, UploadOut, _rows)


@operation(
    router,
    "POST",
    "/uploads",
    scope=Scope.DEPOSITS,
    summary="Annoncer un fichier envoyé par morceaux",
    description="Pour une connexion qui se perd. Un envoi dure douze heures.",
    answers={201: (UploadOut, "L'envoi est ouvert.")},
)
def upload_begin(request: HttpRequest, payload: UploadIn) -> Status[UploadOut]:
    row = services.upload_begin(
        organisation=caller(request).organisation_id,
        name=payload.name,
        size=payload.size,
        now=timezone.now(),
    )
    return Status(201, uploads.out(request, row))


@operation(
    router,
    "GET",
    "/uploads/{int:pk}",
    scope=Scope.DEPOSITS,
    summary="Lire où en est un envoi",
    description="Après une coupure : reprenez à `received`.",
    answers={200: (UploadOut, "L'envoi.")},
)
def upload_read(request: HttpRequest, pk: RowId) -> UploadOut:
    return uploads.shown(request, pk)


@operation(
    router,
    "POST",
    "/uploads/{int:pk}/pieces",
    scope=Scope.DEPOSITS,
    uploads=True,
    summary="Envoyer un morceau",
    description="Le dernier donne le `token` du fichier, qui est regardé comme toute pièce.",
    answers={200: (UploadOut, "Le morceau est arrivé.")},
    refusals={409: "Ce morceau n'est pas celui qui est attendu : `detail` dit où reprendre."},
)
def upload_continue(
    request: HttpRequest,
    pk: RowId,
    payload: Annotated[PieceIn, Form()],
    piece: Annotated[UploadedFile, File()],
) -> UploadOut:
    row = uploads.get(request, pk)
    try:
        row = services.upload_continue(row, offset=payload.offset, piece=piece)
    except services.OffsetError as wrong:
        raise HttpError(409, WRONG_OFFSET.format(wrong.received)) from None
    return uploads.out(request, row)
