"""A file of éditeurs and distributeurs: opened, changed, and their first person invited."""

import re

import pytest
from django.core import mail

from accounts.enums import Kind, Role
from accounts.models import Invitation, Organisation
from accounts.services.invitations import OWN, invitation_send
from accounts.services.organisations import organisation_create, organisation_update
from imports.services.organisation_imports import CLOSED, KIND, OTHER_ADDRESS, REASON
from tests.accounts.mailbox import received
from tests.by import acting
from tests.entries import entries
from tests.factories import OrganisationFactory, luhn, member
from tests.imports.files import (
    NOW,
    choose,
    confirm,
    preview,
    problems,
    record,
)
from tests.pages import as_read, text

SIREN, OTHER = luhn("55210055"), luhn("44306184")
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stopped")]


@pytest.fixture
def user():
    return member(Role.RESPONSABLE, email="responsable@ans.example")


def line(**cells):
    return {
        "Nature": "Éditeur",
        "Nom": "Imagix",
        "SIREN": SIREN,
        "Commune": "Nantes",
        "Première personne": "Anne@imagix.example",
        "Rôle": "",
        **cells,
    }


def test_a_file_opens_organisations_and_invites_their_first_person(client, user):
    other = line(Nature="distributeur", SIREN=f"{OTHER[:3]} {OTHER[3:]}", Nom="Région Imagerie")
    rows = [line(), {**other, "Première personne": "", "Rôle": ""}]
    assert record(client, user, KIND.code, rows).sentence == "Lignes du fichier : 2 ajoutées."
    first = Organisation.objects.get(siren=SIREN)
    assert (first.kind, first.name, first.city) == (Kind.EDITEUR, "Imagix", "Nantes")
    [invitation] = Invitation.objects.all()
    assert (invitation.organisation, invitation.email, invitation.role) == (
        first,
        "anne@imagix.example",
        Role.MANDATAIRE,
    )
    assert [entry.act for entry in entries(first)] == ["organisation.create"]
    assert Organisation.objects.get(siren=OTHER).kind == Kind.DISTRIBUTEUR


@pytest.mark.parametrize(
    ("cells", "column", "sentence"),
    [
        ({"Nature": "Client"}, "Nature", "Écrivez : Éditeur, Distributeur."),
        ({"Nom": ""}, "Nom", "vide"),
        ({"SIREN": "123456789"}, "SIREN", "n'existe pas"),
        ({"Première personne": "anne"}, "Première personne", "adresse"),
        ({"Première personne": "Responsable+x@ans.example"}, "Première personne", OWN),
        ({"Rôle": "Agent"}, "Rôle", "Écrivez : Mandataire, Représentant, Salarié."),
    ],
)
def test_what_is_wrong_is_named_at_its_line_and_column(client, user, cells, column, sentence):
    [(number, named, refusal)] = problems(choose(client, user, KIND.code, [line(**cells)]))
    assert (number, named) == (2, column)
    assert sentence in refusal
    assert not Organisation.objects.filter(kind=Kind.EDITEUR).exists()


def test_the_same_file_twice_opens_and_invites_nothing(client, user):
    record(client, user, KIND.code, [line()])
    sent = len(mail.outbox)
    shown = preview(client, choose(client, user, KIND.code, [line()]))
    assert "Tout est déjà enregistré" in text(shown)
    assert (len(mail.outbox), Invitation.objects.count()) == (sent, 1)


def test_another_name_and_another_person_are_shown_then_recorded(client, user):
    record(client, user, KIND.code, [line()])
    changed = [line(Nom="Imagix Santé", **{"Première personne": "bea@imagix.example"})]
    shown = preview(client, choose(client, user, KIND.code, changed))
    [row] = shown.context["plan"].rows
    assert [(c.text, c.before) for c in row.cells if c.before is not None] == [
        ("Imagix Santé", "Imagix"),
        ("bea@imagix.example", "pas encore invitée"),
    ]
    record(client, user, KIND.code, changed)
    row = Organisation.objects.get(siren=SIREN)
    assert row.name == "Imagix Santé"
    assert (entries(row)[-1].act, entries(row)[-1].note) == ("organisation.update", REASON)
    assert set(Invitation.objects.values_list("email", flat=True)) == {
        "anne@imagix.example",
        "bea@imagix.example",
    }


def test_a_member_is_not_invited_again(client, user):
    organisation = OrganisationFactory(siren=SIREN, name="Imagix", city="Nantes")
    member(Role.SALARIE, organisation, email="anne@imagix.example")
    shown = preview(client, choose(client, user, KIND.code, [line()]))
    assert "Tout est déjà enregistré" in text(shown)


def test_a_closed_organisation_is_not_opened_by_a_file(client, user):
    OrganisationFactory(siren=SIREN, is_active=False)
    assert problems(choose(client, user, KIND.code, [line()])) == [(2, "SIREN", CLOSED)]


@pytest.mark.parametrize("role", [Role.AGENT, Role.MANDATAIRE])
def test_only_a_responsable_of_the_ans_imports_organisations(client, role):
    assert choose(client, member(role), KIND.code, [line()]).status_code == 403


def entry_of(row):
    """What the last entry says, but for who and when."""
    last = entries(row)[-1]
    return (last.act, last.what, last.note, last.before, last.after, last.organisation_id)


def test_a_file_leaves_what_the_pages_leave(client, user):
    by = acting(user, NOW)
    typed = organisation_create(kind=Kind.EDITEUR, name="Typée", siren=OTHER, by=by)
    record(client, user, KIND.code, [line()])
    filed = Organisation.objects.get(siren=SIREN)
    sent = invitation_send(
        organisation=typed, email="b@imagix.example", role=Role.MANDATAIRE, by=by
    )
    [invitation] = filed.invitations.all()
    for page, file in ((typed, filed), (sent, invitation)):
        *shown, reader = entry_of(page)
        assert entry_of(file) == (*shown, filed.pk)
        assert reader == typed.pk
    organisation_update(organisation=typed, name="Corrigée", city="Nice", reason=REASON, by=by)
    record(client, user, KIND.code, [line(SIREN=OTHER, Nom="Relue", Commune="Lyon")])
    before, after = entries(typed)[-2:]
    assert before.what == "Identité modifiée : nom : Typée → Corrigée ; commune : vide → Nice"
    assert after.what == "Identité modifiée : nom : Corrigée → Relue ; commune : Nice → Lyon"
    assert after.before == before.after == {"name": "Corrigée", "city": "Nice"}
    typed.refresh_from_db()
    assert list(Organisation.objects.search("relue lyon")) == [typed]


def test_one_mail_to_whom_several_lines_invite(client, user):
    record(client, user, KIND.code, [line(), line(SIREN=OTHER, Nom="Imagix Ouest")])
    [mail] = received("anne@imagix.example")
    assert mail.is_sensitive
    assert as_read(mail.subject).startswith("Invitation : rejoignez 2 organisations avant le")
    links = re.findall(r"/invitation/([\w-]+)/", mail.body_text)
    joined = [Invitation.objects.of_token(token).get().organisation.name for token in links]
    assert joined == ["Imagix", "Imagix Ouest"]
    assert re.findall(r'href="[^"]*/invitation/([\w-]+)/', mail.body_html) == links


def test_one_mailbox_is_not_flooded_under_several_addresses(client, user):
    twice = line(SIREN=OTHER, **{"Première personne": "anne+2@imagix.example"})
    [found] = problems(choose(client, user, KIND.code, [line(), twice]))
    assert found == (3, "Première personne", OTHER_ADDRESS.format(2, "anne@imagix.example"))


def test_queries_do_not_grow_with_the_lines(client, user, django_assert_max_num_queries):
    sirens = [luhn(f"{30_000_000 + n}") for n in range(60)]
    rows = [line(SIREN=n, **{"Première personne": f"p{n}@imagix.example"}) for n in sirens]
    shown = preview(client, choose(client, user, KIND.code, rows))
    with django_assert_max_num_queries(60):
        confirm(client, shown)
    assert Invitation.objects.count() == len(rows)
