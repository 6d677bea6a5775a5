"""What a search finds among organisations and people."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

from django.db.models import BooleanField, Case, QuerySet, Value, When
from django.urls import reverse

from accounts.enums import Kind
from accounts.models import Membership, Organisation
from accounts.permissions import is_member
from segur.lib.search import is_near, plain
from segur.searching import Asked, Found, Hit, found, narrow


def search_clients(asked: Asked) -> Iterator[Found]:
    """Of the directory, which every member reads."""
    if is_member(asked.user):
        more = f"{reverse('accounts:clients')}?{urlencode({'q': asked.text})}"
        rows = _best_first(matching_clients(asked), asked)
        yield from found("Clients", rows, lambda row: _hit(row, asked), more=more)


def search_organisations(asked: Asked) -> Iterator[Found]:
    """The éditeurs, distributeurs and the ANS that this person sees."""
    others = Organisation.objects.visible_to(asked.user).exclude(kind=Kind.CLIENT)
    rows = narrow(others.filter(is_active=True), asked)
    yield from found("Organisations", _best_first(rows, asked), lambda row: _hit(row, asked))


def search_people(asked: Asked) -> Iterator[Found]:
    """Of this person's own organisations, which are small: they are compared one by one."""
    mine = Membership.objects.filter(organisation__in=asked.user.roles, user__is_active=True)
    rows = mine.select_related("user", "organisation").order_by("user__full_name", "pk")
    exact = [row for row in rows if _has_words(asked, row)]
    near = exact or [row for row in rows if asked.words and is_near(asked.words, _text(row))]
    pks = [row.pk for row in near]
    people = rows.filter(pk__in=pks)
    related = ("user", "organisation")
    yield from found("Personnes de mon organisation", people, _person, related=related)


def matching_clients(asked: Asked) -> QuerySet[Organisation]:
    if "clients" not in asked.known:
        active = Organisation.objects.clients().filter(is_active=True)
        asked.known["clients"] = narrow(active, asked)
    rows: QuerySet[Organisation] = asked.known["clients"]
    return rows


def _best_first(rows: QuerySet[Organisation], asked: Asked) -> QuerySet[Organisation]:
    """Those whose name begins with what was typed, then by name."""
    begins = When(search_text__startswith=plain(asked.text), then=Value(value=True))
    first = Case(begins, default=Value(value=False), output_field=BooleanField())
    return rows.annotate(begins=first).order_by("-begins", "name", "pk")


def _hit(row: Organisation, asked: Asked) -> Hit:
    numbers = [("FINESS", row.finess), ("SIREN", row.siren)]
    about = [row.city, *(f"{label} {value}" for label, value in numbers if value)]
    exact = not {row.finess, row.siren, row.siret}.isdisjoint(asked.words)
    return Hit(row.name, row.get_absolute_url(), " · ".join(filter(None, about)), exact)


def _person(row: Membership) -> Hit:
    url = reverse("accounts:organisation_detail", args=[row.organisation_id])
    return Hit(str(row.user), url, f"{row.get_role_display()} · {row.organisation}")


def _text(row: Membership) -> str:
    return plain(row.user.full_name, row.user.email)


def _has_words(asked: Asked, row: Membership) -> bool:
    return bool(asked.words) and all(word in _text(row) for word in asked.words)
