"""What a site answers at an instant, address by address: `python -m tests.operations.pages_seen`
prints it for the database and the files of its environment, to be compared with another's.
"""

import datetime as dt
import hashlib
import json
import re
import sys

import django
import time_machine
from django.test import Client

CSRF = re.compile(rb'(csrfmiddlewaretoken" value="|X-CSRFToken": ")[A-Za-z0-9]{64}')
NAMES = (
    *("home", "calendars:index", "calendars:detail", "calendars:feed", "calendars:private_feed"),
    *("publications:index", "publications:json", "publications:feed", "programme:json"),
    *("deadlines:index", "deadlines:detail", "deadlines:proof", "deadlines:receipt"),
    *("deadlines:receipt_json", "deadlines:receipt_pdf", "perf:statement_json"),
    *("perf:statement_pdf", "perf:statement_csv", "pilots:pv", "pilots:pv_file", "journal:index"),
)
WHO = ("responsable@ans.example", "mandataire@radiolune.example")


def pages_seen(now: dt.datetime) -> dict[str, str]:
    """Who and address → status and digest of the answer, without the tokens of its forms."""
    from accounts.models import User  # noqa: PLC0415  (models, once Django is set up)
    from tests.addresses import addresses  # noqa: PLC0415

    urls = [url for address in addresses() if address.name in NAMES for url in address.urls(size=2)]
    found = {}
    with time_machine.travel(now, tick=False):
        for user in User.objects.filter(email__in=WHO):
            client = Client()
            client.force_login(user)
            for url in urls:
                answer = client.get(url)
                content = b"".join(answer) if answer.streaming else answer.content
                digest = hashlib.sha256(CSRF.sub(b"", content)).hexdigest()
                found[f"{user.email} {url}"] = f"{answer.status_code} {digest}"
    return found


if __name__ == "__main__":
    django.setup()
    json.dump(pages_seen(dt.datetime.fromisoformat(sys.argv[1])), sys.stdout)
