"""What was recorded of an act, on paper."""

import datetime as dt

from documents.display.records import record_pdf
from tests import pdfs

AT = dt.datetime(2027, 2, 10, 9, tzinfo=dt.UTC)


def made(**fields):
    known = {"about": "PV n° 1, Client X", "organisation": "Azimut", "facts": [], "at": AT}
    return record_pdf("Récépissé PV-1", **{**known, **fields})


def test_says_its_title_its_facts_and_its_sections():
    words = pdfs.words(
        made(
            facts=[("Client", "Clinique X"), ("Sans valeur", "")],
            statement="Transmis.",
            sections=[("Motifs", ["Client : absente"]), ("Vide", [])],
        )
    )
    for part in ("Récépissé PV-1", "Clinique X", "Transmis.", "Motifs", "Client : absente"):
        assert part in words
    assert "Sans valeur" not in words
    assert "Vide" not in words


def test_the_same_act_gives_the_same_bytes():
    assert made() == made()
