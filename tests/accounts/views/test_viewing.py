"""«Voir comme»: a responsable of the ANS reads the site as a member, and nothing more."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.enums import Role
from accounts.middleware.viewing import LENGTH, NOT_SHOWN, READ_ONLY, SESSION_KEY
from accounts.models import Membership
from calendar_app.models import Proof
from calendar_app.services.drafts import save_draft
from journal.models import Entry
from pilots.pv.models import PilotPV
from tests.by import acting
from tests.calendar_app.filing_cases import of_prestation
from tests.calendar_app.papers import upload
from tests.factories import OrganisationFactory, PilotPVFactory, member
from tests.pages import markup, text

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2027, 3, 1, 9, tzinfo=dt.UTC)
LEAVE = "/voir-comme/quitter/"
REASON = "Appel du support n° 12"


@pytest.fixture(autouse=True)
def _now(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def leader():
    return member(Role.RESPONSABLE)


@pytest.fixture
def target():
    return member(Role.REPRESENTANT)


def organisation_of(user):
    return user.memberships.get().organisation


def address(user):
    return reverse("accounts:view_as", args=[organisation_of(user).pk])


def begin(client, leader, target, **values):
    client.force_login(leader)
    data = {"member": target.memberships.get().pk, "reason": REASON, **values}
    return client.post(address(target), data)


@pytest.fixture
def viewing(client, calendars, leader, target):
    assert begin(client, leader, target).status_code == 302
    return client


def test_the_site_is_that_of_the_member_under_a_banner(viewing, target):
    response = viewing.get("/echeances/")
    assert response.context["request"].user == target
    assert "Mes échéances" in markup(response).split("</h1>")[0]
    shown = text(response)
    assert f"Vous voyez le site comme {target}" in shown
    assert "jusqu'au 01/03/2027 à 10h30" in shown
    assert "Quitter" in shown


@pytest.mark.parametrize("path", ["/solutions/", "/prestations/", "/perf/", "/journal/", "/"])
def test_the_banner_is_on_every_page(viewing, path):
    assert "Vous voyez le site comme" in text(viewing.get(path))


@pytest.mark.parametrize(
    "path",
    [
        "/solutions/nouvelle/",
        "/affichage/",
        "/organisation/choisir/",
        "/compte/logout/",
        "/notifications/tout-lire/",
        "/organisations/nouvelle/",
    ],
)
@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_nothing_is_sent(viewing, path, method):
    before = Entry.objects.count()
    response = getattr(viewing, method)(path)
    assert response.status_code == 405
    assert READ_ONLY in text(response)
    assert Entry.objects.count() == before


@pytest.mark.parametrize(
    "path",
    [
        "/profil/",
        "/compte/password/change/",
        "/compte/email/",
        "/calendriers/prive/",
        "/rappels/",
        "/notifications/",
        "/organisation/cles/",
        "/administration/",
        "/organisations/",
        "/api/v1/docs",
        "/programme.json",
        "/echeances/liste.csv",
        "/perf/liste.xlsx",
        "/journal/journal.csv",
        "/calendriers/ris.ics",
        "/echeances/1/depot/",
    ],
)
def test_what_is_personal_or_a_file_is_not_shown(viewing, path):
    response = viewing.get(path)
    assert response.status_code in (403, 404)
    if response.status_code == 403:
        assert NOT_SHOWN in text(response)


def test_what_was_never_filed_is_not_seen(calendars, target):
    """A draft is between the members: a responsable does not read it otherwise."""
    deadline = of_prestation(5, editeur=target)
    save_draft(deadline=deadline, proofs=[upload()], by=acting(target, NOW))
    pv = PilotPVFactory(pilot__prestation=deadline.prestation, sent_at=None)
    assert Proof.objects.visible_to(target).count() == 1
    assert PilotPV.objects.visible_to(target).get() == pv
    target.is_looked_through = True
    assert not Proof.objects.visible_to(target).exists()
    assert not PilotPV.objects.visible_to(target).exists()


@pytest.mark.django_db(transaction=True)
def test_a_write_behind_a_page_is_refused_by_the_database(viewing, monkeypatch):
    """Whatever a view forgets: the last wall."""

    def careless(*_args, **_kwargs):
        Membership.objects.update(role=Role.MANDATAIRE)

    monkeypatch.setattr("calendar_app.views.solutions.render", careless)
    roles = set(Membership.objects.values_list("role", flat=True))
    response = viewing.get("/solutions/")
    assert response.status_code == 403
    assert set(Membership.objects.values_list("role", flat=True)) == roles


def test_leaving_gives_one_s_own_site_back(viewing, leader, target):
    response = viewing.post(LEAVE)
    assert response["Location"] == organisation_of(target).get_absolute_url()
    assert viewing.get("/programme/").context["request"].user == leader
    assert SESSION_KEY not in viewing.session


@pytest.mark.parametrize(
    ("after", "is_over"),
    [(LENGTH - dt.timedelta(seconds=1), False), (LENGTH, True), (dt.timedelta(hours=1), True)],
)
def test_it_ends_by_itself(viewing, leader, time_machine, after, is_over):
    time_machine.move_to(NOW + after, tick=False)
    response = viewing.get("/")
    assert (response.context["request"].user == leader) is is_over
    assert (SESSION_KEY in viewing.session) is not is_over
    if is_over:
        assert Entry.objects.get(act="organisation.view_end").at == NOW + LENGTH


def test_it_ends_in_the_journal_with_a_session_that_was_left(viewing, time_machine):
    time_machine.move_to(NOW + dt.timedelta(hours=3), tick=False)
    assert viewing.get("/programme/")["Location"].startswith("/compte/login/")
    assert Entry.objects.get(act="organisation.view_end").at == NOW + LENGTH


def test_beginning_and_end_are_in_the_journal_of_the_organisation(viewing, client, leader, target):
    viewing.post(LEAVE)
    own = organisation_of(target)
    found = list(Entry.objects.filter(organisation_id=own.pk).order_by("pk"))
    assert [one.act for one in found] == ["organisation.view", "organisation.view_end"]
    assert (found[0].note, str(found[0].signer)) == (REASON, str(leader))
    assert str(target) not in found[0].what
    client.force_login(member(Role.MANDATAIRE, organisation=own))
    shown = text(client.get("/journal/"))
    assert "L'ANS consulte le site comme un membre de l'organisation (Représentant)" in shown
    assert REASON in shown
    client.force_login(member(Role.MANDATAIRE, organisation=OrganisationFactory()))
    assert REASON not in text(client.get("/journal/"))


def test_a_reason_and_a_person_are_asked(client, leader, target):
    response = begin(client, leader, target, member="", reason=" ")
    assert response.status_code == 422
    shown = text(response)
    assert "Choisissez la personne." in shown
    assert "Donnez le motif." in shown
    assert SESSION_KEY not in client.session


@pytest.mark.parametrize("role", [Role.AGENT, Role.MANDATAIRE, Role.REPRESENTANT, Role.SALARIE])
def test_only_a_responsable_may(client, target, role):
    other = member(role)
    response = begin(client, other, target)
    assert response.status_code == (403 if role == Role.AGENT else 404)
    assert SESSION_KEY not in client.session
    assert client.get(address(target)).status_code == response.status_code


def test_a_mandataire_does_not_look_through_colleagues(client, target):
    boss = member(Role.MANDATAIRE, organisation=organisation_of(target))
    assert begin(client, boss, target).status_code == 403


def cannot(client, leader, membership):
    """The member is not offered, and not taken."""
    client.force_login(leader)
    url = reverse("accounts:view_as", args=[membership.organisation_id])
    response = client.post(url, {"member": membership.pk, "reason": REASON})
    assert response.status_code in (404, 422)
    return SESSION_KEY not in client.session


def test_nobody_looks_through_the_ans(client, leader):
    """Neither its agents, nor a member of an industriel who is one of them too."""
    assert cannot(client, leader, member(Role.AGENT).memberships.get())
    two_hats = member(Role.REPRESENTANT)
    own = two_hats.memberships.get()
    member_of_ans = {"organisation": organisation_of(leader), "role": Role.AGENT}
    Membership.objects.create(user=two_hats, **member_of_ans)
    assert cannot(client, leader, own)


@pytest.mark.parametrize("flag", ["is_staff", "is_superuser"])
def test_nobody_looks_through_the_technical_team(client, leader, target, flag):
    setattr(target, flag, True)
    target.save()
    assert cannot(client, leader, target.memberships.get())


def test_a_member_of_another_organisation_cannot_be_smuggled_in(client, leader, target):
    stranger = member(Role.MANDATAIRE, organisation=OrganisationFactory())
    response = begin(client, leader, target, member=stranger.memberships.get().pk)
    assert response.status_code == 422
    assert SESSION_KEY not in client.session


def test_no_view_within_a_view(viewing, target):
    """The page that begins one is not shown, and its form not taken."""
    other = member(Role.SALARIE, organisation=organisation_of(target))
    data = {"member": other.memberships.get().pk, "reason": REASON}
    assert viewing.post(address(target), data).status_code == 405
    assert viewing.get(address(target)).status_code == 403
    assert viewing.session[SESSION_KEY]["user"] == target.pk


@pytest.mark.parametrize("what", ["leader", "target", "gone"])
def test_it_ends_as_soon_as_either_loses_the_right(viewing, leader, target, what):
    if what == "leader":
        leader.memberships.update(role=Role.AGENT)
    elif what == "target":
        target.memberships.all().delete()
    else:
        target.is_active = False
        target.save()
    assert viewing.get("/").context["request"].user == leader
    assert Entry.objects.filter(act="organisation.view_end").count() == 1


def test_leaving_without_having_begun_does_nothing(client, leader):
    client.force_login(leader)
    assert client.post(LEAVE)["Location"] == "/accueil/"
    assert not Entry.objects.filter(act="organisation.view_end").exists()


def test_the_member_s_own_session_is_untouched(viewing, target, django_user_model):
    before = django_user_model.objects.get(pk=target.pk).last_login
    viewing.get("/echeances/")
    assert django_user_model.objects.get(pk=target.pk).last_login == before
