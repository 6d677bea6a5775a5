"""A mail of each template in a window of 320 and of 600 pixels, in light and in dark."""

from shutil import which

import pytest
from playwright.sync_api import sync_playwright

from tests.chromium import FLAGS
from tests.e2e.browser import Visitor
from tests.golden.conftest import NOW
from tests.mailing import every_mail
from tests.mailing.every_mail import MONDAY

WIDTHS = (320, 600)
pytestmark = pytest.mark.demonstration_at(NOW)


@pytest.fixture
def mails(demo, time_machine):
    """Written before a browser opens: Django refuses the database beside its event loop."""
    time_machine.move_to(MONDAY, tick=False)
    return {mail.subject: mail.body_html for mail in every_mail.write(MONDAY)}


@pytest.fixture
def visitor(mails):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=which("chromium"), args=FLAGS)
        yield Visitor(browser.new_context(reduced_motion="reduce"), "")
        browser.close()


def test_no_mail_scrolls_sideways_and_the_words_of_each_template_stand_out(mails, visitor):
    seen, found = set(), []
    for subject, body in mails.items():
        visitor.page.set_content(body)
        for width in WIDTHS:
            visitor.page.set_viewport_size({"width": width, "height": 800})
            wide = visitor.page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                found.append(f"{subject}: {wide} pixels in {width}")
        template = every_mail.template_of(subject)
        if template not in seen:
            seen.add(template)
            found += [f"{subject}: {problem}" for problem in visitor.low_contrast()]
    assert not visitor.complaints
    assert not found, "\n".join(found)
