import datetime as dt
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.enums import Role
from calendar_app.enums import FilingOrigin, State
from calendar_app.models import Filing
from calendar_app.services import takeover
from calendar_app.services.deadlines import open_deadlines
from calendar_app.services.filings import NOT_PAST, take_over
from calendar_app.services.takeover import LinesRefused, PastLine, take_over_past
from segur.lib import paris
from tests.by import acting
from tests.calendar_app import papers
from tests.factories import SolutionFactory, member

pytestmark = pytest.mark.usefixtures("calendars")

NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)
IN_TIME = paris.at(dt.date(2025, 9, 9), dt.time(17, 42))


@pytest.fixture
def past():
    solution = SolutionFactory()
    open_deadlines(solution=solution, now=NOW)
    return list(solution.deadlines.order_by("due_at"))


def filer(past):
    return member(Role.MANDATAIRE, past[0].organisation)


def pdf(name="accusé.pdf"):
    return SimpleUploadedFile(name, papers.PDF, "application/pdf")


def stored(settings):
    root = Path(settings.MEDIA_ROOT)
    return [path for path in root.rglob("*") if path.is_file()] if root.exists() else []


def test_the_past_is_taken_over_with_its_proofs(past, settings):
    first, second, third = past
    lines = [
        PastLine(first, State.FILED, deposited_at=IN_TIME, reference="CV-1", files=[pdf()]),
        PastLine(second, State.FILED, deposited_at=NOW - dt.timedelta(days=3), without_proof=True),
        PastLine(third, State.NOT_APPLICABLE, reason="Solution déjà référencée."),
    ]

    filings = take_over_past(lines=lines, by=acting(filer(past), NOW))

    for deadline in past:
        deadline.refresh_from_db()
    assert [d.state for d in past] == [State.FILED, State.FILED, State.NOT_APPLICABLE]
    assert [f.origin for f in filings] == [FilingOrigin.TAKEN_OVER] * 2
    assert filings[0].external_reference == "CV-1"
    assert len(stored(settings)) == 1


def test_one_bad_line_and_nothing_is_recorded_nor_stored(past, settings):
    first, second, third = past
    lines = [
        PastLine(first, State.FILED, deposited_at=IN_TIME, files=[pdf()]),
        PastLine(second, State.FILED, deposited_at=None),
        PastLine(third, State.NOT_APPLICABLE, reason=" "),
    ]

    with pytest.raises(LinesRefused) as refused:
        take_over_past(lines=lines, by=acting(filer(past), NOW))

    assert set(refused.value.errors) == {1, 2}
    assert not Filing.objects.exists()
    assert stored(settings) == []
    first.refresh_from_db()
    assert first.state == State.TO_DO


def test_a_crash_half_way_leaves_no_file(past, settings, monkeypatch):
    def crash(*, deadline, original=take_over, **line):
        if deadline == past[1]:
            raise OSError("disk full")
        return original(deadline=deadline, **line)

    monkeypatch.setattr(takeover, "take_over", crash)
    lines = [
        PastLine(past[0], State.FILED, deposited_at=IN_TIME, files=[pdf()]),
        PastLine(past[1], State.FILED, deposited_at=IN_TIME),
    ]

    with pytest.raises(OSError, match="disk full"):
        take_over_past(lines=lines, by=acting(filer(past), NOW))

    assert not Filing.objects.exists()
    assert stored(settings) == []


def test_files_stored_before_are_never_taken_back(past, settings):
    actor, first = filer(past), past[0]
    line = PastLine(first, State.FILED, deposited_at=IN_TIME, files=[pdf()])
    take_over_past(lines=[line], by=acting(actor, NOW))

    with pytest.raises(LinesRefused):
        take_over_past(lines=[line], by=acting(actor, NOW))

    assert len(stored(settings)) == 1
    assert Filing.objects.count() == 1


def test_a_file_that_is_not_what_it_says_is_refused_on_its_line(past, settings):
    fake = SimpleUploadedFile("accusé.pdf", b"MZ programme", "application/pdf")
    line = PastLine(past[0], State.FILED, deposited_at=IN_TIME, files=[fake])

    with pytest.raises(LinesRefused) as refused:
        take_over_past(lines=[line], by=acting(filer(past), NOW))

    assert isinstance(refused.value.errors[0], ValidationError)
    assert stored(settings) == []


def test_the_service_itself_refuses_a_milestone_that_is_not_past(past):
    deadline = past[0]
    deadline.solution.created_at = deadline.due_at - dt.timedelta(days=1)
    with pytest.raises(ValidationError, match=NOT_PAST):
        take_over(
            deadline=deadline,
            outcome=State.FILED,
            deposited_at=IN_TIME,
            without_proof=True,
            by=acting(filer(past), NOW),
        )
    assert not Filing.objects.exists()


def test_the_service_itself_refuses_a_deposit_without_its_proof_unless_that_is_said(past):
    with pytest.raises(ValidationError) as refused:
        take_over(
            deadline=past[0],
            outcome=State.FILED,
            deposited_at=IN_TIME,
            by=acting(filer(past), NOW),
        )
    assert "proofs" in refused.value.error_dict
    assert not Filing.objects.exists()
