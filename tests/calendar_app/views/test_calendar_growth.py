"""A milestone and a dispositif added from the site, in two steps, beside the data file."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.enums import Role
from calendar_app.enums import CALENDAR_MAIL, State
from calendar_app.models import Deadline, Dispositif, Milestone, Reminder
from calendar_app.services import calendar_news
from calendar_app.services.calendar_loading import load_calendars
from calendar_app.services.solutions import solution_create
from mailing.models import OutgoingMail
from tests.by import acting
from tests.entries import entries
from tests.factories import OrganisationFactory, PrestationFactory, SupplierFactory, member
from tests.pages import as_read, text
from tests.two_steps import confirm

NOW = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
pytestmark = [pytest.mark.usefixtures("calendars"), pytest.mark.at(NOW)]
DUE = dt.datetime(2026, 12, 16, 11, tzinfo=dt.UTC)
MILESTONE = {
    "title": "Bilan des Prestations Ségur",
    "scope": "PRESTATION",
    "channel": "ASP",
    "due_at_jour": "2026-12-16",
    "due_at_heure": "12:00",
    "nature": "REGULATORY",
    "reason": "L'arrêté ajoute un bilan.",
    "source": "Arrêté fictif du 18/11/2026, article 3",
}
DISPOSITIF = {
    "code": "SONS-IMG-PACS-Va2",
    "slug": "pacs",
    "name": "SONS Imagerie PACS, Vague 2",
    "short_name": "PACS",
    "has_perf": "on",
    "reason": "Troisième dispositif.",
    "source": "Arrêté fictif du 18/11/2026, article 9",
}


@pytest.fixture
def responsable(client, db):
    person = member(Role.RESPONSABLE)
    client.force_login(person)
    return person


@pytest.fixture
def ris():
    return Dispositif.objects.get(slug="ris")


@pytest.fixture
def prestation():
    """Of a Fournisseur with two members; and one of the other dispositif, that nothing touches."""
    PrestationFactory(supplier__solution__drimbox=True)
    made = PrestationFactory()
    member(Role.MANDATAIRE, made.organisation)
    member(Role.REPRESENTANT, made.organisation)
    return made


def url(dispositif):
    return reverse("calendars:milestone_create", args=[dispositif.slug])


def add(client, dispositif, **changes):
    return confirm(client, url(dispositif), {**MILESTONE, **changes})


# --- A milestone --------------------------------------------------------------------------------


def test_the_first_step_counts_what_would_appear_and_writes_nothing(
    client, responsable, ris, prestation
):
    response = client.post(url(ris), {**MILESTONE, "verifier": "1"})

    shown = text(response)
    assert response.status_code == 200
    assert "Échéances ouvertes 1, dans 1 organisation" in shown
    assert response.context["growth"].reminders > 0
    assert "avant le mercredi 16 décembre 2026 à 12h (heure de Paris)" in shown
    assert Milestone.objects.count() == 12
    assert not Deadline.objects.exists()
    assert not Reminder.objects.exists()
    assert not entries(ris)


def test_a_growth_that_nobody_has_read_as_it_is_now_is_not_made(
    client, responsable, ris, prestation
):
    read = client.post(url(ris), {**MILESTONE, "verifier": "1"}).context["seen"]
    PrestationFactory(supplier=prestation.supplier)
    for seen in (read, ""):
        page = client.post(url(ris), {**MILESTONE, "confirmer": "1", "vu": seen})
        assert "Ce qui changerait n'est plus ce que la page montrait" in text(page)
    assert Milestone.objects.count() == 12


def test_confirmed_it_opens_deadlines_and_reminders_and_is_journaled(
    client, responsable, ris, prestation
):
    preview = client.post(url(ris), {**MILESTONE, "verifier": "1"}).context["growth"]

    response = add(client, ris)

    assert response.url == f"{reverse('calendars:detail', args=['ris'])}#jalon-7"
    milestone = Milestone.objects.get(dispositif=ris, number=7)
    deadline = Deadline.objects.get(milestone=milestone)
    assert (deadline.prestation, deadline.due_at, deadline.state) == (prestation, DUE, State.TO_DO)
    assert Reminder.objects.filter(deadline=deadline).count() == preview.reminders
    version = milestone.versions.get()
    assert (version.reason, version.source) == (MILESTONE["reason"], MILESTONE["source"])
    [entry] = entries(milestone)
    assert entry.act == "milestone.create"
    assert entry.what == "Jalon 7 ajouté au calendrier RIS, 16/12/2026 12h"
    assert MILESTONE["source"] in entry.note
    calendar = text(client.get(reverse("calendars:detail", args=["ris"])))
    assert "7. Bilan des Prestations Ségur" in calendar
    assert MILESTONE["reason"] in text(client.get(reverse("calendars:index")))


def test_those_concerned_are_notified_once(client, responsable, ris, prestation):
    outsider = member(Role.MANDATAIRE)
    add(client, ris)

    assert calendar_news.tell_waiting(now=NOW) == 1
    assert calendar_news.tell_waiting(now=NOW) == 0

    mails = OutgoingMail.objects.filter(kind=CALENDAR_MAIL)
    assert mails.count() == 2
    assert not mails.filter(user=outsider).exists()
    mail = mails.first()
    assert (
        mail.subject == "Jalon ajouté : Bilan des Prestations Ségur, RIS, avant le 16/12/2026 12h"
    )
    assert "est ajouté, à faire avant le mercredi 16 décembre 2026" in as_read(mail.body_text)


def test_a_later_solution_or_prestation_gains_it_too(client, responsable, ris):
    add(client, ris, scope="SOLUTION", channel="CONVERGENCE")
    editeur = member(Role.MANDATAIRE)

    solution = solution_create(
        organisation=editeur.memberships.get().organisation,
        dispositif=ris,
        name="RIS fictif",
        by=acting(editeur, NOW),
    )

    assert solution.deadlines.filter(milestone__number=7).exists()


def test_loading_the_data_file_again_leaves_it_alone(client, responsable, ris, prestation):
    add(client, ris)
    before = list(Milestone.objects.order_by("pk").values())

    load_calendars()

    assert list(Milestone.objects.order_by("pk").values()) == before
    assert Deadline.objects.filter(milestone__number=7).count() == 1


def test_with_an_estimate_only_nothing_is_due(client, responsable, ris, prestation):
    add(client, ris, nature="ESTIMATED")

    deadline = Deadline.objects.get(milestone__number=7)
    assert (deadline.due_at, deadline.estimated_at) == (None, DUE)
    assert not Reminder.objects.exists()


@pytest.mark.usefixtures("responsable")
@pytest.mark.parametrize("step", ["verifier", "confirmer"])
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": ""}, "title"),
        ({"reason": " "}, "reason"),
        ({"source": ""}, "source"),
        ({"due_at_jour": "2026-11-20"}, "due_at"),
        ({"scope": "SOLUTION", "needs_pilots": "on"}, "needs_pilots"),
    ],
)
def test_a_refusal_stands_by_its_field(client, ris, step, changes, field):
    response = client.post(url(ris), {**MILESTONE, step: "1", **changes})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert Milestone.objects.count() == 12


def test_a_money_step_passes_the_gates_of_the_others(client, responsable, ris):
    prestation = PrestationFactory(supplier=SupplierFactory(psc_from=None, psc_until=None))
    add(client, ris, is_money_step="on", needs_pilots="on")
    deadline = Deadline.objects.get(prestation=prestation, milestone__number=7)
    client.force_login(member(Role.MANDATAIRE, prestation.organisation))

    reasons = client.get(reverse("deadlines:prepare", args=[deadline.pk])).context["reasons"]

    words = " ".join(reason["reason"] for reason in reasons)
    assert "EDC PSC" in words
    assert "pilote" in words


@pytest.mark.parametrize("role", [Role.AGENT, Role.MANDATAIRE, Role.REPRESENTANT, Role.SALARIE])
def test_nobody_else_adds_one(client, ris, role):
    client.force_login(member(role))

    assert client.get(url(ris)).status_code == 403
    assert add(client, ris).status_code == 403
    assert "Ajouter un jalon" not in text(client.get(reverse("calendars:detail", args=["ris"])))
    assert Milestone.objects.count() == 12


# --- A dispositif -------------------------------------------------------------------------------

CREATE = "/calendriers/nouveau/"


def test_a_dispositif_is_shown_then_added_then_gains_milestones(client, responsable):
    check = client.post(CREATE, {**DISPOSITIF, "verifier": "1"})
    assert "PERF, par les indisponibilités" in text(check)
    assert Dispositif.objects.count() == 2

    response = client.post(CREATE, {**DISPOSITIF, "confirmer": "1"})

    assert response.url == "/calendriers/pacs/"
    made = Dispositif.objects.get(slug="pacs")
    assert (made.has_perf, made.has_pilots, made.has_va, made.needs_proxy) == (
        True,
        False,
        False,
        False,
    )
    [entry] = entries(made)
    assert (entry.act, entry.what) == (
        "dispositif.create",
        "Dispositif PACS ajouté (SONS-IMG-PACS-Va2)",
    )
    assert "n'a pas encore de jalon" in text(client.get("/calendriers/pacs/"))
    assert add(client, made).status_code == 302
    for page in ("/", "/calendriers/", "/calendriers/pacs/"):
        assert "Bilan des Prestations Ségur" in text(client.get(page))
    load_calendars()
    assert Dispositif.objects.count() == 3


def test_its_follow_ups_are_those_chosen(client, responsable):
    client.post(CREATE, {**DISPOSITIF, "confirmer": "1"})
    pacs = Dispositif.objects.get(slug="pacs")
    prestation = PrestationFactory(supplier__solution__dispositif=pacs)
    client.force_login(member(Role.MANDATAIRE, prestation.organisation))

    shown = text(client.get(reverse("prestations:detail", args=[prestation.pk])))

    assert "Indisponibilités et PERF" in shown
    assert "VA et deux mois" not in shown
    assert "Portails de diffusion" not in shown
    assert client.get(reverse("perf:prestation", args=[prestation.pk])).status_code == 200
    assert client.get(reverse("va:detail", args=[prestation.pk])).status_code == 404


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"slug": "ris"}, "slug"),
        ({"slug": "nouveau"}, "slug"),
        ({"slug": "2e"}, "slug"),
        ({"code": "SONS-IMG-RIS-Va2"}, "code"),
        ({"source": ""}, "source"),
        ({"reason": ""}, "reason"),
    ],
)
def test_a_wrong_dispositif_is_refused(client, responsable, changes, field):
    response = client.post(CREATE, {**DISPOSITIF, "confirmer": "1", **changes})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert Dispositif.objects.count() == 2


@pytest.mark.parametrize("role", [Role.AGENT, Role.MANDATAIRE])
def test_only_a_responsable_adds_a_dispositif(client, role):
    client.force_login(member(role))

    assert client.post(CREATE, {**DISPOSITIF, "confirmer": "1"}).status_code == 403
    assert Dispositif.objects.count() == 2


def test_an_editeur_registers_a_solution_of_it(client, responsable):
    client.post(CREATE, {**DISPOSITIF, "confirmer": "1"})
    pacs = Dispositif.objects.get(slug="pacs")
    add(client, pacs, scope="SOLUTION", channel="CONVERGENCE")
    organisation = OrganisationFactory()
    client.force_login(member(Role.MANDATAIRE, organisation))

    client.post(
        reverse("solutions:create"),
        {"dispositif": pacs.pk, "name": "PACS fictif", "version": "1", "market": "CONCURRENTIEL"},
    )

    [solution] = organisation.solutions.all()
    assert [row.milestone.number for row in solution.deadlines.all()] == [1]
