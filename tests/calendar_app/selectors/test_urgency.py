"""What needs each person, in the demonstration: every kind of urgency, and to nobody else."""

import datetime as dt

import pytest

from accounts.enums import Role
from accounts.models import User
from calendar_app.selectors.urgency import urgent_lines
from tests.factories import member

NOW = dt.datetime(2027, 1, 12, 9, 30, tzinfo=dt.UTC)
pytestmark = [
    pytest.mark.demonstration_at(NOW),
    pytest.mark.usefixtures("demo"),
    pytest.mark.one_database,
]


def lines(address):
    return urgent_lines(User.objects.get(email=address), now=NOW)


def kinds(address):
    """The acts that the lines lead to: one for each kind of urgency."""
    return {line.urgent.act for line in lines(address)}


def test_an_editeur_sees_its_tickets_perf_rights_corrections_va_and_invitations():
    assert kinds("mandataire@radiolune.example") == {
        "Ouvrir le ticket",
        "Ouvrir PERF",
        "Ouvrir l'échéance",
        "Corriger le dépôt",
        "Voir les brouillons",
        "Voir les tickets",
        "Voir les contestations",
        "Voir les corrections",
        "Ouvrir le préfigurateur",
        "Voir les droits",
        "Ouvrir la VA",
        "Voir les invitations",
        "Voir les clés d'API",
    }


def test_a_fournisseur_sees_the_pv_that_the_ans_sent_back():
    assert kinds("mandataire@brumaire.example") == {"Corriger le PV"}


def test_the_clocks_that_fall_today_come_first_by_their_instant():
    labels = [line.label for line in lines("mandataire@radiolune.example")]
    assert labels == sorted(
        labels, key=["Sous 24 h", "En retard", "Bloque", "En attente", "À venir"].index
    )
    today = [
        line.urgent.due_at
        for line in lines("mandataire@radiolune.example")
        if line.label == "Sous 24 h"
    ]
    assert len(today) > 1
    assert today == sorted(today)


def test_both_sides_of_an_expired_mandate_are_notified():
    expired = "Le mandat donné par Radiolune Logiciels a expiré le 03/12/2026"
    for address in ("mandataire@radiolune.example", "mandataire@ponant.example"):
        found = {line.urgent.what: line.urgent.why for line in lines(address)}
        assert found[expired] == "Bloque 6 demandes de paiement"


def test_an_agent_sees_what_waits_for_the_ans():
    assert kinds("agent@ans.example") == {
        "Voir les dépôts",
        "Ouvrir la file",
        "Voir les contestations",
        "Voir les corrections",
        "Voir les préfigurateurs",
        "Voir les entretiens",
    }


def test_an_outsider_sees_nothing():
    assert urgent_lines(member(Role.MANDATAIRE), now=NOW) == []


def test_each_line_leads_to_a_page_that_its_reader_may_open(client, time_machine):
    time_machine.move_to(NOW, tick=False)
    for address in ("mandataire@radiolune.example", "agent@ans.example"):
        client.force_login(User.objects.get(email=address))
        for line in lines(address):
            assert client.get(line.urgent.url).status_code == 200, line.urgent.what
