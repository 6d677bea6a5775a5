"""A part of a file: RFC 9110, one range."""

import io

import pytest
from django.http import FileResponse, HttpResponse
from django.test import RequestFactory

from segur.ranges import RangeMiddleware

CONTENT = b"0123456789"
ETAG = '"abc"'


def asked(method="get", response=None, **headers):
    def view(_request):
        if response is not None:
            return response
        tags = {"ETag": ETAG, "Accept-Ranges": "bytes"}
        return FileResponse(io.BytesIO(CONTENT), headers=tags, content_type="application/pdf")

    return RangeMiddleware(view)(getattr(RequestFactory(), method)("/", headers=headers))


@pytest.mark.parametrize(
    ("wanted", "status", "content", "where"),
    [
        ("bytes=0-0", 206, b"0", "bytes 0-0/10"),
        ("bytes=2-4", 206, b"234", "bytes 2-4/10"),
        ("bytes=9-9", 206, b"9", "bytes 9-9/10"),
        ("bytes=7-", 206, b"789", "bytes 7-9/10"),
        ("bytes=7-99", 206, b"789", "bytes 7-9/10"),
        ("bytes=-3", 206, b"789", "bytes 7-9/10"),
        ("bytes=-99", 206, CONTENT, "bytes 0-9/10"),
        ("bytes=10-", 416, b"", "bytes */10"),
        ("bytes=-0", 416, b"", "bytes */10"),
        ("bytes=4-2", 200, CONTENT, None),
        ("bytes=-", 200, CONTENT, None),
        ("bytes=0-1,4-5", 200, CONTENT, None),
        ("lines=0-1", 200, CONTENT, None),
        (f"bytes=0-{'9' * 18}", 206, CONTENT, "bytes 0-9/10"),
        (f"bytes=0-{'9' * 5000}", 200, CONTENT, None),
        (f"bytes=-{'9' * 5000}", 200, CONTENT, None),
        ("", 200, CONTENT, None),
    ],
)
def test_each_range(wanted, status, content, where):
    answer = asked(range=wanted)
    assert (answer.status_code, b"".join(answer)) == (status, content)
    assert answer.headers.get("Content-Range") == where
    assert answer["Content-Length"] == str(len(content))


@pytest.mark.parametrize(("condition", "status"), [(ETAG, 206), ('"other"', 200)])
def test_a_range_of_another_content_gets_the_whole(condition, status):
    assert asked(range="bytes=2-4", **{"if-range": condition}).status_code == status


def test_what_offers_no_range_is_left_alone():
    assert asked(response=HttpResponse(b"page"), range="bytes=0-0").status_code == 200
    assert asked("post", range="bytes=0-0").status_code == 200
