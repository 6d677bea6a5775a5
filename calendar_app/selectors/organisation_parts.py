"""Solutions, prestations and deadlines of an industriel, for its page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import Count

from accounts.enums import Kind
from accounts.models import Organisation
from accounts.selectors.organisation_parts import OrganisationFact, OrganisationPart, address
from calendar_app.models import Deadline, Prestation, Solution
from calendar_app.rules.outlook import Outlook
from calendar_app.selectors.outlook import of_editeur, outlook_case
from calendar_app.selectors.programme import deadlines_url


def parts(organisation: Organisation, now: dt.datetime) -> Iterator[OrganisationPart]:
    """Three queries. The deadlines of an éditeur are those on its solutions, whoever files them."""
    pk, is_editeur = organisation.pk, organisation.kind == Kind.EDITEUR
    own = Solution.objects.filter(organisation=pk).count()
    prestations = Prestation.objects.filter(organisation=pk).count()
    yield OrganisationPart(
        "Solutions et prestations",
        [
            OrganisationFact("Solutions", own, address("solutions:index", organisation=pk)),
            OrganisationFact(
                "Prestations", prestations, address("prestations:index", organisation=pk)
            ),
        ],
    )
    found = Deadline.objects.order_by()
    found = of_editeur(found, pk) if is_editeur else found.filter(organisation=pk)
    chosen = {"editeur" if is_editeur else "organisation": pk}
    rows = found.annotate(outlook=outlook_case(now)).values_list("outlook")
    counts: dict[str, int] = dict(rows.annotate(count=Count("pk")))
    yield OrganisationPart(
        "Échéances",
        [
            OrganisationFact(
                one.label,
                counts[one.value],
                deadlines_url(situation=one.value, **chosen),
                is_alarming=one.is_alarming,
            )
            for one in Outlook
            if counts.get(one.value)
        ],
    )
