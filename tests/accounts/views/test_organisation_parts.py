"""The page of an industriel, for the ANS: figures of each app, each opening exactly its rows."""

import re
from html import unescape

import pytest

from accounts.enums import Kind, Role
from accounts.models import Organisation, User
from calendar_app.demo import cast
from tests.factories import OrganisationFactory, member
from tests.pages import markup, text
from tests.segur.test_counted_links import rows_of

FACT = re.compile(r'class="number">(?:<strong>)?<a href="([^"]*)">(\d+)</a>')


@pytest.mark.usefixtures("demo")
def test_each_figure_opens_its_rows(client):
    client.force_login(User.objects.get(email=cast.RESPONSABLE.email))
    seen, wrong = set(), []
    for row in Organisation.objects.filter(kind__in=[Kind.EDITEUR, Kind.DISTRIBUTEUR]):
        page = markup(client.get(row.get_absolute_url()))
        for url, count in FACT.findall(page):
            address = unescape(url).split("#")[0]
            seen.add(address.split("?")[0])
            if (rows := rows_of(client, address)) != int(count):
                wrong.append((row.name, address, count, rows))
    assert not wrong
    assert seen == {"/solutions/", "/prestations/", "/echeances/", "/instruction/", "/perf/"}


def test_a_new_organisation_has_nothing_yet(client, calendars):
    client.force_login(member(Role.AGENT))
    organisation = OrganisationFactory()
    shown = text(client.get(organisation.get_absolute_url()))
    assert "Solutions 0" in shown
    assert "Échéances Aucune." in shown
    assert "PERF" not in shown.split("Identité")[0].split("Échéances Aucune.")[1]


@pytest.mark.parametrize("role", [Role.MANDATAIRE, Role.SALARIE])
def test_an_industriel_does_not_open_it(client, calendars, role):
    own = member(role)
    client.force_login(own)
    assert client.get(own.memberships.get().organisation.get_absolute_url()).status_code == 403
    assert client.get(OrganisationFactory().get_absolute_url()).status_code == 404
