"""iCalendar: right instants, stable identity, deterministic bytes, nothing of others."""

import datetime as dt
from itertools import pairwise
from zoneinfo import ZoneInfo

import icalendar
import pytest

from accounts.enums import Role
from calendar_app.enums import Nature, State
from calendar_app.models import Deadline, Dispositif, Milestone, MilestoneVersion
from calendar_app.selectors.calendars import (
    deadlines_with_change,
    milestones_with_change,
    own_deadlines,
)
from calendar_app.selectors.ical import VTIMEZONE, deadlines_ics, dispositif_ics
from calendar_app.services.calendars import milestone_amend
from calendar_app.services.deadlines import open_deadlines
from segur.lib import paris
from tests.by import acting
from tests.calendar_app.agenda import event_of, starts
from tests.factories import (
    DeadlineFactory,
    OrganisationFactory,
    PrestationFactory,
    SolutionFactory,
    SupplierFactory,
    member,
)

pytestmark = pytest.mark.usefixtures("calendars")
NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)
PARIS = ZoneInfo("Europe/Paris")
ONE_SECOND = dt.timedelta(seconds=1)


def public(slug):
    dispositif = Dispositif.objects.get(slug=slug)
    return dispositif_ics(dispositif, milestones_with_change(dispositif))


def parse(text):
    return icalendar.Calendar.from_ical(text)


def by_uid(text):
    return {event["UID"].partition("@")[0]: event for event in parse(text).events}


@pytest.mark.parametrize(
    ("slug", "number", "written", "utc"),
    [
        ("ris", 1, "20250910T120000", "2025-09-10T10:00:00+00:00"),
        ("ris", 4, "20261110T120000", "2026-11-10T11:00:00+00:00"),
        ("ris", 5, "20270609T120000", "2027-06-09T10:00:00+00:00"),
        ("ris", 6, "20270922T120000", "2027-09-22T10:00:00+00:00"),
        ("drimbox", 4, "20261110T120000", "2026-11-10T11:00:00+00:00"),
        ("drimbox", 5, "20270915T120000", "2027-09-15T10:00:00+00:00"),
        ("drimbox", 6, "20271215T120000", "2027-12-15T11:00:00+00:00"),
    ],
)
def test_an_event_starts_at_the_instant_of_the_milestone(slug, number, written, utc):
    text = public(slug)
    assert f"DTSTART;TZID=Europe/Paris:{written}\r\n" in text
    event = by_uid(text)[f"jalon-{slug}-{number}"]
    assert starts(event).isoformat() == utc
    assert "DTEND" not in event
    assert "DURATION" not in event


def test_the_time_zone_of_the_file_alone_gives_the_right_offset_all_year():
    """Read through the VTIMEZONE itself, not through the name of the zone."""
    renamed = VTIMEZONE.replace("Europe/Paris", "Zone du fichier")
    (written,) = icalendar.Calendar.from_ical(f"BEGIN:VCALENDAR\n{renamed}END:VCALENDAR").timezones
    zone = written.to_tz(lookup_tzid=False)
    for year in range(2025, 2029):
        for change in _changes(year):
            for shift in (-ONE_SECOND, dt.timedelta(0), dt.timedelta(hours=2)):
                clock = (change + shift).astimezone(PARIS).replace(tzinfo=None)
                if not _ambiguous(clock):
                    assert (
                        clock.replace(tzinfo=zone).utcoffset()
                        == clock.replace(tzinfo=PARIS).utcoffset()
                    )


def _changes(year):
    """The two instants of the year when the offset of Paris changes."""
    start = dt.datetime(year, 1, 1, tzinfo=dt.UTC)
    hours = [start + dt.timedelta(hours=n) for n in range(366 * 24)]
    return [
        b
        for a, b in pairwise(hours)
        if a.astimezone(PARIS).utcoffset() != b.astimezone(PARIS).utcoffset()
    ]


def _ambiguous(clock):
    first, second = (clock.replace(tzinfo=PARIS, fold=fold).utcoffset() for fold in (0, 1))
    return first != second


def test_a_calendar_says_what_it_is_and_how_often_to_read_it():
    calendar = parse(public("ris"))
    assert calendar["VERSION"] == "2.0"
    assert calendar["X-WR-CALNAME"] == calendar["NAME"] == "Ségur Imagerie · Calendrier RIS"
    assert calendar.decoded("REFRESH-INTERVAL") == dt.timedelta(hours=6)
    assert calendar["X-PUBLISHED-TTL"] == "PT6H"
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT6H\r\n" in public("ris")
    assert len(calendar.timezones) == 1
    assert len(calendar.events) == 6


def test_an_event_says_what_by_when_and_where():
    event = by_uid(public("ris"))["jalon-ris-6"]
    assert event["SUMMARY"] == "RIS – avant 12h : Dépôt des demandes de paiement du solde"
    assert event["DESCRIPTION"] == (
        "Avant le mercredi 22 septembre 2027 à 12h (heure de Paris).\n"
        "Où : portail de l'ASP. L'enregistrement sur ce site ne vaut pas dépôt.\n"
        "Date réglementaire."
    )
    assert event["URL"].endswith("/calendriers/ris/")
    assert event["STATUS"] == "CONFIRMED"
    assert event["TRANSP"] == "TRANSPARENT"
    assert [alarm.decoded("TRIGGER").days for alarm in event.walk("VALARM")] == [-7, -1]


def test_lines_are_folded_at_75_octets_and_unfold_whole():
    text = public("drimbox")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "Réalisation des Prestations Ségur de mise à jour DRIMbox Vague 2" in text.replace(
        "\r\n ", ""
    )


def test_the_same_calendar_gives_the_same_bytes():
    assert public("ris") == public("ris")


def test_uids_are_stable_and_the_sequence_grows_with_the_version():
    MilestoneVersion.objects.update(created_at=NOW - dt.timedelta(days=1))
    before = by_uid(public("ris"))
    milestone_amend(
        milestone=Milestone.objects.get(code="ris-5"),
        due_at=dt.datetime(2027, 11, 24, 11, tzinfo=dt.UTC),
        reason="Report",
        source="Texte",
        nature=Nature.REGULATORY,
        by=acting(member(Role.RESPONSABLE), NOW),
    )
    after = by_uid(public("ris"))
    assert before.keys() == after.keys()
    moved = after.pop("jalon-ris-5")
    assert (moved["SEQUENCE"], moved.decoded("LAST-MODIFIED"), moved.decoded("DTSTAMP")) == (
        1,
        NOW,
        NOW,
    )
    assert starts(moved) == dt.datetime(2027, 11, 24, 11, tzinfo=dt.UTC)
    assert (moved["STATUS"], "≈" in moved["SUMMARY"]) == ("CONFIRMED", False)
    assert all(event["SEQUENCE"] == 0 for event in after.values())


def test_what_has_only_an_estimate_is_tentative_and_rings_nothing():
    milestone = Milestone.objects.get(code="ris-2")
    milestone.estimated_at, milestone.due_at = milestone.due_at, None
    milestone.save()
    deadline = DeadlineFactory()
    for event in (by_uid(public("ris"))["jalon-ris-2"], event_of(deadline)):
        assert event["STATUS"] == "TENTATIVE"
        assert "date non fixée" in event["SUMMARY"]
        assert event["SUMMARY"].endswith("(≈ 13/05/2026 12h)")
        assert starts(event) == milestone.estimated_at
        assert not event.walk("VALARM")


def test_a_deadline_says_whose_it_is_and_in_which_state():
    deadline = DeadlineFactory()
    event = event_of(deadline)
    assert event["UID"] == f"echeance-{deadline.pk}@segur-imagerie-echeances"
    assert event["SUMMARY"] == (
        "RIS – avant 12h : Dépôt d'un dossier complet de preuves de conformité – "
        f"{deadline.solution}"
    )
    assert f"État : À faire. Organisation : {deadline.organisation}." in event["DESCRIPTION"]
    assert event["URL"].endswith(f"/echeances/{deadline.pk}/")


@pytest.mark.parametrize(
    ("state", "note", "status"),
    [
        (State.TO_DO, "", "CONFIRMED"),
        (State.DRAFT, "(brouillon non déposé)", "CONFIRMED"),
        (State.TO_CORRECT, "(à corriger)", "CONFIRMED"),
        (State.NOT_APPLICABLE, "(sans objet)", "CANCELLED"),
    ],
)
def test_the_state_is_in_the_title_and_the_status(state, note, status):
    event = event_of(DeadlineFactory(state=state))
    assert event["SUMMARY"].endswith(note)
    assert event["STATUS"] == status


def test_a_computed_delay_ends_with_its_day_in_an_agenda_too():
    deadline = DeadlineFactory(
        milestone=None,
        code="reserves",
        title="Levée des réserves",
        due_at=paris.at(dt.date(2027, 1, 21), dt.time(0)),
        version=3,
    )
    event = event_of(deadline)
    assert starts(event) == dt.datetime(2027, 1, 20, 22, 59, tzinfo=dt.UTC)
    assert event["SEQUENCE"] == 2
    assert event["DESCRIPTION"].endswith("Au plus tard le mercredi 20 janvier 2027.")


def test_last_modified_follows_the_journal_to_the_second():
    deadline = DeadlineFactory()
    at = NOW.replace(microsecond=5)
    deadline.changed_at = at
    deadline.save()
    Milestone.objects.get(pk=deadline.milestone_id).versions.update(
        created_at=NOW - dt.timedelta(days=1)
    )
    event = event_of(deadline)
    assert event.decoded("LAST-MODIFIED") == NOW


def test_the_private_feed_has_what_one_must_do_and_nothing_of_others():
    organisation, other = OrganisationFactory(), OrganisationFactory()
    person = member(organisation=organisation)
    mine = open_deadlines(now=NOW, solution=SolutionFactory(organisation=organisation))
    open_deadlines(now=NOW, solution=SolutionFactory(organisation=other))
    Deadline.objects.filter(pk=mine[0].pk).update(state=State.FILED)
    Deadline.objects.filter(pk=mine[1].pk).update(state=State.NOT_APPLICABLE)
    text = deadlines_ics(own_deadlines(person), name="Mes échéances")
    assert set(by_uid(text)) == {f"echeance-{mine[1].pk}", f"echeance-{mine[2].pk}"}
    assert other.name not in text


def test_an_editeur_does_not_carry_its_distributeurs_deadlines_in_its_agenda():
    solution = SolutionFactory()
    editeur = member(organisation=solution.organisation)
    distributeur = OrganisationFactory(kind="DISTRIBUTEUR")
    supplier = SupplierFactory(solution=solution, organisation=distributeur)
    open_deadlines(now=NOW, prestation=PrestationFactory(supplier=supplier))
    assert Deadline.objects.visible_to(editeur).count() == 3
    assert not own_deadlines(editeur)
    assert own_deadlines(member(organisation=distributeur)).count() == 3


def test_the_ans_has_an_empty_private_feed():
    DeadlineFactory()
    assert not own_deadlines(member(Role.RESPONSABLE))


def test_who_left_an_organisation_reads_nothing_of_it():
    person = member()
    organisation = person.memberships.get().organisation
    DeadlineFactory(solution=SolutionFactory(organisation=organisation))
    person.memberships.all().delete()
    person = type(person).objects.get(pk=person.pk)
    assert not own_deadlines(person)


def test_a_feed_takes_one_query_whatever_it_holds(django_assert_num_queries):
    organisation = OrganisationFactory()
    for _ in range(3):
        open_deadlines(now=NOW, solution=SolutionFactory(organisation=organisation))
    rows = deadlines_with_change(Deadline.objects.all())
    with django_assert_num_queries(1):
        assert len(parse(deadlines_ics(rows, name="x")).events) == 9


def alarms(text):
    return {
        event["UID"].partition("@")[0]: [
            str(alarm["DESCRIPTION"]) for alarm in event.walk("VALARM")
        ]
        for event in parse(text).events
        if event.walk("VALARM")
    }


def soldes(count, **fields):
    milestone = Milestone.objects.get(code="ris-6")
    prestations = PrestationFactory.create_batch(count)
    return [
        DeadlineFactory(
            milestone=milestone,
            title=milestone.title,
            solution=None,
            prestation=prestation,
            **fields,
        )
        for prestation in prestations
    ]


def test_eleven_deadlines_alike_ring_once_a_step_and_are_counted():
    first, *_ = soldes(11)
    rings = alarms(deadlines_ics(deadlines_with_change(Deadline.objects.all()), name="x"))
    words = "11 échéances, RIS – avant 12h : Dépôt des demandes de paiement du solde"
    assert rings == {f"echeance-{first.pk}": [f"J-7 · {words}", f"J-1 · {words}"]}


def test_what_differs_by_instant_or_by_title_rings_for_itself():
    (solde,) = soldes(1)
    later, other = DeadlineFactory(title=solde.title), DeadlineFactory()
    rings = alarms(deadlines_ics(deadlines_with_change(Deadline.objects.all()), name="x"))
    assert rings.keys() == {f"echeance-{row.pk}" for row in (solde, later, other)}
    assert rings[f"echeance-{solde.pk}"][0].endswith(f"du solde – {solde.subject}")


def test_what_is_without_object_rings_nothing_and_is_not_counted():
    cancelled, first, _ = soldes(3)
    Deadline.objects.filter(pk=cancelled.pk).update(state=State.NOT_APPLICABLE)
    rings = alarms(deadlines_ics(deadlines_with_change(Deadline.objects.all()), name="x"))
    assert rings.keys() == {f"echeance-{first.pk}"}
    assert rings[f"echeance-{first.pk}"][0].startswith("J-7 · 2 échéances, RIS")


def test_the_public_calendar_gives_the_dates_that_a_milestone_has_had():
    milestone_amend(
        milestone=Milestone.objects.get(code="ris-5"),
        due_at=dt.datetime(2027, 11, 24, 11, tzinfo=dt.UTC),
        reason="Report",
        source="Arrêté fictif du 20/11/2026",
        nature=Nature.REGULATORY,
        by=acting(member(Role.RESPONSABLE), NOW),
    )
    events = by_uid(public("ris"))
    *_, newest, first = str(events["jalon-ris-5"]["DESCRIPTION"]).split("\n")
    assert newest == (
        "Version 2, enregistrée le 22/11/2026 à 10h : avant le 24/11/2027 12h. "
        "Source : Arrêté fictif du 20/11/2026."
    )
    assert "avant le 09/06/2027 12h. Source : " in first
    assert "Version" not in events["jalon-ris-6"]["DESCRIPTION"]
