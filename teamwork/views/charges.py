"""The button that puts somebody in charge, on the page of each subject."""

from __future__ import annotations

from functools import partial

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from accounts.middleware import MemberRequest
from accounts.permissions import can_prepare
from journal.permissions import require
from journal.views.acts import form_page, submit
from segur.requests import posted
from teamwork.forms import ChargeForm
from teamwork.selectors.charges import in_charge, kind_named, may_take
from teamwork.services.charges import MUST_PREPARE, hand_over


@require_http_methods(["GET", "HEAD", "POST"])
def charge(request: MemberRequest, kind: str, pk: int) -> HttpResponse:
    """`kind` stands in the address conf of the app of the subject."""
    known = kind_named(kind)
    if known is None:
        raise Http404
    subject = get_object_or_404(known.seen_by(request.user), pk=pk)
    organisation = known.organisation(subject)
    require(can_prepare(request.user, organisation), MUST_PREPARE)
    person = in_charge(known.model, [subject.pk]).get(subject.pk)
    form = ChargeForm(posted(request), people=may_take(organisation), initial={"person": person})
    back = known.page(subject)
    act = partial(hand_over, [subject], by=request.by)
    return submit(request, form, act, done="La personne en charge est enregistrée.", to=back) or (
        form_page(
            request,
            form,
            title="Personne en charge",
            lead=known.words(subject),
            button="Confier",
            back=back,
        )
    )
