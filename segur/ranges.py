"""A part of a file, when a browser asks for one: to resume a download, or to show a long PDF."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import IO, Any

from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase

BLOCK = 64 * 1024
ONE_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


class RangeMiddleware:
    """Answers 206 with the bytes asked for (RFC 9110, one range), 416 beyond the end. A range under
    the condition of another content (`If-Range`) and several ranges get the whole file, which the
    standard allows. Only for answers that say `Accept-Ranges`: the permission was checked by then.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        asked = ONE_RANGE.fullmatch(request.headers.get("Range", ""))
        if (
            not asked
            or request.method != "GET"
            or not isinstance(response, FileResponse)
            or not response.has_header("Accept-Ranges")
            or request.headers.get("If-Range", response["ETag"]) != response["ETag"]
        ):
            return response
        return _part(response, asked[1], asked[2])


def _part(response: FileResponse, first: str, last: str) -> FileResponse:
    size = int(response["Content-Length"])
    if not (first or last) or (first and last and int(last) < int(first)):
        return response  # no range: the header is ignored
    start = int(first) if first else max(0, size - int(last))
    end = min(int(last), size - 1) if first and last else size - 1
    file: Any = response.file_to_stream
    if start > end:
        response.status_code = HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE
        response["Content-Range"] = f"bytes */{size}"
        start, end = 0, -1
    else:
        response.status_code = HTTPStatus.PARTIAL_CONTENT
        response["Content-Range"] = f"bytes {start}-{end}/{size}"
    response["Content-Length"] = str(end - start + 1)
    response.file_to_stream = None  # no server sends the whole file by itself any more
    response.streaming_content = _bytes(file, start, end - start + 1)
    return response


def _bytes(file: IO[bytes], start: int, length: int) -> Iterator[bytes]:
    file.seek(start)
    while length > 0 and (block := file.read(min(BLOCK, length))):
        length -= len(block)
        yield block
