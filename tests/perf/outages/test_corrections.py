"""What a party says never lowers D_f by itself: over HTTP, as each person would try it."""

import pytest
from django.urls import reverse

from accounts.enums import Role
from mailing.models import OutgoingMail
from perf.enums import CorrectionState, OutageNature, Source
from perf.models import Correction, Outage
from perf.selectors.correction_effects import correction_effects
from perf.services import corrections
from perf.services.merging import merge, separate
from perf.services.outages import record
from tests.by import acting
from tests.factories import MembershipFactory, member
from tests.pages import cells, text
from tests.perf.csv_files import line
from tests.perf.outages.cases import (
    HOUR,
    MONDAY,
    NOW,
    agent,
    declared,
    fournisseur,
    history,
    outage_of,
)
from tests.perf.outages.corrections import MINUTE, d_f, load, shorten, shown_on, theirs

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendars", "_now")]

DAY = "16/11/2026"


def test_a_salarie_who_rewrites_eight_hours_to_five_minutes_changes_nothing_yet(client, service):
    outage = theirs(service)
    client.force_login(fournisseur(service, Role.SALARIE))
    response = shorten(client, outage, MONDAY + 5 * MINUTE)
    assert d_f(service) == 8 * 60
    assert "8 h 00 min → 0 h 05 min, PERF 1 → 1" in shown_on(response)
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
    assert "9 h 00 min → 0 h 03 min" in shown_on(response)


def test_accepted_by_the_ans_it_counts_and_the_fournisseur_is_notified(client, service):
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
def test_who_asked_or_a_colleague_withdraws_it_and_the_fournisseur_is_notified(
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
    assert "n'attend plus de décision" in shown_on(done)
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
    declared(service, outage=kept, reference="INC-1", hours=1)
    beside = declared(service, outage=kept, source=Source.CLIENT, reference="C-1", hours=1)
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


def forget_what_was_declared(outage):
    outage.versions.all().delete()


@pytest.mark.parametrize(
    ("since", "sentence"),
    [
        (cover_it, "cette correction seule ne réduit pas D_f"),
        (forget_what_was_declared, "cette correction n'est plus possible"),
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


def test_two_that_hide_each_other_are_shown_to_lower_nothing_alone_until_one_is_accepted(
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
