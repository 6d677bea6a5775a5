"""Acts on many rows: what is selected, the exceptions, one confirmation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from journal.forms import hold_files, refuse
from journal.permissions import require
from journal.rules.bulk import MOST, read_selection, written
from journal.services.bulk import ACTS, Bulk, Changed, preview, run
from segur.requests import is_key

OWN = ("ligne", "lignes", "tout")
"""What the address says of the selection, beside the filters of the list."""


@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, name: str) -> HttpResponse:
    """The rows that the address names (`ligne=`), or all those that its filters keep; «Confirmer»
    acts on those that the page has shown as possible."""
    bulk = ACTS.get(name)
    if bulk is None:
        raise Http404(name)
    require(bulk.may(request.user), bulk.barrier)
    if request.method == "POST":
        return _confirm(request, bulk)
    rows, total = _selected(request, bulk)
    return show(request, bulk, rows, total=total)


def _selected(request: HttpRequest, bulk: Bulk[Any]) -> tuple[list[Any], int]:
    """At most MOST rows, and how many are selected."""
    seen = bulk.rows(request.user)
    picked = [int(key) for key in request.GET.getlist("ligne") if is_key(key)]
    if picked and "tout" not in request.GET:
        seen = seen.filter(pk__in=picked)
    elif "tout" in request.GET or "lignes" not in request.GET:
        seen = bulk.matching(request, seen)
    else:
        return [], 0
    rows = list(seen[:MOST])
    return rows, len(rows) if len(rows) < MOST else seen.count()


def show(
    request: HttpRequest,
    bulk: Bulk[Any],
    rows: Sequence[Any],
    *,
    total: int = 0,
    form: Any = None,
    changed: Sequence[tuple[str, str]] = (),
    unmatched: Sequence[tuple[int, str, str]] = (),
) -> HttpResponse:
    """The page that counts and names. `total`: of the selection, where it is more than `rows`;
    `changed`: what is not possible any more since it was shown; `unmatched`: lines of a list that
    name nothing (number, text, why).
    """
    by = request.by  # type: ignore[attr-defined]
    values = form.cleaned_data if form is not None and form.is_bound and form.is_valid() else {}
    found = preview(bulk, rows, by=by, values=values)
    if form is None and found.ready:
        form = bulk.form(rows=found.ready, by=by)
    context = {
        "bulk": bulk,
        "form": form,
        "ready": found.ready,
        "groups": _grouped((bulk.group(row), bulk.words(row)) for row in found.ready),
        "refused": _grouped(
            (why, f"{bulk.words(row)} · {bulk.group(row)}") for row, why in found.refused
        ),
        "left_out": len(found.refused),
        "total": len(rows),
        "left": max(0, total - len(rows)),
        "changed": changed,
        "unmatched": unmatched,
        "button": bulk.button(len(found.ready)),
        "shown": written({row.pk: bulk.stamp(row) for row in found.ready}),
        "query": _back(request, bulk).partition("?")[2].partition("#")[0],
        "back": _back(request, bulk),
    }
    wrong = changed or (form is not None and form.errors)
    return render(request, "bulk/act.html", context, status=422 if wrong else 200)


def _grouped(lines: Iterable[tuple[str, str]]) -> list[tuple[str, list[str]]]:
    """Heading → the words of its rows."""
    found: dict[str, list[str]] = {}
    for heading, words in lines:
        found.setdefault(heading, []).append(words)
    return list(found.items())


def _back(request: HttpRequest, bulk: Bulk[Any]) -> str:
    """The list as it was, with its filters, which the page carries in `retour`."""
    if request.method == "POST":
        query = request.POST.get("retour", "")
    else:
        kept = request.GET.copy()
        for name in OWN:
            kept.pop(name, None)
        query = kept.urlencode()
    return f"{bulk.back()}?{query}#liste" if query else bulk.back()


def _confirm(request: HttpRequest, bulk: Bulk[Any]) -> HttpResponse:
    shown = read_selection(request.POST.get("vus", ""))
    rows = list(bulk.rows(request.user).filter(pk__in=shown))
    by = request.by  # type: ignore[attr-defined]
    form = bulk.form(request.POST, request.FILES, rows=rows, by=by)
    changed: list[tuple[str, str]] = []
    if shown and (form is None or form.is_valid()):
        values = form.cleaned_data if form is not None else {}
        try:
            number, result = run(bulk, shown, by=by, values=values)
        except Changed as refusal:
            changed = refusal.lost
        except ValidationError as error:
            if form is None:
                changed = [("", message) for message in error.messages]
            else:
                refuse(form, error)
        else:
            messages.success(request, f"{bulk.done(number)}.")
            if remark := bulk.remark(result):
                messages.warning(request, remark)
            return redirect(bulk.place(result))
    if form is not None:
        hold_files(form)
    return show(request, bulk, rows, form=form, changed=changed)


def bar(request: HttpRequest, acts: Iterable[str]) -> dict[str, Any]:
    """For the list whose rows may be ticked: the acts, by name, that this person is offered, and
    the filters that «Tout sélectionner» keeps."""
    offered = [ACTS[name] for name in acts if name in ACTS and ACTS[name].may(request.user)]
    kept = [(name, value) for name, value in request.GET.items() if name != "page"]
    return {"bulk_acts": offered, "bulk_filters": kept}
