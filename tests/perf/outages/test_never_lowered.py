"""Whatever parties do, one act after the other, what counted still counts.

Acts by screen services, file, API and webhook, in any order, against the database. The machine
keeps a floor of D_f, maintenance counted and not: of the outages of which no version was recorded
by a party within the hour (its author may still correct it), without what open outages of which the
first end is free count after the last end that the ANS gives. No act of a party, and no passing of
time, takes D_f below it; an act of the ANS sets it again.
"""

import copy
import datetime as dt
import hashlib
import json
from collections import defaultdict
from dataclasses import replace
from itertools import permutations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Count
from django.test import Client
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)
from time_machine import travel

from accounts.enums import Role
from perf.enums import OutageNature, Source
from perf.models import Correction, Outage, OutageVersion
from perf.rules.periods import containing
from perf.rules.simulation import figure
from perf.selectors.rules import period_kind, rules_at
from perf.selectors.situations import to_engine
from perf.services import corrections, decisions, probes
from perf.services.merging import merge, separate
from perf.services.outages import record
from perf.services.statements import issue
from tests.by import acting
from tests.perf import csv_files
from tests.perf.api.conftest import key_of
from tests.perf.api.incidents import delivery
from tests.perf.csv_files import content, line
from tests.perf.outages.cases import HOUR, MONDAY, NOW, agent, distributed, fournisseur

REFUSED = (ValidationError, PermissionDenied)
STARTS = st.integers(0, 10).map(lambda n: MONDAY + n * HOUR)
ENDS = st.one_of(st.none(), st.sampled_from([0, 1, 2, 5, 24]).map(lambda n: n * HOUR))
REFERENCES = st.integers(1, 4).map("T-{}".format)
SOURCES = st.sampled_from([Source.SUPPLIER, Source.CLIENT])
NATURES = st.sampled_from([None, None, OutageNature.OUTAGE, OutageNature.MAINTENANCE])
WAYS = st.sampled_from(["screen", "screen", "colleague", "api", "file"])
PICKS = st.integers(0, 50)
SHORT = st.sampled_from([0.1, 0.5, 1])


class Acts(RuleBasedStateMachine):
    """`people`: what the test made once; each sequence is undone at its end."""

    people: dict

    def __init__(self):
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.now = NOW
        self.floor = self.lowest()

    def teardown(self):
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    def party(self, act):
        """An act of a party, refused or not."""
        try:
            with transaction.atomic(), travel(self.now, tick=False):
                act()
        except REFUSED:
            pass

    def ans(self, act):
        self.party(act)
        self.floor = self.lowest()

    def by(self, who):
        return acting(self.people[who], self.now)

    def outage(self, pick):
        rows = list(Outage.objects.order_by("pk"))
        return rows[pick % len(rows)] if rows else None

    def version(self, pick, **of):
        rows = list(OutageVersion.objects.filter(**of).order_by("pk"))
        return rows[pick % len(rows)] if rows else None

    def counted(self, rows):
        """D_f of the year in each reading, of what can no longer fall without a decision."""
        period, rows = self.people["period"], list(self.steady(rows))
        found = []
        for counts in (True, False):
            rules = replace(self.people["rules"], maintenance_counts=counts)
            outages = [to_engine(row, rules) for row in rows]
            found.append(
                figure(outages, start=period.start, end=period.end, now=self.now, rules=rules)
            )
        return [one.counted for one in found]

    def steady(self, rows):
        """Where the first end of an open outage is free, what the ANS says of it."""
        ends = defaultdict(list)
        for version in OutageVersion.objects.filter(source=Source.ANS):
            ends[version.outage_id].append(version.ended_at or self.now)
        for row in rows:
            if row.ended_at or not row.end_is_free:
                yield row
            elif known := ends[row.pk]:
                cut = copy.copy(row)
                cut.ended_at = max(row.started_at, *known)
                yield cut

    def lowest(self):
        young = OutageVersion.objects.filter(recorded_at__gt=self.now - HOUR)
        parties = young.exclude(source=Source.ANS).values("outage")
        return self.counted(Outage.objects.exclude(pk__in=parties))

    @rule(way=WAYS, start=STARTS, length=ENDS, reference=REFERENCES, source=SOURCES, nature=NATURES)
    def say(self, *, way, start, length, reference, source, nature):
        """Of a reference, new or known."""
        end = None if length is None else start + length
        values = {
            "source": source,
            "reference": reference,
            "started_at": start,
            "ended_at": end,
            "nature": nature,
        }
        self.party(lambda: getattr(self, f"by_{way}")(**values))

    def by_screen(self, who="salarie", **values):
        record(service=self.people["service"], by=self.by(who), **values)

    def by_colleague(self, **values):
        self.by_screen("mandataire", **values)

    def by_api(self, *, started_at, ended_at, **values):
        body = values | {
            "service": self.people["service"].code,
            "started_at": started_at.isoformat(),
            "ended_at": ended_at and ended_at.isoformat(),
        }
        answer = Client().post(
            "/api/v1/outages",
            json.dumps(body),
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.people['key']}"},
        )
        assert answer.status_code < 500

    def by_file(self, *, started_at, ended_at, source, reference, nature):
        cells = [
            f"{instant + HOUR:%d/%m/%Y %H:%M}" if instant else ""
            for instant in (started_at, ended_at)
        ]
        code, user = self.people["service"].code, self.people["salarie"]
        rows = [
            line(code, name, started_at=cells[0], ended_at=cells[1], source=source)
            for name in (reference, "T-1")
        ]
        text = content(*dict.fromkeys(rows))
        csv_files.keep(user=user, name="pannes.csv", content=text, now=self.now)
        csv_files.confirm(user=user, sha256=hashlib.sha256(text).hexdigest(), now=self.now)

    def shorten(self, way, pick, length):
        """What a Fournisseur or a Client declared, declared again shorter."""
        if version := self.version(pick, source__in=[Source.SUPPLIER, Source.CLIENT]):
            end = version.started_at + length * HOUR
            values = as_declared(version) | {"ended_at": end, "nature": None}
            self.party(lambda: getattr(self, f"by_{way}")(**values))

    @rule(way=st.sampled_from(["screen", "colleague"]), pick=PICKS, length=SHORT)
    def shorten_by_hand(self, way, pick, length):
        self.shorten(way, pick, length)

    @rule(pick=PICKS, length=SHORT)
    def shorten_by_software(self, pick, length):
        self.shorten("api", pick, length)

    @rule(pick=PICKS, length=SHORT)
    def shorten_by_file(self, pick, length):
        self.shorten("file", pick, length)

    @rule(pick=PICKS, nature=st.sampled_from(OutageNature))
    def rename(self, pick, nature):
        """Declared again with the same instants, and another nature."""
        if version := self.version(pick, source__in=[Source.SUPPLIER, Source.CLIENT]):
            self.party(lambda: self.by_screen(**as_declared(version), nature=nature))

    @rule(pick=PICKS, length=SHORT)
    def lean(self, pick, length):
        """Another outage is declared over the same time, then both get shorter within the hour."""
        if version := self.version(pick, source__in=[Source.SUPPLIER, Source.CLIENT]):
            over = as_declared(version) | {"reference": f"L-{pick}"}
            short = {"ended_at": version.started_at + length * HOUR}
            for values in (over, as_declared(version) | short, over | short):
                self.party(lambda values=values: self.by_screen(**values))

    @rule(pick=PICKS, start=STARTS, length=ENDS, source=SOURCES)
    def say_beside(self, pick, start, length, source):
        if outage := self.outage(pick):
            values = {
                "source": source,
                "reference": f"B-{pick % 4}",
                "started_at": start,
                "ended_at": None if length is None else start + length,
                "outage": outage,
            }
            self.party(lambda: self.by_screen(**values))

    @rule(pick=PICKS, length=st.sampled_from([0, 1, 3, 30]))
    def end(self, pick, length):
        if outage := self.outage(pick):
            end = outage.started_at + length * HOUR
            self.party(lambda: decisions.end(outage, ended_at=end, by=self.by("salarie")))

    @rule(pick=PICKS)
    def merge(self, pick):
        """Two that may be one incident, each kept in turn."""
        rows = Outage.objects.order_by("pk")
        pairs = [pair for pair in permutations(rows, 2) if pair[0].overlaps(pair[1])]
        if pairs:
            kept, gone = pairs[pick % len(pairs)]
            self.party(lambda: merge(kept, gone, by=self.by("mandataire")))

    @rule(pick=PICKS)
    def separate(self, pick):
        several = Outage.objects.annotate(number=Count("versions")).filter(number__gt=1)
        if version := self.version(pick, outage__in=several):
            self.party(lambda: separate(version, by=self.by("mandataire")))

    @rule(pick=PICKS)
    def contest(self, pick):
        if outage := self.outage(pick):
            self.party(lambda: decisions.contest(outage, reason="Non.", by=self.by("mandataire")))

    @rule()
    def state(self):
        period = self.people["period"]
        prestation = self.people["service"].prestation
        self.party(
            lambda: issue(
                prestation=prestation, period=period, reason="Encore.", by=self.by("mandataire")
            )
        )

    @rule(incident=st.integers(1, 2), start=STARTS, length=ENDS)
    def deliver(self, incident, start, length):
        """The webhook of the ANS's supervision."""
        kind = "started" if length is None else "resolved"
        payload = delivery(
            kind,
            incident=f"I-{incident}",
            started_at=start,
            resolved_at=None if length is None else start + length,
        )
        self.ans(lambda: probes.receive(payload=payload, now=self.now))

    @rule(pick=PICKS, decision=st.sampled_from(corrections.DECISIONS))
    def decide(self, pick, decision):
        rows = list(Correction.objects.pending())
        if rows:
            row = rows[pick % len(rows)]
            self.ans(
                lambda: corrections.decide(
                    row, decision=decision, reason="Vu.", by=self.by("agent")
                )
            )

    @rule(minutes=st.sampled_from([5, 30, 61, 61, 300]))
    def wait(self, minutes):
        self.now += dt.timedelta(minutes=minutes)

    @invariant()
    def what_counted_still_counts(self):
        assert not self.falls()

    def falls(self):
        """In one of the readings, D_f is below the floor."""
        self.floor = [max(*pair) for pair in zip(self.floor, self.lowest(), strict=True)]
        found = self.counted(Outage.objects.all())
        return any(counted < floor for counted, floor in zip(found, self.floor, strict=True))


def as_declared(version):
    """The values of a version, for `record`."""
    names = ("source", "reference", "started_at", "ended_at")
    return {name: getattr(version, name) for name in names}


def begin(service, people):
    """What every sequence starts from, recorded long enough ago to be no slip. T-4 counts as the
    Client says; without one of its versions, it would count as its Fournisseur says. T-5 had an end
    that was withdrawn; of T-6, open, the ANS knows a later end than its Fournisseur might say.
    """
    at = NOW - 2 * HOUR
    made = {}
    for source, reference, start, hours, who in (
        (Source.SUPPLIER, "T-1", 0, 8, "salarie"),
        (Source.SUPPLIER, "T-2", 4, 6, "mandataire"),
        (Source.CLIENT, "T-3", 24, None, "salarie"),
        (Source.ANS, "I-1", 1, 9, "agent"),
        (Source.ANS, "I-2", 2, 0.05, "agent"),
        (Source.CLIENT, "T-4", -72, 8, "salarie"),
        (Source.SUPPLIER, "T-5", -48, 2, "salarie"),
        (Source.SUPPLIER, "T-5", -48, None, "salarie"),
        (Source.SUPPLIER, "T-6", -96, None, "salarie"),
    ):
        made[reference] = record(
            service=service,
            source=source,
            reference=reference,
            started_at=MONDAY + start * HOUR,
            ended_at=None if hours is None else MONDAY + (start + hours) * HOUR,
            by=acting(people[who], at),
        ).version.outage
    for source, reference, start, hours, who, beside in (
        (Source.SUPPLIER, "B-8", -72, 1, "salarie", "T-4"),
        (Source.CLIENT, "B-9", -72, 1, "salarie", "T-4"),
        (Source.ANS, "I-3", -96, 20, "agent", "T-6"),
    ):
        record(
            service=service,
            source=source,
            reference=reference,
            started_at=MONDAY + start * HOUR,
            ended_at=MONDAY + (start + hours) * HOUR,
            by=acting(people[who], at),
            outage=made[beside],
        )


def people_of(service):
    return {
        "service": service,
        "salarie": fournisseur(service, Role.SALARIE),
        "mandataire": fournisseur(service, Role.MANDATAIRE),
        "agent": agent(),
        "key": key_of(service.prestation.organisation),
        "period": containing(NOW, period_kind(NOW)),
        "rules": rules_at(NOW),
    }


@pytest.fixture
def begun(calendars):
    service = distributed()
    service.probe_id = "2417835"
    service.save()
    Acts.people = people_of(service)
    begin(service, Acts.people)


def late(machine, pick):
    """A slip is corrected after its hour."""
    machine.say(
        way="screen",
        start=MONDAY + 10 * pick * HOUR,
        length=5 * HOUR,
        reference="LATE",
        source=Source.SUPPLIER,
        nature=None,
    )
    machine.wait(minutes=61)
    machine.what_counted_still_counts()
    machine.shorten_by_hand(way="screen", pick=OutageVersion.objects.count() - 1, length=0.1)


SCENES = {
    "covered, then shortened": lambda machine, pick: machine.lean(pick=pick, length=0.1),
    "ended": lambda machine, pick: machine.end(pick=pick, length=1),
    "called a maintenance": lambda machine, pick: machine.rename(
        pick=pick, nature=OutageNature.MAINTENANCE
    ),
    "shortened by hand": lambda machine, pick: machine.shorten_by_hand(
        way="screen", pick=pick, length=0.1
    ),
    "shortened by software": lambda machine, pick: machine.shorten_by_software(
        pick=pick, length=0.1
    ),
    "separated": lambda machine, pick: machine.separate(pick=pick),
    "merged": lambda machine, pick: machine.merge(pick=pick),
    "a slip after its hour": late,
}


@pytest.mark.one_database
@pytest.mark.django_db
@pytest.mark.usefixtures("begun")
@pytest.mark.parametrize("scene", SCENES.values(), ids=SCENES)
def test_no_act_on_any_outage_lowers_d_f(scene):
    for pick in range(OutageVersion.objects.count()):
        machine = Acts()
        scene(machine, pick)
        assert not machine.falls()
        machine.wait(minutes=61)
        assert not machine.falls()
        machine.teardown()


@pytest.mark.one_database
@pytest.mark.django_db
@pytest.mark.usefixtures("begun")
@pytest.mark.parametrize(
    ("runs", "steps"), [(25, 15), pytest.param(400, 40, marks=pytest.mark.many)]
)
def test_no_sequence_of_acts_of_parties_lowers_d_f(runs, steps):
    run_state_machine_as_test(
        Acts,
        settings=settings(
            max_examples=runs,
            stateful_step_count=steps,
            deadline=None,
            derandomize=runs < 100,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.django_db
@pytest.mark.usefixtures("begun")
@pytest.mark.parametrize("ends", [[2, None], [None, 2, None]], ids=["ended at first", "open"])
def test_an_end_that_was_withdrawn_is_not_free_again(ends):
    for hours in ends:
        recorded = record(
            service=Acts.people["service"],
            source=Source.SUPPLIER,
            reference="T-7",
            started_at=MONDAY - 120 * HOUR,
            ended_at=None if hours is None else MONDAY + (hours - 120) * HOUR,
            by=acting(Acts.people["salarie"], NOW),
        )
    outage = recorded.version.outage
    outage.refresh_from_db()
    assert (outage.ended_at, outage.end_is_free) == (None, False)
