"""Production by environment only. Each case is a process of its own: settings are read once."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

PRODUCTION = {
    "SEGUR_ENV": "production",
    "DATABASE_URL": "postgres://segur@127.0.0.1/segur",
    "REDIS_URL": "redis://127.0.0.1/0",
    "EMAIL_URL": "smtp://127.0.0.1:25",
    "SITE_URL": "https://echeances.example",
    "ALLOWED_HOSTS": "echeances.example",
    "MAIL_FROM": "echeances@segur.example",
    "SECRET_KEY": "only-for-this-test-0123456789-abcdefghijklmnopqrstuvwxyz",
}


def read_settings(environment, expression="True"):
    """What the settings say in a process with this environment and nothing else."""
    code = f"from segur import settings; print({expression})"
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_starts_with_all_its_variables():
    result = read_settings(PRODUCTION, "settings.DEBUG, settings.SESSION_COOKIE_SECURE")
    assert result.stdout == "False True\n", result.stderr


@pytest.mark.parametrize("name", [name for name in PRODUCTION if name != "SEGUR_ENV"])
def test_production_refuses_to_start_without(name):
    result = read_settings({key: value for key, value in PRODUCTION.items() if key != name})
    assert result.returncode != 0
    assert f"{name}" in result.stderr.splitlines()[-1]


def test_all_missing_variables_are_named_at_once():
    result = read_settings({"SEGUR_ENV": "production"})
    last_line = result.stderr.splitlines()[-1]
    assert all(name in last_line for name in PRODUCTION if name != "SEGUR_ENV")
    assert "SECRET_KEY_FILE" in last_line


def test_the_secret_key_may_come_from_a_file(tmp_path):
    path = tmp_path / "key"
    path.write_text("from-a-file-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEF\n")
    environment = {**PRODUCTION, "SECRET_KEY": "", "SECRET_KEY_FILE": str(path)}
    result = read_settings(environment, "settings.SECRET_KEY")
    assert result.stdout == path.read_text(), result.stderr


def test_a_missing_key_file_is_never_made_in_production(tmp_path):
    path = tmp_path / "key"
    result = read_settings({**PRODUCTION, "SECRET_KEY": "", "SECRET_KEY_FILE": str(path)})
    assert result.returncode != 0
    assert not path.exists()


def test_local_makes_its_key_once_and_keeps_it_private(tmp_path):
    keys = {read_settings({"VAR_DIR": str(tmp_path)}, "settings.SECRET_KEY").stdout for _ in "ab"}
    assert len(keys) == 1
    assert len(keys.pop()) > 60
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_debug_is_off_in_production_whatever_the_environment_says():
    result = read_settings({**PRODUCTION, "DEBUG": "1"}, "settings.DEBUG")
    assert result.stdout == "False\n", result.stderr


def test_what_the_address_of_the_database_asks_for_is_kept():
    url = f"{PRODUCTION['DATABASE_URL']}?sslmode=verify-full"
    options = "sorted(settings.DATABASES['default']['OPTIONS'].items())"
    result = read_settings({**PRODUCTION, "DATABASE_URL": url}, options)
    assert result.stdout == (
        "[('options', '-c statement_timeout=120s -c lock_timeout=30s"
        " -c idle_in_transaction_session_timeout=60s'),"
        " ('pool', {'timeout': 10, 'reconnect_timeout': 5}), ('sslmode', 'verify-full')]\n"
    ), result.stderr
