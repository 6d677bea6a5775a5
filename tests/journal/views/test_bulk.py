"""The pages of acts on many rows, with those of deadlines: selection, preview, confirmation."""

import datetime as dt
from hashlib import sha256

import pytest
from django.urls import reverse

from accounts.enums import Role
from calendar_app.enums import State
from calendar_app.models import Deadline, FilingBatch
from calendar_app.services.decisions import set_aside
from journal.rules.bulk import Counted, lost_since, read_selection, written
from tests.by import acting
from tests.calendar_app.filing_cases import NOW, organisation_of
from tests.calendar_app.papers import upload
from tests.calendar_app.services.test_bulk import declared, park
from tests.factories import SolutionFactory, SupplierFactory, member
from tests.pages import markup, text
from tests.pdfs import words

DECLARE = reverse("bulk", args=["declarer-depots"])
CONFIRM = reverse("bulk", args=["confirmer-depots"])
ASIDE = reverse("bulk", args=["sans-objet"])
GIVEN = {
    "deposited_at_jour": "2027-06-09",
    "deposited_at_heure": "10:45:00",
    "external_reference": "ASP-88120",
    "declared": "on",
}


@pytest.fixture(autouse=True)
def _today(time_machine, calendars):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def filer():
    return member(Role.REPRESENTANT)


@pytest.fixture
def rows(filer):
    solution = SolutionFactory(organisation=organisation_of(filer))
    return park(SupplierFactory(solution=solution), 3)


def picked(rows):
    return {"lignes": "1", "ligne": [row.pk for row in rows]}


def sent(client, address, shown, **values):
    return client.post(address, {"vus": shown.context["shown"], **values})


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("ticked", 2),
        ("all", 3),
        ("none", 0),
        ("filter", 3),
    ],
)
def test_what_is_selected(client, filer, rows, query, expected):
    client.force_login(filer)
    jalon = rows[0].milestone.code
    asked = {
        "ticked": picked(rows[:2]),
        "all": {**picked(rows[:1]), "tout": "1", "jalon": jalon},
        "none": {"lignes": "1"},
        "filter": {"jalon": jalon},
    }
    shown = client.get(DECLARE, asked[query])
    assert shown.status_code == 200
    assert len(shown.context["ready"]) == expected


def test_forty_at_once_from_the_list_of_the_milestone(client, filer, rows):
    client.force_login(filer)
    index = client.get(reverse("deadlines:index"), {"jalon": rows[0].milestone.code})
    assert f"{DECLARE}?jalon={rows[0].milestone.code}" in markup(index)
    shown = client.get(DECLARE, {"jalon": rows[0].milestone.code})
    answer = sent(client, DECLARE, shown, proofs=[upload()], **GIVEN)
    batch = FilingBatch.objects.get()
    assert answer.url == reverse("deadlines:batch", args=[batch.receipt_number])
    receipt = client.get(answer.url)
    assert "3 dépôts" in text(receipt)
    assert len(receipt.context["receipt"]["depots"]) == 3


def test_everything_wrong_is_shown_at_once_and_the_file_is_held(client, filer, rows):
    client.force_login(filer)
    shown = client.get(DECLARE, picked(rows))
    answer = sent(client, DECLARE, shown, proofs=[upload()])
    assert answer.status_code == 422
    form = answer.context["form"]
    assert set(form.errors) == {"deposited_at", "declared"}
    assert [one.name for one in form.fields["proofs"].widget.held] == [upload().name]
    assert answer.context["shown"] == shown.context["shown"]


@pytest.mark.parametrize(
    ("sends", "wrong"),
    [
        ([], {"proofs"}),
        (["without_proof"], set()),
        (["proofs", "without_proof"], {"without_proof"}),
        (["proofs"], set()),
    ],
)
def test_a_piece_or_the_words_without_proof(client, filer, rows, sends, wrong):
    client.force_login(filer)
    shown = client.get(DECLARE, picked(rows))
    both = {"proofs": [upload()], "without_proof": "on"}
    values = {**GIVEN, **{name: both[name] for name in sends}}
    answer = sent(client, DECLARE, shown, **values)
    errors = set(answer.context["form"].errors) if answer.status_code == 422 else set()
    assert errors == wrong


def test_what_changed_meanwhile_is_named_and_the_rest_asked_again(client, filer, rows):
    client.force_login(filer)
    shown = client.get(DECLARE, picked(rows))
    set_aside(rows[0], reason="Fermé", by=acting(filer, NOW))
    answer = sent(client, DECLARE, shown, proofs=[upload()], **GIVEN)
    assert answer.status_code == 422
    assert "Rien n'est enregistré : 1 ligne ne peut plus être traitée" in text(answer)
    assert str(rows[0].subject) in text(answer)
    held = answer.context["form"].fields["proofs"].widget.held
    again = sent(client, DECLARE, answer, proofs_held=[one.token for one in held], **GIVEN)
    assert again.status_code == 302
    assert Deadline.objects.filter(state=State.FILED).count() == 2


def test_the_ans_confirms_in_three_clicks(client, filer, rows):
    declared(filer, rows)
    client.force_login(member(Role.AGENT))
    listed = client.get(reverse("deadlines:index"), {"vue": "deposees"})
    assert "Tout sélectionner (3 correspondant au filtre)" in text(listed)
    shown = client.get(CONFIRM, {"lignes": "1", "tout": "1", "vue": "deposees"})
    assert "3 lignes sélectionnées : 3 seront traitées" in text(shown)
    answer = sent(client, CONFIRM, shown)
    assert answer.status_code == 302
    assert Deadline.objects.filter(state=State.ACCEPTED).count() == 3


def test_set_aside_asks_for_the_reason(client, filer, rows):
    client.force_login(filer)
    shown = client.get(ASIDE, picked(rows))
    assert sent(client, ASIDE, shown, reason=" ").status_code == 422
    assert sent(client, ASIDE, shown, reason="Clients fermés").status_code == 302
    assert set(
        Deadline.objects.filter(pk__in=[r.pk for r in rows]).values_list("state", "state_reason")
    ) == {(State.NOT_APPLICABLE, "Clients fermés")}


@pytest.mark.parametrize("address", [DECLARE, ASIDE, CONFIRM])
def test_an_outsider_selects_nothing(client, filer, rows, address):
    declared(filer, rows[:1])
    outsider = member(Role.REPRESENTANT)
    client.force_login(outsider)
    shown = client.get(address, picked(rows))
    if address == CONFIRM:
        assert shown.status_code == 403
        return
    assert shown.context["ready"] == []
    answer = client.post(address, {"vus": ",".join(f"{row.pk}:x" for row in rows), "reason": "x"})
    assert answer.status_code == 422
    assert Deadline.objects.filter(state=State.NOT_APPLICABLE).count() == 0


def test_the_common_receipt_is_for_its_organisation_and_the_ans(client, filer, rows):
    _, batch = declared(filer, rows)
    address = reverse("deadlines:batch", args=[batch.receipt_number])
    seen = {}
    for name, user in {
        "author": filer,
        "agent": member(Role.AGENT),
        "outsider": member(Role.MANDATAIRE),
    }.items():
        client.force_login(user)
        seen[name] = client.get(address).status_code
    assert seen == {"author": 200, "agent": 200, "outsider": 404}


def test_the_common_receipt_is_a_pdf_and_a_json_that_list_every_deposit(client, filer, rows):
    _, batch = declared(filer, rows)
    client.force_login(filer)
    paper = client.get(reverse("deadlines:batch_pdf", args=[batch.receipt_number]))
    stated = words(paper.content)
    data = client.get(reverse("deadlines:batch_json", args=[batch.receipt_number])).content
    for one in batch.receipt["depots"]:
        assert one["recepisse"] in stated
        assert one["sha256"].encode() in data
    assert sha256(data).hexdigest() == batch.receipt_sha256


def test_salaries_may_hand_over_and_nothing_else(client, filer, rows):
    client.force_login(member(Role.SALARIE, organisation=organisation_of(filer)))
    listed = client.get(reverse("deadlines:index"))
    assert [act.name for act in listed.context["bulk_acts"]] == ["prendre-en-charge"]
    for address in (DECLARE, ASIDE, CONFIRM):
        assert client.get(address, picked(rows)).status_code == 403


def test_an_act_that_nobody_registered_is_not_found(client, filer):
    client.force_login(filer)
    assert client.get(reverse("bulk", args=["inconnu"])).status_code == 404


def test_the_page_keeps_the_filters_of_the_list(client, filer, rows):
    client.force_login(filer)
    shown = client.get(DECLARE, {"jalon": rows[0].milestone.code, "q": "Centre"})
    assert shown.context["back"].endswith(f"?jalon={rows[0].milestone.code}&q=Centre#liste")


@pytest.mark.parametrize(
    ("written_as", "expected"),
    [
        ("12:ab,13:cd", {12: "ab", 13: "cd"}),
        ("", {}),
        ("x:1,:2,-3:4,5", {5: ""}),
        ("9" * 30 + ":a", {}),
    ],
)
def test_a_selection_is_read_whatever_it_says(written_as, expected):
    assert read_selection(written_as) == expected


def test_a_selection_is_read_as_it_was_written():
    assert read_selection(written({1: "a", 2: "b"})) == {1: "a", 2: "b"}


@pytest.mark.parametrize(
    ("now", "lost"),
    [
        ({1: ("Un", "a", "")}, 0),
        ({1: ("Un", "b", "")}, 1),
        ({1: ("Un", "a", "Close")}, 1),
        ({}, 1),
    ],
)
def test_lost_since_it_was_shown(now, lost):
    assert len(lost_since({1: "a"}, now)) == lost


def test_counted_words():
    words = Counted("{} dépôt", "{} dépôts")
    assert [words(1), words(2)] == ["1 dépôt", "2 dépôts"]


def test_the_day_of_the_deposit_is_not_to_come(client, filer, rows):
    client.force_login(filer)
    shown = client.get(DECLARE, picked(rows))
    tomorrow = (NOW + dt.timedelta(days=1)).date().isoformat()
    answer = sent(
        client, DECLARE, shown, **{**GIVEN, "deposited_at_jour": tomorrow, "proofs": [upload()]}
    )
    assert list(answer.context["form"].errors) == ["deposited_at"]
