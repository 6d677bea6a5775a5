"""What every answer says to browsers: pages, refusals, files, feeds, redirects and static files."""

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control

from segur.requests import Middleware

UNUSED = (
    "accelerometer camera display-capture geolocation gyroscope hid magnetometer microphone midi "
    "payment serial usb"
)
HEADERS = {
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in UNUSED.split()),
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Permitted-Cross-Domain-Policies": "none",
}
"""Beside those of Django's SecurityMiddleware and of django-csp."""


class HeadersMiddleware(Middleware):
    """The outermost: what any other middleware answers by itself has them too. An answer that sets
    a cookie is for no shared cache, even where its view set «public»."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.setdefault(name, value)
        if response.cookies:  # perhaps a session that was just renewed
            patch_cache_control(response, private=True)
        return response
