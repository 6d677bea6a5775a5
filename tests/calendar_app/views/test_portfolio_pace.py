"""The page of the pace, the last safe days, and the margin that an organisation sets."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.enums import Role
from calendar_app.enums import FilingStatus, State
from calendar_app.models import Deadline, Filing, SafetyMargin
from calendar_app.services.deadlines import open_deadlines
from tests.entries import entries
from tests.factories import (
    OrganisationFactory,
    PrestationFactory,
    SolutionFactory,
    SupplierFactory,
    member,
)
from tests.pages import cells, page, text

NOW = dt.datetime(2026, 11, 30, 9, tzinfo=dt.UTC)
pytestmark = [pytest.mark.usefixtures("calendars"), pytest.mark.at(NOW)]
PACE, MARGIN = "/portefeuille/rythme/", "/portefeuille/marge/"


@pytest.fixture
def supplier(calendars):
    return SupplierFactory(solution=SolutionFactory(name="RIS Azimut"))


@pytest.fixture
def host(supplier):
    return supplier.organisation


def prestation(supplier, realised_on=None, decision=""):
    made = PrestationFactory(supplier=supplier)
    open_deadlines(prestation=made, now=NOW)
    if realised_on:
        deadline = made.deadlines.get(milestone__number=5)
        Deadline.objects.filter(pk=deadline.pk).update(state=State.FILED)
        filing(deadline, realised_on, decision=decision)
    return made


def filing(deadline, day, number=1, decision=""):
    Filing.objects.create(
        deadline=deadline,
        number=number,
        status=FilingStatus.FILED,
        deposited_at=dt.datetime.combine(day, dt.time(10), tzinfo=dt.UTC),
        recorded_by_name="Essai",
        recorded_at=NOW,
        deadline_version=1,
        receipt={},
        receipt_number=f"R-{deadline.pk}-{number}",
        receipt_sha256="0" * 64,
        decision=decision,
    )


class TestPace:
    def test_the_sentence_and_its_figures(self, client, supplier, host):
        for week in range(8):
            prestation(supplier, NOW.date() - dt.timedelta(days=7 * week))
        for _ in range(20):
            prestation(supplier)
        shown = text(page(client, member(Role.SALARIE, host), PACE))
        assert "Réalisées 8 sur 28" in shown
        assert "Rythme nécessaire 0,8 par semaine" in shown
        assert "À ce rythme, la dernière prestation est réalisée le" in shown

    def test_a_corrected_realisation_counts_once_on_its_last_day(self, client, supplier, host):
        made = prestation(supplier, dt.date(2026, 10, 1), decision=State.TO_CORRECT)
        filing(made.deadlines.get(milestone__number=5), dt.date(2026, 11, 24), number=2)
        prestation(supplier)
        shown = text(page(client, member(Role.SALARIE, host), PACE))
        assert "Réalisées 1 sur 2" in shown
        assert "1,0 par semaine" in shown

    def test_without_a_realisation_no_end_is_forecast(self, client, supplier, host):
        prestation(supplier)
        shown = text(page(client, member(Role.SALARIE, host), PACE))
        assert "aucune date de fin ne peut être calculée" in shown

    def test_an_outsider_finds_nothing_to_realise(self, client, supplier):
        prestation(supplier, dt.date(2026, 11, 24))
        shown = text(page(client, member(Role.MANDATAIRE), PACE))
        assert "Aucune prestation n'est enregistrée" in shown
        assert "RIS Azimut" not in shown

    def test_queries_do_not_grow(self, client, supplier, host, django_assert_max_num_queries):
        prestation(supplier, dt.date(2026, 11, 24))
        prestation(supplier)
        client.force_login(member(Role.SALARIE, host))
        client.get(PACE)
        with django_assert_max_num_queries(34) as before:
            client.get(PACE)
        for _ in range(6):
            prestation(supplier, dt.date(2026, 11, 25))
        with django_assert_max_num_queries(len(before)):
            client.get(PACE)


class TestMargin:
    def test_ten_working_days_unless_set(self, client, supplier, host):
        response = page(client, member(Role.SALARIE, host), PACE)
        assert set(cells(response, "Marge")) == {"10 jours ouvrés"}

    def test_it_moves_the_last_safe_days(self, client, supplier, host):
        person = member(Role.MANDATAIRE, host)
        client.force_login(person)
        assert client.post(MARGIN, {"days": 0}).url == reverse("portfolio:pace")
        response = client.get(PACE)
        assert cells(response, "Dernier jour sûr")[2] == "09/06/2027"

    def test_it_is_written_in_the_journal_once(self, client, host):
        client.force_login(member(Role.REPRESENTANT, host))
        for _ in range(2):
            client.post(MARGIN, {"days": 7})
        [entry] = entries(host)
        assert (entry.before, entry.after) == ({"days": 10}, {"days": 7})

    @pytest.mark.parametrize("days", ["", "-1", "121", "x"])
    def test_what_is_no_margin_is_refused(self, client, host, days):
        client.force_login(member(Role.MANDATAIRE, host))
        assert client.post(MARGIN, {"days": days}).status_code == 422
        assert not SafetyMargin.objects.exists()

    @pytest.mark.parametrize("days", [0, 120])
    def test_the_ends_are_margins(self, client, host, days):
        client.force_login(member(Role.MANDATAIRE, host))
        client.post(MARGIN, {"days": days})
        assert SafetyMargin.objects.get(organisation=host).days == days

    @pytest.mark.parametrize("role", [Role.SALARIE, Role.AGENT])
    def test_others_may_not(self, client, host, role):
        person = member(role, host if role == Role.SALARIE else None)
        assert page(client, person, MARGIN).status_code == 403

    def test_each_organisation_has_its_own(self, client, host):
        SafetyMargin.objects.create(organisation=host, days=3)
        response = page(client, member(Role.SALARIE, OrganisationFactory()), PACE)
        assert set(cells(response, "Marge")) == {"10 jours ouvrés"}


class TestReviewTime:
    def test_the_solde_of_the_ris_leaves_time_for_the_review_too(self, client, host):
        response = page(client, member(Role.SALARIE, host), PACE)
        shown = dict(
            zip(
                (row.milestone.code for row in response.context["safe_days"]),
                zip(
                    cells(response, "Dernier jour sûr"),
                    cells(response, "Contrôle des PV"),
                    strict=True,
                ),
                strict=True,
            )
        )
        of_solde = [shown[code] for code in shown if code.endswith("6")]
        assert of_solde == [
            ("25/08/2027", "10 jours ouvrés supposé, faute de mesure"),
            ("01/12/2027", "–"),
        ]
