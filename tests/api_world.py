"""One éditeur with something behind every address of the API, named as its examples are."""

import datetime as dt
from dataclasses import dataclass, field

from accounts.enums import Role
from accounts.models import User
from api.models import PartialUpload
from calendar_app.services.deadlines import open_deadlines
from mailing.models import OutgoingMail
from mailing.rules import RECEIPT_MAIL
from perf.rules.periods import containing
from perf.selectors.rules import period_kind
from perf.services.outages import record
from perf.services.ratios import ratio_record
from perf.services.statements import issue
from perf.services.tickets import open_ticket
from pilots.pv.models import AspRequest
from pilots.pv.services import pilots, pvs
from tests.by import acting
from tests.calendar_app import filing_cases
from tests.factories import (
    OrganisationFactory,
    PrestationFactory,
    ServiceFactory,
    SolutionFactory,
    SupplierFactory,
    member,
)
from tests.pilots import vas

NOW = filing_cases.NOW
HOUR = dt.timedelta(hours=1)
DECLARED = dt.datetime(2026, 11, 2, 8, tzinfo=dt.UTC)


@dataclass
class ApiWorld:
    """`objects`: for each path of the document that has an argument, the values of one row;
    `rows`: for each field of an example that names a row, its number.
    """

    person: User
    rows: dict[str, int]
    objects: dict[str, dict[str, object]] = field(default_factory=dict)

    def url(self, path: str) -> str:
        return path.format(**self.objects.get(path, {}))


PATHS = {
    "solutions/{pk}": "solution",
    "solutions/{pk}/referencing": "solution",
    "solutions/{pk}/suppliers": "solution",
    "suppliers/{pk}": "supplier",
    "ratios/{pk}": "ratio",
    "asp-requests/{pk}": "asked",
    "asp-requests/{pk}/state": "asked",
    "prestations/{pk}": "ris",
    "prestations/{pk}/ratios": "ris",
    "prestations/{pk}/pilot": "ris",
    "prestations/{pk}/statements": "bare",
    "prestations/{pk}/va": "bare",
    "deadlines/{pk}": "deadline",
    "deadlines/{pk}/draft": "deadline",
    "deadlines/{pk}/filings": "deadline",
    "deadlines/{pk}/set-aside": "deadline",
    "uploads/{pk}": "partial",
    "uploads/{pk}/pieces": "partial",
    "tickets/{pk}": "ticket",
    "tickets/{pk}/respond": "ticket",
    "tickets/{pk}/restore": "ticket",
    "statements/{pk}/document": "statement",
    "vas/{pk}": "va",
    "vas/{pk}/notification": "va",
    "va-conditions/{pk}/validation": "condition",
    "pilots/{pk}/pv": "pilot",
    "pvs/{pk}": "pv",
    "pvs/{pk}/signed-file": "pv",
    "pvs/{pk}/send": "pv",
    "pvs/{pk}/take-back": "pv",
    "notifications/{pk}/read": "mail",
}
"""Address with a number, under `/api/v1/` → what of the world it is about."""


def build() -> ApiWorld:
    person = member(Role.MANDATAIRE, full_name="Ana Fictive")
    host, by = person.memberships.get().organisation, acting(person, NOW)
    solution = SolutionFactory(organisation=host, name="ImaRIS")
    OrganisationFactory(kind="DISTRIBUTEUR", siren="990000002")
    supplier = SupplierFactory(solution=solution)
    OrganisationFactory(client=True, finess="990000017")
    ris = PrestationFactory(supplier=supplier)
    drimbox = SupplierFactory(solution=SolutionFactory(organisation=host, drimbox=True))
    bare = PrestationFactory(supplier=drimbox)
    va = vas.recorded(PrestationFactory(supplier=drimbox), person)
    notified = vas.recorded(PrestationFactory(supplier=drimbox), person)
    vas.notified(notified, person)
    pilot = pilots.name(PrestationFactory(supplier=supplier), by=by)
    pv = pvs.create(pilots.name(PrestationFactory(supplier=supplier), by=by), by=by)
    deadline = _money_step(ris)
    filing = filing_cases.file(filing_cases.of_prestation(5, editeur=person), person)
    service = _perf(bare, by)
    ratio = _ratio(ris, by)
    asked = AspRequest.objects.filter(prestation=pilot.prestation).first()
    ticket = _ticket(service, by)
    statement = issue(prestation=bare, period=containing(NOW, period_kind(NOW)), by=by)
    partial = PartialUpload.objects.create(
        organisation=host.pk, name="accuse.pdf", size=1_000_000, created_at=NOW
    )
    mail = OutgoingMail.objects.create(
        kind=RECEIPT_MAIL, user=person, to_email=person.email, subject="Dépôt", message_id="<1@x>"
    )
    made = {
        "solution": solution,
        "supplier": supplier,
        "ratio": ratio,
        "asked": asked,
        "ris": ris,
        "bare": bare,
        "deadline": deadline,
        "partial": partial,
        "ticket": ticket,
        "statement": statement,
        "va": va,
        "condition": notified.conditions.filter(state="REPORTEE").first(),
        "pilot": pilot,
        "pv": pv,
        "mail": mail,
    }
    objects = {f"/api/v1/{path}": {"pk": made[name].pk} for path, name in PATHS.items()}
    objects["/api/v1/services/{code}/perf"] = {"code": service.code}
    objects["/api/v1/receipts/{number}"] = {"number": filing.receipt_number}
    return ApiWorld(person, {"supplier": supplier.pk}, objects)


def _money_step(prestation):
    """Its deadline of milestone 5."""
    return next(
        row
        for row in open_deadlines(now=filing_cases.OPENED, prestation=prestation)
        if filing_cases.milestone_of(row).number == 5
    )


def _ratio(prestation, by):
    return ratio_record(
        prestation=prestation,
        indicator="PERFM",
        month=dt.date(2027, 5, 1),
        local_numerator=1,
        local_denominator=2,
        remote_numerator=0,
        remote_denominator=0,
        by=by,
    )


def _ticket(service, by):
    return open_ticket(service=service, reference="T-1", subject="Arrêt", opened_at=DECLARED, by=by)


def _perf(prestation, by):
    """A service with an outage."""
    service = ServiceFactory(code="drimbox-chu-exemple", prestation=prestation, probe_id="0")
    record(
        service=service,
        source="FOURNISSEUR",
        reference="INC-1",
        started_at=NOW - 3 * HOUR,
        ended_at=NOW - 2 * HOUR,
        by=by,
    )
    return service
