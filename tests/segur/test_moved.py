"""Whoever has the former address of a page comes to the present one."""

import pytest
from django.urls import resolve

from accounts.enums import Role
from segur.moved import MOVED
from tests.factories import OrganisationFactory, SupplierFactory, member


@pytest.mark.parametrize("former", MOVED)
def test_a_former_address_leads_for_ever_to_a_page_with_its_query(client, db, former):
    client.force_login(member(Role.MANDATAIRE))
    response = client.get(f"/{former.replace('<int:pk>', '7')}?q=nord")
    assert (response.status_code, response.url) == (301, f"{MOVED[former]}?q=nord")
    assert resolve(str(MOVED[former])).view_name


def test_the_former_page_of_the_import_of_outages_opens_the_present_one(client, calendars):
    client.force_login(member(Role.SALARIE, SupplierFactory().organisation))
    response = client.get("/perf/pannes/importer/", follow=True)
    assert response.redirect_chain == [("/imports/outages/", 301)]
    assert response.status_code == 200


def test_a_former_address_of_the_review_opens_the_queue_to_the_ans_alone(client, db):
    client.force_login(member(Role.AGENT, OrganisationFactory(ans=True)))
    assert client.get("/instruction/affecter/", follow=True).status_code == 200
    client.force_login(member(Role.MANDATAIRE))
    assert client.get("/instruction/affecter/", follow=True).status_code == 403
