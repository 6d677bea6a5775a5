"""Pages of a dossier, by who reads them."""

import pytest
from django.urls import reverse

from accounts.enums import Role
from calendar_app.enums import State
from calendar_app.models import Deadline, ExpectedPiece, Piece, PieceFile
from tests.calendar_app.services.test_pieces import deadline, expected, paper  # noqa: F401
from tests.factories import OrganisationFactory, member
from tests.pages import markup

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


def test_the_list_is_edited_by_a_responsable_and_read_by_all(client, me, deadline):  # noqa: F811
    row = ExpectedPiece.objects.filter(milestone=deadline.milestone).first()
    assert row.label in markup(client.get(url("expected")))
    assert client.get(url("expected_edit", row.pk)).status_code == 403
    assert client.post(url("expected_retire", row.pk)).status_code == 403
    client.force_login(member(Role.RESPONSABLE, OrganisationFactory(ans=True)))
    client.post(url("expected_retire", row.pk))
    row.refresh_from_db()
    assert row.retired_at
    data = {
        "milestone": row.milestone_id,
        "code": "lettre",
        "label": "Lettre",
        "source": "Test",
        "position": "20",
    }
    client.post(url("expected_create"), data)
    assert "Lettre" in markup(client.get(url("expected")))
