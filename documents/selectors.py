"""Files that are kept, as a page shows them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from documents.models import StoredFile


def file_line(file: StoredFile, address: str) -> dict[str, Any]:
    """For `components/_file_line.html`; `address` names the download of one file."""
    return {
        "name": file.name,
        "size": file.size,
        "sha256": file.sha256,
        "url": "" if file.is_withheld else reverse(address, args=[file.pk]),
        "uploaded_at": file.uploaded_at,
        "by": file.uploaded_by_name,
        "version": None,
        "superseded": False,
        "scan": file.get_scan_display().lower() if file.scan else "",
    }


def file_lines(files: Iterable[StoredFile], address: str) -> list[dict[str, Any]]:
    return [file_line(file, address) for file in files]
