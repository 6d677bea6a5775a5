"""The security log: what it notes, who reads it, and that it holds neither name nor address."""

import datetime as dt

import pytest
from allauth.account.models import EmailAddress
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from accounts.services.api_tokens import api_token_create, api_token_revoke
from accounts.services.memberships import membership_change_role
from accounts.services.viewing import view_as_begin
from api.enums import Scope
from journal.models import Entry
from tests.accounts.mailbox import last, link
from tests.accounts.second_factors import code, with_application
from tests.by import acting
from tests.factories import member
from tests.pages import cells, text

pytestmark = pytest.mark.django_db
PASSWORD = "mot de passe de test"
NEW = "une phrase assez longue 7"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:133.0) Gecko/20100101 Firefox/133.0"
PAGE = "/compte/securite/"
NOW = dt.datetime(2026, 11, 30, 9, tzinfo=dt.UTC)


@pytest.fixture
def user():
    return member(email="claire@exemple.example", full_name="Claire Fictive")


@pytest.fixture
def desk():
    return Client(headers={"User-Agent": FIREFOX}, REMOTE_ADDR="192.0.2.1")


def log_in(client, user, password=PASSWORD):
    return client.post(reverse("account_login"), {"login": user.email, "password": password})


def acts():
    found = Entry.objects.filter(act__startswith="security.").order_by("pk")
    return [entry.act.removeprefix("security.") for entry in found]


def test_a_login_and_a_refusal_are_noted_with_device_and_place(desk, user):
    log_in(desk, user, "faux")
    log_in(desk, user)
    response = desk.get(PAGE)
    assert cells(response, "Événement") == [
        "Connexion (mot de passe)",
        "Connexion refusée : mot de passe faux",
    ]
    assert cells(response, "Appareil") == ["Firefox, Windows"] * 2
    here, there = cells(response, "Lieu")
    assert here == there


def test_two_places_have_two_marks(desk, user):
    log_in(desk, user, "faux")
    other = Client(REMOTE_ADDR="198.51.100.9")
    log_in(other, user)
    assert len(set(cells(other.get(PAGE), "Lieu"))) == 2


def test_a_line_names_neither_the_person_nor_the_address(desk, user):
    log_in(desk, user, "faux")
    log_in(desk, user)
    for entry in Entry.objects.filter(act__startswith="security."):
        written = f"{entry.what} {entry.subject_label} {entry.note} {entry.after}"
        assert "192.0.2.1" not in written
        assert user.full_name not in written
        assert user.email not in written
    refusal = Entry.objects.get(act="security.refused")
    assert (refusal.signer.name, refusal.signer.user_id) == ("Personne non identifiée", None)


def test_factors_codes_and_passwords_are_noted(desk, user, django_capture_on_commit_callbacks):
    secret = with_application(user)
    log_in(desk, user)
    desk.post(reverse("mfa_authenticate"), {"code": "000000"})
    desk.post(reverse("mfa_authenticate"), {"code": code(secret)})
    desk.post(reverse("mfa_trust"), {"action": "skip"})
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(reverse("mfa_generate_recovery_codes"))
    desk.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW},
    )
    desk.post(reverse("mfa_deactivate_totp"))
    assert acts() == [
        "code_refused",
        "login",
        "codes",
        "password",
        "factor_removed",
        "factor_removed",
    ]
    assert Entry.objects.get(act="security.login").what == "Connexion (mot de passe, application)"


def test_a_password_replaced_through_a_mail_is_noted(desk, user):
    assert EmailAddress.objects.filter(user=user).exists()
    desk.post(reverse("account_reset_password"), {"email": user.email})
    form = desk.get(link(last(user.email)))["Location"]
    desk.post(form, {"password1": NEW, "password2": NEW})
    assert acts() == ["password"]


def test_closing_other_sessions_is_noted(desk, user):
    log_in(desk, user)
    desk.post(reverse("accounts:sessions_close_others"))
    assert acts() == ["login", "sessions"]


def test_a_wrong_password_for_no_account_notes_nothing(desk):
    desk.post(reverse("account_login"), {"login": "x@exemple.example", "password": "faux"})
    assert acts() == []


def test_a_colleague_reads_nothing_of_it_and_the_ans_reads_all(desk, user):
    log_in(desk, user)
    colleague = member(Role.MANDATAIRE, organisation=user.memberships.get().organisation)
    reader = Client()
    reader.force_login(colleague)
    assert "Aucune connexion n'est encore inscrite." in text(reader.get(PAGE))
    assert "Connexion (mot de passe)" not in text(reader.get("/journal/"))
    reader.force_login(member(Role.AGENT))
    assert "Connexion (mot de passe)" in text(reader.get("/journal/"))


def test_the_limit_reached_is_noted_once(desk, user):
    for _ in range(8):
        log_in(desk, user, "faux")
    assert acts() == ["refused"] * 5 + ["stopped"]


def test_keys_and_roles_are_on_the_page_of_who_acts_and_of_who_has_the_role(desk, user):
    membership = user.memberships.get()
    organisation = membership.organisation
    mandataire = member(Role.MANDATAIRE, organisation=organisation, full_name="Paul Inventé")
    by = acting(mandataire, NOW)
    membership_change_role(membership=membership, role=Role.REPRESENTANT, by=by)
    token, _key = api_token_create(
        organisation=organisation,
        name="Veille",
        scopes=[Scope.READ],
        ends_on=NOW.date() + dt.timedelta(days=30),
        by=by,
    )
    api_token_revoke(token=token, by=by)
    changed = f"Rôle changé : Mandataire → Représentant ({organisation})"
    desk.force_login(mandataire)
    assert cells(desk.get(PAGE), "Événement") == [
        "Clé d'API « Veille » retirée",
        "Clé d'API « Veille » créée",
        changed,
    ]
    desk.force_login(user)
    assert cells(desk.get(PAGE), "Événement") == [f"{changed}, par Paul Inventé"]


def test_who_is_seen_and_who_looked_read_it_and_a_colleague_does_not(desk, user):
    membership, responsable = user.memberships.get(), member(Role.RESPONSABLE)
    colleague = member(organisation=membership.organisation)
    view_as_begin(SessionStore(), member=membership, reason="Appel", by=acting(responsable, NOW))
    for reader, lines in ((user, 1), (responsable, 1), (colleague, 0)):
        desk.force_login(reader)
        assert len(cells(desk.get(PAGE), "Événement")) == lines
