"""Pilots of the demonstration: a solution published, another on its way, a queue at the ANS."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from accounts.models import User
from calendar_app.demo import cast
from calendar_app.demo.market import Scene
from calendar_app.demo.paper import pdf
from calendar_app.models import Prestation
from documents.services.proofs import shelf
from documents.services.uploads import MadeHere
from journal.rules.by import By
from pilots.checklists.services import load_checklists
from pilots.enums import AspRequestState, PVState, ReasonKind, SignatureState
from pilots.pv.models import AspRequest, Pilot, PilotPV, Publication, PVFile, ReasonSentence
from pilots.pv.rules.effect import EFFECT_AFTER
from pilots.pv.services import pending, pilots, publications, pvs, requests, review
from pilots.pv.services.outcomes import Reason
from pilots.pv.services.sentences import save_sentence
from pilots.pv.services.transitions import move
from segur.lib import paris

DAY = dt.timedelta(days=1)
ORDERED = dt.date(2026, 11, 15)
"""From this day on, every order of the demonstration is signed and older than its installation."""

DEPOSITED, VALIDATED, REALISED, SIGNED = 70, 55, 42, 38
"""How many days ago, for each pilot."""

S, V = PVState, AspRequestState
CONTENT = {
    "perimetre": "Un site, scanner et IRM, douze utilisateurs.",
    "stabilite": "Bonne réalisation attestée ; la solution est stable depuis sa mise en service.",
    "reserves": "Sans réserve.",
}
"""What a PV says and the site cannot know, by code of the check-list."""

FILERS = {
    "Radiolune RIS": cast.REPRESENTANT,
    "Brumaire RIS": cast.OTHER,
    cast.LAPSED: cast.DISTRIBUTEUR,
}


@dataclass(frozen=True)
class PilotStory:
    """A pilot: how far it came, how many days ago its PV was sent, and decided."""

    whose: str
    place: int
    pv: PVState | None
    sent: int = 0
    decided: int = 0
    advance: AspRequestState = V.VALIDATED


STORY = (
    PilotStory("Radiolune RIS", 0, S.CONFORM, 34, 26),
    PilotStory("Radiolune RIS", 1, S.CONFORM, 30, 20),
    PilotStory("Radiolune RIS", 2, S.CONFORM, 24, 17),
    PilotStory("Radiolune RIS", 3, S.DRAFT),
    PilotStory("Brumaire RIS", 0, S.CONFORM, 25, 14),
    PilotStory("Brumaire RIS", 1, S.IN_REVIEW, 11),
    PilotStory("Brumaire RIS", 2, S.NOT_CONFORM, 18, 6),
    PilotStory("Brumaire RIS", 3, S.SENT, 2),
    PilotStory("Brumaire RIS", 4, S.TO_CONFIRM, 15, 1),
    PilotStory(cast.LAPSED, 0, S.CONFORM, 29, 16),
    PilotStory(cast.LAPSED, 1, S.CONFORM, 22, 13),
    PilotStory(cast.LAPSED, 2, S.CONFORM, 16, 4),
    PilotStory(cast.LAPSED, 3, S.SENT, 8),
    PilotStory(cast.LAPSED, 4, None, advance=V.INCOMPLETE),
)
"""The third conforme of the distributeur waits to be published."""

REASON = Reason(
    code="client",
    label="Client : nom de l'établissement et numéro FINESS",
    kind=ReasonKind.WRONG,
    kind_label=ReasonKind.WRONG.label,
    text="Le numéro FINESS est celui d'un autre site.",
)


SHARED_SENTENCES = (
    "Le numéro FINESS est celui d'un autre site : indiquez celui du lieu d'installation.",
    "La date de réalisation est postérieure à la signature du PV.",
)
OWN_SENTENCE = "La qualité du signataire manque : ajoutez sa fonction chez le Client."


def tell_pilots(scene: Scene, prestations: dict[str, list[Prestation]]) -> None:
    if scene.today < ORDERED:
        return
    load_checklists()
    _tell_sentences(scene)
    for one in STORY:
        _tell(scene, one, prestations[one.whose][one.place])
    mine = Publication.objects.get(
        organisation=scene.organisations[cast.EDITEUR], solution__name="Radiolune RIS"
    )
    publications.publish(mine, by=By.person(scene.by(cast.RESPONSABLE), scene.now - 15 * DAY))


def _tell_sentences(scene: Scene) -> None:
    agent, responsable = scene.by(cast.AGENT), scene.by(cast.RESPONSABLE)
    for text in SHARED_SENTENCES:
        by = By.person(responsable, scene.now)
        save_sentence(ReasonSentence(text=text), is_shared=True, by=by)
    save_sentence(ReasonSentence(text=OWN_SENTENCE), by=By.person(agent, scene.now))


def _tell(scene: Scene, one: PilotStory, prestation: Prestation) -> None:
    filer = scene.by(FILERS[one.whose])
    pilot = pilots.name(prestation, by=By.person(filer, scene.now - (DEPOSITED + 5) * DAY))
    for request in pilot.prestation.asp_requests.all():
        _ask(scene, request, one.advance, filer)
    if one.pv is None:
        return
    pv = _prepare(scene, pilot, filer)
    if one.pv != S.DRAFT:
        file = _sign(scene, pv, filer)
        pvs.send(pv, by=By.person(filer, scene.now - one.sent * DAY))
        _review(scene, pv, one, file)


def _ask(scene: Scene, request: AspRequest, last: AspRequestState, actor: User) -> None:
    """Deposited, then what the ASP answered: to the advance only, where it is not a validation."""
    is_advance = request.kind == "AVANCE"
    steps = ((V.DEPOSITED, DEPOSITED), (last if is_advance else V.VALIDATED, VALIDATED))
    for state, ago in steps:
        requests.record(
            request,
            to=state,
            on=scene.today - ago * DAY,
            reference=f"ASP-FICTIF-{request.pk:05}",
            note="Le RIB joint est illisible." if state == V.INCOMPLETE else "",
            by=By.person(actor, scene.now - ago * DAY),
        )


def _prepare(scene: Scene, pilot: Pilot, actor: User) -> PilotPV:
    now = scene.now - REALISED * DAY
    pv = pvs.create(pilot, by=By.person(actor, now))
    content = {
        mention.code: mention.value or CONTENT.get(mention.code, "")
        for mention in pv.mentions.all()
    }
    return pvs.edit(
        pv,
        mentions=content,
        realised_on=paris.day(now),
        signatory_name="Dr Aurèle Fontbrune",
        signatory_role="Cheffe du service d'imagerie",
        comment="",
        by=By.person(actor, now),
    )


def _sign(scene: Scene, pv: PilotPV, actor: User) -> PVFile:
    """As `pvs.attach_signed` keeps it, without the process in which it reads each file."""
    now = scene.now - SIGNED * DAY
    name = f"pv-pilote-{pv.pk:03}.pdf"
    content = pdf(
        "PIÈCE FICTIVE, POUR DÉMONSTRATION",
        "PV d'installation pilote",
        str(pv.pilot.prestation),
        f"Signé le {paris.long_day(paris.day(now))} par {pv.signatory_name}",
    )
    with shelf() as kept:
        [file] = kept.put(
            lambda: PVFile(pv=pv, number=1, signature=SignatureState.NONE),
            [MadeHere(name, content, content_type="application/pdf")],
            by=By.person(actor, now),
            document_date=paris.day(now),
        )
    pv.signed_on = paris.day(now)
    pv.save(update_fields=["signed_on"])
    move(pv, "sign", by=By.person(actor, now), file=file)
    return file


def _review(scene: Scene, pv: PilotPV, one: PilotStory, file: PVFile) -> None:
    """A refusal that waits was proposed by the responsable: the agent may confirm it."""
    if one.pv == S.SENT:
        return
    agent, second = scene.by(cast.AGENT), scene.by(cast.RESPONSABLE)
    if one.pv == S.TO_CONFIRM:
        agent, second = second, agent
    ago = one.decided or one.sent - 3
    at = scene.now - ago * DAY
    review.take(pv, by=By.person(agent, at))
    if one.pv == S.IN_REVIEW:
        return
    is_conform = one.pv == S.CONFORM
    pending.open_file(file, agent)
    review.decide(
        pv,
        outcome=S.CONFORM if is_conform else S.NOT_CONFORM,
        reasons=[] if is_conform else [REASON],
        checked=[review.DOCUMENT, *pv.mentions.values_list("code", flat=True)],
        note="" if is_conform else "Un numéro FINESS par site : voir le répertoire national.",
        read=file.sha256,
        by=By.person(agent, at),
    )
    if is_conform:
        pending.take_effect(pv, by=By.clock(at + EFFECT_AFTER))
    if one.pv == S.NOT_CONFORM:
        review.confirm(pv, by=By.person(second, at + dt.timedelta(hours=3)))
