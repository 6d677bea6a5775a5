"""«Instruction» by its addresses: who reaches what, what the queue shows, what each act answers."""

import datetime as dt

import pytest
import time_machine
from django.shortcuts import resolve_url

from accounts.enums import Role
from calendar_app.enums import State
from pilots.enums import PVState, SignatureState
from pilots.pv.models import PilotPV
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

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendars")]
INDEX = "/instruction/"
LONG = "Groupement de coopération sanitaire d'imagerie des vallées fictives de l'Arrière-Pays " * 2


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


def addresses(pv):
    """Each with the method by which it is used."""
    return {
        ("get", INDEX),
        ("get", url("pv", pv.pk)),
        ("get", url("file", pv.files.first().pk)),
        ("post", url("assign")),
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
            plain = address in (INDEX, url("assign"))
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
        assert 'type="checkbox" name="pv"' not in markup(client.get(INDEX))
        free = pv_of()
        page = markup(client.get(INDEX))
        assert f'name="pv" value="{free.pk}"' in page
        assert f'name="pv" value="{confirm.pk}"' not in page

    def test_only_those_who_may_be_given_one_of_the_pv_are_offered(self, client, me):
        pv = pv_of()
        own = also_member(agent(), pv.pilot.prestation.organisation)
        free = agent()
        for address in (INDEX, url("pv", pv.pk)):
            page = markup(client.get(address))
            assert f'<option value="{free.pk}">' in page
            assert f'<option value="{own.pk}">' not in page
        pv_of()
        assert f'<option value="{own.pk}">' in markup(client.get(INDEX))

    def test_an_own_pv_cannot_be_ticked(self, client, me):
        pv = pv_of()
        also_member(me, pv.pilot.prestation.organisation)
        page = markup(client.get(INDEX))
        assert f'name="pv" value="{pv.pk}"' not in page
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
    def test_many_at_once(self, client, me):
        pvs, to = [pv_of(), pv_of()], agent(full_name="Collègue Fictive")
        data = {"pv": [pv.pk for pv in pvs], "agent": to.pk, "next": f"{INDEX}?vue=a-prendre"}
        response = client.post(url("assign"), data, follow=True)
        assert response.redirect_chain == [(f"{INDEX}?vue=a-prendre", 302)]
        assert "2 PV affectés à Collègue Fictive." in markup(response)
        assert {pv.assigned_to for pv in PilotPV.objects.all()} == {to}

    def test_what_cannot_be_is_reported_and_the_others_are(self, client, me):
        good, closed, own = pv_of(), pv_of(state=PVState.CONFORM), pv_of()
        to = also_member(agent(), own.pilot.prestation.organisation)
        data = {"pv": [good.pk, closed.pk, own.pk], "agent": to.pk}
        page = markup(client.post(url("assign"), data, follow=True))
        assert "1 PV affecté à" in page
        assert "il ne s'affecte pas" in page.replace("&#x27;", "'")
        assert "ne peut pas instruire" in page
        assert PilotPV.objects.get(assigned_to=to) == good

    @pytest.mark.parametrize(
        ("data", "words"),
        [
            ({}, "Cochez au moins un PV."),
            ({"pv": "x"}, "Cochez au moins un PV."),
            ({"pv": "999999", "agent": "1"}, "Choix invalide"),
        ],
    )
    def test_bad_input_is_a_sentence(self, client, me, data, words):
        pv_of()
        page = markup(client.post(url("assign"), data, follow=True))
        assert words in page or "Sélectionnez un choix valide" in page

    def test_only_to_an_agent(self, client, me):
        pv = pv_of()
        data = {"pv": pv.pk, "agent": member().pk}
        page = markup(client.post(url("assign"), data, follow=True))
        assert "pas un agent de l'ANS" in page.replace("&#x27;", "'")

    def test_never_leads_to_another_site(self, client, me):
        data = {"pv": pv_of().pk, "agent": me.pk, "next": "https://ailleurs.example/"}
        assert client.post(url("assign"), data)["Location"] == INDEX
