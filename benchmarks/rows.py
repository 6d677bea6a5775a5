"""A park of prestations with their outages, made quickly: COPY, and no signal or service."""

import datetime as dt
import random
from collections.abc import Iterator

from django.db import connection

from accounts.enums import Kind
from accounts.models import Organisation
from calendar_app.models import Dispositif, Prestation, Solution, Supplier
from calendar_app.services.calendar_loading import load_calendars
from perf.models import Service

YEAR = 2027
SIREN = "900000001"
COLUMNS = {
    "service_id": "int8",
    "started_at": "timestamptz",
    "ended_at": "timestamptz",
    "nature": "text",
    "standing": "text",
    "created_at": "timestamptz",
    "end_is_free": "bool",
    **dict.fromkeys(
        ("contested_by_name", "contest_reason", "decided_by_name", "decision_reason"), "text"
    ),
}


def fill(prestations: int, outages: int) -> None:
    """`outages` for each, as they come: those of all services mingled, in order of time."""
    load_calendars()
    services = _services(prestations)
    names = ", ".join(COLUMNS)
    connection.ensure_connection()
    with connection.connection.cursor() as cursor:
        with cursor.copy(f"COPY perf_outage ({names}) FROM STDIN (FORMAT BINARY)") as copy:
            copy.set_types(list(COLUMNS.values()))
            for row in _outages(services, outages):
                copy.write_row(row)
        cursor.execute("VACUUM ANALYZE")


def _services(count: int) -> list[int]:
    drimbox = Dispositif.objects.get(slug="drimbox")
    editeur = Organisation.objects.create(kind=Kind.EDITEUR, name="Éditeur fictif", siren=SIREN)
    solution = Solution.objects.create(organisation=editeur, dispositif=drimbox, name="DRIMbox")
    supplier = Supplier.objects.create(solution=solution, organisation=editeur)
    clients = Organisation.objects.bulk_create(
        Organisation(kind=Kind.CLIENT, name=f"Centre fictif {n}", finess=f"{750000000 + n}")
        for n in range(count)
    )
    made = Prestation.objects.bulk_create(
        Prestation(supplier=supplier, organisation=editeur, dispositif=drimbox, client=client)
        for client in clients
    )
    services = Service.objects.bulk_create(
        Service(prestation=prestation, code=f"drimbox-{n}") for n, prestation in enumerate(made)
    )
    return [service.pk for service in services]


def _outages(services: list[int], each: int) -> Iterator[tuple[object, ...]]:
    """From a minute to ten hours, whole seconds, over the year; every hundredth is contested."""
    draw = random.Random(YEAR)  # noqa: S311
    first = int(dt.datetime(YEAR, 1, 1, tzinfo=dt.UTC).timestamp())
    of = services * each
    draw.shuffle(of)
    starts = sorted(draw.randrange(365 * 86_400) for _ in of)
    for number, (service, start) in enumerate(zip(of, starts, strict=True)):
        begin = dt.datetime.fromtimestamp(first + start, dt.UTC)
        end = begin + dt.timedelta(seconds=int(60 * 600 ** draw.random()))
        standing = "NON_CONTESTEE" if number % 100 else "CONTESTEE"
        yield service, begin, end, "PANNE", standing, begin, False, "", "", "", ""
