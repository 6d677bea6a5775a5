"""PV as they are when the ANS looks at them, and the people around one."""

import datetime as dt
import hashlib

from django.core.files.base import ContentFile
from django.urls import reverse

from accounts.enums import Role
from accounts.models import Organisation
from journal.rules.by import By
from journal.services.entries import write
from pilots.enums import PVState, SignatureState
from pilots.pv.models import PVDecision, PVFile, PVMention
from pilots.pv.rules.effect import EFFECT_AFTER
from pilots.pv.rules.review import PV, readers_of
from pilots.pv.services import pending, review
from segur.lib.paris import PARIS
from tests.by import acting
from tests.factories import (
    AspRequestFactory,
    DeadlineFactory,
    MembershipFactory,
    OrganisationFactory,
    PilotFactory,
    PilotPVFactory,
    PrestationFactory,
    SupplierFactory,
    member,
)

NOW = dt.datetime(2027, 2, 10, 10, tzinfo=PARIS)
SENT_AT = dt.datetime(2027, 2, 3, 10, tzinfo=PARIS)
DAY = dt.timedelta(days=1)
MENTIONS = ("client", "solution", "stabilite")


def add_file(pv, content=b"%PDF-1.4 un", number=1, signature=SignatureState.NONE):
    return PVFile.objects.create(
        pv=pv,
        number=number,
        file=ContentFile(content, name="pv.pdf"),
        name="pv-signe.pdf",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        content_type="application/pdf",
        uploaded_by_name="Personne Fictive",
        uploaded_at=SENT_AT,
        signature=signature,
        sent_at=SENT_AT,
    )


def pv_of(supplier=None, state=PVState.SENT, *, sent_at=SENT_AT, client=None, **fields):
    """A PV that came to the ANS, with its mentions, its file and the legal date of its solde."""
    supplier = supplier or SupplierFactory()
    centre = {"client": client} if client else {}
    prestation = PrestationFactory(supplier=supplier, **centre)
    AspRequestFactory(prestation=prestation)
    AspRequestFactory(prestation=prestation, kind="AVANCE")
    solde = prestation.dispositif.milestones.get(number=6)
    DeadlineFactory(prestation=prestation, solution=None, milestone=solde)
    pv = PilotPVFactory(
        pilot=PilotFactory(prestation=prestation),
        state=state,
        sent_at=sent_at,
        **{"decided_at": None, **fields},
    )
    PVMention.objects.bulk_create(
        PVMention(
            pv=pv, code=code, label=code.capitalize(), source="Test", position=place, value="Oui"
        )
        for place, code in enumerate(MENTIONS)
    )
    add_file(pv)
    step(pv, "send", sent_at)
    return pv


def step(pv, act, at):
    """The entry of an act of `rules.review`, which is not done."""
    done = PV.acts[act]
    file = pv.files.first()
    return write(
        pv,
        f"pv.{act}",
        by=By(at, "X"),
        what=done.words,
        before={"state": done.sources[0]},
        after={"state": done.target, "file": file.pk, "sha256": file.sha256},
        readers=readers_of(done),
    )


def reviewed_by(agent, **fields):
    return pv_of(state=PVState.IN_REVIEW, assigned_to=agent, **fields)


def proposed_by(agent, pv=None, **fields):
    """A «non conforme» that waits for a second agent."""
    pv = pv or pv_of(state=PVState.TO_CONFIRM, assigned_to=agent, **fields)
    file = pv.files.first()
    PVDecision.objects.create(
        pv=pv,
        file=file,
        file_sha256=file.sha256,
        outcome=PVState.NOT_CONFORM,
        reasons=[reason()],
        decided_by=agent,
        decided_by_name=str(agent),
        decided_at=SENT_AT + DAY,
    )
    return pv


def accept(pv, agent, at=NOW, **fields):
    """Declared conforme after all was read and ticked, ten minutes ago: in effect."""
    decision = declare_conform(pv, agent, at - EFFECT_AFTER, **fields)
    pending.take_effect(pv, by=By.clock(at))
    decision.refresh_from_db()
    return decision


def declare_conform(pv, agent, at=NOW, **fields):
    """It takes effect later."""
    if file := pv.files.first():
        pending.open_file(file, agent)
    known = {"read": file.sha256 if file else "", "checked": all_lines(pv)}
    fields = {"outcome": PVState.CONFORM, **known, **fields}
    return review.decide(pv, by=acting(agent, at), **fields)


def all_lines(pv):
    return [review.DOCUMENT, *pv.mentions.values_list("code", flat=True)]


def reason(code="client", text="Le FINESS manque."):
    return {
        "code": code,
        "label": code.capitalize(),
        "kind": "ABSENTE",
        "kind_label": "Absente",
        "text": text,
    }


def agent(role=Role.AGENT, **fields):
    """Of the one ANS."""
    ans = Organisation.objects.filter(kind="ANS").first() or OrganisationFactory(ans=True)
    return member(role, ans, **fields)


def also_member(user, organisation, role=Role.SALARIE):
    MembershipFactory(user=user, organisation=organisation, role=role)
    return user


def url(name, *args):
    """The address of one page or act of the review."""
    return reverse(f"review:{name}", args=args)
