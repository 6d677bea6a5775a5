"""«Premières installations réussies»: public, then what a responsable of the ANS does about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import partial

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.views.decorators.http import require_http_methods, require_safe

from accounts.middleware import MemberRequest
from accounts.permissions import is_agent
from journal.permissions import require
from journal.views.acts import form_page, press, submit
from mailing.services.links import absolute, site_domain
from pilots.enums import PublicationState
from pilots.permissions import can_publish
from pilots.pv.forms.publications import ProposeAgainForm, PublicationWithdrawForm, SetAsideForm
from pilots.pv.models import Publication
from pilots.pv.selectors.publications import (
    BORN,
    changed_at,
    document,
    perimeter,
    proposals,
    public_publications,
    recoverable,
    tag,
)
from pilots.pv.services import publications
from segur.conditional import unless_known
from segur.lib import paris, texts
from segur.open_answers import open_data, written
from segur.public_pages import public_page
from segur.reauthentication import sensitive
from segur.requests import posted

PUBLISHED = "Publiée : la page publique et le flux la montrent déjà."


@login_not_required
@require_safe
@public_page
def index(request: HttpRequest) -> HttpResponse:
    user = request.user
    may_publish = user.is_authenticated and can_publish(user)
    reads_proposals = user.is_authenticated and is_agent(user)
    publications = _narrowed(request.GET.get("etat", ""))
    context = {
        "publications": publications,
        "changed_at": changed_at(publications),
        "may_publish": may_publish,
        "proposals": list(proposals()) if reads_proposals else [],
        "recoverable": recoverable(now=timezone.now()) if may_publish else [],
    }
    return render(request, "publications/index.html", context)


def _narrowed(state: str) -> list[Publication]:
    """All, or those that are public still («publiees»)."""
    rows = public_publications()
    return list(rows.filter(state=PublicationState.PUBLISHED) if state == "publiees" else rows)


@open_data
def as_json(request: HttpRequest) -> HttpResponse:
    rows = list(public_publications())
    published = document(rows, page=reverse("publications:index"))
    return unless_known(request, written(published), changed=changed_at(rows))


@open_data
def feed(request: HttpRequest) -> HttpResponse:
    rows = list(public_publications())
    body = atom(rows, page=reverse("publications:index"), path=request.path)
    response = HttpResponse(body, content_type="application/atom+xml; charset=utf-8")
    return unless_known(request, response, changed=changed_at(rows))


def _publication(request: MemberRequest, pk: int) -> Publication:
    seen = Publication.objects.visible_to(request.user).select_related(
        "solution__organisation", "solution__dispositif", "organisation"
    )
    return get_object_or_404(seen, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive
def decide(request: MemberRequest, pk: int) -> HttpResponse:
    """The proposal with the pilots that justify it, and the button that publishes it."""
    publication, now = _publication(request, pk), timezone.now()
    require(can_publish(request.user), publications.MUST_LEAD)
    if request.method == "POST":
        act = partial(publications.publish, publication, by=request.by)
        to = f"{reverse('publications:index')}#publication-{pk}"
        return press(request, act, done=PUBLISHED, to=to, back=request.path)
    context = {
        "publication": publication,
        "is_proposal": publication.state == PublicationState.PROPOSED,
        "may_come_back": publication in recoverable(now=now),
        "pilots": perimeter(publication, now=now),
    }
    return render(request, "publications/decide.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive
def withdraw(request: MemberRequest, pk: int) -> HttpResponse:
    """Withdraw what is public, or set a proposal aside."""
    publication = _publication(request, pk)
    require(can_publish(request.user), publications.MUST_LEAD)
    is_proposal = publication.state == PublicationState.PROPOSED
    form = (SetAsideForm if is_proposal else PublicationWithdrawForm)(posted(request))
    act = partial(publications.withdraw, publication, by=request.by)
    done = "La proposition est écartée." if is_proposal else "La publication est retirée."
    return submit(request, form, act, done=done, to=reverse("publications:index")) or form_page(
        request,
        form,
        "publications/withdraw.html",
        publication=publication,
        is_proposal=is_proposal,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive
def propose_again(request: MemberRequest, pk: int) -> HttpResponse:
    """Bring back what was withdrawn or set aside by mistake."""
    publication, now = _publication(request, pk), timezone.now()
    require(can_publish(request.user), publications.MUST_LEAD)
    form = ProposeAgainForm(posted(request))
    act = partial(publications.propose_again, publication, by=request.by)
    done = "Proposée de nouveau : relisez son périmètre, puis publiez."
    return submit(request, form, act, done=done, to=_address) or form_page(
        request,
        form,
        "publications/propose_again.html",
        publication=publication,
        may_come_back=publication in recoverable(now=now),
    )


def _address(publication: Publication) -> str:
    return reverse("publications:decide", args=[publication.pk])


ANS = "Agence du Numérique en Santé"
FIRST = dt.datetime(2025, 3, 4, tzinfo=dt.UTC)
"""The age of a feed without entries: a fixed one, so that nothing seems to change."""


class Feed(Atom1Feed):
    def latest_post_date(self) -> dt.datetime:
        return super().latest_post_date() if self.items else FIRST


def atom(publications: Sequence[Publication], *, page: str, path: str) -> str:
    """One entry per publication, whose id never changes; a withdrawal updates its entry."""
    feed = Feed(
        title="Premières installations réussies, Ségur Vague 2 Imagerie",
        link=absolute(page),
        description="Solutions RIS dont le périmètre pilote est justifié, publiées par l'ANS.",
        language="fr",
        author_name=ANS,
        feed_url=absolute(path),
        feed_guid=f"tag:{site_domain()},{BORN}:installations-reussies",
    )
    for row in publications:
        feed.add_item(
            title=texts.clean(_title(row)),
            link=f"{absolute(page)}#publication-{row.pk}",
            description=escape(texts.clean(_summary(row))),
            unique_id=tag(row),
            pubdate=row.published_at,
            updateddate=row.changed_at,
            author_name=ANS,
        )
    return feed.writeString("utf-8")


def _title(row: Publication) -> str:
    """One for each entry: a reader lists titles alone, and a solution may be published several
    times, for several Fournisseurs or again after a withdrawal.
    """
    title = f"{row.solution_name} {row.solution_version}".rstrip()
    if row.supplier_name:
        title += f", installée par {row.supplier_name}"
    if row.published_at:
        title += f", publiée le {paris.minute(row.published_at)}"
    return f"Retirée : {title}" if row.withdrawn_at else title


def _summary(row: Publication) -> str:
    version = f", version {row.solution_version}" if row.solution_version else ""
    supplier = f", installée par {row.supplier_name}" if row.supplier_name else ""
    words = (
        f"{row.solution_name}{version}, de {row.editeur_name}{supplier} : la solution a fait "
        "l'objet de premières installations réussies."
    )
    if row.follows and row.follows.withdrawn_at:
        day = paris.long_day(paris.day(row.follows.withdrawn_at))
        words += f" Elle avait été retirée le {day}, puis publiée de nouveau."
    if row.withdrawn_at:
        day = paris.long_day(paris.day(row.withdrawn_at))
        words += f" Publication retirée le {day} : {row.withdrawn_reason}"
    return words
