"""VA and PV by the API: the rules are those of the pages."""

import pytest
import time_machine

from accounts.enums import Role
from calendar_app.enums import State
from journal.models import Entry
from pilots.enums import PVState
from pilots.va.models import VA
from tests.calendar_app.papers import upload
from tests.factories import MembershipFactory, member
from tests.keys import Caller, give_key, software_of
from tests.pilots import cases, reviewing, vas
from tests.pilots.signing import another

pytestmark = pytest.mark.usefixtures("calendars")

SAID = {
    "case": "CAS_2",
    "finalised_on": "2026-11-18",
    "signed_on": "2026-11-20",
    "signatory_name": "Dr Hélène Sombreval",
    "reported": list(vas.REPORTED),
}


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(vas.noon("2027-01-04"), tick=False):
        yield


def test_a_va_from_its_signature_to_its_last_condition(client):
    prestation, person = vas.drimbox()
    software = software_of(client, person)
    path = f"prestations/{prestation.pk}/va"
    assert list(software.upload(path, SAID).json()["errors"]) == ["proofs"]
    made = software.upload(path, SAID | {"proofs": [upload("va.pdf")]})
    assert made.status_code == 201, made.json()
    va = f"vas/{made.json()['id']}"
    notice = {"notified_on": "2026-12-29", "means": "courriel", "proofs": [upload("preuve.pdf")]}
    notified = software.upload(f"{va}/notification", notice).json()
    assert notified["notified_on"] == "2026-12-29"
    assert notified["due_at"]
    waiting = [one for one in notified["conditions"] if one["state"] == "REPORTEE"]
    assert {one["code"] for one in waiting} == set(vas.REPORTED)
    for one in waiting:
        proof = {"validated_on": "2027-01-03", "proofs": [upload(f"{one['code']}.pdf")]}
        done = software.upload(f"va-conditions/{one['id']}/validation", proof)
        assert done.status_code == 200, done.json()
    clock = VA.objects.get().clock
    assert clock is not None
    assert clock.state == State.ACCEPTED
    assert software.get("vas").json()["items"] == [software.get(va).json()]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"signed_on": "2027-01-05"}, "signed_on"),
        ({"case": "CAS_1"}, "reported"),
        ({"reported": []}, "reported"),
        ({"signatory_name": ""}, "signatory_name"),
    ],
)
def test_a_va_that_is_wrong_says_where(client, change, field):
    prestation, person = vas.drimbox()
    sent = SAID | change | {"proofs": [upload("va.pdf")]}
    answer = software_of(client, person).upload(f"prestations/{prestation.pk}/va", sent)
    assert answer.status_code == 422
    assert field in answer.json()["errors"]


def test_a_va_is_signed_in_a_file_that_shows_it(client):
    prestation, person = vas.drimbox()
    sent = SAID | {"proofs": [upload("va.zip")]}
    answer = software_of(client, person).upload(f"prestations/{prestation.pk}/va", sent)
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["proofs"])


def test_a_va_is_corrected_with_a_reason_by_who_read_it(client):
    prestation, person = vas.drimbox()
    software = software_of(client, person)
    sent = SAID | {"proofs": [upload("va.pdf")]}
    path = f"vas/{software.upload(f'prestations/{prestation.pk}/va', sent).json()['id']}"
    change = SAID | {"signed_on": "2026-11-21", "reason": "Le jour était inexact."}
    assert software.patch(path, change).status_code == 428
    read = {"If-Match": software.get(path)["ETag"]}
    without = software.patch(path, SAID, headers=read)
    assert (without.status_code, list(without.json()["errors"])) == (422, ["reason"])
    changed = software.patch(path, change, headers=read)
    assert (changed.status_code, changed.json()["signed_on"]) == (200, "2026-11-21")
    assert software.patch(path, change, headers=read).status_code == 412
    again = software.patch(path, change, headers={"If-Match": "*"})
    assert (again.status_code, "Rien n'a changé" in again.json()["detail"]) == (422, True)
    note = Entry.objects.get(act="va.correct").note
    assert note.startswith("Le jour était inexact.\n")


def test_a_request_to_the_asp_goes_from_one_state_to_the_next(client):
    with time_machine.travel(cases.NOW, tick=False):
        pilot = cases.named()
        software = software_of(client, cases.fournisseur(pilot))
        query = {"prestation": pilot.prestation_id}
        kinds = [one["kind"] for one in software.get("asp-requests", **query).json()["items"]]
        assert sorted(kinds) == ["AVANCE", "FINANCEMENT"]
        [path, *_] = [
            f"asp-requests/{one['id']}" for one in software.get("asp-requests").json()["items"]
        ]
        early = software.post(f"{path}/state", {"state": "PAYEE", "on": "2026-11-10"})
        assert (early.status_code, list(early.json()["errors"])) == (422, ["state"])
        deposit = {"state": "DEPOSEE", "on": "2026-11-10", "reference": "ASP-7"}
        done = software.post(f"{path}/state", deposit)
        assert done.status_code == 200, done.json()
        assert (done.json()["deposited_on"], done.json()["reference"]) == ("2026-11-10", "ASP-7")
        assert software.get(path).json() == done.json()
        later = software.post(f"{path}/state", {"state": "VALIDEE", "on": "2026-11-23"})
        assert list(later.json()["errors"]) == ["on"]
        stranger = software_of(client, member(Role.MANDATAIRE))
        assert stranger.post(f"{path}/state", deposit).status_code == 404
        watching = software_of(client, member(Role.AGENT))
        assert watching.post(f"{path}/state", deposit).status_code == 403


def test_a_pv_from_its_draft_to_the_ans(client):
    with time_machine.travel(cases.NOW, tick=False):
        pilot = cases.validated(cases.named())
        software = software_of(client, cases.fournisseur(pilot))
        made = software.post(f"pilots/{pilot.pk}/pv", {})
        assert made.status_code == 201, made.json()
        path = f"pvs/{made.json()['id']}"
        assert software.post(f"{path}/send", {}).status_code == 422
        content = {
            "mentions": {one["code"]: one["value"] or "x" for one in made.json()["mentions"]},
            "realised_on": "2026-11-10",
            "signatory_name": "Camille Fictive",
            "signatory_role": "Directrice",
        }
        read = {"If-Match": software.get(path)["ETag"]}
        edited = software.patch(path, content, headers=read)
        assert (edited.status_code, edited.json()["realised_on"]) == (200, "2026-11-10")
        signed = {"signed_on": "2026-11-12", "upload": upload("pv.pdf", another())}
        assert software.upload(f"{path}/signed-file", signed).json()["state"] == PVState.SIGNED
        sent = software.post(f"{path}/send", {})
        assert sent.status_code == 200, sent.json()
        assert (sent.json()["state"], sent.json()["sent_at"]) == (
            "TRANSMIS",
            "2026-11-22T09:00:00Z",
        )
        taken = software.post(f"{path}/take-back", {})
        assert (taken.status_code, taken.json()["state"]) == (200, PVState.SIGNED)
        assert software.post(f"{path}/take-back", {}).status_code == 422


def test_nobody_else_sees_a_pv_nor_does_the_ans_see_a_draft(client):
    pv = cases.drafted()
    for person in (member(Role.MANDATAIRE), member(Role.AGENT)):
        software = software_of(client, person)
        assert software.get(f"pvs/{pv.pk}").status_code == 404
        assert software.get("pvs").json()["items"] == []


@pytest.mark.at(reviewing.NOW)
@pytest.mark.usefixtures("checklists")
def test_by_the_key_of_the_ans_a_double_role_reads_what_the_supplier_does(client):
    pv = reviewing.proposed_by(reviewing.agent())
    alone, both = member(Role.RESPONSABLE), member(Role.RESPONSABLE)
    MembershipFactory(user=both, organisation=pv.pilot.prestation.organisation)
    states = {}
    for person in (alone, both):
        ans = person.memberships.get(role=Role.RESPONSABLE).organisation
        software = Caller(client, give_key(person, ans)[1])
        states[person] = software.get(f"pvs/{pv.pk}").json()["state"]
    assert states == {alone: PVState.TO_CONFIRM, both: PVState.IN_REVIEW}
