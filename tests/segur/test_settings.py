"""Production by environment only. Each case is a process of its own: settings are read once."""

import ast
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
        " ('pool', {'min_size': 2, 'max_size': 8, 'timeout': 10,"
        " 'reconnect_timeout': 5}), ('sslmode', 'verify-full')]\n"
    ), result.stderr


PROVIDERS = {
    "OIDC_PROVIDERS": "proconnect,exemple",
    "OIDC_PROCONNECT_ISSUER": "https://auth.exemple.example/api/v2",
    "OIDC_PROCONNECT_CLIENT_ID": "segur",
    "OIDC_PROCONNECT_CLIENT_SECRET": "secret",
    "OIDC_EXEMPLE_ISSUER": "https://id.exemple.example/",
    "OIDC_EXEMPLE_CLIENT_ID": "segur",
    "OIDC_EXEMPLE_CLIENT_SECRET": "secret",
    "OIDC_EXEMPLE_ORIGINS": "https://portail.exemple.example",
}


def test_several_providers_of_identities_come_from_the_environment():
    found = "[(app['name'], app['settings']['server_url']) for app in settings.OIDC_APPS]"
    result = read_settings({**PRODUCTION, **PROVIDERS}, found)
    assert ast.literal_eval(result.stdout) == [
        ("ProConnect", "https://auth.exemple.example/api/v2"),
        ("Exemple", "https://id.exemple.example"),
    ], result.stderr


def test_forms_may_lead_to_the_pages_of_the_providers_and_nowhere_else():
    found = "settings.CONTENT_SECURITY_POLICY['DIRECTIVES']['form-action']"
    origins = [
        "https://auth.exemple.example",
        "https://id.exemple.example",
        "https://portail.exemple.example",
    ]
    result = read_settings({**PRODUCTION, **PROVIDERS}, found)
    assert ast.literal_eval(result.stdout) == ["'self'", *origins], result.stderr
    assert ast.literal_eval(read_settings(PRODUCTION, found).stdout) == ["'self'"]


def test_proconnect_needs_no_more_than_its_address_and_its_secret():
    found = "[settings.OIDC_APPS[0]['settings'][name] for name in "
    found += "('signed_userinfo', 'vouches_for_addresses', 'scope')]"
    result = read_settings({**PRODUCTION, **PROVIDERS}, found)
    signed, vouches, scope = ast.literal_eval(result.stdout)
    assert (signed, vouches) == (True, True)
    assert {"openid", "email", "usual_name"} <= set(scope)


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"OIDC_PROVIDERS": "Pro-Connect"}, "OIDC_PROVIDERS"),
        ({"OIDC_EXEMPLE_ISSUER": "http://id.exemple.example"}, "OIDC_EXEMPLE_ISSUER"),
        ({"OIDC_EXEMPLE_ISSUER": ""}, "OIDC_EXEMPLE_ISSUER"),
        ({"OIDC_EXEMPLE_CLIENT_ID": ""}, "OIDC_EXEMPLE_CLIENT_ID"),
        ({"OIDC_EXEMPLE_CLIENT_SECRET": ""}, "OIDC_EXEMPLE_CLIENT_SECRET"),
    ],
)
def test_a_provider_that_is_half_configured_is_named_and_stops_the_start(wrong, named):
    result = read_settings({**PRODUCTION, **PROVIDERS, **wrong})
    assert result.returncode != 0
    assert named in result.stderr.splitlines()[-1]


def test_cookies_are_bound_to_the_host_under_https_only():
    cookies = ("SESSION", "CSRF", "MFA_TRUST", "DEVICE")
    names = ", ".join(f"settings.{name}_COOKIE_NAME" for name in cookies)
    bound = read_settings(PRODUCTION, names).stdout.split()
    assert [name.startswith("__Host-") for name in bound] == [True] * 4
    plain = read_settings({**PRODUCTION, "SITE_URL": "http://echeances.example"}, names)
    assert "__Host-" not in plain.stdout


def test_former_keys_come_from_the_environment_or_a_file(tmp_path):
    shown = "settings.SECRET_KEY_FALLBACKS"
    given = read_settings({**PRODUCTION, "SECRET_KEY_FALLBACKS": "one,two"}, shown)
    assert ast.literal_eval(given.stdout) == ["one", "two"]
    path = tmp_path / "former"
    path.write_text("one\ntwo\n")
    kept = read_settings({**PRODUCTION, "SECRET_KEY_FALLBACKS_FILE": str(path)}, shown)
    assert ast.literal_eval(kept.stdout) == ["one", "two"]
    assert ast.literal_eval(read_settings(PRODUCTION, shown).stdout) == []
