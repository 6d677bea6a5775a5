"""Everything in the order in which it rests on something else."""

from django.db import connection, transaction
from django.utils import timezone

from accounts.enums import Kind
from accounts.models import Organisation
from benchmarks.population.deadlines import fill_deadlines
from benchmarks.population.followed import fill_followed
from benchmarks.population.market import fill_market
from benchmarks.population.size import Size
from calendar_app.models import Deadline, Filing, Prestation, Solution
from calendar_app.services.calendar_loading import load_calendars
from journal.models import Entry
from perf.models import Outage
from pilots.pv.models import PilotPV


def fill(share: float = 1.0) -> None:
    """On an empty database, already migrated; `share` 0.1 is a tenth of the programme."""
    size = Size(share, timezone.now())
    load_calendars()
    with transaction.atomic():
        market = fill_market(size)
        fill_deadlines(size, market)
        fill_followed(size, market)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def counts() -> dict[str, int]:
    return {
        "organisations": Organisation.objects.exclude(kind=Kind.CLIENT).count(),
        "clients": Organisation.objects.filter(kind=Kind.CLIENT).count(),
        "solutions": Solution.objects.count(),
        "prestations": Prestation.objects.count(),
        "deadlines": Deadline.objects.count(),
        "filings": Filing.objects.count(),
        "outages": Outage.objects.count(),
        "PV": PilotPV.objects.count(),
        "entries": Entry.objects.count(),
    }
