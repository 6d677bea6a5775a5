"""The proofs in a bucket: the same rights, the same bytes, and never whole in memory."""

import hashlib
import tracemalloc

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from calendar_app.models import Proof
from calendar_app.services.drafts import save_draft
from documents.services import held
from documents.services.proofs import Shelf, shelf
from documents.services.uploads import MadeHere
from operations.selectors.files import stored_names
from tests.bucket import bucket, client, storages
from tests.by import acting
from tests.factories import DeadlineFactory, OrganisationFactory, SolutionFactory, member

CONTENT = b"%PDF-1.7\n" + bytes(range(256)) * 4096


@pytest.fixture
def http():
    """A browser: `client` is the one of the bucket here."""
    return Client()


@pytest.fixture(scope="module")
def server():
    with bucket() as environment:
        yield environment


@pytest.fixture
def files(server, settings):
    settings.FILES_S3_BUCKET = server["FILES_S3_BUCKET"]
    settings.STORAGES = {**settings.STORAGES, "default": storages(server)}
    return client(server)


@pytest.fixture
def actor(calendars):
    return member(organisation=OrganisationFactory())


@pytest.fixture
def proof(files, actor):
    organisation = actor.memberships.get().organisation
    deadline = DeadlineFactory(solution=SolutionFactory(organisation=organisation))
    upload = MadeHere("dépôt.pdf", CONTENT, "application/pdf")
    by = acting(actor, timezone.now())
    return save_draft(deadline=deadline, by=by, proofs=[upload]).proofs.get()


def test_a_proof_goes_to_the_bucket_and_comes_back_byte_for_byte(http, proof, actor):
    http.force_login(actor)
    answer = http.get(reverse("deadlines:proof", args=[proof.pk]))
    assert answer.status_code == 200
    assert b"".join(answer) == CONTENT
    assert answer["Content-Length"] == str(len(CONTENT))
    assert proof.file.name in list(stored_names())


def test_an_outsider_gets_nothing_from_the_bucket(http, proof):
    http.force_login(member(organisation=OrganisationFactory()))
    assert http.get(reverse("deadlines:proof", args=[proof.pk])).status_code == 404


def test_the_bucket_gives_nothing_to_who_asks_it_directly(files, proof):
    acl = files.get_object_acl(Bucket="proofs", Key=proof.file.name)
    assert {grant["Grantee"]["Type"] for grant in acl["Grants"]} == {"CanonicalUser"}


def test_a_part_is_read_without_the_rest(http, proof, actor):
    http.force_login(actor)
    answer = http.get(
        reverse("deadlines:proof", args=[proof.pk]), headers={"range": "bytes=100000-100009"}
    )
    assert answer.status_code == 206
    assert b"".join(answer) == CONTENT[100_000:100_010]


def test_an_act_that_fails_takes_its_file_back(files, actor):
    before = set(stored_names())

    def fails():
        with shelf() as kept:
            stored = kept._store("proofs/a", MadeHere("a.pdf", CONTENT, "application/pdf"))
            assert set(stored_names()) == {*before, stored}
            raise ValidationError("no")

    with pytest.raises(ValidationError):
        fails()
    assert set(stored_names()) == before


def test_a_file_held_for_a_form_is_stored_from_the_bucket_to_the_bucket(files):
    upload = MadeHere("a.pdf", CONTENT, "application/pdf")
    (kept,) = held.hold([upload])
    found = held.take(kept.token)
    name = default_storage.save("proofs/again", found)
    with default_storage.open(name) as file:
        assert file.read() == CONTENT
    default_storage.delete(name)


def test_a_big_file_is_never_whole_in_memory(files):
    block, count = b"0123456789abcdef" * 65536, 32
    name = default_storage.save("proofs/big", ContentFile(block * count))
    expected = hashlib.sha256(block * count).hexdigest()
    tracemalloc.start()
    try:
        digest = hashlib.sha256()
        with default_storage.open(name) as file:
            for part in file.chunks():
                digest.update(part)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        default_storage.delete(name)
    assert digest.hexdigest() == expected
    assert peak < 4 * 1024**2


def test_a_file_that_is_gone_is_reported_as_on_a_disk(files):
    with pytest.raises(FileNotFoundError):
        default_storage.open("proofs/none")


def test_a_bucket_that_is_away_is_reported_in_words_and_by_health(
    http, files, server, settings, actor
):
    assert http.get("/sante/pret/").json()["preuves"] == "répond"
    away = {**server, "FILES_S3_ENDPOINT": "http://127.0.0.1:1"}
    settings.STORAGES = {**settings.STORAGES, "default": storages(away)}
    assert http.get("/sante/pret/").json()["preuves"] == "ne répond pas"
    upload = MadeHere("a.pdf", CONTENT, "application/pdf")
    with pytest.raises(ValidationError, match="n'a pas pu être enregistré"):
        Shelf().put(Proof, [upload], by=acting(actor, timezone.now()))
