"""Files in the browser: checked before they leave, each with its own fate."""

import pytest
from django.utils import timezone

from calendar_app.demo import cast
from calendar_app.enums import State
from calendar_app.models import Deadline
from tests.calendar_app.papers import HTML, paper
from tests.pages import as_read

SAVE = "Enregistrer le brouillon sans déposer"


def files(count, *, size=0):
    return [
        {"name": f"{n}.pdf", "mimeType": "application/pdf", "buffer": paper(n) + b"\n" * size}
        for n in range(count)
    ]


@pytest.fixture
def small_limits(settings):
    settings.PROOF_MAX_BYTES, settings.UPLOAD_MAX_TOTAL_BYTES = 1024**2, 2 * 1024**2


@pytest.fixture
def deadline(site, visitor):
    """Nothing of it is prepared yet; the browser is on its form."""
    visitor.log_in_as(cast.REPRESENTANT.email)
    found = Deadline.objects.filter(
        organisation__name=cast.EDITEUR,
        state=State.TO_DO,
        milestone__isnull=False,
        due_at__gt=timezone.now(),
    ).earliest("due_at")
    visitor.goto(f"/echeances/{found.pk}/depot/")
    return found


@pytest.mark.usefixtures("small_limits")
@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        (files(101), "101 fichiers sont choisis, 100 au plus par envoi"),
        (files(1, size=1024**2), "« 0.pdf » dépasse 1 Mo"),
        (files(3, size=900_000), "Les fichiers choisis font 3 Mo, 2 Mo au plus par envoi"),
    ],
)
def test_what_is_beyond_a_limit_is_shown_at_once_and_does_not_leave(
    visitor, deadline, chosen, words
):
    page, sent = visitor.page, []
    page.on("request", lambda request: sent.append(request.method))
    field = page.locator("input[type=file]")
    field.set_input_files(chosen)
    shown = page.get_by_role("alert")
    assert words in shown.inner_text()
    page.get_by_role("button", name=SAVE).click()
    assert "POST" not in sent
    assert field.evaluate("field => field === document.activeElement")
    assert visitor.accessibility_problems(wide_only=True) == []

    field.set_input_files(files(2))
    assert shown.count() == 0
    with page.expect_navigation():
        page.get_by_role("button", name=SAVE).click()
    assert [proof.name for proof in deadline.filings.get().proofs.all()] == ["0.pdf", "1.pdf"]


def test_the_good_files_are_in_the_list_and_the_bad_one_is_named_at_the_field(visitor, deadline):
    page = visitor.page
    bad = {"name": "page.pdf", "mimeType": "application/pdf", "buffer": HTML}
    page.locator("input[type=file]").set_input_files([*files(2), bad])
    with page.expect_navigation():
        page.get_by_role("button", name=SAVE).click()
    assert page.locator(".files .file-name a").all_inner_texts() == ["0.pdf", "1.pdf"]
    assert "« page.pdf »" in as_read(page.locator(".field-error").inner_text())
    assert visitor.accessibility_problems() == []
    assert deadline.filings.get().proofs.count() == 2
