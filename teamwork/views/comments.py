"""Comments of any subject: written from its page, files given back."""

from __future__ import annotations

from functools import partial

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from accounts.middleware import MemberRequest
from documents.views import file_view
from journal.views.acts import form_page, submit
from segur.requests import posted
from teamwork.forms import CommentForm
from teamwork.models import CommentFile
from teamwork.selectors.charges import kind_named
from teamwork.selectors.comments import audiences, speaks_for
from teamwork.services.comments import write_comment


@require_http_methods(["GET", "HEAD", "POST"])
def comment(request: MemberRequest, kind: str, pk: int) -> HttpResponse:
    """`kind` stands in the address conf of the app of the subject."""
    known = kind_named(kind)
    if known is None:
        raise Http404
    subject = get_object_or_404(known.seen_by(request.user), pk=pk)
    organisation = speaks_for(known, subject, request.user, request.organisation)
    if organisation is None:
        raise Http404
    offered = audiences(known, subject, organisation)
    form = CommentForm(posted(request), request.FILES or None, offered=offered)
    back = f"{known.page(subject)}#commentaires"
    act = partial(write_comment, subject, by=request.by)
    return submit(request, form, act, done="Votre commentaire est publié.", to=back) or form_page(
        request,
        form,
        title="Commentaire",
        lead=known.words(subject),
        button="Publier le commentaire",
        back=back,
    )


comment_file = file_view(CommentFile)
