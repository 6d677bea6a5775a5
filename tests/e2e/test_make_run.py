"""`make run` as a newcomer has it: a copy of the tree, nothing installed, a real browser."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time

import pytest
from django.conf import settings

from calendar_app.demo import cast
from tests.processes import alive_in_group, running_from, wait_until
from tests.services import free_port

STARTUP_SECONDS = 300
READY = "Ctrl-C arrête tout"


def newcomer_in(folder):
    """What git would give: no `.venv`, no `var`."""
    copy = folder / "segur"
    shutil.copytree(
        settings.BASE_DIR,
        copy,
        ignore=shutil.ignore_patterns(
            ".git", ".venv", "var", "__pycache__", ".*_cache", "staticfiles"
        ),
    )
    return copy


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """The first test that needs an environment there installs it for all."""
    return newcomer_in(tmp_path_factory.mktemp("newcomer"))


@pytest.fixture
def make_run():
    """Start `make run` in its own group, as a terminal does; what is left at the end is killed."""
    started: list[subprocess.Popen[bytes]] = []

    def _make_run(tree, port):
        output = tree.parent / f"output-{len(started)}.txt"
        with output.open("wb") as file:
            process = subprocess.Popen(
                ["make", "run", f"PORT={port}"],
                cwd=tree,
                env=newcomer_environment(),
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                process_group=0,
            )
        started.append(process)
        return process, output

    yield _make_run
    for process in started:
        if alive_in_group(process.pid):
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(60)


def newcomer_environment():
    """Nothing of the tests' own: neither their services nor their settings."""
    ours = {
        "DATABASE_URL",
        "REDIS_URL",
        "VAR_DIR",
        "DJANGO_SETTINGS_MODULE",
        "MAKEFLAGS",
        "MAKELEVEL",
    }
    return {key: value for key, value in os.environ.items() if key not in ours}


def wait_until_ready(process, output):
    limit = time.monotonic() + STARTUP_SECONDS
    while READY not in output.read_text():
        assert process.poll() is None, output.read_text()
        assert time.monotonic() < limit, output.read_text()
        time.sleep(0.2)


def stop(process, tree):
    """As Ctrl-C: to the whole foreground group. Nothing of the site survives."""
    os.killpg(process.pid, signal.SIGINT)
    process.wait(60)
    assert not running_from(tree)


def log_in(visitor, person):
    visitor.goto("/compte/login/")
    visitor.page.get_by_label("Adresse électronique").fill(person.email)
    visitor.page.get_by_label("Mot de passe", exact=False).first.fill(cast.PASSWORD)
    visitor.page.get_by_role("button", name="Se connecter", exact=True).click()


def test_from_nothing_to_a_site_that_keeps_its_data(tree, make_run, visit):
    port = free_port()
    process, output = make_run(tree, port)
    wait_until_ready(process, output)
    shown = output.read_text()
    assert f"http://127.0.0.1:{port}/" in shown
    assert cast.PASSWORD in shown
    assert all(person.email in shown for person in cast.PEOPLE)

    visitor = visit(f"http://127.0.0.1:{port}")
    log_in(visitor, cast.MANDATAIRE)
    visitor.page.wait_for_url("**/echeances/")
    assert visitor.page.get_by_role("heading", name="À traiter d'abord").is_visible()
    visitor.goto("/profil/")
    visitor.page.get_by_label("Prénom et nom").fill("Jeanne Renommée")
    visitor.page.get_by_role("button", name="Enregistrer").first.click()
    visitor.page.wait_for_load_state()
    wait_for_mail(tree)
    stop(process, tree)

    process, output = make_run(tree, port)
    wait_until_ready(process, output)
    assert "Installation" not in output.read_text()
    visitor.goto("/profil/")
    assert visitor.page.get_by_label("Prénom et nom").input_value() == "Jeanne Renommée"
    process.kill()
    wait_until(lambda: not running_from(tree))


def wait_for_mail(tree):
    """The worker delivers the receipts of the demonstration into files."""
    limit = time.monotonic() + 60
    while not list((tree / "var" / "mail").glob("*")):
        assert time.monotonic() < limit
        time.sleep(0.2)


def test_it_lives_on_and_nothing_outlives_it(tree, make_run):
    process, output = make_run(tree, free_port())
    wait_until_ready(process, output)
    refused = run_once(tree, f"PORT={free_port()}")
    assert refused.returncode != 0
    assert f"Le site tourne déjà avec les données de {tree / 'var'}" in printed_before_make(refused)

    broker, log = tree / "var" / "broker", tree / "var" / "log" / "worker.log"
    for name, content in {"empty": b"", "half": b'{"body": "W1', "foreign": b"\x89PNG"}.items():
        (broker / f"0_{name}.celery.msg").write_bytes(content)
    wait_until(lambda: len(list(broker.glob("unreadable/*"))) == 3)
    tasks = log.read_text().count("succeeded")
    wait_until(lambda: log.read_text().count("succeeded") > tasks, 90)
    assert "« worker »" not in output.read_text()

    os.kill(pid_of(tree, "celery worker"), signal.SIGKILL)
    wait_until(lambda: "« worker » repart" in output.read_text())
    tasks = log.read_text().count("succeeded")
    wait_until(lambda: log.read_text().count("succeeded") > tasks, 90)

    os.kill(pid_of(tree, "segur.runner.supervisor"), signal.SIGKILL)
    process.wait(60)
    wait_until(lambda: not running_from(tree), 10)


@pytest.mark.parametrize("victim", ["make", "bootstrap", "prepare"])
def test_nothing_outlives_a_start_that_is_killed(tree, make_run, victim, tmp_path):
    """While the dependencies are installed, or while the database is prepared."""
    if victim != "prepare":  # an environment that is complete is checked too fast to be seen
        tree = newcomer_in(tmp_path)
    process, _output = make_run(tree, free_port())
    if victim == "prepare":
        wait_until(lambda: "manage.py prepare" in "".join(running_from(tree)), STARTUP_SECONDS)
        os.kill(pid_of(tree, "segur.runner.supervisor"), signal.SIGKILL)
    else:
        wait_until(lambda: "--require-hashes" in "".join(running_from(tree)))
        os.kill(process.pid if victim == "make" else pid_of(tree, "bootstrap"), signal.SIGKILL)
    process.wait(60)
    wait_until(lambda: not running_from(tree), 30)
    assert running_from(tree) == []


def pid_of(tree, command):
    """The process of the tree with this in its command line, its keeper left aside."""
    found = [line for line in running_from(tree) if command in line and "keeper.py" not in line]
    return min(int(line.split()[0]) for line in found)


def test_a_taken_port_is_shown_in_one_sentence(tree):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = run_once(tree, f"PORT={port}")
    assert result.returncode != 0
    assert f"Le port {port} est déjà pris" in printed_before_make(result)


def test_an_old_python_is_shown_in_one_sentence(tree, tmp_path):
    old = tmp_path / "python3"
    old.write_text(
        "#!/bin/sh\n"
        f"exec {sys.executable} -c '"
        'import sys; sys.version_info = (3, 9, 2, "final", 0); '
        'from segur.runner import bootstrap; bootstrap.main("run")\'\n'
    )
    old.chmod(0o755)
    result = run_once(tree, f"PYTHON={old}")
    assert result.returncode != 0
    assert "Python 3.11 ou plus récent est nécessaire" in printed_before_make(result)


def test_a_folder_that_cannot_be_written_is_shown_in_one_sentence(tree):
    result = run_once(tree, f"PORT={free_port()}", "VAR_DIR=/proc/segur")
    assert result.returncode != 0
    assert "Impossible d'écrire dans le dossier /proc/segur" in printed_before_make(result)


def run_once(tree, *arguments):
    return subprocess.run(
        ["make", "run", *arguments],
        cwd=tree,
        env=newcomer_environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def printed_before_make(result):
    """The one line that is ours; make then adds its own."""
    lines = [line for line in result.stderr.splitlines() if not line.startswith("make")]
    assert len(lines) == 1, result.stderr
    return lines[0]
