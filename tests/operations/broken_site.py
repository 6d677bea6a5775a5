"""A site with a page that raises, and what it sends to Sentry, printed: a process of its own, since
Sentry stays in the one that has started it. `python -m tests.operations.broken_site`
"""

import json
import sys
from io import BytesIO
from wsgiref.util import setup_testing_defaults

import django
from django.core.wsgi import get_wsgi_application
from django.urls import path
from sentry_sdk.transport import Transport

WHO = "jeanne@radiolune.example"
NUMBER = "0123456789abcdef"


def fails(request):
    password = chr(107) * 12
    raise ValueError(f"no mail to {WHO}", len(password))


urlpatterns = [path("casse/", fails)]


class Kept(Transport):
    """The events, in the place of the network."""

    def __init__(self):
        super().__init__()
        self.events = []

    def capture_envelope(self, envelope):
        self.events += [item.payload.json for item in envelope.items]


def main():
    django.setup()
    from django.conf import settings  # noqa: PLC0415  (once Django is set up)

    from operations.services.errors import report_to  # noqa: PLC0415

    settings.ROOT_URLCONF = __name__
    settings.MIDDLEWARE = ["operations.middleware.RequestIdMiddleware"]  # and no database
    settings.BEHIND_TLS_PROXY = True
    transport = Kept()
    report_to("https://key@sentry.example/1", transport=transport)
    body = b"note=secret+note"
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/casse/",
        "QUERY_STRING": f"q={WHO}",
        "HTTP_HOST": "127.0.0.1",
        "HTTP_COOKIE": "sessionid=cookie+of+a+session",
        "HTTP_X_REQUEST_ID": NUMBER,
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": BytesIO(body),
    }
    setup_testing_defaults(environ)
    list(get_wsgi_application()(environ, lambda _status, _headers: None))
    json.dump(transport.events, sys.stdout)


if __name__ == "__main__":
    main()
