"""`/journal/`: what was done, by whom, on what, and why. Read only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from journal.forms import JournalFilter
from journal.models import Entry
from journal.permissions import require
from journal.selectors.entries import (
    HEADER,
    cells,
    organisations_in,
    organisations_of_all,
    with_names,
)
from segur.exports import Format, list_response
from segur.lib.numbers import whole
from segur.requests import page_of

if TYPE_CHECKING:
    from accounts.middleware import MemberRequest

MOST = 50_000
TOO_MANY = f"Plus de {whole(MOST)} entrées : choisissez des jours, puis téléchargez-les."
MUST_BE_MEMBER = "Le journal se lit en tant que membre d'une organisation."


@require_safe
def index(request: MemberRequest) -> HttpResponse:
    require(bool(request.user.roles), MUST_BE_MEMBER)
    form = _filter(request)
    entries = form.narrow(Entry.objects.visible_to(request.user).select_related("signer"))
    entries = entries.defer("before", "after")  # long in the entry of a file
    page = page_of(request, entries)
    shown = with_names(page.object_list)
    names = dict(organisations_in(shown))
    context = {
        "form": form,
        "page_obj": page,
        "rows": [(entry, names.get(entry.organisation_id, "")) for entry in shown],
        "is_ans": request.user.is_ans,
    }
    return render(request, "journal/index.html", context)


@require_safe
def export(request: MemberRequest, kind: Format) -> HttpResponse:
    require(bool(request.user.roles), MUST_BE_MEMBER)
    seen = Entry.objects.visible_to(request.user).defer("before", "after", "many")
    entries = _filter(request).narrow(seen)
    if entries[MOST : MOST + 1].exists():
        messages.error(request, TOO_MANY)
        return redirect("journal:index")
    return list_response(request, kind, "journal", HEADER, cells(entries))


def _filter(request: MemberRequest) -> JournalFilter:
    seen = Entry.objects.visible_to(request.user)
    found = organisations_of_all() if request.user.is_only_ans else organisations_in(seen)
    return JournalFilter(request.GET, organisations=found)
