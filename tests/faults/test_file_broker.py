"""The folder broker between real processes: a flood, and files that nobody can read."""

import json
import os
import subprocess
import sys
import time
from collections import Counter

import pytest

from tests.processes import wait_until

PUBLISHERS = 3
CONSUMERS = 2
APP = "tests.faults.folder_app"


@pytest.fixture(scope="module")
def start():
    """Start `python -m …` on the broker of a folder; whatever still runs at the end is killed."""
    started = []

    def _start(room, *arguments, **options):
        environment = {**os.environ, "FOLDER_APP": str(room)}
        command = [sys.executable, "-m", *arguments]
        started.append(subprocess.Popen(command, env=environment, text=True, **options))
        return started[-1]

    yield _start
    for process in started:
        process.kill()
        process.wait()


def flood(start, room, messages):
    """What the consumers took, once every publisher has ended."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    out = [(room / f"taken-{place}").open("w+") for place in range(CONSUMERS)]
    consumers = [start(room, APP, "consume", stdout=file, stderr=subprocess.PIPE) for file in out]
    share = messages // PUBLISHERS + 1
    ranges = [(first, min(first + share, messages)) for first in range(0, messages, share)]
    publishers = [start(room, APP, "publish", str(a), str(b), **pipes) for a, b in ranges]
    ends = [publisher.communicate(timeout=300) for publisher in publishers]
    (room / "stop").touch()
    ends += [consumer.communicate(timeout=300) for consumer in consumers]
    assert [error for _, error in ends if error] == []
    assert {process.returncode for process in publishers + consumers} == {0}
    taken = []
    for file in out:
        with file:
            file.seek(0)
            taken.append([int(line) for line in file])
    return taken


@pytest.mark.parametrize(
    "messages", [3_000, pytest.param(20_000, marks=pytest.mark.long)], ids=lambda n: f"{n}"
)
def test_flood_from_several_publishers_to_two_consumers(start, tmp_path, messages):
    began = time.monotonic()
    first, second = flood(start, tmp_path, messages)
    took = Counter(first + second)
    sys.stdout.write(
        f"\n{messages} messages, {PUBLISHERS} publishers, {CONSUMERS} consumers "
        f"({len(first)} + {len(second)}): {messages - len(took)} lost, "
        f"{took.total() - len(took)} doubled, 0 errors, {time.monotonic() - began:.0f} s\n"
    )
    assert took == Counter(range(messages))
    assert first
    assert second
    assert [path for path in (tmp_path / "broker").rglob("*") if path.is_file()] == []


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    """Of the worker below."""
    folder = tmp_path_factory.mktemp("broker")
    (folder / "done").mkdir()
    return folder


@pytest.fixture(scope="module")
def one_worker(start, room):
    """A real worker, as the supervisor starts it, that has done a first task."""
    options = ("--concurrency", "1", "--without-gossip", "--without-mingle", "--without-heartbeat")
    with (room / "worker.log").open("w") as log:
        process = start(room, "celery", "-A", APP, "worker", *options, stdout=log, stderr=log)
        publish_one(start, room, 0)
        wait_until((room / "done" / "0").exists)
        yield process


@pytest.fixture
def worker(one_worker):
    """Alive before and after the test."""
    assert one_worker.poll() is None
    yield
    assert one_worker.poll() is None


def publish_one(start, room, number):
    assert start(room, APP, "publish", str(number), str(number + 1)).wait(60) == 0


def half(message):
    return message[: len(message) // 2]


def changed(part, value):
    def change(message):
        content = json.loads(message)
        *above, last = part.split(".")
        place = content
        for name in above:
            place = place[name]
        place[last] = value
        return json.dumps(content).encode()

    return change


UNREADABLE = {
    "empty": lambda _message: b"",
    "half": half,
    "not JSON": lambda _message: b"Bonjour",
    "not UTF-8": lambda _message: b'{"body": "\xff"}',
    "a picture": lambda _message: b"\x89PNG\r\n\x1a\n" + bytes(100),
    "a list": lambda _message: b"[1, 2]",
    "deep": lambda _message: b"[" * 100_000,
    "too large": lambda message: message + b" " * 2**20,
    "no headers": changed("headers", None),
    "no task": changed("headers", {}),
    "no properties": changed("properties", {}),
    "no body": changed("body", None),
    "a body that is no base64": changed("body", "é"),
    "a body without arguments": changed("body", "W10="),
    "another kind of content": changed("content-type", "application/x-python-serialize"),
    "an instant that is none": changed("headers.eta", "demain"),
}


def test_unreadable_messages_are_set_aside_and_the_others_go_through(worker, room, start, tmp_path):
    broker, log = room / "broker", room / "worker.log"
    sample = a_message(tmp_path, start)
    for place, (name, spoil) in enumerate(UNREADABLE.items()):
        drop(broker, f"0_{place}-{name}.celery.msg", spoil(sample))
    (broker / "0_folder.celery.msg").mkdir()
    os.mkfifo(broker / "0_pipe.celery.msg")
    (broker / "0_link.celery.msg").symlink_to("/nowhere")
    (broker / "notes.txt").write_text("no message")
    publish_one(start, room, 1)
    wait_until((room / "done" / "1").exists)

    aside = [path.name.partition("_")[2] for path in (broker / "unreadable").iterdir()]
    assert len(aside) == len(UNREADABLE) + 3
    assert all(log.read_text().count(name) == 1 for name in aside)
    assert [path.name for path in broker.glob("*.*")] == ["notes.txt"]


def drop(broker, name, content):
    """Whole at once, so that the worker finds what the test is about."""
    (broker / "writing" / name).write_bytes(content)
    (broker / "writing" / name).rename(broker / name)


def a_message(room, start):
    """What the folder holds of a message that nobody consumes."""
    publish_one(start, room, 7)
    (message,) = (room / "broker").glob("*.msg")
    return message.read_bytes()


def test_a_message_of_the_former_layout_is_read(worker, room, start, tmp_path):
    old = "84012345_9b1f0c3e-2f4b-4f0e-9a55-0a5b8c1d2e3f.celery.msg"
    (room / "broker" / "control").mkdir()
    drop(room / "broker", old, a_message(tmp_path, start))
    wait_until((room / "done" / "7").exists)
    assert not (room / "broker" / old).exists()


def test_a_folder_that_is_gone_is_made_again(worker, room, start):
    (room / "broker").rename(room / "gone")
    publish_one(start, room, 2)
    wait_until((room / "done" / "2").exists)
    assert (room / "broker").is_dir()
