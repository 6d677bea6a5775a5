"""Parameters: what holds at an instant, and who may change it."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.enums import Role
from calendar_app.models import RegulatoryParameter
from calendar_app.rules.parameters import ASP_URL, CONVERGENCE_URL, NOON_IN_TIME, REGISTRY, shown
from calendar_app.selectors.parameters import rows, value, values
from calendar_app.services.parameters import parameter_amend
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
    }
    return parameter_amend(actor=responsable, **(given | changes))


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


def test_a_row_without_any_value_shows_the_default_to_confirm():
    row = rows(at=NOW)[0]
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


def test_an_unknown_parameter_is_not_created(responsable):
    with pytest.raises(KeyError):
        amend(responsable, key="inconnu")


@pytest.mark.parametrize(("given", "text"), [(True, "Oui"), (False, "Non"), (3, "3"), ("x", "x")])
def test_shown(given, text):
    assert shown(given) == text
