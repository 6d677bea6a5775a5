import gc

import pytest
from django.apps import apps
from django.core.cache import cache
from django.core.management import call_command
from django.db import transaction
from django.db.models.signals import post_migrate
from django.test import override_settings

from calendar_app.models import Dispositif, Milestone, MilestoneVersion
from calendar_app.services.calendars import load_calendars
from documents.services import fates
from documents.services.uploads import check_upload
from pilots.checklists.services import load_checklists

READS_AND_WRITES = {"services", "selectors", "outages", "statements", "faults"}
"""Folders whose tests ask the database itself; the others see it through these."""


def pytest_addoption(parser):
    parser.addoption(
        "--other-database",
        action="store_true",
        help="only what another database may change: services, selectors, what needs PostgreSQL",
    )
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write tests/golden/ again from what the site shows now",
    )


def pytest_collection_modifyitems(config, items):
    if not config.getoption("--other-database"):
        return
    kept, left_out = [], []
    for item in items:
        needs = any(item.get_closest_marker(name) for name in ("e2e", "distributed"))
        places = {*item.path.parts, item.path.stem.removeprefix("test_")}
        is_kept = needs or READS_AND_WRITES & places
        (kept if is_kept else left_out).append(item)
    items[:] = kept
    config.hook.pytest_deselected(items=left_out)


def pytest_collection_finish(session):
    """What is imported by now stays until the end: looking through it for garbage again and again
    took a quarter of the time of the tests.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)


@pytest.fixture(autouse=True)
def _files_and_mail(settings, tmp_path):
    """Files go to a folder of the test; mail goes through the ledger to `mail.outbox`."""
    settings.MEDIA_ROOT = tmp_path / "files"
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


@pytest.fixture(autouse=True)
def _undefined_template_variables_fail(settings):
    class Undefined(str):
        __slots__ = ()

        def __contains__(self, item):
            return item == "%s"

        def __mod__(self, variable):
            raise AssertionError(f"undefined template variable: {variable}")

    settings.TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = Undefined("%s")


def _load_what_a_new_site_has(**_signal):
    load_calendars()
    load_checklists()


@pytest.fixture(scope="session")
def _official_data():
    """Load it once, after the migrations, and again whenever a transactional test has emptied the
    tables: Django then sends this signal too.
    """
    last = apps.get_app_config("pilots")
    post_migrate.connect(_load_what_a_new_site_has, sender=last)


@pytest.fixture(scope="session")
def django_db_setup(_official_data, django_db_setup):
    """The test database has what `manage.py prepare` gives a new site."""


@pytest.fixture
def scans(monkeypatch):
    """Names of the files whose content was looked at, once for each look."""
    names = []

    def counted(upload, traps):
        names.append(upload.name)
        return check_upload(upload, traps)

    monkeypatch.setattr(fates, "check_upload", counted)
    return names


@pytest.fixture
def calendars(db):
    """The two official calendars, as every test finds them: see `django_db_setup`."""


@pytest.fixture
def checklists(db):
    """The lines of the PV and of the VA, as every test finds them: see `django_db_setup`."""


@pytest.fixture
def no_calendars(db):
    """A database that nothing was loaded into."""
    for model in (MilestoneVersion, Milestone, Dispositif):
        model.objects.all().delete()


@pytest.fixture(scope="module")
def _demonstration(django_db_setup, django_db_blocker, tmp_path_factory):
    """The demonstration, loaded once for the tests of a module: each rolls back to it. Gives the
    folder of its files.
    """
    files = tmp_path_factory.mktemp("demonstration")
    with django_db_blocker.unblock():
        atomic = transaction.atomic()
        atomic.__enter__()
        with override_settings(MEDIA_ROOT=files):
            call_command("demo", verbosity=0)
    yield files
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        atomic.__exit__(None, None, None)


@pytest.fixture
def demo(_demonstration, db, settings):
    """The demonstration data, with their files."""
    settings.MEDIA_ROOT = _demonstration


@pytest.fixture
def _no_rate_limit(db):
    cache.clear()
