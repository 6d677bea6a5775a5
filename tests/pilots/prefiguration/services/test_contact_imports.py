"""A file of contacts: given and corrected as on their pages, and their data goes with the file."""

import datetime as dt

import pytest

from accounts.enums import Role
from calendar_app.enums import ReminderState, State
from calendar_app.models import Reminder
from imports.models import Import
from pilots.enums import Stage
from pilots.prefiguration.models import Contact
from pilots.prefiguration.rules.prefiguration import NO_MORE_CONTACT, PURPOSE
from pilots.prefiguration.services.contact_imports import KEPT, KIND, SEVERAL, UNKNOWN
from pilots.prefiguration.services.contact_requests import ask
from tests.accounts.mailbox import received
from tests.by import acting
from tests.entries import entries
from tests.factories import OrganisationFactory, PrefigurateurFactory, SolutionFactory, member
from tests.imports.files import (
    NOW,
    choose,
    confirm,
    preview,
    problems,
    record,
)
from tests.pages import text
from tests.pilots.prefigurateurs import give, plan

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


def kept_line(email):
    """Of somebody who is kept until the interview."""
    return line(**{"Adresse électronique": email, "À effacer le": "28/02/2027"})


def test_a_file_leaves_what_the_page_leaves(client, user, one):
    """Entries, the request that asked for a contact, and the invitation to the interview."""
    agent = member(Role.AGENT, OrganisationFactory(ans=True))
    other = PrefigurateurFactory(name="Autre", solution=one.solution)
    due_on = dt.date(2026, 12, 18)
    ask([one, other], due_on=due_on, by=acting(agent, NOW))
    give(other, actor=user, now=NOW, email="page@h.example", delete_on=dt.date(2027, 2, 28))
    record(client, user, KIND.code, [kept_line("fichier@h.example")])
    for row in (one, other):
        row.refresh_from_db()
        plan(row, agent=agent, at=NOW + dt.timedelta(days=9), now=NOW)
        row.refresh_from_db()
    give(other, actor=user, now=NOW, email="page2@h.example", delete_on=dt.date(2027, 2, 28))
    record(client, user, KIND.code, [kept_line("fichier2@h.example")])
    written = [
        [(e.act, e.what, e.note, e.before, e.after, e.organisation_id) for e in entries(row)]
        for row in (one, other)
    ]
    assert written[0] == written[1]
    requests = [row.contact_request for row in (one, other)]
    assert [one.state for one in requests] == [State.ACCEPTED] * 2
    assert [entries(one)[-1].act for one in requests] == ["delay.keep"] * 2
    assert not Reminder.objects.filter(
        deadline__in=requests, state=ReminderState.SCHEDULED
    ).exists()
    mails = [received(address)[-1] for address in ("fichier2@h.example", "page2@h.example")]
    assert [(m.is_sensitive, m.page, len(m.attachments)) for m in mails] == [(True, "", 1)] * 2
    assert "fichier2@h.example" in mails[0].attachments[0]["content"]
    assert mails[0].dedupe_key != mails[1].dedupe_key


def test_queries_do_not_grow_with_the_lines(client, user, one, django_assert_max_num_queries):
    rows = [line(**{"Adresse électronique": f"p{n}@hopital.example"}) for n in range(60)]
    shown = preview(client, choose(client, user, KIND.code, rows))
    with django_assert_max_num_queries(50):
        confirm(client, shown)
    assert Contact.objects.count() == len(rows)
