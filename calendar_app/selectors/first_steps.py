"""The first steps of a new organisation: read from what exists, never from a record of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Exists
from django.urls import reverse

from accounts.models import Invitation, Membership, Organisation, User
from accounts.permissions import can_file, can_manage_members
from calendar_app.enums import FirstStep
from calendar_app.models import FeedAddress, Prestation, PutOffStep, Solution, Supplier
from calendar_app.selectors.past import PastMilestones, past_milestones


class StepWords(NamedTuple):
    gives: str
    act: str
    done: str


WORDS = {
    FirstStep.ORGANISATION: StepWords(
        "Le nom et le SIREN figurent sur les récépissés, les PV et les relevés.",
        "Voir l'identité",
        "Son nom et son SIREN figureront sur les récépissés, les PV et les relevés.",
    ),
    FirstStep.COLLEAGUES: StepWords(
        "Les rappels vont aussi à ceux qui préparent, puis à ceux qui déposent : à plusieurs, "
        "aucune échéance ne repose sur une seule boîte.",
        "Inviter des collègues",
        "Votre organisation compte plusieurs membres ou invités.",
    ),
    FirstStep.SOLUTION: StepWords(
        "Ses échéances apparaissent aussitôt, avec leurs dates et leurs rappels.",
        "Enregistrer une solution",
        "Votre organisation fournit au moins une solution.",
    ),
    FirstStep.PAST: StepWords(
        "Ce qui est déjà déposé n'est plus compté en retard, et les conditions de paiement sont "
        "justes.",
        "Reprendre le passé",
        "Aucun jalon passé n'attend d'être repris.",
    ),
    FirstStep.PRESTATIONS: StepWords(
        "Chaque Client a ses propres échéances : avance, réalisation, solde, et ce qui les bloque.",
        "Enregistrer des prestations",
        "Votre organisation a au moins une prestation.",
    ),
    FirstStep.AGENDA: StepWords(
        "Vos échéances s'affichent dans votre agenda et suivent les changements de calendrier.",
        "Abonner mon agenda",
        "Votre agenda est abonné.",
    ),
}


@dataclass(frozen=True)
class StepProgress:
    """`url` is "" where this person may not do it, or where a former step has to come first."""

    step: FirstStep
    number: int
    is_done: bool
    is_put_off: bool
    url: str

    @property
    def words(self) -> StepWords:
        return WORDS[self.step]

    @property
    def is_next(self) -> bool:
        return not self.is_done and not self.is_put_off


@dataclass(frozen=True)
class FirstSteps:
    steps: list[StepProgress]

    @property
    def done(self) -> int:
        return sum(step.is_done for step in self.steps)

    @property
    def has_solution(self) -> bool:
        return next(step.is_done for step in self.steps if step.step == FirstStep.SOLUTION)

    @property
    def urgent(self) -> StepProgress | None:
        """The next one, where the organisation itself is not in place yet: an agenda is each
        person's own, and is not asked for on the first screen."""
        step = self.next
        return step if step and step.step != FirstStep.AGENDA else None

    @property
    def next(self) -> StepProgress | None:
        """The first that is neither done nor put off, of those that this person may do."""
        return next((step for step in self.steps if step.is_next and step.url), None)


class StepFacts(NamedTuple):
    has_members: bool
    has_invited: bool
    has_solution: bool
    has_prestations: bool
    has_agenda: bool
    put_off: frozenset[str]


def first_steps(
    user: User, organisation: Organisation, *, now: dt.datetime, facts: StepFacts | None = None
) -> FirstSteps:
    """Four queries at most, whatever there is; two where the `facts` are known."""
    facts = facts or step_facts(user, organisation)
    past = past_milestones([organisation.pk], now=now)
    urls = _urls(user, organisation, past, has_solution=facts.has_solution)
    done = {
        FirstStep.ORGANISATION: bool(organisation.siren),
        FirstStep.COLLEAGUES: facts.has_members or facts.has_invited,
        FirstStep.SOLUTION: facts.has_solution,
        FirstStep.PAST: facts.has_solution and not past.number,
        FirstStep.PRESTATIONS: facts.has_prestations,
        FirstStep.AGENDA: facts.has_agenda,
    }
    return FirstSteps(
        [
            StepProgress(
                step, number, done[step], step in facts.put_off and not done[step], urls[step]
            )
            for number, step in enumerate(FirstStep, start=1)
        ]
    )


def step_facts(user: User, organisation: Organisation) -> StepFacts:
    """What of the first steps no act on a deadline changes."""
    own = {"organisation": organisation.pk}
    row = Organisation.objects.filter(pk=organisation.pk).values(
        has_members=Exists(Membership.objects.filter(**own).exclude(user=user)),
        has_invited=Exists(Invitation.objects.pending().filter(**own)),
        has_solution=Exists(Supplier.objects.filter(**own))
        | Exists(Solution.objects.filter(**own)),
        has_prestations=Exists(Prestation.objects.filter(**own)),
        has_agenda=Exists(FeedAddress.objects.filter(user=user)),
    )
    put_off = PutOffStep.objects.filter(organisation=organisation).values_list("step", flat=True)
    return StepFacts(**row.get(), put_off=frozenset(put_off))


def _urls(
    user: User, organisation: Organisation, past: PastMilestones, *, has_solution: bool
) -> dict[FirstStep, str]:
    identity = reverse("accounts:organisation")
    manages = can_manage_members(user, organisation.pk)
    return {
        FirstStep.ORGANISATION: identity,
        FirstStep.COLLEAGUES: f"{identity}#membres" if manages else "",
        FirstStep.SOLUTION: reverse("solutions:create"),
        FirstStep.PAST: _takeover(past) if can_file(user, organisation.pk) else "",
        FirstStep.PRESTATIONS: reverse("prestations:create_many") if has_solution else "",
        FirstStep.AGENDA: reverse("calendars:subscription"),
    }


def _takeover(past: PastMilestones) -> str:
    if past.solution:
        return reverse("solutions:takeover", args=[past.solution])
    if past.prestation:
        return reverse("prestations:takeover", args=[past.prestation])
    return ""
