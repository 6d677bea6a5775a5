"""Issuing: what is frozen, what is provisional, what replaces what."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from parameters.models import RegulatoryParameter
from perf.command.cli import main
from perf.engine import ENGINE_VERSION
from perf.enums import OutageNature, OutageStanding
from perf.models import Outage, Statement
from perf.rules import parameters as keys
from perf.services.statements import issue
from tests.by import acting
from tests.factories import PrestationFactory, ServiceFactory, member
from tests.perf.statements.cases import NOW, YEAR_2026, YEAR_2027, at, outage

ROOT = Path(__file__).parents[3]


def issued(prestation, period=YEAR_2026, *, now=NOW, reason=""):
    return issue(prestation=prestation, period=period, by=acting(member(), now), reason=reason)


def perf(command, document):
    result = subprocess.run(
        [sys.executable, "-m", "perf", command],
        input=document,
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    return result.stdout


def test_a_statement_has_a_number_the_figures_and_the_bytes_that_its_digest_names(service):
    outage(service, "24/10/2026 12:30", "26/10/2026 09:30")
    statement = issued(service.prestation)
    document = json.loads(statement.document)
    assert statement.number == f"PERF-2027-{statement.pk:06}" == document["name"]
    assert (statement.counted_us, statement.perf, statement.base) == (
        3_600_000_000,
        "1",
        "ouvrable",
    )
    assert statement.sha256 == hashlib.sha256(statement.document.encode()).hexdigest()
    assert document["engine"] == ENGINE_VERSION
    assert [(r["base"], r["counted"]) for r in document["readings"]] == [
        ("ouvrable", "01:00:00"),
        ("continu", "46:00:00"),
    ]
    assert not statement.is_provisional


def test_score_recomputes_the_statement_whatever_the_rules_have_become(service):
    outage(service, "04/02/2026 09:00", "05/02/2026 09:00", reference="a", cause="l\u2028igne")
    outage(service, "05/02/2026 08:00", "05/02/2026 09:30", reference="b")
    outage(
        service,
        "06/02/2026 09:00",
        "06/02/2026 19:00",
        reference="c",
        standing=OutageStanding.NOT_RETAINED,
    )
    document = issued(service.prestation).document
    amend(keys.HOURS_WEEKDAY, "00:00-24:00")
    amend(keys.LIMIT_ONE, 1)
    found = json.loads(perf("score", document))
    assert (found["counted"], found["perf"]) == ("10:30:00", "0.5")
    assert found["name"] == json.loads(document)["name"]
    assert "D_f 10:30:00, PERF 0.5, base ouvrable" in perf("explain", document)


def altered(document, change):
    data = json.loads(document)
    change(data)
    return json.dumps(data)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda d: d["readings"][0].update(perf="2"), "PERF 2, ses indisponibilités donnent"),
        (lambda d: d["readings"][0].update(counted_us=1), "D_f en microsecondes 1,"),
        (lambda d: d["readings"].append(3), "n'ont pas la forme"),
        (lambda d: d["outages"].pop(), "ses indisponibilités donnent"),
        (lambda d: d["details"][0]["counted_us"].update(ouvrable=5), "le détail"),
    ],
    ids=["perf", "counted", "no reading", "an outage left out", "the detail of an outage"],
)
def test_score_names_a_statement_whose_figures_do_not_follow(
    service, capsys, tmp_path, change, words
):
    outage(service, "04/02/2026 09:00", "05/02/2026 09:00", reference="a")
    document = issued(service.prestation).document
    file = tmp_path / "releves.jsonl"
    file.write_text(document + "\n" + altered(document, change) + "\n")
    assert main(["score", str(file)]) == 3
    shown = capsys.readouterr()
    assert len(shown.out.splitlines()) == 2
    assert all(line.startswith("ligne 2 : ") for line in shown.err.splitlines())
    assert words in shown.err


def test_score_of_a_statement_as_issued_says_nothing_more(service, capsys, tmp_path):
    outage(service, "04/02/2026 09:00", "05/02/2026 09:00", reference="a")
    file = tmp_path / "releve.json"
    file.write_text(issued(service.prestation).document)
    assert main(["score", str(file)]) == 0
    assert capsys.readouterr().err == ""


def amend(key, value):
    RegulatoryParameter.objects.create(
        key=key, value=value, effective_from=at("01/01/2020 00:01"), source="Essai", author_name="X"
    )


@pytest.mark.parametrize("base", ["ouvrable", "continu"])
def test_the_other_base_is_the_statement_s_when_the_rules_say_so(service, base):
    amend(keys.BASE, base)
    outage(service, "07/02/2026 12:00", "07/02/2026 15:00")
    statement = issued(service.prestation)
    hours = {"ouvrable": 1, "continu": 3}[base]
    assert (statement.base, statement.counted_us) == (base, hours * 3_600_000_000)
    assert json.loads(perf("score", statement.document))["counted_us"] == statement.counted_us


def test_only_the_outages_of_its_own_service_are_in_it(service):
    outage(service, "04/02/2026 09:00", "04/02/2026 12:00")
    other = ServiceFactory(created_at=service.created_at)
    assert issued(other.prestation).counted_us == 0
    assert issued(service.prestation).counted_us == 3 * 3_600_000_000


def test_nothing_that_happens_later_changes_what_was_issued(service):
    found = outage(service, "04/02/2026 09:00", "04/02/2026 12:00")
    statement = issued(service.prestation)
    before = (statement.document, statement.sha256, statement.counted_us)
    Outage.objects.filter(pk=found.pk).update(standing=OutageStanding.NOT_RETAINED)
    found.versions.all().delete()
    amend(keys.LIMIT_ONE, 1)
    service.prestation.client.name = "Autre nom"
    service.prestation.client.save()
    statement.refresh_from_db()
    assert (statement.document, statement.sha256, statement.counted_us) == before


def test_every_outage_is_in_it_those_that_do_not_count_with_the_reason(service):
    outage(service, "02/02/2026 09:00", "02/02/2026 10:00", reference="compte")
    outage(
        service,
        "03/02/2026 09:00",
        "03/02/2026 10:00",
        reference="ecartee",
        standing=OutageStanding.NOT_RETAINED,
        decided_at=NOW,
        decided_by_name="Agente Fictive",
        decision_reason="Coupure du Client.",
    )
    outage(
        service,
        "04/02/2026 09:00",
        "04/02/2026 10:00",
        reference="sonde",
        nature=OutageNature.UNMEASURED,
    )
    outage(service, "31/12/2025 09:00", "31/12/2025 10:00", reference="avant")
    document = json.loads(issued(service.prestation).document)
    assert len(document["outages"]) == 1
    assert [(d["versions"][0]["reference"], d["left_out"]) for d in document["details"]] == [
        ("compte", ""),
        ("ecartee", "non compté : non retenue"),
        ("sonde", "non compté : non mesuré, la sonde elle-même était arrêtée"),
    ]
    assert "Coupure du Client." in document["details"][1]["journal"][0]
    assert document["details"][1]["counted_us"] == {"ouvrable": 0, "continu": 0}


def test_contested_outages_count_and_the_figure_without_them_is_beside(service):
    outage(service, "02/02/2026 09:00", "02/02/2026 10:00", reference="a")
    outage(
        service,
        "03/02/2026 09:00",
        "03/02/2026 19:00",
        reference="b",
        standing=OutageStanding.CONTESTED,
    )
    reading = json.loads(issued(service.prestation).document)["readings"][0]
    assert (reading["counted"], reading["perf"]) == ("11:00:00", "0.5")
    assert reading["without_contested"] == {
        "counted": "01:00:00",
        "counted_us": 3_600_000_000,
        "perf": "1",
    }


def test_a_period_that_lasts_and_an_outage_that_lasts_make_it_provisional(service):
    outage(service, "01/03/2027 09:00", None)
    statement = issued(service.prestation, YEAR_2027)
    document = json.loads(statement.document)
    assert statement.is_provisional
    assert [sentence.split(" ")[:2] for sentence in document["provisional"]] == [
        ["La", "période"],
        ["Un", "arrêt"],
    ]
    assert statement.counted_us == 2.5 * 3_600_000_000
    assert json.loads(perf("score", statement.document))["counted_us"] == statement.counted_us


def test_an_announced_maintenance_counts_up_to_now_only(service):
    outage(
        service,
        "01/03/2027 09:30",
        "01/03/2027 15:00",
        reference="m1",
        nature=OutageNature.MAINTENANCE,
    )
    outage(
        service,
        "02/03/2027 09:00",
        "02/03/2027 12:00",
        reference="m2",
        nature=OutageNature.MAINTENANCE,
    )
    statement = issued(service.prestation, YEAR_2027)
    found = json.loads(perf("score", statement.document))
    assert statement.counted_us == found["counted_us"] == 2 * 3_600_000_000


def test_a_second_statement_of_the_period_needs_a_reason_and_replaces_the_first(service):
    first = issued(service.prestation)
    with pytest.raises(ValidationError) as refusal:
        issued(service.prestation)
    assert first.number in refusal.value.message_dict["reason"][0]
    second = issued(service.prestation, reason="Une panne manquait.")
    first.refresh_from_db()
    assert (second.replaces, first.successor, second.successor) == (first, second, None)
    assert json.loads(second.document)["replaces"] == {
        "number": first.number,
        "sha256": first.sha256,
        "issued_at": "2027-03-01T11:30:00+01:00",
        "reason": "Une panne manquait.",
    }
    assert issued(service.prestation, reason="Encore.").replaces == second


def test_statements_of_other_periods_and_prestations_replace_nothing(service):
    issued(service.prestation)
    other = ServiceFactory(created_at=service.created_at)
    assert issued(service.prestation, YEAR_2027, reason="sans objet").replaces is None
    assert issued(other.prestation).replaces is None


def test_the_database_itself_refuses_two_first_statements(service):
    first = issued(service.prestation)
    first.pk, first.number = None, "PERF-DOUBLE"
    with (
        pytest.raises(IntegrityError, match=r"statement_first_once|perf_statement"),
        transaction.atomic(),
    ):
        first.save()


@pytest.mark.parametrize(
    ("period", "words"),
    [(YEAR_2027.next, "n'a pas commencé"), (YEAR_2026.previous.previous, "n'est suivi que depuis")],
)
def test_a_period_to_come_or_not_measured_has_no_statement(service, period, words):
    with pytest.raises(ValidationError) as refusal:
        issued(service.prestation, period)
    assert words in refusal.value.message_dict["period"][0]
    assert not Statement.objects.exists()


def test_without_a_supervised_service_there_is_nothing_to_state(calendars):
    with pytest.raises(ValidationError, match="pas de service supervisé"):
        issued(PrestationFactory(supplier__solution__drimbox=True))


def test_rules_are_those_of_the_end_of_the_period(service):
    outage(service, "02/02/2026 09:00", "02/02/2026 11:00")
    RegulatoryParameter.objects.create(
        key=keys.LIMIT_ONE,
        value=60,
        effective_from=at("01/01/2027 00:00:00"),
        source="Essai",
        author_name="X",
    )
    assert issued(service.prestation).perf == "1"


def test_what_no_text_confirms_is_shown_with_its_source(service):
    found = json.loads(issued(service.prestation).document)["to_confirm"]
    assert "Heures que compte D_f" in [item["label"] for item in found]
    assert all("à confirmer" in item["source"] for item in found)
