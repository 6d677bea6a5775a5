"""PERFm and PERFe by their addresses: entry, refusals, totals, thresholds, access."""

import datetime as dt
from fractions import Fraction

import pytest
from django.urls import reverse

from accounts.enums import Role
from parameters.models import RegulatoryParameter
from perf.enums import Indicator
from perf.models import Ratio
from perf.rules.parameters import PERFM_THRESHOLD
from perf.services.ratios import INCOMPLETE, ratio_record
from perf.templatetags.ratios import month, percent
from tests.by import acting
from tests.calendar_app.pages import reading
from tests.factories import OrganisationFactory, PrestationFactory, member
from tests.pages import markup

NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)

pytestmark = pytest.mark.at(NOW)
COUNTS = {
    "local_numerator": 90,
    "local_denominator": 100,
    "remote_numerator": 10,
    "remote_denominator": 20,
}


@pytest.fixture
def prestation(calendars):
    """Of a distributeur, on the solution of an éditeur."""
    return PrestationFactory(supplier__organisation=OrganisationFactory())


@pytest.fixture
def salarie(client, prestation):
    user = member(Role.SALARIE, prestation.organisation)
    client.force_login(user)
    return user


def enter(prestation, day=dt.date(2026, 10, 1), indicator=Indicator.PERFM, **counts):
    return ratio_record(
        prestation=prestation,
        indicator=indicator,
        month=day,
        by=acting(member(Role.SALARIE, prestation.organisation), NOW),
        **{**COUNTS, **counts},
    )


def typed(**changes):
    return {"indicator": "PERFM", "month": "2026-10", **COUNTS, **changes}


def address(name, row):
    return reverse(f"perf:{name}", args=[row.pk])


# --- Entry ---------------------------------------------------------------------------------------


def test_a_month_is_entered_with_its_two_parts(client, salarie, prestation):
    page = markup(client.post(address("ratio_create", prestation), typed(), follow=True))

    ratio = Ratio.objects.get()
    assert (ratio.month, ratio.recorded_by) == (dt.date(2026, 10, 1), salarie)
    for shown in ("90 %", "50 %", "≈ 83,33 %", "100 / 120", "octobre 2026"):
        assert shown in page
    assert "seuils à confirmer dans l'Appel à financement" in page
    assert "Seuil atteint" not in page


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"remote_numerator": ""}, ("remote_numerator", "Saisie incomplète")),
        ({"remote_denominator": ""}, ("remote_denominator", "Sans CR de ce type, écrivez 0")),
        ({"local_numerator": ""}, ("local_numerator", "écrivez 0 s'il n'y en a aucun")),
        ({"local_numerator": 101}, ("local_numerator", "dépasse le dénominateur")),
        ({"remote_numerator": 21}, ("remote_numerator", "dépasse le dénominateur")),
        ({"local_numerator": -1}, ("local_numerator", "0")),
        ({"local_numerator": 10**12}, ("local_numerator", "2000000000")),
        ({"local_numerator": "dix"}, ("local_numerator", "nombre entier")),
        ({"month": "2026-12"}, ("month", "à venir")),
        ({"month": "2019-12"}, ("month", "2020")),
        ({"month": "brumaire"}, ("month", "n'existe pas")),
        ({"month": ""}, ("month", "Indiquez le mois")),
        ({"indicator": ""}, ("indicator", "Choisissez")),
        ({"indicator": "PERFX"}, ("indicator", "PERFX")),
    ],
)
def test_what_is_incomplete_or_impossible_is_refused(client, salarie, prestation, changes, refusal):
    field, words = refusal

    response = client.post(address("ratio_create", prestation), typed(**changes))

    assert response.status_code == 422
    errors = response.context["form"].errors[field]
    assert any(words in error.replace("\u202f", "").replace("\xa0", "") for error in errors)
    assert not Ratio.objects.exists()


@pytest.mark.parametrize(
    ("changes", "others"),
    [
        ({"indicator": "", "month": ""}, {"indicator", "month"}),
        ({"month": "2026-12"}, set()),
        ({"month": "brumaire"}, {"month"}),
    ],
)
def test_all_that_is_missing_is_shown_at_once(client, salarie, prestation, changes, others):
    empty = dict.fromkeys(COUNTS, "")

    response = client.post(address("ratio_create", prestation), typed(**empty, **changes))

    assert response.status_code == 422
    assert set(response.context["form"].errors) == {*COUNTS} | others


def test_a_correction_says_all_that_is_missing(client, salarie, prestation):
    row = enter(prestation)

    response = client.post(address("ratio", row), {"local_numerator": "1"})

    assert set(response.context["form"].errors) == {*COUNTS} - {"local_numerator"}


def test_zero_is_a_value(client, salarie, prestation):
    none = {"remote_numerator": 0, "remote_denominator": 0}

    page = markup(client.post(address("ratio_create", prestation), typed(**none), follow=True))

    assert "sans CR" in page
    assert "90 %" in page


def test_months_may_be_typed_by_hand_and_the_current_one_entered(client, salarie, prestation):
    client.post(address("ratio_create", prestation), typed(month="11/2026"))

    assert Ratio.objects.get().month == dt.date(2026, 11, 1)


def test_a_month_entered_twice_is_offered_for_correction(client, salarie, prestation):
    ratio = enter(prestation)

    response = client.post(address("ratio_create", prestation), typed())

    assert response.status_code == 422
    assert "déjà saisi pour PERFm" in markup(response)
    assert address("ratio", ratio) in markup(response)
    other = client.post(address("ratio_create", prestation), typed(indicator="PERFE"))
    assert other.status_code == 302


def test_a_correction_is_kept_with_what_it_replaces(client, salarie, prestation):
    ratio = enter(prestation)
    read = reading(client, address("ratio", ratio))
    changed = {**COUNTS, **read, "local_numerator": 95}

    assert client.post(address("ratio", ratio), changed).status_code == 302

    page = markup(client.get(address("ratio", ratio)))
    assert "Numérateur, CR locaux : 90 → 95" in page
    assert str(salarie) in page


def test_an_incomplete_correction_changes_nothing(client, salarie, prestation):
    ratio = enter(prestation)

    response = client.post(address("ratio", ratio), {**COUNTS, "remote_numerator": ""})

    assert response.status_code == 422
    assert response.context["form"].errors["remote_numerator"] == [INCOMPLETE]
    ratio.refresh_from_db()
    assert ratio.remote_numerator == 10


# --- Totals and thresholds -----------------------------------------------------------------------


def test_the_total_of_a_period_is_of_its_counts_not_of_its_ratios(client, salarie, prestation):
    enter(prestation, dt.date(2026, 9, 1), local_numerator=1, local_denominator=1)
    enter(prestation, dt.date(2026, 10, 1))
    enter(prestation, dt.date(2026, 8, 1), local_numerator=0)

    perfm, perfe = client.get(
        address("ratios_prestation", prestation), {"du": "2026-09", "au": "2026-10"}
    ).context["accounts"]

    assert perfm.total.both.ratio == Fraction(91 + 20, 101 + 40)
    assert [line.ratio.month.month for line in perfm.lines] == [9, 10]
    assert (perfm.missing, perfe.total.both.ratio) == ([], None)
    assert perfe.missing == [dt.date(2026, 9, 1), dt.date(2026, 10, 1)]


@pytest.mark.parametrize(
    "asked", [{"du": "2026-10", "au": "2026-09"}, {"du": "1999-01"}, {"au": "zut"}]
)
def test_an_impossible_period_is_refused_and_the_year_shown(client, salarie, prestation, asked):
    response = client.get(address("ratios_prestation", prestation), asked)

    assert response.status_code == 200
    assert "La période ne change pas" in markup(response)
    assert response.context["months"].first == dt.date(2026, 1, 1)


def threshold(value, since=dt.datetime(2026, 1, 1, tzinfo=dt.UTC)):
    RegulatoryParameter.objects.create(
        key=PERFM_THRESHOLD, value=value, effective_from=since, source="Texte fictif"
    )


@pytest.mark.parametrize(
    ("given", "result"),
    [("83.3333", True), ("83.3334", False), ("90", False), ("0", True), ("", None)],
)
def test_a_threshold_once_given_is_compared_with_the_exact_ratio(
    client, salarie, prestation, given, result
):
    enter(prestation)
    threshold(given)

    response = client.get(address("ratios_prestation", prestation))

    assert response.context["accounts"][0].reached is result
    words = {True: "Seuil atteint", False: "Seuil non atteint", None: "seuils à confirmer"}
    assert words[result] in markup(response)


@pytest.mark.parametrize(
    ("months", "words"),
    [
        (("10", "10"), ""),
        (("09", "10"), "provisoire, 1 mois sans saisie"),
        (("10", "12"), "provisoire, 1 mois sans saisie et 1 mois à venir"),
        (("01", "12"), "provisoire, 10 mois sans saisie et 1 mois à venir"),
    ],
)
def test_a_result_on_months_not_all_entered_is_provisional(
    client, salarie, prestation, months, words
):
    enter(prestation)
    threshold("90")

    url = address("ratios_prestation", prestation)
    first, last = (f"2026-{month}" for month in months)
    page = markup(client.get(url, {"du": first, "au": last}))

    assert "Seuil non atteint" in page
    assert words in page
    assert ("provisoire" in page) is bool(words)


def test_a_past_period_keeps_the_threshold_of_its_end(client, salarie, prestation):
    enter(prestation, dt.date(2026, 3, 1))
    threshold("10")
    threshold("99", since=dt.datetime(2026, 6, 1, tzinfo=dt.UTC))
    url = address("ratios_prestation", prestation)

    (march, _), (year, _) = (
        client.get(url, asked).context["accounts"]
        for asked in ({"du": "2026-03", "au": "2026-03"}, {})
    )

    assert (march.reached, year.reached) == (True, False)


# --- The list ------------------------------------------------------------------------------------


def test_the_list_has_the_ris_prestations_that_one_sees(client, salarie, prestation):
    PrestationFactory()
    PrestationFactory(
        supplier__solution__drimbox=True, supplier__organisation=prestation.organisation
    )
    enter(prestation)

    response = client.get(reverse("perf:ratios"))

    (line,) = response.context["lines"]
    assert line.prestation == prestation
    assert len(line.accounts[0].missing) == 10
    assert "≈ 83,33 %" in markup(response)
    last_year = client.get(reverse("perf:ratios"), {"annee": "2025"})
    assert not last_year.context["lines"][0].accounts[0].lines
    assert "Aucune prestation RIS" in markup(client.get(reverse("perf:ratios"), {"q": "zzz"}))
    assert client.get(reverse("perf:ratios"), {"annee": "zut"}).status_code == 200


@pytest.mark.parametrize("rows", [1, 12])
def test_the_queries_of_the_list_do_not_grow(
    client, salarie, prestation, rows, django_assert_num_queries
):
    for _ in range(rows):
        enter(PrestationFactory(supplier=prestation.supplier))
    client.get(reverse("perf:ratios"))

    with django_assert_num_queries(8):
        client.get(reverse("perf:ratios"))


# --- Access --------------------------------------------------------------------------------------


# index, prestation, create, ratio, correction
MATRIX = {
    "salarie": (200, 200, 200, 200, 302),
    "agent": (200, 200, 200, 200, 302),
    "editeur of the solution": (200, 200, 403, 200, 403),
    "outsider": (200, 404, 404, 404, 404),
}


def person(who, prestation):
    match who:
        case "salarie":
            return member(Role.SALARIE, prestation.organisation)
        case "agent":
            return member(Role.AGENT)
        case "editeur of the solution":
            return member(organisation=prestation.supplier.solution.organisation)
    return member()


@pytest.mark.parametrize("who", MATRIX)
def test_who_reaches_which_page(client, prestation, who):
    ratio = enter(prestation)
    client.force_login(person(who, prestation))
    urls = (
        reverse("perf:ratios"),
        address("ratios_prestation", prestation),
        address("ratio_create", prestation),
        address("ratio", ratio),
    )

    got = [client.get(url).status_code for url in urls]
    read = reading(client, urls[-1]) if got[-1] == 200 else {}

    assert (*got, client.post(urls[-1], {**COUNTS, **read}).status_code) == MATRIX[who]


def test_anonymous_is_sent_to_the_login_page(client, prestation):
    ratio = enter(prestation)
    for url in (reverse("perf:ratios"), address("ratio", ratio)):
        assert client.get(url).url.startswith(reverse("account_login"))


def test_a_drimbox_prestation_has_none(client, calendars):
    prestation = PrestationFactory(supplier__solution__drimbox=True)
    client.force_login(member(Role.SALARIE, prestation.organisation))

    assert client.get(address("ratios_prestation", prestation)).status_code == 404
    assert client.get(address("ratio_create", prestation)).status_code == 404


# --- Words ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ratio", "text"),
    [
        (Fraction(1), "100 %"),
        (Fraction(0), "0 %"),
        (Fraction(39, 40), "97,5 %"),
        (Fraction(1, 3), "≈ 33,33 %"),
        (Fraction(99_999, 100_000), "≈ 99,99 %"),
    ],
)
def test_a_ratio_is_never_rounded_up(ratio, text):
    assert percent(ratio) == text


def test_months_in_french():
    assert month(dt.date(2026, 10, 31)) == "octobre 2026"
