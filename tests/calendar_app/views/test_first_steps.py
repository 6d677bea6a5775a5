"""The first steps of a new organisation, over HTTP: each is read from what exists."""

import re

import pytest
from django.urls import reverse

from accounts.enums import Kind, Role
from calendar_app.enums import FirstStep
from calendar_app.models import Deadline, FeedAddress, PutOffStep
from tests.factories import (
    DeadlineFactory,
    MembershipFactory,
    OrganisationFactory,
    PrestationFactory,
    SolutionFactory,
    SupplierFactory,
    UserFactory,
    member,
)
from tests.pages import markup, text

PAGE = "/premiers-pas/"
STEP = re.compile(r"<h2>([^<]+)</h2>\s*<span class=\"pill[^>]*>(.*?)</span>\s*</div>", re.DOTALL)


@pytest.fixture
def organisation():
    return OrganisationFactory()


@pytest.fixture
def user(client, calendars, organisation):
    person = member(organisation=organisation)
    client.force_login(person)
    return person


def done(response):
    """The steps that are done."""
    steps = response.context["found"].steps
    return [step.step for step in steps if step.is_done]


def following(response):
    step = response.context["found"].next
    return step and step.step


def put_off(client, step, choice="plus-tard"):
    return client.post(f"{PAGE}remettre/", {"etape": step, "choix": choice}, follow=True)


def test_a_new_organisation_is_led_there_after_the_login(client, user):
    page = client.get(reverse("landing"), follow=True)
    assert page.redirect_chain == [(PAGE, 302)]
    assert done(page) == [FirstStep.ORGANISATION]
    assert "La prochaine : vos collègues." in text(page)
    for step in FirstStep:
        assert f"<h2>{step.label}</h2>" in markup(page)


def test_each_step_is_done_by_what_exists(client, user, organisation):
    made = [FirstStep.ORGANISATION]

    def check(step):
        made.append(step)
        assert done(client.get(PAGE)) == [one for one in FirstStep if one in made]

    MembershipFactory(organisation=organisation)
    check(FirstStep.COLLEAGUES)
    solution = SolutionFactory(organisation=organisation)
    deadline = DeadlineFactory(solution=solution)
    Deadline.objects.update(due_at=solution.created_at)
    check(FirstStep.SOLUTION)
    Deadline.objects.filter(pk=deadline.pk).update(state="DEPOSE")
    check(FirstStep.PAST)
    PrestationFactory(supplier=SupplierFactory(solution=solution))
    check(FirstStep.PRESTATIONS)
    FeedAddress.objects.create(user=user, nonce="x")
    check(FirstStep.AGENDA)
    page = client.get(PAGE)
    assert following(page) is None
    assert "est en place" in text(page)


def test_a_step_put_off_is_passed_over_and_taken_up_again(client, user):
    page = put_off(client, FirstStep.COLLEAGUES)
    assert following(page) == FirstStep.SOLUTION
    assert "Remis à plus tard" in text(page)
    put_off(client, FirstStep.COLLEAGUES)
    assert PutOffStep.objects.count() == 1
    assert following(put_off(client, FirstStep.COLLEAGUES, "reprendre")) == FirstStep.COLLEAGUES


def test_the_first_screen_offers_the_next_step_until_all_is_done_or_put_off(client, user):
    assert "Premiers pas : 1 étape sur 6." in text(client.get(reverse("deadlines:index")))
    for step in (FirstStep.COLLEAGUES, FirstStep.SOLUTION):
        put_off(client, step)
    assert "Premiers pas" not in text(client.get(reverse("deadlines:index")))
    put_off(client, FirstStep.AGENDA)
    assert client.get(reverse("landing"))["Location"] == reverse("deadlines:index")


def test_a_salarie_is_not_sent_to_what_only_a_mandataire_does(client, calendars, organisation):
    client.force_login(member(Role.SALARIE, organisation))
    assert following(client.get(PAGE)) == FirstStep.SOLUTION


def test_a_past_put_off_is_offered_again_and_is_not_shown_late(client, user, organisation):
    solution = SolutionFactory(organisation=organisation)
    DeadlineFactory(solution=solution)
    Deadline.objects.update(due_at=solution.created_at)
    put_off(client, FirstStep.PAST)

    page = client.get(reverse("deadlines:index"))

    urgent = [line.urgent for line in page.context["urgent"]]
    assert [one.what for one in urgent] == [
        "Reprise du passé : 1 jalon échu avant l'enregistrement"
    ]
    assert urgent[0].url == reverse("solutions:takeover", args=[solution.pk])
    assert page.context["late_count"] == 0


def test_it_is_for_the_members_of_an_industriel(client, calendars, organisation):
    for user in (member(Role.AGENT), UserFactory()):
        client.force_login(user)
        assert client.get(PAGE).status_code == 403
        assert client.post(f"{PAGE}remettre/", {"etape": "passe"}).status_code == 403
    assert not PutOffStep.objects.exists()


def test_an_unknown_step_is_refused(client, user):
    response = client.post(f"{PAGE}remettre/", {"etape": "autre"})
    assert response.status_code == 404


def test_it_costs_the_same_with_many_rows(client, user, organisation, django_assert_num_queries):
    client.get(PAGE)
    with django_assert_num_queries(7):
        client.get(PAGE)
    supplier = SupplierFactory(solution=SolutionFactory(organisation=organisation))
    for _ in range(5):
        PrestationFactory(supplier=supplier)
    OrganisationFactory(kind=Kind.DISTRIBUTEUR)
    with django_assert_num_queries(7):
        client.get(PAGE)
