"""PDF documents: accessible, the same each time, bounded, and closed to what people write."""

import datetime as dt
import json
import logging
from functools import partial

import pytest
import typst

from calendar_app.demo.paper import pdf
from documents import typesetting
from documents.pdf import PdfUnavailableError, make_pdf
from documents.reading import apart
from documents.services.uploads import check_upload
from tests import pdfs
from tests.calendar_app.papers import upload

AT = dt.datetime(2027, 6, 9, 10, tzinfo=dt.UTC)
HASH = "0123456789abcdef" * 4


def piece(name="accusé.pdf"):
    return {"name": name, "size": "34 Ko", "sha256": HASH}


def receipt(**changed):
    data = {
        "number": "REC-2027-000012",
        "sha256": HASH[::-1],
        "in_time": True,
        "statement": "Ce récépissé atteste le dépôt dans cette application.",
        "deadline": "Demande de solde",
        "dispositif": "SONS-IMG-RIS-Va1",
        "subject": "RIS fictif, Hôpital fictif",
        "organisation": "Éditeur fictif",
        "due": "09/06/2027 à 12h00min00s (heure de Paris)",
        "deposited": "09/06/2027 à 11h30min00s (heure de Paris)",
        "recorded": "09/06/2027 à 11h45min00s (heure de Paris)",
        "by": "Camille Fictive",
        "channel": "Convergence",
        "reference": None,
        "comment": None,
        "files": [],
    }
    return make_pdf("receipt", data | changed, at=AT)


def test_it_says_of_itself_what_pdf_ua_asks():
    assert pdfs.claims(receipt()) == {
        "language": "fr",
        "is_tagged": True,
        "shows_title": True,
        "title": "Récépissé REC-2027-000012",
        "part": "1",
    }


def test_its_title_and_headings_are_tagged():
    kinds = pdfs.tags(receipt(files=[piece()]))
    assert [kind for kind in kinds if kind in {"Title", "H1"}] == ["Title", "H1", "H1"]


def test_the_same_data_give_the_same_bytes():
    assert receipt() == receipt()
    assert receipt() != receipt(by="Dominique Fictive")


def test_its_spaces_are_held_as_on_a_page():
    assert receipt(comment="Reste : rien") == receipt(comment="Reste\u00a0: rien")


def test_each_page_says_which_it_is():
    found = pdfs.pages(receipt(files=[piece()] * 40))
    assert [page.split("Page ")[-1] for page in found] == [
        f"{number} sur {len(found)}" for number in range(1, len(found) + 1)
    ]
    assert len(found) > 1


def test_what_is_not_there_leaves_no_line():
    assert "Accusé" not in pdfs.words(receipt())
    assert "Accusé CV-1" in pdfs.words(receipt(reference="CV-1"))
    assert "Pièces" not in pdfs.words(receipt())


@pytest.mark.parametrize(
    "text",
    [
        '#read("/etc/passwd")',
        '#import "layout.typ": data',
        "*gras* _souligné_ `code` $x^2$ @renvoi <étiquette> ~ \\n \\u{41} // /* */",
        "= Titre - liste + liste / terme: http://exemple.example",
        '#eval("1+1") #sys.inputs #{',
        "</script> {{ number }} {% now %} & < >",
        "“guillemets” 'droits' \"doubles\" -- --- ...",
        "Ærøskøbing Łódź Ελλάδα Україна → ≤ € œuvre",
        "שלום",
    ],
)
def test_what_people_write_is_text(text):
    content = receipt(by=text)
    assert f"Par {text} Où" in pdfs.words(content)
    assert "root:" not in pdfs.words(content)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Ça va 😀 ?", "Ça va [U+1F600] ?"),
        ("日本", "[U+65E5][U+672C]"),
        ("a\x07b", "a[U+0007]b"),
        ("\ufeffx", "[U+FEFF]x"),
        ('\\u{41} \\\\ "é" 👩\u200d💻', '\\u{41} \\\\ "é" [U+1F469][U+200D][U+1F4BB]'),
    ],
)
def test_a_character_that_no_font_shows_is_named(text, shown):
    assert f"Par {shown} Où" in pdfs.words(receipt(by=text))


def test_a_name_that_is_longer_than_a_line_is_wrapped_and_copied_whole():
    name = "W" * 300
    for content in (receipt(organisation=name), receipt(files=[piece(name)])):
        assert name in pdfs.words(content).replace(" ", "")


def test_a_text_from_right_to_left_is_there_in_the_order_of_its_letters():
    assert "مرحبا" in pdfs.words(receipt(by="مرحبا"))


def test_the_compiler_reads_its_own_folder_only(tmp_path, monkeypatch):
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "typst").mkdir()
    monkeypatch.setattr(typesetting, "ROOT", tmp_path / "typst")
    for path in ("../secret.txt", "/etc/passwd"):
        (tmp_path / "typst" / "hostile.typ").write_text(f'#read("{path}")')
        with pytest.raises(typst.TypstError):
            typesetting.typeset("hostile", "{}", timestamp=0)


def test_a_template_that_fails_is_not_tried_for_ever(tmp_path, monkeypatch):
    monkeypatch.setattr(typesetting, "ROOT", tmp_path)
    (tmp_path / "own.typ").write_text('#set document(title: "Essai")\n😀')
    with pytest.raises(typst.TypstError, match="could not be displayed"):
        typesetting.typeset("own", json.dumps({"text": "é"}), timestamp=0)


def test_a_document_beyond_its_time_is_given_up_and_logged(monkeypatch, caplog):
    monkeypatch.setattr("documents.pdf.run_apart", partial(apart.run_apart, seconds=0.01))
    with pytest.raises(PdfUnavailableError):
        receipt()
    assert "documents.typesetting: stopped after 0.01 s" in caplog.text


def test_data_that_a_template_cannot_use_are_an_error_with_its_reason(caplog):
    with pytest.raises(PdfUnavailableError):
        make_pdf("receipt", {"number": "REC"}, at=AT)
    [record] = caplog.records
    assert record.levelno == logging.ERROR
    assert "dictionary does not contain key" in record.getMessage()


def test_a_piece_of_the_demonstration_is_a_document_that_may_be_uploaded():
    content = pdf("PIÈCE FICTIVE", "Établie le 3 mai : 12 h", '#read("/etc/passwd")')
    assert pdfs.claims(content)["title"] == "PIÈCE FICTIVE"
    assert 'PIÈCE FICTIVE Établie le 3 mai : 12 h #read("/etc/passwd")' in pdfs.words(content)
    check_upload(upload("piece.pdf", content))
