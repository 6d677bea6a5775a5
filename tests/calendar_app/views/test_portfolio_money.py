"""Money of a portfolio: who sees it, its sums, what blocks it, how it is typed and pasted."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.enums import Kind, Role
from calendar_app.enums import State
from calendar_app.models import Amounts, Deadline
from calendar_app.rules.parameters import ADVANCE_SHARE, ANS_SEES_AMOUNTS
from calendar_app.services.deadlines import open_deadlines
from parameters.models import RegulatoryParameter
from perf.models import Statement
from perf.rules.parameters import PERF_MULTIPLIES
from pilots.enums import AspRequestKind, AspRequestState
from tests.entries import entries
from tests.factories import (
    AspRequestFactory,
    OrganisationFactory,
    PrestationFactory,
    SolutionFactory,
    SupplierFactory,
    member,
)
from tests.pages import cells, csv_rows, markup, page, text

NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)

pytestmark = pytest.mark.at(NOW)
MONEY, MANY = "/portefeuille/montants/", "/portefeuille/montants/en-nombre/"


@pytest.fixture
def host(calendars):
    return OrganisationFactory(name="Imagix")


@pytest.fixture
def drimbox(host):
    """Without pilots: its solde is blocked by rights alone."""
    return SupplierFactory(solution=SolutionFactory(organisation=host, drimbox=True))


@pytest.fixture
def reseller(drimbox):
    organisation = OrganisationFactory(kind=Kind.DISTRIBUTEUR, name="Revendix")
    return SupplierFactory(
        solution=drimbox.solution, organisation=organisation, mandate_until=dt.date(2026, 10, 1)
    )


def prestation(supplier, name, advance=None, balance=None, advance_state=State.FILED, **fields):
    hospital = OrganisationFactory(client=True, name=name)
    made = PrestationFactory(supplier=supplier, client=hospital)
    open_deadlines(prestation=made, now=NOW)
    Deadline.objects.filter(prestation=made, milestone__number=4).update(state=advance_state)
    if advance is not None or balance is not None or fields:
        Amounts.objects.create(prestation=made, advance=advance, balance=balance, **fields)
    return made


def edit_url(made):
    return reverse("portfolio:amounts", args=[made.pk])


def typing(client, made, **typed):
    """As a browser sends the form: with the stamp of what the page showed."""
    read = client.get(edit_url(made)).context["form"].initial["read"]
    return client.post(edit_url(made), {"read": read, **typed})


def statement(made, perf):
    Statement.objects.create(
        prestation=made,
        number=f"PERF-{made.pk}",
        period_start=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        period_end=dt.datetime(2026, 10, 1, tzinfo=dt.UTC),
        base="ouvrable",
        counted_us=0,
        perf=perf,
        document="{}",
        sha256="0" * 64,
        issued_by_name="Essai",
    )


def set_parameter(key, value):
    RegulatoryParameter.objects.create(
        key=key,
        value=value,
        effective_from=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        source="Arrêté fictif",
        author_name="Essai",
    )


class TestWhoSees:
    @pytest.mark.parametrize(
        ("role", "status"),
        [
            (Role.MANDATAIRE, 200),
            (Role.REPRESENTANT, 200),
            (Role.SALARIE, 403),
            (Role.AGENT, 403),
            (Role.RESPONSABLE, 403),
        ],
    )
    def test_only_who_files(self, client, host, drimbox, role, status):
        made = prestation(drimbox, "Hôpital A", 3_000_00, 7_000_00)
        person = member(role, None if role in (Role.AGENT, Role.RESPONSABLE) else host)
        assert page(client, person, MONEY).status_code == status
        assert page(client, person, f"{MONEY}liste.csv").status_code == status
        assert page(client, person, edit_url(made)).status_code == status
        shown = text(page(client, person, reverse("prestations:detail", args=[made.pk])))
        assert ("3 000,00 €" in shown) == (status == 200)
        assert ('">Montants</a>' in markup(page(client, person, "/portefeuille/"))) == (
            status == 200
        )

    def test_an_outsider_sees_none_and_cannot_type(self, client, drimbox):
        made = prestation(drimbox, "Hôpital A", 3_000_00, 7_000_00)
        outsider = member(Role.MANDATAIRE)
        assert "3 000,00" not in text(page(client, outsider, MONEY))
        assert page(client, outsider, edit_url(made)).status_code == 404

    def test_the_editeur_does_not_see_the_money_of_its_distributeur(self, client, host, reseller):
        made = prestation(reseller, "Hôpital B", 3_000_00, 7_000_00)
        person = member(Role.MANDATAIRE, host)
        shown = text(page(client, person, MONEY))
        assert "Hôpital B" not in shown
        assert "3 000,00" not in shown
        assert "7 000,00" not in text(
            page(client, person, reverse("prestations:detail", args=[made.pk]))
        )
        assert page(client, person, edit_url(made)).status_code == 403

    def test_the_ans_sees_them_where_the_parameter_says_so(self, client, drimbox):
        made = prestation(drimbox, "Hôpital A", 3_000_00, 7_000_00)
        set_parameter(ANS_SEES_AMOUNTS, value=True)
        agent = member(Role.AGENT)
        assert cells(page(client, agent, MONEY), "Avance")[-1] == "3 000,00 € demandé"
        assert page(client, agent, edit_url(made)).status_code == 403

    def test_looking_through_a_member_shows_none_either(self, client, host, drimbox):
        made = prestation(drimbox, "Hôpital A", 3_000_00, 7_000_00)
        filer = member(Role.MANDATAIRE, host)
        client.force_login(member(Role.RESPONSABLE))
        look = reverse("accounts:view_as", args=[host.pk])
        client.post(look, {"member": filer.memberships.get().pk, "reason": "Appel du support"})
        assert client.get("/portefeuille/").status_code == 200
        assert client.get(MONEY).status_code == 403
        assert client.get(edit_url(made)).status_code == 403
        detail = client.get(reverse("prestations:detail", args=[made.pk]))
        assert "3 000,00" not in text(detail)

    def test_the_journal_has_no_figure(self, client, host, drimbox):
        made = prestation(drimbox, "Hôpital A")
        client.force_login(member(Role.MANDATAIRE, host))
        typing(client, made, advance="3 000,00")
        [entry] = entries(made.amounts)
        assert entry.what == "Montants enregistrés : avance"
        assert "3000" not in f"{entry.what} {entry.note} {entry.before} {entry.after}"


class TestSums:
    def test_by_state(self, client, host, drimbox):
        prestation(drimbox, "Hôpital A", 3_000_10, 7_000_20)
        prestation(drimbox, "Hôpital B", 1_000_00, 2_000_00, advance_state=State.TO_DO)
        prestation(drimbox, "Hôpital C", 5_00, 6_00, advance_paid_on=dt.date(2026, 11, 1))
        prestation(drimbox, "Hôpital D")
        response = page(client, member(Role.MANDATAIRE, host), MONEY)
        shown = text(response)
        assert "3 prestations sur 4 ont un montant ; total : 13 011,30 €" in shown
        assert cells(response, "Avance")[:4] == [
            "5,00 €",
            "3 000,10 €",
            "0,00 €",
            "1 000,00 €",
        ]
        assert "Payé 5,00 € 0,00 € 5,00 €" in shown
        assert "Demandé 3 000,10 € 0,00 € 3 000,10 €" in shown
        assert "À demander 0,00 € 9 006,20 € 9 006,20 €" in shown
        assert "En retard 1 000,00 € 0,00 € 1 000,00 €" in shown

    def test_an_advance_paid_at_the_asp_is_paid(self, client, host, drimbox):
        made = prestation(drimbox, "Hôpital A", 3_000_00, 7_000_00)
        AspRequestFactory(prestation=made, kind=AspRequestKind.ADVANCE, state=AspRequestState.PAID)
        response = page(client, member(Role.MANDATAIRE, host), MONEY)
        assert cells(response, "Avance")[-1] == "3 000,00 € payé"

    def test_what_is_set_aside_is_not_money(self, client, host, drimbox):
        prestation(drimbox, "Hôpital A", 3_000_00, advance_state=State.NOT_APPLICABLE)
        shown = text(page(client, member(Role.MANDATAIRE, host), MONEY))
        assert "total : 0,00 €" in shown

    def test_what_blocks_names_who_must_act(self, client, reseller):
        prestation(reseller, "Hôpital B", 3_000_00, 7_000_00)
        prestation(reseller, "Hôpital C", 3_000_00, 7_000_00)
        response = page(client, member(Role.MANDATAIRE, reseller.organisation), MONEY)
        assert cells(response, "Montant") == ["14 000,00 €"]
        assert cells(response, "Paiements") == ["2"]
        assert cells(response, "Qui doit agir") == ["Imagix (éditeur)"]
        assert cells(response, "Solde")[-2:] == ["7 000,00 € bloqué : mandat"] * 2

    def test_the_file_has_numbers(self, client, host, drimbox):
        prestation(drimbox, "Hôpital A", 3_000_05, None)
        response = page(client, member(Role.MANDATAIRE, host), f"{MONEY}liste.csv")
        [row] = csv_rows(response)
        assert (row["Avance (€)"], row["Solde (€)"]) == ("3000,05", "")
        assert row["État de l'avance"] == "demandé"

    def test_queries_do_not_grow(self, client, host, drimbox, django_assert_max_num_queries):
        prestation(drimbox, "Hôpital A", 3_000_00, 7_000_00)
        client.force_login(member(Role.MANDATAIRE, host))
        client.get(MONEY)
        with django_assert_max_num_queries(40) as before:
            client.get(MONEY)
        for number in range(8):
            prestation(drimbox, f"Hôpital {number}", 1_00, 2_00)
        with django_assert_max_num_queries(len(before)):
            client.get(MONEY)


class TestPerf:
    def test_without_the_parameter_nothing_is_asserted(self, client, host, drimbox):
        made = prestation(drimbox, "Hôpital A", 3_000_00, 7_000_00)
        statement(made, "0.5")
        assert "PERF, par" not in text(page(client, member(Role.MANDATAIRE, host), MONEY))

    def test_the_solde_is_halved_where_it_says_so(self, client, host, drimbox):
        made = prestation(drimbox, "Hôpital A", 3_000_00, 7_000_01)
        statement(made, "0.5")
        statement(prestation(drimbox, "Hôpital B", 1_00, 1_00), "1")
        set_parameter(PERF_MULTIPLIES, "SOLDE")
        shown = text(page(client, member(Role.MANDATAIRE, host), MONEY))
        assert "3 500,01 € de solde en moins sur 1 prestation" in shown


class TestTyping:
    def test_euros_are_kept_in_cents(self, client, host, drimbox):
        made = prestation(drimbox, "Hôpital A")
        client.force_login(member(Role.REPRESENTANT, host))
        typed = {"advance": "3 000,05 €", "balance": "7000", "advance_paid_on": "2026-11-02"}
        assert typing(client, made, **typed).status_code == 302
        row = Amounts.objects.get(prestation=made)
        assert (row.advance, row.balance) == (3_000_05, 7_000_00)
        assert row.advance_paid_on == dt.date(2026, 11, 2)
        assert 'value="3 000,05 €"' in markup(client.get(edit_url(made)))

    @pytest.mark.parametrize(
        "typed",
        [
            {"advance": "douze"},
            {"advance": "1", "advance_paid_on": "2026-11-23"},
            {"balance_paid_on": "2026-11-02"},
        ],
    )
    def test_what_cannot_be_is_refused(self, client, host, drimbox, typed):
        made = prestation(drimbox, "Hôpital A")
        client.force_login(member(Role.MANDATAIRE, host))
        assert typing(client, made, **typed).status_code == 422
        assert not Amounts.objects.exists()

    def test_a_stale_page_overwrites_nothing(self, client, host, drimbox):
        made = prestation(drimbox, "Hôpital A", 1_00, 2_00)
        client.force_login(member(Role.MANDATAIRE, host))
        read = client.get(edit_url(made)).context["form"].initial["read"]
        Amounts.objects.filter(prestation=made).update(advance=9_00)
        response = client.post(edit_url(made), {"advance": "5", "balance": "2", "read": read})
        assert response.status_code == 422
        assert Amounts.objects.get(prestation=made).advance == 9_00

    def test_the_share_deduces_the_other_and_says_so(self, client, host, drimbox):
        made = prestation(drimbox, "Hôpital A", advance=3_000_00)
        set_parameter(ADVANCE_SHARE, "30")
        person = member(Role.MANDATAIRE, host)
        shown = text(page(client, person, reverse("prestations:detail", args=[made.pk])))
        assert "≈ 7 000,00 € déduit de la part de l'avance, 30 %, à confirmer" in shown


class TestPaste:
    def paste(self, client, lines, **press):
        return client.post(MANY, {"lines": lines, **press})

    def test_looked_at_first_then_recorded(self, client, host, drimbox):
        made = prestation(drimbox, "Hôpital A", balance=5_00)
        client.force_login(member(Role.REPRESENTANT, host))
        line = f"{made.client.finess};3 000,00;"
        seen = self.paste(client, line)
        assert cells(seen, "Avance") == ["3 000,00 €"]
        assert Amounts.objects.get(prestation=made).advance is None
        assert self.paste(client, line, enregistrer="1").status_code == 302
        row = Amounts.objects.get(prestation=made)
        assert (row.advance, row.balance) == (3_000_00, 5_00)

    def test_one_entry_for_all(self, client, host, drimbox):
        made = [prestation(drimbox, f"Hôpital {place}") for place in range(3)]
        client.force_login(member(Role.REPRESENTANT, host))
        self.paste(client, "\n".join(f"{one.client.finess};1;2" for one in made), enregistrer="1")
        found = [list(entries(one)) for one in Amounts.objects.all()]
        assert [len(one) for one in found] == [1, 1, 1]
        assert len({one[0].pk for one in found}) == 1

    def test_wrong_lines_are_named_and_nothing_is_recorded(self, client, host, drimbox, reseller):
        good = prestation(drimbox, "Hôpital A")
        other = prestation(reseller, "Hôpital B")
        client.force_login(member(Role.REPRESENTANT, host))
        lines = f"{good.client.finess};1;2\n{other.client.finess};1;2\nabc;1;2"
        response = self.paste(client, lines, enregistrer="1")
        assert response.status_code == 422
        assert "2 lignes sur 3 sont à corriger" in text(response)
        assert not Amounts.objects.exists()

    def test_a_client_of_both_dispositifs_needs_its_dispositif(self, client, host, drimbox):
        made = prestation(drimbox, "Hôpital A")
        ris = SupplierFactory(solution=SolutionFactory(organisation=host))
        PrestationFactory(supplier=ris, client=made.client)
        client.force_login(member(Role.REPRESENTANT, host))
        assert "précisez le dispositif" in text(self.paste(client, f"{made.client.finess};1;2"))
        self.paste(client, f"{made.client.finess};drimbox;1;2", enregistrer="1")
        assert Amounts.objects.get().prestation == made

    def test_a_salarie_may_not(self, client, host):
        assert page(client, member(Role.SALARIE, host), MANY).status_code == 403
