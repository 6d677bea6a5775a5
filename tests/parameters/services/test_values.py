"""Parameters: what holds at an instant, and who may change it."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.enums import Role
from calendar_app.rules.parameters import ASP_URL, CONVERGENCE_URL, NOON_IN_TIME
from journal.enums import Readers
from parameters.models import RegulatoryParameter
from parameters.rules.registry import REGISTRY
from parameters.selectors import rows, value, values
from parameters.services.values import parameter_amend, parameter_retire
from perf.engine.rules import BASES
from perf.enums import Period
from perf.rules.parameters import (
    BASE,
    GTI,
    HOURS_SATURDAY,
    HOURS_SUNDAY,
    HOURS_WEEKDAY,
    LIMIT_HALF,
    LIMIT_ONE,
    PERF_IN_PAYMENT,
    PERFM_THRESHOLD,
    PERIOD,
)
from segur.lib import paris
from tests.by import acting
from tests.entries import entries
from tests.factories import member

NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def responsable():
    return member(Role.RESPONSABLE)


def amend(responsable, **changes):
    given: dict[str, Any] = {
        "key": NOON_IN_TIME,
        "value": True,
        "effective_from": NOW,
        "source": "Appel à financement fictif, article 4",
        "is_confirmed": True,
        "now": NOW,
    } | changes
    return parameter_amend(by=acting(responsable, given.pop("now")), **given)


@pytest.mark.parametrize("key", REGISTRY)
def test_without_any_row_the_default_holds(key):
    assert value(key, at=NOW) == REGISTRY[key].default
    assert values(at=NOW)[key] == REGISTRY[key].default


def test_an_unknown_key_is_an_error():
    with pytest.raises(KeyError):
        value("inconnu", at=NOW)


def test_the_newest_in_effect_holds(responsable):
    amend(responsable, effective_from=NOW - DAY, value=True)
    amend(responsable, effective_from=NOW + DAY, value=False)
    instants = (NOW - 2 * DAY, NOW - DAY, NOW, NOW + DAY, NOW + 2 * DAY)
    assert [value(NOON_IN_TIME, at=at) for at in instants] == [False, True, True, False, False]
    assert [values(at=at)[NOON_IN_TIME] for at in instants] == [False, True, True, False, False]


def test_of_two_values_of_one_effect_the_later_recorded_holds(responsable):
    amend(responsable, value=True)
    amend(responsable, value=False, source="Correction")
    assert value(NOON_IN_TIME, at=NOW) is False


def test_an_older_text_known_later_does_not_hide_the_newer_one(responsable):
    amend(responsable, key=ASP_URL, value="https://nouveau.example/")
    amend(responsable, key=ASP_URL, value="https://ancien.example/", effective_from=NOW - 30 * DAY)
    assert value(ASP_URL, at=NOW) == "https://nouveau.example/"
    assert value(ASP_URL, at=NOW - DAY) == "https://ancien.example/"


def test_a_row_shows_what_holds_what_held_and_what_comes(responsable):
    first = amend(responsable, effective_from=NOW - DAY, is_confirmed=False)
    coming = amend(responsable, effective_from=NOW + DAY, value=False)
    row = next(row for row in rows(at=NOW) if row.parameter.key == NOON_IN_TIME)
    assert (row.value, row.current, row.is_confirmed) == (True, first, False)
    assert (row.history, row.coming) == ((coming, first), (coming,))
    assert (row.shown, row.shown_default) == ("Oui", "Non")
    assert row.source == "Appel à financement fictif, article 4"


def test_what_the_slides_say_needs_no_confirmation_until_it_is_changed(responsable):
    def row():
        return next(row for row in rows(at=NOW) if row.parameter.key == GTI)

    assert (row().is_confirmed, row().source) == (
        True,
        "diapositives de l'atelier de l'ANS du 4 mars 2025",
    )
    amend(responsable, key=GTI, value=45, is_confirmed=False)
    assert not row().is_confirmed


def test_a_row_without_any_value_shows_the_default_to_confirm():
    row = next(row for row in rows(at=NOW) if row.parameter.group == "Dépôts")
    assert (row.current, row.is_confirmed, row.history) == (None, False, ())
    assert row.source == "à confirmer dans l'Appel à financement"


def test_rows_are_read_in_one_query(responsable, django_assert_num_queries):
    for n in range(5):
        amend(responsable, effective_from=NOW + n * DAY)
    with django_assert_num_queries(1):
        rows(at=NOW)


def test_a_change_is_signed_and_never_an_edit(responsable):
    first = amend(responsable, effective_from=NOW - DAY)
    second = amend(responsable, value=False)
    assert list(RegulatoryParameter.objects.all()) == [second, first]
    assert (second.author, second.author_name, second.created_at) == (
        responsable,
        str(responsable),
        NOW,
    )


@pytest.mark.parametrize("role", [Role.AGENT, Role.MANDATAIRE, Role.SALARIE])
def test_only_a_responsable_changes(role):
    with pytest.raises(PermissionDenied):
        amend(member(role))


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"value": "oui"}, "value", "Répondez par oui ou par non."),
        ({"value": 1}, "value", "Répondez par oui ou par non."),
        ({"key": ASP_URL, "value": True}, "value", "Indiquez une adresse."),
        ({"key": ASP_URL, "value": "asp.example"}, "value", "qui commence par https://"),
        ({"key": CONVERGENCE_URL, "value": "javascript:alert(1)"}, "value", "https://"),
        ({"source": " "}, "source", "Indiquez le texte"),
        ({"key": GTI, "value": True}, "value", "Indiquez un nombre entier."),
        ({"key": GTI, "value": "30"}, "value", "Indiquez un nombre entier."),
        ({"key": GTI, "value": 0}, "value", "Indiquez un nombre de 1"),
        ({"key": BASE, "value": "nuit"}, "value", "Choisissez une des réponses"),
        ({"key": HOURS_WEEKDAY, "value": "9h-19h"}, "value", "écrivez une plage comme"),
        ({"key": HOURS_WEEKDAY, "value": "19:00-09:00"}, "value", "la fin vient avant le début"),
        ({"key": PERFM_THRESHOLD, "value": "101"}, "value", "Indiquez un pourcentage"),
        ({"key": PERFM_THRESHOLD, "value": "beaucoup"}, "value", "Indiquez un pourcentage"),
        ({"key": LIMIT_ONE, "value": 1201}, "value", "(20 h 1 min) dépasserait"),
        ({"key": LIMIT_HALF, "value": 599}, "value", "Changez l'autre seuil d'abord."),
    ],
)
def test_a_bad_value_is_refused(responsable, changes, field, sentence):
    with pytest.raises(ValidationError) as caught:
        amend(responsable, **changes)
    assert sentence in caught.value.message_dict[field][0]


def test_the_same_value_again_is_refused(responsable):
    amend(responsable)
    with pytest.raises(ValidationError, match="Rien ne change"):
        amend(responsable)
    amend(responsable, is_confirmed=False)


def test_a_week_without_any_open_hour_is_refused(responsable):
    amend(responsable, key=HOURS_WEEKDAY, value="fermé")
    with pytest.raises(ValidationError, match="aucun jour ne serait ouvert"):
        amend(responsable, key=HOURS_SATURDAY, value="fermé")
    amend(responsable, key=HOURS_SUNDAY, value="09:00-12:00")
    amend(responsable, key=HOURS_SATURDAY, value="fermé")


def test_an_unknown_parameter_is_not_created(responsable):
    with pytest.raises(KeyError):
        amend(responsable, key="inconnu")


def test_thresholds_keep_their_order_at_every_date(responsable):
    """From 2027 on 15 h and 30 h; before, PERF 1 may not go above the 20 h that hold then."""
    amend(responsable, key=LIMIT_HALF, value=1800, effective_from=NOW + 60 * DAY)
    with pytest.raises(ValidationError, match=r"À partir du 22/12/2026"):
        amend(responsable, key=LIMIT_ONE, value=1500, effective_from=NOW + 30 * DAY)
    assert value(LIMIT_ONE, at=NOW + 40 * DAY) == 600
    amend(responsable, key=LIMIT_ONE, value=1500, effective_from=NOW + 60 * DAY)
    with pytest.raises(ValidationError, match="dépasserait"):
        amend(responsable, key=LIMIT_HALF, value=1200, effective_from=NOW + 90 * DAY)


@pytest.mark.parametrize(
    ("key", "given", "kept", "text"),
    [
        (NOON_IN_TIME, True, True, "Oui"),
        (GTI, 45, 45, "45 min"),
        (LIMIT_ONE, 630, 630, "10 h 30 min"),
        (LIMIT_ONE, 720, 720, "12 h"),
        (BASE, "continu", "continu", "Continue, 24 h sur 24"),
        (
            HOURS_WEEKDAY,
            " 8:00 - 12:00 14:00-18:00",
            "08:00-12:00 14:00-18:00",
            "de 8h à 12h et de 14h à 18h",
        ),
        (HOURS_WEEKDAY, "Fermé", "fermé", "fermé"),
        (PERFM_THRESHOLD, "97,5 %", "97.5", "97,5 %"),
        (PERF_IN_PAYMENT, " Il multiplie le solde. ", *["Il multiplie le solde."] * 2),
    ],
)
def test_a_value_is_kept_and_shown_in_one_way(responsable, key, given, kept, text):
    found = amend(responsable, key=key, value=given)
    assert (found.value, found.shown) == (kept, text)
    assert value(key, at=NOW) == kept


def test_a_threshold_can_be_taken_away_again(responsable):
    amend(responsable, key=PERFM_THRESHOLD, value="90", effective_from=NOW - DAY)
    assert amend(responsable, key=PERFM_THRESHOLD, value="").shown == "Aucun"


def test_what_no_text_says_is_shown_as_such():
    assert REGISTRY[PERF_IN_PAYMENT].shown("") == "Non fixé"
    with pytest.raises(ValueError, match="Au plus 1000 caractères"):
        REGISTRY[PERF_IN_PAYMENT].read("x" * 1_001)


def test_two_thresholds_may_be_the_same(responsable):
    amend(responsable, key=LIMIT_ONE, value=1200)
    assert value(LIMIT_ONE, at=NOW) == value(LIMIT_HALF, at=NOW) == 1200


@pytest.mark.parametrize("parameter", REGISTRY.values(), ids=REGISTRY)
def test_every_default_is_a_value_of_its_own_kind(parameter):
    assert parameter.read(parameter.default) == parameter.default
    assert parameter.shown(parameter.default)


def test_what_the_registry_proposes_is_what_the_engine_knows():
    assert dict(REGISTRY[BASE].choices).keys() == set(BASES)
    assert REGISTRY[PERIOD].choices == tuple(Period.choices)


def test_a_change_is_in_the_journal_of_the_ans(responsable):
    [entry] = entries(amend(responsable))
    assert (entry.act, entry.readers) == ("parameter.amend", Readers.ANS)
    assert entry.what.endswith("Oui, à partir du " + paris.short(NOW))
    assert entry.note == "Source : Appel à financement fictif, article 4"


@pytest.mark.parametrize("role", [Role.AGENT, Role.MANDATAIRE])
def test_only_a_responsable_retires_a_value(responsable, role):
    version = amend(responsable)
    with pytest.raises(PermissionDenied):
        parameter_retire(version=version, reason="Faute", by=acting(member(role), NOW))
    assert value(NOON_IN_TIME, at=NOW) is True


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_value_is_not_retired_without_a_reason(responsable, reason):
    version = amend(responsable)
    with pytest.raises(ValidationError) as refused:
        parameter_retire(version=version, reason=reason, by=acting(responsable, NOW))
    assert "reason" in refused.value.error_dict
    assert value(NOON_IN_TIME, at=NOW) is True


def test_a_value_retired_already_is_refused(responsable):
    version = amend(responsable)
    parameter_retire(version=version, reason="Faute", by=acting(responsable, NOW))
    with pytest.raises(ValidationError, match="déjà retirée"):
        parameter_retire(version=version, reason="Encore", by=acting(responsable, NOW))
    assert [entry.act for entry in entries(version)] == ["parameter.amend", "parameter.retire"]
