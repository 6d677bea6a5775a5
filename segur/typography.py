"""Pages leave with the spaces that French holds (mails and PDFs call `segur.lib.no_break`)."""

from django.http import HttpRequest, HttpResponse

from segur.lib import no_break
from segur.requests import Middleware


class NoBreakSpacesMiddleware(Middleware):
    """HTML that is shown; downloads and what streams stay byte for byte."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if _is_page(response):
            html = response.content.decode(response.charset)
            response.content = no_break.in_html(html).encode(response.charset)
        return response


def _is_page(response: HttpResponse) -> bool:
    is_html = response.headers.get("Content-Type", "").startswith("text/html")
    if getattr(response, "is_typeset", False):
        return False
    return is_html and not response.streaming and "Content-Disposition" not in response.headers
