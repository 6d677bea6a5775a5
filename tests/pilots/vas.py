"""What the tests of the VA share: a DRIMbox prestation, its VA at each of its stages."""

import datetime as dt

from accounts.enums import Role
from calendar_app.services.deadlines import open_deadlines
from pilots.enums import VACase
from pilots.va.rules.va import VADeclaration
from pilots.va.services import va as services
from pilots.va.services import va_clock
from segur.lib import paris
from tests.by import acting
from tests.calendar_app.papers import upload
from tests.factories import PrestationFactory, member

REPORTED = ("db-cr", "db-appel")
LONG_AGO = dt.datetime(2026, 1, 5, 9, tzinfo=dt.UTC)


def day(text):
    return dt.date.fromisoformat(text)


def noon(text):
    """Noon in Paris on that day."""
    return paris.at(day(text), dt.time(12))


def drimbox(**fields):
    """A new DRIMbox prestation with its own deadlines, whose Fournisseur has a Représentant."""
    prestation = PrestationFactory(supplier__solution__drimbox=True, **fields)
    open_deadlines(now=LONG_AGO, prestation=prestation)
    person = member(Role.REPRESENTANT, organisation=prestation.organisation)
    return prestation, person


def declared(case=VACase.SOME_REPORTED, **fields):
    """A VA of the 20th of November 2026, in case 2 by default."""
    case_1 = case == VACase.ALL_VERIFIED
    values = {
        "case": case,
        "finalised_on": day("2026-11-18"),
        "signed_on": day("2026-11-20"),
        "signatory_name": "Dr Hélène Sombreval",
        "ris_vague2_on": day("2026-09-01") if case_1 else None,
        "reported": frozenset() if case_1 else frozenset(REPORTED),
    }
    return VADeclaration(**{**values, **fields})


def recorded(prestation, person, now="2026-11-22", **fields):
    return services.record(
        prestation,
        declared=declared(**fields),
        proofs=[upload("va.pdf")],
        by=acting(person, noon(now)),
    )


def notified(va, person, when="2026-12-29", now=None):
    """`when`: a day, or an instant with its offset."""
    moment = dt.datetime.fromisoformat(when) if "T" in when else day(when)
    instant = moment if isinstance(moment, dt.datetime) else noon(when)
    return va_clock.notify(
        va,
        notified=moment,
        means="courriel",
        proofs=[upload("notification.pdf")],
        by=acting(person, noon(now) if now else instant),
    )


def validated(va, person, code, on, now=None):
    return va_clock.validate(
        va.conditions.get(code=code),
        validated_on=day(on),
        proofs=[upload("validation.pdf")],
        by=acting(person, noon(now or on)),
    )
