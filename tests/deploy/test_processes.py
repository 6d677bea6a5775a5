"""The units of systemd, compose and the image start the same processes."""

import configparser
import json
import re
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

import pytest
import yaml
from celery import current_app
from django.conf import settings

from segur.guide import rgaa
from segur.guide import source as guide
from segur.runner.processes import PROCESSES, QUEUES, web

DEPLOY = Path(settings.BASE_DIR, "deploy")
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
SERVICES = COMPOSE["services"]
OURS = {name: one for name, one in SERVICES.items() if one["image"] == "echeances:latest"}
ENVIRONMENT = (DEPLOY / "env.example").read_text()
EVERYWHERE = {**PROCESSES, "web": web("0.0.0.0:8000")}


def template(name):
    """The file of its unit: that of the workers takes the queue after its @."""
    return "worker@" if name.startswith("worker-") else name


def unit(name):
    read = configparser.ConfigParser(strict=False, interpolation=None)
    read.optionxform = str  # type: ignore[assignment,method-assign]
    text = (DEPLOY / f"segur-{template(name)}.service").read_text()
    read.read_string(text.replace("%i", name.removeprefix("worker-")))
    return read


@pytest.mark.parametrize("name", PROCESSES)
def test_a_unit_starts_the_command_of_its_process(name):
    command = " ".join(["/opt/segur/.venv/bin/python", *PROCESSES[name]]).replace("%", "%%")
    assert unit(name)["Service"]["ExecStart"] == command  # of several, the last


def test_each_process_has_its_unit_and_its_service():
    units = {path.stem.removeprefix("segur-") for path in DEPLOY.glob("segur-*.service")}
    assert units == {template(name) for name in PROCESSES}
    assert set(OURS) == set(PROCESSES)


@pytest.mark.parametrize("name", PROCESSES)
def test_a_service_of_compose_starts_the_command_of_its_process(name):
    assert SERVICES[name]["command"] == EVERYWHERE[name]


def test_the_image_starts_the_web_by_itself():
    lines = (DEPLOY / "Dockerfile").read_text().splitlines()
    (command,) = (line.removeprefix("CMD ") for line in lines if line.startswith("CMD "))
    assert json.loads(command) == EVERYWHERE["web"]
    assert 'ENTRYPOINT ["python"]' in lines


def test_the_image_runs_as_nobody_in_particular():
    text = (DEPLOY / "Dockerfile").read_text()
    assert text.count("FROM python:") == 2
    assert re.findall(r"^USER (.+)$", text, re.MULTILINE) == ["10001:10001"]
    assert "HEALTHCHECK" in text


@pytest.mark.parametrize("name", OURS)
def test_a_service_of_ours_is_hardened(name):
    service = SERVICES[name]
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["environment"]["SECRET_KEY_FILE"] == "/run/secrets/secret_key"
    assert not {"user", "privileged", "ports"} & service.keys()


def test_processes_are_doubled_and_wait_for_the_database_of_this_version():
    doubled = {name for name, one in SERVICES.items() if one.get("deploy") == {"replicas": 2}}
    assert doubled == set(OURS) - {"prepare"}
    for name in doubled:
        waits = SERVICES[name]["depends_on"]
        assert waits["prepare"]["condition"] == "service_completed_successfully"
        assert waits["database"]["condition"] == waits["cache"]["condition"] == "service_healthy"


@pytest.mark.parametrize("queue", QUEUES)
def test_a_worker_has_the_time_to_end_its_task(queue):
    seconds = int(SERVICES[f"worker-{queue}"]["stop_grace_period"].removesuffix("s"))
    assert seconds == int(unit(f"worker-{queue}")["Service"]["TimeoutStopSec"])
    assert seconds > settings.CELERY_TASK_TIME_LIMIT


def test_every_queue_has_its_worker():
    assert set(QUEUES) == {queue.name for queue in current_app.conf.task_queues}


def test_what_must_last_is_in_a_volume_and_what_is_named_exists():
    used = {
        volume.partition(":")[0]
        for service in SERVICES.values()
        for volume in service.get("volumes", ())
    }
    assert {name for name in used if not name.startswith(".")} == set(COMPOSE["volumes"])
    for service in SERVICES.values():
        assert set(service.get("secrets", ())) <= set(COMPOSE["secrets"])
        assert set(service.get("networks", ())) <= set(COMPOSE["networks"])
        assert set(service.get("depends_on", ())) <= set(SERVICES)
        if "healthcheck" in service:
            assert {"test", "disable"} & service["healthcheck"].keys()
    for path in re.findall(r"\./(\S+?):/", (DEPLOY / "compose.yaml").read_text()):
        assert path.startswith("secrets/") or (DEPLOY / path).exists()


def test_only_the_proxy_is_reached_from_outside():
    assert [name for name, one in SERVICES.items() if "ports" in one] == ["proxy"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    for name in ("database", "cache"):
        assert SERVICES[name]["networks"] == ["inside"]


def test_the_proxy_of_compose_finds_what_it_replaces():
    text = (DEPLOY / "nginx.conf").read_text()
    for replaced in re.findall(r"s#(\S+?)#", " ".join(SERVICES["proxy"]["command"])):
        assert replaced in text


def test_the_settings_read_each_variable_of_the_example():
    names = re.findall(r"^(?:# )?([A-Z_0-9]+)=", ENVIRONMENT, re.MULTILINE)
    parts = (Path(settings.BASE_DIR) / "segur" / "settings").glob("*.py")
    read = "".join(part.read_text() for part in parts)
    assert len(names) > 10
    asked = {name for name in names if f'"{name}"' not in read}
    assert {name for name in asked if not name.startswith("OIDC_")} == set()


def test_the_image_holds_what_the_site_reads_and_collects_its_static_files_apart():
    """The image was first built in November 2026: it had none of these."""
    rules = Path(settings.BASE_DIR, ".dockerignore").read_text().split()
    for path in (guide.FOLDER, rgaa.FILE, *settings.STATICFILES_DIRS):
        found = path[1] if isinstance(path, tuple) else path
        name = found.relative_to(settings.BASE_DIR).as_posix()
        parts = [name, *map(str, PurePosixPath(name).parents)]
        verdicts = [
            rule.startswith("!")
            for rule in rules
            if any(fnmatch(part, rule.removeprefix("!")) for part in parts)
        ]
        assert verdicts[-1:] in ([], [True]), name
    roots = set(re.findall(r"STATIC_ROOT=(\S+)", (DEPLOY / "Dockerfile").read_text()))
    assert roots == {OURS["web"]["environment"]["STATIC_ROOT"]}
    assert not roots & {f"/opt/segur/{folder}" for folder in ("static", "docs/guide/images")}
