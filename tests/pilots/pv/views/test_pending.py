"""A decision that is pending: «conforme» for ten minutes, «non conforme» until its second agent."""

import datetime as dt

import pytest
import time_machine

from accounts.enums import Role
from mailing.models import OutgoingMail
from parameters.models import RegulatoryParameter
from pilots.enums import PublicationState, PVState
from pilots.pv.models import Publication
from pilots.pv.rules.effect import EFFECT_AFTER
from pilots.tasks import settle_decisions
from tests.entries import entries
from tests.factories import SupplierFactory, member
from tests.pages import markup, page
from tests.pilots.reviewing import (
    DAY,
    MENTIONS,
    NOW,
    accept,
    add_file,
    agent,
    also_member,
    declare_conform,
    proposed_by,
    reviewed_by,
    url,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendars")]
LINES = [*MENTIONS, "document"]
SECOND = dt.timedelta(seconds=1)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def author():
    return agent(full_name="Agente Instructrice")


def state_of(pv):
    pv.refresh_from_db()
    return pv.state


def conforme(client, user, pv, *ticked, all_checked=False, opened=True):
    client.force_login(user)
    if opened:
        client.get(url("file", pv.files.first().pk)).getvalue()
    data = {"outcome": "CONFORME", "read": pv.files.first().sha256, "note": ""}
    data |= {f"ok-{code}": "on" for code in ticked}
    if all_checked:
        data["all_checked"] = "on"
    return client.post(url("decide", pv.pk), data)


def press(client, user, pv, name, **data):
    client.force_login(user)
    return client.post(url(name, pv.pk), data)


def section(response, heading):
    """The text of the section that has this heading."""
    _, _, rest = markup(response).partition(heading)
    return rest.partition("</section>")[0]


class TestConforme:
    def test_each_mention_is_ticked(self, client, author):
        pv = reviewed_by(author)
        assert conforme(client, author, pv, *LINES).status_code == 302
        assert state_of(pv) == PVState.TO_TAKE_EFFECT

    def test_one_sentence_ticks_all(self, client, author):
        pv = reviewed_by(author)
        assert conforme(client, author, pv, all_checked=True).status_code == 302
        assert state_of(pv) == PVState.TO_TAKE_EFFECT

    @pytest.mark.parametrize("missing", LINES)
    def test_without_one_line_it_is_refused_by_its_name(self, client, author, missing):
        pv = reviewed_by(author)
        ticked = [code for code in LINES if code != missing]
        response = conforme(client, author, pv, *ticked)
        assert response.status_code == 422
        (error,) = response.context["decide_form"].errors["all_checked"]
        named = "Le document" if missing == "document" else missing.capitalize()
        assert f"Il manque : {named}" in error
        assert state_of(pv) == PVState.IN_REVIEW

    def test_without_a_tick_the_lines_are_counted(self, client, author):
        pv = reviewed_by(author)
        errors = conforme(client, author, pv).context["decide_form"].errors["all_checked"]
        assert "Il manque : 4 lignes sur 4." in errors[0]

    def test_a_line_is_not_both_verified_and_wrong(self, client, author):
        pv = reviewed_by(author)
        client.force_login(author)
        data = {"outcome": "NON_CONFORME", "read": pv.files.first().sha256, "ok-client": "on"}
        response = client.post(url("decide", pv.pk), {**data, "kind-client": "ABSENTE"})
        assert response.context["decide_form"].errors["ok-client"]
        assert state_of(pv) == PVState.IN_REVIEW

    def test_the_file_must_have_been_shown_to_this_agent(self, client, author):
        pv = reviewed_by(author)
        page(client, agent(), url("file", pv.files.first().pk)).getvalue()
        response = conforme(client, author, pv, *LINES, opened=False)
        assert response.status_code == 422
        assert "ne vous a pas encore été montré" in str(response.context["decide_form"].errors)
        assert state_of(pv) == PVState.IN_REVIEW

    def test_a_new_version_must_be_shown_again(self, client, author):
        pv = reviewed_by(author)
        page(client, author, url("file", pv.files.first().pk)).getvalue()
        add_file(pv, b"%PDF-1.4 deux", number=2)
        assert conforme(client, author, pv, *LINES, opened=False).status_code == 422


class TestTenMinutes:
    @pytest.fixture
    def pv(self, author):
        pv = reviewed_by(author)
        declare_conform(pv, author)
        return pv

    @pytest.fixture
    def fournisseur(self, pv):
        return member(Role.MANDATAIRE, pv.pilot.prestation.organisation)

    def test_the_fournisseur_learns_nothing_before(self, client, pv, fournisseur):
        words = markup(page(client, fournisseur, f"/pilotes/pv/{pv.pk}/"))
        assert "En contrôle" in words
        assert "Déclaré conforme" not in words
        assert "Agente Instructrice" not in words.partition("Journal")[2]
        journal = page(client, fournisseur, "/journal/journal.csv").getvalue().decode()
        assert "Déclaré conforme" not in journal
        assert not OutgoingMail.objects.filter(to_email=fournisseur.email).exists()

    @pytest.mark.parametrize(
        ("after", "expected"),
        [
            (EFFECT_AFTER - SECOND, PVState.TO_TAKE_EFFECT),
            (EFFECT_AFTER, PVState.CONFORM),
            (3 * DAY, PVState.CONFORM),
        ],
        ids=["a second before", "on it", "after an outage"],
    )
    def test_it_takes_effect_by_the_clock(self, clock, pv, fournisseur, after, expected):
        clock.move_to(NOW + after)
        assert settle_decisions() == (expected == PVState.CONFORM)
        assert state_of(pv) == expected
        notified = OutgoingMail.objects.filter(to_email=fournisseur.email).count()
        assert notified == (expected == PVState.CONFORM)

    def test_in_effect_the_fournisseur_reads_who_declared_it(self, client, clock, pv, fournisseur):
        clock.move_to(NOW + EFFECT_AFTER)
        settle_decisions()
        words = markup(page(client, fournisseur, f"/pilotes/pv/{pv.pk}/"))
        assert "Déclaré conforme" in words
        assert "Agente Instructrice" in words

    def test_it_takes_effect_once(self, clock, pv, fournisseur):
        clock.move_to(NOW + EFFECT_AFTER)
        assert (settle_decisions(), settle_decisions()) == (1, 0)
        assert [one.act for one in entries(pv)].count("pv.take_effect") == 1

    def test_the_third_proposes_the_publication_only_then(self, clock, author):
        supplier = SupplierFactory()
        for _ in range(2):
            accept(reviewed_by(author, supplier=supplier), author, NOW - DAY)
        declare_conform(reviewed_by(author, supplier=supplier), author)
        settle_decisions()
        assert not Publication.objects.exists()
        clock.move_to(NOW + EFFECT_AFTER)
        settle_decisions()
        assert Publication.objects.get().state == PublicationState.PROPOSED

    def test_the_page_says_when_and_offers_to_take_it_back(self, client, pv, author):
        words = section(page(client, author, url("pv", pv.pk)), "Conforme à 10h10")
        assert "Reprendre ma décision" in words
        other = section(page(client, agent(), url("pv", pv.pk)), "Conforme à 10h10")
        assert "Reprendre ma décision" not in other
        assert "Seul Agente Instructrice peut reprendre" in other

    def test_its_author_takes_it_back(self, client, clock, pv, author, fournisseur):
        clock.move_to(NOW + EFFECT_AFTER - SECOND)
        assert press(client, author, pv, "recall").status_code == 302
        assert state_of(pv) == PVState.IN_REVIEW
        clock.move_to(NOW + DAY)
        assert settle_decisions() == 0
        assert state_of(pv) == PVState.IN_REVIEW
        assert not OutgoingMail.objects.filter(to_email=fournisseur.email).exists()
        words = markup(page(client, fournisseur, f"/pilotes/pv/{pv.pk}/"))
        assert "Décision reprise" not in words

    def test_nobody_else_takes_it_back(self, client, pv):
        assert press(client, agent(), pv, "recall").status_code == 403
        assert state_of(pv) == PVState.TO_TAKE_EFFECT

    def test_in_effect_it_is_not_taken_back(self, client, clock, pv, author):
        clock.move_to(NOW + EFFECT_AFTER)
        settle_decisions()
        press(client, author, pv, "recall")
        assert state_of(pv) == PVState.CONFORM

    @pytest.mark.parametrize("name", ["recall", "retract", "ask_second"])
    def test_an_outsider_finds_nothing(self, client, pv, name):
        assert press(client, member(Role.MANDATAIRE), pv, name).status_code == 404


class TestSecondAgent:
    @pytest.fixture
    def pv(self, author):
        return proposed_by(author)

    def test_the_proposer_takes_the_proposal_back(self, client, pv, author):
        words = section(page(client, author, url("pv", pv.pk)), "Non conforme, à confirmer</h2>")
        assert "Retirer ma proposition" in words
        press(client, author, pv, "retract")
        assert state_of(pv) == PVState.IN_REVIEW
        decision = pv.decisions.get()
        assert (decision.withdrawn_at, decision.get_withdrawal_display()) == (
            NOW,
            "proposition retirée",
        )

    def test_nobody_else_does(self, client, pv):
        other = agent()
        words = section(page(client, other, url("pv", pv.pk)), "Non conforme, à confirmer</h2>")
        assert "Retirer ma proposition" not in words
        assert press(client, other, pv, "retract").status_code == 403
        assert state_of(pv) == PVState.TO_CONFIRM

    def test_the_page_says_who_is_awaited(self, client, pv, author):
        agent()
        words = section(page(client, author, url("pv", pv.pk)), "Non conforme, à confirmer</h2>")
        assert "attendue de tout autre agent étranger au PV" in words

    def test_without_another_agent_the_page_says_so(self, client, pv, author):
        words = section(page(client, author, url("pv", pv.pk)), "Non conforme, à confirmer</h2>")
        assert "Aucun autre agent ne peut la confirmer aujourd'hui" in words.replace("&#x27;", "'")

    def test_it_is_asked_of_an_agent_then_of_another(self, client, pv, author):
        first, second = agent(full_name="Premier Confirmeur"), agent(full_name="Autre Confirmeur")
        for asked in (first, second):
            press(client, author, pv, "ask_second", agent=asked.pk)
            notified = OutgoingMail.objects.get(to_email=asked.email)
            assert "Votre confirmation est demandée" in notified.body_text.replace("\n", " ")
        words = section(page(client, first, url("pv", pv.pk)), "Non conforme, à confirmer</h2>")
        assert "demandée à <strong>Autre Confirmeur</strong>" in words
        press(client, first, pv, "confirm")
        assert state_of(pv) == PVState.NOT_CONFORM
        assert pv.second_agent is None

    def test_asked_twice_of_the_same_it_is_written_once(self, client, pv, author):
        other = agent()
        for _ in range(2):
            press(client, author, pv, "ask_second", agent=other.pk)
        assert OutgoingMail.objects.filter(to_email=other.email).count() == 1

    @pytest.mark.parametrize("who", ["the proposer", "of the fournisseur", "a member", "nobody"])
    def test_it_is_not_asked_of_who_may_not_confirm(self, client, pv, author, who):
        fournisseur = pv.pilot.prestation.organisation
        asked = {
            "the proposer": lambda: author.pk,
            "of the fournisseur": lambda: also_member(agent(), fournisseur).pk,
            "a member": lambda: member(Role.MANDATAIRE, fournisseur).pk,
            "nobody": lambda: "",
        }[who]()
        response = press(client, author, pv, "ask_second", agent=asked)
        assert response.status_code == 422
        assert response.context["second_form"].errors["agent"]
        assert state_of(pv) == PVState.TO_CONFIRM
        assert pv.second_agent is None

    def test_an_agent_of_the_fournisseur_asks_nobody(self, client, pv):
        own = also_member(agent(), pv.pilot.prestation.organisation)
        assert press(client, own, pv, "ask_second", agent=agent().pk).status_code == 403


class TestParameterOff:
    @pytest.fixture
    def pv(self, author):
        return proposed_by(author)

    def off(self, since):
        RegulatoryParameter.objects.create(
            key="pilots.second_agent",
            value=False,
            effective_from=since,
            source="Test",
            author_name="Test",
        )

    @pytest.mark.parametrize(
        ("since", "expected"),
        [
            (NOW + SECOND, PVState.TO_CONFIRM),
            (NOW, PVState.IN_REVIEW),
            (NOW - DAY, PVState.IN_REVIEW),
        ],
        ids=["to come", "now", "since a day"],
    )
    def test_what_waits_goes_back_to_its_reviewer(self, pv, author, since, expected):
        self.off(since)
        assert settle_decisions() == (expected == PVState.IN_REVIEW)
        assert (state_of(pv), pv.assigned_to) == (expected, author)
        notified = OutgoingMail.objects.filter(to_email=author.email).count()
        assert notified == (expected == PVState.IN_REVIEW)

    def test_the_journal_says_why(self, client, pv, author):
        self.off(NOW)
        settle_decisions()
        last = entries(pv)[-1]
        assert (last.act, str(last.signer)) == ("pv.lapse", "Application")
        words = markup(page(client, author, url("pv", pv.pk)))
        assert "Proposition rendue : confirmation plus demandée" in words

    def test_the_fournisseur_reads_nothing_of_it(self, client, pv):
        self.off(NOW)
        settle_decisions()
        fournisseur = member(Role.MANDATAIRE, pv.pilot.prestation.organisation)
        words = markup(page(client, fournisseur, f"/pilotes/pv/{pv.pk}/"))
        assert "confirmation plus demandée" not in words

    def test_left_on_nothing_changes(self, pv):
        assert settle_decisions() == 0
        assert state_of(pv) == PVState.TO_CONFIRM
