"""The supervisor with children of our own: small programs that tell what reached them."""

import errno
import io
import os
import signal
import sys
import threading

import pytest

from segur.runner import children, keeper, supervisor
from segur.runner.bootstrap import CannotRunError
from segur.runner.children import Child
from segur.runner.supervisor import Supervisor, only_one
from tests.processes import survivors, wait_until

SLEEPS = "import time\nprint('up')\nwhile True: time.sleep(1)"
DIES = "print('boum'); raise SystemExit(3)"
FORKS = f"import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', {SLEEPS!r}])\n{SLEEPS}"
STUBBORN = "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + SLEEPS
LIVES_TWICE = f"""
import os, pathlib
mark = pathlib.Path(os.environ["VAR_DIR"], "lived")
if not mark.exists():
    mark.touch()
    {DIES}
{SLEEPS}
"""


@pytest.fixture(autouse=True)
def _signals_as_before():
    handled = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.getsignal(number) for number in handled}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def run(tmp_path, free_port, monkeypatch):
    """Run these programs as children until they end or, once all are up, `signals` come."""
    monkeypatch.setattr(supervisor, "STOP_SECONDS", 1)
    monkeypatch.setattr(children, "LONGEST_DELAY", 0.2)

    def _run(programs, *signals, answers=True):
        site = Supervisor(free_port, tmp_path)
        commands = {name: [sys.executable, "-u", "-c", code] for name, code in programs.items()}
        monkeypatch.setattr(site, "_prepare", lambda: "logins")
        monkeypatch.setattr(site, "_commands", lambda: commands)
        monkeypatch.setattr(site, "_answers", lambda: answers)
        sender = threading.Thread(target=send_once_up, args=(tmp_path / "log", programs, signals))
        sender.start()
        try:
            site.run()
        finally:
            sender.join()
            running = [child.process.pid for child in site.children if child.process]
            assert not [pid for group in running for pid in survivors(group)]
        return site

    return _run


def send_once_up(logs, programs, signals):
    """To ourselves, one after the other, as an impatient person at the terminal does."""
    for number in signals:
        wait_until(lambda: all(has_line(logs / f"{name}.log", "up") for name in programs))
        os.kill(os.getpid(), number)


def has_line(path, line):
    return path.exists() and line in path.read_text().splitlines()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_every_child(run, capsys, number):
    site = run({"web": SLEEPS, "worker": SLEEPS, "beat": SLEEPS}, number)
    assert [child.process.returncode for child in site.children] == [-signal.SIGTERM] * 3
    assert "logins" in capsys.readouterr().out


def test_a_web_that_cannot_start_ends_the_command_and_is_named(run):
    with pytest.raises(CannotRunError, match=r"(?s)« web » s'est arrêté \(code 3\).*boum"):
        run({"web": DIES, "worker": SLEEPS}, answers=False)


def test_a_worker_that_dies_is_started_again_and_reported(run, tmp_path, capsys):
    site = run({"web": SLEEPS, "worker": LIVES_TWICE}, signal.SIGTERM)
    assert [child.process.returncode for child in site.children] == [-signal.SIGTERM] * 2
    log = (tmp_path / "log" / "worker.log").read_text().splitlines()
    shown = [line for line in capsys.readouterr().out.splitlines() if "« worker »" in line]
    assert [line.partition(" ; ")[0] for line in shown] == [
        "« worker » s'est arrêté (code 3)",
        "« worker » repart",
    ]
    assert log == ["boum", *[f"[make run] {line}" for line in shown], "up"]


def test_a_web_that_dies_after_having_served_is_started_again(run, tmp_path):
    run({"web": LIVES_TWICE}, signal.SIGTERM)
    assert has_line(tmp_path / "log" / "web.log", "boum")


def test_a_web_that_has_served_and_never_starts_again_ends_the_command(run, tmp_path, monkeypatch):
    monkeypatch.setattr(supervisor, "WEB_SHORT_LIVES", 2)
    with pytest.raises(CannotRunError, match="« web » s'est arrêté"):
        run({"web": DIES})
    assert (tmp_path / "log" / "web.log").read_text().count("boum") == 3


def test_a_start_that_the_system_refuses_is_tried_again(run, tmp_path, monkeypatch, capsys):
    start, refusals = keeper.start, [OSError(errno.EAGAIN, "Resource temporarily unavailable")]

    def start_or_refuse(command, **options):
        if "boum" in command[-1] and lived.exists() and refusals:
            raise refusals.pop()
        return start(command, **options)

    lived = tmp_path / "lived"
    monkeypatch.setattr(keeper, "start", start_or_refuse)
    run({"web": SLEEPS, "worker": LIVES_TWICE}, signal.SIGTERM)
    shown = [line for line in capsys.readouterr().out.splitlines() if "« worker »" in line]
    assert shown[1:] == [
        "« worker » n'a pas pu repartir (Resource temporarily unavailable)",
        "« worker » repart",
    ]


class ClosedTerminal(io.StringIO):
    def write(self, _text):
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")


def test_a_terminal_that_is_gone_stops_nothing(run, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "stdout", ClosedTerminal())
    run({"web": SLEEPS, "worker": LIVES_TWICE}, signal.SIGTERM)
    assert has_line(tmp_path / "log" / "worker.log", "[make run] « worker » repart")


def test_delays_grow_up_to_a_minute():
    delays = [children.delay_after(lives) for lives in range(9)]
    assert delays == [1, 2, 4, 8, 16, 32, 60, 60, 60]


@pytest.mark.parametrize(("lived", "delay"), [(59.9, 32), (60, 1)])
def test_a_long_life_starts_the_delays_again(tmp_path, lived, delay):
    child = Child("beat", [sys.executable, "-c", ""], tmp_path / "beat.log", {}, short_lives=4)
    child.start().wait()
    now = child.born_at + lived
    assert child.take_end(now) == 0
    assert child.due_at == now + delay
    assert child.take_end(now) is None


def test_what_a_child_has_forked_is_ended_too(run):
    site = run({"worker": FORKS}, signal.SIGTERM)
    assert not survivors(site.children[0].process.pid)


def test_a_child_that_ignores_the_request_is_killed_in_the_end(run):
    site = run({"worker": STUBBORN}, signal.SIGTERM)
    assert site.children[0].process.returncode == -signal.SIGKILL


def test_the_log_of_the_run_before_is_kept(run, tmp_path):
    for _ in range(2):
        with pytest.raises(CannotRunError):
            run({"web": DIES}, answers=False)
    assert (tmp_path / "log" / "web.previous.log").read_text() == "boum\n"


def test_a_second_run_on_the_same_data_is_refused(tmp_path):
    refused = pytest.raises(CannotRunError, match=r"tourne déjà.*8123")
    with only_one(tmp_path, 8123), refused, only_one(tmp_path, 8124):
        pytest.fail("two runs")
    with only_one(tmp_path, 8124):
        pass


def test_production_does_not_use_it(monkeypatch):
    monkeypatch.setenv("SEGUR_ENV", "production")
    monkeypatch.setenv("PORT", "8000")
    with pytest.raises(SystemExit, match=r"deploy/README\.md"):
        supervisor.main()
