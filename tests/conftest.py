import gc
import json
import os
from contextlib import nullcontext
from hashlib import sha256
from itertools import count

import pytest
import time_machine
from django.apps import apps
from django.core.cache import cache, caches
from django.db import connection
from django.db.models.signals import post_migrate
from django.template.engine import Engine
from django.template.loaders import cached
from django.test import TransactionTestCase

from calendar_app.models import Dispositif, Milestone, MilestoneVersion
from calendar_app.services.calendar_loading import load_calendars
from documents.reading import apart
from documents.services import fates, uploads
from documents.services.uploads import check_upload
from pilots.checklists.services import load_checklists
from pilots.pv.services import signatures
from tests.demonstration import CONTENTS, Contents, copies_in
from tests.halves import has_none, is_in, uses_database
from tests.migrated import migrations_run_once

LATEST = pytest.StashKey[pytest.Item]()
"""Test that needs the database: that which is set up, or the last one."""


def pytest_addoption(parser):
    parser.addoption(
        "--half",
        choices=["sqlite", "postgresql"],
        help="only the tests of this half of `make test`",
    )
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write tests/golden/ again from what the site shows now",
    )


def pytest_ignore_collect(collection_path, config):
    return True if has_none(config.getoption("--half"), collection_path) else None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    items.sort(key=place)
    if half := config.getoption("--half"):
        config.hook.pytest_deselected(items=[item for item in items if not is_in(half, item)])
        items[:] = [item for item in items if is_in(half, item)]


def place(item):
    """First what waits for services, then the demonstration, each of its instants once, and
    browsers: a process of pytest that has nothing left takes over the short ones at the end.
    """
    return (
        not item.get_closest_marker("distributed"),
        not uses_demonstration(item),
        str(instant_of(item) or ""),
        not item.get_closest_marker("e2e"),
    )


def pytest_runtest_setup(item):
    """Before the test opens its transaction, the database holds what it wants to find there."""
    if uses_database(item):
        item.session.stash[LATEST] = item
        if contents := item.session.stash.get(CONTENTS, None):
            give_content(contents, item)


def give_content(contents, item):
    if uses_demonstration(item):
        contents.want_demonstration(instant_of(item))
    else:
        contents.want_empty()


def instant_of(item):
    """At which it wants the demonstration, None for now."""
    marker = item.get_closest_marker("demonstration_at")
    return marker.args[0] if marker else None


def uses_demonstration(item):
    return "demo" in getattr(item, "fixturenames", ())


def pytest_collection_finish(session):
    """What is imported by now stays until the end: looking through it for garbage again and again
    took a quarter of the time of the tests.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)


FOLDERS = count()


@pytest.fixture(autouse=True)
def _clock(request):
    """`pytest.mark.at(NOW)`: the instant of the test, which stands still."""
    marker = request.node.get_closest_marker("at")
    with time_machine.travel(marker.args[0], tick=False) if marker else nullcontext():
        yield


@pytest.fixture(autouse=True)
def _files_and_mail(settings, tmp_path_factory):
    """Files go to a folder of the test, made for the first one; mail goes through the ledger to
    `mail.outbox`.
    """
    # a fork goes on from the count of its parent (tests/mutation)
    folder = f"files{os.getpid()}-{next(FOLDERS)}"
    settings.MEDIA_ROOT = tmp_path_factory.getbasetemp() / folder
    settings.EMAIL_BACKEND = "mailing.services.backend.LedgerBackend"
    settings.MAIL_TRANSPORT = {
        "backend": "django.core.mail.backends.locmem.EmailBackend",
        "options": {},
    }


@pytest.fixture(autouse=True)
def _rate_limits_of_this_test_only(settings):
    """Redis, unlike the database, keeps what the tests before have counted."""
    if settings.REDIS_URL:
        cache.clear()
    settings.RATE_PUBLIC = 1_000_000  # a walk asks for a thousand pages from one place
    caches["public"].clear()


def _load_what_a_new_site_has(**_signal):
    load_calendars()
    load_checklists()


@pytest.fixture(scope="session")
def _official_data():
    """Loaded after the migrations."""
    last = apps.get_app_config("pilots")
    post_migrate.connect(_load_what_a_new_site_has, sender=last)


@pytest.fixture(scope="session", autouse=True)
def _no_table_is_emptied(request):
    """Django empties every table after a test that commits; a copy of the database is quicker."""

    def mark(_case):
        request.session.stash[CONTENTS].has_changed()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", mark)
        yield


def shared(tmp_path_factory):
    """A folder of all the processes of this run."""
    run = tmp_path_factory.getbasetemp()
    return run.parent if "PYTEST_XDIST_WORKER" in os.environ else run


@pytest.fixture(scope="session")
def migrating(request, _official_data, tmp_path_factory):
    """The copy in SQLite is a file, which serves the next runs; PostgreSQL ends with this run."""
    lasting = connection.vendor == "sqlite"
    folder = request.config.cache.mkdir("migrated") if lasting else shared(tmp_path_factory)
    patch = migrations_run_once(copies_in(folder), folder)
    yield patch
    patch.undo()


@pytest.fixture(scope="session")
def django_db_setup(request, migrating, django_db_setup, django_db_blocker, tmp_path_factory):
    """The test database has what `manage.py prepare` gives a new site, or the demonstration."""
    migrating.undo()  # a test that migrates does so
    files = tmp_path_factory.mktemp("demonstration")
    with django_db_blocker.unblock():
        contents = Contents(django_db_blocker, files, shared(tmp_path_factory))
    request.session.stash[CONTENTS] = contents
    give_content(contents, request.session.stash[LATEST])
    yield
    with django_db_blocker.unblock():
        contents.copies.end()


@pytest.fixture(scope="session", autouse=True)
def _same_bytes_are_read_once():
    """The real answer of the real process, asked once for each distinct file, argument and bound:
    the tests send the same few files hundreds of times. What depends on a folder is always read.
    """
    answers = {}

    def read_once(module, *arguments, content, seconds=None):
        bounds = (seconds, apart.SECONDS, apart.CPU_SECONDS, apart.MEMORY)
        key = (module, arguments, bounds, sha256(content).digest())
        if key not in answers:
            answer = apart.read_apart(module, *arguments, content=content, seconds=seconds)
            if any("/" in argument for argument in arguments):
                return answer
            answers[key] = json.dumps(answer)
        return json.loads(answers[key])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(uploads, "read_apart", read_once)
        patch.setattr(signatures, "read_apart", read_once)
        yield


@pytest.fixture
def scans(monkeypatch):
    """Names of the files whose content was looked at, once for each look."""
    names = []

    def counted(upload, traps, **bounds):
        names.append(upload.name)
        return check_upload(upload, traps, **bounds)

    monkeypatch.setattr(fates, "check_upload", counted)
    return names


@pytest.fixture
def calendars(db):
    """The two official calendars, as every test finds them: see `django_db_setup`."""


@pytest.fixture
def stopped(request, time_machine):
    """The clock stands at the NOW of the module."""
    time_machine.move_to(request.module.NOW, tick=False)


@pytest.fixture
def checklists(db):
    """The lines of the PV and of the VA, as every test finds them: see `django_db_setup`."""


@pytest.fixture
def no_calendars(db):
    """A database that nothing was loaded into."""
    for model in (MilestoneVersion, Milestone, Dispositif):
        model.objects.all().delete()


@pytest.fixture
def demo(request, db, settings):
    """The demonstration data, with their files: see `pytest_runtest_setup`."""
    settings.MEDIA_ROOT = request.session.stash[CONTENTS].files


@pytest.fixture
def _no_rate_limit(db):
    cache.clear()


@pytest.fixture
def _refusals_without_their_page(monkeypatch):
    """For a walk that looks at thousands of refusals, and at nothing of them but their status."""
    engine = Engine.get_default()
    (loader,) = engine.template_loaders
    assert isinstance(loader, cached.Loader)
    for name in ("404.html", "405.html"):
        monkeypatch.setitem(loader.get_template_cache, name, engine.from_string(""))
