"""What an upgrade would do, and whether a version can serve the schema of another."""

import os
import subprocess
import sys
import tarfile
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from operations.rules.locks import EVERYBODY, LARGE_ROWS, NOBODY, WRITERS, is_slow, who_waits
from operations.selectors.upgrade import UpgradeStep, needed_here, steps, unusable_schema

FIRST = (0, 2, 0)
"""The first version whose migrations are only added to (CONTRIBUTING «To release»)."""


@pytest.mark.parametrize(
    ("operation", "waits"),
    [
        ("CreateModel", NOBODY),
        ("AddIndex", WRITERS),
        ("AddIndexConcurrently", NOBODY),
        ("AddField", EVERYBODY),
        ("AddConstraint", EVERYBODY),
        ("SomethingNew", EVERYBODY),
    ],
)
def test_who_waits_for_each_operation(operation, waits):
    assert who_waits(operation) == waits


@pytest.mark.parametrize(
    ("operation", "rows", "expected"),
    [
        ("AddIndex", LARGE_ROWS, True),
        ("AddIndex", LARGE_ROWS - 1, False),
        ("CreateModel", LARGE_ROWS, False),
    ],
)
def test_an_operation_is_slow_from_a_number_of_rows_on(operation, rows, expected):
    assert is_slow(operation, rows) is expected


def test_a_database_of_this_version_has_no_step_and_serves(db, capsys):
    assert steps() == []
    assert unusable_schema() == []
    with pytest.raises(SystemExit) as end:
        call_command("check_upgrade")
    assert end.value.code == 0
    assert "Aucune migration à venir." in capsys.readouterr().out


def test_a_migration_to_come_is_listed_with_its_table(db, monkeypatch):
    applied = MigrationRecorder.applied_migrations

    def without(recorder):
        found = applied(recorder)
        return {key: one for key, one in found.items() if key[0] != "operations"}

    monkeypatch.setattr(MigrationRecorder, "applied_migrations", without)
    found = steps()
    assert {step.migration for step in found} == {"operations.0001_initial"}
    assert {(step.operation, step.waits) for step in found} >= {("CreateModel", NOBODY)}
    assert all(not step.is_slow for step in found)


def test_sqlite_needs_room_for_a_copy_of_its_tables(monkeypatch):
    monkeypatch.setattr("operations.selectors.upgrade.database_bytes", lambda: 1000)
    step = UpgradeStep("a.0002", "AddField", "", "t", 5, 0)
    expected = 2000 if connection.vendor == "sqlite" else 0
    assert (needed_here([]), needed_here([step])) == (0, expected)


@pytest.mark.parametrize(
    ("statement", "faults"),
    [
        ("ALTER TABLE operations_pulse ADD COLUMN later varchar(9)", []),
        ("ALTER TABLE operations_pulse ADD COLUMN later varchar(9) NOT NULL DEFAULT ''", []),
        ("ALTER TABLE operations_failure DROP COLUMN error", ["operations_failure.error"]),
        ("DROP TABLE operations_alarm", ["la table operations_alarm"]),
        (
            "ALTER TABLE operations_pulse RENAME COLUMN at TO instant",
            ["operations_pulse.at", "operations_pulse.instant, inconnue de ce code"],
        ),
    ],
    ids=["nullable", "with a default", "dropped column", "dropped table", "renamed"],
)
def test_the_schema_of_another_version_is_usable_or_says_why(db, statement, faults):
    with connection.cursor() as cursor:
        cursor.execute(statement)
    found = unusable_schema()
    assert len(found) == len(faults)
    assert all(words.startswith(start) for words, start in zip(found, faults, strict=True))


def _last_tag() -> str:
    answer = subprocess.run(
        ["git", "describe", "--tags", "--abbrev=0", "--match", "v*"],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    return answer.stdout.strip()


def test_the_former_version_serves_the_schema_of_this_one(tmp_path):
    """Its code, on a database that this version has made: its own `check_upgrade` is asked."""
    tag = _last_tag()
    if not tag or tuple(map(int, tag.removeprefix("v").split("."))) < FIRST:
        pytest.skip(f"no tag of 0.2.0 or later in this clone (found: {tag or 'none'})")
    archive = subprocess.run(
        ["git", "archive", tag], cwd=settings.BASE_DIR, capture_output=True, check=True
    )
    former = Path(tmp_path, "former")
    with tarfile.open(fileobj=BytesIO(archive.stdout)) as source:
        source.extractall(former, filter="data")
    environment = {**os.environ, "VAR_DIR": str(tmp_path / "var")}
    for folder, command in ((settings.BASE_DIR, "prepare"), (former, "check_upgrade")):
        answer = subprocess.run(
            [sys.executable, "manage.py", command],
            cwd=folder,
            env={**environment, "DJANGO_SETTINGS_MODULE": "segur.settings"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert answer.returncode == 0, answer.stderr
