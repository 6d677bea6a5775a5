"""A file of contacts: given and corrected as on their pages, and their data goes with the file."""

import pytest

from accounts.enums import Role
from imports.models import Import
from pilots.enums import Stage
from pilots.prefiguration.models import Contact
from pilots.prefiguration.rules.prefiguration import NO_MORE_CONTACT, PURPOSE
from pilots.prefiguration.services.contact_imports import KEPT, KIND, SEVERAL, UNKNOWN
from tests.entries import entries
from tests.factories import OrganisationFactory, PrefigurateurFactory, SolutionFactory, member
from tests.imports.files import (  # noqa: F401  (NOW is of the fixture «stopped»)
    NOW,
    choose,
    preview,
    problems,
    record,
)
from tests.pages import text

pytestmark = pytest.mark.usefixtures("calendars", "stopped")


@pytest.fixture
def one():
    return PrefigurateurFactory(name="Hôpital de Brocéliande")


@pytest.fixture
def user(one):
    return member(Role.SALARIE, one.solution.organisation)


def line(**cells):
    return {
        "Préfigurateur": "hopital de broceliande",
        "Prénom et nom": "Viviane Dulac",
        "Adresse électronique": "Viviane@hopital.example",
        "Téléphone": "",
        "Source": "Communiqué par l'établissement.",
        "À effacer le": "30/04/2027",
        **cells,
    }


def test_a_file_gives_contacts_and_settles_what_was_asked_for(client, user, one):
    job = record(client, user, KIND.code, [line(), line(**{"Adresse électronique": "b@h.example"})])
    assert job.sentence == "Lignes du fichier : 2 ajoutées."
    contact = Contact.objects.get(email="viviane@hopital.example")
    assert (contact.prefigurateur, contact.purpose) == (one, PURPOSE)
    assert contact.given_by_name == str(user)
    one.refresh_from_db()
    assert one.stage == Stage.CONTACT
    acts = [entry.act for entry in entries(one)]
    assert acts == ["prefigurateur.give", "prefigurateur.give_another"]
    assert bytes(Import.objects.get(pk=job.pk).content) == b""
    assert not any("viviane" in str(entry.after) + entry.note for entry in entries(one))


@pytest.mark.parametrize(
    ("cells", "column", "sentence"),
    [
        ({"Préfigurateur": "Camelot"}, "Préfigurateur", UNKNOWN),
        ({"Adresse électronique": "viviane"}, "Adresse électronique", "adresse"),
        ({"Source": ""}, "Source", "vide"),
        ({"À effacer le": "30/11/2026"}, "À effacer le", "Choisissez un jour à venir"),
        ({"À effacer le": "30/11/2031"}, "À effacer le", "ne se garde pas plus de"),
    ],
)
def test_what_is_wrong_is_named_at_its_line_and_column(client, user, cells, column, sentence):
    [(number, named, shown)] = problems(choose(client, user, KIND.code, [line(**cells)]))
    assert (number, named) == (2, column)
    assert sentence in shown
    assert not Contact.objects.exists()


def test_the_same_file_twice_gives_nothing_and_another_name_corrects(client, user, one):
    record(client, user, KIND.code, [line()])
    assert "Tout est déjà enregistré" in text(
        preview(client, choose(client, user, KIND.code, [line()]))
    )
    record(client, user, KIND.code, [line(**{"Prénom et nom": "Viviane du Lac"})])
    assert Contact.objects.get().full_name == "Viviane du Lac"
    assert entries(one)[-1].act == "prefigurateur.correct_contact"


def test_what_a_contact_is_kept_for_does_not_change(client, user, one):
    record(client, user, KIND.code, [line()])
    found = problems(choose(client, user, KIND.code, [line(Source="Autre")]))
    assert found == [(2, "Source", KEPT)]


def test_no_contact_is_taken_for_who_is_set_aside(client, user, one):
    one.stage = Stage.DROPPED
    one.save()
    found = problems(choose(client, user, KIND.code, [line()]))
    assert found == [(2, "Préfigurateur", NO_MORE_CONTACT[Stage.DROPPED])]


def test_of_two_couples_the_file_names_one(client, user, one):
    other = SolutionFactory(drimbox=True, organisation=one.solution.organisation)
    theirs = PrefigurateurFactory(name=one.name, solution=other)
    found = problems(choose(client, user, KIND.code, [line()]))
    assert found == [(2, "Préfigurateur", SEVERAL)]
    record(client, user, KIND.code, [line(Couple=str(other))])
    assert Contact.objects.get().prefigurateur == theirs


def test_to_an_outsider_the_prefigurateur_does_not_exist_and_the_ans_gives_none(client, one):
    found = problems(choose(client, member(Role.MANDATAIRE), KIND.code, [line()]))
    assert found == [(2, "Préfigurateur", UNKNOWN)]
    agent = member(Role.AGENT, OrganisationFactory(ans=True))
    assert choose(client, agent, KIND.code, [line()]).status_code == 403
