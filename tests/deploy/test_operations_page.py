"""Every command of `docs/operations.md` is run, in the order of the page."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml
from django.conf import settings
from django.db import connection
from django.urls import resolve

from tests.demonstration import CONTENTS

ROOT = Path(settings.BASE_DIR)
PAGE = (ROOT / "docs" / "operations.md").read_text()
BLOCKS = re.findall(r"^```sh\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
COMPOSE = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text())
DOCKER = """\
#!/bin/sh
# In the place of docker: `compose run` starts the command itself, the rest is noted.
echo "$*" >> "$CALLS"
[ "$1 $2 $3" = "compose run --rm" ] || exit 0
shift 4
cd "$SITE" && exec "$PYTHON" "$@"
"""
CURL = '#!/bin/sh\necho "curl $*" >> "$CALLS"\n'
VERBS = {"build", "up", "run", "stop", "logs", "ps"}


@pytest.fixture
def var(request, db, tmp_path):
    """The data of a new site: what the tests have migrated is not migrated again."""
    folder, contents = tmp_path / "var", request.session.stash[CONTENTS]
    folder.mkdir()
    if connection.vendor == "sqlite":
        shutil.copy(contents.shared / f"{contents.empty}.sqlite3", folder / "db.sqlite3")
    return folder


@pytest.fixture
def machine(tmp_path, var):
    """A copy of deploy/, a new site, and programs that stand for docker and curl."""
    bin_, deploy = tmp_path / "bin", tmp_path / "checkout" / "deploy"
    bin_.mkdir()
    for name, content in (("docker", DOCKER), ("curl", CURL)):
        (bin_ / name).write_text(content)
        (bin_ / name).chmod(0o755)
    deploy.mkdir(parents=True)
    (deploy / "env.example").write_bytes((ROOT / "deploy" / "env.example").read_bytes())
    environment = {
        **os.environ,
        "PATH": f"{bin_}:{os.environ['PATH']}",
        "CALLS": str(tmp_path / "calls"),
        "SITE": str(ROOT),
        "PYTHON": sys.executable,
        "VAR_DIR": str(var),
        "DATABASE_URL": "",
        "REDIS_URL": "",
        "DJANGO_SETTINGS_MODULE": "segur.settings",
    }
    for name in ("DATABASE_URL", "REDIS_URL"):
        del environment[name]
    environment.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)  # which the tests of a browser set
    return environment, deploy


def test_each_command_of_the_page_does_its_work(machine):
    environment, deploy = machine
    var = Path(environment["VAR_DIR"])
    script = "\n".join(["set -e", *map(_on_this_machine, BLOCKS)]).replace(
        "/var/lib/segur/backups", str(var / "backups")
    )
    answer = subprocess.run(
        ["bash", "-c", script],
        cwd=deploy.parent,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, f"{answer.stdout}\n{answer.stderr}"
    for words in (
        "/invitation/",
        "est entière",
        "Journal vérifié",
        "L'envoi des courriels est suspendu",
        "Aucune migration à venir",
    ):
        assert words in answer.stdout
    assert {path.name for path in (deploy / "secrets").iterdir()} == {
        *("secret_key", "secret_key.former", "database_password", "tls")
    }
    assert (deploy / "secrets" / "secret_key").stat().st_mode & 0o777 == 0o600
    _check_calls(Path(environment["CALLS"]).read_text().splitlines())


def _on_this_machine(block):
    """Two things that compose does and this machine does not: `up` prepares the database first, and
    the restore of the page is made on another, empty machine.
    """
    lines = []
    for line in block.splitlines():
        if "manage.py first_responsable" in line:
            lines.append('(cd "$SITE"; "$PYTHON" manage.py prepare)')
        if "manage.py restore" in line:
            lines.append('mv "$VAR_DIR" "$VAR_DIR.lost"; mkdir "$VAR_DIR"')
            lines.append('cp -r "$VAR_DIR.lost/backups" "$VAR_DIR.lost/secret_key" "$VAR_DIR"')
        lines.append(line)
    return "\n".join(lines)


def _check_calls(calls):
    """Those that were only noted name what exists."""
    verbs = set()
    for words in map(shlex.split, calls):
        if words[0] == "curl":
            assert resolve(urlsplit(words[-1]).path).view_name
            continue
        verbs.add(words[1])
        named = [word for word in words[2:] if re.fullmatch("[a-z-]+", word) and word[0] != "-"]
        named += re.findall(r"--scale ([\w-]+)=", " ".join(words))
        if words[1] == "run":
            named = [words[3]]
        assert set(named) <= {*COMPOSE["services"]}, words
    assert verbs == VERBS


def test_nothing_else_on_the_page_looks_like_a_command():
    """A block of another mark would not be run."""
    assert re.findall(r"^```(\w*)$", PAGE, re.MULTILINE) == ["sh", ""] * len(BLOCKS)
