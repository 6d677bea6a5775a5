"""«Instruction» by its addresses: who reaches what, what the queue shows, what each act answers."""

import datetime as dt

import pytest
from django.shortcuts import resolve_url
from django.urls import reverse

from accounts.enums import Role
from calendar_app.enums import State
from documents.enums import WITHHELD
from journal.models import Entry
from mailing.models import OutgoingMail
from pilots.enums import PVState, SignatureState
from pilots.pv.models import PilotPV, PVFile
from pilots.pv.services.assigning import CANNOT, HAS_IT, STATE
from pilots.pv.services.review import NOT_A_REVIEWER
from tests.factories import OrganisationFactory, member
from tests.pages import markup
from tests.pilots.reviewing import (
    DAY,
    NOW,
    SENT_AT,
    add_file,
    agent,
    also_member,
    proposed_by,
    pv_of,
    reviewed_by,
    step,
    url,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendars"), pytest.mark.at(NOW)]
INDEX = "/instruction/"
ASSIGN = reverse("bulk", args=["affecter-pv"])
LONG = "Groupement de coopération sanitaire d'imagerie des vallées fictives de l'Arrière-Pays " * 2


def addresses(pv):
    """Each with the method by which it is used."""
    return {
        ("get", INDEX),
        ("get", url("pv", pv.pk)),
        ("get", url("file", pv.files.first().pk)),
        ("get", ASSIGN),
        *(("post", url(act, pv.pk)) for act in ("take", "give_back", "decide")),
        *(("post", url(act, pv.pk)) for act in ("confirm", "contradict", "reopen")),
    }


class TestAccess:
    def test_anonymous_logs_in_first(self, client):
        for method, address in addresses(pv_of()):
            response = getattr(client, method)(address)
            assert response.status_code == 302, address
            assert response["Location"] == f"{resolve_url('account_login')}?next={address}"

    def test_an_outsider_finds_nothing(self, client):
        pv = pv_of()
        client.force_login(member(Role.MANDATAIRE))
        for method, address in addresses(pv):
            plain = address in (INDEX, ASSIGN)
            assert getattr(client, method)(address).status_code == (403 if plain else 404), address

    def test_the_fournisseur_sees_its_pv_elsewhere(self, client):
        pv = pv_of()
        client.force_login(member(Role.MANDATAIRE, pv.pilot.prestation.organisation))
        for method, address in addresses(pv):
            response = getattr(client, method)(address)
            assert response.status_code == 403, address
            assert "réservée aux agents" in markup(response)

    def test_an_agent_reads_and_the_acts_want_a_post(self, client, me):
        pv = pv_of()
        for method, address in addresses(pv):
            response = client.get(address)
            response.getvalue()  # a file is open until it has been read
            assert response.status_code == (200 if method == "get" else 405), address

    def test_an_agent_of_the_fournisseur_reads_but_does_not_act(self, client):
        pv = pv_of()
        client.force_login(also_member(agent(), pv.pilot.prestation.organisation))
        page = markup(client.get(url("pv", pv.pk)))
        assert "un autre agent de l'ANS l'instruit" in page
        assert "Prendre ce PV" not in page
        response = client.post(url("take", pv.pk))
        assert response.status_code == 403
        assert "étranger au Fournisseur" in markup(response)

    def test_only_the_ans_has_it_in_its_menu(self, client, me):
        link = f'href="{INDEX}"'
        assert link in markup(client.get("/programme/"))
        client.force_login(member())
        assert link not in markup(client.get("/echeances/"))


class TestFile:
    def test_is_framed_by_this_site_and_by_nobody_else(self, client, me):
        pv = pv_of()
        response = client.get(url("file", pv.files.first().pk))
        assert b"".join(response) == b"%PDF-1.4 un"
        assert response["Content-Type"] == "application/pdf"
        assert response["Content-Disposition"].startswith("inline")
        assert response["X-Frame-Options"] == "SAMEORIGIN"
        assert "frame-ancestors 'self'" in response["Content-Security-Policy"]
        assert response["X-Content-Type-Options"] == "nosniff"

    @pytest.mark.parametrize("scan", WITHHELD)
    def test_one_that_is_withheld_was_not_shown(self, client, me, scan):
        file = pv_of().files.get()
        PVFile.objects.update(scan=scan)
        assert client.get(url("file", file.pk)).status_code == 403
        assert not file.openings.exists()

    def test_pages_stay_framed_by_nobody(self, client, me):
        response = client.get(url("pv", pv_of().pk))
        assert response["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in response["Content-Security-Policy"]


def client_of(pv):
    return pv.pilot.prestation.client.name


def order(page, pvs):
    return sorted(pvs, key=lambda pv: page.index(f'{url("pv", pv.pk)}"'))


class TestQueue:
    def test_the_nearest_legal_date_first_then_the_longest_wait(self, client, me):
        late, early, near = pv_of(), pv_of(sent_at=SENT_AT - DAY), pv_of()
        deadline = near.pilot.prestation.deadlines.get()
        deadline.due_at = dt.datetime(2027, 3, 1, 11, tzinfo=dt.UTC)
        deadline.save()
        page = markup(client.get(INDEX))
        assert order(page, [late, early, near]) == [near, early, late]

    def test_without_a_solde_to_ask_for_the_realisation_counts_then_nothing(self, client, me):
        pv = pv_of()
        deadline = pv.pilot.prestation.deadlines.get()
        deadline.state = State.NOT_APPLICABLE
        deadline.save()
        assert "aucune à venir" in markup(client.get(INDEX))
        deadline.state, deadline.milestone = (
            State.TO_DO,
            deadline.dispositif.milestones.get(number=5),
        )
        deadline.due_at = deadline.milestone.due_at
        deadline.save()
        assert "09/06/2027 12h" in markup(client.get(INDEX))

    def test_a_row_says_all_that_is_needed_to_choose(self, client, me):
        pv = reviewed_by(me)
        add_file(pv, b"%PDF-1.4 deux", number=2, signature=SignatureState.BROKEN)
        page = markup(client.get(INDEX))
        prestation = pv.pilot.prestation
        for words in (
            client_of(pv),
            prestation.organisation.name,
            str(prestation.supplier.solution),
            "Modifié après signature",
            "5 jours ouvrés",
            "22/09/2027 12h",
            "Agente Connectée",
            "10 jours ouvrés, supposée",
        ):
            assert words in page

    def test_the_usual_time_is_measured_once_something_is_closed(self, client, me):
        closed = pv_of(state=PVState.CONFORM, decided_at=SENT_AT + DAY)
        step(closed, "take_effect", SENT_AT + DAY)
        pv_of()
        assert "1 jour ouvré, médiane de 1 contrôle clos" in markup(client.get(INDEX))

    @pytest.mark.parametrize(
        ("view", "shown"),
        [
            ("", {"free", "mine", "theirs", "confirm", "own proposal", "left"}),
            ("a-prendre", {"free", "left"}),
            ("les-miens", {"mine"}),
            ("a-confirmer", {"confirm"}),
            ("clos", {"conform", "refused"}),
            ("inconnue", {"free", "mine", "theirs", "confirm", "own proposal", "left"}),
        ],
    )
    def test_views(self, client, me, view, shown):
        other, gone = agent(), agent(is_active=False)
        pvs = {
            "free": pv_of(),
            "mine": reviewed_by(me),
            "theirs": reviewed_by(other),
            "left": reviewed_by(gone),
            "confirm": proposed_by(other),
            "own proposal": proposed_by(me),
            "conform": pv_of(state=PVState.CONFORM, decided_at=NOW),
            "refused": pv_of(state=PVState.NOT_CONFORM, decided_at=NOW),
            "draft": pv_of(state=PVState.DRAFT),
        }
        response = client.get(INDEX, {"vue": view})
        page = markup(response)
        assert {name for name, pv in pvs.items() if url("pv", pv.pk) in page} == shown
        counted = {tab["label"]: tab["count"] for tab in response.context["tabs"]}
        assert counted == {
            "En attente": 6,
            "À prendre": 2,
            "Les miens": 1,
            "À confirmer": 1,
            "Clos": 2,
        }

    @pytest.mark.parametrize("q", ["ravelle", "editions sud", "RIS Particulier"])
    def test_search(self, client, me, q):
        centre = OrganisationFactory(client=True, name="Clinique de Ravelle")
        pv, other = pv_of(client=centre), pv_of()
        pv.pilot.prestation.organisation.name = "Éditions Sud"
        pv.pilot.prestation.organisation.save()
        solution = pv.pilot.prestation.supplier.solution
        solution.name = "RIS Particulier"
        solution.save()
        page = markup(client.get(INDEX, {"q": q}))
        assert url("pv", pv.pk) in page
        assert url("pv", other.pk) not in page

    def test_empty_says_why(self, client, me):
        assert "Aucun PV n'attend l'ANS" in markup(client.get(INDEX))
        assert "Aucun PV ne correspond" in markup(client.get(INDEX, {"q": "rien"}))
        assert "Aucun PV dans cette partie de la file" in markup(client.get(INDEX, {"vue": "clos"}))

    def test_only_what_may_be_assigned_can_be_ticked(self, client, me):
        confirm = proposed_by(agent())
        assert 'type="checkbox" name="ligne"' not in markup(client.get(INDEX))
        free = pv_of()
        page = markup(client.get(INDEX))
        assert f'name="ligne" value="{free.pk}"' in page
        assert f'name="ligne" value="{confirm.pk}"' not in page

    def test_only_those_who_may_be_given_one_of_the_pv_are_offered(self, client, me):
        pv = pv_of()
        own = also_member(agent(), pv.pilot.prestation.organisation)
        free = agent()
        assert f'href="{ASSIGN}?ligne={pv.pk}"' in markup(client.get(url("pv", pv.pk)))
        page = markup(client.get(ASSIGN, {"ligne": pv.pk}))
        assert f'<option value="{free.pk}">' in page
        assert f'<option value="{own.pk}">' not in page
        pv_of()
        assert f'<option value="{own.pk}">' in markup(client.get(ASSIGN))

    def test_an_own_pv_cannot_be_ticked(self, client, me):
        pv = pv_of()
        also_member(me, pv.pilot.prestation.organisation)
        page = markup(client.get(INDEX))
        assert f'name="ligne" value="{pv.pk}"' not in page
        assert "un autre agent l'instruit" in page

    def test_queries_do_not_grow_with_the_rows(self, client, me, django_assert_max_num_queries):
        pv_of()
        with django_assert_max_num_queries(20):
            client.get(INDEX)
        for number in range(59):
            pv_of(sent_at=SENT_AT + dt.timedelta(minutes=number))
        with django_assert_max_num_queries(20):
            page = markup(client.get(INDEX))
        assert page.count("data-row") == 25
        assert "51 à 60 sur 60" in markup(client.get(INDEX, {"page": 3}))


class TestAssign:
    def picked(self, client, *pvs, **more):
        return client.get(ASSIGN, {"ligne": [pv.pk for pv in pvs], **more})

    def send(self, client, shown, agent):
        data = {"vus": shown.context["shown"], "agent": agent, "retour": shown.context["query"]}
        return client.post(ASSIGN, data)

    def test_many_at_once_from_the_queue(self, client, me):
        pvs, to = [pv_of(), pv_of()], agent(full_name="Collègue Fictive")
        assert f'formaction="{ASSIGN}"' in markup(client.get(INDEX, {"vue": "a-prendre"}))
        shown = client.get(ASSIGN, {"vue": "a-prendre", "tout": "1"})
        assert "Affecter les 2 PV" in markup(shown)
        assert PilotPV.objects.filter(assigned_to=None).count() == 2
        response = self.send(client, shown, to.pk)
        assert response["Location"] == INDEX
        assert "2 PV affectés." in markup(client.get(INDEX))
        assert {pv.assigned_to for pv in PilotPV.objects.all()} == {to}
        entries = Entry.objects.filter(act="pv.assign_many")
        assert {pk for entry in entries for pk in entry.many} == {pv.pk for pv in pvs}

    def test_one_comes_back_to_its_page(self, client, me):
        pv = pv_of()
        assert self.send(client, self.picked(client, pv), me.pk)["Location"] == url("pv", pv.pk)

    def test_what_cannot_be_assigned_is_named_before(self, client, me):
        good, closed, own = pv_of(), pv_of(state=PVState.CONFORM), pv_of()
        also_member(me, own.pilot.prestation.organisation)
        shown = self.picked(client, good, closed, own)
        assert shown.context["ready"] == [good]
        reasons = [why for why, _rows in shown.context["refused"]]
        assert sorted(reasons) == sorted([STATE.format("Conforme"), NOT_A_REVIEWER])

    def test_an_agent_who_may_not_review_one_of_them_is_given_none(self, client, me):
        good, own = pv_of(), pv_of()
        to = also_member(agent(), own.pilot.prestation.organisation)
        answer = self.send(client, self.picked(client, good, own), to.pk)
        assert answer.status_code == 422
        [(_words, why)] = answer.context["changed"]
        assert why == CANNOT.format(to, NOT_A_REVIEWER)
        assert not PilotPV.objects.exclude(assigned_to=None).exists()
        assert self.send(client, answer, to.pk).status_code == 302
        assert PilotPV.objects.get(assigned_to=to) == good

    def test_who_has_it_already_is_not_given_it_again(self, client, me):
        pv = pv_of(assigned_to=me)
        answer = self.send(client, self.picked(client, pv), me.pk)
        assert [why for _words, why in answer.context["changed"]] == [HAS_IT.format(me)]

    def test_only_to_an_agent(self, client, me):
        answer = self.send(client, self.picked(client, pv_of()), member().pk)
        assert "pas un agent qui peut instruire" in answer.context["form"].errors["agent"][0]

    def test_who_had_many_gets_one_mail_that_lists_them(self, client, me):
        before, to = agent(), agent()
        pvs = [pv_of(assigned_to=before), pv_of(assigned_to=before), pv_of()]
        self.send(client, self.picked(client, *pvs), to.pk)
        [mail] = OutgoingMail.objects.filter(user=before)
        assert mail.subject == f"2 PV passés à {to}"
        for pv in pvs[:2]:
            assert str(pv.pilot.prestation.client) in mail.body_text
