"""What people and software read."""

from webhooks.enums import BodyFormat
from webhooks.rules.messages import FORMATS

HOSTILE = "Solde <!channel> *gras* & [lien](https://ailleurs.example) @all"
EVENT = {
    "type": "deadline.file",
    "timestamp": "2026-12-01T09:00:00+00:00",
    "data": {"title": "Dépôt enregistré", "object": HOSTILE, "url": "https://segur.example/1/"},
}


def test_every_format_has_its_form():
    assert set(FORMATS) == set(BodyFormat.values)


def test_software_gets_the_event_as_it_is():
    assert FORMATS[BodyFormat.STANDARD](EVENT) == EVENT


def test_slack_can_neither_be_formatted_by_tags_nor_call_a_channel():
    assert FORMATS[BodyFormat.SLACK](EVENT) == {
        "text": "*Dépôt enregistré*\n"
        "Solde &lt;!channel&gt; *gras* &amp; [lien](https://ailleurs.example) @all\n"
        "<https://segur.example/1/|Ouvrir sur le site>"
    }


def test_mattermost_gets_neither_a_link_nor_a_mention_out_of_a_name():
    assert FORMATS[BodyFormat.MATTERMOST](EVENT) == {
        "text": "**Dépôt enregistré**\n"
        r"Solde \<\!channel\> \*gras\* & \[lien\]\(https://ailleurs.example\) @" + "\u200ball\n"
        "[Ouvrir sur le site](https://segur.example/1/)"
    }


def test_teams_gets_an_adaptive_card_whose_words_are_plain_text():
    [attachment] = FORMATS[BodyFormat.TEAMS](EVENT)["attachments"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    card = attachment["content"]
    assert [block["type"] for block in card["body"]] == ["RichTextBlock", "RichTextBlock"]
    assert card["body"][1]["inlines"] == [{"type": "TextRun", "text": HOSTILE}]
    assert card["actions"][0]["url"] == "https://segur.example/1/"
