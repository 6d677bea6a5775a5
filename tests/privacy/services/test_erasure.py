"""A person exported, then erased: nothing of them in any table, their acts and the chain whole."""

import datetime as dt
import io
import json
import os
import re
import tracemalloc
import zipfile

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.enums import Role
from accounts.models import FormerPassword, Invitation, Membership, User
from calendar_app.models import Proof
from documents.services.archive import ArchivedFile, archive
from journal.models import Entry
from journal.services.chain import append_all, verify
from mailing.models import OutgoingMail
from privacy.models import ErasureRequest
from privacy.rules.scrubbing import ERASED, Scrubber
from privacy.selectors.columns import is_own, kept_by_law, links_to_people
from privacy.services.archives import archive_ask
from privacy.services.erasure import person_erase
from privacy.services.exports import open_fields, organisation_export, person_export
from privacy.services.requests import erase_due, erasure_ask, erasure_do, erasure_withdraw
from tests.by import acting
from tests.factories import OrganisationFactory, UserFactory, member

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2027, 3, 1, 9, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)


def exported(host, user):
    return organisation_export(organisation=host, user=user, at=NOW, seen=lambda: None)


def opened(blocks):
    return zipfile.ZipFile(io.BytesIO(b"".join(blocks)))


def table(whole, name):
    return json.loads(whole.read(f"Données/{name}.json"))


def every_text():
    """«table.column» → its values as text, of every table that the database has."""
    with connection.cursor() as cursor:
        for name in connection.introspection.table_names(cursor):
            for column in connection.introspection.get_table_description(cursor, name):
                quoted = map(connection.ops.quote_name, (column.name, name))
                cursor.execute("SELECT CAST({} AS text) FROM {}".format(*quoted))  # noqa: S608
                yield f"{name}.{column.name}", [str(row[0]) for row in cursor.fetchall()]


def traces(words):
    """Where one of these words still stands, in any case of letters."""
    forms = {form.lower() for word in words for form in (word, json.dumps(word)[1:-1])}
    return {
        column
        for column, values in every_text()
        for value in values
        if any(form in value.lower() for form in forms)
    }


@pytest.mark.parametrize(
    "address", ["representant@radiolune.example", "agent@ans.example", "salarie@radiolune.example"]
)
def test_of_the_demonstration_nothing_is_left_but_what_the_register_names(demo, address):
    user = User.objects.get(email=address)
    name, acts = user.full_name, Entry.objects.filter(signer__user_id=user.pk).count()
    append_all(now=timezone.now())
    end = verify()
    assert name in table(opened(person_export(by=acting(user, NOW))), "compte")[0]["full_name"]
    assert len(traces([name, address])) >= 5
    person_erase(user=user, by=acting(None, NOW))
    assert traces([name, address]) <= kept_by_law()
    append_all(now=timezone.now())
    after = verify()
    assert after.faults == []
    assert after.links > end.links
    erased = Entry.objects.filter(signer__name="", signer__user_id=None).count()
    assert erased >= acts
    user.refresh_from_db()
    assert (str(user), user.is_active, user.has_usable_password()) == (ERASED, False, False)


def test_the_law_keeps_no_column_that_the_database_does_not_have():
    assert kept_by_law() <= {column for column, _values in every_text()}


class TestErasing:
    def test_twice_is_refused(self):
        user = member(Role.SALARIE)
        person_erase(user=user, by=acting(None, NOW))
        with pytest.raises(ValidationError, match="déjà effacée"):
            person_erase(user=user, by=acting(None, NOW))

    def test_the_last_mandataire_is_not_erased_and_a_second_one_is(self):
        host = OrganisationFactory()
        user = member(Role.MANDATAIRE, host)
        with pytest.raises(ValidationError, match="personne d'autre ne dirige"):
            person_erase(user=user, by=acting(None, NOW))
        member(Role.MANDATAIRE, host)
        person_erase(user=user, by=acting(None, NOW))
        assert not Membership.objects.filter(user=user).exists()

    def test_a_closed_organisation_keeps_nobody(self):
        host = OrganisationFactory(is_active=False)
        user = member(Role.MANDATAIRE, host)
        person_erase(user=user, by=acting(None, NOW))
        assert not host.memberships.exists()

    def test_their_mails_invitations_and_addresses_go(self):
        user = member(Role.SALARIE, full_name="Lise Prévôt")
        EmailAddress.objects.create(user=user, email="lise.autre@exemple.example", verified=True)
        OutgoingMail.objects.create(
            kind="COMPTE",
            to_email="Lise.Autre@exemple.example",
            subject="Bonjour",
            body_text="Bonjour",
            message_id="<1@x>",
        )
        Invitation.objects.create(
            organisation=OrganisationFactory(),
            email="lise.autre@exemple.example",
            role=Role.SALARIE,
            token_sha256="0" * 64,
            sent_at=NOW,
            expires_at=NOW,
        )
        person_erase(user=user, by=acting(None, NOW))
        assert traces(["Lise Prévôt", "lise.autre", user.email]) - kept_by_law() <= {
            "journal_entry.note"
        }
        mail = OutgoingMail.objects.get()
        assert (mail.to_email, mail.body_text) == ("", "")

    def test_a_namesake_keeps_their_name(self):
        one, other = (
            member(Role.SALARIE, full_name="Lise Prévôt"),
            UserFactory(full_name="Lise Prévôt"),
        )
        person_erase(user=one, by=acting(None, NOW))
        other.refresh_from_db()
        assert other.full_name == "Lise Prévôt"

    def test_an_open_session_ends(self):
        user = member(Role.SALARIE)
        client = Client()
        client.force_login(user)
        person_erase(user=user, by=acting(None, NOW))
        assert client.get("/profil/").status_code == 302


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("Confié à Lise Prévôt.", f"Confié à {ERASED}."),
        ("LISE PRÉVÔT", ERASED),
        ("Lise Prévôtel", "Lise Prévôtel"),
        ("xLise Prévôt", "xLise Prévôt"),
        ("a <lise@exemple.example>", f"a <{ERASED}>"),
        ("anne-lise@exemple.example", "anne-lise@exemple.example"),
        ("Jean d&#x27;Arc vient", f"{ERASED} vient"),
        ({"a": ["Lise Prévôt", 1, None]}, {"a": [ERASED, 1, None]}),
    ],
)
def test_whole_words_only_are_replaced(text, cleaned):
    scrubber = Scrubber({"Lise Prévôt", "Jean d'Arc", "Li"}, {"lise@exemple.example"})
    assert scrubber.clean(text) == cleaned


class TestRequests:
    @pytest.fixture
    def user(self):
        return member(Role.SALARIE)

    @pytest.mark.parametrize(("late", "count"), [(-SECOND, 0), (dt.timedelta(), 1)])
    def test_the_clock_does_it_after_the_delay(self, user, late, count):
        row = erasure_ask(by=acting(user, NOW))
        assert row.due_at == NOW + dt.timedelta(days=7)
        assert erase_due(row.due_at + late, row.due_at) == count
        user.refresh_from_db()
        assert (user.full_name == ERASED) == bool(count)

    def test_withdrawn_it_is_not_done(self, user):
        row = erasure_ask(by=acting(user, NOW))
        erasure_withdraw(row=row, by=acting(user, NOW))
        assert erase_due(row.due_at, row.due_at) == 0
        with pytest.raises(ValidationError, match="n'attend plus"):
            erasure_do(row=row, by=acting(member(Role.RESPONSABLE), NOW))

    def test_asked_twice_it_is_one_request(self, user):
        erasure_ask(by=acting(user, NOW))
        with pytest.raises(ValidationError, match="déjà demandé"):
            erasure_ask(by=acting(user, NOW))
        assert ErasureRequest.objects.count() == 1

    def test_the_last_mandataire_cannot_ask_and_waits_when_they_become_it(self):
        host = OrganisationFactory()
        user, other = member(Role.MANDATAIRE, host), member(Role.MANDATAIRE, host)
        row = erasure_ask(by=acting(user, NOW))
        Membership.objects.filter(user=other).delete()
        assert erase_due(row.due_at, row.due_at) == 0
        with pytest.raises(ValidationError, match="personne d'autre"):
            erasure_ask(by=acting(user, NOW))

    @pytest.mark.parametrize("role", [Role.AGENT, Role.MANDATAIRE])
    def test_nobody_else_than_a_responsable_does_it(self, user, role):
        row = erasure_ask(by=acting(user, NOW))
        with pytest.raises(PermissionDenied):
            erasure_do(row=row, by=acting(member(role), NOW))

    def test_nor_does_a_responsable_erase_themselves(self):
        ans = OrganisationFactory(ans=True)
        one, other = member(Role.RESPONSABLE, ans), member(Role.RESPONSABLE, ans)
        row = erasure_ask(by=acting(one, NOW))
        with pytest.raises(ValidationError, match="Un autre Responsable"):
            erasure_do(row=row, by=acting(one, NOW))
        erasure_do(row=row, by=acting(other, NOW))
        row.refresh_from_db()
        assert row.done_at == NOW

    def test_the_person_and_the_responsables_are_notified(self, user):
        responsable = member(Role.RESPONSABLE)
        erasure_ask(by=acting(user, NOW))
        found = dict(OutgoingMail.objects.values_list("user_id", "subject"))
        assert found == {
            user.pk: "Votre compte sera effacé le 08/03/2027 à 10h",
            responsable.pk: f"Effacement demandé : compte n° {user.pk}",
        }
        assert not re.search(user.full_name, OutgoingMail.objects.get(user=responsable).body_text)


class TestExports:
    def test_of_a_person_it_has_their_own_rows_and_nothing_that_opens(self, demo):
        user = User.objects.get(email="mandataire@radiolune.example")
        former = FormerPassword.objects.create(user=user, hash="pbkdf2_sha256$1$sel$empreinte")
        whole = opened(person_export(by=acting(user, NOW)))
        assert table(whole, "compte")[0]["email"] == user.email
        assert len(table(whole, "accounts.membership.user")) == user.memberships.count()
        mails = table(whole, "mailing.outgoingmail.user")
        assert len(mails) == OutgoingMail.objects.filter(user=user).count() > 0
        assert len(table(whole, "journal")) > 0
        content = b"".join(whole.read(name) for name in whole.namelist()).decode("latin-1")
        assert user.password not in content
        assert former.hash not in content
        assert "nonce" not in content
        assert any(name.startswith("Fichiers/") for name in whole.namelist())

    def test_of_an_organisation_it_has_its_rows_and_files_and_no_other_s(self, demo):
        user = User.objects.get(email="mandataire@radiolune.example")
        host = user.memberships.get().organisation
        whole = opened(exported(host, user))
        solutions = table(whole, "solutions")
        assert {one["pk"] for one in solutions} == set(host.solutions.values_list("pk", flat=True))
        assert len(table(whole, "prestations")) > 0
        assert [name for name in whole.namelist() if name.startswith("Dépôts/")]
        manifest = json.loads(whole.read("manifest.json"))
        assert all(line.get("conforme", True) for line in manifest["fichiers"])
        assert not [line for line in manifest["fichiers"] if line.get("absent")]

    @pytest.mark.parametrize("role", [Role.REPRESENTANT, Role.SALARIE])
    def test_only_its_mandataire_takes_it(self, role):
        host = OrganisationFactory()
        with pytest.raises(PermissionDenied):
            exported(host, member(role, host))

    @pytest.mark.parametrize("role", [Role.AGENT, Role.MANDATAIRE])
    def test_neither_does_an_agent_of_the_ans_nor_another_mandataire(self, role):
        with pytest.raises(PermissionDenied):
            exported(OrganisationFactory(), member(role))

    def test_the_journal_says_who_took_them(self):
        user = member()
        list(person_export(by=acting(user, NOW)))
        archive_ask(organisation=user.memberships.get().organisation, by=acting(user, NOW))
        acts = Entry.objects.order_by("pk").values_list("act", "signer__user_id")
        assert list(acts) == [("person.export", user.pk), ("organisation.export", user.pk)]


def test_no_column_of_an_export_opens_anything():
    opens = ("password", "hash", "secret", "token", "nonce", "salt", "session_key", "data", "key")
    given = {
        f"{model._meta.label}.{name}"
        for model, field in links_to_people()
        if is_own(field)
        for name in open_fields(model)
        if any(word in name for word in opens)
    }
    assert given == {"socialaccount.SocialAccount.extra_data"}, "what a provider says of the person"


def test_an_export_is_made_without_growing_in_memory():
    """Sixty files of a megabyte that nothing compresses."""
    size, count = 1024 * 1024, 60
    files = []
    for number in range(count):
        name = default_storage.save(f"proofs/x/{number}", ContentFile(os.urandom(size)))
        files.append(Proof(file=name, name=f"{number}.pdf", size=size, sha256="", uploaded_at=NOW))
    tracemalloc.start()
    sent = sum(map(len, archive({}, (ArchivedFile("a", one) for one in files), at=NOW)))
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert sent > count * size
    assert most < 8 * size
