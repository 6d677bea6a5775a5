"""«Instruction» by its addresses: who reaches what, what the queue shows, what each act answers."""

import datetime as dt

import pytest
import time_machine
from django.shortcuts import resolve_url
from django.urls import reverse

from accounts.enums import Role
from calendar_app.enums import State
from pilots.enums import PublicationState, PVState, SignatureState
from pilots.models import PilotPV, Publication, PVDecision
from pilots.selectors.pvs import content_of
from tests.factories import OrganisationFactory, member
from tests.pilots.reviewing import (
    DAY,
    NOW,
    SENT_AT,
    add_file,
    agent,
    also_member,
    proposed_by,
    pv_of,
    reason,
    reviewed_by,
    step,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendars")]
INDEX = "/instruction/"
LONG = "Groupement de coopération sanitaire d'imagerie des vallées fictives de l'Arrière-Pays " * 2


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def me(client):
    user = agent(full_name="Agente Connectée")
    client.force_login(user)
    return user


def url(name, *args):
    return reverse(f"review:{name}", args=args)


def addresses(pv):
    """Each with the method by which it is used."""
    return {
        ("get", INDEX),
        ("get", url("pv", pv.pk)),
        ("get", url("file", pv.files.first().pk)),
        ("post", url("assign")),
        *(("post", url(act, pv.pk)) for act in ("take", "give_back", "decide")),
        *(("post", url(act, pv.pk)) for act in ("confirm", "contradict")),
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
            assert "réservée aux agents" in response.content.decode()

    def test_an_agent_reads_and_the_acts_want_a_post(self, client, me):
        pv = pv_of()
        for method, address in addresses(pv):
            response = client.get(address)
            response.getvalue()  # a file is open until it has been read
            assert response.status_code == (200 if method == "get" else 405), address

    def test_an_agent_of_the_fournisseur_reads_but_does_not_act(self, client):
        pv = pv_of()
        client.force_login(also_member(agent(), pv.pilot.prestation.organisation))
        page = client.get(url("pv", pv.pk)).content.decode()
        assert "un autre agent de l'ANS l'instruit" in page
        assert "Prendre ce PV" not in page
        response = client.post(url("take", pv.pk))
        assert response.status_code == 403
        assert "étranger au Fournisseur" in response.content.decode()

    def test_only_the_ans_has_it_in_its_menu(self, client, me):
        link = f'href="{INDEX}"'
        assert link in client.get("/programme/").content.decode()
        client.force_login(member())
        assert link not in client.get("/echeances/").content.decode()


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
        page = client.get(INDEX).content.decode()
        assert order(page, [late, early, near]) == [near, early, late]

    def test_without_a_solde_to_ask_for_the_realisation_counts_then_nothing(self, client, me):
        pv = pv_of()
        deadline = pv.pilot.prestation.deadlines.get()
        deadline.state = State.NOT_APPLICABLE
        deadline.save()
        assert "aucune à venir" in client.get(INDEX).content.decode()
        deadline.state, deadline.milestone = (
            State.TO_DO,
            deadline.dispositif.milestones.get(number=5),
        )
        deadline.due_at = deadline.milestone.due_at
        deadline.save()
        assert "09/06/2027 12h" in client.get(INDEX).content.decode()

    def test_a_row_says_all_that_is_needed_to_choose(self, client, me):
        pv = reviewed_by(me)
        add_file(pv, b"%PDF-1.4 deux", number=2, signature=SignatureState.BROKEN)
        page = client.get(INDEX).content.decode()
        prestation = pv.pilot.prestation
        for words in (
            client_of(pv),
            prestation.organisation.name,
            str(prestation.supplier.solution),
            "Modifié après signature",
            "5 j ouvrés",
            "22/09/2027 12h",
            "Agente Connectée",
            "10 jours ouvrés, supposée",
        ):
            assert words in page

    def test_the_usual_time_is_measured_once_something_is_closed(self, client, me):
        closed = pv_of(state=PVState.CONFORM, decided_at=SENT_AT + DAY)
        step(closed, PVState.IN_REVIEW, PVState.CONFORM, SENT_AT + DAY)
        pv_of()
        assert "1 jour ouvré, médiane de 1 contrôle clos" in client.get(INDEX).content.decode()

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
        page = response.content.decode()
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
        page = client.get(INDEX, {"q": q}).content.decode()
        assert url("pv", pv.pk) in page
        assert url("pv", other.pk) not in page

    def test_empty_says_why(self, client, me):
        assert "Aucun PV n'attend l'ANS" in client.get(INDEX).content.decode()
        assert "Aucun PV ne correspond" in client.get(INDEX, {"q": "rien"}).content.decode()
        assert "Aucun PV ici" in client.get(INDEX, {"vue": "clos"}).content.decode()

    def test_only_what_may_be_assigned_can_be_ticked(self, client, me):
        confirm = proposed_by(agent())
        assert 'type="checkbox" name="pv"' not in client.get(INDEX).content.decode()
        free = pv_of()
        page = client.get(INDEX).content.decode()
        assert f'name="pv" value="{free.pk}"' in page
        assert f'name="pv" value="{confirm.pk}"' not in page

    def test_only_those_who_may_be_given_one_of_the_pv_are_offered(self, client, me):
        pv = pv_of()
        own = also_member(agent(), pv.pilot.prestation.organisation)
        free = agent()
        for address in (INDEX, url("pv", pv.pk)):
            page = client.get(address).content.decode()
            assert f'<option value="{free.pk}">' in page
            assert f'<option value="{own.pk}">' not in page
        pv_of()
        assert f'<option value="{own.pk}">' in client.get(INDEX).content.decode()

    def test_an_own_pv_cannot_be_ticked(self, client, me):
        pv = pv_of()
        also_member(me, pv.pilot.prestation.organisation)
        page = client.get(INDEX).content.decode()
        assert f'name="pv" value="{pv.pk}"' not in page
        assert "un autre agent l'instruit" in page

    def test_queries_do_not_grow_with_the_rows(self, client, me, django_assert_max_num_queries):
        pv_of()
        with django_assert_max_num_queries(20):
            client.get(INDEX)
        for number in range(59):
            pv_of(sent_at=SENT_AT + dt.timedelta(minutes=number))
        with django_assert_max_num_queries(20):
            page = client.get(INDEX).content.decode()
        assert page.count("data-row") == 50
        assert "51 à 60 sur 60" in client.get(INDEX, {"page": 2}).content.decode()


class TestAssign:
    def test_many_at_once(self, client, me):
        pvs, to = [pv_of(), pv_of()], agent(full_name="Collègue Fictive")
        data = {"pv": [pv.pk for pv in pvs], "agent": to.pk, "next": f"{INDEX}?vue=a-prendre"}
        response = client.post(url("assign"), data, follow=True)
        assert response.redirect_chain == [(f"{INDEX}?vue=a-prendre", 302)]
        assert "2 PV affectés à Collègue Fictive." in response.content.decode()
        assert {pv.assigned_to for pv in PilotPV.objects.all()} == {to}

    def test_what_cannot_be_is_told_and_the_others_are(self, client, me):
        good, closed, own = pv_of(), pv_of(state=PVState.CONFORM), pv_of()
        to = also_member(agent(), own.pilot.prestation.organisation)
        data = {"pv": [good.pk, closed.pk, own.pk], "agent": to.pk}
        page = client.post(url("assign"), data, follow=True).content.decode()
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
        page = client.post(url("assign"), data, follow=True).content.decode()
        assert words in page or "Sélectionnez un choix valide" in page

    def test_only_to_an_agent(self, client, me):
        pv = pv_of()
        data = {"pv": pv.pk, "agent": member().pk}
        page = client.post(url("assign"), data, follow=True).content.decode()
        assert "pas un agent de l'ANS" in page.replace("&#x27;", "'")

    def test_never_leads_to_another_site(self, client, me):
        data = {"pv": pv_of().pk, "agent": me.pk, "next": "https://ailleurs.example/"}
        assert client.post(url("assign"), data)["Location"] == INDEX


def answer(pv, outcome, **fields):
    return {"outcome": outcome.value, "read": pv.files.first().sha256, "note": "", **fields}


class TestReview:
    def test_the_page_shows_the_file_the_mentions_and_the_verdict(self, client, me):
        pv = reviewed_by(me)
        page = client.get(url("pv", pv.pk)).content.decode()
        file = pv.files.first()
        assert f'<iframe class="review-frame" src="{url("file", file.pk)}"' in page
        for words in (
            "Signature manuscrite à contrôler",
            "Stabilite",
            file.sha256,
            "Directrice Fictive",
            "Validée par l'ASP",
            "Raccourcis clavier",
            "Le contrôle automatique",
        ):
            assert words in page.replace("&#x27;", "'")

    def test_take_then_conforme(self, client, me):
        pv = pv_of()
        response = client.post(url("take", pv.pk), follow=True)
        assert "Vous instruisez ce PV" in response.content.decode()
        response = client.post(url("decide", pv.pk), answer(pv, PVState.CONFORM), follow=True)
        assert response.redirect_chain == [(url("pv", pv.pk), 302)]
        assert "le Fournisseur est prévenu" in response.content.decode()
        pv.refresh_from_db()
        assert pv.state == PVState.CONFORM

    def test_non_conforme_with_typed_reasons(self, client, me):
        pv = reviewed_by(me)
        data = answer(
            pv,
            PVState.NOT_CONFORM,
            **{
                "kind-client": "ABSENTE",
                "text-client": "Le FINESS manque.",
                "kind-document": "NON_SIGNEE",
                "note": "Refaites signer.",
            },
        )
        page = client.post(url("decide", pv.pk), data, follow=True).content.decode()
        assert "un autre agent doit le confirmer" in page
        decision = PVDecision.objects.get()
        assert [(one["code"], one["kind"]) for one in decision.reasons] == [
            ("client", "ABSENTE"),
            ("document", "NON_SIGNEE"),
        ]
        assert decision.note == "Refaites signer."
        assert "Le FINESS manque." in page

    @pytest.mark.parametrize(
        ("outcome", "fields", "words"),
        [
            (PVState.NOT_CONFORM, {}, "au moins une mention"),
            (PVState.CONFORM, {"kind-client": "ABSENTE"}, "Vous avez relevé des motifs"),
            (PVState.NOT_CONFORM, {"text-client": "Mal."}, "Choisissez ce qui ne va pas"),
            (PVState.NOT_CONFORM, {"kind-client": "AUTRE"}, "AUTRE"),
            (PVState.CONFORM, {"read": "0" * 64}, "nouvelle version du fichier"),
            (PVState.DRAFT, {}, "BROUILLON"),
        ],
    )
    def test_bad_input_is_a_sentence_and_keeps_what_was_typed(
        self, client, me, outcome, fields, words
    ):
        pv = reviewed_by(me)
        data = answer(pv, outcome, **{"note": "Ce que je pense.", **fields})
        response = client.post(url("decide", pv.pk), data)
        assert response.status_code == 422
        page = response.content.decode()
        assert words in page
        assert "Ce que je pense." in page
        assert not PVDecision.objects.exists()

    def test_the_second_of_two_deciders_reads_the_page_as_it_now_is(self, client, me):
        pv = pv_of(state=PVState.CONFORM, assigned_to=me, decided_at=NOW)
        response = client.post(url("decide", pv.pk), answer(pv, PVState.CONFORM))
        assert response.status_code == 422
        assert "Ce PV est maintenant à l'état" in response.content.decode().replace("&#x27;", "'")

    def test_deciding_for_another_is_refused(self, client, me):
        pv = reviewed_by(agent())
        response = client.post(url("decide", pv.pk), answer(pv, PVState.CONFORM))
        assert response.status_code == 403
        assert "qui instruit ce PV" in response.content.decode()

    def test_taking_what_is_taken_is_told(self, client, me):
        pv = reviewed_by(agent(full_name="Agent Rapide"))
        page = client.post(url("take", pv.pk), follow=True).content.decode()
        assert "Agent Rapide instruit déjà ce PV" in page

    def test_taking_what_another_was_given_is_confirmed_on_the_page(self, client, me):
        other = agent(full_name="Agente Affectée")
        pv = pv_of(assigned_to=other)
        page = client.get(url("pv", pv.pk)).content.decode()
        assert "Je reprends ce PV à Agente Affectée, qui en sera prévenu." in page
        page = client.post(url("take", pv.pk), follow=True).content.decode()
        assert "Agente Affectée a ce PV : confirmez" in page
        client.post(url("take", pv.pk), {"instead_of": other.pk})
        pv.refresh_from_db()
        assert pv.assigned_to == me
        assert "Repris à Agente Affectée" in client.get(url("pv", pv.pk)).content.decode()

    @pytest.mark.parametrize("instead_of", ["x", "", "9" * 40])
    def test_taking_instead_of_nobody_known_is_told(self, client, me, instead_of):
        pv = pv_of(assigned_to=agent())
        page = client.post(url("take", pv.pk), {"instead_of": instead_of}, follow=True)
        assert "confirmez que vous le lui reprenez" in page.content.decode()

    def test_give_back(self, client, me):
        pv = reviewed_by(me)
        page = client.post(url("give_back", pv.pk), follow=True).content.decode()
        assert "rendu à la file" in page
        assert "Prendre ce PV" in page

    def test_a_second_agent_confirms(self, client, me):
        pv = proposed_by(agent())
        page = client.get(url("pv", pv.pk)).content.decode()
        assert "Confirmer la non-conformité" in page
        assert page.count(f"<li>{reason()['label']} : ") == 2, (
            "beside the button and among decisions"
        )
        client.post(url("confirm", pv.pk))
        pv.refresh_from_db()
        assert pv.state == PVState.NOT_CONFORM

    def test_a_second_agent_does_not_agree(self, client, me):
        pv = proposed_by(agent())
        response = client.post(url("contradict", pv.pk), {"note": ""})
        assert response.status_code == 422
        assert "Dites pourquoi" in response.content.decode()
        client.post(url("contradict", pv.pk), {"note": "Le FINESS est page 2."})
        pv.refresh_from_db()
        assert pv.state == PVState.IN_REVIEW
        assert "Le FINESS est page 2." in client.get(url("pv", pv.pk)).content.decode()

    def test_a_responsable_reopens_with_a_reason(self, client):
        leader = agent(Role.RESPONSABLE)
        client.force_login(leader)
        pv = pv_of(state=PVState.CONFORM, decided_at=NOW)
        assert "Rouvrir l'instruction" in client.get(url("pv", pv.pk)).content.decode()
        response = client.post(url("reopen", pv.pk), {"reason": " "})
        assert response.status_code == 422
        assert "Dites pourquoi" in response.content.decode()
        page = client.post(url("reopen", pv.pk), {"reason": "Le FINESS est faux."}, follow=True)
        assert "le Fournisseur est prévenu" in page.content.decode()
        assert "Le FINESS est faux." in page.content.decode()
        assert "<dt>Rouvert</dt>" in page.content.decode()
        pv.refresh_from_db()
        assert pv.state == PVState.IN_REVIEW

    def test_an_agent_is_not_offered_to_reopen(self, client, me):
        pv = pv_of(state=PVState.CONFORM, decided_at=NOW)
        assert 'id="rouvrir"' not in client.get(url("pv", pv.pk)).content.decode()
        assert client.post(url("reopen", pv.pk), {"reason": "Non."}).status_code == 403

    def test_reopening_what_is_not_conforme_says_the_state(self, client):
        client.force_login(agent(Role.RESPONSABLE))
        response = client.post(url("reopen", pv_of().pk), {"reason": "Non."})
        assert response.status_code == 422
        assert "Ce PV est maintenant à l" in response.content.decode()

    def test_what_stays_published_is_said_before_and_after(self, client):
        client.force_login(agent(Role.RESPONSABLE))
        pv = pv_of(state=PVState.CONFORM, decided_at=NOW)
        supplier = pv.pilot.prestation.supplier
        Publication.objects.create(
            solution=supplier.solution,
            organisation=supplier.organisation,
            solution_name="RIS Publié",
            state=PublicationState.PUBLISHED,
            published_at=NOW,
        )
        page = client.get(url("pv", pv.pk)).content.decode()
        assert "RIS Publié est publiée parmi les premières installations réussies" in page
        client.post(url("reopen", pv.pk), {"reason": "Relu."})
        page = client.get(url("pv", pv.pk)).content.decode()
        assert "RIS Publié reste publiée" in page

    def test_an_agent_of_the_fournisseur_reads_nothing_of_a_proposal(self, client):
        pv = proposed_by(agent(full_name="Agente Proposante"))
        client.force_login(also_member(agent(), pv.pilot.prestation.organisation))
        for address in (INDEX, url("pv", pv.pk), f"{INDEX}?vue=a-confirmer"):
            page = client.get(address).content.decode()
            assert "Non conforme, à confirmer" not in page
            assert "Le FINESS manque." not in page
        assert "Aucun PV ici" in page

    def test_the_first_agent_is_not_offered_to_confirm(self, client, me):
        pv = proposed_by(me)
        assert "Confirmer la non-conformité" not in client.get(url("pv", pv.pk)).content.decode()
        assert client.post(url("confirm", pv.pk)).status_code == 403

    def test_a_resubmitted_pv_shows_what_was_said_before(self, client, me):
        pv = reviewed_by(me)
        file = pv.files.first()
        PVDecision.objects.create(
            pv=pv,
            file=file,
            file_sha256=file.sha256,
            outcome=PVState.NOT_CONFORM,
            reasons=[reason(text="Le FINESS était faux.")],
            decided_by_name="Agent Ancien",
            decided_at=SENT_AT - DAY,
            confirmed_at=SENT_AT - DAY,
        )
        PVDecision.objects.update(content=content_of(pv))
        pv.mentions.filter(code="client").update(value="CHU Fictif, FINESS relu")
        add_file(pv, b"%PDF-1.4 deux", number=2)
        page = client.get(url("pv", pv.pk)).content.decode()
        assert "Ce qui a changé depuis la version refusée" in page
        assert '<td data-label="Maintenant">CHU Fictif, FINESS relu</td>' in page
        assert "Le fichier joint maintenant est la version 2." in page
        assert "Le FINESS était faux." in page
        assert "pv-signe.pdf, version 1" in page
        assert "remplacée" in page

    def test_what_was_decided_once_is_not_shown_as_current(self, client, me):
        closed = pv_of(state=PVState.NOT_CONFORM, decided_at=SENT_AT)
        again = reviewed_by(me, decided_at=SENT_AT)
        assert "<dt>Décidé</dt>" in client.get(url("pv", closed.pk)).content.decode()
        assert "<dt>Décidé</dt>" not in client.get(url("pv", again.pk)).content.decode()

    def test_a_file_that_serves_elsewhere_is_told_with_where(self, client, me):
        pv, other = reviewed_by(me), pv_of()
        page = client.get(url("pv", pv.pk)).content.decode()
        assert "Ce fichier, octet pour octet, est aussi joint au" in page
        assert f'<a href="{url("pv", other.pk)}">PV' in page.replace("&#x27;", "'")

    def test_enter_in_a_field_pushes_a_button_that_does_nothing(self, client, me):
        page = client.get(url("pv", reviewed_by(me).pk)).content.decode()
        form = page[page.index(f'action="{url("decide", PilotPV.objects.get().pk)}"') :]
        assert form.index('<button type="submit" disabled hidden>') < form.index("CONFORME")

    def test_previous_and_next_follow_the_queue(self, client, me):
        pvs = [pv_of(sent_at=SENT_AT + dt.timedelta(hours=hour)) for hour in range(3)]
        page = client.get(url("pv", pvs[1].pk)).content.decode()
        assert f'href="{url("pv", pvs[0].pk)}" rel="prev"' in page
        assert f'href="{url("pv", pvs[2].pk)}" rel="next"' in page

    def test_without_a_file_and_with_a_very_long_name(self, client, me):
        pv = reviewed_by(me, client=OrganisationFactory(client=True, name=LONG[:200]))
        pv.files.all().delete()
        page = client.get(url("pv", pv.pk)).content.decode()
        assert "Aucun fichier signé" in page

    def test_queries_do_not_grow(self, client, me, django_assert_max_num_queries):
        pv = reviewed_by(me)
        for number in range(2, 6):
            add_file(pv, b"%PDF-1.4" + bytes(number), number=number)
            pv_of()
        with django_assert_max_num_queries(42):
            client.get(url("pv", pv.pk))
