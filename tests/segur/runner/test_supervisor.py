"""The supervisor with children of our own: small programs that tell what reached them."""

import os
import signal
import sys
import threading

import pytest

from segur.runner import supervisor
from segur.runner.bootstrap import CannotRunError
from segur.runner.supervisor import Supervisor, only_one
from tests.processes import survivors

SLEEPS = "import time\nwhile True: time.sleep(1)"
DIES = "print('boum'); raise SystemExit(3)"
FORKS = f"import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', {SLEEPS!r}])\n{SLEEPS}"
STUBBORN = "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + SLEEPS


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
    monkeypatch.delenv("MAKELEVEL", raising=False)

    def _run(programs, *signals):
        site = Supervisor(free_port, tmp_path)
        commands = {name: [sys.executable, "-c", code] for name, code in programs.items()}
        monkeypatch.setattr(site, "_prepare", lambda: "logins")
        monkeypatch.setattr(site, "_commands", lambda: commands)
        monkeypatch.setattr(site, "_answers", lambda: True)
        timers = [
            threading.Timer(0.5 + place / 5, os.kill, (os.getpid(), number))
            for place, number in enumerate(signals)
        ]
        for timer in timers:
            timer.start()
        try:
            site.run()
        finally:
            for timer in timers:
                timer.cancel()
            assert not [pid for child in site.children for pid in survivors(child.process.pid)]
        return site

    return _run


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_every_child(run, capsys, number):
    site = run({"web": SLEEPS, "worker": SLEEPS, "beat": SLEEPS}, number)
    assert [child.process.returncode for child in site.children] == [-signal.SIGTERM] * 3
    assert "logins" in capsys.readouterr().out


def test_a_child_that_dies_stops_the_others_and_is_named(run):
    with pytest.raises(CannotRunError, match=r"(?s)« worker » s'est arrêté \(code 3\).*boum"):
        run({"web": SLEEPS, "worker": DIES})


def test_what_a_child_has_forked_is_ended_too(run):
    site = run({"worker": FORKS}, signal.SIGTERM)
    assert not survivors(site.children[0].process.pid)


def test_a_child_that_ignores_the_request_is_killed_in_the_end(run):
    site = run({"worker": STUBBORN}, signal.SIGTERM)
    assert site.children[0].process.returncode == -signal.SIGKILL


def test_the_log_of_the_run_before_is_kept(run, tmp_path):
    for _ in range(2):
        with pytest.raises(CannotRunError):
            run({"worker": DIES})
    assert (tmp_path / "log" / "worker.previous.log").read_text() == "boum\n"


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
