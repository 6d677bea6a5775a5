"""What a party says never lowers D_f by itself: over HTTP, as each person would try it."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from accounts.enums import Role
from mailing.models import OutgoingMail
from perf.enums import CorrectionState, OutageNature, Source
from perf.models import Correction, Outage
from perf.rules.periods import containing
from perf.selectors.correction_effects import correction_effects
from perf.selectors.rules import period_kind, rules_at
from perf.selectors.situations import situation
from perf.services import corrections, decisions
from perf.services.merging import merge, separate
from perf.services.outages import record
from perf.services.statements import issue
from tests.by import acting
from tests.factories import MembershipFactory, member
from tests.keys import Caller
from tests.pages import cells, text
from tests.perf.api.conftest import key_of
from tests.perf.csv_files import line, upload
from tests.perf.outages.cases import (
    HOUR,
    MONDAY,
    NOW,
    agent,
    distributed,
    fournisseur,
    history,
    outage_of,
    said,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendars")]

MINUTE = dt.timedelta(minutes=1)
DAY = "16/11/2026"


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def service():
    return distributed()


def d_f(service, now=NOW):
    """Minutes that count in the period of `now`, by the rules in force."""
    period = containing(now, period_kind(now))
    found = situation(service, start=period.start, end=period.end, now=now, rules=rules_at(now))
    return found.figure.counted // 60_000_000


def theirs(service, *, hours=8, recorded=None, **values):
    """Recorded by the Fournisseur, two hours ago unless said otherwise."""
    values = {"source": Source.SUPPLIER, "reference": "T-1"} | values
    actor = values.pop("actor", None) or fournisseur(service, Role.SALARIE)
    return outage_of(service, hours=hours, actor=actor, now=recorded or NOW - 2 * HOUR, **values)


def fields(**instants):
    """As the form sends them: day and hour, on the Paris clock."""
    found = {}
    for name, instant in instants.items():
        local = instant and instant + HOUR
        found[f"{name}_jour"] = f"{local:%Y-%m-%d}" if local else ""
        found[f"{name}_heure"] = f"{local:%H:%M:%S}" if local else ""
    return found


def shorten(client, outage, end, **values):
    """«Modifier» its version, on its page."""
    page = reverse("perf:version_edit", args=[outage.counting_id])
    data = fields(started_at=outage.started_at, ended_at=end)
    data |= {"cause": "", "nature": outage.nature} | values
    return client.post(page, data, follow=True)


def said_on(response):
    return " ".join(str(message) for message in response.context["messages"])


def test_a_salarie_who_rewrites_eight_hours_to_five_minutes_changes_nothing_yet(client, service):
    outage = theirs(service)
    client.force_login(fournisseur(service, Role.SALARIE))
    response = shorten(client, outage, MONDAY + 5 * MINUTE)
    assert d_f(service) == 8 * 60
    assert "8 h 00 min → 0 h 05 min, PERF 1 → 1" in said_on(response)
    correction = Correction.objects.get()
    assert (correction.outage, correction.state) == (outage, CorrectionState.PENDING)
    for page in (
        reverse("perf:outage", args=[outage.pk]),
        reverse("perf:prestation", args=[service.prestation_id]),
        reverse("perf:corrections"),
    ):
        assert correction in pending_on(client.get(page))


def pending_on(response):
    context = response.context
    return [line.correction for line in context.get("corrections") or context["lines"]]


def test_a_mandataire_who_brings_nine_hours_of_the_ans_into_three_minutes_changes_nothing_yet(
    client, service
):
    long = outage_of(service, hours=9)
    short = outage_of(service, reference="INC-2", hours=0.05)
    client.force_login(fournisseur(service, Role.MANDATAIRE))
    page = reverse("perf:outage_merge", args=[short.pk])
    response = client.post(page, {"other": long.pk}, follow=True)
    assert (Outage.objects.count(), d_f(service)) == (2, 9 * 60)
    assert "9 h 00 min → 0 h 03 min" in said_on(response)


def test_accepted_by_the_ans_it_counts_and_the_fournisseur_is_told(client, service):
    outage, salarie = theirs(service), fournisseur(service, Role.SALARIE)
    client.force_login(salarie)
    shorten(client, outage, MONDAY + HOUR)
    correction, judge = Correction.objects.get(), agent()
    client.force_login(judge)
    page = reverse("perf:correction", args=[correction.pk])
    assert client.post(page, {"decision": "accept", "reason": ""}).status_code == 422
    assert d_f(service) == 8 * 60
    client.post(page, {"decision": "accept", "reason": "Le journal le montre."})
    assert d_f(service) == 60
    correction.refresh_from_db()
    assert (correction.state, correction.decided_by) == (CorrectionState.ACCEPTED, judge)
    assert [row["what"].split(" : ")[0] for row in history(outage)] == [
        "Panne enregistrée",
        "Correction à la baisse demandée",
        "Correction à la baisse acceptée",
        "Version modifiée",
    ]
    mail = OutgoingMail.objects.get(to_email=salarie.email)
    assert "Le journal le montre." in mail.body_text
    assert client.post(page, {"decision": "refuse", "reason": "Non."}).status_code == 422


def test_refused_it_never_counts(client, service):
    outage = theirs(service)
    client.force_login(fournisseur(service, Role.SALARIE))
    shorten(client, outage, MONDAY + HOUR)
    client.force_login(agent())
    page = reverse("perf:correction", args=[Correction.objects.get().pk])
    client.post(page, {"decision": "refuse", "reason": "Rien ne le montre."})
    assert d_f(service) == 8 * 60
    assert Correction.objects.get().state == CorrectionState.REFUSED


@pytest.mark.parametrize("is_author", [True, False])
def test_who_asked_or_a_colleague_withdraws_it_and_the_fournisseur_is_told(
    client, service, is_author
):
    outage, author = theirs(service), fournisseur(service, Role.SALARIE)
    colleague = fournisseur(service, Role.MANDATAIRE)
    client.force_login(author)
    shorten(client, outage, MONDAY + HOUR)
    correction = Correction.objects.get()
    client.force_login(author if is_author else colleague)
    page = client.get(reverse("perf:correction", args=[correction.pk]))
    assert f"Retirer {'ma' if is_author else 'la'} demande" in text(page)
    client.post(reverse("perf:correction_withdraw", args=[correction.pk]))
    correction.refresh_from_db()
    assert (correction.state, d_f(service)) == (CorrectionState.WITHDRAWN, 8 * 60)
    assert history(outage)[-1]["what"] == "Correction à la baisse retirée"
    mails = OutgoingMail.objects.filter(subject__startswith="Correction à la baisse retirée")
    assert {author.email, colleague.email} <= {mail.to_email for mail in mails}
    assert "La demande de correction est retirée" in mails[0].body_text
    client.force_login(agent())
    page = client.get(reverse("perf:corrections"))
    assert (page.context["lines"], list(page.context["page_obj"])) == ([], [correction])


def test_the_ans_does_not_withdraw_it_and_an_outsider_does_not_reach_it(client, service):
    outage = theirs(service)
    client.force_login(fournisseur(service, Role.SALARIE))
    shorten(client, outage, MONDAY + HOUR)
    page = reverse("perf:correction_withdraw", args=[Correction.objects.get().pk])
    for person, status in ((agent(), 403), (member(), 404)):
        client.force_login(person)
        assert client.post(page).status_code == status
    assert Correction.objects.pending().count() == 1


def test_once_decided_it_is_not_withdrawn(client, service):
    outage, author = theirs(service), fournisseur(service, Role.SALARIE)
    client.force_login(author)
    shorten(client, outage, MONDAY + HOUR)
    correction = Correction.objects.get()
    corrections.decide(correction, decision="refuse", reason="Non.", by=acting(agent(), NOW))
    done = client.post(reverse("perf:correction_withdraw", args=[correction.pk]), follow=True)
    assert "n'attend plus de décision" in said_on(done)
    assert Correction.objects.get().state == CorrectionState.REFUSED


def ask_a_revision(service, by):
    outage = theirs(service)
    record(
        service=service,
        source=Source.SUPPLIER,
        reference=outage.counting.reference,
        started_at=MONDAY + HOUR,
        ended_at=MONDAY + 2 * HOUR,
        nature=OutageNature.MAINTENANCE,
        by=by,
    )


def ask_a_merge(service, by):
    merge(outage_of(service, reference="INC-2", hours=1), theirs(service), by=by)


def ask_a_separation(service, by):
    """What is left then counts as its version of the ANS says."""
    kept = theirs(service)
    said(service, outage=kept, reference="INC-1", hours=1)
    beside = said(service, outage=kept, source=Source.CLIENT, reference="C-1", hours=1)
    separate(beside.version, by=by)


@pytest.mark.parametrize("ask", [ask_a_revision, ask_a_merge, ask_a_separation])
def test_what_it_would_change_today_is_what_accepting_it_changes(service, ask):
    ask(service, acting(fournisseur(service, Role.MANDATAIRE), NOW))
    row = Correction.objects.select_related("service__prestation__client").get()
    outage_of(service, reference="INC-9", start=MONDAY + 48 * HOUR, hours=5)
    effect = correction_effects([row], NOW)[row.pk]
    before = d_f(service)
    corrections.decide(row, decision="accept", reason="Vu.", by=acting(agent(), NOW))
    figures = [figure.counted // 60_000_000 for figure in (effect.fall.before, effect.fall.after)]
    assert figures == [before, d_f(service)]
    assert row.counted_before // 60_000_000 == before - 5 * 60


def test_its_page_shows_the_figures_of_the_day_and_the_journal_those_of_the_request(
    client, service
):
    outage = theirs(service)
    client.force_login(fournisseur(service, Role.SALARIE))
    shorten(client, outage, MONDAY + HOUR)
    outage_of(service, reference="INC-9", start=MONDAY + 48 * HOUR, hours=1)
    page = client.get(reverse("perf:correction", args=[Correction.objects.get().pk]))
    assert "à ce jour" in text(page)
    assert cells(page, "Indisponibilité (D_f)") == ["9 h 00 min", "2 h 00 min"]
    assert "D_f (année 2026) : 8 h 00 min → 1 h 00 min" in text(page)


def cover_it(outage):
    outage_of(outage.service, reference="INC-9", hours=8)


def forget_what_was_said(outage):
    outage.versions.all().delete()


@pytest.mark.parametrize(
    ("since", "sentence"),
    [
        (cover_it, "cette correction seule ne réduit pas D_f"),
        (forget_what_was_said, "cette correction n'est plus possible"),
    ],
)
def test_its_page_says_that_it_lowers_nothing_by_itself_or_is_no_longer_possible(
    client, service, since, sentence
):
    outage = theirs(service)
    client.force_login(fournisseur(service, Role.SALARIE))
    shorten(client, outage, MONDAY + HOUR)
    since(outage)
    page = client.get(reverse("perf:correction", args=[Correction.objects.get().pk]))
    assert sentence in text(page)


def test_two_that_hide_each_other_are_said_to_lower_nothing_alone_until_one_is_accepted(
    client, service
):
    for reference in ("T-1", "T-2"):
        theirs(service, reference=reference)
    client.force_login(fournisseur(service, Role.SALARIE))
    moved = {"started_at": f"{DAY} 10:00", "ended_at": f"{DAY} 10:05"}
    load(client, *[line(service.code, reference, **moved) for reference in ("T-1", "T-2")])
    pages = [client.get(reverse("perf:corrections"))]
    one, _two = Correction.objects.pending()
    corrections.decide(one, decision="accept", reason="Vu.", by=acting(agent(), NOW))
    pages.append(client.get(reverse("perf:corrections")))
    shown = [cells(page, "D_f demandée") for page in pages]
    assert "Seule, ne réduit pas D_f" in text(pages[0])
    assert shown == [[], ["0 h 05 min"]]


def test_the_list_of_those_that_wait_asks_as_often_for_one_as_for_many(
    client, service, django_assert_max_num_queries
):
    client.force_login(agent())
    for number in range(6):
        outage = theirs(service, reference=f"T-{number}", start=MONDAY + number * 9 * HOUR)
        record(
            service=service,
            source=Source.SUPPLIER,
            reference=f"T-{number}",
            started_at=outage.started_at,
            ended_at=outage.started_at + HOUR,
            by=acting(fournisseur(service, Role.SALARIE), NOW),
        )
    with django_assert_max_num_queries(20):
        page = client.get(reverse("perf:corrections"))
    assert len(page.context["lines"]) == 6


def test_a_party_does_not_decide_and_an_outsider_sees_nothing(client, service):
    outage = theirs(service)
    client.force_login(fournisseur(service, Role.SALARIE))
    shorten(client, outage, MONDAY + HOUR)
    page = reverse("perf:correction", args=[Correction.objects.get().pk])
    values = {"decision": "accept", "reason": "Oui."}
    assert client.post(page, values).status_code == 403
    both = agent()
    editeur = service.prestation.supplier.solution.organisation
    MembershipFactory(user=both, organisation=editeur)
    client.force_login(both)
    assert client.post(page, values).status_code == 422
    client.force_login(member())
    assert client.get(page).status_code == 404
    assert client.get(reverse("perf:corrections")).context["lines"] == []
    assert d_f(service) == 8 * 60


def test_a_merge_that_the_ans_accepts_is_done(client, service):
    long = outage_of(service, hours=9)
    short = outage_of(service, reference="INC-2", hours=0.05)
    asked = merge(short, long, by=acting(fournisseur(service, Role.MANDATAIRE), NOW))
    client.force_login(agent())
    page = reverse("perf:correction", args=[asked.pk])
    client.post(page, {"decision": "accept", "reason": "Même incident."})
    assert Outage.objects.get() == short
    assert d_f(service) == 3


def test_what_raises_d_f_counts_at_once(client, service):
    outage = theirs(service, hours=1)
    client.force_login(fournisseur(service, Role.SALARIE))
    shorten(client, outage, MONDAY + 3 * HOUR)
    assert d_f(service) == 3 * 60
    assert not Correction.objects.exists()


def test_called_a_maintenance_it_waits_too(client, service):
    outage = theirs(service)
    client.force_login(fournisseur(service, Role.SALARIE))
    shorten(client, outage, outage.ended_at, nature=OutageNature.MAINTENANCE)
    assert d_f(service) == 8 * 60
    assert Correction.objects.get().values["nature"] == OutageNature.MAINTENANCE


@pytest.mark.parametrize(("after", "at_once"), [(HOUR - MINUTE / 60, True), (HOUR, False)])
def test_its_author_corrects_a_slip_within_the_hour(client, service, after, at_once):
    author = fournisseur(service, Role.SALARIE)
    outage = theirs(service, actor=author, recorded=NOW - after)
    client.force_login(author)
    shorten(client, outage, MONDAY + HOUR)
    assert d_f(service) == (60 if at_once else 8 * 60)


def test_a_colleague_does_not_correct_the_slip_of_another(client, service):
    outage = theirs(service, recorded=NOW - MINUTE)
    client.force_login(fournisseur(service, Role.SALARIE))
    shorten(client, outage, MONDAY + HOUR)
    assert d_f(service) == 8 * 60


def contest_it(service, outage, author):
    decisions.contest(outage, reason="Non.", by=acting(fournisseur(service), NOW))


def merge_it(service, outage, author):
    merge(
        outage, outage_of(service, reference="S-2", source=Source.CLIENT), by=acting(agent(), NOW)
    )


def put_beside_it(service, outage, author):
    said(service, outage=outage, reference="INC-9")


def state_it(service, outage, author):
    period = containing(NOW, period_kind(NOW))
    person = fournisseur(service, Role.MANDATAIRE)
    issue(prestation=service.prestation, period=period, by=acting(person, NOW))


@pytest.mark.parametrize("act", [contest_it, merge_it, put_beside_it, state_it])
def test_no_slip_once_something_rests_on_it(client, service, act):
    author = fournisseur(service, Role.SALARIE)
    outage = theirs(service, actor=author, recorded=NOW - MINUTE)
    act(service, outage, author)
    client.force_login(author)
    outage.refresh_from_db()
    shorten(client, outage, MONDAY + HOUR)
    assert d_f(service) == 8 * 60
    assert Correction.objects.pending().count() == 1


def test_nothing_taken_from_one_outage_hides_behind_a_slip(client, service):
    """Another is recorded over it, the first is shortened, then the other is corrected away."""
    author = fournisseur(service, Role.SALARIE)
    real = theirs(service)
    cover = theirs(service, actor=author, reference="T-2", recorded=NOW - MINUTE)
    client.force_login(author)
    shorten(client, real, MONDAY + MINUTE)
    shorten(client, cover, MONDAY + MINUTE)
    assert d_f(service) == 8 * 60


def end_it(client, outage, end):
    return client.post(reverse("perf:outage_end", args=[outage.pk]), fields(ended_at=end))


def test_the_first_end_of_what_lasts_counts_at_once_and_the_second_does_not(client, service):
    outage = theirs(service, hours=None)
    client.force_login(fournisseur(service, Role.SALARIE))
    end_it(client, outage, MONDAY + HOUR)
    outage.refresh_from_db()
    assert (outage.ended_at, d_f(service)) == (MONDAY + HOUR, 60)
    shorten(client, outage, None)
    reopened = d_f(service)
    assert reopened > 60
    outage.refresh_from_db()
    end_it(client, outage, MONDAY + HOUR)
    assert d_f(service) == reopened
    assert Correction.objects.pending().count() == 1


@pytest.mark.parametrize(("hours", "at_once"), [(None, False), (2, False), (1, True)])
def test_a_first_end_waits_where_the_ans_says_that_it_lasted_longer(
    client, service, hours, at_once
):
    outage = theirs(service, hours=None)
    said(service, outage=outage, hours=hours)
    before = d_f(service)
    client.force_login(fournisseur(service, Role.SALARIE))
    end_it(client, outage, MONDAY + HOUR)
    assert d_f(service) == (60 if at_once else before)


def test_what_an_agent_recorded_for_the_fournisseur_is_not_ended_at_once(client, service):
    outage = outage_of(service, source=Source.SUPPLIER, reference="T-1", hours=None, actor=agent())
    before = d_f(service)
    client.force_login(fournisseur(service, Role.SALARIE))
    end_it(client, outage, MONDAY + HOUR)
    assert d_f(service) == before


@pytest.fixture
def software(client, service):
    """That of the Fournisseur."""
    return Caller(client, key_of(service.prestation.organisation))


def sent(service, end, **values):
    return {
        "service": service.code,
        "started_at": MONDAY.isoformat(),
        "ended_at": end and end.isoformat(),
        "source": Source.SUPPLIER,
        "reference": "T-1",
    } | values


def test_by_the_api_it_is_accepted_for_later_and_asked_once(service, software):
    outage = theirs(service)
    answer = software.post("outages", sent(service, MONDAY + HOUR))
    assert (answer.status_code, answer.json()["changed"]) == (202, False)
    assert answer.json()["correction"] == {
        "id": Correction.objects.get().pk,
        "period": "année 2026",
        "counted_before_us": 8 * 3_600_000_000,
        "counted_after_us": 3_600_000_000,
        "perf_before": "1",
        "perf_after": "1",
    }
    assert software.post("outages", sent(service, MONDAY + HOUR)).status_code == 202
    assert (Correction.objects.count(), d_f(service)) == (1, 8 * 60)
    assert software.post("outages", sent(service, MONDAY + 2 * HOUR)).status_code == 202
    states = Correction.objects.values_list("state", flat=True)
    assert list(states) == [CorrectionState.REPLACED, CorrectionState.PENDING]
    assert software.post("outages", sent(service, MONDAY + 9 * HOUR)).status_code == 200
    assert not Correction.objects.pending().exists()
    outage.refresh_from_db()
    assert outage.ended_at == MONDAY + 9 * HOUR


def test_the_key_that_recorded_corrects_its_slip_and_another_key_does_not(
    client, service, software
):
    software.post("outages", sent(service, MONDAY + HOUR))
    assert software.post("outages", sent(service, MONDAY + 30 * MINUTE)).status_code == 200
    other = Caller(client, key_of(service.prestation.organisation, "Autre"))
    assert other.post("outages", sent(service, MONDAY + 20 * MINUTE)).status_code == 202
    assert d_f(service) == 30


def load(client, *lines):
    client.post(reverse("perf:import"), {"file": upload(*lines)})
    page = reverse("perf:import_check")
    shown = client.get(page)
    sha256 = shown.context["waiting"].sha256
    return shown, client.post(page, {"sha256": sha256}, follow=True)


def test_of_a_file_what_lowers_d_f_waits_and_the_rest_counts(client, service):
    theirs(service)
    theirs(service, reference="T-2", start=MONDAY + 24 * HOUR, hours=1)
    client.force_login(fournisseur(service, Role.SALARIE))
    shown, done = load(
        client,
        line(service.code, "T-1", started_at=f"{DAY} 10:00", ended_at=f"{DAY} 10:05"),
        line(service.code, "T-2", started_at="17/11/2026 10:00", ended_at="17/11/2026 12:00"),
        line(service.code, "T-3", started_at="18/11/2026 10:00", ended_at="18/11/2026 11:00"),
    )
    assert [asked.row.reference for asked in shown.context["asked"]] == ["T-1"]
    assert "1 correction à la baisse en attente de l'ANS" in said_on(done)
    assert d_f(service) == (8 + 2 + 1) * 60
    correction = Correction.objects.get()
    assert (correction.counted_before, correction.counted_after) == (
        9 * 3_600_000_000,
        (60 + 5) * 60_000_000,
    )


def test_two_lines_of_a_file_do_not_hide_each_other(client, service):
    """Each of two outages of the same hours covers the other; the file shortens both."""
    for reference in ("T-1", "T-2"):
        theirs(service, reference=reference)
    client.force_login(fournisseur(service, Role.SALARIE))
    moved = {"started_at": f"{DAY} 10:00", "ended_at": f"{DAY} 10:05"}
    load(client, *[line(service.code, reference, **moved) for reference in ("T-1", "T-2")])
    assert d_f(service) == 8 * 60
    assert Correction.objects.pending().count() == 2


def test_a_version_of_the_ans_that_a_party_separates_from_what_lasts_lowers_nothing(service):
    outage = theirs(service, hours=None)
    other = outage_of(service, hours=9)
    kept = merge(outage, other, by=acting(agent(), NOW))
    before = d_f(service)
    ours = kept.versions.get(source=Source.SUPPLIER)
    separate(ours, by=acting(fournisseur(service, Role.MANDATAIRE), NOW))
    assert d_f(service) >= before


def test_an_agent_who_belongs_to_the_fournisseur_acts_as_a_party(service):
    outage = theirs(service)
    both = agent()
    MembershipFactory(user=both, organisation=service.prestation.organisation)
    done = said(service, source=Source.SUPPLIER, reference="T-1", hours=1, actor=both)
    assert done.correction.outage == outage
    done = said(service, source=Source.SUPPLIER, reference="T-1", hours=1, actor=agent())
    assert (done.correction, d_f(service)) == (None, 60)
