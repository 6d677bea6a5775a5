"""`/api/v1/deadlines`: what is due, drafts, filings with their proofs."""

import datetime as dt

import pytest

from accounts.enums import Role
from calendar_app.enums import FilingStatus, State
from calendar_app.models import Filing, Proof
from tests.calendar_app.filing_cases import NOW, colleague, of_prestation, of_solution
from tests.calendar_app.papers import upload
from tests.factories import member
from tests.keys import software_of

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def deadline(person):
    return of_prestation(5, editeur=person)


def payload(**more):
    return {"deposited_at": (NOW - HOUR).isoformat(), "declared": "true", **more}


def path_of(deadline, act="filings"):
    return f"deadlines/{deadline.pk}/{act}"


def test_a_deposit_is_declared_with_its_proof_and_gives_its_receipt(software, deadline, person):
    answer = software.upload(path_of(deadline), payload(comment="Signé", proofs=[upload()]))
    assert answer.status_code == 201, answer.json()
    filing = Filing.objects.get()
    assert answer.json()["receipt_number"] == filing.receipt_number
    assert (filing.recorded_by, filing.comment) == (person, "Signé")
    assert "clé « Supervision »" in filing.recorded_by_name
    receipt = software.get(f"receipts/{filing.receipt_number}").json()
    assert receipt == filing.receipt
    assert [one["receipt_number"] for one in software.get("filings").json()["items"]] == [
        filing.receipt_number
    ]
    read = software.get(f"deadlines/{deadline.pk}").json()
    assert (read["state"], read["receipt_number"]) == (State.FILED, filing.receipt_number)


def test_sent_twice_under_one_key_it_is_one_deposit(software, deadline):
    headers = {"Idempotency-Key": "depot-7"}
    first = software.upload(path_of(deadline), payload(proofs=[upload()]), headers)
    again = software.upload(path_of(deadline), payload(proofs=[upload()]), headers)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert Filing.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"declared": "false"}, "declared"),
        ({"deposited_at": (NOW + HOUR).isoformat()}, "deposited_at"),
        ({"deposited_at": "hier"}, "deposited_at"),
        ({"document_date": "2027-06-10"}, "document_date"),
        ({"external_reference": "x" * 81}, "external_reference"),
    ],
)
def test_a_deposit_that_is_wrong_says_where(software, deadline, change, field):
    answer = software.upload(path_of(deadline), payload(proofs=[upload()]) | change)
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == [field]
    assert not Filing.objects.filed().exists()


def test_without_a_proof_nothing_is_filed_and_the_draft_stays(software, deadline):
    headers = {"Idempotency-Key": "depot-8"}
    answer = software.upload(path_of(deadline), payload(external_reference="A-1"), headers)
    assert list(answer.json()["errors"]) == ["proofs"]
    draft = Filing.objects.get()
    assert (draft.status, draft.external_reference) == (FilingStatus.DRAFT, "A-1")
    again = software.upload(path_of(deadline), payload(proofs=[upload()]), headers)
    assert again.status_code == 201
    assert Filing.objects.get().external_reference == "A-1"


def test_a_closed_gate_says_who_must_act(software, person):
    money = of_prestation(4, editeur=person, psc_from=None)
    [unmet] = software.get(f"deadlines/{money.pk}").json()["blocked_by"]
    answer = software.upload(path_of(money), payload(proofs=[upload()]))
    assert answer.status_code == 409
    assert unmet["reason"] in answer.json()["detail"]


def test_a_draft_is_kept_and_is_no_deposit(software, deadline):
    answer = software.upload(
        path_of(deadline, "draft"), {"comment": "À finir", "proofs": [upload()]}
    )
    assert (answer.status_code, answer.json()["comment"]) == (200, "À finir")
    assert answer.json()["proofs"] == [Proof.objects.get().name]
    deadline.refresh_from_db()
    assert deadline.state == State.DRAFT


def test_the_key_of_a_salarie_prepares_and_does_not_file(client, person, deadline):
    software = software_of(client, colleague(person, Role.SALARIE), name="Autre")
    assert software.upload(path_of(deadline, "draft"), {"comment": "x"}).status_code == 200
    answer = software.upload(path_of(deadline), payload(proofs=[upload()]))
    assert answer.status_code == 403
    assert "Représentant ou Mandataire" in answer.json()["detail"]


def test_the_ans_reads_and_does_not_file_for_others(client, deadline):
    ans = software_of(client, member(Role.AGENT))
    assert ans.get(f"deadlines/{deadline.pk}").status_code == 200
    assert ans.upload(path_of(deadline), payload(proofs=[upload()])).status_code == 403
    assert ans.post(path_of(deadline, "set-aside"), {"reason": "x"}).status_code == 403


def test_the_deadline_of_somebody_else_is_unknown(stranger, deadline):
    assert stranger.get("deadlines").json()["items"] == []
    assert stranger.get(f"deadlines/{deadline.pk}").status_code == 404
    assert stranger.upload(path_of(deadline), payload(proofs=[upload()])).status_code == 404
    assert stranger.upload(path_of(deadline, "draft"), {"comment": "À moi"}).status_code == 404
    assert stranger.post(path_of(deadline, "set-aside"), {"reason": "x"}).status_code == 404


def test_a_deadline_is_set_aside_with_its_reason(software, deadline):
    assert software.post(path_of(deadline, "set-aside"), {"reason": " "}).status_code == 422
    answer = software.post(path_of(deadline, "set-aside"), {"reason": "Le Client renonce."})
    assert answer.json()["state"] == State.NOT_APPLICABLE


def test_deadlines_are_narrowed_and_cost_the_same_whatever_their_number(
    software, person, deadline, django_assert_max_num_queries
):
    for _ in range(6):
        of_solution(1, editeur=person)
    with django_assert_max_num_queries(40):
        items = software.get("deadlines").json()["items"]
    assert len(items) == len({item["id"] for item in items}) > 6
    mine = software.get("deadlines", prestation=deadline.prestation_id).json()["items"]
    assert deadline.pk in [item["id"] for item in mine]
    assert {item["prestation"] for item in mine} == {deadline.prestation_id}
    assert software.get("deadlines", state="DEPOSE").json()["items"] == []
    assert software.get("deadlines", state="INCONNU").status_code == 422


def test_a_file_that_is_none_of_those_accepted_is_refused(software, deadline):
    bad = upload(name="outil.exe", content=b"MZ" + b"\0" * 100)
    answer = software.upload(path_of(deadline), payload(proofs=[bad]))
    assert answer.status_code == 422
    assert not Proof.objects.exists()


def test_a_form_without_a_field_is_no_draft(software, deadline):
    answer = software.upload(path_of(deadline, "draft"), {})
    assert (answer.status_code, answer.json()["detail"]) == (
        400,
        "Ce formulaire ne contient aucun champ lisible.",
    )
    assert not deadline.filings.exists()
