"""The public calendars on screen, and the amendment of a date."""

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from accounts.enums import Role
from calendar_app.enums import Nature
from calendar_app.models import Milestone
from calendar_app.rules.parameters import ASP_URL
from calendar_app.services.calendars import milestone_amend
from parameters.models import RegulatoryParameter
from tests.by import acting
from tests.factories import DeadlineFactory, member
from tests.pages import markup, text

pytestmark = pytest.mark.usefixtures("calendars")
NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)
NEW = dt.datetime(2027, 7, 7, 10, tzinfo=dt.UTC)
PUBLIC = (
    "/",
    "/calendriers/",
    "/calendriers/historique/",
    "/calendriers/ris/",
    "/calendriers/drimbox/",
)


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def milestone():
    return Milestone.objects.get(code="ris-5")


@pytest.fixture
def responsable(client, db):
    person = member(Role.RESPONSABLE, full_name="Claire Fontanel")
    client.force_login(person)
    return person


def text_of(response):
    return " ".join(markup(response).split())


def typed(milestone, **changes):
    return {
        "due_at_jour": "2027-07-07",
        "due_at_heure": "12:00",
        "nature": "REGULATORY",
        "reason": "Report d'un mois.",
        "source": "Arrêté fictif du 18/05/2027",
        "based_on": str(milestone.version),
        **changes,
    }


def amend(milestone, actor, **changes):
    given: dict[str, Any] = {"due_at": NEW, "nature": Nature.REGULATORY, "now": NOW} | changes
    return milestone_amend(
        milestone=milestone,
        by=acting(actor, given.pop("now")),
        reason="Report d'un mois.",
        source="Arrêté",
        **given,
    )


@pytest.mark.parametrize("url", PUBLIC)
def test_the_calendars_are_public(client, url):
    assert client.get(url).status_code == 200


@pytest.mark.parametrize("url", PUBLIC)
def test_the_calendars_are_the_same_once_logged_in(client, url):
    client.force_login(member(Role.SALARIE))
    assert client.get(url).status_code == 200


@pytest.mark.parametrize("url", PUBLIC)
def test_the_calendars_are_read_only(client, url):
    assert client.post(url).status_code == 405


def test_an_unknown_calendar_is_not_found(client):
    assert client.get("/calendriers/pacs/").status_code == 404


def test_home_says_what_is_next_and_how_long_is_left(client):
    page = text_of(client.get("/"))
    assert "mercredi 9 juin 2027 à 12h (heure de Paris)" in page
    assert '199 <span class="countdown-unit">jours</span>' in page
    assert "dont 137 ouvrés" in page
    assert '297 <span class="countdown-unit">jours</span>' in page


def test_home_says_first_what_differs(client):
    page = text_of(client.get("/"))
    assert page.index("Ce qui diffère entre RIS et DRIMbox") < page.index("Les deux calendriers")
    assert "2 jalons n'ont pas la même date" in page
    assert "98 jours" in page
    assert "84 jours" in page


def test_the_history_gives_the_former_date_the_new_one_and_the_source(client, milestone):
    amend(milestone, member(Role.RESPONSABLE, full_name="Claire Fontanel"))
    page = text(client.get("/calendriers/historique/"))
    assert "RIS, jalon 5 : " in page
    assert "Avant le 09/06/2027 12h devient avant le 07/07/2027 12h" in page
    assert "Enregistré le 22/11/2026 à 10h · Source : Arrêté" in page
    assert "Report d'un mois." in page
    assert "Fontanel" not in page
    client.force_login(member(Role.AGENT))
    assert "par Claire Fontanel" in text(client.get("/calendriers/historique/"))


def test_the_history_says_that_nothing_has_changed(client):
    assert "Aucune modification" in text(client.get("/calendriers/historique/"))


@pytest.mark.parametrize("url", ["/", "/calendriers/"])
def test_both_calendars_have_all_their_dates_in_the_table(client, url):
    page = text_of(client.get(url))
    for shown in (
        "10/09/2025 12h",
        "13/05/2026 12h",
        "16/09/2026 12h",
        "10/11/2026 12h",
        "09/06/2027 12h",
        "22/09/2027 12h",
        "15/09/2027 12h",
        "15/12/2027 12h",
    ):
        assert shown in page


@pytest.mark.parametrize("url", [url for url in PUBLIC if "historique" not in url])
def test_the_picture_has_a_title_a_description_and_no_comma_in_its_places(client, url):
    page = markup(client.get(url))
    picture = page[page.index('<svg class="frise-picture"') : page.index("<figcaption>")]
    assert '<title id="frise-t">' in picture
    assert '<desc id="frise-d">' in picture
    assert "style=" not in picture
    places = [part.split('"')[0] for part in picture.split('x="')[1:]]
    assert places
    assert not [place for place in places if "," in place]


def test_on_the_22nd_of_november_2026_four_milestones_are_past(client):
    page = markup(client.get("/calendriers/ris/"))
    assert page.count("</svg>Passé</span>") == 4
    assert page.count("</svg>Prochain jalon</span>") == 1
    assert page.count("</svg>À venir</span>") == 1


def test_a_calendar_says_where_one_files_with_the_address_in_effect(client):
    RegulatoryParameter.objects.create(
        key=ASP_URL, value="https://asp.example/", effective_from=NOW, source="x"
    )
    page = text_of(client.get("/calendriers/ris/"))
    assert 'href="https://asp.example/"' in page
    assert "chez le Client, sans dépôt" in page.lower() or "Chez le Client, sans dépôt" in page


def test_a_calendar_of_the_past_says_so(client, time_machine):
    time_machine.move_to(dt.datetime(2028, 2, 1, 9, tzinfo=dt.UTC))
    assert "Tous les jalons sont passés" in text_of(client.get("/"))
    assert "Tous les jalons de ce dispositif sont passés" in text_of(
        client.get("/calendriers/drimbox/")
    )


def test_an_estimated_date_never_passes_for_a_regulatory_one(client, milestone):
    amend(milestone, member(Role.RESPONSABLE), nature=Nature.ESTIMATED)
    for url in ("/", "/calendriers/", "/calendriers/ris/"):
        page = text_of(client.get(url))
        assert "frise-estimated" in page
        assert "≈" in page
    ris = text(client.get("/calendriers/ris/"))
    assert "Avant le mercredi 9 juin 2027 à 12h (heure de Paris)" in ris
    assert "date estimée : elle ne déplace ni échéance ni rappel" in ris


def test_history_is_public_without_the_names(client, milestone):
    author = member(Role.RESPONSABLE, full_name="Claire Fontanel")
    amend(milestone, author)
    page = text_of(client.get("/calendriers/ris/"))
    assert "2 versions de cette date" in page
    assert "mercredi 9 juin 2027 à 12h" in page
    assert "Report d&#x27;un mois." in page
    assert "Claire Fontanel" not in page
    assert "Claire Fontanel" not in text_of(client.get("/calendriers/"))


@pytest.mark.parametrize(
    ("role", "shown"), [(Role.AGENT, True), (Role.RESPONSABLE, True), (Role.MANDATAIRE, False)]
)
def test_names_are_for_the_ans(client, milestone, role, shown):
    amend(milestone, member(Role.RESPONSABLE, full_name="Claire Fontanel"))
    client.force_login(member(role, full_name="Autre Personne"))
    assert ("Claire Fontanel" in text_of(client.get("/calendriers/ris/"))) is shown


@pytest.mark.parametrize(
    ("role", "shown"), [(Role.RESPONSABLE, True), (Role.AGENT, False), (Role.MANDATAIRE, False)]
)
def test_the_link_to_amend_is_for_responsables(client, role, shown):
    client.force_login(member(role))
    assert ("Modifier la date" in text_of(client.get("/calendriers/ris/"))) is shown


@pytest.mark.parametrize("url", PUBLIC)
def test_queries_do_not_grow_with_versions(client, milestone, url, django_assert_max_num_queries):
    author = member(Role.RESPONSABLE)
    for days in range(4):
        milestone.refresh_from_db()
        amend(milestone, author, due_at=NEW + dt.timedelta(days=days))
    with django_assert_max_num_queries(7):
        client.get(url)


# --- The amendment -------------------------------------------------------------------------------


def url_of(milestone):
    return reverse("calendars:amend", args=[milestone.pk])


def test_anonymous_is_sent_to_the_login_page(client, milestone):
    response = client.get(url_of(milestone))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("role", [Role.AGENT, Role.MANDATAIRE, Role.REPRESENTANT, Role.SALARIE])
@pytest.mark.parametrize("method", ["get", "post"])
def test_others_than_responsables_are_refused(client, milestone, role, method):
    client.force_login(member(role))
    assert getattr(client, method)(url_of(milestone)).status_code == 403


@pytest.mark.usefixtures("responsable")
def test_an_unknown_milestone_is_not_found(client):
    assert client.get("/calendriers/jalons/999999/modifier/").status_code == 404


@pytest.mark.usefixtures("responsable")
def test_the_form_starts_from_what_holds(client, milestone):
    page = text_of(client.get(url_of(milestone)))
    assert 'value="2027-06-09"' in page
    assert 'value="12:00:00"' in page


@pytest.mark.usefixtures("responsable")
def test_checking_shows_old_and_new_and_what_is_touched_and_changes_nothing(client, milestone):
    DeadlineFactory(milestone=milestone)
    page = text_of(client.post(url_of(milestone), typed(milestone, verifier="")))
    assert "mercredi 9 juin 2027 à 12h (heure de Paris)" in page
    assert "mercredi 7 juillet 2027 à 12h (heure de Paris)" in page
    assert "1, dont 1 à faire, dans 1 organisation" in page
    assert "À vérifier" not in page
    milestone.refresh_from_db()
    assert milestone.version == 1


@pytest.mark.usefixtures("responsable")
def test_checking_says_what_is_unusual(client, milestone):
    data = typed(milestone, due_at_jour="2027-10-03", due_at_heure="18:00", verifier="")
    page = text_of(client.post(url_of(milestone), data))
    assert "Le dimanche 3 octobre 2027 n&#x27;est pas un jour ouvré." in page
    assert "alors que les textes disent 12h" in page
    assert "Le jalon 6, le 22/09/2027 12h, viendra avant le jalon 5." in page


def test_confirming_amends_and_shows_the_new_date(client, milestone, responsable):
    response = client.post(url_of(milestone), typed(milestone, confirmer=""), follow=True)
    assert response.redirect_chain == [("/calendriers/ris/#jalon-5", 302)]
    milestone.refresh_from_db()
    assert (milestone.due_at, milestone.version) == (NEW, 2)
    assert milestone.versions.first().author == responsable
    page = text_of(response)
    assert "Jalon 5 : version 2, avant le mercredi 7 juillet 2027 à 12h" in page
    assert "par Claire Fontanel" in page


@pytest.mark.usefixtures("responsable")
def test_correcting_brings_the_form_back_with_what_was_typed(client, milestone):
    page = text_of(client.post(url_of(milestone), typed(milestone, corriger="")))
    assert 'value="2027-07-07"' in page
    assert "Report d&#x27;un mois." in page
    assert "Le formulaire n'est pas enregistré" not in page


@pytest.mark.usefixtures("responsable")
@pytest.mark.parametrize("button", ["verifier", "confirmer"])
@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"due_at_jour": "2026-11-20"}, "est déjà passé"),
        ({"due_at_jour": "2027-06-09"}, "Rien ne change"),
        ({"due_at_heure": "00:00"}, "00h00"),
        ({"due_at_jour": "2027-03-28", "due_at_heure": "02:30"}, "n&#x27;existe pas"),
        ({"due_at_jour": "2027-02-30"}, "Cette date n&#x27;existe pas"),
        ({"due_at_jour": "", "due_at_heure": ""}, "Indiquez le jour et l&#x27;heure"),
        ({"reason": " "}, "Indiquez le motif"),
        ({"source": ""}, "Indiquez le texte qui donne cette date"),
        ({"nature": ""}, "Précisez si la date est réglementaire ou estimée"),
        ({"nature": "SURE"}, "SURE"),
    ],
)
def test_a_refusal_is_by_its_field_and_loses_nothing(client, milestone, button, changes, sentence):
    data = typed(milestone, **{button: ""}) | changes
    response = client.post(url_of(milestone), data)
    page = text_of(response)
    assert response.status_code == 200
    assert sentence in page
    assert f'value="{data["due_at_jour"]}"' in page or not data["due_at_jour"]
    milestone.refresh_from_db()
    assert milestone.version == 1


@pytest.mark.parametrize("button", ["verifier", "confirmer"])
def test_somebody_else_was_first(client, milestone, responsable, button):
    data = typed(milestone, due_at_jour="2027-07-21", **{button: ""})
    amend(milestone, member(Role.RESPONSABLE))
    page = text_of(client.post(url_of(milestone), data))
    assert "Quelqu&#x27;un d&#x27;autre vient de modifier ce jalon" in page
    assert "mercredi 7 juillet 2027 à 12h (heure de Paris)" in page
    assert 'name="based_on" value="2"' in page
    assert 'value="2027-07-21"' in page
    response = client.post(url_of(milestone), data | {"based_on": "2", "confirmer": ""})
    assert response.status_code == 302
    assert milestone.versions.count() == 3


@pytest.mark.usefixtures("responsable")
@pytest.mark.parametrize("based_on", ["", "x", "99"])
def test_a_tampered_version_is_refused(client, milestone, based_on):
    data = typed(milestone, based_on=based_on, confirmer="")
    assert client.post(url_of(milestone), data).status_code == 200
    assert milestone.versions.count() == 1
