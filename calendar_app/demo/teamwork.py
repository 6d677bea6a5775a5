"""Who of the main éditeur does what: a few deadlines have somebody in charge, one has comments."""

from __future__ import annotations

import datetime as dt

from calendar_app.demo import cast
from calendar_app.demo.market import Scene
from calendar_app.demo.paper import pdf
from calendar_app.enums import OPEN_STATES
from calendar_app.models import Deadline, Prestation
from documents.services.uploads import MadeHere
from journal.rules.by import By
from teamwork.enums import Audience
from teamwork.services.charges import hand_over
from teamwork.services.comments import write_comment

HOUR = dt.timedelta(hours=1)
PDF = "application/pdf"


def tell_teamwork(scene: Scene, prestations: dict[str, list[Prestation]]) -> None:
    """Three realisations are handed to the Salariée; on the first, a question and an answer that
    the ANS reads too."""
    editeur = scene.organisations[cast.EDITEUR]
    rows = list(
        Deadline.objects.filter(
            prestation__in=prestations["Radiolune RIS"],
            organisation=editeur,
            state__in=OPEN_STATES,
            due_at__gt=scene.now,
        ).order_by("due_at", "pk")[:3]
    )
    if not rows:
        return
    chief, person = scene.by(cast.MANDATAIRE), scene.by(cast.SALARIE)
    hand_over(rows, person, By.person(chief, scene.now, organisation=editeur))
    write_comment(
        rows[0],
        body="Le Client demande si la mise à jour peut attendre la fin du mois.",
        audience=Audience.TEAM,
        by=By.person(person, scene.now - 2 * HOUR, organisation=editeur),
    )
    write_comment(
        rows[0],
        body="Intervention fixée avec le Client : le procès-verbal suivra sous huit jours.",
        audience=Audience.SHARED,
        proofs=[MadeHere("rendez-vous.pdf", pdf("PIÈCE FICTIVE, POUR DÉMONSTRATION"), PDF)],
        by=By.person(chief, scene.now - HOUR, organisation=editeur),
    )
