"""Pages leave compressed, where the browser asks for it.

Only pages: a calendar, a file or an answer of the API keeps its strong ETag. Django adds a random
number of bytes to each (against BREACH), and masks the CSRF token differently each time.
"""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class PageCompressionMiddleware(GZipMiddleware):
    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if not response.get("Content-Type", "").startswith("text/html"):
            return response
        return super().process_response(request, response)
