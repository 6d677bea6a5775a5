"""Pieces of a dossier: what may be recorded of one, and what is counted as missing."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from accounts.enums import Role
from calendar_app.enums import PieceState, State
from calendar_app.models import Deadline, ExpectedPiece, Milestone, Piece
from calendar_app.selectors.deadlines import lines
from calendar_app.selectors.pieces import PieceCount, dossier, piece_counts
from calendar_app.services.pieces import add_piece, load_pieces, save_expected, save_piece
from documents.services.uploads import MadeHere
from journal.models import Entry
from tests.by import acting
from tests.factories import OrganisationFactory, SolutionFactory, member
from tests.plain_pdf import pdf

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendars")]


@pytest.fixture
def deadline():
    milestone = Milestone.objects.get(code="ris-2")
    solution = SolutionFactory(dispositif=milestone.dispositif)
    return Deadline.objects.create(
        organisation=solution.organisation,
        dispositif=milestone.dispositif,
        milestone=milestone,
        solution=solution,
        title=milestone.title,
        due_at=milestone.due_at,
    )


@pytest.fixture
def expected(deadline):
    load_pieces()
    rows = ExpectedPiece.objects.filter(milestone=deadline.milestone, is_required=True)
    return [row.code for row in rows]


@pytest.fixture
def by(deadline):
    return acting(member(Role.SALARIE, deadline.organisation), timezone.now())


def paper(name="preuve.pdf"):
    return MadeHere(name, pdf("PREUVE"), content_type="application/pdf")


def count(deadline):
    return piece_counts([deadline])[deadline.pk]


class TestCount:
    def test_nothing_is_expected_as_long_as_no_list_is_there(self, deadline):
        assert piece_counts([deadline]) == {}

    def test_every_required_piece_is_missing_at_first(self, deadline, expected):
        assert count(deadline) == PieceCount(len(expected), len(expected))

    @pytest.mark.parametrize(
        ("state", "missing"),
        [
            (PieceState.TO_PROVIDE, 0),
            (PieceState.IN_PROGRESS, 0),
            (PieceState.READY, 1),
            (PieceState.NOT_APPLICABLE, 1),
        ],
    )
    def test_ready_and_without_object_are_no_longer_missing(
        self, deadline, expected, by, state, missing
    ):
        save_piece(deadline, expected[0], state=state, note="Motif.", uploads=[paper()], by=by)
        assert count(deadline).missing == len(expected) - missing

    def test_an_optional_piece_does_not_count(self, deadline, expected, by):
        save_piece(deadline, "documentation", state=PieceState.READY, uploads=[paper()], by=by)
        assert count(deadline) == PieceCount(len(expected), len(expected))

    def test_a_line_of_one_s_own_counts(self, deadline, expected, by):
        add_piece(deadline, label="Lettre", by=by)
        assert count(deadline) == PieceCount(len(expected) + 1, len(expected) + 1)

    def test_what_is_retired_is_asked_no_more(self, deadline, expected):
        ExpectedPiece.objects.filter(code=expected[0]).update(retired_at=timezone.now())
        assert count(deadline).total == len(expected) - 1

    @pytest.mark.parametrize(
        ("missing", "words"),
        [
            (3, "3 pièces manquantes sur 8"),
            (1, "1 pièce manquante sur 8"),
            (0, "8 pièces prêtes sur 8"),
        ],
    )
    def test_words(self, missing, words):
        assert PieceCount(missing, 8).words == words

    def test_lists_say_it_in_a_fixed_number_of_queries(
        self, deadline, expected, django_assert_num_queries
    ):
        [line] = lines(Deadline.objects.filter(pk=deadline.pk), now=timezone.now())
        assert line.missing[0] == f"{len(expected)} pièces manquantes sur {len(expected)}"
        with django_assert_num_queries(2):
            piece_counts([deadline] * 3)


class TestSave:
    def test_state_person_day_and_file_are_kept_and_journaled(self, deadline, expected, by):
        day = dt.date(2026, 12, 8)
        save_piece(
            deadline,
            expected[0],
            state=PieceState.READY,
            person=by.actor,
            due_on=day,
            uploads=[paper()],
            by=by,
        )
        line = next(one for one in dossier(deadline) if one.code == expected[0])
        assert (line.piece.person, line.piece.due_on) == (by.actor, day)
        assert [file.name for file in line.files] == ["preuve.pdf"]
        entry = Entry.objects.of(deadline).get(act="deadline.piece")
        assert "prête" in entry.what
        assert str(by.actor) not in entry.what

    @pytest.mark.parametrize(
        ("fields", "at"),
        [
            ({"state": PieceState.READY}, "uploads"),
            ({"state": PieceState.NOT_APPLICABLE, "note": " "}, "note"),
        ],
    )
    def test_what_is_not_shown_is_refused_at_its_field(self, deadline, expected, by, fields, at):
        with pytest.raises(ValidationError) as refusal:
            save_piece(deadline, expected[0], **fields, by=by)
        assert list(refusal.value.message_dict) == [at]
        assert not Piece.objects.exists()

    def test_a_closed_dossier_does_not_change(self, deadline, expected, by):
        Deadline.objects.update(state=State.FILED)
        with pytest.raises(ValidationError, match="ne change plus"):
            save_piece(deadline, expected[0], state=PieceState.IN_PROGRESS, by=by)

    def test_a_save_based_on_a_stale_page_is_refused(self, deadline, expected, by):
        save_piece(deadline, expected[0], state=PieceState.IN_PROGRESS, by=by)
        with pytest.raises(ValidationError, match="entre-temps"):
            save_piece(deadline, expected[0], state=PieceState.TO_PROVIDE, read="", by=by)

    def test_an_outsider_may_not(self, deadline, expected):
        with pytest.raises(PermissionDenied):
            save_piece(
                deadline,
                expected[0],
                state=PieceState.IN_PROGRESS,
                by=acting(member(), timezone.now()),
            )

    def test_a_code_that_is_in_no_list_is_refused(self, deadline, expected, by):
        with pytest.raises(ValidationError, match="n'est plus dans le dossier"):
            save_piece(deadline, "inconnue", state=PieceState.IN_PROGRESS, by=by)

    def test_the_same_line_twice_is_refused(self, deadline, by):
        add_piece(deadline, label="Lettre", by=by)
        with pytest.raises(ValidationError, match="déjà une pièce"):
            add_piece(deadline, label="lettre ", by=by)


class TestExpected:
    def test_loading_again_changes_nothing(self, expected):
        row = ExpectedPiece.objects.first()
        ExpectedPiece.objects.filter(pk=row.pk).update(label="Corrigée")
        total = ExpectedPiece.objects.count()
        load_pieces()
        row.refresh_from_db()
        assert (row.label, ExpectedPiece.objects.count()) == ("Corrigée", total)

    @pytest.mark.parametrize("role", [Role.AGENT, Role.RESPONSABLE])
    def test_only_a_responsable_edits_the_list(self, expected, role):
        row, ans = ExpectedPiece.objects.first(), OrganisationFactory(ans=True)
        row.label = "Autre"
        by = acting(member(role, ans), timezone.now())
        if role == Role.AGENT:
            with pytest.raises(PermissionDenied):
                save_expected(row, by=by)
        else:
            save_expected(row, by=by)
            assert "Autre" in Entry.objects.of(row).get().note
