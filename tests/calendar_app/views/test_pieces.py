"""Pages of a dossier, by who reads them."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from calendar_app.enums import PieceState, State
from calendar_app.models import Deadline, ExpectedPiece, Piece, PieceFile
from calendar_app.selectors.pieces import reach_of
from calendar_app.services.pieces import RETIRED, save_expected
from tests.by import acting
from tests.calendar_app.services.test_pieces import deadline, expected, paper  # noqa: F401
from tests.factories import OrganisationFactory, member
from tests.pages import markup, text

RETIRE = reverse("bulk", args=["retirer-pieces"])
RESTORE = reverse("bulk", args=["remettre-pieces"])
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendars", "expected")]


def url(name, *args):
    return reverse(f"deadlines:{name}", args=args)


@pytest.fixture
def me(client, deadline):  # noqa: F811
    user = member(Role.SALARIE, deadline.organisation)
    client.force_login(user)
    return user


@pytest.fixture
def agent():
    return member(Role.AGENT, OrganisationFactory(ans=True))


def test_a_piece_is_given_then_read(client, me, deadline):  # noqa: F811
    data = {"state": "PRETE", "uploads": paper(), "person": me.pk, "due_on": "2026-12-08"}
    client.post(url("piece", deadline.pk, "formulaire"), data)
    page = markup(client.get(url("dossier", deadline.pk)))
    file = PieceFile.objects.get()
    assert url("piece_file", file.pk) in page
    assert b"".join(client.get(url("piece_file", file.pk))).startswith(b"%PDF")
    assert str(me) in page


def test_a_refusal_keeps_the_file(client, me, deadline):  # noqa: F811
    response = client.post(
        url("piece", deadline.pk, "formulaire"), {"state": "SANS_OBJET", "uploads": paper()}
    )
    assert response.status_code == 422
    page = markup(response)
    assert "Indiquez pourquoi cette pièce est sans objet" in page
    assert "preuve.pdf" in page


def test_the_page_of_the_deadline_and_the_form_say_what_is_missing(client, me, deadline):  # noqa: F811
    total = ExpectedPiece.objects.filter(milestone=deadline.milestone, is_required=True).count()
    for name in ("detail", "prepare"):
        page = markup(client.get(url(name, deadline.pk)))
        assert f"{total} pièces manquantes sur {total}" in page
        assert url("dossier", deadline.pk) in page


def test_a_line_of_one_s_own(client, me, deadline):  # noqa: F811
    client.post(url("piece_add", deadline.pk), {"label": "Lettre"})
    assert "Lettre" in markup(client.get(url("dossier", deadline.pk)))


def test_the_ans_reads_a_dossier_once_it_was_filed(client, agent, deadline):  # noqa: F811
    Piece.objects.create(deadline=deadline, code="formulaire", label="Formulaire")
    client.force_login(agent)
    assert client.get(url("dossier", deadline.pk)).status_code == 404
    Deadline.objects.update(state=State.FILED)
    page = client.get(url("dossier", deadline.pk))
    assert page.status_code == 200
    assert "Mettre à jour" not in markup(page)


def test_an_outsider_finds_nothing(client, deadline):  # noqa: F811
    piece = Piece.objects.create(deadline=deadline, code="formulaire", label="Formulaire")
    client.force_login(member(Role.MANDATAIRE))
    for address in (
        url("dossier", deadline.pk),
        url("piece", deadline.pk, piece.code),
        url("piece_add", deadline.pk),
    ):
        assert client.get(address).status_code == 404


@pytest.fixture
def row(deadline):  # noqa: F811
    return ExpectedPiece.objects.filter(milestone=deadline.milestone, is_required=True).first()


@pytest.fixture
def chief(client):
    user = member(Role.RESPONSABLE, OrganisationFactory(ans=True))
    client.force_login(user)
    return user


def test_the_list_is_read_by_all_and_edited_by_a_responsable(client, me, row):
    assert row.label in markup(client.get(url("expected")))
    assert "bulk-bar" not in markup(client.get(url("expected")))
    assert client.get(url("expected_edit", row.pk)).status_code == 403
    assert client.get(RETIRE, {"ligne": row.pk}).status_code == 403


def test_pieces_are_retired_in_two_steps_then_asked_again(client, chief, row):
    assert f'formaction="{RETIRE}"' in markup(client.get(url("expected")))
    shown = client.get(RETIRE, {"ligne": row.pk})
    assert f"{row.label} (1 dossier à déposer)" in text(shown)
    assert not ExpectedPiece.objects.exclude(retired_at=None).exists()
    client.post(RETIRE, {"vus": shown.context["shown"]})
    row.refresh_from_db()
    assert row.retired_at
    assert client.get(RETIRE, {"ligne": row.pk}).context["refused"][0][0] == RETIRED
    assert f'href="{RESTORE}?ligne={row.pk}"' in markup(client.get(url("expected_edit", row.pk)))
    again = client.get(RESTORE, {"ligne": row.pk})
    client.post(RESTORE, {"vus": again.context["shown"]})
    assert not ExpectedPiece.objects.exclude(retired_at=None).exists()


def facts(response):
    """What the confirmation says, by its label."""
    found = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", markup(response))
    return {label: " ".join(re.sub(r"<[^>]+>", " ", words).split()) for label, words in found}


LETTER = {"code": "lettre", "label": "Lettre", "source": "Test", "position": "20"}


def test_a_new_piece_is_shown_with_what_it_reaches_before_it_is_asked(client, chief, row):
    data = {**LETTER, "milestone": row.milestone_id}
    shown = client.post(url("expected_create"), data)
    assert facts(shown)["Dossiers à déposer"] == "1, dont 0 a déjà cette pièce"
    assert not ExpectedPiece.objects.filter(code="lettre").exists()
    back = client.post(url("expected_create"), {**data, "corriger": "1"})
    assert back.context["form"]["label"].value() == "Lettre"
    client.post(url("expected_create"), {**data, "confirmer": "1"})
    assert "Lettre" in markup(client.get(url("expected")))


def test_what_is_changed_is_shown_beside_what_it_replaces(client, chief, row):
    data = {"label": "Autre nom", "source": row.source, "position": row.position}
    data["read"] = client.get(url("expected_edit", row.pk)).context["form"]["read"].value()
    shown = client.post(url("expected_edit", row.pk), data)
    assert f'name="read" value="{data["read"]}"' in markup(shown)
    assert facts(shown)["Intitulé"] == f"Autre nom avant : {row.label}"
    assert facts(shown)["Obligatoire"] == "non"
    client.post(url("expected_edit", row.pk), {**data, "confirmer": "1"})
    row.refresh_from_db()
    assert (row.label, row.is_required) == ("Autre nom", False)


def test_a_piece_that_another_changed_meanwhile_is_not_overwritten(client, chief, row):
    address = url("expected_edit", row.pk)
    data = {"label": "Le mien", "source": row.source, "position": row.position}
    data["read"] = client.get(address).context["form"]["read"].value()
    row.label = "Le sien"
    save_expected(row, by=acting(member(Role.RESPONSABLE), timezone.now()))
    answer = client.post(address, {**data, "confirmer": "1"})
    assert answer.status_code == 422
    assert "a entre-temps modifié cette ligne" in text(answer)
    row.refresh_from_db()
    assert row.label == "Le sien"


def test_a_confirmation_of_what_is_wrong_saves_nothing(client, chief, row):
    answer = client.post(url("expected_edit", row.pk), {"label": "", "confirmer": "1"})
    assert answer.status_code == 422
    row.refresh_from_db()
    assert row.label


@pytest.mark.parametrize(
    ("asks", "has", "turned"),
    [(True, False, 1), (True, True, 0), (False, False, 0)],
    ids=["asked and missing", "asked and there", "not asked"],
)
def test_a_dossier_that_is_complete_today_is_counted(deadline, row, asks, has, turned):  # noqa: F811
    ExpectedPiece.objects.exclude(pk=row.pk).update(retired_at=timezone.now())
    ExpectedPiece.objects.filter(pk=row.pk).update(is_required=False)
    if has:
        Piece.objects.create(deadline=deadline, code=row.code, label="x", state=PieceState.READY)
    row.is_required = asks
    found = reach_of(row)
    assert (found.open, found.settled, found.turned) == (1, int(has), turned)


def test_a_dossier_that_lacks_this_piece_alone_becomes_complete_without_it(deadline, row):  # noqa: F811
    ExpectedPiece.objects.exclude(pk=row.pk).update(retired_at=timezone.now())
    row.is_required = False
    assert (reach_of(row).turned, reach_of(row).is_more) == (1, False)
