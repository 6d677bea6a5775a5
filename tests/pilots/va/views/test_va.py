from http import HTTPStatus

import pytest
from django.urls import reverse

from accounts.enums import Role
from calendar_app.models import Deadline
from calendar_app.services.solutions import solution_update
from pilots.enums import ConditionState, ConnectorKind, ConnectorState, VACase
from pilots.va.models import VA
from pilots.va.services.connectors import set_connector
from segur.lib import paris
from tests.by import acting
from tests.calendar_app.pages import held_again, held_in, reading
from tests.calendar_app.papers import DOCX, PDF, upload
from tests.factories import PrestationFactory, member
from tests.pages import markup
from tests.pilots.vas import day, drimbox, noon, notified, recorded, validated

pytestmark = pytest.mark.usefixtures("calendars", "checklists")


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(noon("2027-01-20"))


@pytest.fixture
def ours(client):
    prestation, person = drimbox()
    client.force_login(person)
    return prestation, person


def page(client, name, row):
    return client.get(reverse(f"va:{name}", args=[row.pk]))


def text(response):
    return markup(response)


def form(**values):
    return {
        "case": VACase.SOME_REPORTED,
        "finalised_on": "2026-11-18",
        "signed_on": "2026-11-20",
        "reported": ["db-cr", "db-appel"],
        "signatory_name": "Dr Hélène Sombreval",
        "proofs": upload("va.pdf"),
        **values,
    }


def test_without_a_va_the_page_says_both_cases_and_offers_to_record(client, ours):
    found = text(page(client, "detail", ours[0]))
    assert "VA non enregistrée" in found
    assert "Appel contextuel" in found
    assert reverse("va:create", args=[ours[0].pk]) in found


def test_recorded_then_the_page_awaits_the_ris(client, ours):
    prestation = ours[0]
    done = client.post(reverse("va:create", args=[prestation.pk]), form())
    assert done.headers["Location"] == reverse("va:detail", args=[prestation.pk])
    found = text(page(client, "detail", prestation))
    assert "En attente du RIS" in found
    assert "les 2 conditions reportées" in found
    assert "VA signée il y a 61 jours" in found
    assert reverse("va:notify", args=[prestation.pk]) in found
    assert "va.pdf" in found
    again = page(client, "create", prestation)
    assert again.headers["Location"] == reverse("va:detail", args=[prestation.pk])
    for page_of in (
        reverse("prestations:detail", args=[prestation.pk]),
        reverse("prestations:index"),
    ):
        assert "en attente du RIS" in text(client.get(page_of))


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"case": ""}, "Choisissez le cas"),
        ({"reported": []}, "au moins une condition"),
        ({"ris_vague2_on": "2026-11-01"}, "était déjà en Vague 2"),
        ({"proofs": ""}, "Joignez la VA signée"),
        ({"proofs": upload("va.pdf", b"rien")}, "pas un vrai fichier PDF"),
        ({"signed_on": "2026-11-31"}, "existe pas"),
        ({"reported": ["autre"]}, "autre"),
    ],
)
def test_refusal_is_a_sentence_in_the_form(client, ours, values, words):
    answer = client.post(reverse("va:create", args=[ours[0].pk]), form(**values))
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert words in text(answer).replace("&#x27;", "'")
    assert not VA.objects.exists()


def test_files_survive_an_error_of_another_field_and_of_another_file(client, ours, scans):
    address = reverse("va:create", args=[ours[0].pk])
    files = [upload("va.pdf"), upload("page.pdf", b"rien"), upload("note.docx", DOCX)]
    refused = client.post(address, form(signed_on="", proofs=files)).context["form"]
    assert [error[:13] for error in refused.errors["proofs"]] == ["« page.pdf » ", "« note.docx »"]
    assert held_in(refused, "proofs") == ["va.pdf"]
    refused = client.post(address, form(proofs=[], reported=[], **held_again([refused])))
    again = held_again([refused.context["form"]])
    assert client.post(address, form(proofs=[], **again)).status_code == 302
    assert [file.name for file in VA.objects.get().files.all()] == ["va.pdf"]
    assert scans == ["va.pdf", "page.pdf", "note.docx"]


def test_a_couple_changed_since_the_signature_stands_on_the_page(client, ours):
    prestation, person = ours
    solution = prestation.supplier.solution
    recorded(*ours)
    solution_update(solution=solution, proxy_name="Autre", by=acting(person, noon("2026-12-01")))
    solution_update(solution=solution, version="9", by=acting(person, noon("2026-12-02")))
    found = text(page(client, "detail", prestation))
    assert "1 point à revoir pour cette prestation" in found
    assert f"pour {solution.name} {solution.version} / {solution.proxy_name}" in found
    assert reverse("installation:couple", args=[solution.pk]) in found


def test_correction_shows_what_was_recorded_and_asks_why(client, ours):
    prestation = ours[0]
    recorded(*ours)
    found = text(page(client, "correct", prestation))
    assert "Dr Hélène Sombreval" in found
    assert found.count("checked") == 3
    url = reverse("va:correct", args=[prestation.pk])
    values = form(proofs="", signed_on="2026-11-19") | reading(client, url)
    refused = client.post(url, values)
    assert "Écrivez le motif" in text(refused)
    client.post(url, {**values, "reason": "Relu"})
    assert VA.objects.get().signed_on == day("2026-11-19")


def test_notification_opens_the_clock_and_the_page_says_all_of_it(client, ours):
    prestation = ours[0]
    recorded(*ours)
    answer = client.post(
        reverse("va:notify", args=[prestation.pk]),
        {"notified_on": "2026-12-29", "means": "courriel", "proofs": upload("recu.pdf")},
    )
    assert answer.status_code == HTTPStatus.FOUND
    found = text(page(client, "detail", prestation)).replace("&#x27;", "'")
    for words in (
        "Délai en cours",
        "39 jours, dont 28 ouvrés",
        "<time",
        "dimanche 28 février 2027",
        "art. 641 du Code de procédure civile",
        "lundi 1er mars 2027",
        "ce n'est pas l'échéance",
        "recu.pdf",
        "doit encore valider 2 conditions sur 2",
        "DRIMbox · appel contextuel".lower(),
    ):
        assert words.lower() in found.lower(), words


@pytest.mark.parametrize(
    ("values", "on", "words"),
    [
        ({"stamp": "2027-01-15T23:30Z"}, "2027-01-16", ""),
        ({"stamp": "2027-01-16T00:30+01:00", "notified_on": "2027-01-16"}, "2027-01-16", ""),
        ({"stamp": "2027-01-15T23:30Z", "notified_on": "2027-01-15"}, None, "est du 16/01/2027"),
        ({"stamp": "2027-01-15 23:30"}, None, "avec son décalage"),
        ({"stamp": "hier soir"}, None, "avec son décalage"),
        ({}, None, "Indiquez le jour"),
        ({"notified_on": "2026-11-19"}, None, "a été signée le 20/11/2026"),
        ({"notified_on": "2027-01-21"}, None, "dans le futur"),
    ],
)
def test_the_paris_day_of_the_proof_counts(client, ours, values, on, words):
    va = recorded(*ours)
    url = reverse("va:notify", args=[ours[0].pk])
    answer = client.post(url, {"means": "courriel", "proofs": upload(), **values})
    va = VA.objects.get()
    if on:
        assert va.notification.notified_on == day(on)
    else:
        assert words in text(answer)
        assert va.awaits_ris


def test_the_computed_delay_is_not_declared_sans_objet(client, ours):
    notified(recorded(*ours), ours[1], "2026-12-29")
    delay = Deadline.objects.get(milestone=None)
    address = reverse("deadlines:set_aside", args=[delay.pk])
    shown = client.get(reverse("deadlines:detail", args=[delay.pk]))
    assert address not in text(shown)
    for answer in (client.get(address), client.post(address, {"reason": "Non"})):
        assert answer.headers["Location"] == reverse("deadlines:detail", args=[delay.pk])
    stated = text(client.get(address, follow=True)).replace("&#x27;", "'")
    assert "Ce délai découle d'une règle" in stated
    delay.refresh_from_db()
    assert delay.state == "A_FAIRE"


@pytest.mark.parametrize(
    ("state", "stated"),
    [
        (None, "en est à « À faire »"),
        (ConnectorState.TESTED, "en est à « Testé »"),
        (ConnectorState.VALIDATED, ""),
        (ConnectorState.NOT_CONCERNED, ""),
    ],
)
def test_a_condition_accepted_over_a_half_connector_that_is_not_is_shown(
    client, ours, state, stated
):
    prestation, person = ours
    recorded(*ours, reported=frozenset(["db-cr"]))
    if state:
        set_connector(
            prestation,
            ConnectorKind.DB_CALL,
            state=state,
            on=day("2026-11-20"),
            note="Essayé.",
            proofs=[upload()],
            by=acting(person, noon("2026-12-01")),
        )
    found = text(page(client, "detail", prestation))
    sentence = "est « Vérifiée à la VA », mais son demi-connecteur"
    assert found.replace("&#x27;", "'").count(sentence) == bool(stated)
    assert stated in found


def test_the_day_or_the_stamp_is_asked_for_and_neither_is_optional(client, ours):
    recorded(*ours)
    found = text(page(client, "notify", ours[0])).replace("&#x27;", "'")
    assert "(ou l'horodatage)" in found
    assert "facultatif" not in found


def test_correcting_the_notification_asks_why_and_moves_the_deadline(client, ours):
    notified(recorded(*ours), ours[1])
    url = reverse("va:notify", args=[ours[0].pk])
    assert "Corriger la notification" in text(client.get(url))
    values = {"notified_on": "2026-12-09", "means": "courriel", **reading(client, url)}
    assert "Écrivez le motif" in text(client.post(url, values))
    client.post(url, {**values, "reason": "Date lue sur l'enveloppe"})
    assert paris.last_day(Deadline.objects.get(code="va-reserves").due_at) == day("2027-02-09")


def test_a_notification_recorded_by_mistake_is_withdrawn(client, ours):
    prestation, person = ours
    notified(recorded(*ours), person)
    url = reverse("va:withdraw", args=[prestation.pk])
    assert url in text(page(client, "detail", prestation))
    assert "mardi 29 décembre 2026" in text(client.get(url))
    assert "Écrivez le motif" in text(client.post(url, {"reason": ""}))
    answer = client.post(url, {"reason": "Autre Client"}, follow=True)
    found = text(answer).replace("&#x27;", "'")
    for words in ("En attente du RIS", "Notification retirée", "Preuves d'une notification"):
        assert words in found, words
    deadline = Deadline.objects.get(code="va-reserves")
    closed = text(client.get(reverse("deadlines:detail", args=[deadline.pk])))
    assert "Ce délai est sans objet" in closed
    assert "Autre Client" in closed
    assert client.get(url).headers["Location"] == reverse("va:detail", args=[prestation.pk])


def test_conditions_are_validated_one_by_one_and_a_mistake_undone(client, ours):
    prestation, person = ours
    va = recorded(prestation, person)
    notified(va, person)
    for code, main_act in (("db-cr", "#conditions"), ("db-appel", "")):
        url = reverse("va:condition", args=[va.conditions.get(code=code).pk])
        found = text(page(client, "detail", prestation))
        assert url in found
        assert f'<a class="button" href="{main_act or url}">' in found
        client.post(url, {"validated_on": "2027-01-19", "proofs": upload("ok.pdf")})
    found = text(page(client, "detail", prestation))
    assert "Validée dans le délai" in found
    assert "2 sur 2" in found
    deadline = Deadline.objects.get(code="va-reserves")
    closed = text(client.get(reverse("deadlines:detail", args=[deadline.pk])))
    assert "Le 19/01/2027, dans le délai." in closed
    assert "Déposé" not in closed
    undo = reverse("va:undo", args=[va.conditions.get(code="db-cr").pk])
    assert "Écrivez le motif" in text(client.post(undo, {"reason": ""}))
    client.post(undo, {"reason": "Autre Client"})
    assert va.conditions.get(code="db-cr").state == ConditionState.REPORTED
    deadline.refresh_from_db()
    assert deadline.is_open


def _later(client, person, time_machine, on):
    """The session of January has ended since."""
    time_machine.move_to(noon(on))
    client.force_login(person)


def test_late_is_shown(client, ours, time_machine):
    prestation, person = ours
    va = recorded(prestation, person)
    notified(va, person)
    _later(client, person, time_machine, "2027-03-05")
    assert "Délai dépassé" in text(page(client, "detail", prestation))
    for code in ("db-cr", "db-appel"):
        validated(va, person, code, "2027-03-03")
    found = text(page(client, "detail", prestation))
    assert "Validée avec 3 jours de retard" in found


def test_a_delay_that_outlasts_a_milestone_is_a_warning(client, ours, time_machine):
    prestation, person = ours
    va = recorded(prestation, person)
    _later(client, person, time_machine, "2027-07-16")
    notified(va, person, "2027-07-15")
    assert "après le jalon 5" in text(page(client, "detail", prestation))


def test_signed_file_comes_back_byte_for_byte(client, ours):
    va = recorded(*ours)
    answer = page(client, "file", va.files.get())
    assert answer.getvalue() == PDF


def test_a_ris_prestation_has_no_such_page(client):
    prestation = PrestationFactory()
    client.force_login(member(organisation=prestation.organisation))
    assert page(client, "detail", prestation).status_code == HTTPStatus.NOT_FOUND
    assert page(client, "create", prestation).status_code == HTTPStatus.NOT_FOUND


def addresses(va):
    condition = va.conditions.get(code="db-cr")
    yield from (
        reverse(f"va:{name}", args=[va.prestation_id]) for name in ("create", "correct", "notify")
    )
    yield from (reverse(f"va:{name}", args=[condition.pk]) for name in ("condition", "undo"))


def test_a_salarie_reads_and_records_nothing(client, ours):
    prestation, person = ours
    va = recorded(prestation, person)
    notified(va, person)
    client.force_login(member(Role.SALARIE, organisation=prestation.organisation))
    found = text(page(client, "detail", prestation))
    assert "Enregistrer la validation" not in found
    assert "Corriger" not in found
    for url in addresses(va):
        answer = client.post(url, {})
        assert answer.status_code == HTTPStatus.FORBIDDEN
        assert "Représentant ou un Mandataire" in text(answer)


@pytest.mark.parametrize("role", [Role.AGENT, Role.RESPONSABLE])
def test_the_ans_reads_and_records_nothing(client, ours, role):
    va = recorded(*ours)
    client.force_login(member(role))
    assert page(client, "detail", ours[0]).status_code == HTTPStatus.OK
    assert {client.get(url).status_code for url in addresses(va)} == {HTTPStatus.FORBIDDEN}


def test_an_outsider_finds_nothing(client, ours):
    va = recorded(*ours)
    client.force_login(member())
    urls = [*addresses(va), reverse("va:detail", args=[ours[0].pk])]
    urls.append(reverse("va:file", args=[va.files.get().pk]))
    assert {client.get(url).status_code for url in urls} == {HTTPStatus.NOT_FOUND}


def test_anonymous_is_asked_to_log_in(client, ours):
    va = recorded(*ours)
    client.logout()
    for url in [*addresses(va), reverse("va:detail", args=[ours[0].pk])]:
        assert client.get(url).headers["Location"].startswith(reverse("account_login"))


def test_queries_do_not_grow_with_the_files(client, ours, django_assert_max_num_queries):
    prestation, person = ours
    va = recorded(prestation, person)
    notified(va, person)
    for code in ("db-cr", "db-appel"):
        validated(va, person, code, "2027-01-19")
    with django_assert_max_num_queries(24):
        page(client, "detail", prestation)
