"""The contract commands on the shared cases, as another program would call them: in a process of
their own where it is about the process, else by their `main`.
"""

import datetime as dt
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from perf.command.cli import main
from perf.engine.rules import SLIDES

DATA = Path(__file__).parent / "data"


@pytest.fixture
def perf(capsys, monkeypatch):
    def answered(command, text, *options):
        sent = io.TextIOWrapper(io.BytesIO(text.encode()))
        monkeypatch.setattr(sys, "stdin", sent)
        status = main([command, *options])
        return subprocess.CompletedProcess(command, status, *capsys.readouterr())

    return answered


def perf_apart(command, text, *options):
    return subprocess.run(
        [sys.executable, "-m", "perf", command, *options],
        input=text,
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )


def answers(perf, command, name):
    text = (DATA / name).read_text()
    result = perf(command, text)
    assert (result.returncode, result.stderr) == (0, "")
    cases = [json.loads(line) for line in text.splitlines()]
    found = [json.loads(line) for line in result.stdout.splitlines()]
    return list(zip(cases, found, strict=True))


def test_score_gives_the_expected_downtime_and_perf_of_every_shared_case():
    for case, found in answers(perf_apart, "score", "perf_cases.jsonl"):
        assert found["name"] == case["name"]
        assert (found["counted_us"], found["perf"]) == (
            case["expected_counted_us"],
            case["expected_perf"],
        ), case["name"]


def test_score_answers_exactly_the_keys_of_the_contract(perf):
    _case, found = answers(perf, "score", "perf_cases.jsonl")[0]
    assert list(found) == ["name", "counted_us", "counted", "perf", "base", "provisional"]


def test_due_gives_the_expected_instants_and_outcomes_of_every_shared_case():
    for case, found in answers(perf_apart, "due", "guarantee_cases.jsonl"):
        assert list(found) == ["name", "gti_due", "gtr_due", "gti_met", "gtr_met"]
        for key in ("gti", "gtr"):
            assert dt.datetime.fromisoformat(found[f"{key}_due"]) == dt.datetime.fromisoformat(
                case[f"expected_{key}_due"]
            ), case["name"]
            assert found[f"{key}_met"] is case[f"{key}_met"], case["name"]


def test_explained_parts_that_count_add_up_to_the_downtime(perf):
    text = (DATA / "perf_cases.jsonl").read_text()
    result = perf("explain", text, "--json")
    for line in result.stdout.splitlines():
        found = json.loads(line)
        parts = [part for outage in found["outages"] for part in outage["parts"]]
        counted = sum(part["us"] for part in parts if part["why"] == "compté")
        assert counted == found["counted_us"], found["name"]


CASE = {
    "name": "essai",
    "period_start": "2027-01-01T00:00:00+01:00",
    "period_end": "2028-01-01T00:00:00+01:00",
    "outages": [],
}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"period_start": "2027-01-01T00:00:00"}, "décalage horaire"),
        ({"period_end": "2026-01-01T00:00:00Z"}, "la fin vient avant le début"),
        ({"outages": [["2027-02-02T10:00:00Z", "2027-02-02T09:00:00Z"]]}, "la fin vient avant"),
        ({"outages": [["hier", None]]}, "ISO 8601"),
        ({"outages": [["2027-02-02T10:00:00", None]]}, "décalage horaire"),
        ({"outages": ["2027-02-02T10:00:00Z"]}, "[début, fin]"),
        ({"outages": None}, "une liste"),
        ({"base": "24/7"}, "ouvrable"),
        ({"now": "2027-02-02"}, "décalage horaire"),
        (
            {
                "period_end": "2999-01-01T00:00:00Z",
                "outages": [["2050-01-01T00:00:00Z", "2050-01-02T00:00:00Z"]],
            },
            "hors des années calculées",
        ),
        (
            {"period_start": "2060-01-01T00:00:00Z", "period_end": "2061-01-01T00:00:00Z"},
            "hors des années calculées",
        ),
    ],
)
def test_a_bad_line_is_named_by_its_number_and_the_others_are_answered(perf, change, words):
    lines = [json.dumps(CASE), "", json.dumps({**CASE, **change}), json.dumps(CASE)]
    result = perf("score", "\n".join(lines))
    assert result.returncode == 2
    assert result.stderr.startswith("ligne 3 : ")
    assert words in result.stderr
    assert len(result.stdout.splitlines()) == 2


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        '"a"',
        '{"outages": []}',
        "[" * 200_000,
        '{"name": ' + "9" * 5_000 + "}",
        json.dumps({**CASE, "period_start": "0001-01-01T00:00:00+23:00"}),
        json.dumps({**CASE, "now": "9999-12-31T23:59:59-23:00"}),
    ],
    ids=lambda line: line[:20],
)
def test_what_is_not_a_case_is_refused(perf, line):
    result = perf("score", line)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith("ligne 1 : ")


def test_a_budget_beyond_any_calendar_is_a_bad_line(perf):
    rules = {**SLIDES.as_json(), "guarantee_base": "continu", "gti_us": 10**30}
    ticket = {"name": "x", "opened_at": "2027-01-04T09:00:00+01:00", "rules": rules}
    result = perf("due", json.dumps(ticket))
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith("ligne 1 : hors des années calculées")


def test_a_name_comes_out_as_it_came_in_and_a_byte_order_mark_is_no_error():
    line = "\ufeff" + json.dumps({**CASE, "name": "\ud800 é"})
    result = perf_apart("score", line)
    assert (result.returncode, result.stderr) == (0, "")
    assert json.loads(result.stdout)["name"] == "\ud800 é"


def test_a_reader_that_has_seen_enough_is_no_error():
    lines = (DATA / "perf_cases.jsonl").read_text() * 40
    command = [sys.executable, "-m", "perf", "score", "-"]
    pipe, where = subprocess.PIPE, Path(__file__).parents[2]
    with subprocess.Popen(
        command, cwd=where, text=True, stdin=pipe, stdout=pipe, stderr=pipe
    ) as running:
        running.stdout.close()
        _out, err = running.communicate(lines)
    assert (running.returncode, err) == (0, "")


@pytest.mark.parametrize(
    ("now", "counted", "provisional"),
    [
        ("2027-02-01T12:00:00+01:00", "03:00:00", True),
        ("2027-02-01T08:00:00+01:00", "00:00:00", True),
        ("2028-06-01T12:00:00+02:00", None, False),
        (None, None, True),
    ],
)
def test_an_open_outage_counts_to_now_within_the_period(perf, now, counted, provisional):
    case = {**CASE, "outages": [["2027-02-01T09:00:00+01:00", None]]}
    result = perf("score", json.dumps({**case, "now": now} if now else case))
    found = json.loads(result.stdout)
    whole = json.loads(
        perf(
            "score",
            json.dumps({**CASE, "outages": [["2027-02-01T09:00:00+01:00", CASE["period_end"]]]}),
        ).stdout
    )
    assert found["counted"] == (counted or whole["counted"])
    assert found["provisional"] is provisional


def test_the_command_line_needs_no_django():
    code = "import sys, perf.command.cli; sys.exit('django' in sys.modules)"
    result = subprocess.run(
        [sys.executable, "-c", code], check=False, cwd=Path(__file__).parents[2]
    )
    assert result.returncode == 0
