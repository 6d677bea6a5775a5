import datetime as dt
from dataclasses import asdict, replace

import pytest

from accounts.enums import Role
from calendar_app.enums import Channel, State
from calendar_app.rules.reminder_words import Item, filer, next_act, subject, why
from segur.lib import paris


def at(day: int, hour: int = 9, month: int = 9) -> dt.datetime:
    return paris.at(dt.date(2027, month, day), dt.time(hour))


SECOND = dt.timedelta(seconds=1)
SOLDE = Item(
    title="Dépôt des demandes de paiement du solde",
    dispositif="RIS",
    due_at=at(22, 12),
    state=State.TO_DO,
    is_draft=False,
    channel=Channel.ASP,
    step=7,
    role=Role.REPRESENTANT,
    organisation="Azimut",
    is_early=False,
)


def test_subject_says_what_and_when():
    assert subject([SOLDE], at(15)) == (
        "J-7 : dépôt des demandes de paiement du solde RIS, mercredi 22/09/2027 12h"
    )


@pytest.mark.parametrize(
    ("now", "start"),
    [
        (at(17), "J-5 : "),
        (at(21), "J-1 : "),
        (at(22), "Aujourd'hui : "),
        (at(22, 12) - SECOND, "Aujourd'hui : "),
        (at(22, 12), "En retard : "),
        (at(22, 12) + SECOND, "En retard : "),
    ],
)
def test_subject_counts_the_days_left_when_it_leaves(now, start):
    assert subject([SOLDE], now).startswith(start)


DELAY = replace(
    SOLDE,
    title="Levée des conditions reportées de la VA",
    dispositif="DRIMbox",
    due_at=paris.at(dt.date(2027, 9, 16), dt.time(0)),
    channel=Channel.HERE,
    is_delay=True,
)


def test_a_delay_is_acted_on_by_24h_and_never_filed():
    assert subject([DELAY], at(14)) == (
        "J-1 : levée des conditions reportées de la VA DRIMbox, mercredi 15/09/2027"
    )
    assert next_act(DELAY, at(14)) == (
        "« Levée des conditions reportées de la VA » (DRIMbox) : agissez au plus tard le mercredi "
        "15 septembre 2027, puis enregistrez-le sur ce site."
    )
    assert next_act(DELAY, at(16)).endswith(
        ": agissez au plus vite, puis enregistrez-le sur ce site."
    )
    assert filer(replace(DELAY, role=Role.SALARIE)) == (
        "Un Représentant ou un Mandataire d'Azimut devra l'enregistrer."
    )


def test_what_is_filed_is_no_delay_unless_it_is_declared_so():
    fields = {name: value for name, value in asdict(SOLDE).items() if name != "is_delay"}
    assert filer(Item(**{**fields, "role": Role.SALARIE})).startswith("Vous pouvez préparer")


def test_subject_of_several_names_the_first():
    assert subject([SOLDE, SOLDE, SOLDE], at(15)) == (
        "3 échéances, la première le mercredi 22/09/2027 12h"
    )
    assert subject([SOLDE, SOLDE], at(23)) == (
        "2 échéances, la première était le mercredi 22/09/2027 12h"
    )


@pytest.mark.parametrize(
    ("now", "is_late"),
    [(at(22, 12) - SECOND, False), (at(22, 12), True), (at(22, 12) + SECOND, True)],
)
def test_late_begins_at_the_instant_of_the_deadline(now, is_late):
    assert ("était le" in subject([SOLDE, SOLDE], now)) is is_late
    assert ("est en retard" in next_act(SOLDE, now)) is is_late


def test_subject_names_the_first_item_and_not_the_last():
    later = replace(SOLDE, due_at=at(29, 12))
    assert subject([SOLDE, later], at(15)).endswith("mercredi 22/09/2027 12h")
    assert "la première le mercredi 29/09" in subject([later, SOLDE], at(15))


def test_draft_is_shouted_first_wherever_it_is_in_the_list():
    draft = replace(SOLDE, is_draft=True)

    assert subject([draft], at(15)).startswith("Brouillon non déposé – J-7 : ")
    assert subject([SOLDE, draft], at(15)).startswith("Brouillon non déposé – 2 échéances")


@pytest.mark.parametrize(
    ("change", "now", "words"),
    [
        (
            {},
            at(15),
            (
                "« Dépôt des demandes de paiement du solde » (RIS) : déposez avant le mercredi "
                "22 septembre 2027 à 12h (heure de Paris), sur le portail de l'ASP, "
                "puis déclarez-le sur ce site."
            ),
        ),
        (
            {"channel": Channel.CONVERGENCE},
            at(15),
            "sur Convergence, puis déclarez-le sur ce site.",
        ),
        ({"channel": Channel.NONE}, at(15), ": réalisez avant le "),
        ({"channel": Channel.HERE}, at(15), "(heure de Paris), sur ce site."),
        ({"state": State.TO_CORRECT}, at(15), ": corrigez et redéposez avant le "),
        ({"is_draft": True}, at(15), "Brouillon non déposé : rien n'est parti. "),
        ({}, at(23), "est en retard (échéance : mercredi 22 septembre 2027"),
    ],
)
def test_first_line_is_the_next_thing_to_do(change, now, words):
    assert words in next_act(replace(SOLDE, **change), now)


def test_why_names_the_role_the_organisation_and_the_step():
    assert why([SOLDE]) == [
        "Vous recevez ce courriel parce que vous êtes Représentant d'Azimut, à l'étape J-7."
    ]


def test_why_says_that_a_step_has_moved():
    [line] = why([replace(SOLDE, step=3)])

    assert line.endswith("à l'étape J-3 (avancée au jour ouvré précédent).")


def test_why_says_that_an_overdue_step_has_moved():
    friday = replace(SOLDE, due_at=at(24, 12), step=-1)

    assert why([friday])[0].endswith("à l'étape J+1 (reportée au jour ouvré suivant).")


def test_why_groups_steps_by_organisation_and_shows_what_was_asked():
    items = [
        replace(SOLDE, step=7),
        replace(SOLDE, step=7),
        replace(SOLDE, step=0),
        replace(SOLDE, organisation="Boréal", step=30, is_early=True),
    ]

    assert why(items) == [
        (
            "Vous recevez ce courriel parce que vous êtes Représentant d'Azimut, "
            "à l'étape J-7 et à l'étape Jour J."
        ),
        (
            "Vous recevez ce courriel parce que vous êtes Représentant de Boréal, "
            "à l'étape J-30, et que vous avez demandé les premières étapes."
        ),
    ]


@pytest.mark.parametrize(
    ("steps", "listed"),
    [
        ([7], "à l'étape J-7."),
        ([7, 0], "à l'étape J-7 et à l'étape Jour J."),
        ([7, 0, -7], "à l'étape J-7, à l'étape Jour J et à l'étape J+7."),
    ],
)
def test_why_lists_every_step_once(steps, listed):
    [line] = why([replace(SOLDE, step=step) for step in steps])
    assert line.endswith(f"Représentant d'Azimut, {listed}")


def test_name_that_begins_with_a_vowel_is_elided():
    [line] = why([replace(SOLDE, organisation="Éditions du Haut-Bocage")])

    assert "Représentant d'Éditions du Haut-Bocage" in line


def test_salarie_reads_who_files():
    assert "un Représentant ou un Mandataire d'Azimut" in filer(replace(SOLDE, role=Role.SALARIE))
    assert not filer(SOLDE)
