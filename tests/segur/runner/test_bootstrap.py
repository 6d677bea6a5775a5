import socket
import sys
from pathlib import Path

import pytest

from segur.runner import bootstrap, packages
from segur.runner.bootstrap import CannotRunError


def test_an_old_python_reads_which_one_is_needed(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 10, 13, "final", 0))
    with pytest.raises(CannotRunError, match=r"3\.11 ou plus récent.*3\.10\.13"):
        bootstrap.check_python()


def test_a_free_port_is_accepted(free_port):
    bootstrap.check_port(str(free_port))


def test_a_taken_port_is_refused_with_another_to_try(free_port):
    refused = pytest.raises(CannotRunError, match=f"{free_port} est déjà pris.*{free_port + 1}")
    with socket.create_server(("127.0.0.1", free_port)), refused:
        bootstrap.check_port(str(free_port))


@pytest.mark.parametrize("text", ["", "abc", "0", "65536", "-1", "80 80"])
def test_what_is_no_port_is_refused(text):
    with pytest.raises(CannotRunError, match="n'est pas un numéro de port"):
        bootstrap.check_port(text)


def test_a_folder_that_cannot_be_made_is_refused(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(CannotRunError, match="Impossible d'écrire dans le dossier"):
        bootstrap.check_writable(tmp_path / "file" / "var")


def test_a_folder_that_cannot_be_written_is_refused():
    with pytest.raises(CannotRunError, match=r"Impossible d'écrire dans le dossier /proc"):
        bootstrap.check_writable(Path("/proc"))


@pytest.fixture
def asked(tmp_path, monkeypatch):
    """A tree with one lock; the locks that were to be installed, without the installing."""
    installed = []

    def install(_venv, lock):
        installed.append(lock.name)
        return True

    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "run.txt").write_text("django==5.2")
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "VENV", tmp_path)
    monkeypatch.setattr(packages, "is_installed", lambda _venv, lock: lock.name in installed)
    monkeypatch.setattr(packages, "install", install)
    return installed


def test_a_lock_already_installed_is_not_installed_again(asked):
    bootstrap.install("run.txt")
    bootstrap.install("run.txt")
    assert asked == ["run.txt"]


def test_a_failed_installation_is_one_sentence(asked, monkeypatch):
    monkeypatch.setattr(packages, "install", lambda _venv, _lock: False)
    with pytest.raises(CannotRunError, match="dépendances"):
        bootstrap.install("run.txt")
