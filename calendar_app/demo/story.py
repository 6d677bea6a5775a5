"""What has been filed, what waits, what is late: recorded through the services that record it.

Whatever the day, every milestone already gone was taken over with its proof, but for a few; and of
the next ones one is a draft, one waits for the ANS, one is to correct and one is confirmed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from calendar_app.demo import cast
from calendar_app.demo.market import Scene, all_of, lapsed_on
from calendar_app.demo.paper import pdf
from calendar_app.enums import PieceState, State
from calendar_app.models import Deadline, Filing, Prestation, Solution
from calendar_app.services import bulk, order_imports
from calendar_app.services.decisions import decide
from calendar_app.services.drafts import save_draft
from calendar_app.services.filings import GateClosed, file, take_over
from calendar_app.services.pieces import add_piece, load_pieces, save_piece
from documents.services.proofs import shelf
from documents.services.uploads import MadeHere
from imports.services import jobs
from journal.rules.by import By
from segur.lib import paris

DAY = dt.timedelta(days=1)
FILERS = {
    cast.EDITEUR: cast.REPRESENTANT,
    cast.OTHER_EDITEUR: cast.OTHER,
    cast.THIRD_EDITEUR: cast.THIRD,
    cast.LAPSED: cast.DISTRIBUTEUR,
}
"""Who files for whom. The distributeur without rights has filed nothing."""


INCOMPLETE = "Plume DRIMbox"
MISSING = "Il manque des pièces au dossier : les preuves des scénarios et le dossier de sécurité."
"""The solution whose dossier of proofs the ANS sends back, and why."""


def take_over_past(
    scene: Scene, solutions: dict[str, Solution], prestations: dict[str, list[Prestation]]
) -> None:
    """Every milestone gone before the story begins, recorded day after day in the last three weeks;
    one of them was filed late. What a gate refused on the day of its deposit stays late.
    """
    gone = Deadline.objects.filter(due_at__lt=scene.now).with_subject()
    late = prestations["Radiolune RIS"][4]
    set_aside = prestations["Radiolune RIS"][5]
    for place, deadline in enumerate(gone.order_by("due_at", "pk")):
        filer = FILERS.get(deadline.organisation.name)
        if filer is None:
            continue
        if deadline.prestation == set_aside:
            _set_aside(deadline, By.person(scene.by(filer), scene.now))
        else:
            ahead = -2 if deadline.prestation == late else 2 + place % 17
            at = min(deadline.fixed_at - ahead * DAY, scene.now - DAY)
            recorded_at = max(at + DAY / 2, scene.now - place % 21 * DAY)
            if filer == cast.DISTRIBUTEUR:
                at = min(at, paris.at(lapsed_on(scene), dt.time(12)))
            with suppress(GateClosed):
                _take_over(deadline, By.person(scene.by(filer), recorded_at), at)
    for solution in solutions.values():
        _confirm_first(scene, solution)
    _prepare_dossier(scene, solutions[INCOMPLETE])


def tell_present(scene: Scene, prestations: dict[str, list[Prestation]]) -> None:
    """The next deadline of four prestations of the main éditeur, in four states."""
    draft, waiting, to_correct, accepted = prestations["Radiolune RIS"][:4]
    other_draft = prestations["Radiolune Passerelle"][0]
    for prestation in (draft, other_draft):
        if deadline := _next(prestation, scene.now):
            _draft(deadline, scene)
    decisions = (
        (waiting, None, ""),
        (to_correct, State.TO_CORRECT, "La pièce jointe n'est pas signée par le Client."),
        (accepted, State.ACCEPTED, ""),
    )
    for prestation, decision, reason in decisions:
        if deadline := _next(prestation, scene.now):
            filing = file_now(deadline, scene, at=scene.now - 3 * DAY)
            if decision:
                decide(
                    filing,
                    decision=decision,
                    reason=reason,
                    by=By.person(scene.by(cast.AGENT), scene.now),
                )
    _file_together(scene, prestations["Brumaire RIS"][:3])


def _import_again(scene: Scene, prestations: Sequence[Prestation]) -> None:
    """A list sent twice changes nothing, and its result waits."""
    user = scene.by(cast.REPRESENTANT)
    supplier = prestations[0].supplier
    lines = [f"{one.client.finess};{one.order_reference}" for one in prestations]
    job = jobs.keep(
        user=user,
        organisation=supplier.organisation,
        kind=order_imports.KIND.code,
        name="clients-radiolune.csv",
        content="\n".join(["FINESS;BDC", *lines]).encode(),
        lines=len(lines),
        options={"supplier": supplier.pk},
        now=scene.now,
    )
    jobs.confirm(user=user, kind=job.kind, sha256=job.sha256, now=scene.now)


def _file_together(scene: Scene, prestations: Sequence[Prestation]) -> None:
    """The next deadline of each, declared with one accusé: those that nothing blocks."""
    rows = [row for one in prestations if (row := _next(one, scene.now))]
    by, at = By.person(scene.by(cast.OTHER), scene.now), scene.now - 3 * DAY
    given: dict[str, Any] = {
        "deposited_at": at,
        "external_reference": "FICTIF-LOT",
        "out_of_order": True,
    }
    why = bulk.declare_refusals(rows, by, given)
    if ready := [row for row in rows if not why[row.pk]]:
        with shelf() as kept:
            bulk.declare_all(ready, by=by, kept=kept, proofs=[_proof(ready[0], at)], **given)


def tell(
    scene: Scene, solutions: dict[str, Solution], prestations: dict[str, list[Prestation]]
) -> int:
    """The whole story; the number of prestations in it."""
    take_over_past(scene, solutions, prestations)
    tell_present(scene, prestations)
    _import_again(scene, prestations["Radiolune RIS"][:3])
    return len(list(all_of(prestations)))


def _next(prestation: Prestation, now: dt.datetime) -> Deadline | None:
    """None once the whole calendar is behind."""
    return prestation.deadlines.open().filter(due_at__gt=now).with_subject().first()


def _take_over(deadline: Deadline, by: By, at: dt.datetime) -> None:
    take_over(
        deadline=deadline,
        outcome=State.FILED,
        deposited_at=at,
        reference=f"FICTIF-{deadline.pk:05}",
        files=[_proof(deadline, at)],
        by=by,
    )


def _set_aside(deadline: Deadline, by: By) -> None:
    reason = "Le Client a renoncé à l'avance : il demandera le paiement en une fois, au solde."
    take_over(deadline=deadline, outcome=State.NOT_APPLICABLE, reason=reason, by=by)


def _confirm_first(scene: Scene, solution: Solution) -> None:
    """The ANS has confirmed the first two deposits of each solution; the rest awaits it."""
    deadlines = solution.deadlines.filter(state=State.FILED).order_by("due_at", "pk")[:2]
    by = By.person(scene.by(cast.AGENT), scene.now)
    for filing in Filing.objects.filter(deadline__in=list(deadlines)).order_by(
        "deadline__due_at", "pk"
    ):
        if solution.name == INCOMPLETE and filing.deadline == deadlines[1]:
            decide(filing, decision=State.TO_CORRECT, reason=MISSING, by=by)
        else:
            decide(filing, decision=State.ACCEPTED, by=by)


def _prepare_dossier(scene: Scene, solution: Solution) -> None:
    """The dossier that the ANS sent back, piece by piece: some ready, one begun, some missing."""
    deadline = solution.deadlines.filter(state=State.TO_CORRECT, pieces=None).first()
    if deadline is None:
        return
    load_pieces()
    by = By.person(scene.by(cast.THIRD), scene.now - DAY)
    for code in ("formulaire", "version", "psc"):
        file = _proof(deadline, scene.now - 2 * DAY)
        file.name = f"{code}.pdf"
        save_piece(deadline, code, state=PieceState.READY, uploads=[file], by=by)
    save_piece(
        deadline,
        "securite",
        state=PieceState.IN_PROGRESS,
        person=by.actor,
        due_on=scene.today + 6 * DAY,
        note="Rapport de test d'intrusion attendu du prestataire.",
        by=by,
    )
    add_piece(deadline, label="Lettre d'accompagnement", by=by)


def _draft(deadline: Deadline, scene: Scene) -> None:
    save_draft(
        deadline=deadline,
        comment="Il manque la signature du Client, attendue cette semaine.",
        proofs=[_proof(deadline, scene.now)],
        by=By.person(scene.by(cast.SALARIE), scene.now),
    )


def file_now(deadline: Deadline, scene: Scene, *, at: dt.datetime) -> Filing:
    """A deposit of the instant `at`, recorded when the demonstration is loaded."""
    return file(
        deadline=deadline,
        deposited_at=at,
        files=[_proof(deadline, at)],
        by=By.person(scene.by(cast.REPRESENTANT), scene.now),
    )


def _proof(deadline: Deadline, at: dt.datetime) -> MadeHere:
    content = pdf(
        "PIÈCE FICTIVE, POUR DÉMONSTRATION",
        deadline.title,
        str(deadline.subject),
        f"Établie le {paris.long_day(paris.day(at))}",
    )
    name = f"accuse-{deadline.pk:05}.pdf"
    return MadeHere(name, content, content_type="application/pdf")
