"""A mail of each template in a window of 320 and of 600 pixels, in light and in dark."""

import pytest

from tests.golden.conftest import NOW
from tests.mailing import every_mail
from tests.mailing.every_mail import MONDAY

WIDTHS = (320, 600)
pytestmark = pytest.mark.demonstration_at(NOW)


def test_no_mail_scrolls_sideways_and_the_words_of_each_template_stand_out(
    visit, demo, time_machine
):
    time_machine.move_to(MONDAY, tick=False)
    mails = {mail.subject: mail for mail in every_mail.write(MONDAY)}
    visitor, seen, found = visit(""), set(), []
    for subject, mail in mails.items():
        visitor.page.set_content(mail.body_html)
        for width in WIDTHS:
            visitor.page.set_viewport_size({"width": width, "height": 800})
            wide = visitor.page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                found.append(f"{subject}: {wide} pixels in {width}")
        template = every_mail.template_of(subject)
        if template not in seen:
            seen.add(template)
            found += [f"{subject}: {problem}" for problem in visitor.low_contrast()]
    assert not found, "\n".join(found)
