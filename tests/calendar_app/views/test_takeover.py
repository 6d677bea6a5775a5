"""The take-over of the past: one screen, all or nothing, nothing lost."""

import datetime as dt

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.enums import Role
from calendar_app.enums import FilingOrigin, State
from calendar_app.forms.takeover import PastClaim
from calendar_app.models import Deadline, Filing
from calendar_app.services.deadlines import open_deadlines
from tests.calendar_app import papers
from tests.calendar_app.filing_cases import content_of
from tests.calendar_app.pages import held_again, held_in
from tests.factories import PrestationFactory, SolutionFactory, SupplierFactory, member
from tests.pages import cells, csv_rows, markup, text
from tests.pages import page as page_as

NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)
pytestmark = [pytest.mark.usefixtures("calendars"), pytest.mark.at(NOW)]


@pytest.fixture
def solution(calendars):
    solution = SolutionFactory()
    open_deadlines(solution=solution, now=NOW)
    return solution


@pytest.fixture
def url(client, solution):
    client.force_login(member(Role.REPRESENTANT, solution.organisation))
    return reverse("solutions:takeover", args=[solution.pk])


def answers(*lines):
    """One line per milestone, in order: its claim and what else is typed."""
    data = {}
    for deadline, (claim, fields) in zip(
        Deadline.objects.order_by("milestone__number"), lines, strict=False
    ):
        prefix = f"jalon-{deadline.pk}-"
        data[f"{prefix}claim"] = claim
        data |= {f"{prefix}{name}": value for name, value in fields.items()}
    return data


def on(day, hour="17:42", **fields):
    """A deposit without proof, unless `fields` say otherwise."""
    instant = {"deposited_at_jour": day, "deposited_at_heure": hour}
    return {"without_proof": "on", **instant, **fields}


def with_proof(data, deadline, **fields):
    """The same answers, with files for one milestone."""
    prefix = f"jalon-{deadline.pk}-"
    kept = {name: value for name, value in data.items() if name != f"{prefix}without_proof"}
    return kept | {f"{prefix}{name}": value for name, value in fields.items()}


def pdf(number=1):
    return SimpleUploadedFile("accusé.pdf", papers.paper(number), "application/pdf")


KEPT = (PastClaim.KEPT, on("2025-09-09"))
LATE = (PastClaim.LATE, on("2026-05-14"))
ASIDE = (PastClaim.NOT_APPLICABLE, {"reason": "Échanges sans objet."})
LATER: tuple[PastClaim, dict[str, str]] = (PastClaim.NOT_DONE, {})


def states():
    return list(Deadline.objects.order_by("milestone__number").values_list("state", flat=True))


def test_kept_late_and_sans_objet_in_one_screen(client, solution, url):
    data = answers(KEPT, LATE, ASIDE)
    first = Deadline.objects.get(milestone__number=1)
    data = with_proof(data, first, proofs=[pdf(), pdf(2)], reference="CV-1")

    response = client.post(url, data, follow=True)

    assert response.redirect_chain == [(reverse("solutions:detail", args=[solution.pk]), 302)]
    assert states() == [State.FILED, State.FILED, State.NOT_APPLICABLE]
    filing = first.filings.get()
    assert filing.origin == FilingOrigin.TAKEN_OVER
    assert filing.deposited_at == dt.datetime(2025, 9, 9, 15, 42, tzinfo=dt.UTC)
    assert (filing.external_reference, filing.proofs.count()) == ("CV-1", 2)
    assert "3 jalons repris. Le passé est complet." in markup(response)
    in_time = [line.in_time for line in response.context["lines"]]
    assert in_time == [True, False, None]


def test_what_is_not_done_yet_stays_to_do(client, url):
    response = client.post(url, answers(KEPT, LATER, LATER), follow=True)

    assert states() == [State.FILED, State.TO_DO, State.TO_DO]
    assert "1 jalon repris, 2 encore à faire." in markup(response)


@pytest.mark.parametrize(
    ("line", "field", "says"),
    [
        (("", {}), "claim", "Choisissez la situation de ce jalon."),
        (
            (PastClaim.KEPT, {"without_proof": "on"}),
            "deposited_at",
            "Indiquez le jour et l'heure du dépôt.",
        ),
        ((PastClaim.KEPT, on("2025-09-09", "")), "deposited_at", "les deux"),
        ((PastClaim.KEPT, on("2025-09-09", "00:00")), "deposited_at", "Précisez l'heure"),
        ((PastClaim.LATE, on("2026-11-23")), "deposited_at", "dans le futur"),
        ((PastClaim.KEPT, on("2015-09-09")), "deposited_at", "Vérifiez l'année"),
        ((PastClaim.KEPT, on("2025-09-10", "12:00")), "claim", "est en retard"),
        ((PastClaim.KEPT, on("2025-09-11")), "claim", "est en retard"),
        ((PastClaim.LATE, on("2025-09-10", "11:59")), "claim", "est dans les délais"),
        ((PastClaim.NOT_APPLICABLE, {"reason": " "}), "reason", "Indiquez pourquoi"),
        ((PastClaim.NOT_DONE, on("2025-09-09")), "claim", "choisissez « Déposé »"),
        ((PastClaim.NOT_DONE, {"without_proof": "on"}), "claim", "choisissez « Déposé »"),
        ((PastClaim.KEPT, on("2025-09-09", without_proof="")), "proofs", "« Sans preuve »"),
    ],
)
def test_what_is_claimed_is_checked_and_nothing_is_saved(client, url, line, field, says):
    response = client.post(url, answers(line, LATE, ASIDE))

    assert response.status_code == 422
    [wrong] = response.context["wrong"]
    assert list(wrong.errors) == [field]
    assert says in wrong.errors[field][0]
    assert states() == [State.TO_DO] * 3
    assert not Filing.objects.exists()


@pytest.mark.parametrize(
    ("clock", "claim"),
    [("11:59:59", PastClaim.KEPT), ("12:00:00", PastClaim.LATE), ("12:30", PastClaim.LATE)],
)
def test_noon_is_late_to_the_second(client, url, clock, claim):
    client.post(url, answers((claim, on("2025-09-10", clock)), LATER, LATER))

    assert states()[0] == State.FILED


def test_every_wrong_line_is_named_and_nothing_typed_is_lost(client, url):
    lines = (PastClaim.LATE, on("2026-05-12")), (PastClaim.NOT_APPLICABLE, {"reason": ""})
    data = answers(KEPT, *lines)
    first = Deadline.objects.get(milestone__number=1)
    data = with_proof(data, first, reference="CV-1", proofs=[pdf()])

    response = client.post(url, data)

    forms = response.context["forms"]
    assert [bool(form.errors) for form in forms] == [False, True, True]
    assert forms[0]["reference"].value() == "CV-1"
    assert forms[1]["deposited_at"].value() == ["2026-05-12", "17:42"]
    assert held_in(forms[0], "proofs") == ["accusé.pdf"]


def test_files_survive_an_error_and_are_joined_once_when_the_rest_is_right(client, url, scans):
    first, second, _third = Deadline.objects.order_by("milestone__number")
    data = answers(KEPT, (PastClaim.LATE, {}), ASIDE)
    bad = SimpleUploadedFile("page.pdf", papers.HTML)
    data = with_proof(with_proof(data, first, proofs=[pdf(), bad]), second, proofs=[pdf(2)])
    forms = client.post(url, data).context["forms"]
    assert "« page.pdf »" in forms[0].errors["proofs"][0]
    assert [held_in(form, "proofs") for form in forms] == [["accusé.pdf"], ["accusé.pdf"], []]
    assert states() == [State.TO_DO] * 3

    data = with_proof(answers(KEPT, (PastClaim.LATE, {}), ASIDE), first) | held_again(forms)
    forms = client.post(url, data).context["forms"]
    assert [held_in(form, "proofs") for form in forms] == [["accusé.pdf"], ["accusé.pdf"], []]

    data = with_proof(with_proof(answers(KEPT, LATE, ASIDE), first), second)
    response = client.post(url, data | held_again(forms))
    assert response.status_code == 302
    assert [deadline.filings.get().proofs.count() for deadline in (first, second)] == [1, 1]
    assert content_of(second.filings.get().proofs.get()) == papers.paper(2)
    assert sorted(scans) == ["accusé.pdf", "accusé.pdf", "page.pdf"]


def test_a_file_that_is_not_what_it_says_is_refused_on_its_line(client, url):
    data = answers(KEPT, LATER, LATER)
    first = Deadline.objects.get(milestone__number=1)
    bad = SimpleUploadedFile("accusé.pdf", b"MZ", "application/pdf")
    data = with_proof(data, first, proofs=bad)

    response = client.post(url, data)

    assert list(response.context["wrong"][0].errors) == ["proofs"]
    assert not Filing.objects.exists()


def test_a_milestone_filed_by_a_colleague_meanwhile_is_left_alone(client, url, solution):
    client.post(url, answers(KEPT, LATER, LATER))

    response = client.post(url, answers(ASIDE, LATER, LATER))

    assert response.status_code == 302
    assert states()[0] == State.FILED


def test_when_nothing_is_past_there_is_nothing_to_take_over(client, url, solution):
    client.post(url, answers(KEPT, LATE, ASIDE))

    response = client.get(url, follow=True)

    assert response.redirect_chain[0][0] == reverse("solutions:detail", args=[solution.pk])
    assert "attend d'être repris" in text(response)


def test_a_proof_and_its_absence_contradict_each_other(client, url):
    first = Deadline.objects.get(milestone__number=1)
    data = answers(KEPT, LATER, LATER) | {f"jalon-{first.pk}-proofs": [pdf()]}

    response = client.post(url, data)

    assert response.status_code == 422
    [wrong] = response.context["wrong"]
    assert wrong.errors == {"without_proof": ["Une preuve est jointe : décochez cette case."]}


def test_a_deposit_without_proof_is_marked_wherever_it_is_listed(client, solution, url):
    client.post(url, answers(KEPT, LATER, LATER))
    first = Deadline.objects.get(milestone__number=1)
    number = first.filings.get().receipt_number
    state = "Déposé dans les délais, sans preuve"

    page = client.get(reverse("deadlines:detail", args=[first.pk]))
    table = client.get(reverse("deadlines:csv"), {"vue": "deposees"})

    assert page.context["line"].state == state
    assert "repris du passé, sans preuve" in text(page)
    [event] = [what for e in page.context["events"] if "récépissé" in (what := e["what"])]
    assert event == f"Dépôt n° 1 enregistré, sans preuve, récépissé {number}"
    [row] = [r for r in csv_rows(table) if r["Jalon"] == "1"]
    assert row["État"] == state
    assert state in cells(client.get(reverse("solutions:detail", args=[solution.pk])), "État")
    receipt = client.get(reverse("deadlines:receipt", args=[number]))
    assert "Sans preuve : ce dépôt n'a pas de pièce jointe" in text(receipt)

    waiting = page_as(client, member(Role.AGENT), reverse("deadlines:index"), vue="deposees")
    assert state in cells(waiting, "État")


def test_a_milestone_due_after_the_recording_is_never_taken_over(client, solution, url):
    """Milestone 3 falls due a week after the solution was recorded; today it is late."""
    solution.created_at = dt.datetime(2026, 9, 9, tzinfo=dt.UTC)
    solution.save()
    third = Deadline.objects.get(milestone__number=3)

    forms = client.get(url).context["forms"]
    data = answers(KEPT, LATE, (PastClaim.KEPT, on("2026-09-08")))
    client.post(url, data)

    assert [form.deadline.milestone.number for form in forms] == [1, 2]
    third.refresh_from_db()
    assert third.state == State.TO_DO


@pytest.mark.parametrize(
    ("recorded_at", "served"),
    [("09:59:59", False), ("10:00:00", True), ("10:00:01", True)],
)
def test_the_recording_is_compared_to_the_second(client, solution, url, recorded_at, served):
    solution.created_at = dt.datetime.fromisoformat(f"2026-09-16T{recorded_at}+00:00")
    solution.save()

    forms = client.get(url).context["forms"]

    assert (3 in [form.deadline.milestone.number for form in forms]) is served


def test_a_deposit_made_after_the_recording_is_declared_on_its_page(client, solution, url):
    solution.created_at = dt.datetime(2026, 10, 1, 8, tzinfo=dt.UTC)
    solution.save()

    response = client.post(url, answers((PastClaim.LATE, on("2026-10-02")), LATER, LATER))

    assert response.status_code == 422
    [wrong] = response.context["wrong"]
    assert "sur la page de son échéance" in wrong.errors["deposited_at"][0]


def advance_of(client, **rights):
    """Milestone 4 of a prestation recorded today, and the answers for it."""
    prestation = PrestationFactory(supplier=SupplierFactory(**rights))
    open_deadlines(prestation=prestation, now=NOW)
    client.force_login(member(Role.MANDATAIRE, prestation.organisation))
    address = reverse("prestations:takeover", args=[prestation.pk])
    return prestation.deadlines.get(milestone__number=4), address


def deposit(client, deadline, address, day):
    prefix = f"jalon-{deadline.pk}-"
    values = {"claim": PastClaim.KEPT, **on(day, "09:00")}
    return client.post(address, {f"{prefix}{name}": value for name, value in values.items()})


@pytest.mark.parametrize(("day", "status"), [("2026-11-02", 422), ("2026-11-03", 302)])
def test_the_gates_of_a_payment_are_judged_on_the_day_of_the_deposit(client, day, status):
    deadline, address = advance_of(client, psc_from=dt.date(2026, 11, 3))

    response = deposit(client, deadline, address, day)

    assert response.status_code == status
    deadline.refresh_from_db()
    assert (deadline.state == State.FILED) is (status == 302)


def test_a_refused_gate_says_what_is_missing_and_who_must_act(client):
    deadline, address = advance_of(client, psc_from=None, psc_until=None)

    before = client.get(address)
    response = deposit(client, deadline, address, "2026-11-03")

    assert "Conditions de paiement non remplies aujourd'hui" in text(before)
    [wrong] = response.context["wrong"]
    [error] = wrong.non_field_errors()
    assert error.startswith("L'habilitation EDC PSC")
    assert f"Qui doit agir : {deadline.organisation}" in error
    assert not Filing.objects.exists()


def test_an_outsider_takes_nothing_over(client, solution, url):
    client.force_login(member(Role.MANDATAIRE))

    assert client.get(url).status_code == 404
    assert client.post(url, answers(KEPT, LATE, ASIDE)).status_code == 404
    assert states() == [State.TO_DO] * 3


def test_a_prestation_has_its_milestone_4_to_take_over(client, calendars):
    prestation = PrestationFactory()
    open_deadlines(prestation=prestation, now=NOW)
    client.force_login(member(Role.MANDATAIRE, prestation.organisation))
    url = reverse("prestations:takeover", args=[prestation.pk])

    page = client.get(url)
    [form] = page.context["forms"]
    client.post(
        url,
        {
            f"{form.prefix}-claim": PastClaim.KEPT,
            **{f"{form.prefix}-{name}": value for name, value in on("2026-11-10", "11:59").items()},
        },
    )

    assert form.deadline.milestone.number == 4
    assert states() == [State.FILED, State.TO_DO, State.TO_DO]


def test_a_milestone_without_deposit_is_realised_not_filed(client, calendars):
    late = dt.datetime(2027, 6, 10, 9, tzinfo=dt.UTC)
    prestation = PrestationFactory(created_at=late)
    open_deadlines(prestation=prestation, now=late)

    with time_machine.travel(late, tick=False):
        client.force_login(member(Role.MANDATAIRE, prestation.organisation))
        page = client.get(reverse("prestations:takeover", args=[prestation.pk]))

    assert "Réalisé dans les délais" in markup(page)
