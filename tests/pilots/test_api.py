"""VA and PV by the API: the rules are those of the pages."""

import pytest
import time_machine

from accounts.enums import Role
from calendar_app.enums import State
from pilots.enums import PVState
from pilots.va.models import VA
from tests.calendar_app.papers import upload
from tests.factories import member
from tests.keys import software_of
from tests.pilots import cases, vas
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


def test_nobody_else_sees_a_pv_nor_does_the_ans_see_a_draft(client):
    pv = cases.drafted()
    for person in (member(Role.MANDATAIRE), member(Role.AGENT)):
        software = software_of(client, person)
        assert software.get(f"pvs/{pv.pk}").status_code == 404
        assert software.get("pvs").json()["items"] == []
