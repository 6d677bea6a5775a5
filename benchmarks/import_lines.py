"""Imports by lines: the run of a long file, against the bare insertion of the rows that it makes.

Each kind has a PostgreSQL and a process of its own. The bare insertion is `bulk_create` of the same
rows in the same process, their objects being made already.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import django
from django.core.management import call_command

from benchmarks.report import machine, say
from tests.services import postgres

LINES = 10_000
OF_INSERT, MEMORY = 3, 300
"""Asked: the run ÷ the bare insertion; megabytes of the process."""
KINDS = ("tickets", "ratios", "prestations")
CLIENTS = 2_500
NOW = dt.datetime(2027, 11, 30, 9, tzinfo=dt.UTC)


def report() -> int:
    """Prints the table; 0 if the targets are met, else 1."""
    found = {kind: _measured(kind) for kind in KINDS}
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
    from imports.models import Import  # noqa: PLC0415
    from imports.services import jobs  # noqa: PLC0415
    from imports.services.kinds import KINDS as REGISTERED  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    user, organisation = _park(kind)
    content = "\n".join(";".join(line) for line in _file(kind)).encode()
    job = jobs.keep(
        user=user,
        organisation=organisation,
        kind=kind,
        name="banc.csv",
        content=content,
        lines=LINES,
        now=NOW,
    )
    sha256 = hashlib.sha256(content).hexdigest()
    jobs.confirm(user=user, kind=kind, sha256=sha256, now=NOW)
    of: Any = REGISTERED[kind]
    reverse("imports:index")  # the addresses of the site are loaded once for all, not for this file
    read = seconds(lambda: of.read(content))
    run = seconds(lambda: jobs.run(job.pk, now=NOW))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    job = Import.objects.get(pk=job.pk)
    if not job.sentence:
        raise SystemExit(f"{kind}: {job.errors}")
    bare, rows = _bare(kind)
    return {"run": run, "read": read, "bare": bare, "rows": rows, "memory": memory}


def _park(kind: str) -> tuple[Any, Any]:
    """A Fournisseur, its member, CLIENTS Clients; prestations, and services, where lines name
    them."""
    from accounts.enums import Kind, Role  # noqa: PLC0415
    from accounts.models import Membership, Organisation, User  # noqa: PLC0415
    from calendar_app.models import Dispositif, Prestation, Solution, Supplier  # noqa: PLC0415
    from calendar_app.services.calendar_loading import load_calendars  # noqa: PLC0415
    from perf.models import Service  # noqa: PLC0415

    load_calendars()
    of = Dispositif.objects.get(slug="drimbox" if kind == "tickets" else "ris")
    editeur = Organisation.objects.create(kind=Kind.EDITEUR, name="Éditeur", siren="900000001")
    user = User.objects.create(email="banc@editeur.example", full_name="Banc")
    Membership.objects.create(user=user, organisation=editeur, role=Role.MANDATAIRE)
    solution = Solution.objects.create(
        organisation=editeur, dispositif=of, name="Solution", created_at=NOW
    )
    supplier = Supplier.objects.create(solution=solution, organisation=editeur)
    clients = Organisation.objects.bulk_create(
        Organisation(kind=Kind.CLIENT, name=f"Centre fictif {n}", finess=f"{750000000 + n}")
        for n in range(LINES if kind == "prestations" else CLIENTS)
    )
    if kind != "prestations":
        made = Prestation.objects.bulk_create(
            Prestation(supplier=supplier, organisation=editeur, dispositif=of, client=client)
            for client in clients
        )
        Service.objects.bulk_create(
            Service(prestation=one, code=f"service-{n}") for n, one in enumerate(made)
        )
    return user, editeur


def _file(kind: str) -> Iterator[list[str]]:
    from imports.services.kinds import KINDS as REGISTERED  # noqa: PLC0415

    of: Any = REGISTERED[kind]
    yield [str(column.label) for column in of.columns.values()]
    for number in range(LINES):
        client, turn = number % CLIENTS, number // CLIENTS
        if kind == "tickets":
            day = f"{1 + number % 28:02}/{1 + number % 10:02}/2027"
            hours = (f"{day} 10:{turn:02}", f"{day} 10:30", f"{day} 14:00")
            yield [f"service-{client}", f"SUP-{number}", "Images absentes", *hours]
        elif kind == "ratios":
            yield [
                f"{750000000 + client}",
                "",
                "PERFm",
                f"{1 + turn:02}/2027",
                "180",
                "200",
                "0",
                "0",
            ]
        else:
            yield [f"{750000000 + number}", "Solution", f"BDC-{number}", "05/11/2026"]


def _bare(kind: str) -> tuple[float, int]:
    """Seconds to insert, in one transaction, the rows that the import has just made."""
    from django.db import connection, transaction  # noqa: PLC0415

    from benchmarks.processor import seconds  # noqa: PLC0415
    from calendar_app.models import Deadline, Prestation, Reminder  # noqa: PLC0415
    from perf.models import Ratio, Ticket  # noqa: PLC0415

    of_kind: dict[str, list[Any]] = {
        "tickets": [Ticket],
        "ratios": [Ratio],
        "prestations": [Prestation, Deadline, Reminder],
    }
    models = of_kind[kind]
    made = [list(model.objects.order_by("pk")) for model in models]
    tables = ", ".join(model._meta.db_table for model in models)  # noqa: SLF001
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {tables} CASCADE")

    def insert() -> None:
        with transaction.atomic():
            for model, rows in zip(models, made, strict=True):
                model.objects.bulk_create(rows, batch_size=1000)

    return seconds(insert), sum(len(rows) for rows in made)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "segur.settings")
    django.setup()
    say(json.dumps(measure(sys.argv[1])))
