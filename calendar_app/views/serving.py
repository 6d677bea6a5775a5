"""Files that were kept, given back."""

from django.http import FileResponse

from calendar_app.models.files import StoredFile


def download(found: StoredFile) -> FileResponse:
    """The file, byte for byte, always as a download."""
    return FileResponse(
        found.file.open("rb"),
        as_attachment=True,
        filename=found.name,
        content_type=found.content_type,
    )
