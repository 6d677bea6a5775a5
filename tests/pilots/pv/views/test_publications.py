"""What the public reads, in HTML, JSON and Atom; what a responsable does about it."""

import datetime as dt

import feedparser
import pytest
import time_machine
from django.urls import reverse

from accounts.enums import Kind, Role
from pilots.enums import PublicationState
from pilots.pv.models import Publication
from pilots.pv.services import publications
from tests.by import acting
from tests.calendar_app.pages import page, text
from tests.factories import (
    OrganisationFactory,
    SolutionFactory,
    SupplierFactory,
    justified_pilot,
    member,
)
from tests.pages import markup

pytestmark = pytest.mark.usefixtures("calendars")

NOW = dt.datetime(2027, 3, 2, 9, tzinfo=dt.UTC)
LATER = dt.datetime(2027, 6, 3, 9, 30, tzinfo=dt.UTC)
INDEX, JSON, ATOM = (
    "/installations-reussies/",
    "/installations-reussies.json",
    "/installations-reussies/flux.atom",
)
REASON = "Instabilité <constatée> & répétée"
TITLE = "RIS & Azimut 2.0, installée par Brume Logiciels, publiée le 02/03/2027 à 10h"


@pytest.fixture
def responsable():
    return member(Role.RESPONSABLE)


def proposed(name="RIS & Azimut", editeur=None):
    organisation = editeur or OrganisationFactory(name="Brume Logiciels")
    supplier = SupplierFactory(solution=SolutionFactory(organisation=organisation, name=name))
    for number in range(3):
        hospital = OrganisationFactory(client=True, name=f"Hôpital secret {name} {number}")
        justified_pilot(supplier, client=hospital)
    (made,) = publications.propose(supplier=supplier, now=NOW)
    return made


@pytest.fixture
def proposal(responsable):
    return proposed()


@pytest.fixture
def published(proposal, responsable):
    return publications.publish(proposal, by=acting(responsable, NOW))


def withdraw(publication, responsable):
    publications.withdraw(publication, reason=REASON, by=acting(responsable, LATER))


def address(act, publication):
    return reverse(f"publications:{act}", args=[publication.pk])


# --- The public ---------------------------------------------------------------------------------


def test_nothing_yet_is_shown_and_read_without_login(client):
    assert "Aucune solution n'est encore publiée" in text(client.get(INDEX))
    assert client.get(JSON).json()["publications"] == []
    empty = feedparser.parse(client.get(ATOM).content)
    assert not empty.bozo
    assert empty.entries == []
    assert client.get(ATOM)["ETag"] == client.get(ATOM)["ETag"]


def test_a_proposal_is_not_public(client, proposal):
    for url in (INDEX, JSON, ATOM):
        assert "Azimut" not in client.get(url).text
    publications.withdraw(proposal, reason="Non", by=acting(member(Role.RESPONSABLE), LATER))
    for url in (INDEX, JSON, ATOM):
        assert "Azimut" not in client.get(url).text


@pytest.mark.parametrize("url", [INDEX, JSON, ATOM])
def test_it_names_the_solution_and_never_the_clients(client, published, url):
    response = client.get(url)
    assert response.status_code == 200
    assert "Azimut" in response.text
    assert "Brume Logiciels" in response.text
    assert "secret" not in response.text


def test_the_page_announces_its_feeds(client, published):
    shown = client.get(INDEX)
    page = markup(shown)
    assert f'title="Premières installations réussies" href="{ATOM}"' in page
    assert f'href="{JSON}"' in page
    assert "02/03/2027 à 10h" in text(shown)
    assert "Retirer" not in text(shown)


def test_the_file_has_the_documented_shape(client, published, settings):
    settings.SITE_URL = "https://segur.example"
    answer = client.get(JSON)
    assert answer["Content-Type"] == "application/json"
    assert answer.json() == {
        "titre": "Premières installations réussies",
        "producteur": "Agence du Numérique en Santé",
        "licence": "Licence Ouverte / Open Licence 2.0",
        "licence_url": "https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
        "page": f"https://segur.example{INDEX}",
        "modifie_le": "2027-03-02T10:00:00+01:00",
        "publications": [
            {
                "id": f"tag:segur.example,2026:installations-reussies/{published.pk}",
                "page": f"https://segur.example{INDEX}#publication-{published.pk}",
                "dispositif": "SONS-IMG-RIS-Va2",
                "solution": "RIS & Azimut",
                "version": "2.0",
                "editeur": "Brume Logiciels",
                "fournisseur": "Brume Logiciels",
                "etat": "PUBLIEE",
                "publiee_le": "2027-03-02T10:00:00+01:00",
                "retiree_le": None,
                "motif_du_retrait": None,
                "remplace": None,
            }
        ],
    }


def test_the_feed_is_read_by_a_feed_parser(client, published, settings):
    settings.SITE_URL = "https://segur.example"
    response = client.get(ATOM)
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = feedparser.parse(response.content)
    assert not feed.bozo
    assert feed.version == "atom10"
    assert feed.feed.id == "tag:segur.example,2026:installations-reussies"
    assert feed.feed.author == "Agence du Numérique en Santé"
    assert {"rel": "self", "href": f"https://segur.example{ATOM}"}.items() <= (
        feed.feed.links[1].items()
    )
    (entry,) = feed.entries
    assert entry.id == f"tag:segur.example,2026:installations-reussies/{published.pk}"
    assert entry.title == TITLE
    assert entry.link == f"https://segur.example{INDEX}#publication-{published.pk}"
    assert entry.published_parsed[:5] == entry.updated_parsed[:5] == (2027, 3, 2, 9, 0)
    assert "RIS &amp; Azimut, version 2.0, de Brume Logiciels" in entry.summary


def test_a_control_character_kept_long_ago_does_not_break_the_feed(client, published):
    published.solution_name = "RIS\x0b\ufffeAzimut\x1b"
    published.save()
    feed = feedparser.parse(client.get(ATOM).content)
    assert not feed.bozo
    assert feed.entries[0].title.startswith("RIS Azimut 2.0, ")


def test_withdrawn_it_stays_struck_out_with_date_and_reason(client, published, responsable):
    before = feedparser.parse(client.get(ATOM).content)
    withdraw(published, responsable)
    shown = client.get(INDEX)
    assert "<s>RIS &amp; Azimut</s>" in markup(shown)
    assert f"Retirée le 03/06/2027 à 11h30 : {REASON}" in text(shown)
    (row,) = client.get(JSON).json()["publications"]
    assert (row["etat"], row["retiree_le"], row["motif_du_retrait"]) == (
        "RETIREE",
        "2027-06-03T11:30:00+02:00",
        REASON,
    )
    after = feedparser.parse(client.get(ATOM).content)
    (entry,) = after.entries
    assert entry.id == before.entries[0].id
    assert entry.title == f"Retirée : {TITLE}"
    assert entry.published_parsed == before.entries[0].published_parsed
    assert entry.updated_parsed[:5] == after.feed.updated_parsed[:5] == (2027, 6, 3, 9, 30)
    assert "&lt;constatée&gt; &amp; répétée" in entry.summary


def test_two_fournisseurs_of_one_solution_have_two_titles(client, published):
    other = OrganisationFactory(name="Vega Santé")
    Publication.objects.create(
        solution=published.solution,
        organisation=other,
        solution_name=published.solution_name,
        solution_version=published.solution_version,
        editeur_name=published.editeur_name,
        supplier_name=other.name,
        state=PublicationState.PUBLISHED,
        published_at=published.published_at,
    )
    titles = {entry.title for entry in feedparser.parse(client.get(ATOM).content).entries}
    assert titles == {TITLE, TITLE.replace("Brume Logiciels", "Vega Santé")}


@pytest.mark.parametrize("url", [JSON, ATOM])
def test_who_has_it_already_is_informed(client, published, responsable, url):
    first = client.get(url)
    assert first["Cache-Control"] == "public, max-age=3600"
    assert first["Last-Modified"] == "Tue, 02 Mar 2027 09:00:00 GMT"
    for known in (
        {"If-None-Match": first["ETag"]},
        {"If-Modified-Since": first["Last-Modified"]},
    ):
        again = client.get(url, headers=known)
        assert (again.status_code, again.content) == (304, b"")
    withdraw(published, responsable)
    changed = client.get(url, headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]
    assert client.head(url).status_code == 200
    assert client.post(url).status_code == 405


def test_a_publication_per_solution_names_no_fournisseur(client, published):
    Publication.objects.update(organisation=None, supplier_name="")
    assert client.get(JSON).json()["publications"][0]["fournisseur"] is None
    assert "installée par" not in client.get(ATOM).text


@pytest.mark.parametrize("url", [INDEX, JSON, ATOM])
def test_many_take_as_many_queries_as_one(client, published, url, django_assert_max_num_queries):
    Publication.objects.bulk_create(
        Publication(
            solution=SolutionFactory(),
            solution_name="RIS au nom très long " * 8,
            editeur_name="Éditeur",
            state=PublicationState.PUBLISHED,
            published_at=NOW,
        )
        for _ in range(30)
    )
    with django_assert_max_num_queries(9):  # two, and what the cache in the database asks
        client.get(url)


# --- The responsables ---------------------------------------------------------------------------


def test_a_responsable_finds_the_proposal_and_publishes_it(client, proposal, responsable):
    shown = page(client, responsable, INDEX)
    assert "À publier : 1 solution au périmètre pilote justifié" in text(shown)
    assert address("decide", proposal) in markup(shown)
    decide = page(client, responsable, address("decide", proposal))
    assert text(decide).count("Hôpital secret") == 3
    answer = client.post(address("decide", proposal), follow=True)
    assert "Publiée : la page publique et le flux la montrent déjà." in text(answer)
    proposal.refresh_from_db()
    assert proposal.published_by == responsable
    again = client.post(address("decide", proposal), follow=True)
    assert "elle ne peut plus être publiée" in text(again)
    assert "Périmètre pilote" in text(again)


def test_a_responsable_withdraws_with_a_reason(client, published, responsable):
    assert address("withdraw", published) in markup(page(client, responsable, INDEX))
    url = address("withdraw", published)
    assert "Retirer la publication" in text(page(client, responsable, url))
    empty = client.post(url, {"reason": "  "})
    assert empty.status_code == 422
    assert "Écrivez le motif" in text(empty)
    answer = client.post(url, {"reason": REASON}, follow=True)
    assert "La publication est retirée." in text(answer)
    assert "n'y a plus" not in text(page(client, responsable, INDEX))
    assert client.post(url, {"reason": "Encore"}).status_code == 422
    assert page(client, responsable, url).status_code == 200


def test_a_responsable_sets_a_proposal_aside(client, proposal, responsable):
    url = address("withdraw", proposal)
    assert "Écarter la proposition" in text(page(client, responsable, url))
    answer = client.post(url, {"reason": "Solde déjà demandé"}, follow=True)
    assert "La proposition est écartée." in text(answer)
    assert "À publier" not in text(answer)
    shown = page(client, responsable, address("decide", proposal))
    assert "il n'y a plus rien à publier" in text(shown)
    assert "Écartée le" in text(shown)


def test_a_responsable_proposes_again_what_was_withdrawn_and_everybody_reads_both(
    client, published, responsable
):
    withdraw(published, responsable)
    url = address("propose_again", published)
    assert url in markup(page(client, responsable, INDEX))
    assert url in markup(page(client, responsable, address("decide", published)))
    refused = client.post(url, {"reason": " "})
    assert refused.status_code == 422
    answer = client.post(url, {"reason": "Retrait par erreur."}, follow=True)
    made = Publication.objects.get(state=PublicationState.PROPOSED)
    assert answer.redirect_chain == [(address("decide", made), 302)]
    assert f"de nouveau, par {responsable} : Retrait par erreur." in text(answer)
    assert "Rien à proposer de nouveau" in text(page(client, responsable, url))
    with time_machine.travel(LATER + dt.timedelta(days=1), tick=False):
        client.force_login(responsable)
        client.post(address("decide", made))
    client.logout()
    shown = text(client.get(INDEX))
    assert "Publiée de nouveau le 04/06/2027 à 11h30" in shown
    assert "de nouveau, après le retrait du 03/06/2027 à 11h30" in shown
    assert "Retrait par erreur" not in shown
    new, old = client.get(JSON).json()["publications"]
    assert (new["etat"], old["etat"]) == ("PUBLIEE", "RETIREE")
    assert (new["remplace"], old["remplace"]) == (old["id"], None)
    entries = feedparser.parse(client.get(ATOM).content).entries
    assert [entry.title for entry in entries] == [
        TITLE.replace("02/03/2027 à 10h", "04/06/2027 à 11h30"),
        f"Retirée : {TITLE}",
    ]
    assert "retirée le jeudi 3 juin 2027, puis publiée de nouveau" in entries[0].summary


@pytest.mark.parametrize("act", ["decide", "withdraw", "propose_again"])
@pytest.mark.parametrize("role", [Role.AGENT, Role.MANDATAIRE])
def test_whoever_may_not_publish_is_refused(client, responsable, act, role):
    person = member(role)
    own = person.memberships.get().organisation
    made = proposed(editeur=None if role == Role.AGENT else own)
    for response in (
        page(client, person, address(act, made)),
        client.post(address(act, made), {"reason": "Non"}),
    ):
        assert response.status_code == 403
        assert "responsable de l'ANS" in text(response)
    made.refresh_from_db()
    assert made.state == PublicationState.PROPOSED


@pytest.mark.parametrize("act", ["decide", "withdraw", "propose_again"])
def test_an_outsider_and_anonymous_do_not_get_in(client, proposal, act):
    url = address(act, proposal)
    assert client.get(url)["Location"].startswith("/compte/")
    assert client.post(url)["Location"].startswith("/compte/")
    assert page(client, member(), url).status_code == 404
    assert client.post(url).status_code == 404


def test_an_agent_reads_what_waits_and_is_not_led_to_publish_it(client, proposal):
    shown = page(client, member(Role.AGENT), INDEX)
    assert "À publier : 1 solution au périmètre pilote justifié" in text(shown)
    assert address("decide", proposal) not in markup(shown)


@pytest.mark.parametrize("role", [Role.SALARIE, Role.MANDATAIRE, Role.REPRESENTANT])
def test_an_industriel_reads_the_page_without_what_waits(client, proposal, role):
    assert "À publier" not in text(page(client, member(role), INDEX))


def test_a_reader_without_an_account_reads_the_page_without_what_waits(client, proposal):
    assert "À publier" not in text(client.get(INDEX))


# --- On the page of the solution ----------------------------------------------------------------


def solution_page(client, user, publication):
    solution = reverse("solutions:detail", args=[publication.solution_id])
    return text(page(client, user, solution))


def test_the_page_of_the_solution_says_where_they_stand(client, proposal, responsable):
    editeur = member(Role.SALARIE, proposal.solution.organisation)
    assert "Proposées le 02/03/2027 à 10h" in solution_page(client, editeur, proposal)
    publications.publish(proposal, by=acting(responsable, NOW))
    shown = solution_page(client, editeur, proposal)
    assert "Publiées le 02/03/2027 à 10h" in shown
    publications.withdraw(proposal, reason=REASON, by=acting(responsable, LATER))
    shown = solution_page(client, editeur, proposal)
    assert f"Retirées le 03/06/2027 à 11h30 : {REASON}" in shown
    link = f"{INDEX}#publication-{proposal.pk}"
    solution = reverse("solutions:detail", args=[proposal.solution_id])
    assert link in markup(page(client, editeur, solution))


def test_before_any_publication_it_says_how_many_clients_count(client, responsable):
    supplier = SupplierFactory()
    solution = reverse("solutions:detail", args=[supplier.solution_id])
    nothing = text(page(client, responsable, solution))
    assert "aucun Client pilote n'est désigné" in nothing
    justified_pilot(supplier)
    justified_pilot(supplier)
    assert "Pas encore justifiées 2 Clients sur 3 comptent." in text(
        page(client, responsable, solution)
    )


def test_a_distributeur_reads_its_own_gate_alone(client, proposal, responsable):
    person = member(Role.SALARIE, OrganisationFactory(kind=Kind.DISTRIBUTEUR))
    own = person.memberships.get().organisation
    justified_pilot(SupplierFactory(solution=proposal.solution, organisation=own))
    shown = solution_page(client, person, proposal)
    assert "1 Client sur 3 compte." in shown
    assert "Proposées le" not in shown


def test_a_drimbox_has_no_such_section(client, responsable):
    solution = SolutionFactory(drimbox=True)
    shown = page(client, responsable, reverse("solutions:detail", args=[solution.pk]))
    assert 'id="installations"' not in markup(shown)


@pytest.mark.parametrize(("count", "shown", "leads"), [(4, 4, False), (5, 4, True)])
def test_the_queue_shows_four_proposals_and_leads_to_the_others(
    client, responsable, count, shown, leads
):
    Publication.objects.bulk_create(Publication(solution=SolutionFactory()) for _ in range(count))

    queue = markup(page(client, responsable, reverse("review:index")))
    whole = markup(page(client, responsable, INDEX))

    assert f"À publier : {count} solutions" in queue
    assert queue.count("/publier/") == shown
    assert ("Voir les 5 solutions" in queue) is leads
    assert whole.count("/publier/") == count
