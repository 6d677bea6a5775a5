"""What the site is for, from one end to the other, as people do it."""

import datetime as dt
from contextlib import suppress
from io import StringIO

from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import FilePayload, TimeoutError  # noqa: A004  (the browser's own)

from calendar_app.demo import cast
from calendar_app.enums import State
from calendar_app.models import Deadline, Milestone
from segur.lib import paris
from tests.e2e.browser import Visitor
from tests.plain_pdf import pdf

PATIENCE = 60_000
"""Of what the site or the browser answers on a busy machine, in milliseconds."""
PROOF: FilePayload = {
    "name": "pv.pdf",
    "mimeType": "application/pdf",
    "buffer": pdf("Pièce fictive"),
}


def next_deadline():
    """The first prestation milestone that the main éditeur has still to file."""
    return Deadline.objects.filter(
        organisation__name=cast.EDITEUR,
        prestation__isnull=False,
        milestone__isnull=False,
        state=State.TO_DO,
        due_at__gt=timezone.now(),
    ).first()


def tab_to(visitor: Visitor, name: str) -> None:
    """Press Tab until what has the focus bears this name; what has it must be visible."""
    described = """() => {
      const e = document.activeElement, labels = [...(e.labels ?? [])].map(l => l.innerText);
      const box = e.getBoundingClientRect();
      return box.width ? [e.innerText, e.ariaLabel, ...labels].join(" ") : "";
    }"""
    for _ in range(200):
        visitor.page.keyboard.press("Tab")
        if name in visitor.page.evaluate(described):
            return
    raise AssertionError(f"Tab never reaches «{name}» on {visitor.page.url}")


def press(visitor: Visitor, name: str) -> None:
    """Follow a link or push a button, by keyboard alone."""
    tab_to(visitor, name)
    with visitor.page.expect_navigation(wait_until="domcontentloaded", timeout=PATIENCE):
        visitor.page.keyboard.press("Enter")


def choose(visitor: Visitor, file: FilePayload) -> None:
    """Open the chooser of files by keyboard; a busy browser may drop a key."""
    for _ in range(3):
        with suppress(TimeoutError):
            with visitor.page.expect_file_chooser(timeout=PATIENCE / 3) as asked:
                visitor.page.keyboard.press("Space")
            return asked.value.set_files([file])
    raise AssertionError("no chooser of files opened")


def write(visitor: Visitor, name: str, text: str) -> None:
    tab_to(visitor, name)
    visitor.page.keyboard.type(text)


def test_draft_then_filing_by_keyboard_alone(visitor):
    deadline = next_deadline()
    visitor.goto("/compte/login/")
    write(visitor, "Adresse électronique", cast.REPRESENTANT.email)
    write(visitor, "Mot de passe", cast.PASSWORD)
    press(visitor, "Se connecter")
    assert visitor.page.url.endswith("/echeances/")

    visitor.goto(f"/echeances/{deadline.pk}/")
    press(visitor, "Déclarer")
    write(visitor, "Commentaire", "Signature attendue.")
    press(visitor, "Enregistrer le brouillon sans déposer")
    deadline.refresh_from_db()
    assert deadline.state == State.DRAFT
    assert "Brouillon non déposé" in visitor.page.title()

    press(visitor, "Reprendre le brouillon")
    day = paris.day(timezone.now()) - dt.timedelta(days=1)
    visitor.page.get_by_label("Jour", exact=False).first.fill(day.isoformat())
    visitor.page.get_by_label("Heure", exact=False).first.fill("10:30")
    tab_to(visitor, "Pièces")
    choose(visitor, PROOF)
    tab_to(visitor, "le Client a signé")
    visitor.page.keyboard.press("Space")
    press(visitor, "Déclarer")
    deadline.refresh_from_db()
    assert deadline.state == State.FILED
    filing = deadline.filings.get()
    visitor.goto(f"/echeances/recepisses/{filing.receipt_number}/")
    assert visitor.page.get_by_text(filing.proofs.get().sha256).first.is_visible()


def test_a_date_moved_by_the_ans_reaches_the_editeur(visitor, visit, site):
    deadline = next_deadline()
    milestone, before = deadline.milestone, deadline.due_at
    moved = paris.day(before) + dt.timedelta(days=21)
    feed = f"/calendriers/{milestone.dispositif.slug}.ics"
    assert "SEQUENCE:0" in visitor.client.get(feed).text

    visitor.log_in_as(cast.RESPONSABLE.email)
    visitor.goto(f"/calendriers/jalons/{milestone.pk}/modifier/")
    fill_amendment(visitor, moved)
    visitor.page.get_by_role("button", name="Vérifier").click()
    visitor.page.get_by_role("button", name="Modifier").first.click()
    visitor.page.wait_for_load_state()

    assert Milestone.objects.get(pk=milestone.pk).version == 2
    reader = visit(site)
    reader.log_in_as(cast.REPRESENTANT.email)
    reader.goto(f"/echeances/{deadline.pk}/")
    assert reader.page.get_by_text(paris.long_day(moved)).first.is_visible()
    assert "SEQUENCE:1" in visitor.client.get(feed).text
    week_before = paris.at(moved - dt.timedelta(days=7), dt.time(9))
    assert f"avant le {paris.short(paris.at(moved, dt.time(12)))}" in previewed(week_before)


def previewed(instant):
    output = StringIO()
    call_command("reminders_preview", at=instant.isoformat(), stdout=output)
    return output.getvalue()


def fill_amendment(visitor, day):
    page = visitor.page
    page.get_by_label("Jour", exact=False).first.fill(day.isoformat())
    page.get_by_label("Motif", exact=False).first.fill("Report décidé, pour cet essai.")
    page.get_by_label("Source", exact=False).first.fill("Arrêté fictif du 1er janvier")


def test_every_page_works_without_javascript(visit, site):
    visitor = visit(site, java_script_enabled=False)
    visitor.log_in_as(cast.REPRESENTANT.email)
    visitor.goto("/echeances/?dispositif=drimbox")
    assert visitor.page.get_by_role("heading", name="Mes échéances").is_visible()
    visitor.goto(f"/echeances/{next_deadline().pk}/depot/")
    visitor.page.get_by_label("Commentaire").fill("Sans JavaScript")
    visitor.page.get_by_role("button", name="Enregistrer le brouillon").click()
    assert visitor.page.get_by_text("rien n'est déposé").first.is_visible()
