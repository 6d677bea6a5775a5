"""Whoever changes, removes, inserts or moves an entry behind the site's back is found."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.utils import timezone

from journal.models import Entry, Link
from journal.rules.chain import START
from journal.services import append_only, chain
from journal.services.entries import erase_name, write
from tests.by import acting
from tests.factories import OrganisationFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def entries():
    """Five acts of one person, linked."""
    organisation, user = OrganisationFactory(), UserFactory(full_name="Ana Fictive")
    now = timezone.now()
    made = [
        write(organisation, "test.act", by=acting(user, now), what=f"Acte {number}")
        for number in range(5)
    ]
    assert chain.append_all(now=now) == 5
    return made


def faults():
    return chain.verify().faults


def test_a_chain_that_nobody_touched_is_whole(entries):
    found = chain.verify()
    assert (found.links, found.unlinked, found.faults) == (5, 0, [])
    assert found.end == Link.objects.get(number=5).hash != START


def test_an_entry_changed_is_named(entries):
    with append_only.lifted():
        Entry.objects.filter(pk=entries[2].pk).update(note="Autre motif")
    assert faults() == [f"Entrée {entries[2].pk} : modifiée depuis son écriture."]


def test_an_entry_removed_is_named(entries):
    with append_only.lifted():
        entries[1].delete()
    [fault] = faults()
    assert "retirée" in fault


def test_an_entry_removed_with_its_link_is_noticed_at_the_next(entries):
    with append_only.lifted():
        Link.objects.filter(entry_id=entries[1].pk).delete()
        Entry.objects.filter(pk=entries[1].pk).delete()
    assert [fault.split(" : ")[0] for fault in faults()] == [f"Entrée {entries[2].pk}"] * 2


def test_two_entries_moved_are_named(entries):
    first, second = Link.objects.filter(number__in=[2, 3]).order_by("number")
    with append_only.lifted():
        Link.objects.filter(number__in=[2, 3]).delete()
        for link, other in ((first, second), (second, first)):
            Link.objects.create(
                number=link.number, entry_id=other.entry_id, digest=other.digest, hash=link.hash
            )
    moved = {entries[1].pk, entries[2].pk}
    assert {fault for fault in faults() if "déplacée" in fault} == {
        f"Entrée {pk} : déplacée, ou insérée dans la chaîne." for pk in moved
    }


def test_an_entry_inserted_behind_the_chain_is_named_and_never_linked(entries):
    source = entries[0]
    source.pk, source.what = None, "Acte glissé"
    source.written_at = timezone.now() - dt.timedelta(hours=2)
    source.save(force_insert=True)
    assert chain.append_all(now=timezone.now()) == 0
    assert faults() == [f"Entrée {source.pk} : insérée après coup."]


def test_an_act_that_commits_late_is_linked_like_another(entries):
    late = entries[0]
    late.pk, late.written_at = None, timezone.now() - dt.timedelta(minutes=5)
    late.save(force_insert=True)
    assert chain.append_all(now=timezone.now()) == 1
    assert faults() == []


def test_a_name_is_erased_and_the_chain_stays_whole(entries):
    signer = entries[0].signer
    assert erase_name(signer.user_id, by=acting(None, timezone.now())) == 1
    signer.refresh_from_db()
    assert (str(signer), signer.user_id, signer.salt) == ("Personne effacée", None, "")
    assert faults() == []


@pytest.mark.parametrize("model", [Entry, Link])
def test_the_database_refuses_to_change_or_remove_a_line(entries, model):
    changed = {"digest": "x"} if model is Link else {"note": "x"}
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        model.objects.update(**changed)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        model.objects.all().delete()


def test_an_act_is_linked_once_whatever_the_number_of_runs(entries):
    for _run in range(3):
        chain.append(now=timezone.now())
    assert Link.objects.count() == 5


def test_the_command_says_what_it_finds_and_fails(entries, capsys):
    call_command("journal_verify")
    assert "5 entrées chaînées, 0 en attente" in capsys.readouterr().out
    with append_only.lifted():
        Entry.objects.filter(pk=entries[4].pk).update(what="Rien")
    with pytest.raises(SystemExit):
        call_command("journal_verify")
    assert f"Entrée {entries[4].pk} : modifiée" in capsys.readouterr().err
