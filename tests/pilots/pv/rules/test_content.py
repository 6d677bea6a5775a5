"""What differs between two moments of a PV."""

from pilots.pv.rules.content import changes


def line(code, value, label=None):
    return {"code": code, "label": label or code.capitalize(), "value": value}


def test_only_what_differs():
    before = [line("client", "CH Fictif"), line("stabilite", "Oui"), line("pv.comment", "")]
    after = [line("pv.comment", "RAS"), line("stabilite", "Oui"), line("client", "CHU Fictif")]
    assert [change.words for change in changes(before, after)] == [
        "Client : « CH Fictif » → « CHU Fictif »",
        "Pv.comment : vide → « RAS »",
    ]


def test_a_line_that_came_or_went_was_or_is_empty():
    assert [c.words for c in changes([line("a", "1")], [line("b", "2")])] == [
        "A : « 1 » → vide",
        "B : vide → « 2 »",
    ]


def test_an_empty_line_that_came_changes_nothing():
    assert changes([], [line("a", "")]) == []


def test_the_label_is_that_of_now():
    [change] = changes([line("a", "1", "Ancien")], [line("a", "2", "Nouveau")])
    assert change.label == "Nouveau"
