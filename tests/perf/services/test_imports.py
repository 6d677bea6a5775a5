import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db.models import F

from accounts.enums import Kind, Role
from imports.models import Import
from imports.services import jobs
from journal.enums import Origin
from journal.models import Entry
from perf.enums import OutageNature, OutageStanding, Source
from perf.models import Outage, OutageVersion
from perf.reading.outage_file import BadFile, read
from perf.rules.workflow import IMPORT
from perf.selectors.outage_history import journal_lines
from perf.services import imports
from perf.services.merging import merge, separate
from perf.services.outage_imports import KIND
from perf.services.outages import NOT_YOURS, record
from tests.by import acting
from tests.factories import (
    OrganisationFactory,
    PrestationFactory,
    ServiceFactory,
    SolutionFactory,
    SupplierFactory,
    member,
)
from tests.perf.csv_files import confirm, content, keep, line, waiting_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendars")]
NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)
START = dt.datetime(2026, 1, 15, 17, tzinfo=dt.UTC)
END = dt.datetime(2026, 1, 18, 9, tzinfo=dt.UTC)


@pytest.fixture
def service():
    return ServiceFactory(code="drim-1")


@pytest.fixture
def salarie(service):
    return member(Role.SALARIE, service.prestation.organisation, full_name="Paul Armand")


def load(user, *lines, now=NOW):
    waiting = keep(user=user, name="pannes.csv", content=content(*lines), now=now)
    given = {"user": user, "kind": KIND.code, "sha256": waiting.sha256, "now": now}
    return jobs.confirm(**given)[1]


def check(user, *lines):
    return imports.check(content(*lines), user=user, now=NOW)


def words(change):
    """What an imported line changes."""
    return [one.partition(" : ")[0] for one in change.changes]


def counts(plan):
    return plan.new, plan.revised, plan.unchanged


def state():
    """All that an import writes, without what the database numbers."""
    versions = OutageVersion.objects.order_by("service__code", "source", "reference").values_list(
        "service__code",
        "source",
        "reference",
        "started_at",
        "ended_at",
        "cause",
        "recorded_by_name",
        "recorded_at",
        "updated_at",
        "outage__nature",
        "outage__started_at",
        "outage__ended_at",
        "outage__standing",
    )
    notified = [
        (line["what"], line["who"], line["at"], line["note"])
        for outage in Outage.objects.order_by("counting__reference")
        for line in journal_lines(outage, member(Role.AGENT))
    ]
    corrected = not Outage.objects.exclude(counting__outage=F("pk")).exists()
    return list(versions), notified, corrected


def test_a_check_writes_nothing(service, salarie):
    assert counts(check(salarie, line("drim-1"))) == (1, 0, 0)
    assert not Outage.objects.exists()


def test_a_new_line_is_an_outage_with_its_version_and_its_journal(service, salarie):
    assert counts(load(salarie, line("drim-1", cause="Écran gelé"))) == (1, 0, 0)
    outage = Outage.objects.get()
    version = outage.versions.get()
    assert outage.counting == version
    assert (outage.started_at, outage.ended_at) == (START, END)
    assert (version.source, version.reference, version.cause) == (
        Source.SUPPLIER,
        "INC-1",
        "Écran gelé",
    )
    assert (version.recorded_by, version.recorded_by_name) == (salarie, "Paul Armand")
    (line_of_file,) = journal_lines(outage, salarie)
    assert line_of_file["what"] == "Panne enregistrée : Fournisseur INC-1"
    assert line_of_file["who"] == "Paul Armand"
    assert "Cause : Écran gelé" in line_of_file["note"]


def test_a_file_is_one_entry_that_lists_its_outages(service, salarie):
    load(salarie, *FIRST)
    (entry,) = Entry.objects.filter(act=IMPORT)
    assert entry.what == "3 indisponibilités importées"
    assert entry.many == list(OutageVersion.objects.order_by("pk").values_list("pk", flat=True))
    assert entry.organisation_id == service.prestation.organisation_id
    assert entry.origin == Origin.FILE


def test_a_file_of_two_fournisseurs_is_an_entry_for_each(service):
    other = ServiceFactory(code="drim-2")
    load(member(Role.AGENT), line("drim-1"), line("drim-2", "INC-2"))
    organisations = Entry.objects.filter(act=IMPORT).values_list("organisation_id", flat=True)
    assert set(organisations) == {row.prestation.organisation_id for row in (service, other)}


FIRST = [line("drim-1", f"R-{n}") for n in range(3)]
SECOND = [
    line("drim-1", "R-0"),
    line("drim-1", "R-1", ended_at="18/01/2026 11:00", cause="Réseau"),
    line("drim-1", "R-2", started_at="15/01/2026 17:00"),
    line("drim-1", "R-3", ended_at="", source="CLIENT"),
]


def by_hand(service, user, lines, now):
    rows, _problems = read(content(*lines))
    for row in rows:
        record(
            service=service,
            source=row.source,
            reference=row.reference,
            started_at=row.started_at,
            ended_at=row.ended_at,
            cause=row.cause,
            nature=row.nature,
            by=acting(user, now),
        )


def test_a_file_writes_what_recording_each_line_writes(service, salarie):
    later = NOW + dt.timedelta(hours=2)
    by_hand(service, salarie, FIRST, NOW)
    by_hand(service, salarie, SECOND, later)
    expected = state()
    Outage.objects.update(counting=None)
    Outage.objects.all().delete()
    assert counts(load(salarie, *FIRST)) == (3, 0, 0)
    assert counts(load(salarie, *SECOND, now=later)) == (1, 2, 1)
    assert state() == expected


def test_the_same_file_again_doubles_nothing(service, salarie):
    load(salarie, *SECOND)
    before = state()
    assert counts(load(salarie, *SECOND)) == (0, 0, 4)
    assert state() == before


def test_the_plan_says_what_changes(service, salarie):
    load(salarie, *FIRST)
    plan = check(salarie, *SECOND)
    assert [(change.row.line, words(change)) for change in plan.changes] == [
        (3, ["Fin", "Cause"]),
        (4, ["Début"]),
        (5, []),
    ]


def test_what_was_decided_keeps_its_instants(service, salarie):
    load(salarie, *FIRST)
    Outage.objects.update(decided_at=NOW, standing=OutageStanding.RETAINED)
    load(salarie, *SECOND)
    for outage in Outage.objects.filter(versions__reference__in=["R-1", "R-2"]):
        assert (outage.started_at, outage.ended_at) == (START, END)
    assert OutageVersion.objects.get(reference="R-1").cause == "Réseau"


def test_a_version_beside_the_one_that_counts_moves_nothing(service, salarie):
    load(salarie, line("drim-1"))
    outage = Outage.objects.get()
    record(
        service=service,
        source=Source.CLIENT,
        reference="APPEL-1",
        started_at=START,
        ended_at=END,
        by=acting(salarie, NOW),
        outage=outage,
    )
    moved = {"started_at": "15/01/2026 12:00", "source": "CLIENT"}
    both = [line("drim-1", cause="Disque plein"), line("drim-1", "APPEL-1", **moved)]
    assert counts(load(salarie, *both)) == (0, 2, 0)
    outage.refresh_from_db()
    assert outage.started_at == START
    assert outage.versions.get(source=Source.SUPPLIER).cause == "Disque plein"
    assert outage.versions.get(source=Source.CLIENT).started_at < START


def test_the_nature_is_read_when_it_is_there(service):
    agent = member(Role.AGENT)
    header = b"service,started_at,ended_at,source,reference,cause,nature\n"
    rows = (
        b"drim-1,2027-01-15T18:00:00Z,2027-01-15T20:00:00Z,ANS,M-1,,maintenance\n"
        b"drim-1,2026-01-15T18:00:00Z,,ANS,S-1,,NON_MESURE\n"
    )
    file = keep(user=agent, name="a.csv", content=header + rows, now=NOW)
    confirm(user=agent, sha256=file.sha256, now=NOW)
    found = dict(OutageVersion.objects.values_list("reference", "outage__nature"))
    assert found == {"M-1": OutageNature.MAINTENANCE, "S-1": OutageNature.UNMEASURED}


@pytest.mark.parametrize(
    ("cells", "column", "sentence"),
    [
        ({"service": "inconnu"}, "service", "Aucun de vos services"),
        ({"service": "d'un-autre"}, "service", "Aucun de vos services"),
        ({"service": "du-distributeur"}, "service", "enregistrées par son Fournisseur"),
        ({"source": "ANS"}, "source", "n'enregistre pas pour cette source"),
        ({"ended_at": "14/01/2026 10:00"}, "ended_at", "avant le début"),
        ({"ended_at": "18/01/2027 10:00"}, "ended_at", "pas encore passé"),
        ({"started_at": "18/01/2027 10:00", "ended_at": ""}, "started_at", "pas encore passé"),
        ({"reference": "x" * 121}, "reference", "120 caractères"),
        ({"cause": "x" * 501}, "cause", "500 caractères"),
        ({"started_at": "2026-01-15T18:00:00"}, "started_at", "pas de décalage"),
    ],
)
def test_a_wrong_line_refuses_the_file(service, salarie, cells, column, sentence):
    ServiceFactory(code="d'un-autre")
    theirs = SupplierFactory(
        solution=SolutionFactory(drimbox=True, organisation=service.prestation.organisation),
        organisation=SupplierFactory().organisation,
    )
    ServiceFactory(code="du-distributeur", prestation=PrestationFactory(supplier=theirs))
    plan = check(salarie, line("drim-1", "BON-1"), line("drim-1", **cells))
    [problem] = plan.problems
    assert (problem.line, problem.column) == (3, column)
    assert sentence in problem.sentence
    with pytest.raises(ValidationError, match="rien n'est enregistré"):
        load(salarie, line("drim-1", "BON-1"), line("drim-1", **cells))
    assert not Outage.objects.exists()


def test_a_reference_of_another_service_is_refused_and_names_it(service, salarie):
    ServiceFactory(code="drim-2", prestation__supplier=service.prestation.supplier)
    load(salarie, line("drim-1"))
    plan = check(salarie, line("drim-2"), line("drim-2", "INC-2"), line("drim-1", "INC-2"))
    assert [(one.line, one.column, one.sentence) for one in plan.problems] == [
        (
            2,
            "reference",
            "Cette source a déjà donné cette référence pour le service « drim-1 ».",
        ),
        (
            4,
            "reference",
            "« INC-2 » est déjà à la ligne 3, même source, pour le service « drim-2 ».",
        ),
    ]


def test_whoever_may_not_record_learns_nothing_of_other_services(service):
    """An éditeur reads the services of its distributeurs; each numbers its outages as it likes."""
    solution = service.prestation.supplier.solution
    editeur = member(Role.SALARIE, solution.organisation)
    seller = OrganisationFactory(kind=Kind.DISTRIBUTEUR)
    ours = SupplierFactory(solution=solution, organisation=seller)
    other = SupplierFactory(solution=SolutionFactory(drimbox=True), organisation=seller)
    ServiceFactory(code="vendu", prestation__supplier=ours)
    hidden = ServiceFactory(code="ailleurs", prestation__supplier=other)
    for one, reference, source in (
        (hidden, "INC-1", "FOURNISSEUR"),
        (ServiceFactory(), "INC-2", "FOURNISSEUR"),
        (ServiceFactory(), "INC-3", "ANS"),
    ):
        load(member(Role.AGENT), line(one.code, reference, source=source))
    plan = check(
        editeur,
        line("vendu", "INC-1"),
        line("drim-1", "INC-2"),
        line("drim-1", "INC-3", source="ANS"),
    )
    found = [(one.line, one.sentence) for one in plan.problems]
    assert found == [(2, imports.NOT_OURS), (4, NOT_YOURS)]


def test_an_agent_s_file_may_hold_the_numbers_of_two_fournisseurs(service):
    ServiceFactory(code="drim-2")
    plan = check(member(Role.AGENT), line("drim-1"), line("drim-2"))
    assert (plan.problems, plan.new) == ([], 2)
    notified = [line(code, source="ANS") for code in ("drim-1", "drim-2")]
    assert [one.line for one in check(member(Role.AGENT), *notified).problems] == [3]


def test_all_that_is_wrong_in_a_line_is_shown_at_once(service, salarie):
    wrong = line("x", source="ANS", ended_at="14/01/2026 10:00")
    columns = [problem.column for problem in check(salarie, wrong).problems]
    assert columns == ["ended_at", "service", "source"]


def test_an_agent_speaks_for_every_source_of_every_service(service):
    agent = member(Role.AGENT)
    lines = [line("drim-1", f"R-{source}", source=source) for source in Source.values]
    assert counts(load(agent, *lines)) == (4, 0, 0)


def test_only_the_file_that_was_seen_is_recorded(service, salarie):
    seen = keep(user=salarie, name="a.csv", content=content(line("drim-1")), now=NOW)
    keep(user=salarie, name="b.csv", content=content(line("drim-1", "AUTRE")), now=NOW)
    with pytest.raises(ValidationError, match="n'attend plus"):
        confirm(user=salarie, sha256=seen.sha256, now=NOW)
    assert not Outage.objects.exists()


def test_a_file_is_recorded_once(service, salarie):
    waiting = keep(user=salarie, name="a.csv", content=content(line("drim-1")), now=NOW)
    for _press in range(2):
        assert confirm(user=salarie, sha256=waiting.sha256, now=NOW) == waiting
    assert OutageVersion.objects.count() == 1
    assert waiting_of(salarie, now=NOW) is None


def test_what_somebody_else_corrected_since_the_check_is_not_overwritten(service):
    agent, later = member(Role.AGENT), NOW + dt.timedelta(minutes=1)
    load(agent, line("drim-1", source="ANS"))
    text = content(line("drim-1", source="ANS", cause="Réseau"))
    waiting = keep(user=agent, name="a.csv", content=text, now=NOW)
    seen = imports.check(text, user=agent, now=NOW).seen
    load(member(Role.AGENT), line("drim-1", source="ANS", cause="Alimentation"), now=later)
    with pytest.raises(ValidationError, match="a changé depuis la vérification"):
        confirm(user=agent, sha256=waiting.sha256, seen=seen, now=later)
    assert OutageVersion.objects.get().cause == "Alimentation"
    seen = imports.check(text, user=agent, now=later).seen
    confirm(user=agent, sha256=waiting.sha256, seen=seen, now=later)
    assert OutageVersion.objects.get().cause == "Réseau"


def test_a_file_waits_an_hour_and_for_its_person_alone(service, salarie):
    waiting = keep(user=salarie, name="a.csv", content=content(line("drim-1")), now=NOW)
    other = member(Role.SALARIE, service.prestation.organisation)
    almost, late = NOW + dt.timedelta(minutes=59, seconds=59), NOW + dt.timedelta(hours=1)
    assert waiting_of(salarie, now=almost) == waiting
    assert waiting_of(other, now=NOW) is None
    for user, now in ((other, NOW), (salarie, late)):
        with pytest.raises(ValidationError, match="n'attend plus"):
            confirm(user=user, sha256=waiting.sha256, now=now)
    keep(user=other, name="b.csv", content=b"x", now=almost)
    assert waiting_of(salarie, now=almost) == waiting
    keep(user=other, name="b.csv", content=b"x", now=late)
    assert not Import.objects.filter(user=salarie).exists()


MANY = 5_000


def test_what_moved_while_the_file_was_checked_is_checked_again(service, salarie, monkeypatch):
    load(salarie, line("drim-1"))
    plan, plans = imports._plan, []

    def planned_while_another_writes(*given):
        plans.append(plan(*given))
        if len(plans) == 1:
            record(
                service=service,
                source=Source.SUPPLIER,
                reference="INC-1",
                started_at=START,
                ended_at=END - dt.timedelta(hours=1),
                by=acting(None, NOW, "Logiciel"),
            )
        return plans[-1]

    monkeypatch.setattr(imports, "_plan", planned_while_another_writes)
    load(salarie, line("drim-1", cause="Réseau"))
    assert [[words(one) for one in found.changes] for found in plans] == [
        [["Cause"]],
        [["Fin", "Cause"]],
    ]
    version = OutageVersion.objects.get()
    assert (version.ended_at, version.cause, version.outage.ended_at) == (END, "Réseau", END)


@pytest.mark.parametrize("act", ["merge", "separate"])
def test_what_was_brought_together_or_separated_meanwhile_is_one_outage_each(
    service, salarie, monkeypatch, act
):
    load(salarie, line("drim-1"), line("drim-1", "C-1", source="CLIENT"))
    one, two = Outage.objects.order_by("pk")
    agent = member(Role.AGENT)
    if act == "separate":
        merge(one, two, by=acting(agent, NOW))
    plan, plans = imports._plan, []

    def planned_while_somebody_acts(*given):
        plans.append(plan(*given))
        if len(plans) == 1 and act == "merge":
            merge(one, two, by=acting(agent, NOW))
        elif len(plans) == 1:
            separate(OutageVersion.objects.get(reference="C-1"), by=acting(agent, NOW))
        return plans[-1]

    monkeypatch.setattr(imports, "_plan", planned_while_somebody_acts)
    moved = {"ended_at": "20/01/2026 10:00"}
    load(salarie, line("drim-1", **moved), line("drim-1", "C-1", source="CLIENT", **moved))
    assert Outage.objects.count() == (1 if act == "merge" else 2)
    for outage in Outage.objects.select_related("counting"):
        assert outage.ended_at == outage.counting.ended_at == END + dt.timedelta(days=2)


def test_an_outage_decided_not_measured_is_given_back_as_it_was_exported(service, salarie):
    load(salarie, line("drim-1"))
    Outage.objects.update(
        nature=OutageNature.UNMEASURED, standing=OutageStanding.RETAINED, decided_at=NOW
    )
    plain = content(line("drim-1")).decode()
    header, row = plain.strip().splitlines()
    exported = f"{header};nature\n{row};NON_MESURE\n".encode()
    for again in (plain.encode(), exported):
        plan = imports.check(again, user=salarie, now=NOW)
        assert (plan.problems, plan.changes) == ([], [])


def test_five_thousand_lines_with_three_wrong_are_refused_whole(service, salarie):
    lines = [line("drim-1", f"INC-{n}") for n in range(MANY)]
    lines[17] = line("drim-1", "INC-17", ended_at="14/01/2026 10:00")
    lines[2_400] = line("drim-x", "INC-2400")
    lines[4_999] = line("drim-1", "INC-4999", started_at="25/10/2026 02:30")
    plan = check(salarie, *lines)
    assert [(p.line, p.column) for p in plan.problems] == [
        (19, "ended_at"),
        (2_402, "service"),
        (5_001, "started_at"),
    ]
    with pytest.raises(ValidationError, match="rien n'est enregistré"):
        load(salarie, *lines)
    assert not Outage.objects.exists()


def test_five_thousand_lines_take_a_bounded_number_of_queries(
    service, salarie, django_assert_max_num_queries
):
    lines = [line("drim-1", f"INC-{n}") for n in range(MANY)]
    with django_assert_max_num_queries(500):
        assert load(salarie, *lines).new == MANY
    assert Outage.objects.filter(counting__reference="INC-4999").count() == 1
    with django_assert_max_num_queries(60):
        assert load(salarie, *lines).unchanged == MANY
    moved = [line("drim-1", f"INC-{n}", cause="Réseau") for n in range(1_000)]
    with django_assert_max_num_queries(100):
        assert load(salarie, *moved).revised == len(moved)
    lists = [entry.many for entry in Entry.objects.filter(act=IMPORT).order_by("pk")]
    assert [len(many) for many in lists] == [MANY, len(moved)]


def test_a_file_that_is_no_file_is_refused_at_the_check(salarie):
    with pytest.raises(BadFile):
        imports.check(b"%PDF\x00", user=salarie, now=NOW)
