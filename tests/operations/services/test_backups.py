"""A backup, read again, and restored on an empty machine: the same pages to the byte."""

import datetime as dt
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile

import psycopg
import pytest
from django.conf import settings as site
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from calendar_app.models import Proof
from operations.reading.archives import MANIFEST, BrokenArchiveError, verify
from operations.selectors.files import stored_names
from operations.services.backups import back_up, verified
from tests.bucket import bucket, make, storages
from tests.demonstration import CONTENTS, TemplateCopies
from tests.operations.pages_seen import pages_seen

SQLITE = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="reads the demonstration of a transaction"
)


def run(environment, *arguments):
    """A command of the site in a process of its own; what it printed."""
    answer = subprocess.run(
        [sys.executable, *arguments],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", **environment},
        cwd=site.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    return answer.returncode, answer.stdout, answer.stderr


RESTORE_EACH = """
import sys, django
django.setup()
from django.core.management import CommandError, call_command
for path in sys.argv[1:]:
    try:
        call_command("restore", path)
    except CommandError as refusal:
        print(" ".join(str(refusal).split()))
"""
"""One process for archives of which each is refused: a line for each."""


def seen_there(environment, now):
    code, printed, errors = run(environment, "-m", "tests.operations.pages_seen", now.isoformat())
    assert code == 0, errors
    return json.loads(printed)


def mail_is_held(environment):
    """Nothing leaves a restored site before somebody has looked at what waits."""
    asked = (
        "from mailing.models import MailQueue; print(MailQueue.objects.get().held_at is not None)"
    )
    return run(environment, "manage.py", "shell", "--no-imports", "-c", asked)[1].strip() == "True"


@pytest.fixture
def on_disk(request, demo, monkeypatch):
    """The demonstration as a site has it, in a file: no backup is made inside a transaction."""
    kept = request.session.stash[CONTENTS].shared / "demonstration.sqlite3"
    monkeypatch.setitem(connection.settings_dict, "NAME", str(kept))


@pytest.fixture
def archive(on_disk, tmp_path):
    path = tmp_path / "backups" / "one.tar.gz"
    back_up(path, now=timezone.now())
    return path


@pytest.fixture
def empty_machine(tmp_path):
    return {
        "VAR_DIR": str(tmp_path / "restored"),
        "DATABASE_URL": f"sqlite:///{tmp_path / 'restored' / 'db.sqlite3'}",
        "SECRET_KEY": site.SECRET_KEY,
    }


def content_of(name):
    with default_storage.open(name) as file:
        return file.read()


def rewritten(path, change, name="other"):
    """The archive again, each member as `change(name, content)` gives it, None for left out."""
    other = path.with_name(f"{name}.tar.gz")
    with tarfile.open(path) as source, tarfile.open(other, "w:gz") as target:
        for member in source:
            content = change(member.name, source.extractfile(member).read())
            if content is not None:
                member.size = len(content)
                target.addfile(member, io.BytesIO(content))
    return other


@SQLITE
def test_a_restored_site_shows_the_same_to_the_byte(archive, empty_machine):
    now = timezone.now()
    before = pages_seen(now)
    code, printed, errors = run(empty_machine, "manage.py", "restore", str(archive))
    assert (code, "Journal vérifié" in printed) == (0, True), errors
    assert seen_there(empty_machine, now) == before
    assert mail_is_held(empty_machine)
    assert {answer[:3] for answer in before.values()} == {"200", "404"}
    assert len(before) > 50

    code, _printed, errors = run(empty_machine, "manage.py", "restore", str(archive))
    assert code == 1
    assert "La base de données n'est pas vide : rien n'a été restauré" in errors


@SQLITE
def test_an_archive_is_whole_private_and_without_the_key(archive):
    manifest, faults = verified(archive)
    assert faults == []
    names = {line["name"] for line in manifest["members"]}
    assert {"database.sqlite3", *(f"files/{one.file.name}" for one in Proof.objects.all())} <= names
    assert archive.stat().st_mode & 0o777 == 0o600
    with tarfile.open(archive) as source:
        content = b"".join(source.extractfile(member).read() for member in source)
    assert site.SECRET_KEY.encode() not in content
    assert [path.name for path in archive.parent.iterdir()] == [archive.name]


def newer(name, content):
    if name != MANIFEST:
        return content
    manifest = json.loads(content)
    manifest["migrations"].append(["perf", "0999_later"])
    return json.dumps(manifest).encode()


def altered(folder):
    return lambda name, content: content[:-1] + b"!" if name.startswith(folder) else content


WRONG = {
    "member lost": (lambda n, c: None if n.startswith("files/") else c, "manque"),
    "file altered": (altered("files/"), "n'a plus l'empreinte"),
    "database altered": (altered("database"), "n'a plus l'empreinte"),
    "newer": (newer, "plus récente que ce code"),
}
"""What changed in an archive, and the fault that `verify` reports."""


@SQLITE
def test_an_altered_archive_and_one_of_a_newer_version_are_not_restored(archive, empty_machine):
    archives = {what: rewritten(archive, change, what) for what, (change, _) in WRONG.items()}
    for what, other in archives.items():
        faults = verify(other)[1]
        assert bool(faults) == (what != "newer")
        assert all(WRONG[what][1] in fault for fault in faults)
    code, printed, errors = run(empty_machine, "-c", RESTORE_EACH, *map(str, archives.values()))
    assert code == 0, errors
    for what, answer in zip(WRONG, printed.splitlines(), strict=True):
        expected = WRONG["newer"][1] if what == "newer" else "L'archive est altérée"
        assert expected in answer


@SQLITE
def test_a_cut_archive_and_one_without_manifest_are_refused(archive):
    cut = archive.with_name("cut.tar.gz")
    cut.write_bytes(archive.read_bytes()[: archive.stat().st_size // 2])
    with pytest.raises(BrokenArchiveError, match="coupée ou illisible"):
        verify(cut)
    with pytest.raises(BrokenArchiveError, match="pas de manifeste"):
        verify(rewritten(archive, lambda n, c: None if n == MANIFEST else c))
    with pytest.raises(CommandError, match="coupée ou illisible"):
        call_command("backup", cut, verify=True)


@SQLITE
def test_a_restore_over_files_is_refused_and_one_cut_short_is_begun_again(archive, empty_machine):
    folder = archive.parent.parent / "restored" / "files"
    (folder / "proofs").mkdir(parents=True)
    stranger = folder / "proofs" / "of somebody"
    stranger.write_text("other data")
    code, _out, errors = run(empty_machine, "manage.py", "restore", str(archive))
    assert (code, "Le dossier des fichiers n'est pas vide" in errors) == (1, True)
    assert stranger.read_text() == "other data"

    stranger.unlink()
    name = Proof.objects.first().file.name
    (folder / name).parent.mkdir(parents=True)
    (folder / name).write_bytes(b"its beginn")
    code, _out, errors = run(empty_machine, "manage.py", "restore", str(archive))
    assert code == 0, errors
    assert (folder / name).read_bytes() == content_of(name)


@SQLITE
def test_the_command_names_orphans_and_lost_files_and_overwrites_nothing(on_disk, tmp_path, capsys):
    orphan = default_storage.save("proofs/zz/orphan", ContentFile(b"x"))
    held = default_storage.save("held/for-a-form", ContentFile(b"x"))
    proof = Proof.objects.first()
    content = content_of(proof.file.name)
    default_storage.delete(proof.file.name)
    path = tmp_path / "b.tar.gz"
    try:
        call_command("backup", path)
        printed = capsys.readouterr()
        assert f"qu'aucune donnée ne nomme, non sauvegardé : {orphan}" in printed.err
        assert held not in printed.err
        assert f"Fichier absent, effacé depuis ou perdu : {proof.file.name}" in printed.err
        assert "La clé secrète (SECRET_KEY) n'est pas dans l'archive" in printed.out
        with pytest.raises(CommandError, match="rien n'est écrasé"):
            call_command("backup", path)
        call_command("backup", path, verify=True)
        assert "est entière" in capsys.readouterr().out
    finally:
        default_storage.save(proof.file.name, ContentFile(content))
        default_storage.delete(orphan)
        default_storage.delete(held)


@SQLITE
def test_proofs_of_a_bucket_are_restored_into_another(on_disk, settings, tmp_path, empty_machine):
    contents = {name: content_of(name) for name in stored_names()}
    with bucket("first") as first:
        settings.FILES_S3_BUCKET = "first"
        settings.STORAGES = {**settings.STORAGES, "default": storages(first)}
        for name, content in contents.items():
            default_storage.save(name, ContentFile(content))
        archive = tmp_path / "b.tar.gz"
        about = back_up(archive, now=timezone.now())
        assert (about["missing"], about["files"]) == ([], len(contents))

        second = make(first, "second")
        environment = {**empty_machine, **second}
        code, _printed, errors = run(environment, "manage.py", "restore", str(archive))
        assert code == 0, errors
        settings.STORAGES = {**settings.STORAGES, "default": storages(second)}
        assert {name: content_of(name) for name in stored_names()} == contents


@pytest.mark.distributed
def test_postgresql_is_restored_to_the_byte(request, demo, tmp_path):
    """From one database of the server to another, by the commands of an operator."""
    database = site.DATABASES["default"]
    server = f"postgres://{database['USER']}@{database['HOST']}:{database['PORT']}"
    contents = request.session.stash[CONTENTS]
    first = _machine(server, tmp_path / "first", template=TemplateCopies.name(contents.current))
    shutil.copytree(contents.files, tmp_path / "first" / "files")
    code, _printed, errors = run(first, "manage.py", "prepare")
    assert code == 0, errors
    second = _machine(server, tmp_path / "second")
    archive = str(tmp_path / "pg.tar.gz")
    now = dt.datetime.now(dt.UTC)
    assert run(first, "manage.py", "backup", archive)[0] == 0
    before = seen_there(first, now)
    call_command("backup", archive, verify=True)
    code, printed, errors = run(second, "manage.py", "restore", archive)
    assert (code, "Journal vérifié" in printed) == (0, True), errors
    code, _printed, errors = run(second, "manage.py", "restore", archive)
    assert (code, "n'est pas vide" in errors) == (1, True)
    assert seen_there(second, now) == before


def _machine(server, folder, template="template1"):
    name = f"backup_{folder.name}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as link:
        link.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    return {
        "DATABASE_URL": f"{server}/{name}",
        "REDIS_URL": "",
        "VAR_DIR": str(folder),
        "SECRET_KEY": site.SECRET_KEY,
    }
