"""Real processes: one that starts a program under a keeper, and is killed."""

import contextlib
import os
import signal
import subprocess
import sys

import pytest

from segur.runner import keeper
from tests.processes import alive_in_group, survivors, wait_until

SLEEPS = "import time\nprint('up', flush=True)\nwhile True: time.sleep(1)"
FORKS = f"import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', {SLEEPS!r}])\n{SLEEPS}"
STARTS = f"""
import sys
from segur.runner import keeper
process = keeper.start([sys.executable, "-c", {FORKS!r}])
print(process.pid, flush=True)
process.wait()
"""


@pytest.fixture
def starter():
    """A process that has started a program that has started another; and the group of these."""
    process = subprocess.Popen([sys.executable, "-c", STARTS], stdout=subprocess.PIPE, text=True)
    with process:
        group = int(process.stdout.readline())
        assert [process.stdout.readline() for _ in range(2)] == ["up\n"] * 2
        yield process, group
        process.kill()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(group, signal.SIGKILL)  # what a test has left without its keeper


def test_nothing_outlives_a_starter_that_is_killed(starter):
    process, group = starter
    assert len(alive_in_group(group)) == 3
    process.kill()
    assert survivors(group) == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux informs a child of this death")
def test_a_program_does_not_outlive_its_keeper(starter):
    _process, group = starter
    before = alive_in_group(group)
    os.kill(group, signal.SIGKILL)
    wait_until(lambda: len(alive_in_group(group)) == 1)  # what the program had forked
    assert len(before) == 3


@pytest.mark.parametrize("code", [0, 3])
def test_the_code_of_a_program_is_passed_on(code):
    assert keeper.run([sys.executable, "-c", f"raise SystemExit({code})"]) == code


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL, signal.SIGABRT])
def test_the_signal_that_ended_a_program_is_passed_on(number):
    assert keeper.run([sys.executable, "-c", f"import os; os.kill(os.getpid(), {number})"]) < 0


def test_a_program_that_is_not_there_is_named(capfd):
    assert keeper.run(["/nowhere/uv", "pip"]) == 1
    assert capfd.readouterr().err == "/nowhere/uv: No such file or directory\n"


def test_a_run_ends_with_the_make_that_asked_for_it(monkeypatch):
    monkeypatch.setenv(keeper.LAUNCHER, "1")
    with pytest.raises(SystemExit, match="Interrompu"):
        keeper.run([sys.executable, "-c", SLEEPS])


@pytest.mark.parametrize(("level", "noted"), [("1", True), (None, False)])
def test_only_make_is_noted_as_launcher(monkeypatch, level, noted):
    monkeypatch.setenv(keeper.LAUNCHER, "1")
    monkeypatch.delenv("MAKELEVEL", raising=False)
    if level:
        monkeypatch.setenv("MAKELEVEL", level)
    keeper.note_launcher()
    assert (os.environ.get(keeper.LAUNCHER) == str(os.getppid())) is noted
    assert not keeper.is_orphan()
