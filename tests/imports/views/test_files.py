"""The pages of an import by lines: format, template, refusals of the file, who may."""

import datetime as dt
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from accounts.enums import Role
from imports.models import Import
from imports.services import jobs
from imports.services.kinds import KINDS
from imports.services.plans import FileImport
from perf.models import Ticket
from tests.factories import (
    MembershipFactory,
    OrganisationFactory,
    PrestationFactory,
    ServiceFactory,
    SupplierFactory,
    UserFactory,
    member,
)
from tests.imports.files import NOW, as_csv, choose, confirm, preview, problems
from tests.imports.people import someone_who_may
from tests.pages import text

pytestmark = pytest.mark.usefixtures("calendars", "stopped")
FILE_KINDS = [kind for kind in KINDS.values() if isinstance(kind, FileImport)]


@pytest.fixture
def service():
    return ServiceFactory(code="drimbox-alpha")


@pytest.fixture
def user(service):
    return member(Role.SALARIE, service.prestation.organisation)


TICKET = {
    "Service": "drimbox-alpha",
    "Référence": "SUP-1",
    "Objet": "Images absentes",
    "Déclaré": "16/11/2026 10:00",
}


@pytest.mark.parametrize("kind", FILE_KINDS, ids=lambda kind: kind.code)
def test_each_kind_says_how_to_write_its_file_and_is_reached_from_my_imports(client, kind):
    client.force_login(someone_who_may(kind))
    assert kind.title in text(client.get(reverse("imports:index")))
    shown = text(client.get(kind.choose_url))
    for column in kind.columns.values():
        assert str(column.label) in shown
        assert str(column.help_text) in shown


@pytest.mark.parametrize("kind", FILE_KINDS, ids=lambda kind: kind.code)
def test_both_templates_have_the_columns_and_are_read_but_refused_as_they_are(client, kind):
    user = someone_who_may(kind)
    client.force_login(user)
    titles = [str(column.label) for column in kind.columns.values()]
    sheet = client.get(reverse("imports:template_xlsx", args=[kind.code]))
    rows = list(load_workbook(io.BytesIO(sheet.content)).active.values)
    assert list(rows[0]) == titles
    assert len(rows) == len(kind.examples) + 1
    for answer in (sheet, client.get(reverse("imports:template_csv", args=[kind.code]))):
        refused = choose(client, user, kind.code, answer.content)
        assert len(problems(refused)) >= len(kind.examples)


@pytest.mark.parametrize("kind", FILE_KINDS, ids=lambda kind: kind.code)
@pytest.mark.parametrize("page", ["choose", "check", "template_csv", "template_xlsx"])
def test_nobody_without_the_right_opens_a_page_of_an_import(client, kind, page):
    people = (
        UserFactory(),
        member(Role.MANDATAIRE),
        member(Role.AGENT, OrganisationFactory(ans=True)),
    )
    client.force_login(next(user for user in people if not kind.may(user)))
    assert client.get(reverse(f"imports:{page}", args=[kind.code])).status_code == 403


def test_a_kind_that_does_not_exist_is_not_found(client, user):
    client.force_login(user)
    assert client.get(reverse("imports:choose", args=["autre"])).status_code == 404
    assert client.get(reverse("imports:choose", args=["clients"])).status_code == 404


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"Service;Objet\nx;y", "la colonne « Référence » manque"),
        (b"Service;Service;R\nx;y;z", "la colonne « Service » est donnée deux fois"),
        ("Service;Référence;Objet;Déclaré\n".encode(), "n'a que sa ligne de titres"),
        (b"\x00\x01", "ni un fichier CSV ni un classeur XLSX"),
        (b"  ", "Le fichier est vide"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(client, user, content, sentence):
    answer = choose(client, user, "tickets", content)
    assert answer.status_code == 422
    assert sentence in text(answer)


def test_more_cells_than_titles_and_open_quotes_are_named_with_their_line(client, user):
    content = as_csv([TICKET]) + b'drimbox-alpha;SUP-2;Objet;16/11/2026 10:00;de trop\nx;"y;z'
    found = problems(choose(client, user, "tickets", content))
    assert [(line, column) for line, column, _ in found] == [(3, ""), (4, "")]
    assert "5 cases, pour 4 titres" in found[0][2]


def test_a_column_that_is_not_read_is_named_before_the_button(client, user):
    answer = choose(client, user, "tickets", [{**TICKET, "Humeur": "bonne"}])
    assert "Colonne non lue : Humeur." in text(preview(client, answer))


def test_a_workbook_with_real_dates_is_read_on_the_paris_clock(client, user):
    book = Workbook()
    book.active.append(list(TICKET))
    book.active.append([*list(TICKET.values())[:3], dt.datetime(2026, 11, 16, 10)])  # noqa: DTZ001
    out = io.BytesIO()
    book.save(out)
    shown = preview(client, choose(client, user, "tickets", out.getvalue(), "tickets.xlsx"))
    assert confirm(client, shown).sentence == "Lignes du fichier : 1 ajoutée."


def test_a_file_put_there_by_another_tab_is_not_recorded(client, user):
    shown = preview(client, choose(client, user, "tickets", [TICKET]))
    first = shown.context["job"].sha256
    choose(client, user, "tickets", [{**TICKET, "Objet": "Autre"}])
    answer = client.post(reverse("imports:check", args=["tickets"]), {"sha256": first})
    assert answer.url == reverse("imports:check", args=["tickets"])
    assert Import.objects.get().state == "VERIFIE"


def test_the_page_of_the_check_sends_back_who_has_no_file_waiting(client, user):
    client.force_login(user)
    answer = client.get(reverse("imports:check", args=["tickets"]), follow=True)
    assert jobs.GONE in text(answer)


@pytest.mark.parametrize("lines", [1, 201])
def test_a_button_pressed_twice_leads_twice_to_the_result(client, user, lines):
    rows = [{**TICKET, "Référence": f"SUP-{n}"} for n in range(lines)]
    shown = preview(client, choose(client, user, "tickets", rows))
    sent = {"sha256": shown.context["job"].sha256, "seen": shown.context["plan"].seen}
    check = reverse("imports:check", args=["tickets"])
    first, second = (client.post(check, sent) for _press in range(2))
    assert first.url == second.url == Import.objects.get().place
    assert jobs.GONE not in text(client.get(second.url))
    assert Ticket.objects.count() in (0, 1)


def test_what_was_confirmed_long_ago_is_not_confirmed_again(client, user, time_machine):
    shown = preview(client, choose(client, user, "tickets", [TICKET]))
    confirm(client, shown)
    time_machine.move_to(NOW + jobs.AGAIN)
    check = reverse("imports:check", args=["tickets"])
    answer = client.post(check, {"sha256": shown.context["job"].sha256}, follow=True)
    assert jobs.GONE in text(answer)


def test_a_file_of_more_than_two_hundred_lines_goes_to_its_progress(client, user):
    rows = [{**TICKET, "Référence": f"SUP-{n}"} for n in range(201)]
    job = confirm(client, preview(client, choose(client, user, "tickets", rows)))
    assert (job.state, job.lines) == ("EN_ATTENTE", 201)
    jobs.run(job.pk, now=NOW)
    job.refresh_from_db()
    assert job.sentence == "Lignes du fichier : 201 ajoutées."


def test_the_check_asks_as_many_queries_for_many_lines_as_for_one(
    client, user, django_assert_max_num_queries
):
    rows = [{**TICKET, "Référence": f"SUP-{n}"} for n in range(150)]
    upload = SimpleUploadedFile("f.csv", as_csv(rows))
    client.force_login(user)
    with django_assert_max_num_queries(25):
        client.post(reverse("imports:choose", args=["tickets"]), {"file": upload})


def switch(client, organisation):
    assert (
        client.post(reverse("accounts:switch"), {"organisation": organisation.pk}).status_code
        == 302
    )


def test_the_check_is_of_the_organisation_for_which_the_file_was_chosen(client):
    """The person changes organisation meanwhile, in another tab."""
    chosen, other = (SupplierFactory(solution__name="Iris RIS").organisation for _ in range(2))
    known = OrganisationFactory(client=True, finess="750000011")
    user = member(Role.SALARIE, chosen)
    MembershipFactory(user=user, organisation=other, role=Role.SALARIE)
    client.force_login(user)
    switch(client, chosen)
    answer = choose(client, user, "prestations", [{"FINESS": "750000011", "Solution": "Iris RIS"}])
    PrestationFactory(supplier=other.supplies.get(), client=known)
    switch(client, other)
    shown = preview(client, answer)
    assert f"enregistré pour {chosen}" in text(shown)
    assert confirm(client, shown).sentence == "Lignes du fichier : 1 ajoutée."


def test_a_confirmation_that_has_read_nothing_is_refused(client, user, service):
    shown = preview(client, choose(client, user, "tickets", [TICKET]))
    sent = {"sha256": shown.context["job"].sha256}
    client.post(reverse("imports:check", args=["tickets"]), sent)
    assert not Ticket.objects.exists()


def test_what_somebody_else_changed_since_the_check_is_shown_again(client, user, service):
    confirm(client, preview(client, choose(client, user, "tickets", [TICKET])))
    shown = preview(client, choose(client, user, "tickets", [{**TICKET, "Objet": "Flou"}]))
    Ticket.objects.update(subject="Images noires")
    confirm(client, shown)
    assert Ticket.objects.get().subject == "Images noires"
    again = client.get(reverse("imports:check", args=["tickets"]))
    assert "avant : Images noires" in text(again)
    confirm(client, again)
    assert Ticket.objects.get().subject == "Flou"
