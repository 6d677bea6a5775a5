"""A deadline of each kind, with its people, and what is on disk."""

import datetime as dt
from pathlib import Path

from django.conf import settings

from accounts.enums import Role
from calendar_app.enums import State
from calendar_app.models import Proof
from calendar_app.services import decisions, filings
from calendar_app.services.deadlines import open_deadlines
from tests.by import acting
from tests.calendar_app.papers import upload
from tests.factories import (
    PrestationFactory,
    SolutionFactory,
    SupplierFactory,
    justified_pilot,
    member,
)

NOW = dt.datetime(2027, 6, 9, 9, 45, tzinfo=dt.UTC)
"""11h45 in Paris on the last day of milestone 5 of the RIS."""

OPENED = dt.datetime(2027, 1, 4, 9, tzinfo=dt.UTC)


def organisation_of(user):
    return user.memberships.get().organisation


def colleague(user, role, **values):
    return member(role, organisation=organisation_of(user), **values)


def milestone_of(deadline):
    """Of a deadline that has one: a computed delay has none."""
    assert deadline.milestone
    return deadline.milestone


def of_prestation(number, *, editeur, **supplier):
    """Milestone 4 (ASP, money), 5 (no deposit) or 6 (ASP, money) of a new RIS prestation, whose
    Fournisseur has justified its pilot perimeter.
    """
    solution = SolutionFactory(organisation=organisation_of(editeur))
    prestation = PrestationFactory(supplier=SupplierFactory(solution=solution, **supplier))
    for _ in range(3 if number == 6 else 0):
        justified_pilot(prestation.supplier)
    made = open_deadlines(now=OPENED, prestation=prestation)
    return next(row for row in made if milestone_of(row).number == number)


def of_solution(number, *, editeur):
    """Milestone 1, 2 or 3 (Convergence) of a new RIS."""
    made = open_deadlines(
        now=OPENED, solution=SolutionFactory(organisation=organisation_of(editeur))
    )
    return next(row for row in made if milestone_of(row).number == number)


def file(deadline, actor, *, now=NOW, deposited_at=None, files=None):
    return filings.file(
        deadline=deadline,
        by=acting(actor, now),
        deposited_at=deposited_at or now - dt.timedelta(hours=1),
        files=[upload()] if files is None else files,
        out_of_order=True,
    )


def decided(filing, decision, *, agent=None, reason="Il manque la page 2.", now=NOW):
    return decisions.decide(
        filing,
        decision=decision,
        reason="" if decision == State.ACCEPTED else reason,
        by=acting(agent or member(Role.AGENT), now),
    )


def on_disk():
    """Every stored file, by its name in the storage."""
    root = Path(settings.MEDIA_ROOT)
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def named():
    """Every file that a row names."""
    return sorted(set(Proof.objects.values_list("file", flat=True)))


def content_of(proof):
    with proof.file.open("rb") as stored:
        return stored.read()
