"""Imports by lines: the run of a long file, against the bare insertion of the rows that it makes.

Each kind has a PostgreSQL and a process of its own. The bare insertion is `bulk_create` of the same
rows in the same process, their objects being made already: the median of three. Contacts and
organisations, which write to people, have as many lines as their files may have.
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
from django.core.management import call_command

from benchmarks.report import machine, say
from tests.services import postgres

LINES, FEW = 10_000, 500
TURNS = 3
OF_INSERT, MEMORY = 3, 300
"""Asked: the run ÷ the bare insertion; megabytes of the process."""
KINDS = ("tickets", "ratios", "prestations", "clients", "outages", "reprise")
INVITING = ("contacts", "organisations")
CLIENTS = 2_500
START = dt.date(2025, 1, 6)
NOW = dt.datetime(2027, 11, 30, 9, tzinfo=dt.UTC)


def report() -> int:
    """Prints the table; 0 if the targets are met, else 1."""
    found = {kind: _measured(kind) for kind in (*KINDS, *INVITING)}
    say(f"\n# Imports by lines, {LINES:,} lines; contacts and organisations, {FEW}\n")
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
    fast = all(found[kind]["run"] <= OF_INSERT * found[kind]["bare"] for kind in KINDS)
    return 0 if fast and all(one["memory"] < MEMORY for one in found.values()) else 1


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
        lines=_lines(kind),
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


def _lines(kind: str) -> int:
    return FEW if kind in INVITING else LINES


def _inviting_park() -> tuple[Any, Any]:
    """A Responsable of the ANS who answers for the préfigurateurs of a couple too."""
    from accounts.enums import Kind, Role  # noqa: PLC0415
    from accounts.models import Membership, Organisation, User  # noqa: PLC0415
    from calendar_app.models import Dispositif, Solution  # noqa: PLC0415
    from calendar_app.services.calendar_loading import load_calendars  # noqa: PLC0415
    from pilots.prefiguration.models import Prefigurateur  # noqa: PLC0415

    load_calendars()
    editeur = Organisation.objects.create(kind=Kind.EDITEUR, name="Éditeur", siren="900000001")
    ans = Organisation.objects.create(kind=Kind.ANS, name="ANS")
    user = User.objects.create(email="banc@editeur.example", full_name="Banc")
    Membership.objects.create(user=user, organisation=editeur, role=Role.MANDATAIRE)
    Membership.objects.create(user=user, organisation=ans, role=Role.RESPONSABLE)
    solution = Solution.objects.create(
        organisation=editeur,
        dispositif=Dispositif.objects.get(slug="drimbox"),
        name="Solution",
        created_at=NOW,
    )
    Prefigurateur.objects.bulk_create(
        Prefigurateur(name=f"Centre fictif {n}", kind="SITE", solution=solution) for n in range(FEW)
    )
    return user, editeur


def _park(kind: str) -> tuple[Any, Any]:
    """A Fournisseur, its member, CLIENTS Clients; prestations, and services, where lines name
    them."""
    if kind in INVITING:
        return _inviting_park()
    from accounts.enums import Kind, Role  # noqa: PLC0415
    from accounts.models import Membership, Organisation, User  # noqa: PLC0415
    from calendar_app.enums import Market  # noqa: PLC0415
    from calendar_app.models import Dispositif, Prestation, Solution, Supplier  # noqa: PLC0415
    from calendar_app.services.calendar_loading import load_calendars  # noqa: PLC0415
    from calendar_app.services.deadlines import open_for_prestations  # noqa: PLC0415
    from perf.models import Service  # noqa: PLC0415

    load_calendars()
    of = Dispositif.objects.get(slug="drimbox" if kind in ("tickets", "outages") else "ris")
    editeur = Organisation.objects.create(kind=Kind.EDITEUR, name="Éditeur", siren="900000001")
    user = User.objects.create(email="banc@editeur.example", full_name="Banc")
    Membership.objects.create(user=user, organisation=editeur, role=Role.MANDATAIRE)
    solution = Solution.objects.create(
        organisation=editeur,
        dispositif=of,
        name="Solution",
        created_at=NOW,
        market=Market.COMPETITIVE,
        referenced_on=START,
    )
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
        return user, editeur
    clients = Organisation.objects.bulk_create(
        Organisation(kind=Kind.CLIENT, name=f"Centre fictif {n}", finess=f"{750000000 + n}")
        for n in range({"prestations": LINES, "reprise": LINES // 2}.get(kind, CLIENTS))
    )
    if kind != "prestations":
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
    return user, editeur


def _file(kind: str) -> Iterator[list[str]]:
    from calendar_app.reading.order_file import COLUMNS  # noqa: PLC0415
    from imports.services.kinds import KINDS as REGISTERED  # noqa: PLC0415
    from perf.reading.outage_file import REQUIRED  # noqa: PLC0415

    of: Any = REGISTERED[kind]
    titles = {"clients": COLUMNS, "outages": REQUIRED}
    yield list(titles.get(kind) or [str(column.label) for column in of.columns.values()])
    line = _inviting_line if kind in INVITING else _line
    for number in range(_lines(kind)):
        yield line(kind, number)


def _line(kind: str, number: int) -> list[str]:
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
        case _:
            return [f"{750000000 + number}", "Solution", f"BDC-{number}", "05/11/2026"]


def _inviting_line(kind: str, number: int) -> list[str]:
    if kind == "contacts":
        person = ("Personne Fictive", f"personne{number}@banc.example", "", "")
        return [f"Centre fictif {number}", "", *person, "", "L'établissement.", "30/04/2028"]
    siren = _luhn(f"{91000000 + number}")
    return ["Éditeur", f"Éditeur {number}", siren, "Paris", f"a{number}@banc.example", ""]


def _luhn(digits: str) -> str:
    """With the digit that makes it a SIREN."""
    doubled = (sum(divmod(int(one) * (2 - n % 2), 10)) for n, one in enumerate(digits[::-1]))
    return f"{digits}{-sum(doubled) % 10}"


def _bare(kind: str) -> tuple[float, int]:
    """Seconds to insert, in one transaction, the rows that the import has just made."""
    from django.db import transaction  # noqa: PLC0415

    from accounts.models import Invitation, Organisation  # noqa: PLC0415
    from benchmarks.processor import seconds  # noqa: PLC0415
    from calendar_app.models import Deadline, Filing, Prestation, Reminder  # noqa: PLC0415
    from perf.models import Outage, OutageVersion, Ratio, Ticket  # noqa: PLC0415
    from pilots.prefiguration.models import Contact  # noqa: PLC0415

    of_kind: dict[str, list[Any]] = {
        "tickets": [Ticket],
        "ratios": [Ratio],
        "prestations": [Prestation, Deadline, Reminder],
        "clients": [Organisation, Prestation, Deadline, Reminder],
        "outages": [Outage, OutageVersion],
        "reprise": [Filing],
        "contacts": [Contact],
        "organisations": [Organisation, Invitation],
    }
    querysets = [_made_rows(model) for model in of_kind[kind]]
    made = [list(rows.order_by("pk")) for rows in querysets]

    def delete() -> None:
        with transaction.atomic():  # constraints wait for its end: some rows name each other
            for rows in reversed(querysets):
                rows._raw_delete(rows.db)  # noqa: SLF001  (what points to these rows is among them)

    def insert() -> None:
        with transaction.atomic():
            for model, rows in zip(of_kind[kind], made, strict=True):
                model.objects.bulk_create(rows, batch_size=1000)

    took = []
    for _turn in range(TURNS):
        delete()
        took.append(seconds(insert))
    return statistics.median(took), sum(len(rows) for rows in made)


def _made_rows(model: Any) -> Any:
    """The organisations of a file are its Clients, or come with it: not those that import."""
    rows = model.objects.order_by()
    return rows.exclude(name__in=("Éditeur", "ANS")) if model.__name__ == "Organisation" else rows


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "segur.settings")
    django.setup()
    say(json.dumps(measure(sys.argv[1])))
