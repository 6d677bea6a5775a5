"""A file of tickets: every wrong cell named, all or nothing, the same twice changes nothing."""

import datetime as dt

import pytest

from accounts.enums import Role
from imports.services.file_lines import REPEATED
from mailing.enums import MailState
from mailing.models import OutgoingMail
from perf.models import Ticket
from perf.services.imports import UNKNOWN
from perf.services.ticket_imports import KIND, NOT_OURS
from perf.services.ticket_warnings import warn
from perf.services.tickets import BEFORE, FUTURE, NEEDS_RESPONSE, WITHDRAWN, open_ticket
from tests.by import acting
from tests.entries import entries
from tests.factories import (
    OrganisationFactory,
    PrestationFactory,
    ServiceFactory,
    SupplierFactory,
    member,
)
from tests.imports.files import NOW, choose, preview, problems, record
from tests.pages import text

pytestmark = pytest.mark.usefixtures("calendars", "stopped")


@pytest.fixture
def service():
    return ServiceFactory(code="drimbox-alpha")


@pytest.fixture
def user(service):
    return member(Role.SALARIE, service.prestation.organisation)


def line(number=1, **cells):
    return {
        "Service": "drimbox-alpha",
        "Référence": f"SUP-{number}",
        "Objet": "Images absentes",
        "Déclaré": "16/11/2026 10:00",
        "Pris en charge": "16/11/2026 10:20",
        "Rétabli": "16/11/2026 12:00",
        **cells,
    }


def test_a_file_declares_its_tickets_as_the_screen_does(client, user, service):
    by_hand = open_ticket(
        service=service,
        reference="MAIN",
        subject="Images absentes",
        opened_at=dt.datetime(2026, 11, 16, 9, tzinfo=dt.UTC),
        by=acting(user, NOW),
    )
    job = record(
        client, user, KIND.code, [line(), line(2, **{"Pris en charge": "", "Rétabli": ""})]
    )
    assert job.sentence == "Lignes du fichier : 2 ajoutées."
    first, second = Ticket.objects.exclude(pk=by_hand.pk).order_by("reference")
    for name in ("gti_due_at", "gtr_due_at", "gti_until", "gtr_warn_at", "rules_known"):
        assert getattr(first, name) == getattr(by_hand, name)
    assert first.restored_at == dt.datetime(2026, 11, 16, 11, tzinfo=dt.UTC)
    assert (second.responded_at, second.recorded_by) == (None, user)
    [entry] = [one for one in entries(first) if one.act == "ticket.create"]
    assert set(entry.many) == {first.pk, second.pk}
    assert entry.organisation_id == service.prestation.organisation_id


@pytest.mark.parametrize(
    ("cells", "column", "sentence"),
    [
        ({"Service": "inconnu"}, "Service", UNKNOWN % "inconnu"),
        ({"Référence": ""}, "Référence", "Cette case est vide."),
        ({"Objet": "x" * 201}, "Objet", "au plus 200 caractères"),
        ({"Déclaré": "16/11/2026"}, "Déclaré", "L'heure manque"),
        ({"Déclaré": "16/11/2026 00:00"}, "Déclaré", "Précisez l'heure"),
        ({"Déclaré": "25/10/2026 02:30"}, "Déclaré", "existe deux fois"),
        ({"Déclaré": "01/12/2026 10:00", "Rétabli": "", "Pris en charge": ""}, "Déclaré", FUTURE),
        ({"Rétabli": "16/11/2026 09:59"}, "Rétabli", BEFORE),
        ({"Pris en charge": ""}, "Pris en charge", NEEDS_RESPONSE),
        ({"Référence": "SUP-1 "}, "Référence", REPEATED.format(2, "service, même référence")),
    ],
)
@pytest.mark.usefixtures("service")
def test_what_is_wrong_is_named_at_its_line_and_column(client, user, cells, column, sentence):
    answer = choose(client, user, KIND.code, [line(), line(2, **cells)])
    [(number, named, stated)] = problems(answer)
    assert (number, named) == (3, column)
    assert sentence in stated
    assert not Ticket.objects.exists()


def test_all_that_is_wrong_is_named_at_once(client, user, service):
    wrong = [line(Objet="", Déclaré="hier"), line(2), line(3, Service="x")]
    found = problems(choose(client, user, KIND.code, wrong))
    assert [(number, column) for number, column, _ in found] == [
        (2, "Objet"),
        (2, "Déclaré"),
        (4, "Service"),
    ]


def test_the_same_file_twice_changes_nothing_and_says_so(client, user, service):
    record(client, user, KIND.code, [line(), line(2)])
    shown = preview(client, choose(client, user, KIND.code, [line(), line(2)]))
    assert "Tout est déjà enregistré" in text(shown)
    assert shown.context["plan"].changes == 0


def test_a_line_that_differs_corrects_its_ticket_and_shows_both_values(client, user, service):
    record(client, user, KIND.code, [line(), line(2)])
    answer = choose(client, user, KIND.code, [line(Objet="Portail lent"), line(2)])
    shown = preview(client, answer)
    [row] = shown.context["plan"].rows
    assert [(c.text, c.before) for c in row.cells if c.before is not None] == [
        ("Portail lent", "Images absentes")
    ]
    job = record(client, user, KIND.code, [line(Objet="Portail lent"), line(2)])
    assert job.sentence == "Lignes du fichier : 1 modifiée, 1 inchangée."
    ticket = Ticket.objects.get(reference="SUP-1")
    edit = entries(ticket)[-1]
    assert (edit.act, edit.before, edit.after) == (
        "ticket.edit",
        {"subject": "Images absentes"},
        {"subject": "Portail lent"},
    )


def test_a_column_that_the_file_lacks_changes_nothing(client, user, service):
    record(client, user, KIND.code, [line()])
    short = {name: cell for name, cell in line(Objet="Autre").items() if name[0] not in "PR"}
    record(client, user, KIND.code, [{**short, "Référence": "SUP-1"}])
    ticket = Ticket.objects.get()
    assert ticket.subject == "Autre"
    assert ticket.restored_at is not None


def test_an_answer_given_by_file_withdraws_the_warning_that_waits(client, user, service):
    live = {"Déclaré": "30/11/2026 09:45", "Pris en charge": "", "Rétabli": ""}
    record(client, user, KIND.code, [line(**live)])
    warn(now=NOW + dt.timedelta(minutes=10))
    assert OutgoingMail.objects.filter(
        state=MailState.QUEUED, dedupe_key__contains="ticket:"
    ).exists()
    record(client, user, KIND.code, [line(**{**live, "Pris en charge": "30/11/2026 09:50"})])
    [mail] = OutgoingMail.objects.filter(dedupe_key__contains="ticket:")
    assert (mail.state, mail.error) == (MailState.CANCELLED, WITHDRAWN)


def test_an_editeur_reads_the_service_of_its_distributeur_and_records_nothing(client, service):
    editeur = service.prestation.supplier.solution.organisation
    supplier = SupplierFactory(
        solution=service.prestation.supplier.solution, organisation=OrganisationFactory()
    )
    distributed = ServiceFactory(
        code="drimbox-beta", prestation=PrestationFactory(supplier=supplier)
    )
    user = member(Role.MANDATAIRE, editeur)
    found = problems(choose(client, user, KIND.code, [line(Service=distributed.code)]))
    assert found == [(2, "Service", NOT_OURS)]


def test_to_an_outsider_the_service_does_not_exist(client, service):
    outsider = member(Role.MANDATAIRE)
    found = problems(choose(client, outsider, KIND.code, [line()]))
    assert found == [(2, "Service", UNKNOWN % "drimbox-alpha")]
