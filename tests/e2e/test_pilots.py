"""RIS pilots in the browser, from nothing to the publication: what each person does, in order."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import feedparser
import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from calendar_app.enums import State
from calendar_app.models import Deadline
from calendar_app.services.deadlines import open_deadlines
from mailing.models import OutgoingMail
from pilots.enums import AspRequestKind, AspRequestState, PVState, SignatureState
from pilots.pv.models import AspRequest, Pilot, PilotPV, Publication
from pilots.pv.rules.effect import EFFECT_AFTER
from pilots.pv.services import pending
from segur.lib import paris
from tests.factories import (
    OrganisationFactory,
    PrestationFactory,
    SolutionFactory,
    SupplierFactory,
    member,
)
from tests.pages import as_read
from tests.pilots.signing import altered, signed

ATOM = "/installations-reussies/flux.atom"
CLIENTS = ("Hôpital de Port-Ambre", "Clinique du Vieux-Cygne", "Institut de Belle-Brume")


@cache
def paper(whose="Client"):
    """The PV signed by this Client. In a thread of its own: pyhanko runs an event loop, and this
    one has Playwright's.
    """
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(signed).result()


def ago(days):
    return paris.day(timezone.now()) - dt.timedelta(days=days)


@pytest.fixture
def empty_site(live_server, settings, calendars, checklists):
    settings.SITE_URL = live_server.url
    return live_server.url


@pytest.fixture
def prestations(empty_site):
    """What there is before the first pilot: a referenced RIS, installed at three Clients."""
    supplier = SupplierFactory(solution=SolutionFactory(name="RIS Azimut", referenced_on=ago(120)))
    made = [
        PrestationFactory(
            supplier=supplier,
            client=OrganisationFactory(client=True, name=name),
            order_reference=f"BDC-{number}",
            ordered_on=ago(90),
        )
        for number, name in enumerate(CLIENTS)
    ]
    open_deadlines(prestation=made[0], now=timezone.now())
    return made


@pytest.fixture
def people(visit, empty_site, prestations):
    """Each with a browser of their own."""
    ans = OrganisationFactory(ans=True)
    users = {
        "fournisseur": member(Role.REPRESENTANT, prestations[0].organisation),
        "agent": member(Role.AGENT, ans),
        "second": member(Role.AGENT, ans),
        "responsable": member(Role.RESPONSABLE, ans),
    }
    visitors = {name: visit(empty_site) for name in (*users, "public")}
    for name, user in users.items():
        visitors[name].log_in_as(user.email)
    return visitors


def push(visitor, name):
    """Push a button and wait for the page that answers."""
    with visitor.page.expect_navigation():
        visitor.page.get_by_role("button", name=name, exact=True).click()


def reads(visitor, words):
    assert words in " ".join(visitor.page.locator("body").inner_text().split())


# --- What the Fournisseur does ------------------------------------------------------------------


def name_pilot(visitor, prestation):
    visitor.goto(reverse("pilots:name", args=[prestation.supplier_id]))
    visitor.page.locator("[name=prestation]").select_option(str(prestation.pk))
    push(visitor, "Désigner le Client")
    return Pilot.objects.get(prestation=prestation)


def record(visitor, request, state, day):
    visitor.goto(reverse("pilots:request", args=[request.pk]))
    visitor.page.locator(f"[name=state][value={state}]").check()
    visitor.page.locator("[name=on]").fill(day.isoformat())
    visitor.page.locator("[name=reference]").fill(f"ASP-{request.pk}")
    push(visitor, "Enregistrer l'état")


def ask_the_asp(visitor, pilot):
    for kind in AspRequestKind:
        request = AspRequest.objects.get(prestation=pilot.prestation, kind=kind)
        record(visitor, request, AspRequestState.DEPOSITED, ago(60))
        record(visitor, request, AspRequestState.VALIDATED, ago(50))


def prepare_pv(visitor, pilot):
    visitor.goto(reverse("pilots:detail", args=[pilot.pk]))
    push(visitor, "Préparer le PV")
    for mention in visitor.page.locator("textarea[name^=mention_]").all():
        if not mention.input_value():
            mention.fill("Conforme au bon de commande.")
    visitor.page.locator("[name=realised_on]").fill(ago(30).isoformat())
    visitor.page.locator("[name=signatory_name]").fill("Camille Fictive")
    visitor.page.locator("[name=signatory_role]").fill("Directrice")
    push(visitor, "Enregistrer le PV")
    return PilotPV.objects.get(pilot=pilot)


def join(visitor, pv, content):
    visitor.goto(reverse("pilots:pv_sign", args=[pv.pk]))
    file = {"name": "pv-signe.pdf", "mimeType": "application/pdf", "buffer": content}
    visitor.page.locator("[name=upload]").set_input_files(file)
    visitor.page.locator("[name=signed_on]").fill(ago(25).isoformat())
    push(visitor, "Joindre le fichier signé")
    return SignatureState(pv.files.first().signature)


def send(visitor, pv):
    visitor.goto(reverse("pilots:pv", args=[pv.pk]))
    push(visitor, "Transmettre le PV à l'ANS")
    reads(visitor, pv.files.first().sha256)


def file_solde(visitor, deadline, at):
    visitor.goto(reverse("deadlines:prepare", args=[deadline.pk]))
    page = visitor.page
    page.get_by_label("Jour", exact=False).first.fill(paris.day(at).isoformat())
    page.get_by_label("Heure", exact=False).first.fill(f"{paris.local(at):%H:%M}")
    file = {"name": "accuse.pdf", "mimeType": "application/pdf", "buffer": paper()}
    page.locator("input[type=file]").set_input_files([file])
    page.locator("[name=declared]").check()
    page.locator("[name=out_of_order]").check()
    with page.expect_navigation():
        page.locator("[name=deposer]").click()


# --- What the ANS does --------------------------------------------------------------------------


def take(visitor, pv):
    """From the queue."""
    visitor.goto(reverse("review:index"))
    visitor.page.get_by_role("link", name=pv.pilot.client.name).first.click()
    push(visitor, "Prendre ce PV")


def find_conform(visitor, pv):
    take(visitor, pv)
    declare_conform(visitor, pv)


def declare_conform(visitor, pv):
    """The file shown, all ticked at once; ten minutes later."""
    visitor.page.locator(".review-frame").scroll_into_view_if_needed()
    visitor.page.wait_for_load_state("networkidle")
    visitor.page.locator("[name=all_checked]").check()
    push(visitor, "Conforme")
    pv.refresh_from_db()
    assert pv.state == PVState.TO_TAKE_EFFECT
    pv.decisions.update(decided_at=timezone.now() - EFFECT_AFTER)
    pending.settle(now=timezone.now())
    pv.refresh_from_db()
    assert pv.state == PVState.CONFORM


def open_motive(visitor, code):
    motive = visitor.page.locator(".review-motive").filter(
        has=visitor.page.locator(f"[name=kind-{code}]")
    )
    motive.locator("summary").click()


def enter_decides_nothing(visitor, pv):
    """Typed in a field of the check-list, as one ends a line by habit."""
    open_motive(visitor, "client")
    field = visitor.page.locator("[name=text-client]")
    field.fill("Le FINESS est page 2.")
    before = visitor.page.url
    field.press("Enter")
    field.press("Enter")
    visitor.page.wait_for_load_state("networkidle")
    assert (visitor.page.url, field.input_value()) == (before, "Le FINESS est page 2.")
    pv.refresh_from_db()
    assert pv.state == PVState.IN_REVIEW
    field.fill("")


def refuse(visitor, second, pv):
    take(visitor, pv)
    open_motive(visitor, "client")
    visitor.page.locator("[name=kind-client]").select_option("INEXACTE")
    visitor.page.locator("[name=text-client]").fill("Le FINESS est celui d'un autre site.")
    push(visitor, "Non conforme")
    reads(visitor, "un autre agent doit le confirmer")
    assert visitor.page.get_by_role("button", name="Confirmer « Non conforme »").count() == 0
    second.goto(reverse("review:pv", args=[pv.pk]))
    push(second, "Confirmer « Non conforme »")
    pv.refresh_from_db()
    assert pv.state == PVState.NOT_CONFORM


# --- The story ----------------------------------------------------------------------------------


def test_from_nothing_to_the_publication(people, prestations):
    fournisseur, agent = people["fournisseur"], people["agent"]
    pvs = []
    for prestation in prestations:
        pilot = name_pilot(fournisseur, prestation)
        ask_the_asp(fournisseur, pilot)
        pvs.append(prepare_pv(fournisseur, pilot))
    first, second, third = pvs

    # One file was altered after it was signed: it is shown, and cannot be sent.
    assert join(fournisseur, first, altered(paper())) == SignatureState.BROKEN
    reads(fournisseur, "modifié après la signature : faites-le signer de nouveau")
    assert fournisseur.page.get_by_role("button", name="Transmettre").count() == 0
    for pv in pvs:
        assert join(fournisseur, pv, paper(pv)) == SignatureState.UNTRUSTED
        send(fournisseur, pv)
    assert first.files.count() == 2

    take(agent, first)
    enter_decides_nothing(agent, first)
    declare_conform(agent, first)
    find_conform(agent, second)
    refuse(agent, people["second"], third)

    solde_waits_for(fournisseur, third)
    correct(fournisseur, third)
    agent.goto(reverse("review:pv", args=[third.pk]))  # still theirs: it need not be taken again
    declare_conform(agent, third)
    solde_is_filed(fournisseur)
    published_by(people["responsable"])
    public_reads(people["public"])

    fournisseur.goto(reverse("pilots:index"))
    reads(fournisseur, "Premières installations réussies publiées par l'ANS")


def solde_waits_for(fournisseur, pv):
    """The refusal shows what is missing, and who must act; nothing is filed."""
    deadline = Deadline.objects.get(milestone__number=6)
    file_solde(fournisseur, deadline, timezone.now() - dt.timedelta(minutes=2))
    reads(fournisseur, "Le dépôt n'est pas enregistré. Il manque")
    reads(fournisseur, f"{pv.pilot.client} : PV non conforme : à corriger, ou Client à remplacer.")
    reads(fournisseur, f"Qui doit agir : {pv.pilot.prestation.organisation} (Fournisseur)")
    deadline.refresh_from_db()
    assert deadline.state == State.DRAFT


def correct(fournisseur, pv):
    """Notified by mail with the reason; corrected, signed again, sent again."""
    notified = OutgoingMail.objects.filter(dedupe_key__startswith="pv-decision").latest("pk")
    assert "Le FINESS est celui d'un autre site." in as_read(notified.body_text)
    fournisseur.goto(reverse("pilots:pv", args=[pv.pk]))
    reads(fournisseur, "Le FINESS est celui d'un autre site.")
    fournisseur.page.get_by_role("link", name="Corriger le PV").click()
    fournisseur.page.locator("[name=mention_client]").fill("Institut de Belle-Brume, FINESS relu.")
    push(fournisseur, "Enregistrer le PV")
    join(fournisseur, pv, paper("corrected"))
    send(fournisseur, pv)


def solde_is_filed(fournisseur):
    """The deposit is typed to the minute: the decisions are made one hour older than it."""
    an_hour = dt.timedelta(hours=1)
    for pv in PilotPV.objects.all():
        assert pv.decided_at
        PilotPV.objects.filter(pk=pv.pk).update(decided_at=pv.decided_at - an_hour)
    deadline = Deadline.objects.get(milestone__number=6)
    file_solde(fournisseur, deadline, timezone.now() - dt.timedelta(minutes=2))
    deadline.refresh_from_db()
    assert deadline.state == State.FILED
    reads(fournisseur, deadline.filings.get().receipt_number)


def published_by(responsable):
    publication = Publication.objects.get()
    responsable.goto(reverse("review:index"))
    reads(responsable, "À publier : 1 solution au périmètre pilote justifié")
    responsable.page.get_by_role("link", name="RIS Azimut").first.click()
    responsable.page.wait_for_url(f"**{reverse('publications:decide', args=[publication.pk])}")
    for name in CLIENTS:
        reads(responsable, name)
    push(responsable, "Publier")
    reads(responsable, "Publiée : la page publique et le flux la montrent déjà.")


def public_reads(visitor):
    visitor.goto(reverse("publications:index"))
    reads(visitor, "RIS Azimut")
    address = visitor.page.locator("link[type='application/atom+xml']").get_attribute("href")
    assert address == ATOM
    body = visitor.page.request.get(f"{visitor.site}{address}").body()
    feed = feedparser.parse(body)
    assert not feed.bozo
    (entry,) = feed.entries
    assert entry.title.startswith("RIS Azimut 2.0, installée par ")
    assert entry.id.endswith(f":installations-reussies/{Publication.objects.get().pk}")
    for name in CLIENTS:
        assert name not in body.decode()
