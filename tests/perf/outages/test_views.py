"""Pages of an outage: who reaches which, what the forms say, what they do."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from accounts.enums import Role
from perf.enums import OutageNature, OutageStanding, Source
from perf.models import Outage, OutageProof, Service
from perf.services import decisions, probes
from tests.by import acting
from tests.calendar_app import papers
from tests.calendar_app.pages import held_again, held_in
from tests.calendar_app.papers import upload
from tests.entries import entries
from tests.factories import (
    PrestationFactory,
    ServiceFactory,
    member,
)
from tests.pages import markup
from tests.people_around import person_around
from tests.perf.api.incidents import STARTED_AT, life_reopened
from tests.perf.outages.cases import (
    HOUR,
    MONDAY,
    NOW,
    agent,
    contested,
    decided,
    declared,
    distributed,
    fournisseur,
    outage_of,
    pdf,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendars"), pytest.mark.at(NOW)]


@pytest.fixture
def service():
    return distributed()


def pages(outage):
    prestation = outage.service.prestation_id
    names = ("outage", "version_add", "outage_attach", "outage_contest", "outage_decide")
    return [
        *(reverse(f"perf:{name}", args=[outage.pk]) for name in (*names, "outage_merge")),
        reverse("perf:version_edit", args=[outage.counting_id]),
        reverse("perf:version_separate", args=[outage.counting_id]),
        reverse("perf:outage_create", args=[prestation]),
        reverse("perf:service", args=[prestation]),
        reverse("perf:outage_proof", args=[outage.proofs.get().pk]),
    ]


# outage, version_add, attach, contest, decide, merge, version_edit, version_separate, create,
# service, proof
MATRIX = {
    "mandataire": (200, 200, 200, 200, 403, 200, 403, 200, 200, 200, 200),
    "representant": (200, 200, 200, 200, 403, 200, 403, 200, 200, 200, 200),
    "salarie": (200, 200, 200, 403, 403, 403, 403, 403, 200, 200, 200),
    "editeur of the solution": (200, 403, 403, 403, 403, 403, 403, 403, 403, 403, 200),
    "agent": (200, 200, 200, 403, 200, 200, 200, 200, 200, 200, 200),
    "responsable": (200, 200, 200, 403, 200, 200, 200, 200, 200, 200, 200),
    "other distributeur": (404,) * 11,
    "outsider": (404,) * 11,
    "nobody": (404,) * 11,
}


@pytest.mark.parametrize("who", MATRIX)
def test_who_reaches_which_page(client, service, who):
    outage = outage_of(service)
    decisions.attach(outage, proofs=[pdf()], by=acting(agent(), NOW))
    client.force_login(person_around(who, service.prestation))
    responses = [client.get(url) for url in pages(outage)]
    responses[-1].getvalue()
    assert tuple(response.status_code for response in responses) == MATRIX[who]


def test_anonymous_is_asked_to_log_in(client, service):
    outage = outage_of(service)
    decisions.attach(outage, proofs=[pdf()], by=acting(agent(), NOW))
    for url in pages(outage):
        assert client.get(url)["Location"].endswith(f"?next={url}")


def at(name, day="2026-11-16", hour="10:00:00"):
    return {f"{name}_jour": day, f"{name}_heure": hour}


def typed(**values):
    return {
        "source": Source.SUPPLIER,
        "nature": OutageNature.OUTAGE,
        **at("started_at"),
        **at("ended_at", "", ""),
        "cause": "Proxy arrêté",
        "reference": "T-9",
    } | values


@pytest.fixture
def url(service):
    return reverse("perf:outage_create", args=[service.prestation_id])


def test_an_outage_by_hand_with_its_piece(client, service, url):
    actor = fournisseur(service, Role.SALARIE)
    client.force_login(actor)
    response = client.post(url, typed(proofs=[pdf()]))
    outage = Outage.objects.get()
    assert response["Location"] == reverse("perf:outage", args=[outage.pk])
    assert (outage.started_at, outage.ended_at) == (MONDAY, None)
    assert outage.counting.recorded_by == actor
    assert outage.proofs.count() == 1


def test_a_reference_left_empty_is_given(client, service, url):
    client.force_login(fournisseur(service))
    page = client.get(url)
    given = page.context["form"].initial["reference"]
    assert given.startswith("SAISIE-20261122-1000-")
    client.post(url, typed(reference=""))
    assert Outage.objects.get().counting.reference.startswith("SAISIE-20261122-1000-")


REFUSED = {
    "end first": (at("ended_at", hour="09:59:59"), "La fin vient avant le début"),
    "not yet": (at("started_at", "2026-11-23"), "pas encore passé"),
    "no such hour": (at("started_at", "2026-03-29", "02:30"), "n&#x27;existe pas"),
    "twice": (at("started_at", "2026-10-25", "02:30:00"), "il est deux fois 2h30"),
    "not for the ANS": ({"source": Source.ANS}, "Sélectionnez un choix valide"),
    "not a probe": ({"nature": OutageNature.UNMEASURED}, "Sélectionnez un choix valide"),
    "no day": (at("started_at", ""), "les deux"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused_is_shown_and_kept_on_the_page(client, service, url, case):
    values, words = REFUSED[case]
    client.force_login(fournisseur(service))
    response = client.post(url, typed(**values))
    page = markup(response)
    assert response.status_code == 422
    assert words in page
    assert 'value="T-9"' in page
    assert not Outage.objects.exists()


def test_the_second_of_the_two_hours_is_shown(client, service, url):
    client.force_login(fournisseur(service))
    client.post(url, typed(**at("started_at", "2026-10-25", "02:30:00"), started_at_fois="1"))
    assert Outage.objects.get().started_at == dt.datetime(2026, 10, 25, 1, 30, tzinfo=dt.UTC)


def test_a_known_reference_is_not_changed_by_a_new_entry(client, service, url):
    known = outage_of(service, source=Source.SUPPLIER, reference="T-9")
    client.force_login(fournisseur(service))
    response = client.post(url, typed())
    assert f"modifiez la panne n° {known.pk}" in markup(response)


def test_without_a_service_it_is_declared_first(client):
    prestation = ServiceFactory().prestation
    Service.objects.all().delete()
    client.force_login(member(organisation=prestation.organisation))
    response = client.get(reverse("perf:outage_create", args=[prestation.pk]))
    assert response["Location"] == reverse("perf:service", args=[prestation.pk])


def test_a_version_is_added_beside_without_counting(client, service):
    outage = outage_of(service)
    client.force_login(fournisseur(service))
    client.post(reverse("perf:version_add", args=[outage.pk]), typed())
    outage.refresh_from_db()
    assert outage.versions.count() == 2
    assert outage.counting.source == Source.ANS


def test_a_version_is_changed_by_who_speaks_for_it_and_the_page_says_so(client, service):
    start = MONDAY + dt.timedelta(microseconds=250_000)
    outage = outage_of(service, source=Source.SUPPLIER, start=start)
    client.force_login(agent())
    edit = reverse("perf:version_edit", args=[outage.counting_id])
    values = typed(**at("ended_at", hour="15:00:00"), nature=OutageNature.MAINTENANCE)
    assert client.post(edit, values).status_code == 302
    outage.refresh_from_db()
    assert (outage.started_at, outage.ended_at) == (start, MONDAY + 5 * HOUR)
    assert outage.nature == OutageNature.MAINTENANCE
    page = markup(client.get(reverse("perf:outage", args=[outage.pk])))
    assert "Fin : 16/11/2026 12h → 16/11/2026 15h" in page
    assert "Nature : panne → maintenance annoncée" in page
    assert "compte comme une panne" in page


def test_an_ongoing_outage_is_ended_from_its_page(client, service):
    salarie = fournisseur(service, Role.SALARIE)
    outage = outage_of(service, source=Source.SUPPLIER, hours=None, actor=salarie)
    client.force_login(salarie)
    end = reverse("perf:outage_end", args=[outage.pk])
    early = client.post(end, at("ended_at", "2026-11-15"))
    assert early.status_code == 422
    assert "La fin vient avant le début" in markup(early)
    assert client.post(end, at("ended_at", hour="12:00:01")).status_code == 302
    outage.refresh_from_db()
    assert outage.ended_at == MONDAY + 2 * HOUR + dt.timedelta(seconds=1)
    assert client.post(end, at("ended_at", hour="12:00:01")).status_code == 422


def test_the_end_is_not_offered_for_what_another_source_says(client, service):
    outage = outage_of(service, hours=None)
    client.force_login(fournisseur(service))
    page = markup(client.get(reverse("perf:outage", args=[outage.pk])))
    assert "Terminer la panne" not in page
    assert client.post(reverse("perf:outage_end", args=[outage.pk])).status_code == 403


def test_contested_with_a_version_then_decided_by_the_ans(client, service):
    outage = outage_of(service)
    client.force_login(fournisseur(service))
    contest = reverse("perf:outage_contest", args=[outage.pk])
    assert client.post(contest, {"reason": ""}).status_code == 422
    half = client.post(contest, {"reason": "Non.", **at("ended_at")})
    assert "Indiquez aussi le début" in markup(half)
    values = {
        "reason": "Non.",
        **at("started_at"),
        **at("ended_at", hour="10:30"),
        "proofs": [pdf()],
    }
    client.post(contest, values)
    outage.refresh_from_db()
    own = outage.versions.get(source=Source.SUPPLIER)
    assert outage.standing == OutageStanding.CONTESTED

    client.force_login(agent())
    decide = reverse("perf:outage_decide", args=[outage.pk])
    page = client.get(decide)
    assert "journal.pdf" in markup(page)
    read = page.context["form"].initial["read"]
    values = {"standing": OutageStanding.RETAINED, "version": own.pk, "reason": "Vu.", "read": read}
    unsaid = client.post(decide, values)
    assert "Choisissez sa nature." in markup(unsaid)
    values["nature"] = OutageNature.MAINTENANCE
    assert client.post(decide, values | {"read": "x"}).status_code == 422
    assert client.post(decide, values).status_code == 302
    outage.refresh_from_db()
    assert (outage.counting, outage.ended_at) == (own, MONDAY + HOUR / 2)
    assert outage.nature == OutageNature.MAINTENANCE
    assert client.post(decide, values).status_code == 422


def test_who_has_recorded_something_reads_that_another_agent_decides(client, service):
    judge = agent()
    outage = contested(service, actor=judge)
    page, decide = (
        reverse(f"perf:{name}", args=[outage.pk]) for name in ("outage", "outage_decide")
    )
    client.force_login(judge)
    for where in (page, decide):
        shown = markup(client.get(where))
        assert "un autre agent doit décider" in shown
        assert 'name="standing"' not in shown
        assert f'href="{decide}"' not in shown
    client.force_login(agent())
    shown = markup(client.get(page))
    assert f'href="{decide}"' in shown
    assert "un autre agent" not in shown
    client.force_login(fournisseur(service))
    assert "un autre agent" not in markup(client.get(page))


def test_what_the_supervision_reports_since_a_correction_is_shown(client, service):
    service.probe_id = "2417835"
    service.save()
    mailed = life_reopened()
    for one in mailed[:3]:
        probes.receive(payload=one, now=NOW)
    outage, judge = Outage.objects.get(), agent()
    declared(service, reference="514203998", actor=judge, start=STARTED_AT, hours=1)
    probes.receive(payload=mailed[3], now=NOW)
    client.force_login(judge)
    page = markup(client.get(reverse("perf:outage", args=[outage.pk])))
    assert "La supervision indique depuis" in page
    assert "<strong>Fin : en cours</strong>" in page
    assert page.count("La supervision donne une autre valeur") == 1


def test_a_version_changed_after_the_decision_is_shown(client, service):
    outage = decided(contested(service))
    with time_machine.travel(NOW + HOUR, tick=False):
        declared(service, hours=3, now=NOW + HOUR)
    client.force_login(fournisseur(service))
    page = markup(client.get(reverse("perf:outage", args=[outage.pk])))
    assert "changée après la décision" in page
    assert "ce qui a été décidé garde ses valeurs" in page
    assert "Rouvrir la contestation" in page


def test_two_that_overlap_are_suggested_and_brought_together(client, service):
    ours = outage_of(service)
    inside = {"start": MONDAY + HOUR, "hours": 1}
    theirs = outage_of(service, source=Source.SUPPLIER, reference="T-9", **inside)
    outage_of(service, reference="INC-2", start=MONDAY + 24 * HOUR)
    client.force_login(fournisseur(service))
    page = markup(client.get(reverse("perf:outage", args=[ours.pk])))
    assert "1 autre indisponibilité de ce service se recouvre avec celle-ci" in page
    merge = reverse("perf:outage_merge", args=[ours.pk])
    assert client.post(merge, {}).status_code == 422
    assert client.post(merge, {"other": theirs.pk}).status_code == 302
    assert Outage.objects.count() == 2
    gone = client.get(reverse("perf:outage", args=[theirs.pk]))
    assert gone["Location"] == reverse("perf:outage", args=[ours.pk])
    client.force_login(member())
    assert client.get(reverse("perf:outage", args=[theirs.pk])).status_code == 404
    client.force_login(agent())
    assert "rien à rapprocher" in markup(client.get(merge))


def test_a_version_that_describes_another_incident_is_taken_out(client, service):
    ours, theirs = outage_of(service), outage_of(service, source=Source.SUPPLIER, reference="T-9")
    client.force_login(fournisseur(service))
    client.post(reverse("perf:outage_merge", args=[ours.pk]), {"other": theirs.pk})
    version = ours.versions.get(source=Source.SUPPLIER)
    page = markup(client.get(reverse("perf:outage", args=[ours.pk])))
    link = reverse("perf:version_separate", args=[version.pk])
    assert link in page
    assert version.reference in markup(client.get(link))
    gone = client.post(link)
    new = Outage.objects.get(versions=version)
    assert gone["Location"] == reverse("perf:outage", args=[new.pk])
    alone = client.post(reverse("perf:version_separate", args=[version.pk]))
    assert alone.status_code == 422
    assert "il n&#x27;y a rien à séparer" in markup(alone)


def test_pieces_are_joined_and_given_back_byte_for_byte(client, service):
    outage = outage_of(service)
    client.force_login(fournisseur(service, Role.SALARIE))
    attach = reverse("perf:outage_attach", args=[outage.pk])
    assert client.post(attach, {}).status_code == 422
    client.post(attach, {"proofs": [pdf("a.pdf"), upload("b.png", papers.PNG)]})
    assert entries(outage)[-1].what == "2 pièces jointes"
    piece = OutageProof.objects.first()
    response = client.get(reverse("perf:outage_proof", args=[piece.pk]))
    assert response.getvalue() == papers.PDF
    assert response["Content-Disposition"] == 'attachment; filename="a.pdf"'


def test_pieces_each_have_their_own_fate_and_are_joined_once(client, service, scans):
    outage = outage_of(service)
    client.force_login(fournisseur(service, Role.SALARIE))
    attach = reverse("perf:outage_attach", args=[outage.pk])
    files = [pdf("a.pdf"), upload("page.pdf", papers.HTML), pdf("copie.pdf")]
    form = client.post(attach, {"proofs": files}).context["form"]
    assert [error[:12] for error in form.errors["proofs"]] == ["« page.pdf »"]
    assert held_in(form, "proofs") == ["a.pdf", "copie.pdf"]

    response = client.post(attach, held_again([form]), follow=True)
    assert [str(message) for message in response.context["messages"]] == [
        "« copie.pdf » est le même fichier que « a.pdf » : il est joint une seule fois.",
        "Les pièces sont jointes.",
    ]
    assert [piece.name for piece in outage.proofs.all()] == ["a.pdf"]
    events = len(entries(outage))
    response = client.post(attach, {"proofs": [pdf("encore.pdf")]}, follow=True)
    assert [str(message) for message in response.context["messages"]] == [
        "« encore.pdf » est le même fichier que « a.pdf » : il est joint une seule fois."
    ]
    assert (outage.proofs.count(), len(entries(outage))) == (1, events)
    assert scans == ["a.pdf", "page.pdf", "copie.pdf", "encore.pdf"]


def test_the_page_says_what_the_outage_adds_and_why(client, service):
    outage = outage_of(service, start=MONDAY - 8 * HOUR, hours=10)
    declared(service, reference="INC-2", start=MONDAY, hours=3)
    client.force_login(agent())
    response = client.get(reverse("perf:outage", args=[outage.pk]))
    found = response.context["effect"]
    assert (found.with_it.counted, found.without.counted) == (4 * 3_600_000_000, 3 * 3_600_000_000)
    assert "année 2026" in markup(response)
    assert "hors des heures ouvrables" in markup(response)


def test_not_measured_counts_nothing_and_says_why(client, service):
    outage = outage_of(service, nature=OutageNature.UNMEASURED)
    client.force_login(agent())
    response = client.get(reverse("perf:outage", args=[outage.pk]))
    assert "la sonde elle-même était arrêtée" in markup(response)
    assert response.context["effect"].with_it.counted == 0


def test_the_queries_of_the_page_do_not_grow(client, service, django_assert_max_num_queries):
    outage = outage_of(service)
    client.force_login(agent())
    url = reverse("perf:outage", args=[outage.pk])
    with django_assert_max_num_queries(23) as first:
        client.get(url)
    for number in range(6):
        declared(service, reference=f"V-{number}", source=Source.CLIENT, outage=outage)
        outage_of(service, reference=f"O-{number}")
        decisions.attach(outage, proofs=[pdf()], by=acting(agent(), NOW))
    with django_assert_max_num_queries(len(first)):
        client.get(url)


def test_a_service_is_declared_then_named_again(client):
    prestation = ServiceFactory().prestation
    Service.objects.all().delete()
    url = reverse("perf:service", args=[prestation.pk])
    client.force_login(member(Role.SALARIE, prestation.organisation))
    page = client.get(url)
    assert page.context["form"].initial["code"] == (
        f"drimbox-{prestation.client.finess}-{prestation.pk}"
    )
    client.post(url, {"code": "chu", "probe_id": "42"})
    assert Service.objects.get().probe_id == ""
    client.force_login(agent())
    client.post(url, {"code": "chu-2", "probe_id": "42"})
    service = Service.objects.get()
    assert (service.code, service.probe_id, len(entries(service))) == ("chu-2", "42", 2)
    client.force_login(member(Role.SALARIE, prestation.organisation))
    client.post(url, {"code": "chu-3", "probe_id": "43"})
    service.refresh_from_db()
    assert (service.code, service.probe_id) == ("chu-3", "42")
    assert "code du service" in markup(client.get(url)).lower()


def test_a_code_or_a_probe_of_another_service_is_refused(client, service):
    ServiceFactory(code="chu", probe_id="42")
    client.force_login(agent())
    url = reverse("perf:service", args=[service.prestation_id])
    page = markup(client.post(url, {"code": "chu", "probe_id": "42"}))
    assert "Ce code n&#x27;est pas disponible" in page
    assert "Cette sonde surveille déjà un autre service." in page


def test_a_ris_has_no_supervised_service(client):
    prestation = PrestationFactory()
    client.force_login(member(organisation=prestation.organisation))
    assert client.get(reverse("perf:service", args=[prestation.pk])).status_code == 403
