"""The data file: read whole or refused whole, with every reason, its dispositif and its key."""

import datetime as dt

import pytest

from calendar_app.enums import Channel, MilestoneScope, Nature
from calendar_app.rules.calendar_file import CalendarFileError, parse

HEAD = """
[[dispositifs]]
code = "SONS-IMG-RIS-Va2"
slug = "ris"
nom = "SONS Imagerie RIS"
nom_court = "RIS"
proxy = false
pilotes = true
va = false
perf = false
ratios = true
"""
FIRST = """
[[dispositifs.jalons]]
code = "ris-1"
numero = 1
titre = "Dépôt du dossier"
date = 2025-09-10
heure = 12:00:00
nature = "REGULATORY"
portee = "SOLUTION"
canal = "CONVERGENCE"
paiement = false
pilotes = false
source = "Atelier"
"""
SECOND = FIRST.replace("ris-1", "ris-2").replace("numero = 1", "numero = 2")
GOOD = HEAD + FIRST + SECOND


def read(text):
    return parse(text, file="calendriers.toml")


def problems(text):
    with pytest.raises(CalendarFileError) as caught:
        read(text)
    return caught.value.problems


def test_a_good_file_is_read_whole():
    (dispositif,) = read(GOOD)
    assert (dispositif.slug, dispositif.needs_proxy) == ("ris", False)
    first, second = dispositif.milestones
    assert first.due_at == dt.datetime(2025, 9, 10, 10, tzinfo=dt.UTC)
    assert (first.nature, first.scope, first.channel) == (
        Nature.REGULATORY,
        MilestoneScope.SOLUTION,
        Channel.CONVERGENCE,
    )
    assert second.number == 2


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("paiement = false", "payement = false", "RIS : jalons[1].payement : clé inconnue"),
        ("proxy = false", "proxi = false", "RIS : proxi : clé inconnue"),
        ('titre = "Dépôt du dossier"\n', "", "RIS : jalons[1].titre : clé absente"),
        ('slug = "ris"\n', "", "RIS : slug : clé absente"),
        ('titre = "Dépôt du dossier"', 'titre = " "', "jalons[1].titre : un texte"),
        ("numero = 1", 'numero = "1"', "jalons[1].numero : un nombre entier"),
        ("numero = 1", "numero = 0", "jalons[1].numero : un nombre entier"),
        ("numero = 1", "numero = true", "jalons[1].numero : un nombre entier"),
        ("date = 2025-09-10", 'date = "10/09/2025"', "jalons[1].date : un jour AAAA-MM-JJ"),
        (
            "date = 2025-09-10",
            "date = 2025-09-10T12:00:00",
            "jalons[1].date : un jour AAAA-MM-JJ est attendu, sans guillemets et sans heure",
        ),
        ("heure = 12:00:00", 'heure = "12h"', "jalons[1].heure : une heure HH:MM:SS"),
        ("heure = 12:00:00", "heure = 00:00:00", "jalons[1].heure : 00:00 se lit comme la veille"),
        ('nature = "REGULATORY"', 'nature = "SURE"', "jalons[1].nature : « SURE » est inconnu"),
        ('portee = "SOLUTION"', 'portee = "CLIENT"', "jalons[1].portee : « CLIENT » est inconnu"),
        ('canal = "CONVERGENCE"', 'canal = "POSTE"', "jalons[1].canal : « POSTE » est inconnu"),
        ("paiement = false", "paiement = 0", "jalons[1].paiement : true ou false"),
        ('slug = "ris"', 'slug = "prive"', "slug : « prive » ne peut pas servir d'adresse"),
        ('slug = "ris"', 'slug = "R I S"', "slug : « R I S » ne peut pas servir d'adresse"),
    ],
)
def test_a_fault_is_refused_with_file_dispositif_and_key(old, new, problem):
    found = problems(GOOD.replace(old, new, 1))
    assert any(f"calendriers.toml : RIS : {problem.removeprefix('RIS : ')}" in p for p in found)


@pytest.mark.parametrize(
    ("day", "clock", "sentence"),
    [
        ("2027-03-28", "02:30:00", "n'existe pas : c'est le passage à l'heure d'été"),
        ("2027-10-31", "02:30:00", "existe deux fois : c'est le passage à l'heure d'hiver"),
    ],
)
def test_an_hour_that_paris_skips_or_repeats_is_refused(day, clock, sentence):
    text = GOOD.replace("2025-09-10", day, 1).replace("12:00:00", clock, 1)
    (problem,) = problems(text)
    assert problem.startswith("calendriers.toml : RIS : jalons[1].heure : l'heure 02:30")
    assert problem.endswith(sentence)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('"ris-2"', '"ris-1"', "calendriers.toml : jalons.code : « ris-1 » apparaît 2 fois"),
        ("numero = 2", "numero = 1", "calendriers.toml : RIS : jalons.numero : « 1 » apparaît"),
    ],
)
def test_a_duplicate_is_refused(old, new, problem):
    (found,) = problems(GOOD.replace(old, new))
    assert found.startswith(problem)


def test_two_dispositifs_of_one_code_are_refused():
    twin = GOOD.replace("ris-", "autre-").replace('slug = "ris"', 'slug = "autre"')
    (found,) = problems(GOOD + twin)
    assert found == "calendriers.toml : code : « SONS-IMG-RIS-Va2 » apparaît 2 fois"


def test_two_dispositifs_of_one_address_are_refused():
    twin = GOOD.replace("ris-", "autre-").replace("SONS-IMG-RIS-Va2", "AUTRE")
    assert problems(GOOD + twin) == ("calendriers.toml : slug : « ris » apparaît 2 fois",)


@pytest.mark.parametrize("name", ["3", '""', "[]"])
def test_a_dispositif_whose_name_is_no_text_is_reported_by_its_place(name):
    found = problems(GOOD.replace('nom_court = "RIS"', f"nom_court = {name}"))
    assert found[0].startswith("calendriers.toml : dispositifs[1] : nom_court : un texte")


def test_a_code_shared_by_two_calendars_is_refused():
    twin = GOOD.replace("SONS-IMG-RIS-Va2", "X").replace('slug = "ris"', 'slug = "x"')
    assert "calendriers.toml : jalons.code : « ris-1 » apparaît 2 fois" in problems(GOOD + twin)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("[[dispositifs]\n", "ligne 1, colonne"),
        (GOOD.replace("2025-09-10", "2025-02-30", 1), "ligne 17, colonne"),
        ('code = "a"\ncode = "b"\n', "ligne 2, colonne"),
    ],
)
def test_what_is_not_toml_is_refused_with_its_line(text, place):
    (problem,) = problems(text)
    assert problem.startswith(f"calendriers.toml : {place}")


def test_the_reason_of_tomllib_follows_the_place_without_repeating_it():
    (problem,) = problems('a = "b"\nc = 2025-02-30\n')
    assert problem == (
        "calendriers.toml : ligne 2, colonne 5 : ce n'est pas du TOML valide "
        "(Invalid date or datetime)"
    )


def test_the_refusal_reads_as_one_sentence_a_line():
    text = GOOD.replace("numero = 1", "numero = 0", 1).replace("2025-09-10", '"hier"', 1)
    with pytest.raises(CalendarFileError) as caught:
        read(text)
    assert str(caught.value).splitlines() == list(problems(text))


@pytest.mark.parametrize("text", ["", "dispositifs = []", "dispositifs = 3", HEAD])
def test_an_empty_calendar_is_refused(text):
    assert problems(text)


def test_every_problem_is_reported_at_once():
    text = GOOD.replace("numero = 1", "numero = 0", 1).replace("2025-09-10", '"hier"')
    assert [p.split(" : ")[2] for p in problems(text)] == [
        "jalons[1].numero",
        "jalons[1].date",
        "jalons[2].date",
    ]


def test_a_dispositif_without_a_name_is_reported_by_its_place():
    found = problems(GOOD.replace('nom_court = "RIS"\n', ""))
    assert found == ("calendriers.toml : dispositifs[1] : nom_court : clé absente",)
