"""Install a lock file with its hashes: by uv, about ten times as fast as pip, else by pip.

Standard library only, and syntax that an old Python reads, like `bootstrap`. pip brings uv, which
then gets pip's configuration (files and PIP_* variables) under its own names: it reads none of it
(ADR 0015).
"""

import ast
import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit
from urllib.request import url2pathname

from segur.runner import keeper

UV_LOCK = Path(__file__).resolve().parent.parent.parent / "requirements" / "uv.txt"

OUTSIDE = sys.executable

# `pip --python` came with 22.3. Asking pip itself costs two starts of pip, about a second.
CAN_INSTALL_ELSEWHERE = (
    "import pip, sys; sys.exit([int(n) for n in pip.__version__.split('.')[:2]] < [22, 3])"
)

ONE_VALUE = {
    "cert": "SSL_CERT_FILE",
    "client-cert": "SSL_CLIENT_CERT",
    "default-timeout": "UV_HTTP_TIMEOUT",
    "index-url": "UV_DEFAULT_INDEX",
    "retries": "UV_HTTP_RETRIES",
    "timeout": "UV_HTTP_TIMEOUT",
}
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy")
CERTIFICATES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
TRUE = ("1", "true", "yes", "y", "on", "t")


def is_installed(venv: Path, lock: Path) -> bool:
    """Whether the stamp says that this very lock is there."""
    stamp = _stamp(venv, lock)
    return stamp.exists() and stamp.read_text() == _digest(lock)


def install(venv: Path, lock: Path) -> bool:
    """Return whether the whole lock is installed. What uv cannot do, pip tries: with a bad hash,
    both refuse.
    """
    log, pip = venv / "uv.log", _pip(venv)
    with log.open("wb") as output:
        configuration = [*pip, "config", "list"]
        # pip lists its configuration while it brings uv: each start of pip takes half a second.
        with subprocess.Popen(configuration, stdout=subprocess.PIPE, stderr=output) as listing:
            done = _bring_uv(venv, pip, output)
            listed = listing.communicate()[0].decode()
        done = done and listing.returncode == 0 and _install_by_uv(venv, listed, lock, output)
    if not done:
        sys.stderr.write(f"uv n'a pas abouti ({log} dit pourquoi) : pip prend le relais.\n")
        done = _run([*_install_by(pip), "--requirement", str(lock)])
    if done:
        _stamp(venv, lock).write_text(_digest(lock))
    return done


def _bring_uv(venv: Path, pip: "list[str]", output: BinaryIO) -> bool:
    """As a wheel only: without one for this machine, building uv takes a Rust compiler."""
    if is_installed(venv, UV_LOCK) and (venv / "bin" / "uv").exists():
        return True
    wheel = [*_install_by(pip), "--only-binary", ":all:", "--requirement", str(UV_LOCK)]
    done = _run(wheel, output)
    if done:
        _stamp(venv, UV_LOCK).write_text(_digest(UV_LOCK))
    return done


def _install_by_uv(venv: Path, listed: str, lock: Path, output: BinaryIO) -> bool:
    """`listed` is what `pip config list` prints."""
    python = str(venv / "bin" / "python")
    settings = read_settings(listed)
    environment = uv_environment(settings, dict(os.environ))
    uv = [str(venv / "bin" / "uv"), "pip", "install", "--quiet", "--no-config", "--python", python]
    # Compiled as pip does: else each process compiles what it imports, where none may write it.
    uv += ["--compile-bytecode", *uv_options(settings), "--requirement", str(lock)]
    # uv refuses constraints without hashes beside --require-hashes: they are checked before.
    constraints = [f"--constraints={path}" for path in settings.get("constraint", "").split()]
    if constraints:
        check = [*uv, "--dry-run", "--no-verify-hashes", *constraints]
        if not _run(check, output, environment):
            return False
    return _run([*uv, "--require-hashes"], output, environment)


def read_settings(listed: str) -> "dict[str, str]":
    """What `pip config list` prints, as `pip install` would take it: the variables before the
    section `install`, that one before `global`. Empty values count for nothing.
    """
    settings = {}  # type: dict[str, str]
    lines = [line.partition("=") for line in listed.splitlines()]
    for section in ("global.", "install.", ":env:."):
        for key, _, value in lines:
            if key.startswith(section) and ast.literal_eval(value):
                settings[key[len(section) :]] = ast.literal_eval(value)
    return settings


def uv_environment(settings: "dict[str, str]", environment: "dict[str, str]") -> "dict[str, str]":
    """The environment for uv: passwords in addresses stay out of the list of processes."""
    found = dict(environment)
    # pip takes the pinned version from whichever index has it; the hash says that it is the one.
    found["UV_INDEX_STRATEGY"] = "unsafe-best-match"
    for variable in CERTIFICATES:
        if variable in environment:
            found.setdefault("SSL_CERT_FILE", environment[variable])
    for key, variable in ONE_VALUE.items():
        if key in settings:
            found[variable] = settings[key]
    places = {"extra-index-url": ("UV_INDEX", " "), "find-links": ("UV_FIND_LINKS", ",")}
    for key, (variable, separator) in places.items():
        if key in settings:
            found[variable] = separator.join(filter(_can_exist, settings[key].split()))
    if "trusted-host" in settings:
        found["UV_INSECURE_HOST"] = " ".join(settings["trusted-host"].split())
    if "proxy" in settings:
        found.update((variable, settings["proxy"]) for variable in PROXIES)
    if "cache-dir" in settings:
        found["UV_CACHE_DIR"] = str(Path(settings["cache-dir"]) / "uv")
    return found


def uv_options(settings: "dict[str, str]") -> "list[str]":
    """What uv takes on its command line alone."""
    options = []
    if settings.get("no-index", "").lower() in TRUE:
        options.append("--no-index")
    if settings.get("no-cache-dir", "").lower() in TRUE:
        options.append("--no-cache")
    for key in ("no-binary", "only-binary"):
        packages = settings.get(key, "").replace(",", " ").split()
        options.extend(f"--{key}={package}" for package in packages)
    return options


def _can_exist(place: str) -> bool:
    """False for a folder that is not there: pip warns and goes on, uv stops."""
    parts = urlsplit(place)
    if parts.scheme not in ("", "file"):
        return True
    return Path(url2pathname(parts.path)).exists()


def _pip(venv: Path) -> "list[str]":
    """pip of the environment, else that of the Python outside, else the one that Python carries:
    to install that one takes as long as to install all the rest by uv.
    """
    python = str(venv / "bin" / "python")
    inside = [python, "-m", "pip"]
    outside = [OUTSIDE, "-m", "pip", "--python", python]
    with open(os.devnull, "wb") as quiet:  # noqa: PTH123
        if _run([python, "-c", "import pip"], quiet):
            return inside
        if _run([OUTSIDE, "-c", CAN_INSTALL_ELSEWHERE], quiet):
            return outside
        _run([python, "-m", "ensurepip", "--default-pip"], quiet)
    return inside


def _install_by(pip: "list[str]") -> "list[str]":
    return [
        *(*pip, "install", "-qq", "--no-input"),
        *("--disable-pip-version-check", "--require-hashes"),
    ]


def _run(
    command: "list[str]", output: "BinaryIO | None" = None, env: "dict[str, str] | None" = None
) -> bool:
    return keeper.run(command, stdout=output, stderr=output, env=env) == 0


def _stamp(venv: Path, lock: Path) -> Path:
    return venv / f"installed-{lock.name}"


def _digest(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes()).hexdigest()
