"""The tests of each half of `make test`: `--half sqlite` and `--half postgresql` (ADR 0059).

Without this option, every test runs on the database at hand.
"""

from functools import cache

READS_AND_WRITES = {"services", "selectors", "faults"}
"""Folders whose tests ask the database itself; the others see it through these."""
SMALL_APPS, SEEN_THROUGH = {"outages", "statements"}, {"views", "rules"}
"""They have no such folders; their modules of this name see the database through the others."""

ON_BOTH = {
    "SQL of our own, triggers, locks, copies of the database": (
        "calendar_app/services/test_reminder_archiving.py",
        "calendar_app/services/test_reminder_planning.py",
        "journal/selectors/test_entries.py",
        "journal/services/test_chain.py",
        "journal/services/test_changes.py",
        "journal/services/test_readings.py",
        "journal/services/test_seal.py",
        "operations/selectors/test_upgrade.py",
        "operations/services/test_backups.py",
        "perf/selectors/test_park.py",
        "privacy/services/test_erasure.py",
        "privacy/services/test_retention.py",
    ),
    "text compared without regard to case": (
        "accounts/services/test_api_tokens.py",
        "accounts/services/test_invitations.py",
        "accounts/services/test_organisations.py",
        "calendar_app/services/test_pieces.py",
        "imports/services/test_organisation_imports.py",
        "pilots/prefiguration/services/test_contacts.py",
    ),
    "sums, ranks, days and JSON read in SQL": (
        "calendar_app/selectors/portfolio/test_groups.py",
        "perf/selectors/test_outages.py",
        "perf/selectors/test_overview.py",
        "perf/selectors/test_trend.py",
    ),
    "a constraint of the database that a service catches": (
        "calendar_app/services/test_orders.py",
        "imports/services/test_jobs.py",
        "perf/services/test_imports.py",
        "perf/services/test_ticket_imports.py",
        "perf/services/test_tickets.py",
        "pilots/pv/services/test_digest.py",
    ),
}
"""Modules that a second database may change, by the reason; the other services and selectors run
on that of production alone, and on SQLite through the pages and the API.
"""


def has_none(half, path):
    """Is no test of this module in the half? It is then not even imported."""
    if half != "postgresql" or path.suffix != ".py":
        return False
    folders = READS_AND_WRITES | SMALL_APPS | {"e2e"}
    return not folders & {*path.parts, kind_of(path)} and "distributed" not in path.read_text()


def is_in(half, item):
    of_rules = item.get_closest_marker("one_database")
    if half == "postgresql":
        return needs_services(item) or (asks_database(item) and not of_rules)
    return not needs_services(item) and (
        not asks_database(item) or of_rules or runs_on_both(item.path)
    )


def needs_services(item):
    return any(item.get_closest_marker(name) for name in ("e2e", "distributed"))


def asks_database(item):
    """The test of a service or a selector, with a database."""
    kind = kind_of(item.path)
    folders = READS_AND_WRITES if kind in SEEN_THROUGH else READS_AND_WRITES | SMALL_APPS
    return folders & {*item.path.parts, kind} and uses_database(item)


@cache
def runs_on_both(path):
    return any(path.match(f"tests/{name}") for names in ON_BOTH.values() for name in names)


def kind_of(path):
    return path.stem.removeprefix("test_")


def uses_database(item):
    names = {"_django_db_helper", "live_server"} & set(getattr(item, "fixturenames", ()))
    return names or item.get_closest_marker("django_db")
