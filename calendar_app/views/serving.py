"""Files that were kept, given back."""

from django.http import FileResponse

from calendar_app.models.files import StoredFile


def download(found: StoredFile, *, inline: bool = False) -> FileResponse:
    """The file, byte for byte; `inline`, for what was checked to be a PDF, shows it in the page."""
    return FileResponse(
        found.file.open("rb"),
        as_attachment=not inline,
        filename=found.name,
        content_type=found.content_type,
    )
