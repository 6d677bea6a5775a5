"""Build `.venv`, then hand over to it. Standard library only, and syntax that an old Python reads:
this module must be able to say that the Python is too old.
"""

import errno
import os
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NoReturn

from segur.runner import keeper, packages

ROOT = Path(__file__).resolve().parent.parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
NEEDED = (3, 11)
LAST_PORT = 65535
LOCKS = {
    "run": ["run.txt"],
    "install": ["dev.txt"],
    "bench": ["dev.txt", "bench.txt"],
    "mutants": ["dev.txt", "mutants.txt"],
}


class CannotRunError(Exception):
    """One French sentence for the person at the terminal."""


def main(action: str) -> None:
    signal.signal(signal.SIGTERM, _leave)
    keeper.note_launcher()
    try:
        check_python()
        if action == "run":
            check_port(os.environ.setdefault("PORT", "8000"))
            check_writable(Path(os.environ.get("VAR_DIR", str(ROOT / "var"))))
        build_venv()
        for name in LOCKS[action]:
            install(name)
    except CannotRunError as problem:
        sys.exit(str(problem))
    except KeyboardInterrupt:
        sys.exit("Interrompu.")
    if action == "run":
        os.chdir(str(ROOT))
        os.execv(str(PYTHON), [str(PYTHON), "-m", "segur.runner.supervisor"])


def check_python() -> None:
    if sys.version_info < NEEDED:
        found = "{}.{}.{}".format(*sys.version_info[:3])
        raise CannotRunError(
            f"Python 3.11 ou plus récent est nécessaire ; celui-ci est en version {found}. "
            "Installez-en un plus récent, ou indiquez-le : make run PYTHON=python3.12"
        )


def check_port(text: str) -> None:
    """Refuse a port that is no port, or that somebody listens on already."""
    port = int(text) if text.isdigit() else 0
    if not 0 < port <= LAST_PORT:
        raise CannotRunError(
            f"PORT={text} n'est pas un numéro de port : choisissez-en un de 1 à 65535."
        )
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise CannotRunError(_why_not(port, error)) from None


def _why_not(port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Le port {port} est déjà pris sur 127.0.0.1 : arrêtez le programme qui l'occupe, "
            f"ou choisissez-en un autre : make run PORT={port + 1 if port < LAST_PORT else 8000}"
        )
    return f"Le port {port} ne peut pas être ouvert ({error.strerror}) : make run PORT=8000"


def check_writable(folder: Path) -> None:
    """Make the folder and write in it, once: permissions alone do not tell (root, full disk)."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=str(folder)) as probe:
            probe.write(b"\0")
    except OSError as error:
        raise CannotRunError(
            f"Impossible d'écrire dans le dossier {folder} ({error.strerror}) : "
            "donnez-vous le droit d'y écrire, ou copiez le projet ailleurs."
        ) from None


def build_venv() -> None:
    """Make `.venv`, or make it again where it does not run or is of an old Python. uv, which fills
    it, needs no pip in it.
    """
    probe = f"import sys; sys.exit(sys.version_info < {NEEDED})"
    if PYTHON.exists() and _runs([str(PYTHON), "-c", probe]):
        return
    check_writable(ROOT)
    _say("Création de l'environnement Python (.venv)…")
    venv = [sys.executable, "-m", "venv", "--without-pip", "--clear", str(VENV)]
    if keeper.run(venv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) != 0:
        raise CannotRunError(
            f"L'environnement {VENV} n'a pas pu être créé : il faut le module venv de Python "
            "(sous Debian et Ubuntu : apt install python3-venv)."
        )


def install(name: str) -> None:
    """Install a lock file with its hashes, unless this very one is there."""
    lock = ROOT / "requirements" / name
    if packages.is_installed(VENV, lock):
        return
    check_writable(VENV)
    _say("Installation des dépendances (une minute au plus, la première fois)…")
    if not packages.install(VENV, lock):
        raise CannotRunError(
            "Les dépendances n'ont pas pu être installées (voir ci-dessus) : vérifiez la "
            "connexion ; si l'erreur demeure, supprimez le dossier .venv et relancez. Si pip "
            "manque (sous Debian et Ubuntu) : apt install python3-venv"
        )


def _runs(command: "list[str]") -> bool:
    quiet = subprocess.DEVNULL
    return subprocess.run(command, check=False, stdout=quiet, stderr=quiet).returncode == 0


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def _leave(number: int, _frame: object) -> NoReturn:
    sys.exit(128 + number)


if __name__ == "__main__":
    main(*sys.argv[1:])
