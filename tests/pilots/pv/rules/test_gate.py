"""The gate of the RIS solde, case by case (DOMAIN §5)."""

import dataclasses

import pytest

from pilots.enums import AspRequestState as Asp
from pilots.enums import PVState
from pilots.pv.rules.gate import PilotFacts, as_seen_by, justified_clients, solde_gate

V = Asp.VALIDATED
US = "Radiolune (Fournisseur)"


def pilot(client, pv=PVState.CONFORM, funding=V, advance=V):
    return PilotFacts(client, f"Client {client}", "Radiolune", funding, advance, pv)


def reasons_of(pilots, **more):
    return [(u.reason, u.who) for u in solde_gate(pilots, supplier="Radiolune", **more)]


OPEN = [
    [pilot(1), pilot(2), pilot(3)],
    [pilot(1), pilot(2), pilot(3, advance=Asp.PAID, funding=Asp.PAID)],
    [pilot(1), pilot(2), pilot(3, funding=Asp.PAID)],
    [pilot(1), pilot(2), pilot(3), pilot(4, PVState.NOT_CONFORM)],  # a fourth, refused
    [pilot(1), pilot(2), pilot(3), pilot(4, None, advance=Asp.TO_DEPOSIT)],
    [
        pilot(1),
        pilot(1, PVState.DRAFT),
        pilot(2),
        pilot(3),
    ],  # a second PV of one Client, not finished
]


@pytest.mark.parametrize("pilots", OPEN)
def test_three_distinct_justified_clients_open_it(pilots):
    assert reasons_of(pilots) == []


CLOSED = [
    ([], [("Il manque 3 Clients pilotes sur 3 : à désigner.", US)]),
    ([pilot(1), pilot(2)], [("Il manque 1 Client pilote sur 3 : à désigner.", US)]),
    ([pilot(1), pilot(1), pilot(2)], [("Il manque 1 Client pilote sur 3 : à désigner.", US)]),
    (
        [pilot(1), pilot(2), pilot(3, advance=Asp.DEPOSITED)],
        [
            (
                "Client 3 : demande de paiement de l'avance déposée, pas encore validée par l'ASP.",
                "ASP",
            )
        ],
    ),
    (
        [pilot(1), pilot(2), pilot(3, None, Asp.TO_DEPOSIT, Asp.INCOMPLETE)],
        [
            ("Client 3 : demande de financement à déposer.", US),
            ("Client 3 : demande de paiement de l'avance incomplète, à compléter.", US),
            ("Client 3 : PV d'installation pilote à préparer.", US),
        ],
    ),
    (
        [pilot(1), pilot(2), pilot(3, PVState.NOT_CONFORM), pilot(4, PVState.IN_REVIEW)],
        [
            ("Client 3 : PV non conforme : à corriger, ou Client à remplacer.", US),
            ("Client 4 : PV en cours de contrôle.", "ANS"),
        ],
    ),
    (
        [pilot(1), pilot(2, PVState.TO_CONFIRM)],
        [
            ("Client 2 : PV en cours de contrôle.", "ANS"),
            ("Il manque 1 Client pilote sur 3 : à désigner.", US),
        ],
    ),
]


@pytest.mark.parametrize(("pilots", "reasons"), CLOSED)
def test_closed_it_shows_every_reason_and_who_must_act(pilots, reasons):
    assert reasons_of(pilots) == reasons


def test_what_came_after_the_deposit_does_not_justify_it():
    late = dataclasses.replace(pilot(3), later=("PV conforme le 12/03/2027, après ce dépôt",))
    assert reasons_of([pilot(1), pilot(2), late]) == [
        ("Client 3 : PV conforme le 12/03/2027, après ce dépôt.", US)
    ]


@pytest.mark.parametrize("state", [s for s in PVState if s != PVState.CONFORM])
def test_every_other_state_of_a_pv_leaves_it_closed(state):
    assert reasons_of([pilot(1), pilot(2), pilot(3, state)])


@pytest.mark.parametrize("state", [s for s in Asp if s not in (Asp.VALIDATED, Asp.PAID)])
@pytest.mark.parametrize("which", ["funding", "advance"])
def test_every_other_state_of_a_request_leaves_it_closed(state, which):
    assert reasons_of([pilot(1), pilot(2), pilot(3, **{which: state})])


def test_the_clients_of_another_fournisseur_count_without_being_named():
    theirs = dataclasses.replace(pilot(3, PVState.SENT), supplier_id=8, url="/pilotes/3/")
    pilots = as_seen_by(7, [dataclasses.replace(pilot(1), supplier_id=7), pilot(2), theirs])
    (unmet,) = solde_gate(pilots, supplier="Radiolune")
    assert unmet.reason == "Un Client d'un autre Fournisseur : PV transmis, en attente de contrôle."
    assert unmet.url == ""
    assert justified_clients(pilots) == {1, 2}
    assert pilots[0].client == "Client 1"


def test_the_number_needed_is_a_parameter():
    assert reasons_of([pilot(1)], needed=1) == []
    assert justified_clients([pilot(1), pilot(1), pilot(2, PVState.SENT)]) == {1}


def test_each_reason_leads_to_the_page_where_it_is_settled():
    late = dataclasses.replace(pilot(1), later=("PV conforme après ce dépôt",), url="/1/")
    waiting = dataclasses.replace(pilot(2, None, Asp.TO_DEPOSIT), url="/2/")
    found = solde_gate([late, waiting], supplier="Radiolune", url="/designer/")
    assert [unmet.url for unmet in found] == ["/1/", "/2/", "/2/", "/designer/"]


def test_several_clients_to_name_are_shown_in_the_plural():
    assert reasons_of([pilot(1)]) == [("Il manque 2 Clients pilotes sur 3 : à désigner.", US)]
    assert reasons_of([pilot(1)], needed=2) == [
        ("Il manque 1 Client pilote sur 2 : à désigner.", US)
    ]


def test_a_fournisseur_sees_its_own_pilots_whole_and_only_its_own():
    mine = dataclasses.replace(pilot(1), supplier_id=7, url="/1/")
    theirs = dataclasses.replace(pilot(2), supplier_id=8, url="/2/")
    unknown = pilot(3)
    seen = as_seen_by(7, [mine, theirs, unknown])
    assert seen[0] == mine
    assert {(p.client, p.supplier, p.url) for p in seen[1:]} == {
        ("Un Client d'un autre Fournisseur", "autre", "")
    }
    assert as_seen_by(0, [theirs])[0].client == "Un Client d'un autre Fournisseur"
    for organisation in (-1, 1):
        assert as_seen_by(organisation, [pilot(3)])[0].client == "Un Client d'un autre Fournisseur"


@pytest.mark.parametrize(
    ("state", "who"),
    [
        (None, US),
        (PVState.DRAFT, US),
        (PVState.SIGNED, US),
        (PVState.SENT, "ANS"),
        (PVState.IN_REVIEW, "ANS"),
        (PVState.TO_CONFIRM, "ANS"),
        (PVState.NOT_CONFORM, US),
        (PVState.ABANDONED, US),
    ],
)
def test_who_must_act_on_a_pv_depends_on_its_state(state, who):
    ((_reason, acting),) = reasons_of([pilot(1), pilot(2), pilot(3, state)])
    assert acting == who


def test_of_two_pilots_of_one_client_the_first_is_reported():
    assert reasons_of([pilot(1), pilot(2), pilot(3, PVState.SENT), pilot(3, PVState.DRAFT)]) == [
        ("Client 3 : PV transmis, en attente de contrôle.", "ANS")
    ]


@pytest.mark.parametrize("funding", [Asp.VALIDATED, Asp.PAID])
@pytest.mark.parametrize("advance", [Asp.VALIDATED, Asp.PAID])
def test_a_client_counts_once_the_asp_has_validated_or_paid_both_requests(funding, advance):
    assert justified_clients([pilot(3, funding=funding, advance=advance)]) == {3}
