"""What a source declares of an outage, once, again, or beside the others."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from accounts.enums import Role
from journal.models import Entry
from perf.enums import OutageNature, Source
from perf.models import Outage, OutageVersion
from perf.services.references import ReferenceTakenError
from tests.entries import entries
from tests.factories import PrestationFactory, ServiceFactory, SupplierFactory, member
from tests.perf.outages.cases import (
    HOUR,
    MONDAY,
    NOW,
    agent,
    contested,
    decided,
    declared,
    distributed,
    fournisseur,
    outage_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendars")]
FUTURE = NOW + dt.timedelta(seconds=1)


@pytest.fixture
def service():
    return distributed()


def test_a_new_reference_makes_an_outage_that_it_counts_for(service):
    done = declared(service, cause="Proxy arrêté")
    outage = Outage.objects.get()
    assert (done.created, done.changed) == (True, True)
    assert (outage.started_at, outage.ended_at) == (MONDAY, MONDAY + 2 * HOUR)
    assert outage.counting == done.version
    assert outage.nature == OutageNature.OUTAGE
    (event,) = entries(done.version)
    assert event.what == "Panne enregistrée : Supervision de l'ANS INC-1"
    assert event.after["cause"] == "Proxy arrêté"


def test_declared_twice_it_is_one_and_nothing_is_journaled(service):
    declared(service)
    again = declared(service, reference=" INC-1 ")
    assert (again.created, again.changed) == (False, False)
    assert (Outage.objects.count(), Entry.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    "other",
    [{"hours": 3}, {"hours": None}, {"start": MONDAY - HOUR, "hours": 2}, {"cause": "Réseau"}],
)
def test_declared_again_with_other_values_it_follows_and_the_old_ones_are_kept(service, other):
    declared(service)
    done = declared(service, **other)
    outage = Outage.objects.get()
    assert (done.created, done.changed) == (False, True)
    assert done.version.updated_at == NOW
    assert (outage.started_at, outage.ended_at) == (done.version.started_at, done.version.ended_at)
    last = entries(done.version)[-1]
    assert last.before != last.after
    assert last.before["ended_at"] == (MONDAY + 2 * HOUR).isoformat()


def test_the_same_reference_of_another_source_or_fournisseur_is_another_outage(service):
    declared(service)
    declared(service, source=Source.SUPPLIER)
    declared(ServiceFactory(), source=Source.SUPPLIER)
    assert Outage.objects.count() == 3


def neighbour(service):
    """Another service of the same Fournisseur."""
    return ServiceFactory(prestation__supplier=service.prestation.supplier)


def test_one_reference_is_not_given_for_two_services(service):
    declared(service)
    declared(service, source=Source.SUPPLIER)
    for other, source in (
        (neighbour(service), Source.ANS),
        (neighbour(service), Source.SUPPLIER),
        (ServiceFactory(), Source.ANS),
    ):
        with pytest.raises(ReferenceTakenError, match=f"pour le service « {service} »"):
            declared(other, source=source)
    assert Outage.objects.count() == 2


@pytest.mark.parametrize(
    ("source", "constraint"),
    [(Source.SUPPLIER, "outage_version_unique"), (Source.ANS, "outage_version_ans_unique")],
)
def test_the_database_holds_it_too(service, source, constraint):
    other = neighbour(service) if source == Source.SUPPLIER else ServiceFactory()
    declared(service, source=source)
    second = declared(other, source=source, reference="INC-2").version
    second.reference = "INC-1"
    with pytest.raises(ValidationError) as refused:
        second.validate_constraints()
    names = {one.name: one.violation_error_message for one in OutageVersion._meta.constraints}
    assert names[constraint] in refused.value.messages
    with pytest.raises(IntegrityError):
        second.save()


def test_beside_another_it_changes_nothing_of_what_counts(service):
    outage = outage_of(service)
    declared(service, source=Source.SUPPLIER, reference="T-9", hours=1, outage=outage)
    declared(service, source=Source.SUPPLIER, reference="T-9", hours=None)
    outage.refresh_from_db()
    assert outage.versions.count() == 2
    assert outage.ended_at == MONDAY + 2 * HOUR
    assert outage.counting.source == Source.ANS


def test_a_reference_of_another_outage_is_not_put_beside(service):
    declared(service, reference="INC-2")
    outage = outage_of(service)
    with pytest.raises(ValidationError, match="autre indisponibilité"):
        declared(service, reference="INC-2", outage=outage)
    with pytest.raises(ValidationError, match="autre indisponibilité"):
        declared(ServiceFactory(), reference="INC-3", outage=outage)


REFUSED = {
    "ends first": ({"hours": -1}, "ended_at", "avant le début"),
    "starts later": ({"start": FUTURE, "hours": None}, "started_at", "pas encore passé"),
    "ends later": ({"start": NOW - HOUR, "hours": 2}, "ended_at", "pas encore passé"),
    "too old": ({"start": dt.datetime(2019, 5, 1, tzinfo=dt.UTC)}, "started_at", "2020 à 2040"),
    "no reference": ({"reference": "  "}, "reference", "Indiquez sa référence"),
    "long reference": ({"reference": "x" * 121}, "reference", "Au plus 120"),
    "long cause": ({"cause": "x" * 501}, "cause", "Au plus 500"),
    "not a probe": (
        {"source": Source.CLIENT, "nature": OutageNature.UNMEASURED},
        "nature",
        "seule la supervision",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_is_refused_with_a_sentence(service, case):
    values, field, words = REFUSED[case]
    with pytest.raises(ValidationError) as refused:
        declared(service, **values)
    assert words in refused.value.message_dict[field][0]
    assert not OutageVersion.objects.exists()


def test_a_maintenance_is_announced_before_it_starts(service):
    outage = outage_of(service, start=FUTURE, nature=OutageNature.MAINTENANCE)
    assert outage.nature == OutageNature.MAINTENANCE
    assert declared(service, start=FUTURE, hours=4).changed


def test_a_version_stands_beside_what_the_probe_did_not_measure(service):
    unmeasured = outage_of(service, source=Source.ANS, nature=OutageNature.UNMEASURED)
    beside = declared(service, source=Source.SUPPLIER, reference="INC-9", outage=unmeasured)
    assert beside.created
    assert Outage.objects.get().nature == OutageNature.UNMEASURED


def test_a_nature_not_given_stays_as_it_was(service):
    declared(service, nature=OutageNature.MAINTENANCE)
    declared(service, hours=4)
    assert Outage.objects.get().nature == OutageNature.MAINTENANCE
    declared(service, hours=4, nature=OutageNature.OUTAGE)
    assert Outage.objects.get().nature == OutageNature.OUTAGE


def test_an_outage_that_lasts_no_time_is_kept(service):
    assert outage_of(service, hours=0).ended_at == MONDAY


def test_what_was_decided_keeps_its_values(service):
    outage = decided(contested(service))
    done = declared(service, start=MONDAY - HOUR, hours=5, nature=OutageNature.MAINTENANCE)
    outage.refresh_from_db()
    assert done.changed
    assert (outage.started_at, outage.ended_at) == (MONDAY, MONDAY + 2 * HOUR)
    assert outage.nature == OutageNature.OUTAGE


@pytest.mark.parametrize(("hours", "ends"), [(4, True), (-1, False)])
def test_the_end_that_a_decision_did_not_know_flows_through(service, hours, ends):
    outage = decided(contested(service, hours=None))
    start = MONDAY if hours > 0 else MONDAY - 2 * HOUR
    done = declared(service, start=start, hours=abs(hours))
    outage.refresh_from_db()
    assert outage.started_at == MONDAY
    assert outage.ended_at == (done.version.ended_at if ends else None)


def test_only_new_refuses_to_change_what_is_known_but_not_to_say_it_twice(service):
    declared(service)
    assert not declared(service, only_new=True).changed
    with pytest.raises(ValidationError, match="déjà donné cette référence"):
        declared(service, only_new=True, hours=3)


SPEAKS = {
    Role.AGENT: set(Source),
    Role.SALARIE: {Source.SUPPLIER, Source.CLIENT, Source.IMPORT},
}


@pytest.mark.parametrize("source", Source)
@pytest.mark.parametrize("role", SPEAKS)
def test_for_whom_a_person_speaks(service, role, source):
    actor = agent() if role == Role.AGENT else fournisseur(service, role)
    if source in SPEAKS[role]:
        assert declared(service, source=source, actor=actor).version.recorded_by == actor
    else:
        with pytest.raises(ValidationError, match="n'enregistre pas pour cette source"):
            declared(service, source=source, actor=actor)


def test_queries_do_not_grow_with_the_outages(service, django_assert_max_num_queries):
    for number in range(5):
        declared(service, reference=f"INC-{number}")
    with django_assert_max_num_queries(11):
        declared(service, reference="INC-9")


def test_outages_are_seen_with_the_prestation(service):
    outage = outage_of(service)
    prestation = service.prestation
    other = SupplierFactory(solution=prestation.supplier.solution)
    people = {
        fournisseur(service): True,
        member(organisation=prestation.supplier.solution.organisation): True,
        agent(): True,
        member(): False,
        member(organisation=PrestationFactory(client=prestation.client).organisation): False,
    }
    assert other.organisation == prestation.supplier.solution.organisation
    for person, sees in people.items():
        assert Outage.objects.visible_to(person).filter(pk=outage.pk).exists() is sees
