"""`make bench`: what the first visit of each page costs, by the browser's own counters.

gunicorn with the demonstration, static files and pages compressed as in production. Each address of
the site is opened once in a browser that has nothing kept, as the first of `VISITORS` who may see
it. Chromium counts the bytes (Resource Timing), what moves while the page loads (Layout
Instability) and what holds the browser for more than 50 ms (Long Tasks); a page with a long task is
opened again, twice at most, as another program may have held the machine.
`python -m benchmarks.weights WORD…` opens the addresses that have one of the words.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, sync_playwright

from benchmarks.load import running_site
from benchmarks.report import machine, say
from tests.chromium import FLAGS

SETTINGS = "benchmarks.compressed_settings"
LIMIT_KB, SHOWN, TRIES = 100, 15, 3
OBSERVE = """
const seen = window.seen = {shift: 0, long: 0};
const watch = (type, note) => new PerformanceObserver(list => list.getEntries().forEach(note))
  .observe({type, buffered: true});
watch("layout-shift", entry => { if (!entry.hadRecentInput) seen.shift += entry.value; });
watch("longtask", entry => { seen.long = Math.max(seen.long, entry.duration); });
"""
COUNT = """() => {
  const loads = ["navigation", "resource"].flatMap(kind => performance.getEntriesByType(kind));
  return {...window.seen, bytes: loads.reduce((sum, load) => sum + load.transferSize, 0),
    files: loads.length, page: loads[0].transferSize};
}"""


@dataclass(frozen=True)
class Visit:
    path: str
    person: str
    bytes: int
    page: int
    """Bytes of the page itself, without its files."""
    files: int
    shift: float
    long: float
    """Milliseconds of the longest task beyond 50."""
    elsewhere: tuple[str, ...]

    @property
    def kb(self) -> float:
        return self.bytes / 1000

    @property
    def is_missed(self) -> bool:
        return bool(self.kb > LIMIT_KB or self.shift or self.long or self.elsewhere)


def main(words: list[str]) -> int:
    """Prints the heaviest pages and those that miss a target; 0 if none misses, else 1."""
    with tempfile.TemporaryDirectory(prefix="segur-weights-") as folder:
        environment = {**os.environ, "VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": SETTINGS}
        for name in ("DATABASE_URL", "REDIS_URL"):
            environment.pop(name, None)
        _run("manage.py", "prepare", "--demo", env=environment)
        found = json.loads(_run("-m", "benchmarks.visits", *words, env=environment))
        with running_site(environment) as port:
            visits = [*_visits(f"http://127.0.0.1:{port}", found)]
    return report(visits)


def report(visits: list[Visit]) -> int:
    visits = sorted(visits, key=lambda visit: -visit.bytes)
    missed = [visit for visit in visits if visit.is_missed]
    middle = visits[len(visits) // 2]
    say("\n# The first visit of each page\n")
    say(f"{machine()} · Chromium, nothing kept, 1280 × 900\n")
    say(
        "| page, as | kB | of which the page | requests | to another site "
        "| layout shift | longest task, ms |"
    )
    say("|---|---:|---:|---:|---:|---:|---:|")
    sites = {urlsplit(url).netloc for visit in missed for url in visit.elsewhere}
    for visit in dict.fromkeys([*visits[:SHOWN], middle, visits[-1], *missed]):
        say(
            f"| {visit.path} {visit.person} | {visit.kb:.1f} | {visit.page / 1000:.1f} "
            f"| {visit.files} | {len(visit.elsewhere)} | {visit.shift:.3f} | {visit.long:.0f} |"
        )
    if sites:
        say(f"\nOther sites: {', '.join(sorted(sites))}.")
    say(f"\n{len(visits)} pages: the {SHOWN} heaviest, the median, the lightest, those that miss.")
    say(
        f"Asked: at most {LIMIT_KB} kB, no request to another site, no layout shift, no task beyond"
    )
    say(f"50 ms. Pages that miss a target: {len(missed)}.")
    return int(bool(missed))


def _visits(site: str, found: list[dict[str, str]]) -> Iterator[Visit]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=which("chromium"), args=FLAGS)
        for page in found:
            tries = [_visit(browser, site, page)]
            while tries[-1].long and len(tries) < TRIES:
                tries.append(_visit(browser, site, page))
            yield min(tries, key=lambda visit: visit.long)
        browser.close()


def _visit(browser: Browser, site: str, found: dict[str, str]) -> Visit:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="fr-FR")
    if found["cookie"]:
        name, _, value = found["cookie"].partition("=")
        context.add_cookies([{"name": name, "value": value, "url": site}])
    page = context.new_page()
    elsewhere: list[str] = []
    page.on("request", lambda asked: _note(elsewhere, asked.url, site))
    page.add_init_script(OBSERVE)
    page.goto(f"{site}{found['path']}", wait_until="networkidle")
    counted: dict[str, Any] = page.evaluate(COUNT)
    context.close()
    return Visit(found["path"], found["person"], elsewhere=tuple(elsewhere), **counted)


def _note(elsewhere: list[str], url: str, site: str) -> None:
    """The pages of Chromium's own PDF viewer (chrome:, chrome-extension:) go nowhere."""
    is_elsewhere = urlsplit(url).netloc != urlsplit(site).netloc
    if is_elsewhere and url.startswith(("http", "ws")):
        elsewhere.append(url)


def _run(*arguments: str, env: dict[str, str]) -> str:
    return subprocess.run(  # noqa: S603  (ourselves)
        [sys.executable, *arguments],
        check=True,
        env=env,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parent.parent,
    ).stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
