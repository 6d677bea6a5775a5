"""Préfigurateurs by their addresses: who reaches what, lists, files, the public list."""

import csv
import datetime as dt

import icalendar
import pytest
import time_machine
from django.urls import reverse

from accounts.enums import Role
from mailing.models import OutgoingMail
from pilots.enums import Stage
from pilots.prefiguration.models import Contact, Prefigurateur
from tests.calendar_app.pages import reading
from tests.factories import OrganisationFactory, PrefigurateurFactory, SolutionFactory, member
from tests.pages import cells, markup, text
from tests.pilots.prefigurateurs import (
    EMAIL,
    INTERVIEW,
    NOW,
    PERSON,
    at_stage,
    give,
    kept_for,
    plan,
)

LONG = "Groupement de coopération sanitaire d'imagerie des vallées fictives de l'Arrière-Pays " * 2


@pytest.fixture(autouse=True)
def _now(calendars):
    with time_machine.travel(NOW, tick=False):
        yield


def url(name, *args):
    return reverse(f"prefigurateurs:{name}", args=args)


READ = ("index", "csv", "xlsx")
ASK = reverse("bulk", args=["demander-contacts"])
ABOUT = (
    ("detail", "get"),
    ("contact", "get"),
    ("contact_correct", "get"),
    ("contact_erase", "get"),
    ("edit", "get"),
    ("interview", "get"),
    ("interview_report", "get"),
    ("drop", "get"),
    ("withdraw", "get"),
    ("interview_cancel", "post"),
    ("publish", "post"),
    ("resume", "post"),
    ("agree", "post"),
    ("attend", "post"),
)
SEE, NO, HIDDEN = 200, 403, 404
MATRIX = {
    "agent": (SEE, SEE, NO, SEE, SEE, SEE, SEE, SEE, SEE, SEE, SEE, SEE, SEE, NO, NO),
    "salarie": (NO, SEE, SEE, SEE, SEE, NO, NO, NO, NO, NO, NO, NO, NO, NO, SEE),
    "representant": (NO, SEE, SEE, SEE, SEE, NO, NO, NO, NO, NO, NO, NO, NO, SEE, SEE),
    "outsider": (NO, *[HIDDEN] * 14),
    "nobody": (NO, *[HIDDEN] * 14),
}
"""The pages of who leads, then each of ABOUT; a POST that is allowed leads back to the page."""


def person(who, one):
    match who:
        case "agent":
            return member(Role.AGENT)
        case "salarie":
            return member(Role.SALARIE, one.solution.organisation)
        case "representant":
            return member(Role.REPRESENTANT, one.solution.organisation)
        case "outsider":
            return member(organisation=SolutionFactory(drimbox=True).organisation)
    return member(organisation=OrganisationFactory(is_active=False))


@pytest.mark.parametrize("who", MATRIX)
def test_who_reaches_which_page(client, who):
    one = at_stage(Stage.CONTACT)
    client.force_login(person(who, one))
    lead, *about = MATRIX[who]
    assert [client.get(url(name)).status_code for name in READ] == [200] * 3
    assert [client.get(page).status_code for page in (url("create"), ASK)] == [lead] * 2
    found = []
    for name, method in ABOUT:
        pk = one.contacts.get().pk if name.startswith("contact_") else one.pk
        found.append(getattr(client, method)(url(name, pk), follow=True).status_code)
    assert found == about


def test_anonymous_is_sent_to_the_login_page_but_for_the_public_list(client):
    one = at_stage(Stage.CONTACT)
    for address in (url("index"), url("csv"), url("detail", one.pk), url("contact", one.pk)):
        assert client.get(address)["Location"].startswith(reverse("account_login"))
    assert client.get(url("public")).status_code == 200
    assert client.get(url("public_json")).status_code == 200


def test_an_editeur_sees_its_own_and_nothing_of_the_others(client):
    mine, other = at_stage(Stage.CONTACT), at_stage(Stage.CONTACT, name="Chez un autre")
    client.force_login(member(Role.SALARIE, mine.solution.organisation))
    page = markup(client.get(url("index")))
    assert mine.name in page
    assert other.name not in page
    assert other.solution.organisation.name not in page
    assert other.name not in client.get(url("csv")).content.decode("utf-8-sig")


def test_personal_data_is_on_the_page_and_in_no_list_nor_file(client):
    one = at_stage(Stage.PUBLIC)
    client.force_login(member(Role.AGENT))
    detail = markup(client.get(url("detail", one.pk)))
    assert all(value in detail for value in PERSON.values())
    texts = [
        markup(client.get(url("index") + "?situation=publics")),
        client.get(url("csv") + "?situation=publics").content.decode("utf-8-sig"),
        markup(client.get(url("public"))),
        client.get(url("public_json")).text,
    ]
    for shown in texts:
        assert one.name in shown
        assert not [value for value in PERSON.values() if value in shown]


def test_the_public_list_has_what_is_published_and_only_that(client):
    shown, agreed = at_stage(Stage.PUBLIC, name="Publié"), at_stage(Stage.AGREED, name="Pas encore")
    page = markup(client.get(url("public")))
    assert shown.name in page
    assert agreed.name not in page
    solution = shown.solution
    assert client.get(url("public_json")).json()["prefigurateurs"] == [
        {
            "nom": "Publié",
            "nature": "Établissement",
            "commune": "Mélusine",
            "editeur": solution.organisation.name,
            "solution": solution.name,
            "proxy": solution.proxy_name,
            "publie_le": "2026-11-23",
        }
    ]


REPORT = {
    "interview_at_jour": "2026-12-07",
    "interview_at_heure": "14:30",
    "explained_expectations": "on",
    "explained_calendar": "on",
    "is_understood": "on",
}


def test_from_the_working_list_to_the_public_list(client):
    solution = SolutionFactory(drimbox=True)
    agent, salarie = member(Role.AGENT), member(Role.SALARIE, solution.organisation)
    establishment = OrganisationFactory(client=True, name="Clinique des Lucioles", city="Mélusine")
    client.force_login(agent)
    search = markup(client.get(url("create"), {"q": "lucioles"}))
    assert f"?client={establishment.pk}" in search
    fields = {"kind": "ETABLISSEMENT", "solution": solution.pk}
    client.post(f"{url('create')}?client={establishment.pk}", fields)
    one = Prefigurateur.objects.get()
    assert (one.name, one.city, one.client) == ("Clinique des Lucioles", "Mélusine", establishment)
    vus = client.get(ASK, {"ligne": one.pk}).context["shown"]
    asked = client.post(ASK, {"vus": vus, "due_on": "2026-12-11"}, follow=True)
    assert "1 contact demandé." in markup(asked)

    client.force_login(salarie)
    deadlines = client.get(reverse("deadlines:index"))
    assert "Contact technique : Clinique des Lucioles" in text(deadlines)
    assert cells(deadlines, "Qui doit agir") == [solution.organisation.name]
    given = {**PERSON, "purpose": "Entretien.", "source": "Par mail.", "delete_on": "2027-03-01"}
    assert "agathe.lanterne" in markup(client.post(url("contact", one.pk), given, follow=True))
    client.post(url("attend", one.pk), {"participe": "oui"})

    client.force_login(agent)
    planned = {"at_jour": "2026-12-07", "at_heure": "14:30", "place": "https://visio.ans.example/1"}
    address = url("interview", one.pk)
    client.post(address, {**reading(client, address), **planned})
    assert set(
        OutgoingMail.objects.filter(attachments__0__name="entretien.ics").values_list(
            "to_email", flat=True
        )
    ) == {EMAIL, salarie.email}
    with time_machine.travel(INTERVIEW + dt.timedelta(hours=1), tick=False):
        client.force_login(agent)
        page = markup(client.get(url("detail", one.pk)))
        assert "l'ANS doit en enregistrer le compte-rendu" in page.replace("&#x27;", "'")
        address = url("interview_report", one.pk)
        client.post(address, {**reading(client, address), **REPORT})
        client.force_login(salarie)
        page = markup(client.get(url("detail", one.pk)))
        assert "Un Représentant ou un Mandataire" in page
        assert url("agree", one.pk) not in page
        client.force_login(member(Role.REPRESENTANT, solution.organisation))
        assert url("agree", one.pk) in markup(client.get(url("detail", one.pk)))
        client.post(url("agree", one.pk))
        client.force_login(agent)
        client.post(url("publish", one.pk))
        client.logout()
        assert "Clinique des Lucioles" in markup(client.get(url("public")))
        client.force_login(agent)
        client.post(url("withdraw", one.pk), {"reason": "Erreur de couple."})
        assert "Erreur de couple." in markup(client.get(url("detail", one.pk)))
        client.logout()
        assert "Clinique des Lucioles" not in markup(client.get(url("public")))


def test_an_impossible_act_is_a_message_and_changes_nothing(client):
    one = at_stage(Stage.CONTACT)
    client.force_login(member(Role.AGENT))
    page = markup(client.post(url("publish", one.pk), follow=True))
    assert "Étapes possibles" in page
    one.refresh_from_db()
    assert one.stage == Stage.CONTACT


def test_a_contact_is_corrected_and_the_journal_says_what(client):
    one = at_stage(Stage.CONTACT)
    contact = one.contacts.get()
    client.force_login(member(Role.SALARIE, one.solution.organisation))
    address = url("contact_correct", contact.pk)
    assert address in markup(client.get(url("detail", one.pk)))
    form = markup(client.get(address))
    assert PERSON["full_name"] in form
    assert 'name="delete_on"' not in form
    wrong = client.post(address, {**PERSON, "email": "agathe"})
    assert wrong.status_code == 422
    page = markup(client.post(address, {**PERSON, "phone": "0199000001"}, follow=True))
    assert "Contact technique corrigé." in page
    assert "0199000001" in page
    assert "Téléphone." in page
    client.post(url("contact_erase", contact.pk))
    assert "plus rien à corriger" in markup(client.get(address, follow=True)).replace("&#x27;", "'")


@pytest.mark.parametrize("stage", [Stage.PUBLIC, Stage.DROPPED])
def test_no_contact_is_asked_for_where_none_is_taken(client, stage):
    one = at_stage(stage)
    client.force_login(member(Role.SALARIE, one.solution.organisation))
    assert url("contact", one.pk) not in markup(client.get(url("detail", one.pk)))
    page = client.get(url("contact", one.pk), follow=True)
    assert page.redirect_chain
    assert "Ce préfigurateur est" in markup(page)


def test_the_longest_time_is_the_parameter_of_the_day(client):
    one = at_stage(Stage.CONTACT)
    client.force_login(member(Role.SALARIE, one.solution.organisation))
    kept_for(3)
    page = markup(client.get(url("contact", one.pk)))
    assert "3 mois au plus" in page
    assert 'value="2027-02-23"' in page


def test_a_contact_is_erased_by_a_button_after_a_question(client):
    one = at_stage(Stage.CONTACT)
    contact = one.contacts.get()
    client.force_login(member(Role.SALARIE, one.solution.organisation))
    assert "Effacer définitivement" in markup(client.get(url("contact_erase", contact.pk)))
    page = markup(client.post(url("contact_erase", contact.pk), follow=True))
    assert "Le contact est effacé." in page
    assert EMAIL not in page
    assert not Contact.objects.kept().exists()
    assert "déjà effacé" in markup(client.get(url("contact_erase", contact.pk), follow=True))


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"email": "pas une adresse"}, "Cette adresse n'est pas complète."),
        ({"delete_on": "2028-01-01"}, "pas plus de 12 mois"),
        ({"purpose": ""}, "Indiquez à quoi ces données servent."),
        ({"delete_on": "31/02/2027"}, "Cette date n'existe pas."),
    ],
)
def test_a_wrong_contact_is_a_sentence_and_nothing_is_kept(client, changed, sentence):
    one = PrefigurateurFactory()
    client.force_login(member(Role.SALARIE, one.solution.organisation))
    given = {**PERSON, "purpose": "Entretien.", "source": "Mail.", "delete_on": "2027-03-01"}
    response = client.post(url("contact", one.pk), given | changed)
    assert response.status_code == 422
    assert sentence in markup(response).replace("&#x27;", "'")
    assert not Contact.objects.exists()


def test_the_interview_can_be_taken_as_a_file(client):
    one, agent = at_stage(Stage.CONTACT), member(Role.AGENT)
    client.force_login(agent)
    assert client.get(url("interview_ics", one.pk)).status_code == 404
    plan(one, agent=agent)
    response = client.get(url("interview_ics", one.pk))
    calendar = icalendar.Calendar.from_ical(response.content)
    assert calendar["METHOD"] == "PUBLISH"
    assert calendar.events[0]["DTSTART"].dt == INTERVIEW
    assert EMAIL not in response.text


SITUATIONS = {
    "": {Stage.WORKING_LIST, Stage.CONTACT, Stage.INTERVIEW, Stage.AGREED},
    "a-demander": {Stage.WORKING_LIST},
    "sans-contact": {Stage.WORKING_LIST},
    "entretien-a-planifier": {Stage.CONTACT},
    "entretien-fixe": set(),
    "a-valider": {Stage.INTERVIEW},
    "a-publier": {Stage.AGREED},
    "publics": {Stage.PUBLIC},
    "ecartes": {Stage.DROPPED},
}


def test_each_view_of_the_list_has_its_stage_and_its_count(client):
    for stage in Stage:
        PrefigurateurFactory(stage=stage)
    client.force_login(member(Role.AGENT))
    for situation, stages in SITUATIONS.items():
        response = client.get(url("index"), {"situation": situation})
        assert {row.prefigurateur.stage for row in response.context["rows"]} == stages
        (tab,) = [tab for tab in response.context["tabs"] if tab["current"]]
        assert tab["count"] == len(stages)


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("melusine", True),
        ("HOPITAL DES TROIS", True),
        ("hôpital des quatre", False),
        ("editeur du NORD", True),
        ("rien", False),
    ],
)
def test_the_search_knows_neither_case_nor_accents(client, q, found):
    editeur = OrganisationFactory(name="Éditeur du Nord")
    couple = SolutionFactory(drimbox=True, organisation=editeur)
    one = PrefigurateurFactory(name="Hôpital des Trois-Ponts", city="Mélusine", solution=couple)
    client.force_login(member(Role.AGENT))
    rows = client.get(url("index"), {"q": q}).context["rows"]
    assert [row.prefigurateur for row in rows] == [one] * found


def test_an_empty_list_says_why(client):
    client.force_login(member(Role.AGENT))
    assert "La liste de travail est vide" in markup(client.get(url("index")))
    assert "encore publié" in markup(client.get(url("public")))
    client.force_login(member(Role.SALARIE))
    assert "une de vos solutions DRIMbox" in markup(client.get(url("index")))


def test_queries_do_not_grow_with_the_rows(client, django_assert_max_num_queries):
    solutions = [SolutionFactory(drimbox=True) for _ in range(5)]
    Prefigurateur.objects.bulk_create(
        PrefigurateurFactory.build(
            name=f"{LONG[:180]} {number}",
            stage=Stage.CONTACT if number % 2 else Stage.WORKING_LIST,
            solution=solutions[number % 5],
        )
        for number in range(300)
    )
    client.force_login(member(Role.AGENT))
    for address in (url("index"), url("csv"), url("public"), f"{ASK}?situation=sans-contact"):
        most = 13 if address == url("csv") else 10  # the security log
        with django_assert_max_num_queries(most):
            response = client.get(address)
        assert response.status_code == 200
    lines = client.get(url("csv")).content.decode("utf-8-sig").splitlines()
    assert len(list(csv.reader(lines, delimiter=";"))) == 301


def test_the_list_begins_with_what_is_left_to_do(client):
    for stage in reversed(Stage):
        PrefigurateurFactory(stage=stage)
    earlier = PrefigurateurFactory(name="Zénith", stage=Stage.CONTACT, interview_at=INTERVIEW)
    client.force_login(member(Role.AGENT))
    rows = client.get(url("index")).context["rows"]
    shown = [row.prefigurateur.stage for row in rows]
    assert shown == ["LISTE", "CONTACT", "CONTACT", "ENTRETIEN", "VALIDE"]
    assert rows[1].prefigurateur == earlier


def test_contacts_are_asked_for_under_the_name_of_their_editeur(client):
    north, south = SolutionFactory(drimbox=True), SolutionFactory(drimbox=True)
    for solution in (north, south, north):
        PrefigurateurFactory(solution=solution)
    client.force_login(member(Role.AGENT))
    groups = client.get(ASK, {"situation": "a-demander"}).context["groups"]
    assert {heading: len(rows) for heading, rows in groups} == {
        str(north.organisation): 2,
        str(south.organisation): 1,
    }


def test_one_can_be_asked_from_its_page(client):
    first, second = PrefigurateurFactory(), PrefigurateurFactory()
    client.force_login(member(Role.AGENT))
    address = f"{ASK}?ligne={second.pk}"
    assert f'href="{address}"' in markup(client.get(url("detail", second.pk)))
    assert client.get(address).context["ready"] == [second]
    give(first)
    assert f'name="ligne" value="{first.pk}"' not in markup(client.get(url("index")))
