"""Real files, made in memory: what people attach, and what should not get in."""

import base64
import io
import zipfile

from django.core.files.uploadedfile import SimpleUploadedFile

from calendar_app.demo.paper import pdf

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


def encrypted_pdf():
    return with_objects(b"trailer<</Encrypt 3 0 R>>")


def scripted_pdf():
    return with_objects(b"9 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj")


def with_objects(text):
    """A PDF that also holds this, after its objects and before the place of their table."""
    return PDF.replace(b"startxref", text + b"\nstartxref")


DOCX = archive("[Content_Types].xml", "word/document.xml")
XLSX = archive("[Content_Types].xml", "xl/workbook.xml")
ODT = archive("mimetype", "content.xml")
ZIP = archive("lisez-moi.txt")


def upload(name="accuse.pdf", content=PDF):
    return SimpleUploadedFile(name, content)
