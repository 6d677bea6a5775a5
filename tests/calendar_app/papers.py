"""Real files, made in memory: what people attach, and what should not get in."""

import base64
import io
import zipfile

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.plain_pdf import pdf

PDF = pdf("Accusé de dépôt")
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////"
    "////////////////////////////////wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAA//EABQQAQAA"
    "AAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AN//Z"
)
HTML = b"<!doctype html><title>Recu</title><script>alert(1)</script>"
EXE = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00" + bytes(64) + b"PE\x00\x00"


def archive(*names, content=b"<x/>"):
    """A zip with these members: the same bytes each time."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        for name in names:
            target.writestr(zipfile.ZipInfo(name), content)
    return buffer.getvalue()


def encrypted_archive():
    """The flag «encrypted» set on the only member, in both of its headers."""
    data = bytearray(archive("secret.txt"))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def document(*objects, root=b"", trailer=b""):
    """A PDF of one page whose further objects, from number 4 on, are these; `root` and `trailer`
    are entries of its catalogue and of its trailer."""
    body, places = b"%PDF-1.7\n", []
    for number, one in enumerate(
        (
            b"<</Type/Catalog/Pages 2 0 R%b>>" % root,
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>>>",
            *objects,
        ),
        1,
    ):
        places.append(len(body))
        body += b"%d 0 obj\n%b\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(places) + 1
    return body + (
        b"xref\n0 %d\n0000000000 65535 f \n%btrailer<</Size %d/Root 1 0 R%b>>\n"
        b"startxref\n%d\n%%%%EOF\n" % (size, table, size, trailer, len(body))
    )


def stream(content, entries=b""):
    return b"<</Length %d%b>>stream\n%b\nendstream" % (len(content), entries, content)


def encrypted_pdf(user="secret", owner="secret"):
    """It opens with the password `user`, which may be empty."""
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(PDF)) as pdf:
        pdf.save(target, encryption=pikepdf.Encryption(user=user, owner=owner))
    return target.getvalue()


def scripted_pdf():
    return document(b"<</S/JavaScript/JS(app.alert(1))>>", root=b"/OpenAction 4 0 R")


DOCX = archive("[Content_Types].xml", "word/document.xml")
XLSX = archive("[Content_Types].xml", "xl/workbook.xml")
ODT = archive("mimetype", "content.xml")
ZIP = archive("lisez-moi.txt")


def paper(number):
    """A PDF like no other number's."""
    return PDF + b"%%%d\n" % number


def upload(name="accuse.pdf", content=PDF):
    return SimpleUploadedFile(name, content)
