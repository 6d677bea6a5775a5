"""Real uv and pip, an environment that has nothing, and one wheel of ours: no network."""

import hashlib
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from segur.runner import packages
from segur.runner.packages import install, is_installed, read_settings, uv_environment, uv_options

PIP_SAID = "pip prend le relais"
OUTSIDE = str(Path(sys.executable).resolve())  # our own environment has no pip


@pytest.fixture
def wheels(tmp_path):
    """A folder with `petit` 1.0."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    about = "petit-1.0.dist-info"
    with zipfile.ZipFile(folder / "petit-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("petit.py", "SIZE = 1\n")
        wheel.writestr(f"{about}/METADATA", "Metadata-Version: 2.1\nName: petit\nVersion: 1.0\n")
        wheel.writestr(
            f"{about}/WHEEL",
            "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        )
        rows = ["petit.py,,", f"{about}/METADATA,,", f"{about}/WHEEL,,", f"{about}/RECORD,,"]
        wheel.writestr(f"{about}/RECORD", "\n".join(rows) + "\n")
    return folder


@pytest.fixture
def lock(tmp_path, wheels):
    content = next(wheels.iterdir()).read_bytes()
    path = tmp_path / "run.txt"
    path.write_text(f"petit==1.0 --hash=sha256:{hashlib.sha256(content).hexdigest()}\n")
    return path


@pytest.fixture
def venv(tmp_path, monkeypatch, wheels):
    """An environment with pip, and with uv as if pip had brought it."""
    folder = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    site = next(folder.glob("lib/python*/site-packages"))
    (site / "pip.pth").write_text(sysconfig.get_path("purelib"))
    (folder / "bin" / "uv").symlink_to(Path(sys.prefix) / "bin" / "uv")
    digest = hashlib.sha256(packages.UV_LOCK.read_bytes()).hexdigest()
    (folder / "installed-uv.txt").write_text(digest)
    monkeypatch.setattr(packages, "OUTSIDE", OUTSIDE)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheels))
    monkeypatch.setenv("PIP_CACHE_DIR", str(tmp_path / "cache"))
    return folder


def installer(venv):
    """Which program has installed `petit` here; None where it is not."""
    found = list(venv.glob("lib/python*/site-packages/petit-1.0.dist-info/INSTALLER"))
    return found[0].read_text().strip() if found else None


def test_uv_installs_and_nothing_is_shown(venv, lock, capsys):
    assert install(venv, lock)
    assert installer(venv) == "uv", (venv / "uv.log").read_text()
    assert is_installed(venv, lock)
    assert capsys.readouterr().err == ""


def test_a_lock_that_changes_is_no_longer_installed(venv, lock):
    install(venv, lock)
    lock.write_text(lock.read_text() + "# changed\n")
    assert not is_installed(venv, lock)


@pytest.mark.parametrize("outside", [OUTSIDE, "/bin/false"])
def test_an_environment_without_pip_takes_that_of_its_python(venv, lock, monkeypatch, outside):
    monkeypatch.setattr(packages, "OUTSIDE", outside)
    next(venv.glob("lib/python*/site-packages/pip.pth")).unlink()
    assert install(venv, lock)
    assert installer(venv) == "uv", (venv / "uv.log").read_text()


def break_uv(uv):
    uv.unlink()
    uv.write_text("no program")
    uv.chmod(0o755)


@pytest.mark.parametrize("damage", [Path.unlink, break_uv])
def test_without_a_uv_that_works_pip_installs_and_one_line_says_so(venv, lock, damage, capsys):
    damage(venv / "bin" / "uv")
    assert install(venv, lock)
    assert installer(venv) == "pip"
    assert is_installed(venv, lock)
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert PIP_SAID in lines[0]
    assert "bin/uv" in (venv / "uv.log").read_text()


def test_pip_installs_where_uv_itself_cannot_be_installed(venv, lock, tmp_path, monkeypatch):
    nowhere = tmp_path / "uv.txt"
    nowhere.write_text(f"uv==0.0.0 --hash=sha256:{'0' * 64}\n")
    monkeypatch.setattr(packages, "UV_LOCK", nowhere)
    assert install(venv, lock)
    assert installer(venv) == "pip"


def test_a_wrong_hash_is_refused_by_uv_and_by_pip(venv, lock, capfd):
    lock.write_text(f"petit==1.0 --hash=sha256:{'0' * 64}\n")
    assert not install(venv, lock)
    assert installer(venv) is None
    assert not is_installed(venv, lock)
    assert "Hash mismatch" in (venv / "uv.log").read_text()
    assert "DO NOT MATCH THE HASHES" in capfd.readouterr().err


def test_a_requirement_without_a_hash_is_refused(venv, lock):
    lock.write_text("petit==1.0\n")
    assert not install(venv, lock)
    assert installer(venv) is None


def test_a_constraint_that_the_lock_keeps_changes_nothing(venv, lock, tmp_path, monkeypatch):
    (tmp_path / "constraints.txt").write_text("petit<2\nother<=3\n")
    monkeypatch.setenv("PIP_CONSTRAINT", str(tmp_path / "constraints.txt"))
    assert install(venv, lock)
    assert installer(venv) == "uv", (venv / "uv.log").read_text()


def test_a_constraint_that_the_lock_breaks_is_refused(venv, lock, tmp_path, monkeypatch):
    (tmp_path / "constraints.txt").write_text("petit<1\n")
    monkeypatch.setenv("PIP_CONSTRAINT", str(tmp_path / "constraints.txt"))
    assert not install(venv, lock)
    assert installer(venv) is None


def test_a_configured_folder_that_is_not_there_stops_nothing(venv, lock, wheels, monkeypatch):
    monkeypatch.setenv("PIP_FIND_LINKS", f"/nowhere {wheels}")
    assert install(venv, lock)
    assert installer(venv) == "uv", (venv / "uv.log").read_text()


def test_an_index_named_in_a_file_of_pip_is_used(venv, lock, wheels, tmp_path, monkeypatch):
    page = tmp_path / "index" / "petit" / "index.html"
    page.parent.mkdir(parents=True)
    wheel = next(wheels.iterdir())
    page.write_text(f'<!DOCTYPE html><a href="{wheel.as_uri()}">{wheel.name}</a>')
    index = (tmp_path / "index").as_uri()
    (tmp_path / "pip.conf").write_text(f"[global]\nindex-url = {index}\n")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "pip.conf"))
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.delenv("PIP_FIND_LINKS")
    assert install(venv, lock)
    assert installer(venv) == "uv", (venv / "uv.log").read_text()


def test_a_configuration_that_pip_cannot_read_is_left_to_pip(venv, lock, tmp_path, monkeypatch):
    (tmp_path / "pip.conf").write_text("index-url without a section\n")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "pip.conf"))
    assert not install(venv, lock)


def test_variables_come_before_the_section_of_install_and_that_before_global():
    listed = """\
:env:.cert=''
:env:.timeout='3'
download.timeout='9'
global.cert='/ca.pem'
global.index-url='https://global.example/simple'
global.timeout='1'
install.index-url='https://install.example/simple'
install.timeout='2'
"""
    assert read_settings(listed) == {
        "cert": "/ca.pem",
        "index-url": "https://install.example/simple",
        "timeout": "3",
    }


@pytest.mark.parametrize(
    ("configured", "expected"),
    [
        (
            {"index-url": "https://a.example/simple"},
            {"UV_DEFAULT_INDEX": "https://a.example/simple"},
        ),
        (
            {"extra-index-url": "https://a.example/s\nhttps://b.example/s file:///nowhere/simple"},
            {"UV_INDEX": "https://a.example/s https://b.example/s"},
        ),
        (
            {"find-links": "/usr /nowhere https://a.example/f"},
            {"UV_FIND_LINKS": "/usr,https://a.example/f"},
        ),
        ({"cert": "/ca.pem"}, {"SSL_CERT_FILE": "/ca.pem"}),
        ({"client-cert": "/me.pem"}, {"SSL_CLIENT_CERT": "/me.pem"}),
        ({"timeout": "60"}, {"UV_HTTP_TIMEOUT": "60"}),
        ({"default-timeout": "60"}, {"UV_HTTP_TIMEOUT": "60"}),
        ({"retries": "9"}, {"UV_HTTP_RETRIES": "9"}),
        (
            {"trusted-host": "a.example\nb.example:8443"},
            {"UV_INSECURE_HOST": "a.example b.example:8443"},
        ),
        (
            {"proxy": "http://proxy.example:3128"},
            dict.fromkeys(packages.PROXIES, "http://proxy.example:3128"),
        ),
        ({"cache-dir": "/cache"}, {"UV_CACHE_DIR": "/cache/uv"}),
    ],
)
def test_each_setting_of_pip_has_its_name_for_uv(configured, expected):
    strategy = {"UV_INDEX_STRATEGY": "unsafe-best-match"}
    assert uv_environment(configured, {}) == {**strategy, **expected}


@pytest.mark.parametrize("variable", packages.CERTIFICATES)
def test_the_authorities_that_pip_reads_from_its_environment_are_those_of_uv(variable):
    assert uv_environment({}, {variable: "/ca.pem"})["SSL_CERT_FILE"] == "/ca.pem"
    both = {variable: "/ca.pem", "SSL_CERT_FILE": "/own.pem"}
    assert uv_environment({}, both)["SSL_CERT_FILE"] == "/own.pem"
    assert uv_environment({"cert": "/pip.pem"}, both)["SSL_CERT_FILE"] == "/pip.pem"


@pytest.mark.parametrize(
    ("configured", "expected"),
    [
        ({}, []),
        ({"no-index": "true"}, ["--no-index"]),
        ({"no-index": "0"}, []),
        ({"no-cache-dir": "1"}, ["--no-cache"]),
        ({"only-binary": ":all:"}, ["--only-binary=:all:"]),
        ({"no-binary": "a,b"}, ["--no-binary=a", "--no-binary=b"]),
    ],
)
def test_what_uv_takes_as_an_option_only(configured, expected):
    assert uv_options(configured) == expected
