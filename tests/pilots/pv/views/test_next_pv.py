"""From one PV to the next: what is taken, in what order, and what is shown of the last one."""

import pytest

from accounts.enums import Role
from pilots.enums import PVState
from tests.factories import OrganisationFactory, SupplierFactory, member
from tests.pages import markup
from tests.pilots.reviewing import DAY, NOW, SENT_AT, agent, also_member, pv_of, reviewed_by, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendars"), pytest.mark.at(NOW)]
INDEX = "/instruction/"


def take_next(client, **data):
    return client.post(url("take_next"), data)


def conform(client, pv, **data):
    client.get(url("file", pv.files.first().pk)).getvalue()
    known = {"outcome": "CONFORME", "read": pv.files.first().sha256, "all_checked": "on"}
    return client.post(url("decide_and_next", pv.pk), {**known, **data}, follow=True)


class TestTakeNext:
    def test_the_first_of_the_queue_is_taken(self, client, me):
        pv_of()
        oldest = pv_of(sent_at=SENT_AT - DAY)
        assert take_next(client)["Location"] == url("pv", oldest.pk)
        oldest.refresh_from_db()
        assert (oldest.state, oldest.assigned_to) == (PVState.IN_REVIEW, me)

    def test_mine_is_continued_without_a_second_act(self, client, me):
        mine = reviewed_by(me, sent_at=SENT_AT - DAY)
        pv_of()
        assert take_next(client)["Location"] == url("pv", mine.pk)

    def test_it_goes_on_behind_the_present_one_then_starts_again(self, client, me):
        first, second, third = (pv_of(sent_at=SENT_AT + day * DAY) for day in range(3))
        for after, following in ((first, second), (second, third), (third, first)):
            assert take_next(client, after=after.pk)["Location"] == url("pv", following.pk)

    @pytest.mark.parametrize("after", ["", "x", "9" * 40])
    def test_behind_what_is_no_pv_it_is_the_first(self, client, me, after):
        pv = pv_of()
        assert take_next(client, after=after)["Location"] == url("pv", pv.pk)

    def test_what_others_have_and_my_own_organisation_s_are_passed_over(self, client):
        supplier = SupplierFactory()
        client.force_login(also_member(agent(), supplier.organisation))
        reviewed_by(agent())
        pv_of(assigned_to=agent())
        pv_of(supplier)
        page = client.post(url("take_next"), follow=True)
        assert page.redirect_chain == [(INDEX, 302)]
        assert "Aucun autre PV n&#x27;est à prendre." in markup(page)

    def test_it_is_offered_only_where_there_is_one(self, client, me):
        assert url("take_next") not in markup(client.get(INDEX))
        pv = pv_of()
        assert url("take_next") in markup(client.get(INDEX))
        assert url("take_next") not in markup(client.get(url("pv", pv.pk)))

    def test_only_agents(self, client):
        client.force_login(member(Role.MANDATAIRE, OrganisationFactory()))
        assert take_next(client).status_code == 403


class TestConformAndNext:
    def test_the_next_is_taken_and_the_last_can_be_taken_back(self, client, me):
        first, second = reviewed_by(me, sent_at=SENT_AT - DAY), pv_of()
        page = conform(client, first)
        assert page.redirect_chain == [(url("pv", second.pk), 302)]
        assert f'<a href="{url("pv", first.pk)}">' in markup(page)
        assert "vous pouvez reprendre votre décision" in markup(page)
        for pv in (first, second):
            pv.refresh_from_db()
        assert (first.state, second.state) == (PVState.TO_TAKE_EFFECT, PVState.IN_REVIEW)

    def test_the_last_one_leads_to_the_queue(self, client, me):
        assert conform(client, reviewed_by(me)).redirect_chain == [(INDEX, 302)]

    def test_a_refusal_stays_on_the_pv_and_takes_nothing(self, client, me):
        pv, other = reviewed_by(me, sent_at=SENT_AT - DAY), pv_of()
        response = conform(client, pv, all_checked="")
        assert response.status_code == 422
        assert "Avant de déclarer le PV conforme" in markup(response)
        other.refresh_from_db()
        assert other.state == PVState.SENT


class TestGiven:
    """A PV that was assigned to me by name needs no «Prendre»."""

    def test_it_is_decided_at_once(self, client, me):
        pv = pv_of(assigned_to=me)
        page = markup(client.get(url("pv", pv.pk)))
        assert "Prendre ce PV" not in page
        assert "Liste de contrôle" in page
        conform(client, pv)
        pv.refresh_from_db()
        assert pv.state == PVState.TO_TAKE_EFFECT

    def test_one_given_to_another_is_not(self, client, me):
        pv = pv_of(assigned_to=agent())
        assert "Non conforme</button>" not in markup(client.get(url("pv", pv.pk)))
        assert conform(client, pv).status_code == 422
        pv.refresh_from_db()
        assert pv.state == PVState.SENT

    def test_whoever_prepared_it_may_not(self, client, me):
        pv = pv_of(assigned_to=me, prepared_by=me)
        assert "Non conforme</button>" not in markup(client.get(url("pv", pv.pk)))
        assert conform(client, pv).status_code == 422
        pv.refresh_from_db()
        assert pv.state == PVState.SENT
