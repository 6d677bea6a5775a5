"""Files that were kept, given back; PDF documents."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from documents.models import StoredFile
from documents.pdf import PdfUnavailableError
from segur.lib.canonical import canonical


def download(found: StoredFile, *, inline: bool = False) -> FileResponse:
    """The file, byte for byte; `inline`, for what was checked to be a PDF, shows it in the page.
    A part of it is given by `segur.ranges`. Raises PermissionDenied for one that
    is withheld.
    """
    if found.is_withheld:
        raise PermissionDenied(f"« {found.name} » : {found.get_scan_display().lower()}.")
    return FileResponse(
        found.file.open("rb"),
        as_attachment=not inline,
        filename=found.name,
        content_type=found.content_type,
        headers={"ETag": f'"{found.sha256}"', "Accept-Ranges": "bytes"},
    )


def file_view(model: Any) -> Callable[[HttpRequest, int], FileResponse]:
    """The view that gives a file of this kind to those who see it."""

    @require_safe
    def view(request: HttpRequest, pk: int) -> FileResponse:
        return download(get_object_or_404(model.objects.visible_to(request.user), pk=pk))

    return view


def sealed_json(content: Any, *, name: str) -> HttpResponse:
    """A sealed document in the very bytes that were hashed."""
    return attachment(canonical(content), "application/json", name=f"{name}.json")


def pdf_download(
    request: HttpRequest, make: Callable[[], bytes], *, name: str, back: str
) -> HttpResponse:
    """The PDF that `make` returns, under this name; when it cannot be made, a page that says so and
    leads to `back`, the address of its object."""
    try:
        content = make()
    except PdfUnavailableError:
        return render(request, "no_pdf.html", {"back": back}, status=503)
    return attachment(content, "application/pdf", name=name)


def attachment(content: bytes, content_type: str, *, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=content_type, headers=headers)
