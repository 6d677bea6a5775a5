"""A DRIMbox service of a distributeur, and what people do to its outages."""

import datetime as dt

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.enums import Kind, Role
from perf.enums import OutageStanding, Source
from perf.models import Service
from perf.selectors.outage_history import journal_lines
from perf.services import decisions
from perf.services.outages import record
from tests.by import acting
from tests.calendar_app import papers
from tests.factories import (
    OrganisationFactory,
    PrestationFactory,
    ServiceFactory,
    SolutionFactory,
    SupplierFactory,
    member,
)

NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)
MONDAY = dt.datetime(2026, 11, 16, 9, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


def distributed() -> Service:
    """Of a distributeur, on the couple of an éditeur."""
    solution = SolutionFactory(drimbox=True)
    seller = OrganisationFactory(kind=Kind.DISTRIBUTEUR)
    supplier = SupplierFactory(solution=solution, organisation=seller)
    return ServiceFactory(prestation=PrestationFactory(supplier=supplier))


def fournisseur(service, role=Role.REPRESENTANT):
    return member(role, service.prestation.organisation)


def agent():
    return member(Role.AGENT)


def declared(service, *, source=Source.ANS, reference="INC-1", start=MONDAY, hours=2, **values):
    """What a source says; by software, unless an `actor` is given."""
    by = acting(values.pop("actor", None), values.pop("now", NOW), "Sonde")
    return record(
        service=service,
        source=source,
        reference=reference,
        started_at=start,
        ended_at=None if hours is None else start + hours * HOUR,
        by=by,
        **values,
    )


def outage_of(service, **values):
    return declared(service, **values).version.outage


def contested(service, *, by=None, **values):
    outage = outage_of(service, **values)
    by = by or fournisseur(service)
    return decisions.contest(outage, reason="Le site répondait.", by=acting(by, NOW))


def decided(outage, *, by=None, standing=OutageStanding.RETAINED, version=None, **values):
    """Decided by an agent who has recorded nothing of it."""
    outage.refresh_from_db()
    if standing == OutageStanding.RETAINED:
        version = version or outage.counting
    values = {
        "reason": "Les journaux du proxy le montrent.",
        "nature": outage.nature,
        "read": decisions.seen(list(outage.versions.all())),
        "now": NOW,
    } | values
    return decisions.decide(
        outage,
        standing=standing,
        version=version,
        by=acting(by or agent(), values.pop("now")),
        **values,
    )


def history(outage):
    """The journal of its page, oldest first."""
    return journal_lines(outage, agent())[::-1]


def pdf(name="journal.pdf"):
    return SimpleUploadedFile(name, papers.PDF, "application/pdf")
