"""Tickets, ratios and statements by the API: the rules are those of the pages."""

import datetime as dt

import pytest

from perf.models import Statement, Ticket
from tests.factories import PrestationFactory

NOW = dt.datetime(2026, 11, 22, 21, tzinfo=dt.UTC)

pytestmark = pytest.mark.at(NOW)
TICKET = {
    "service": "drimbox-chu",
    "reference": "T-1",
    "subject": "Aucune image",
    "opened_at": "2026-11-02T09:00:00+01:00",
}


def test_a_ticket_lives_from_its_declaration_to_its_end(supplier):
    made = supplier.post("tickets", TICKET)
    assert made.status_code == 201, made.json()
    path = f"tickets/{made.json()['id']}"
    assert supplier.get("tickets", open="true").json()["items"] == [made.json()]
    responded = supplier.post(f"{path}/respond", {"responded_at": "2026-11-02T09:20:00+01:00"})
    assert responded.json()["responded_at"] == "2026-11-02T08:20:00Z"
    closed = supplier.post(f"{path}/restore", {"restored_at": "2026-11-02T10:40:00+01:00"})
    assert closed.json()["restored_at"] == "2026-11-02T09:40:00Z"
    assert supplier.get("tickets", open="true").json()["items"] == []
    again = supplier.post(f"{path}/restore", {"restored_at": "2026-11-02T10:45:00+01:00"})
    assert (again.status_code, "déjà rétabli" in again.json()["detail"]) == (422, True)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"opened_at": "2026-11-23T09:00:00+01:00"}, "opened_at"),
        ({"responded_at": "2026-11-02T08:59:59+01:00"}, "responded_at"),
        ({"restored_at": "2026-11-02T10:00:00+01:00"}, "responded_at"),
        ({"subject": ""}, "subject"),
        ({"reference": "x" * 81}, "reference"),
    ],
)
def test_a_ticket_that_is_wrong_says_where(supplier, change, field):
    answer = supplier.post("tickets", TICKET | change)
    assert (answer.status_code, list(answer.json()["errors"])) == (422, [field])
    assert not Ticket.objects.exists()


def test_a_ticket_is_corrected_by_who_read_it(supplier):
    pk = supplier.post("tickets", TICKET).json()["id"]
    etag = supplier.get(f"tickets/{pk}")["ETag"]
    change = {name: value for name, value in TICKET.items() if name != "service"}
    change["subject"] = "Images lentes"
    fixed = supplier.patch(f"tickets/{pk}", change, headers={"If-Match": etag})
    assert (fixed.status_code, fixed.json()["subject"]) == (200, "Images lentes")
    assert supplier.patch(f"tickets/{pk}", change, headers={"If-Match": etag}).status_code == 412


def test_a_statement_is_issued_once_and_replaced_with_a_reason(supplier, service):
    path = f"prestations/{service.prestation_id}/statements"
    supplier.post(
        "outages",
        {
            "service": "drimbox-chu",
            "started_at": "2026-11-02T09:00:00+01:00",
            "ended_at": "2026-11-02T11:30:00+01:00",
            "source": "FOURNISSEUR",
            "reference": "INC-1",
        },
    )
    body = {"at": "2026-11-10T00:00:00+01:00"}
    first = supplier.post(path, body)
    assert first.status_code == 201, first.json()
    again = supplier.post(path, body)
    assert (again.status_code, list(again.json()["errors"])) == (422, ["reason"])
    second = supplier.post(path, body | {"reason": "Panne corrigée"})
    assert second.status_code == 201
    assert Statement.objects.get(replaces=first.json()["id"]).pk == second.json()["id"]
    document = supplier.get(f"statements/{first.json()['id']}/document").json()
    assert document["name"] == first.json()["number"]


def test_a_month_of_a_ratio_is_entered_once(supplier, service):
    ris = PrestationFactory(supplier__solution__organisation=service.prestation.organisation)
    counts = {"local_numerator": 4, "local_denominator": 5, "remote_numerator": 0}
    body = {"indicator": "PERFM", "month": "2026-10-12", "remote_denominator": 0, **counts}
    path = f"prestations/{ris.pk}/ratios"
    made = supplier.post(path, body)
    assert (made.status_code, made.json()["month"]) == (201, "2026-10-01")
    assert list(supplier.post(path, body).json()["errors"]) == ["month"]
    wrong = supplier.post(path, body | {"month": "2026-09-01", "local_numerator": 6})
    assert list(wrong.json()["errors"]) == ["local_numerator"]


def test_a_month_of_a_ratio_is_corrected_by_who_read_it(supplier, service):
    ris = PrestationFactory(supplier__solution__organisation=service.prestation.organisation)
    counts = {
        "local_numerator": 4,
        "local_denominator": 5,
        "remote_numerator": 0,
        "remote_denominator": 0,
    }
    body = {"indicator": "PERFM", "month": "2026-10-12", **counts}
    path = f"ratios/{supplier.post(f'prestations/{ris.pk}/ratios', body).json()['id']}"
    read = {"If-Match": supplier.get(path)["ETag"]}
    wrong = supplier.patch(path, counts | {"local_numerator": 6}, headers=read)
    assert list(wrong.json()["errors"]) == ["local_numerator"]
    fixed = supplier.patch(path, counts | {"local_numerator": 5}, headers=read)
    assert (fixed.status_code, fixed.json()["local_numerator"]) == (200, 5)
    assert supplier.patch(path, counts, headers=read).status_code == 412
