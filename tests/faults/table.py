"""`make faults`: each fault on the real processes, three times, into docs/faults.md.

`python -m tests.faults.table run FILE NAME…` does some faults once and adds them to FILE as JSON;
`… write FILE…` makes the table of all.
"""

import http.client
import json
import signal
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from statistics import median

import django
from django.conf import settings

django.setup()

from tests.faults.site import Site  # noqa: E402
from tests.processes import wait_until  # noqa: E402

RUNS = 3
MAILS = 40
SHORT, LONG = 300.0, 1200.0
DOCUMENT = settings.BASE_DIR / "docs" / "faults.md"


def nothing(_site: Site, _name: str) -> None:
    pass


def worker_killed_before(site: Site, _name: str) -> None:
    _kill_at(site, "RCPT")


def worker_killed_after(site: Site, _name: str) -> None:
    _kill_at(site, "DATA")


def _kill_at(site: Site, place: str) -> None:
    site.sink.stalled.clear()
    site.sink.resume.clear()
    site.sink.stall_at = place
    assert site.sink.stalled.wait(120)
    site.kill("mail")
    site.sink.stall_at = ""
    site.sink.resume.set()
    site.start("mail")


def redis_away(site: Site, name: str) -> None:
    with site.without_redis():
        site.write(name, 5)  # acts go on
        time.sleep(20)


def postgres_away(site: Site, _name: str) -> None:
    with site.without_postgres():
        time.sleep(10)


def postgres_lost_after_the_reply(site: Site, _name: str) -> None:
    site.sink.stalled.clear()
    site.sink.resume.clear()
    site.sink.stall_at = "DATA"
    assert site.sink.stalled.wait(120)
    with site.without_postgres():
        site.sink.stall_at = ""
        site.sink.resume.set()
        time.sleep(5)


def pages_when_postgres_is_back(site: Site, _name: str) -> float:
    """Seconds from PostgreSQL that answers to the first page."""
    wait_until(lambda: _page(site) == http.HTTPStatus.OK, 60)
    with site.without_postgres():
        time.sleep(10)
        _page(site)
    began = time.monotonic()
    wait_until(lambda: _page(site) == http.HTTPStatus.OK, 120)
    return time.monotonic() - began


def _page(site: Site) -> int:
    link = http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)
    try:
        link.request("GET", "/calendriers/", headers={"Host": "127.0.0.1"})
        return link.getresponse().status
    except OSError:
        return 0
    finally:
        link.close()


def relay_slow_after_the_dot(site: Site, name: str) -> None:
    before = sum(site.arrived(name).values())
    site.sink.slow_at, site.sink.slowness = "DATA", 20.0
    site.wait_for(name, before + 4)
    site.sink.slow_at = ""


def relay_refuses_for_a_minute(site: Site, _name: str) -> None:
    site.sink.refuse_all = "554 5.7.1 Service indisponible"
    time.sleep(60)
    site.sink.refuse_all = ""


def relay_cuts_after_the_content(site: Site, name: str) -> None:
    before = sum(site.arrived(name).values())
    site.sink.cut_at = "DATA"
    site.wait_for(name, before + 1)
    site.sink.cut_at = ""


def relay_away(site: Site, _name: str) -> None:
    with site.sink.closed():
        time.sleep(30)


def beat_killed(site: Site, name: str) -> None:
    site.kill("beat")
    site.write(name, 5)
    time.sleep(10)
    site.start("beat")


def two_beats(site: Site, name: str) -> None:
    site.start("beat", "second")
    site.wait_for(name, MAILS)
    site.kill("second")


FAULTS: dict[str, tuple[str, Callable[[Site, str], float | None], float]] = {
    "none": ("no fault", nothing, SHORT),
    "redis": ("Redis killed, away for 20 s, five acts meanwhile", redis_away, SHORT),
    "postgres": ("PostgreSQL killed, away for 10 s", postgres_away, LONG),
    "outcome": (
        "PostgreSQL killed between the reply and its record, away for 5 s",
        postgres_lost_after_the_reply,
        LONG,
    ),
    "pages": (
        "PostgreSQL killed, away for 10 s: the first page",
        pages_when_postgres_is_back,
        SHORT,
    ),
    "slow": ("relay that answers the final dot after 20 s", relay_slow_after_the_dot, SHORT),
    "refuses": ("relay that refuses everybody for 60 s", relay_refuses_for_a_minute, LONG),
    "cut": ("connection cut after the content (window 2)", relay_cuts_after_the_content, SHORT),
    "relay": ("relay away for 30 s", relay_away, LONG),
    "beat": ("beat killed, away for 10 s", beat_killed, SHORT),
    "beats": ("two beats", two_beats, SHORT),
    "before": ("mail worker killed before the content, started again", worker_killed_before, LONG),
    "after": (
        "mail worker killed between the reply and its record (window 1), started again",
        worker_killed_after,
        LONG,
    ),
}


def run(name: str, site: Site) -> dict[str, object]:
    label, fault, patience = FAULTS[name]
    host = f"{name}{time.time_ns()}"
    site.sink.slow_at, site.sink.slowness = "RCPT", 0.3  # the fault comes in the middle
    site.write(host, MAILS)
    site.wait_for(host, MAILS // 4)
    of_page = fault(site, host)
    site.sink.slow_at = ""
    seconds = site.settle(host, patience)
    site.sink.calm()
    arrived, states = site.arrived(host), site.states(host)
    return {
        "fault": label,
        "due": sum(states.values()),
        "sent": states["ENVOYE"],
        "perhaps": states["INCERTAIN"],
        "doubled": sum(arrived.values()) - len(arrived),
        "lost": sum(states.values()) - len(arrived),
        "seconds": round(seconds if of_page is None else of_page, 1),
        "restarts": dict(site.restarts),
    }


def run_all(target: Path, names: list[str]) -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with tempfile.TemporaryDirectory(prefix="segur-faults-") as folder, Site(Path(folder)) as site:
        for name in names or list(FAULTS):
            found = run(name, site)
            with target.open("a") as file:
                file.write(json.dumps(found) + "\n")
            sys.stdout.write(f"{found}\n")


HEAD = """# Faults on real services

Made by `make faults`: PostgreSQL, Redis, an SMTP server, a web process, a worker for mails (two at
a time), one for the other tasks, beat. {mails} mails each time, the fault in their middle.

*due*: mails of the ledger; *sent*: recorded as such; *perhaps*: «peut-être reçu»; *doubled*: copies
beyond the first at the server, under the same Message-ID; *lost*: due and not at the server;
*seconds*: from the end of the fault to the record of the last mail, median and worst.

| fault | runs | due | sent | perhaps | doubled | lost | seconds |
|---|---:|---:|---:|---:|---:|---:|---:|
"""


def write(files: list[Path]) -> None:
    found = defaultdict(list)
    for file in files:
        for line in file.read_text().splitlines():
            one = json.loads(line)
            found[one["fault"]].append(one)
    lines = []
    for label, _fault, _patience in FAULTS.values():
        runs = found.get(label, [])
        if not runs:
            continue
        sums = [
            sum(int(one[key]) for one in runs)
            for key in ("due", "sent", "perhaps", "doubled", "lost")
        ]
        seconds = [float(one["seconds"]) for one in runs]
        cells = [label, len(runs), *sums, f"{median(seconds):.0f} ({max(seconds):.0f})"]
        lines.append(f"| {' | '.join(map(str, cells))} |\n")
    after = DOCUMENT.read_text().partition("<!-- by hand -->")[2] if DOCUMENT.exists() else "\n"
    DOCUMENT.write_text(HEAD.format(mails=MAILS) + "".join(lines) + "\n<!-- by hand -->" + after)


def main() -> None:
    if sys.argv[1:2] == ["run"]:
        run_all(Path(sys.argv[2]), sys.argv[3:])
    elif sys.argv[1:2] == ["write"]:
        write([Path(one) for one in sys.argv[2:]])
    else:
        with tempfile.TemporaryDirectory() as folder:
            files = [Path(folder, f"{number}.json") for number in range(RUNS)]
            for file in files:
                command = [sys.executable, "-m", "tests.faults.table", "run", str(file)]
                subprocess.run(command, check=True)
            write(files)


if __name__ == "__main__":
    main()
