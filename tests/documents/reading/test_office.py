"""What a document of Office or LibreOffice fetches or starts, wherever its parts are."""

import io
import zipfile

import pytest

from documents.reading.inspection import Inspection
from documents.reading.traps import Trap, TrapError

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
}


def archive(**members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in members.items():
            target.writestr(name, content)
    return buffer.getvalue()


def found(content, kind=".docx"):
    try:
        Inspection().look(content, f"x{kind}")
    except TrapError as error:
        return error.trap
    return None


def types(part, kind=".docx"):
    return (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Override PartName="{part}" ContentType="{MAIN[kind]}"/></Types>'
    )


def docx(body="<w:p/>", **members):
    text = f"<w:document {W}><w:body>{body}</w:body></w:document>"
    return archive(
        **{
            "[Content_Types].xml": types("/word/document.xml"),
            "word/document.xml": text,
            **members,
        }
    )


def linked(kind, target, part="word/_rels/settings.xml.rels", mode="External"):
    relationship = f'<Relationship Type="{RELATIONSHIPS}/{kind}" Target="{target}"'
    rels = f'<Relationships xmlns="x">{relationship} TargetMode="{mode}"/></Relationships>'
    return docx(**{part: rels})


@pytest.mark.parametrize(
    "content",
    [
        docx(),
        archive(
            **{"[Content_Types].xml": types("/word/document2.xml"), "word/document2.xml": "<w/>"}
        ),
        archive(**{"[Content_Types].xml": types("/Texte/Page.xml"), "texte\\page.xml": "<w/>"}),
        archive(**{"[content_types].XML": "<Types/>", "Word\\Document.XML": "<w/>"}),
    ],
    ids=["as Word", "as Word Online", "declared elsewhere", "backslashes and capitals"],
)
def test_the_main_part_is_what_the_document_declares(content):
    assert found(content) is None


@pytest.mark.parametrize(
    "members",
    [
        {"[Content_Types].xml": types("/word/document.xml")},
        {"[Content_Types].xml": types("/xl/workbook.xml", ".xlsx"), "xl/workbook.xml": "<w/>"},
        {"note.txt": "x"},
    ],
    ids=["declared and absent", "of another kind", "none"],
)
def test_what_has_no_main_part_of_its_kind_is_something_else(members):
    assert found(archive(**members)) is Trap.OTHER


@pytest.mark.parametrize(
    ("target", "trap"),
    [
        ("https://a.example/modele.dotm", Trap.TEMPLATE),
        ("HTTP://a.example/modele.dotx", Trap.TEMPLATE),
        (r"\\serveur\modeles\modele.dotx", Trap.TEMPLATE),
        ("//serveur/modele.dotx", Trap.TEMPLATE),
        ("file://serveur/modele.dotx", Trap.TEMPLATE),
        ("file:////serveur/modele.dotx", Trap.TEMPLATE),
        (r"file:\\serveur\modele.dotx", Trap.TEMPLATE),
        (r"file:///\\serveur\modele.dotx", Trap.TEMPLATE),
        ("mhtml:https://a.example/x!modele", Trap.TEMPLATE),
        (r"file:///C:\Users\x\AppData\Roaming\Microsoft\Templates\Note.dotx", None),
        (r"C:\Modeles\Note.dotx", None),
        ("file:///Users/x/Note.dotx", None),
        ("Normal.dotm", None),
    ],
)
def test_a_template_of_another_machine(target, trap):
    assert found(linked("attachedTemplate", target)) is trap


@pytest.mark.parametrize(
    ("kind", "target", "trap"),
    [
        ("oleObject", "https://a.example/x.doc", Trap.LINKED),
        ("oleObject", r"file:///C:\x\suivi.xlsx", Trap.LINKED),
        ("subDocument", "https://a.example/x.doc", Trap.LINKED),
        ("frame", "https://a.example/x.html", Trap.LINKED),
        ("aFChunk", "https://a.example/x.html", Trap.LINKED),
        ("hyperlink", "https://a.example/?DDEAUTO=cmd", None),
        ("image", "https://a.example/logo.png", None),
    ],
)
def test_what_a_document_loads_from_elsewhere(kind, target, trap):
    assert found(linked(kind, target, "word/_rels/document.xml.rels")) is trap


def test_an_object_kept_inside_is_no_link():
    assert found(linked("oleObject", "embeddings/oleObject1.bin", mode="Internal")) is None


def field(*runs):
    inside = "".join(f"<w:r><w:instrText>{one}</w:instrText></w:r>" for one in runs)
    begin, end = (f'<w:r><w:fldChar w:fldCharType="{one}"/></w:r>' for one in ("begin", "end"))
    return f"<w:p>{begin}{inside}{end}</w:p>"


@pytest.mark.parametrize(
    ("body", "trap"),
    [
        (field(r"DDEAUTO c:\\windows\\cmd.exe"), Trap.DDE),
        (field(" dde excel x"), Trap.DDE),
        (field("D", "DE", "AUTO x"), Trap.DDE),
        (field("PAGE", "") + field("DDE x"), Trap.DDE),
        ('<w:fldSimple w:instr=" DDE x y"/>', Trap.DDE),
        (field("HYPERLINK &quot;https://a.example/DDE&quot;"), None),
        (field("PAGE") + "<w:p><w:r><w:t>DDEAUTO cmd</w:t></w:r></w:p>", None),
        (field("AD") + field("DE x") + field("REF DDE"), None),
    ],
)
@pytest.mark.parametrize("part", ["document", "header1", "footnotes"])
def test_a_dde_field_and_not_the_word(body, trap, part):
    text = f"<w:x {W}>{body}</w:x>"
    assert found(docx(**{f"word/{part}.xml": text})) is trap


def xlsx(**members):
    return archive(
        **{
            "[Content_Types].xml": types("/xl/workbook.xml", ".xlsx"),
            "xl/workbook.xml": "<workbook/>",
            **members,
        }
    )


@pytest.mark.parametrize(
    ("part", "content", "trap"),
    [
        ("xl/externalLinks/externalLink1.xml", '<e><ddeLink ddeService="cmd"/></e>', Trap.DDE),
        ("XL\\ExternalLinks\\externalLink1.xml", "<x:e xmlns:x='y'><x:ddeLink/></x:e>", Trap.DDE),
        ("xl/externalLinks/externalLink1.xml", "<e><oleLink/></e>", Trap.LINKED),
        ("xl/externalLinks/externalLink1.xml", "<e><externalBook/></e>", None),
        ("xl/worksheets/sheet1.xml", "<s><ddeLink/></s>", None),
    ],
)
def test_links_of_a_workbook(part, content, trap):
    assert found(xlsx(**{part: content}), ".xlsx") is trap


@pytest.mark.parametrize(
    ("part", "content", "trap"),
    [
        ("content.xml", '<o:c xmlns:o="x"><o:dde-source/></o:c>', Trap.DDE),
        ("content.xml", '<o:c xmlns:o="x"><o:dde-connection-decl/></o:c>', Trap.DDE),
        ("content.xml", "<c><p>dde-source</p></c>", None),
        (
            "meta.xml",
            '<m xmlns:x="l"><template x:href="https://a.example/m.ott"/></m>',
            Trap.TEMPLATE,
        ),
        ("meta.xml", '<m xmlns:x="l"><template x:href="../m.ott"/></m>', None),
    ],
)
@pytest.mark.parametrize("kind", [".odt", ".ods"])
def test_links_of_an_open_document(part, content, trap, kind):
    assert found(archive(**{"content.xml": "<c/>", part: content}), kind) is trap


DOCTYPE = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'


@pytest.mark.parametrize(
    "part",
    [
        "[Content_Types].xml",
        "_rels/.rels",
        "word/document.xml",
        "word/theme/theme1.xml",
        "docProps/core.xml",
        "customXml/item1.xml",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_in_any_part(part, encoding):
    assert found(docx(**{part: DOCTYPE.encode(encoding)})) is Trap.ENTITIES


@pytest.mark.parametrize(
    ("content", "trap"),
    [
        ("<!-- " + "x" * 70_000 + " -->" + DOCTYPE, Trap.HIDDEN),
        ("<x>" + "y" * 70_000 + "</x>", None),
        ("<x>&lt;!DOCTYPE html&gt;</x>", None),
        ("", None),
        ("<?xml version='1.0' encoding='x-unknown'?><x/>", Trap.HIDDEN),
    ],
    ids=["after a long comment", "long", "as a word", "empty", "an encoding nobody reads"],
)
def test_the_beginning_of_a_part(content, trap):
    assert found(docx(**{"docProps/core.xml": content})) is trap
