"""Imports by lines: the run of a long file, against the bare insertion of the rows that it makes.

Each kind has a PostgreSQL and a process of its own. The bare insertion is `bulk_create` of the same
rows in the same process, their objects being made already: the median of three.

ROWS says which rows count: what the file names and what comes with it. Where one entry of the
journal lists the lines, or each closes a deadline, the journal does not count. Contacts and
organisations count theirs, one or two for each line, and the mails, whose texts are composed by the
run and given to the insertion; of the contacts a quarter is invited to an interview.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import resource
import statistics
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import django
from django.apps import apps
from django.core.management import call_command
from stdnum import luhn

from benchmarks.report import machine, say
from tests.services import postgres

LINES = 10_000
TURNS = 3
OF_INSERT, MEMORY = 3, 300
"""Asked: the run ÷ the bare insertion; megabytes of the process."""
ROWS = {
    "tickets": ("perf.Ticket",),
    "ratios": ("perf.Ratio",),
    "prestations": ("calendar_app.Prestation", "calendar_app.Deadline", "calendar_app.Reminder"),
    "clients": (
        "accounts.Organisation",
        "calendar_app.Prestation",
        "calendar_app.Deadline",
        "calendar_app.Reminder",
    ),
    "outages": ("perf.Outage", "perf.OutageVersion"),
    "reprise": ("calendar_app.Filing",),
    "contacts": ("pilots.Contact", "journal.Entry", "mailing.OutgoingMail"),
    "organisations": (
        "accounts.Organisation",
        "accounts.Invitation",
        "journal.Entry",
        "mailing.OutgoingMail",
    ),
}
"""Kind → the models whose rows count, each after those that it points to."""
CLIENTS = 2_500
START = dt.date(2025, 1, 6)
NOW = dt.datetime(2027, 11, 30, 9, tzinfo=dt.UTC)
AFTER = NOW + dt.timedelta(days=20)


def report() -> int:
    """Prints the table; 0 if the targets are met, else 1."""
    found = {kind: _measured(kind) for kind in ROWS}
    say(f"\n# Imports by lines, {LINES:,} lines\n")
    say(f"{machine()} · PostgreSQL · one run, processor time of Python and of PostgreSQL\n")
    say("| file | run s | of which reading s | bare insertion s | run ÷ insertion | memory MB |")
    say("|---|---:|---:|---:|---:|---:|")
    for kind, one in found.items():
        ratio = one["run"] / one["bare"]
        say(
            f"| {kind}, {one['rows']:,} rows | {one['run']:.1f} | {one['read']:.1f} | "
            f"{one['bare']:.1f} | {ratio:.1f} | {one['memory']:.0f} |"
        )
    say(f"\nAsked: at most {OF_INSERT} times the insertion, below {MEMORY} MB.")
    good = [
        one["run"] <= OF_INSERT * one["bare"] and one["memory"] < MEMORY for one in found.values()
    ]
    return 0 if all(good) else 1


def _measured(kind: str) -> dict[str, Any]:
    call = [sys.executable, "-m", "benchmarks.import_lines", kind]
    with postgres() as url:
        env = {**os.environ, "DATABASE_URL": url, "DATABASE_POOL": "0"}
        done = subprocess.run(call, check=True, stdout=subprocess.PIPE, env=env)  # noqa: S603
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def measure(kind: str) -> dict[str, Any]:
    """Imports a file of the kind in an empty database."""
    from django.urls import reverse  # noqa: PLC0415  (Django is set up in this process first)

    from benchmarks.processor import seconds  # noqa: PLC0415
    from calendar_app.models import Supplier  # noqa: PLC0415
    from calendar_app.reading.order_file import read_orders  # noqa: PLC0415
    from imports.models import Import  # noqa: PLC0415
    from imports.services import jobs  # noqa: PLC0415
    from imports.services.kinds import KINDS as REGISTERED  # noqa: PLC0415
    from perf.reading.outage_file import read as read_outages  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    user, organisation = _park(kind)
    content = "\n".join(";".join(line) for line in _file(kind)).encode()
    supplier = Supplier.objects.get().pk if kind == "clients" else None
    job = jobs.keep(
        user=user,
        organisation=organisation,
        kind=kind,
        name="banc.csv",
        content=content,
        lines=LINES,
        options={"supplier": supplier, "are_distinct": True},
        now=NOW,
    )
    sha256 = hashlib.sha256(content).hexdigest()
    jobs.confirm(user=user, kind=kind, sha256=sha256, now=NOW)
    of: Any = REGISTERED[kind]
    reverse("imports:index")  # the addresses of the site are loaded once for all, not for this file
    readers = {"clients": read_orders, "outages": read_outages}
    read = seconds(lambda: readers[kind](content) if kind in readers else of.read(content))
    run = seconds(lambda: jobs.run(job.pk, now=NOW))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    job = Import.objects.get(pk=job.pk)
    if not job.sentence:
        raise SystemExit(f"{kind}: {job.errors}")
    bare, rows = _bare(kind)
    return {"run": run, "read": read, "bare": bare, "rows": rows, "memory": memory}


def _park(kind: str) -> tuple[Any, Any]:
    """Who imports, and for which organisation, with what the lines name: Clients, prestations,
    services or préfigurateurs."""
    from accounts.enums import Kind, Role  # noqa: PLC0415
    from accounts.models import Membership, Organisation, User  # noqa: PLC0415
    from calendar_app.services.calendar_loading import load_calendars  # noqa: PLC0415

    load_calendars()
    of_ans = kind == "organisations"
    own = Organisation.objects.create(
        kind=Kind.ANS if of_ans else Kind.EDITEUR, name="Banc", siren="" if of_ans else "900000001"
    )
    user = User.objects.create(email="banc@banc.example", full_name="Banc")
    role = Role.RESPONSABLE if of_ans else Role.MANDATAIRE
    Membership.objects.create(user=user, organisation=own, role=role)
    if not of_ans:
        _fill(kind, own)
    return user, own


def _fill(kind: str, editeur: Any) -> None:
    from accounts.enums import Kind  # noqa: PLC0415
    from accounts.models import Organisation  # noqa: PLC0415
    from calendar_app.enums import Market  # noqa: PLC0415
    from calendar_app.models import Dispositif, Prestation, Solution, Supplier  # noqa: PLC0415
    from calendar_app.services.deadlines import open_for_prestations  # noqa: PLC0415
    from perf.models import Service  # noqa: PLC0415

    slug = "drimbox" if kind in ("tickets", "outages", "contacts") else "ris"
    of = Dispositif.objects.get(slug=slug)
    solution = Solution.objects.create(
        organisation=editeur,
        dispositif=of,
        name="Solution",
        created_at=NOW,
        market=Market.COMPETITIVE,
        referenced_on=START,
    )
    if kind == "contacts":
        _prefigurateurs(solution)
        return
    supplier = Supplier.objects.create(
        solution=solution,
        organisation=editeur,
        declared_on=START,
        mandate_from=START,
        mandate_until=NOW.date(),
        psc_from=START,
        psc_until=NOW.date(),
    )
    if kind == "clients":
        return
    clients = Organisation.objects.bulk_create(
        Organisation(kind=Kind.CLIENT, name=f"Centre fictif {n}", finess=f"{750000000 + n}")
        for n in range({"prestations": LINES, "reprise": LINES // 2}.get(kind, CLIENTS))
    )
    if kind == "prestations":
        return
    made = Prestation.objects.bulk_create(
        Prestation(
            supplier=supplier,
            organisation=editeur,
            dispositif=of,
            client=client,
            created_at=NOW,
        )
        for client in clients
    )
    if kind == "reprise":
        open_for_prestations(made, now=NOW)
    Service.objects.bulk_create(
        Service(prestation=one, code=f"service-{n}") for n, one in enumerate(made)
    )


def _prefigurateurs(solution: Any) -> None:
    """CLIENTS of them: a contact was asked for each, a quarter has an interview."""
    from calendar_app.models import Deadline  # noqa: PLC0415
    from pilots.enums import PrefigurateurKind, Stage  # noqa: PLC0415
    from pilots.prefiguration.models import Prefigurateur  # noqa: PLC0415

    shared = {"organisation": solution.organisation, "dispositif": solution.dispositif}
    asked = Deadline.objects.bulk_create(
        Deadline(solution=solution, code=f"contact-{n}", title="Contact", due_at=AFTER, **shared)
        for n in range(CLIENTS)
    )
    Prefigurateur.objects.bulk_create(
        Prefigurateur(
            kind=PrefigurateurKind.SITE,
            name=f"Centre fictif {n}",
            solution=solution,
            contact_request=deadline,
            stage=Stage.WORKING_LIST if n % 4 else Stage.CONTACT,
            interview_at=None if n % 4 else AFTER,
        )
        for n, deadline in enumerate(asked)
    )


def _file(kind: str) -> Iterator[list[str]]:
    from calendar_app.reading.order_file import COLUMNS  # noqa: PLC0415
    from imports.services.kinds import KINDS as REGISTERED  # noqa: PLC0415
    from perf.reading.outage_file import REQUIRED  # noqa: PLC0415

    of: Any = REGISTERED[kind]
    titles = {"clients": COLUMNS, "outages": REQUIRED}
    yield list(titles.get(kind) or [str(column.label) for column in of.columns.values()])
    for number in range(LINES):
        yield _line(kind, number)


def _line(kind: str, number: int) -> list[str]:  # noqa: PLR0911  (one for each kind)
    client, turn = number % CLIENTS, number // CLIENTS
    day, finess = f"{1 + number % 28:02}/{1 + number % 10:02}/2027", f"{750000000 + client}"
    match kind:
        case "tickets":
            hours = (f"{day} 10:{turn:02}", f"{day} 10:30", f"{day} 14:00")
            return [f"service-{client}", f"SUP-{number}", "Images absentes", *hours]
        case "ratios":
            return [finess, "", "PERFm", f"{1 + turn:02}/2027", "180", "200", "0", "0"]
        case "outages":
            ends = (f"{day} 18:00", f"{day} 20:00")
            return [f"service-{client}", *ends, "FOURNISSEUR", f"F-{number}", "Disque"]
        case "clients":
            name = f"Centre fictif {number}"
            return [f"{750000000 + number}", name, "Paris", "", f"BDC-{number}", "", ""]
        case "reprise":
            deposit = ("ris-5", "02/06/2027 10:00") if number % 2 else ("ris-4", "01/06/2027 10:00")
            of_client = f"{750000000 + number // 2}"
            return [deposit[0], of_client, "", "Déposé", deposit[1], f"ASP-{number}", "", ""]
        case "contacts":
            person = [f"Personne {number}", f"personne{number}@banc.example", "", "Cadre"]
            terms = ["", "Communiqué par l'établissement.", "30/04/2028"]
            return [f"Centre fictif {client}", "", *person, *terms]
        case "organisations":
            who = "Distributeur" if number % 2 else "Éditeur"
            named = [who, f"Société fictive {number}", f"{10_000_000 + number:08}", "Nantes"]
            named[2] += luhn.calc_check_digit(named[2])
            return [*named, f"personne{number}@banc.example", ""]
        case _:
            return [f"{750000000 + number}", "Solution", f"BDC-{number}", "05/11/2026"]


def _bare(kind: str) -> tuple[float, int]:
    """Seconds to insert, in one transaction, the rows that the import has just made."""
    from django.db import transaction  # noqa: PLC0415

    from benchmarks.processor import seconds  # noqa: PLC0415
    from journal.services.append_only import lifted  # noqa: PLC0415

    models: list[Any] = [apps.get_model(name) for name in ROWS[kind]]
    querysets = [_made_rows(model) for model in models]
    made = [list(rows.order_by("pk")) for rows in querysets]

    def delete() -> None:
        with lifted(), transaction.atomic():  # outages and versions name each other until its end
            for rows in reversed(querysets):
                rows._raw_delete(rows.db)  # noqa: SLF001  (what points to these rows is among them)

    def insert() -> None:
        with transaction.atomic():
            for model, rows in zip(models, made, strict=True):
                model.objects.bulk_create(rows, batch_size=1000)

    took = []
    for _turn in range(TURNS):
        delete()
        took.append(seconds(insert))
    return statistics.median(took), sum(len(rows) for rows in made)


def _made_rows(model: Any) -> Any:
    """The organisations of a file: not the one that imports."""
    rows = model.objects.order_by()
    return rows.exclude(name="Banc") if model.__name__ == "Organisation" else rows


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "segur.settings")
    if len(sys.argv) == 1:
        sys.exit(report())
    django.setup()
    say(json.dumps(measure(sys.argv[1])))
