"""What an agent reads on the page of a PV, and what each act there answers."""

import datetime as dt

import pytest

from accounts.enums import Role
from pilots.enums import PublicationState, PVState
from pilots.pv.models import PilotPV, Publication, PVDecision
from pilots.pv.selectors.pvs import content_of
from tests.factories import OrganisationFactory
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
    reason,
    reviewed_by,
    url,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendars"), pytest.mark.at(NOW)]
INDEX = "/instruction/"
LONG = "Groupement de coopération sanitaire d'imagerie des vallées fictives de l'Arrière-Pays " * 2


def answer(pv, outcome, **fields):
    return {"outcome": outcome.value, "read": pv.files.first().sha256, "note": "", **fields}


class TestReview:
    def test_the_page_shows_the_file_the_mentions_and_the_verdict(self, client, me):
        pv = reviewed_by(me)
        page = markup(client.get(url("pv", pv.pk)))
        file = pv.files.first()
        assert f'<iframe class="review-frame" src="{url("file", file.pk)}#' in page
        for words in (
            "Signature manuscrite à contrôler",
            "Stabilite",
            file.sha256,
            "Directrice Fictive",
            "Validée par l'ASP",
            "Raccourcis clavier",
            "Contrôle automatique",
        ):
            assert words in page.replace("&#x27;", "'")

    def test_take_then_conforme(self, client, me):
        pv = pv_of()
        response = client.post(url("take", pv.pk), follow=True)
        assert "Vous instruisez ce PV" in markup(response)
        client.get(url("file", pv.files.first().pk)).getvalue()
        data = answer(pv, PVState.CONFORM, all_checked="on")
        response = client.post(url("decide", pv.pk), data, follow=True)
        assert response.redirect_chain == [(url("pv", pv.pk), 302)]
        assert "prend effet le 10/02/2027 à 10h10" in markup(response)
        pv.refresh_from_db()
        assert pv.state == PVState.TO_TAKE_EFFECT

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
        page = markup(client.post(url("decide", pv.pk), data, follow=True))
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
        page = markup(response)
        assert words in page
        assert "Ce que je pense." in page
        assert not PVDecision.objects.exists()

    def test_the_second_of_two_deciders_reads_the_page_as_it_now_is(self, client, me):
        pv = pv_of(state=PVState.CONFORM, assigned_to=me, decided_at=NOW)
        response = client.post(url("decide", pv.pk), answer(pv, PVState.CONFORM))
        assert response.status_code == 422
        assert "Ce PV est maintenant à l'état" in markup(response).replace("&#x27;", "'")

    def test_deciding_for_another_is_refused(self, client, me):
        pv = reviewed_by(agent())
        response = client.post(url("decide", pv.pk), answer(pv, PVState.CONFORM))
        assert response.status_code == 403
        assert "qui instruit ce PV" in markup(response)

    def test_taking_what_is_taken_is_refused(self, client, me):
        pv = reviewed_by(agent(full_name="Agent Rapide"))
        page = markup(client.post(url("take", pv.pk), follow=True))
        assert "Agent Rapide instruit déjà ce PV" in page

    def test_taking_what_another_was_given_is_confirmed_on_the_page(self, client, me):
        other = agent(full_name="Agente Affectée")
        pv = pv_of(assigned_to=other)
        page = markup(client.get(url("pv", pv.pk)))
        assert "Je reprends ce PV à Agente Affectée, qui en sera prévenu." in page
        page = markup(client.post(url("take", pv.pk), follow=True))
        assert "Agente Affectée a ce PV : confirmez" in page
        client.post(url("take", pv.pk), {"instead_of": other.pk})
        pv.refresh_from_db()
        assert pv.assigned_to == me
        assert "Repris à Agente Affectée" in markup(client.get(url("pv", pv.pk)))

    @pytest.mark.parametrize("instead_of", ["x", "", "9" * 40])
    def test_taking_instead_of_nobody_known_is_refused(self, client, me, instead_of):
        pv = pv_of(assigned_to=agent())
        page = client.post(url("take", pv.pk), {"instead_of": instead_of}, follow=True)
        assert "confirmez que vous le lui reprenez" in markup(page)

    def test_give_back(self, client, me):
        pv = reviewed_by(me)
        page = markup(client.post(url("give_back", pv.pk), follow=True))
        assert "rendu à la file" in page
        assert "Prendre ce PV" in page

    def test_a_second_agent_confirms(self, client, me):
        pv = proposed_by(agent())
        page = markup(client.get(url("pv", pv.pk)))
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
        assert "Indiquez" in markup(response)
        client.post(url("contradict", pv.pk), {"note": "Le FINESS est page 2."})
        pv.refresh_from_db()
        assert pv.state == PVState.IN_REVIEW
        assert "Le FINESS est page 2." in markup(client.get(url("pv", pv.pk)))

    def test_a_responsable_reopens_with_a_reason(self, client):
        leader = agent(Role.RESPONSABLE)
        client.force_login(leader)
        pv = pv_of(state=PVState.CONFORM, decided_at=NOW)
        assert "Rouvrir l'instruction" in markup(client.get(url("pv", pv.pk)))
        response = client.post(url("reopen", pv.pk), {"reason": " "})
        assert response.status_code == 422
        assert "Indiquez" in markup(response)
        page = client.post(url("reopen", pv.pk), {"reason": "Le FINESS est faux."}, follow=True)
        assert "le Fournisseur est prévenu" in markup(page)
        assert "Le FINESS est faux." in markup(page)
        assert "<dt>Rouvert</dt>" in markup(page)
        pv.refresh_from_db()
        assert pv.state == PVState.IN_REVIEW

    def test_an_agent_is_not_offered_to_reopen(self, client, me):
        pv = pv_of(state=PVState.CONFORM, decided_at=NOW)
        assert 'id="rouvrir"' not in markup(client.get(url("pv", pv.pk)))
        assert client.post(url("reopen", pv.pk), {"reason": "Non."}).status_code == 403

    def test_reopening_what_is_not_conforme_says_the_state(self, client):
        client.force_login(agent(Role.RESPONSABLE))
        response = client.post(url("reopen", pv_of().pk), {"reason": "Non."})
        assert response.status_code == 422
        assert "Ce PV est maintenant à l" in markup(response)

    def test_what_stays_published_is_shown_before_and_after(self, client):
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
        page = markup(client.get(url("pv", pv.pk)))
        assert "RIS Publié est publiée parmi les premières installations réussies" in page
        client.post(url("reopen", pv.pk), {"reason": "Relu."})
        page = markup(client.get(url("pv", pv.pk)))
        assert "RIS Publié reste publiée" in page

    def test_an_agent_of_the_fournisseur_reads_nothing_of_a_proposal(self, client):
        pv = proposed_by(agent(full_name="Agente Proposante"))
        client.force_login(also_member(agent(), pv.pilot.prestation.organisation))
        for address in (INDEX, url("pv", pv.pk), f"{INDEX}?vue=a-confirmer"):
            page = markup(client.get(address))
            assert "Non conforme, à confirmer" not in page
            assert "Le FINESS manque." not in page
        assert "Aucun PV dans cette partie de la file" in page

    def test_the_first_agent_is_not_offered_to_confirm(self, client, me):
        pv = proposed_by(me)
        assert "Confirmer la non-conformité" not in markup(client.get(url("pv", pv.pk)))
        assert client.post(url("confirm", pv.pk)).status_code == 403

    def test_a_resubmitted_pv_shows_the_former_reasons(self, client, me):
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
        page = markup(client.get(url("pv", pv.pk)))
        assert "Ce qui a changé depuis la version refusée" in page
        assert '<td data-label="Maintenant">CHU Fictif, FINESS relu</td>' in page
        assert "Le fichier joint maintenant est la version 2." in page
        assert "Le FINESS était faux." in page
        assert "pv-signe.pdf, version 1" in page
        assert "remplacée" in page

    def test_what_was_decided_once_is_not_shown_as_current(self, client, me):
        closed = pv_of(state=PVState.NOT_CONFORM, decided_at=SENT_AT)
        again = reviewed_by(me, decided_at=SENT_AT)
        assert "<dt>Décidé</dt>" in markup(client.get(url("pv", closed.pk)))
        assert "<dt>Décidé</dt>" not in markup(client.get(url("pv", again.pk)))

    def test_a_file_that_serves_elsewhere_is_reported_with_where(self, client, me):
        pv, other = reviewed_by(me), pv_of()
        page = markup(client.get(url("pv", pv.pk)))
        assert "Ce fichier, octet pour octet, est aussi joint au" in page
        assert f'<a href="{url("pv", other.pk)}">PV' in page.replace("&#x27;", "'")

    def test_enter_in_a_field_pushes_a_button_that_does_nothing(self, client, me):
        page = markup(client.get(url("pv", reviewed_by(me).pk)))
        form = page[page.index(f'action="{url("decide", PilotPV.objects.get().pk)}"') :]
        assert form.index('<button type="submit" disabled hidden>') < form.index("CONFORME")

    def test_previous_and_next_follow_the_queue(self, client, me):
        pvs = [pv_of(sent_at=SENT_AT + dt.timedelta(hours=hour)) for hour in range(3)]
        page = markup(client.get(url("pv", pvs[1].pk)))
        assert f'href="{url("pv", pvs[0].pk)}" rel="prev"' in page
        assert f'href="{url("pv", pvs[2].pk)}" rel="next"' in page

    def test_without_a_file_and_with_a_very_long_name(self, client, me):
        pv = reviewed_by(me, client=OrganisationFactory(client=True, name=LONG[:200]))
        pv.files.all().delete()
        page = markup(client.get(url("pv", pv.pk)))
        assert "Aucun fichier signé" in page

    def test_queries_do_not_grow(self, client, me, django_assert_max_num_queries):
        pv = reviewed_by(me)
        for number in range(2, 6):
            add_file(pv, b"%PDF-1.4" + bytes(number), number=number)
            pv_of()
        with django_assert_max_num_queries(42):
            client.get(url("pv", pv.pk))
