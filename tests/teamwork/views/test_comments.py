"""The thread on the pages: read, write, files."""

import pytest
from django.urls import reverse

from accounts.enums import Role
from mailing.models import OutgoingMail
from teamwork.models import Comment, CommentFile
from tests.calendar_app.papers import upload
from tests.factories import MembershipFactory, member
from tests.pages import page, text
from tests.perf.outages.cases import outage_of
from tests.teamwork.cases import NOW, deadlines, pv, team, ticket

pytestmark = [pytest.mark.usefixtures("calendars"), pytest.mark.at(NOW)]

PAGES = {
    "deadlines:comment": "deadlines:detail",
    "pilots:pv_comment": "pilots:pv",
    "perf:ticket_comment": "perf:ticket",
    "perf:outage_comment": "perf:outage",
}


@pytest.fixture
def scene():
    organisation, people = team()
    call = ticket(organisation, people[0])
    rows = {
        "deadlines:comment": deadlines(organisation)[0],
        "pilots:pv_comment": pv(organisation),
        "perf:ticket_comment": call,
        "perf:outage_comment": outage_of(call.service),
    }
    return rows, people


def post(client, person, name, row, **data):
    client.force_login(person)
    values = {"body": "Le Client attend.", "audience": "EQUIPE"} | data
    return client.post(reverse(name, args=[row.pk]), values)


@pytest.mark.parametrize("name", PAGES)
def test_written_and_read_on_the_page_of_each(client, scene, name):
    rows, (author, colleague, _) = scene
    answer = post(client, author, name, rows[name])
    assert answer.headers["Location"].endswith("#commentaires")
    shown = text(page(client, colleague, reverse(PAGES[name], args=[rows[name].pk])))
    assert "Le Client attend." in shown
    assert "seulement" in shown


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("role", [Role.REPRESENTANT, Role.AGENT])
def test_a_team_that_does_not_see_the_object_is_told_nothing_of_it(client, scene, name, role):
    """The person works for it at the moment, and sees the object by another of their roles."""
    rows, (author, *_) = scene
    colleague = member(Role.MANDATAIRE)
    elsewhere = colleague.memberships.get().organisation
    if role == Role.AGENT:
        author = member(Role.AGENT)
    MembershipFactory(user=author, organisation=elsewhere, role=Role.REPRESENTANT)
    client.force_login(author)
    client.post(reverse("accounts:switch"), {"organisation": elsewhere.pk})
    post(client, author, name, rows[name])
    comment = Comment.objects.get()
    assert comment.organisation != elsewhere
    assert not OutgoingMail.objects.filter(user=colleague).exists()
    shown = text(page(client, author, reverse(PAGES[name], args=[rows[name].pk])))
    assert f"Les membres de {elsewhere}" not in shown


@pytest.mark.parametrize("name", PAGES)
def test_the_ans_reads_what_is_shared_alone(client, scene, name):
    rows, (author, *_) = scene
    post(client, author, name, rows[name], body="Entre nous.")
    post(client, author, name, rows[name], body="Pour l'ANS.", audience="PARTAGE")
    shown = text(page(client, member(Role.AGENT), reverse(PAGES[name], args=[rows[name].pk])))
    assert "Pour l'ANS." in shown
    assert "Entre nous." not in shown


@pytest.mark.parametrize("name", PAGES)
def test_an_outsider_gets_404(client, scene, name):
    rows, _ = scene
    assert post(client, member(Role.MANDATAIRE), name, rows[name]).status_code == 404
    assert not Comment.objects.exists()


def test_an_empty_comment_keeps_what_was_chosen(client, scene):
    rows, (author, *_) = scene
    name = "deadlines:comment"
    answer = post(client, author, name, rows[name], body=" ", audience="PARTAGE")
    assert answer.status_code == 422
    assert answer.context["form"]["audience"].value() == "PARTAGE"


def test_a_file_is_given_back_to_who_reads_the_comment(client, scene):
    rows, (author, colleague, _) = scene
    post(client, author, "deadlines:comment", rows["deadlines:comment"], proofs=[upload("n.pdf")])
    address = reverse("teamwork:comment_file", args=[CommentFile.objects.get().pk])
    for person, status in ((colleague, 200), (member(Role.AGENT), 404), (member(), 404)):
        client.force_login(person)
        answer = client.get(address)
        answer.close()
        assert answer.status_code == status


def test_markup_typed_is_shown_as_text(client, scene):
    rows, (author, *_) = scene
    post(client, author, "deadlines:comment", rows["deadlines:comment"], body="<b>gras</b>")
    shown = page(client, author, reverse("deadlines:detail", args=[rows["deadlines:comment"].pk]))
    assert "&lt;b&gt;gras&lt;/b&gt;" in shown.content.decode()
