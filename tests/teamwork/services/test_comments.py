"""Who writes a comment, who reads it, who is notified."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.enums import Role
from journal.models import Entry
from journal.rules.by import By
from mailing.models import OutgoingMail
from teamwork.enums import TEAM_MAIL, Audience
from teamwork.models import Absence, Comment, CommentFile
from teamwork.selectors.comments import comments_on
from teamwork.services.charges import hand_over
from teamwork.services.comments import write_comment
from tests.by import acting
from tests.calendar_app.papers import upload
from tests.entries import entries
from tests.factories import member
from tests.perf.outages.cases import distributed, outage_of
from tests.teamwork.cases import DAY, NOW, TODAY, deadlines, pv, team, ticket

pytestmark = pytest.mark.usefixtures("calendars")


def say(subject, person, audience=Audience.TEAM, body="Le Client attend.", now=NOW, **values):
    organisation = person.memberships.get().organisation
    by = By.person(person, now, organisation=organisation)
    return write_comment(subject, body=body, audience=audience, by=by, **values)


def read_by(subject, person):
    return [one.body for one in comments_on(subject).visible_to(person)]


def readers_mailed():
    return {
        mail.user for mail in OutgoingMail.objects.filter(kind=TEAM_MAIL).select_related("user")
    }


@pytest.fixture
def scene():
    """A deadline, its organisation, an agent and an outsider."""
    organisation, people = team()
    (row,) = deadlines(organisation)
    return row, people, member(Role.AGENT), member(Role.MANDATAIRE)


@pytest.mark.parametrize(
    ("audience", "ans_reads"), [(Audience.TEAM, False), (Audience.SHARED, True)]
)
def test_who_reads_what_an_organisation_writes(scene, audience, ans_reads):
    row, (author, colleague, _), agent, outsider = scene
    say(row, author, audience)
    assert read_by(row, colleague) == ["Le Client attend."]
    assert bool(read_by(row, agent)) is ans_reads
    assert read_by(row, outsider) == []


@pytest.mark.parametrize(
    ("audience", "organisation_reads"), [(Audience.TEAM, False), (Audience.SHARED, True)]
)
def test_who_reads_what_the_ans_writes(scene, audience, organisation_reads):
    row, (person, *_), agent, outsider = scene
    say(row, agent, audience)
    other = member(Role.RESPONSABLE, agent.memberships.get().organisation)
    assert read_by(row, other) == ["Le Client attend."]
    assert bool(read_by(row, person)) is organisation_reads
    assert read_by(row, outsider) == []


def test_between_editeur_and_distributeur_only_what_is_shared_is_read():
    service = distributed()
    editeur = member(Role.REPRESENTANT, service.prestation.supplier.solution.organisation)
    seller = member(Role.REPRESENTANT, service.prestation.organisation)
    outage = outage_of(service)
    say(outage, editeur, body="Entre nous.")
    say(outage, editeur, Audience.SHARED, body="Pour tous.")
    assert read_by(outage, editeur) == ["Entre nous.", "Pour tous."]
    assert read_by(outage, seller) == ["Pour tous."]


def test_each_kind_of_subject_takes_comments():
    organisation, (person, *_) = team()
    for row in (deadlines(organisation)[0], pv(organisation), ticket(organisation, person)):
        say(row, person)
        assert read_by(row, person) == ["Le Client attend."]


def test_what_the_ans_does_not_see_yet_is_not_shared_with_it():
    organisation, (person, *_) = team()
    draft = pv(organisation)
    type(draft).objects.filter(pk=draft.pk).update(sent_at=None)
    draft.refresh_from_db()
    with pytest.raises(ValidationError):
        say(draft, person, Audience.SHARED)
    assert not Comment.objects.exists()


def test_an_outsider_comments_nothing(scene):
    row, _, _, outsider = scene
    with pytest.raises(PermissionDenied):
        say(row, outsider)


def test_where_nobody_takes_part_all_members_are_notified(scene):
    row, (author, *others), *_ = scene
    say(row, author)
    assert readers_mailed() == set(others)


def test_then_only_those_who_take_part(scene):
    row, (author, chief, other), agent, _ = scene
    hand_over([row], chief, acting(author, NOW))
    OutgoingMail.objects.all().delete()
    say(row, author)
    assert readers_mailed() == {chief}
    say(row, agent, Audience.SHARED, now=NOW + DAY)
    assert readers_mailed() == {chief, author}
    say(row, other, Audience.SHARED, now=NOW + 2 * DAY)
    assert readers_mailed() == {chief, author, agent}


def test_a_team_comment_is_notified_to_nobody_of_elsewhere(scene):
    row, (author, *others), agent, _ = scene
    say(row, agent, Audience.SHARED)
    OutgoingMail.objects.all().delete()
    say(row, author)
    assert agent not in readers_mailed()
    assert readers_mailed() == set(others)


def test_the_stand_in_is_notified_too(scene):
    row, (author, chief, other), *_ = scene
    hand_over([row], chief, acting(author, NOW))
    Absence.objects.create(user=chief, stand_in=other, until=TODAY + DAY)
    OutgoingMail.objects.all().delete()
    say(row, author)
    assert readers_mailed() == {chief, other}


def test_the_agent_who_has_the_pv_is_notified():
    organisation, (person, *_) = team()
    row, agent = pv(organisation), member(Role.AGENT)
    member(Role.AGENT, agent.memberships.get().organisation)
    type(row).objects.filter(pk=row.pk).update(assigned_to=agent)
    row.refresh_from_db()
    say(row, person, Audience.SHARED)
    assert {one for one in readers_mailed() if one.is_ans} == {agent}


def test_the_journal_says_that_it_was_written_never_what(scene):
    row, (author, *_), *_ = scene
    say(row, author, body="Mot secret.")
    entry = entries(row)[-1]
    assert entry.act == "comment.write"
    assert "secret" not in f"{entry.what} {entry.note} {entry.after}"


@pytest.mark.parametrize(("audience", "reads"), [(Audience.TEAM, False), (Audience.SHARED, True)])
def test_the_entry_of_what_the_ans_says_among_itself_is_its_own(scene, audience, reads):
    row, (person, *_), agent, _ = scene
    say(row, agent, audience)
    found = Entry.objects.of(row).visible_to(person).filter(act="comment.write")
    assert found.exists() is reads


def test_files_are_joined_once_and_read_by_who_reads_the_comment(scene):
    row, (author, colleague, _), agent, outsider = scene
    comment = say(row, author, proofs=[upload("note.pdf")])
    (joined,) = comment.files.all()
    assert (joined.name, joined.uploaded_by) == ("note.pdf", author)
    for person, reads in ((colleague, True), (agent, False), (outsider, False)):
        assert CommentFile.objects.visible_to(person).exists() is reads


def test_who_is_looked_through_shows_only_what_the_ans_may_read(scene):
    row, (author, colleague, _), *_ = scene
    say(row, author, body="Entre nous.")
    say(row, author, Audience.SHARED, body="Pour tous.")
    colleague.is_looked_through = True
    assert read_by(row, colleague) == ["Pour tous."]
