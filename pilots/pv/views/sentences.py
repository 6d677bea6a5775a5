"""The sentences of reasons: the agent's own, and those that all share."""

from __future__ import annotations

from functools import partial

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.middleware import MemberRequest
from accounts.permissions import is_agent
from journal.permissions import require
from journal.views.acts import form_page, press, submit
from pilots.permissions import can_edit_sentence
from pilots.pv.forms.sentences import SentenceForm
from pilots.pv.models import ReasonSentence
from pilots.pv.services.sentences import NOT_YOURS, delete_sentence, save_sentence
from pilots.pv.views.review import AGENTS_ONLY
from segur.requests import posted

TRAIL = "review/_sentences_breadcrumb.html"


@require_safe
def sentences(request: MemberRequest) -> HttpResponse:
    require(is_agent(request.user), AGENTS_ONLY)
    rows = list(ReasonSentence.objects.visible_to(request.user))
    return render(
        request,
        "review/sentences.html",
        {
            "mine": [row for row in rows if row.owner_id],
            "shared": [row for row in rows if not row.owner_id],
            "may_share": can_edit_sentence(request.user, ReasonSentence()),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def sentence_create(request: MemberRequest) -> HttpResponse:
    require(is_agent(request.user), AGENTS_ONLY)
    form = SentenceForm(posted(request), user=request.user)
    act, to = partial(save_sentence, by=request.by), reverse("review:sentences")
    page = {"title": "Ajouter une phrase", "button": "Ajouter la phrase", "breadcrumb": TRAIL}
    return submit(request, form, act, done="Phrase ajoutée.", to=to) or form_page(
        request, form, back=to, **page
    )


@require_http_methods(["GET", "HEAD", "POST"])
def sentence_edit(request: MemberRequest, pk: int) -> HttpResponse:
    found = _editable(request, pk)
    form = SentenceForm(posted(request), instance=found, user=request.user)
    act, to = partial(save_sentence, by=request.by), reverse("review:sentences")
    page = {"title": "Modifier une phrase", "button": "Enregistrer la phrase", "breadcrumb": TRAIL}
    return submit(request, form, act, done="Phrase enregistrée.", to=to) or form_page(
        request, form, "review/sentence_edit.html", back=to, sentence=found, **page
    )


@require_POST
def sentence_delete(request: MemberRequest, pk: int) -> HttpResponse:
    act = partial(delete_sentence, _editable(request, pk), by=request.by)
    return press(request, act, done="Phrase supprimée.", to=reverse("review:sentences"))


def _editable(request: MemberRequest, pk: int) -> ReasonSentence:
    found = get_object_or_404(ReasonSentence.objects.visible_to(request.user), pk=pk)
    require(can_edit_sentence(request.user, found), NOT_YOURS)
    return found
