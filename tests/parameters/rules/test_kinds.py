"""What each kind of parameter accepts, how it keeps it and how it shows it."""

import pytest

from parameters.rules.kinds import Parameter, ParameterKind


def of(kind, **fields):
    return Parameter("essai", "Essai", "", default="", kind=kind, group="Essais", **fields)


CHOICES = (("a", "Première"), ("b", "Seconde"))
MINUTES = of(ParameterKind.WHOLE, unit="minutes")


@pytest.mark.parametrize(
    ("parameter", "given", "kept"),
    [
        (of(ParameterKind.YES_NO), True, True),
        (of(ParameterKind.YES_NO), False, False),
        (of(ParameterKind.WHOLE), 1, 1),
        (of(ParameterKind.WHOLE), 1_000_000, 1_000_000),
        (of(ParameterKind.CHOICE, choices=CHOICES), " b ", "b"),
        (of(ParameterKind.ADDRESS), " https://a.example/ ", "https://a.example/"),
        (of(ParameterKind.HOURS), "9:00 - 12:00", "09:00-12:00"),
        (of(ParameterKind.HOURS), "Fermé", "fermé"),
        (of(ParameterKind.PERCENTAGE), "", ""),
        (of(ParameterKind.PERCENTAGE), "0", "0"),
        (of(ParameterKind.PERCENTAGE), "97,5 %", "97.5"),
        (of(ParameterKind.PERCENTAGE), "97.1234", "97.1234"),
        (of(ParameterKind.PERCENTAGE), "100%", "100"),
        (of(ParameterKind.PERCENTAGE), "９７,５", "97.5"),
        (of(ParameterKind.HOURS), "０９:００-12:00", "09:00-12:00"),
        (of(ParameterKind.WORDS), " Deux mots. ", "Deux mots."),
        (of(ParameterKind.WORDS), "Article ９", "Article ９"),
        (of(ParameterKind.WORDS), "x" * 1_000, "x" * 1_000),
        (of(ParameterKind.WORDS), "", ""),
    ],
)
def test_what_is_accepted_is_kept_in_one_way(parameter, given, kept):
    assert parameter.read(given) == kept


@pytest.mark.parametrize(
    ("parameter", "given", "sentence"),
    [
        (of(ParameterKind.YES_NO), 1, "Répondez par oui ou par non."),
        (of(ParameterKind.WHOLE), "30", "Indiquez un nombre entier."),
        (of(ParameterKind.WHOLE), True, "Indiquez un nombre entier."),
        (of(ParameterKind.WHOLE), 0, "Indiquez un nombre de 1 à 1000000."),
        (of(ParameterKind.WHOLE), 1_000_001, "Indiquez un nombre de 1 à 1000000."),
        (of(ParameterKind.CHOICE, choices=CHOICES), "c", "Choisissez une des réponses proposées."),
        (of(ParameterKind.CHOICE, choices=CHOICES), 1, "Choisissez une des réponses proposées."),
        (of(ParameterKind.ADDRESS), 1, "Indiquez une adresse."),
        (of(ParameterKind.HOURS), 9, "Indiquez des horaires, par exemple"),
        (of(ParameterKind.HOURS), "19:00-09:00", "la fin vient avant le début"),
        (of(ParameterKind.PERCENTAGE), 97, "Indiquez un pourcentage de 0 à 100"),
        (of(ParameterKind.PERCENTAGE), "100,5", "Indiquez un pourcentage de 0 à 100"),
        (of(ParameterKind.PERCENTAGE), "97,12345", "Indiquez un pourcentage de 0 à 100"),
        (of(ParameterKind.WORDS), 1, "Écrivez ce que dit le texte"),
        (of(ParameterKind.WORDS), "x" * 1_001, "Au plus 1000 caractères."),
    ],
)
def test_what_is_refused_is_refused_in_one_sentence(parameter, given, sentence):
    with pytest.raises(ValueError, match=r".") as caught:
        parameter.read(given)
    assert sentence in str(caught.value)
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize(
    ("parameter", "value", "text"),
    [
        (of(ParameterKind.YES_NO), True, "Oui"),
        (of(ParameterKind.YES_NO), False, "Non"),
        (of(ParameterKind.CHOICE, choices=CHOICES), "a", "Première"),
        (of(ParameterKind.CHOICE, choices=CHOICES), "ancienne", "ancienne"),
        (of(ParameterKind.HOURS), "09:00-12:00", "de 9h à 12h"),
        (of(ParameterKind.PERCENTAGE), "97.5", "97,5 %"),
        (of(ParameterKind.PERCENTAGE), "", "Aucun"),
        (of(ParameterKind.WORDS), "Deux mots.", "Deux mots."),
        (of(ParameterKind.WORDS), "", "Non fixé"),
        (of(ParameterKind.ADDRESS), "https://a.example/", "https://a.example/"),
        (of(ParameterKind.WHOLE, unit="jours"), 30, "30 jours"),
        (of(ParameterKind.WHOLE), 30, "30"),
        (MINUTES, 0, "0 min"),
        (MINUTES, 1, "1 min"),
        (MINUTES, 59, "59 min"),
        (MINUTES, 60, "1 h"),
        (MINUTES, 61, "1 h 1 min"),
        (MINUTES, 630, "10 h 30 min"),
    ],
)
def test_how_people_read_a_value(parameter, value, text):
    assert parameter.shown(value) == text
