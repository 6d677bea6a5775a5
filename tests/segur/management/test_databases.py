"""A database of another version of the code: it is recognised, explained and left as it is."""

import os
import re
import shlex
import sqlite3
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from segur.management.databases import is_of_another_version, what_to_do
from tests.services import free_port

Migration = MigrationRecorder.Migration


@pytest.mark.django_db
class TestRecognised:
    def test_a_database_of_this_version_is_not_of_another(self):
        assert is_of_another_version() is False

    def test_a_migration_that_the_code_does_not_have(self):
        Migration.objects.create(app="calendar_app", name="0007_va_mail")
        assert is_of_another_version() is True

    def test_migrations_of_a_library_are_its_own_affair(self):
        Migration.objects.create(app="account", name="0099_unknown")
        assert is_of_another_version() is False

    def test_an_app_recorded_before_one_that_it_needs(self):
        Migration.objects.filter(app="accounts").delete()
        assert is_of_another_version() is True

    def test_migrations_that_are_still_to_be_applied(self):
        Migration.objects.filter(app="perf").delete()
        assert is_of_another_version() is False

    def test_nothing_applied_yet(self):
        Migration.objects.all().delete()
        assert is_of_another_version() is False

    @pytest.mark.parametrize(
        "change",
        [
            "ALTER TABLE accounts_organisation ADD COLUMN nickname varchar(20)",
            "ALTER TABLE accounts_organisation RENAME COLUMN name TO title",
            "ALTER TABLE accounts_organisation RENAME TO accounts_company",
        ],
    )
    def test_a_table_of_another_shape_under_the_same_names(self, change):
        with connection.cursor() as cursor:
            cursor.execute(change)
        assert is_of_another_version() is True


@pytest.fixture
def old_var(tmp_path):
    """The folder of an embedded site of before 0.2.0; a name with a space, as people have."""
    var = tmp_path / "mon site" / "var"
    var.mkdir(parents=True)
    with sqlite3.connect(var / "db.sqlite3") as database:
        database.executescript("""
            CREATE TABLE django_migrations
                (id integer PRIMARY KEY, app text, name text, applied text);
            INSERT INTO django_migrations (app, name, applied) VALUES
                ('calendar_app', '0001_initial', '2026-09-01'),
                ('calendar_app', '0002_delays_and_mails', '2026-10-01');
            CREATE TABLE calendar_app_sentmail (id integer PRIMARY KEY, subject text);
            INSERT INTO calendar_app_sentmail (subject) VALUES ('Échéance dans 7 jours');
        """)
    database.close()
    return var


def contents(file):
    with sqlite3.connect(file) as database:
        lines = list(database.iterdump())
    database.close()
    return lines


def command_in(sentence):
    (command,) = re.findall(r"tapez (.+), puis", sentence)
    return command


def test_make_run_says_it_in_one_sentence_and_leaves_the_data(old_var):
    before = contents(old_var / "db.sqlite3")
    environment = {**os.environ, "VAR_DIR": str(old_var), "PORT": str(free_port())}
    for name in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE"):
        environment.pop(name, None)
    run = subprocess.run(
        [sys.executable, "-m", "segur.runner.supervisor"],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    aside = old_var.with_name("var-ancien")
    assert run.returncode == 1
    assert run.stderr == (
        f"Les données de {old_var} ont été écrites par une autre version du site, que celle-ci ne "
        "sait pas reprendre : elles restent où elles sont, intactes ; pour les garder de côté et "
        "recommencer avec un site neuf, arrêtez ce qui s'en sert, tapez "
        f"mv '{old_var}' '{aside}', puis relancez make run.\n"
    )
    assert contents(old_var / "db.sqlite3") == before
    subprocess.run(shlex.split(command_in(run.stderr)), check=True)
    assert contents(aside / "db.sqlite3") == before
    assert not old_var.exists()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the embedded mode is on SQLite")
class TestWhereTheDataGo:
    @pytest.fixture(autouse=True)
    def _database(self, settings, tmp_path, monkeypatch):
        settings.VAR_DIR = tmp_path / "var"
        monkeypatch.setitem(connection.settings_dict, "NAME", tmp_path / "var" / "db.sqlite3")

    def test_a_name_that_exists_is_not_taken(self, tmp_path):
        (tmp_path / "var-ancien").mkdir()
        assert f"mv {tmp_path}/var {tmp_path}/var-ancien-2," in what_to_do()

    def test_a_database_outside_of_the_folder_moves_alone(self, tmp_path, monkeypatch):
        monkeypatch.setitem(connection.settings_dict, "NAME", tmp_path / "ailleurs.sqlite3")
        assert f"mv {tmp_path}/ailleurs.sqlite3 {tmp_path}/ailleurs.sqlite3-ancien," in what_to_do()


@pytest.mark.distributed
def test_the_command_for_postgresql_keeps_the_old_database_and_makes_an_empty_one():
    address = settings.DATABASES["default"]
    server = f"{address['USER']}@{address['HOST']}:{address['PORT']}"

    def sql(database, *statements):
        commands = [part for statement in statements for part in ("--command", statement)]
        psql = ["psql", "-qAt", "--dbname", f"postgres://{server}/{database}", *commands]
        return subprocess.run(psql, check=True, capture_output=True, text=True).stdout.split()

    sql("postgres", "CREATE DATABASE before")
    try:
        sql(
            "before",
            "CREATE TABLE django_migrations (id serial, app text, name text, applied timestamptz)",
            "INSERT INTO django_migrations (app, name) VALUES ('perf', '0005_waiting_file')",
        )
        prepare = subprocess.run(
            [sys.executable, "manage.py", "prepare"],
            cwd=settings.BASE_DIR,
            env={**os.environ, "DATABASE_URL": f"postgres://{server}/before"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (prepare.returncode, prepare.stderr) == (3, "")
        subprocess.run(shlex.split(command_in(prepare.stdout)), check=True)
        assert sql("before_ancienne", "SELECT name FROM django_migrations") == ["0005_waiting_file"]
        assert sql("before", "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == ["0"]
    finally:
        sql("postgres", *(f"DROP DATABASE IF EXISTS {n}" for n in ("before", "before_ancienne")))
