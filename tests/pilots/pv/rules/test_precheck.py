"""What forbids sending a PV, who must act, and what is only reported."""

import dataclasses
import datetime as dt

import pytest

from pilots.enums import AspRequestState, SignatureState
from pilots.pv.rules.precheck import PVFacts, Reuse, precheck, warnings
from pilots.pv.rules.signatory import Signed

COMPLETE = PVFacts(
    supplier="Distribution Fictive",
    client="CH Fictif",
    today=dt.date(2026, 11, 22),
    empty_mentions=(),
    funding=AspRequestState.VALIDATED,
    advance=AspRequestState.PAID,
    ordered_on=dt.date(2026, 9, 15),
    realised_on=dt.date(2026, 11, 10),
    signed_on=dt.date(2026, 11, 12),
    signatory="Camille Fictive",
    signature=SignatureState.VALID,
    realised_by=dt.datetime(2027, 6, 9, 10, tzinfo=dt.UTC),
)
US, CLIENT = "Distribution Fictive (Fournisseur)", "CH Fictif (Client), puis Distribution"


def having(**changes):
    return dataclasses.replace(COMPLETE, **changes)


def test_a_complete_pv_may_be_sent():
    assert precheck(COMPLETE) == []
    assert warnings(COMPLETE) == []


def test_what_is_not_known_of_a_pv_is_not_held_against_it():
    """Withdrawn, another's Client, used before: only where it is reported."""
    fields = dataclasses.fields(PVFacts)
    needed = [field.name for field in fields if field.default is dataclasses.MISSING]
    assert precheck(PVFacts(**{name: getattr(COMPLETE, name) for name in needed})) == []


@pytest.mark.parametrize(
    ("changes", "words", "who"),
    [
        ({"empty_mentions": ("Périmètre",)}, "Mention vide : Périmètre", US),
        ({"is_withdrawn": True}, "n'est plus Client pilote", US),
        ({"same_client": True}, "déjà Client pilote d'un autre Fournisseur", US),
        ({"funding": AspRequestState.TO_DEPOSIT}, "Demande de financement : « À déposer »", US),
        ({"funding": AspRequestState.INCOMPLETE}, "« Incomplète »", US),
        ({"advance": AspRequestState.DEPOSITED}, "paiement de l'avance : « Déposée »", "ASP"),
        ({"realised_on": None}, "Le jour de réalisation", US),
        ({"signed_on": None}, "Le jour de la signature", US),
        ({"signatory": " "}, "Le signataire", US),
        ({"realised_on": dt.date(2026, 9, 14)}, "La réalisation (14/09/2026) précède", US),
        (
            {"realisation": "le 12 novembre 2026", "realisation_label": "Date de réalisation"},
            "« Date de réalisation » dit le 12/11/2026, et « Prestation réalisée le » dit le 10/11",
            US,
        ),
        ({"reuse": Reuse.ELSEWHERE}, "Le fichier joint est déjà le PV signé d'une autre", CLIENT),
        ({"reuse": Reuse.JUDGED}, "Le fichier joint est celui que l'ANS a jugé non", CLIENT),
        ({"reuse": Reuse.BEFORE_EDIT}, "signé avant la dernière modification", CLIENT),
        ({"signed_on": dt.date(2026, 11, 9)}, "La signature (09/11/2026) précède", US),
        ({"signed_on": dt.date(2026, 11, 23)}, "La signature (23/11/2026) est dans le futur", US),
        ({"signature": None, "signed_on": None}, "Le PV signé n'est pas joint", CLIENT),
        ({"signature": SignatureState.BROKEN}, "a été modifié après la signature", CLIENT),
        ({"signature": SignatureState.UNREAD}, "en cours de lecture : rechargez", "Ce site"),
        ({"is_refused": True}, "refusé à son contrôle : joignez-en un autre", CLIENT),
        ({"is_refused": True, "signature": SignatureState.UNREAD}, "refusé à son", CLIENT),
    ],
)
def test_one_reason_and_who_must_act(changes, words, who):
    [unmet] = precheck(having(**changes))
    assert words in unmet.reason
    assert unmet.who.startswith(who)


@pytest.mark.parametrize(
    "changes",
    [
        {"ordered_on": None},
        {"ordered_on": dt.date(2026, 11, 10)},
        {"signed_on": dt.date(2026, 11, 10)},
        {"signed_on": dt.date(2026, 11, 22)},
        {"signature": SignatureState.NONE},
        {"signature": SignatureState.UNTRUSTED},
        {"signature": SignatureState.UNKNOWN},
        {"signature": SignatureState.PREPARED},
        {"realisation": "10/11/2026"},
        {"realisation": "Commencée le 2/11/2026, complète le 10/11/2026."},
        {"realisation": "Complète."},
        {"signatures": (Signed("Camille Fictive", dt.date(2026, 11, 12)),)},
    ],
)
def test_what_does_not_forbid(changes):
    assert precheck(having(**changes)) == []


def test_an_order_without_realisation_is_compared_with_the_signature():
    reasons = [
        one.reason for one in precheck(having(realised_on=None, signed_on=dt.date(2026, 9, 1)))
    ]
    assert any("précède le bon de commande" in reason for reason in reasons)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"signature": SignatureState.NONE}, "signature manuscrite"),
        ({"signature": SignatureState.UNTRUSTED}, "n'est pas vérifiable par ce site"),
        ({"signature": SignatureState.UNKNOWN}, "que ce site ne sait pas vérifier"),
        ({"signature": SignatureState.PREPARED}, "préparée et jamais apposée"),
        ({"signatures": (Signed("Un Autre", None),)}, "est au nom de « Un Autre »"),
        ({"signatures": (Signed("Fictive", dt.date(2026, 11, 13)),)}, "est du 13/11/2026"),
        (
            {"realised_on": dt.date(2027, 6, 10), "today": dt.date(2027, 7, 1)},
            "après le jalon 5 : avant le 09/06/2027 12h",
        ),
    ],
)
def test_what_is_reported_without_forbidding(changes, words):
    [shown] = warnings(having(**changes))
    assert words in shown


def test_the_day_of_milestone_5_is_not_after_it():
    day = having(realised_on=dt.date(2027, 6, 9), signed_on=dt.date(2027, 6, 9))
    assert warnings(day) == []


def test_every_reason_is_listed():
    bare = having(
        empty_mentions=("a", "b"),
        funding=AspRequestState.TO_DEPOSIT,
        advance=AspRequestState.TO_DEPOSIT,
        realised_on=None,
        signed_on=None,
        signatory="",
        signature=None,
    )
    assert len(precheck(bare)) == 7


PAGES = {"pilot_url": "/pilote/", "edit_url": "/modifier/", "sign_url": "/signer/"}


@pytest.mark.parametrize(
    ("changes", "page"),
    [
        ({"is_withdrawn": True}, "/pilote/"),
        ({"same_client": True}, "/pilote/"),
        ({"funding": AspRequestState.TO_DEPOSIT}, "/pilote/"),
        ({"empty_mentions": ("Périmètre",)}, "/modifier/"),
        ({"signatory": ""}, "/modifier/"),
        ({"realised_on": None}, "/modifier/"),
        ({"realisation": "le 12 novembre 2026"}, "/modifier/"),
        ({"signed_on": dt.date(2026, 11, 9)}, "/modifier/"),
        ({"signed_on": dt.date(2026, 11, 23)}, "/modifier/"),
        ({"signed_on": None}, "/signer/"),
        ({"signature": None, "signed_on": None}, "/signer/"),
        ({"signature": SignatureState.BROKEN}, "/signer/"),
        ({"reuse": Reuse.JUDGED}, "/signer/"),
    ],
)
def test_each_reason_leads_to_the_page_where_it_is_settled(changes, page):
    [unmet] = precheck(having(**PAGES, **changes))
    assert unmet.url == page


@pytest.mark.parametrize("name", ["ordered_on", "realised_on", "signed_on"])
@pytest.mark.parametrize(("later", "is_future"), [(0, False), (1, True)])
def test_none_of_the_three_days_is_after_today(name, later, is_future):
    today = COMPLETE.today
    same = dict.fromkeys(("ordered_on", "realised_on", "signed_on"), today)
    moved = {**same, name: today + dt.timedelta(days=later)}
    reasons = [unmet.reason for unmet in precheck(having(**moved))]
    assert any(reason.endswith("est dans le futur.") for reason in reasons) is is_future


def test_of_several_days_in_the_mention_the_last_is_reported():
    [unmet] = precheck(having(realisation="du 11/11/2026 au 12/11/2026"))
    assert "dit le 12/11/2026" in unmet.reason


def test_what_is_reported_without_forbidding_comes_together():
    shown = warnings(
        having(
            signature=SignatureState.UNTRUSTED,
            signatures=(Signed("Un Autre", None),),
            realised_by=dt.datetime(2026, 11, 9, 11, tzinfo=dt.UTC),
        )
    )
    assert [words.split()[0] for words in shown] == ["Réalisée", "L'auteur", "La"]


def test_without_the_date_of_milestone_5_nothing_is_after_it():
    assert warnings(having(realised_by=None)) == []
    assert warnings(having(realised_on=None)) == []
