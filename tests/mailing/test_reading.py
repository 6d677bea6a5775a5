"""What servers send back when a mail cannot be delivered."""

import pytest

from mailing.reading import Bounce, bounce_of
from tests.mailing.bounces import report

MAIL = "<abc@segur.example>"


@pytest.mark.parametrize("part", ["message/rfc822", "text/rfc822-headers"])
def test_failure_names_the_mail_and_the_answer(part):
    sent_back = report(MAIL, diagnostic="smtp; 550 5.1.1 <a@x.example> User unknown", part=part)
    assert bounce_of(sent_back) == Bounce(MAIL, "550 5.1.1 <a@x.example> User unknown")


def test_failure_without_an_answer_gives_its_status():
    assert bounce_of(report(MAIL, diagnostic="")) == Bounce(MAIL, "5.1.1")


@pytest.mark.parametrize(
    "message",
    [
        report(MAIL, action="delayed"),
        report(MAIL, action="relayed"),
        report(""),
        b"Subject: absent\r\nMessage-ID: <abc@segur.example>\r\n\r\nJe suis absent.",
        b"Content-Type: multipart/report\r\n\r\nno parts",
        b"",
        bytes(range(256)),
    ],
)
def test_other_messages_report_no_failure(message):
    assert bounce_of(message) is None
