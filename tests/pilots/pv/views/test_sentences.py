"""Sentences of reasons: whose they are, who changes them, where they are offered."""

import pytest

from accounts.enums import Role
from journal.models import Entry
from pilots.pv.models import ReasonSentence
from tests.factories import member
from tests.pages import markup
from tests.pilots.reviewing import NOW, agent, reviewed_by, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendars"), pytest.mark.at(NOW)]


@pytest.fixture
def leader(client):
    user = agent(Role.RESPONSABLE)
    client.force_login(user)
    return user


def sentence(owner=None, text="Le FINESS manque."):
    return ReasonSentence.objects.create(owner=owner, text=text)


class TestMine:
    def test_one_is_added_and_offered_beside_the_reasons(self, client, me):
        client.post(url("sentence_create"), {"text": "La date manque."})
        assert ReasonSentence.objects.get().owner == me
        page = markup(client.get(url("pv", reviewed_by(me).pk)))
        assert '<option value="La date manque."></option>' in page

    def test_the_same_twice_is_refused_with_what_was_typed(self, client, me):
        sentence(me)
        response = client.post(url("sentence_create"), {"text": "Le FINESS manque."})
        assert response.status_code == 422
        assert "Cette phrase est déjà dans la liste." in markup(response)

    def test_an_agent_does_not_share(self, client, me):
        client.post(url("sentence_create"), {"text": "À tous.", "is_shared": "on"})
        assert ReasonSentence.objects.get().owner == me

    def test_it_is_changed_then_removed_without_a_trace(self, client, me):
        row = sentence(me)
        client.post(url("sentence_edit", row.pk), {"text": "Le SIREN manque."})
        row.refresh_from_db()
        assert row.text == "Le SIREN manque."
        client.post(url("sentence_delete", row.pk))
        assert not ReasonSentence.objects.exists()
        assert not Entry.objects.filter(act__startswith="sentence.").exists()


class TestShared:
    def test_a_responsable_keeps_those_of_all_and_the_journal_says_it(self, client, leader):
        client.post(url("sentence_create"), {"text": "Le FINESS manque.", "is_shared": "on"})
        row = ReasonSentence.objects.get()
        assert row.owner is None
        client.post(url("sentence_edit", row.pk), {"text": "Sans FINESS.", "is_shared": "on"})
        client.post(url("sentence_delete", row.pk))
        acts = Entry.objects.filter(act__startswith="sentence.").order_by("pk")
        assert [entry.act for entry in acts] == [
            "sentence.create",
            "sentence.update",
            "sentence.delete",
        ]

    def test_an_agent_reads_them_and_changes_none(self, client, me):
        row = sentence()
        page = markup(client.get(url("sentences")))
        assert row.text in page
        assert url("sentence_edit", row.pk) not in page
        assert client.get(url("sentence_edit", row.pk)).status_code == 403
        assert client.post(url("sentence_delete", row.pk)).status_code == 403


@pytest.mark.parametrize("name", ["sentence_edit", "sentence_delete"])
def test_another_agent_s_are_not_found(client, me, name):
    assert client.post(url(name, sentence(agent()).pk)).status_code == 404


def test_an_outsider_finds_none(client):
    row = sentence()
    client.force_login(member(Role.MANDATAIRE))
    assert client.get(url("sentences")).status_code == 403
    assert client.get(url("sentence_create")).status_code == 403
    assert client.get(url("sentence_edit", row.pk)).status_code == 404
