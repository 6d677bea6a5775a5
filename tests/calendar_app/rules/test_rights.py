"""The gate of the money steps, DOMAIN §3: each condition alone, together, and at its boundaries."""

import dataclasses
import datetime as dt

import pytest

from calendar_app.enums import Market
from calendar_app.rules.rights import SupplierFacts, Unmet, Validity, expiring, money_gate

DAY = dt.date(2026, 11, 22)
BEFORE, AFTER = DAY - dt.timedelta(days=1), DAY + dt.timedelta(days=1)
LONG = Validity(dt.date(2025, 9, 1), dt.date(2028, 12, 31))
OVER = Validity(dt.date(2025, 9, 1), BEFORE)
TO_COME = Validity(AFTER, None)

EDITEUR = SupplierFacts(
    solution="RIS Azimut",
    editeur="Imagix",
    supplier="Imagix",
    is_editeur=True,
    market=Market.COMPETITIVE,
    referenced_on=dt.date(2026, 9, 1),
    psc=LONG,
)
DISTRIBUTEUR = dataclasses.replace(
    EDITEUR,
    supplier="Revendix",
    is_editeur=False,
    declared_on=dt.date(2025, 9, 1),
    mandate=LONG,
)
RESELLER = dataclasses.replace(DISTRIBUTEUR, psc=Validity(), psc_by_mandate=True, editeur_psc=LONG)

REFERENCING = "RIS Azimut : le référencement Vague 2 "
MANDATE = "Le mandat donné par Imagix "
PSC = "L'habilitation EDC PSC « Opérateur de service utilisateur » "
BORROWED = PSC + "(Imagix), dont le mandat permet l'usage, "
ANS, MAKER = "ANS, sur le dossier déposé par Imagix", "Imagix (éditeur)"
SELLER = "Revendix (Fournisseur)"


def reasons(facts, **changes):
    return [unmet.reason for unmet in money_gate(dataclasses.replace(facts, **changes), day=DAY)]


@pytest.mark.parametrize("facts", [EDITEUR, DISTRIBUTEUR, RESELLER])
def test_every_right_in_order_leaves_nothing_unmet(facts):
    assert money_gate(facts, day=DAY) == []


@pytest.mark.parametrize(
    ("facts", "changes", "reason", "who"),
    [
        (EDITEUR, {"referenced_on": None}, REFERENCING + "n'est pas enregistré.", ANS),
        (EDITEUR, {"referenced_on": AFTER}, REFERENCING + "ne prend effet que le 23/11/2026.", ANS),
        (EDITEUR, {"market": Market.UNKNOWN}, "RIS Azimut : la mise sur le marché est à", MAKER),
        (EDITEUR, {"market": Market.SELF_PUBLISHED}, "La solution RIS Azimut est autoéd", MAKER),
        (EDITEUR, {"market": Market.MEMBERS_ONLY}, "La solution RIS Azimut est réservée", MAKER),
        (EDITEUR, {"psc": Validity()}, PSC + "(Imagix) n'est pas enregistrée.", MAKER),
        (EDITEUR, {"psc": OVER}, PSC + "(Imagix) a expiré le 21/11/2026.", MAKER),
        (DISTRIBUTEUR, {"declared_on": None}, "Revendix n'est pas déclaré à l'ANS comme", MAKER),
        (DISTRIBUTEUR, {"declared_on": AFTER}, "La déclaration à l'ANS du distributeur", MAKER),
        (DISTRIBUTEUR, {"mandate": Validity()}, "Aucun mandat donné par Imagix n'est", MAKER),
        (DISTRIBUTEUR, {"mandate": OVER}, MANDATE + "a expiré le 21/11/2026.", MAKER),
        (DISTRIBUTEUR, {"mandate": TO_COME}, MANDATE + "ne commence que le 23/11/2026.", MAKER),
        (DISTRIBUTEUR, {"psc": Validity()}, PSC + "(Revendix) n'est pas enregistrée.", SELLER),
        (DISTRIBUTEUR, {"psc": TO_COME}, PSC + "(Revendix) ne commence que le 23/11", SELLER),
        (RESELLER, {"psc_by_mandate": False}, PSC + "(Revendix) n'est pas enregistrée.", SELLER),
        (RESELLER, {"editeur_psc": Validity()}, BORROWED + "n'est pas enregistrée.", MAKER),
        (RESELLER, {"editeur_psc": OVER}, BORROWED + "a expiré le 21/11/2026.", MAKER),
        (RESELLER, {"mandate": OVER}, MANDATE + "a expiré le 21/11/2026.", MAKER),
    ],
)
def test_each_missing_condition_alone_says_what_and_who(facts, changes, reason, who):
    [unmet] = money_gate(dataclasses.replace(facts, **changes), day=DAY)

    assert unmet.reason.startswith(reason)
    assert unmet.who == who


@pytest.mark.parametrize(
    ("facts", "changes", "page"),
    [
        (EDITEUR, {"referenced_on": None}, "solution"),
        (EDITEUR, {"market": Market.UNKNOWN}, "solution"),
        (EDITEUR, {"psc": OVER}, "supplier"),
        (DISTRIBUTEUR, {"declared_on": None}, "supplier"),
        (DISTRIBUTEUR, {"mandate": OVER}, "supplier"),
        (DISTRIBUTEUR, {"psc": OVER}, "supplier"),
        (RESELLER, {"editeur_psc": OVER}, "solution"),
    ],
)
def test_each_missing_condition_leads_to_where_it_is_recorded(facts, changes, page):
    [unmet] = money_gate(dataclasses.replace(facts, **changes), day=DAY)
    assert unmet.key == page


def test_the_habilitation_of_the_editeur_serves_only_where_the_mandate_says_so():
    silent = SupplierFacts(
        solution="RIS Azimut",
        editeur="Imagix",
        supplier="Revendix",
        is_editeur=False,
        market=Market.COMPETITIVE,
        editeur_psc=LONG,
    )
    assert PSC + "(Revendix) n'est pas enregistrée." in reasons(silent)
    assert PSC + "(Revendix) n'est pas enregistrée." not in reasons(silent, psc_by_mandate=True)


@pytest.mark.parametrize(
    ("right", "day", "holds"),
    [
        (Validity(DAY, AFTER), BEFORE, False),
        (Validity(DAY, AFTER), DAY, True),
        (Validity(DAY, AFTER), AFTER, True),
        (Validity(DAY, AFTER), AFTER + dt.timedelta(days=1), False),
        (Validity(DAY, DAY), DAY, True),
        (Validity(DAY, None), dt.date(2099, 1, 1), True),
        (Validity(None, AFTER), DAY, False),
        (Validity(), DAY, False),
    ],
)
def test_both_ends_of_a_validity_are_included(right, day, holds):
    endless = Validity(dt.date(2025, 9, 1))

    assert right.covers(day) is holds
    for rights in ({"mandate": right, "psc": endless}, {"mandate": endless, "psc": right}):
        assert (money_gate(dataclasses.replace(DISTRIBUTEUR, **rights), day=day) == []) is holds


@pytest.mark.parametrize("name", ["referenced_on", "declared_on"])
def test_referencing_and_declaration_count_from_their_own_day(name):
    assert reasons(DISTRIBUTEUR, **{name: DAY}) == []
    assert len(reasons(DISTRIBUTEUR, **{name: AFTER})) == 1


def test_everything_missing_is_listed_at_once():
    nothing = SupplierFacts(
        solution="RIS Azimut",
        editeur="Imagix",
        supplier="Revendix",
        is_editeur=False,
        market=Market.UNKNOWN,
    )

    assert len(money_gate(nothing, day=DAY)) == 5


def test_an_editeur_needs_neither_declaration_nor_mandate():
    assert reasons(EDITEUR, declared_on=None, mandate=OVER) == []


def test_an_editeur_never_borrows_an_habilitation_from_itself():
    assert len(reasons(EDITEUR, psc=OVER, psc_by_mandate=True, editeur_psc=LONG)) == 1


@pytest.mark.parametrize(
    ("facts", "day", "within", "expected"),
    [
        (EDITEUR, DAY, 365, []),
        (EDITEUR, dt.date(2028, 12, 1), 29, []),
        (EDITEUR, dt.date(2028, 12, 1), 30, ["L'habilitation EDC PSC expire le 31/12/2028."]),
        (
            DISTRIBUTEUR,
            dt.date(2028, 12, 31),
            0,
            ["Le mandat expire le 31/12/2028.", "L'habilitation EDC PSC expire le 31/12/2028."],
        ),
        (DISTRIBUTEUR, dt.date(2029, 1, 1), 30, []),
        (dataclasses.replace(DISTRIBUTEUR, mandate=Validity(DAY), psc=Validity(DAY)), DAY, 999, []),
    ],
)
def test_rights_that_are_about_to_end(facts, day, within, expected):
    assert [unmet.reason for unmet in expiring(facts, day=day, within_days=within)] == expected


def test_a_borrowed_habilitation_about_to_end_is_for_the_editeur_to_renew():
    facts = dataclasses.replace(RESELLER, mandate=Validity(DAY), editeur_psc=Validity(DAY, AFTER))

    assert expiring(facts, day=DAY, within_days=7, before="le jalon 6") == [
        Unmet(
            "L'habilitation EDC PSC expire le 23/11/2026, avant le jalon 6.",
            "Imagix (éditeur)",
            AFTER,
            "supplier",
        )
    ]


def test_no_warning_while_another_habilitation_lasts_longer():
    facts = dataclasses.replace(RESELLER, psc=Validity(DAY, AFTER), mandate=Validity(DAY))

    assert expiring(facts, day=DAY, within_days=7) == []
