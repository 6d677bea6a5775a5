import pytest

from segur.lib.no_break import in_html, in_text

HELD = [
    ("Client~: Hôpital~; deux~! trois~?", "before a double sign"),
    ("une «~période ouvrable~» entière", "inside guillemets"),
    ("2~h 00~min 12~s", "a duration"),
    ("continu, 24~h~sur~24", "round the clock"),
    ("PERF~0,5 sous 10~h", "a score"),
    ("20~Mo, 4~jours, 1~mois, 3,5~%", "a number and its unit"),
    ("PV n°~12", "a number of order"),
    ("12~j ouvrés", "a short unit"),
]
LEFT = [
    "3 hôpitaux",
    "4 journaux",
    "12:30",
    "de 9h à 19h",
    "SUPERPERF 1",
]
PAGE = (
    '<p title="a : b">a : b</p><input value="c : d"><code>e : f</code>'
    "<textarea>g : h</textarea><script>i ? 1 : 2</script><!-- j : k --><b>l</b> : m"
)
PAGE_HELD = PAGE.replace(">a : b<", ">a~: b<").replace("</b> : m", "</b>~: m")


def spaced(text):
    return text.replace("~", " ")


def held(text):
    return text.replace("~", "\u00a0")


@pytest.mark.parametrize("text", [text for text, _why in HELD], ids=[why for _text, why in HELD])
def test_a_space_that_must_not_end_a_line_is_held(text):
    assert in_text(spaced(text)) == held(text)
    assert in_html(f"<p>{spaced(text)}</p>") == f"<p>{held(text)}</p>"


@pytest.mark.parametrize("text", LEFT)
def test_other_spaces_are_left(text):
    assert in_text(text) == text


def test_what_is_held_already_does_not_change():
    text = held(HELD[0][0])
    assert in_text(text) == text


def test_only_what_a_reader_sees_of_a_page_changes():
    assert in_html(PAGE) == held(PAGE_HELD)


def test_a_text_without_tags_and_the_space_after_a_code_are_held_too():
    assert in_html("a : b") == held("a~: b")
    assert in_html("<code>a : b</code> : c") == held("<code>a : b</code>~: c")


def test_a_typed_bracket_does_not_open_a_tag():
    assert in_html("<td>a &lt; b : c &gt; d ?</td>") == held("<td>a &lt; b~: c &gt; d~?</td>")
