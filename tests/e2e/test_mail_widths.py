"""Mails in a window of 320 and of 600 pixels, in light and in dark."""

import pytest

from mailing.models import OutgoingMail

WIDTHS = (320, 600)


@pytest.fixture
def mails(site):
    return list(OutgoingMail.objects.exclude(body_html=""))


def test_no_mail_scrolls_sideways(visitor, mails):
    found = []
    for mail in mails:
        visitor.page.set_content(mail.body_html)
        for width in WIDTHS:
            visitor.page.set_viewport_size({"width": width, "height": 800})
            wide = visitor.page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                found.append(f"{mail.subject}: {wide} pixels in {width}")
    assert mails
    assert not found, "\n".join(found)


def test_the_words_of_each_kind_of_mail_stand_out_in_light_and_in_dark(visitor, mails):
    found = []
    for mail in {mail.kind: mail for mail in mails}.values():
        visitor.page.set_content(mail.body_html)
        found += [f"{mail.subject}: {problem}" for problem in visitor.low_contrast()]
    assert not found, "\n".join(found)
