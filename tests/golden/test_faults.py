import pytest

from tests.golden.faults import faults


@pytest.mark.parametrize(
    ("page", "found"),
    [
        ("<p>depuis <b>13 jours ouvrés</b>\n.</p>", ["a space before a sign"]),
        ("<p>( un )</p>", ["a space before a sign", "a space after a bracket"]),
        ("<td>0 jour ouvré</td>", ["no day is written in words"]),
        ("<td>1 jours</td>", ["1 is singular"]),
        ("<p>3 pièce(s)</p>", ["a plural in brackets"]),
        ("<p>le fichier <code>.ics</code></p><p>10 jours, 1 jour (mardi).</p>", []),
        ("<p>le fichier .ics</p>", []),
    ],
)
def test_what_is_a_fault(page, found):
    assert [fault for fault, _where in faults(page)] == found
