"""«Mes échéances» and the page of one deadline."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.enums import Kind, Role
from calendar_app.enums import State
from calendar_app.models import Deadline, Prestation, Reminder, Supplier
from calendar_app.services.deadlines import open_deadlines
from calendar_app.services.drafts import save_draft
from tests.by import acting
from tests.calendar_app.filing_cases import (
    NOW,
    colleague,
    decided,
    file,
    of_prestation,
    of_solution,
    organisation_of,
)
from tests.calendar_app.pages import page, text, url
from tests.calendar_app.papers import upload
from tests.factories import (
    MembershipFactory,
    OrganisationFactory,
    PrestationFactory,
    SolutionFactory,
    SupplierFactory,
    member,
)
from tests.pages import markup

pytestmark = pytest.mark.usefixtures("calendars")
INDEX = "/echeances/"


@pytest.fixture(autouse=True)
def _at_1145_on_the_last_day(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def actor():
    return member(Role.REPRESENTANT)


@pytest.fixture
def deadline(actor):
    return of_prestation(5, editeur=actor)


def many(actor, count):
    """`count` prestations of one solution, each with its three deadlines."""
    supplier = SupplierFactory(solution=SolutionFactory(organisation=organisation_of(actor)))
    for client in OrganisationFactory.create_batch(count, client=True):
        open_deadlines(now=NOW, prestation=PrestationFactory(supplier=supplier, client=client))


# --- The list -------------------------------------------------------------------------------------


def test_what_can_still_be_kept_today_comes_before_what_is_late(client, actor, deadline):
    Prestation.objects.update(created_at=NOW - dt.timedelta(days=365))
    response = page(client, actor, INDEX)
    assert "dont 1 sous 24 heures et 1 en retard" in text(response)
    today, late = response.context["urgent"]
    assert (today.label, today.left, today.urgent.url) == (
        "Sous 24 h",
        "15 min",
        url("detail", deadline),
    )
    of_november = Deadline.objects.get(prestation=deadline.prestation, milestone__number=4)
    assert (late.label, late.urgent.url) == ("En retard", url("detail", of_november))
    assert "la réalisation" in text(response)


def test_the_head_is_the_first_line_of_the_list(client, actor, deadline):
    response = page(client, actor, INDEX)
    first = response.context["urgent"][0].urgent.what
    assert f"Il reste 15 min : {first} , avant le 09/06/2027 12h" in text(response)


def test_without_anything_urgent_the_head_is_the_next_milestone(client, actor, time_machine):
    time_machine.move_to(NOW - dt.timedelta(days=100), tick=False)
    of_prestation(5, editeur=actor)
    Deadline.objects.filter(milestone__number=4).delete()
    response = page(client, actor, INDEX)
    assert response.context["urgent"] == []
    assert "Il vous reste 100 jours" in text(response)


def test_forty_prestations_of_one_milestone_are_one_line(client, actor):
    many(actor, 40)
    made = Deadline.objects.filter(milestone__number=5).order_by("pk")
    for deadline in made[:3]:
        file(deadline, actor)
    Supplier.objects.update(psc_until=dt.date(2027, 6, 1))
    response = page(client, actor, INDEX)
    progress = {one.group.code: one.progress for one in response.context["sections"]}
    assert progress == {
        "ris-4": "0 sur 40 faite, 40 bloquées, 40 en retard",
        "ris-5": "3 sur 40 faites",
        "ris-6": "0 sur 40 faite, 40 bloquées",
    }
    assert [len(one.lines) for one in response.context["sections"]] == [5, 5, 5]
    assert all(one.is_folded for one in response.context["sections"])
    assert "Voir les 37 lignes" in text(response)
    narrowed = client.get(f"{INDEX}?jalon=ris-5")
    assert narrowed.context["page_obj"].paginator.count == 37


def test_an_outsider_has_nothing_urgent_of_others(client, deadline):
    assert page(client, member(Role.MANDATAIRE), INDEX).context["urgent"] == []


def test_an_empty_list_says_why_and_what_to_do(client, actor):
    response = page(client, actor, INDEX)
    assert reverse("solutions:create") in markup(response)
    assert "apparaissent d'elles-mêmes" in text(response)


def test_an_unfiled_draft_is_shouted_in_the_title(client, actor, deadline):
    save_draft(deadline=deadline, by=acting(actor, NOW))
    response = page(client, actor, INDEX)
    assert "<title>(1 brouillon non déposé) Mes échéances" in markup(response)
    assert "Enregistrer n'est pas déposer" in text(response)
    assert url("prepare", deadline) in markup(response)
    narrowed = client.get(INDEX, {"vue": "brouillons"})
    assert [line.deadline for line in narrowed.context["lines"]] == [deadline]


def test_the_drafts_of_others_are_not_shouted_at_who_cannot_file_them(client, actor, deadline):
    save_draft(deadline=deadline, by=acting(actor, NOW))
    agent = member(Role.AGENT)
    response = page(client, agent, INDEX)
    assert "<title>Échéances" in markup(response)
    assert response.context["draft_count"] == 0
    assert "solutions/nouvelle" not in markup(response)
    detail = page(client, agent, url("detail", deadline))
    assert url("prepare", deadline) not in markup(detail)
    assert "prépare un brouillon : rien n'est déposé" in text(detail)


FILTERS = [
    ({}, {"ris-4", "ris-5", "ris-6", "drimbox-4", "drimbox-5", "drimbox-6"}),
    ({"dispositif": "ris"}, {"ris-4", "ris-5", "ris-6"}),
    ({"jalon": "drimbox-6"}, {"drimbox-6"}),
    ({"q": "LARIBOISIERE"}, {"ris-4", "ris-5", "ris-6"}),
    ({"q": "750099999"}, {"ris-4", "ris-5", "ris-6"}),
    ({"q": "Boîte bleue"}, {"drimbox-4", "drimbox-5", "drimbox-6"}),
    ({"q": "nulle part"}, set()),
    ({"vue": "deposees"}, set()),
    ({"vue": "toutes", "jalon": "ris-4"}, {"ris-4"}),
    # what is not understood is ignored
    ({"dispositif": "x", "jalon": "\0", "vue": "y", "organisation": "z", "page": "-1"}, 6),
    ({"dispositif": "\0", "q": "\0", "page": "999999999999999999999"}, 6),
]


@pytest.mark.parametrize(("query", "codes"), FILTERS)
def test_filters(client, actor, query, codes):
    organisation = organisation_of(actor)
    hospital = OrganisationFactory(client=True, name="Hôpital lariboisière", finess="750099999")
    ris = SupplierFactory(solution=SolutionFactory(organisation=organisation))
    drimbox = SolutionFactory(drimbox=True, organisation=organisation, name="Boîte bleue")
    for prestation in (
        PrestationFactory(supplier=ris, client=hospital),
        PrestationFactory(supplier=SupplierFactory(solution=drimbox)),
    ):
        open_deadlines(now=NOW, prestation=prestation)
    found = {
        line.deadline.milestone.code
        for line in page(client, actor, INDEX, **query).context["lines"]
    }
    assert len(found) == codes if isinstance(codes, int) else found == codes


def test_the_tabs_count_every_state(client, actor, deadline):
    file(deadline, actor)
    response = page(client, actor, INDEX, vue="deposees")
    assert [tab["count"] for tab in response.context["tabs"]] == [2, 1, 0, 3]
    assert [line.deadline for line in response.context["lines"]] == [deadline]
    assert "Déposé dans les délais" in text(response)


def test_the_organisation_filter_reaches_what_a_distributeur_does(client, actor):
    solution = SolutionFactory(organisation=organisation_of(actor))
    other = OrganisationFactory(kind=Kind.DISTRIBUTEUR)
    supplier = SupplierFactory(solution=solution, organisation=other)
    open_deadlines(now=NOW, prestation=PrestationFactory(supplier=supplier))
    assert page(client, actor, INDEX).context["lines"] == []
    for chosen in (str(other.pk), "toutes"):
        response = page(client, actor, INDEX, organisation=chosen)
        assert len(response.context["lines"]) == 3
        assert other.name in text(response)


def test_pages_of_fifty(client, actor):
    many(actor, 18)  # 54 deadlines
    assert len(page(client, actor, INDEX, vue="toutes").context["lines"]) == 50
    assert len(page(client, actor, INDEX, page=2, vue="toutes").context["lines"]) == 4


def queries_of(client, django_assert_max_num_queries):
    with django_assert_max_num_queries(52) as captured:
        assert client.get(INDEX).status_code == 200
    return len(captured)


def test_three_hundred_rows_cost_what_three_do(client, actor, django_assert_max_num_queries):
    client.force_login(actor)
    many(actor, 1)
    few = queries_of(client, django_assert_max_num_queries)
    many(actor, 99)
    assert Deadline.objects.count() == 300
    assert queries_of(client, django_assert_max_num_queries) <= few
    costs = []
    for batch in (slice(0, 6), slice(6, 12)):
        for deadline in Deadline.objects.filter(milestone__number=5)[batch]:
            save_draft(deadline=deadline, by=acting(actor, NOW), proofs=[upload()])
        costs.append(queries_of(client, django_assert_max_num_queries))
    assert costs[0] == costs[1]


def test_many_suppliers_cost_what_one_does(client, django_assert_max_num_queries):
    client.force_login(member(Role.AGENT))
    open_deadlines(now=NOW, prestation=PrestationFactory())
    few = queries_of(client, django_assert_max_num_queries)
    for prestation in PrestationFactory.create_batch(12):
        open_deadlines(now=NOW, prestation=prestation)
    assert queries_of(client, django_assert_max_num_queries) <= few


def test_nothing_of_others_on_my_list(client, actor, deadline):
    outsider = member()
    shown = page(client, outsider, INDEX, organisation="toutes")
    assert shown.context["lines"] == []
    assert str(deadline.subject) not in text(shown)


def test_a_person_without_organisation_is_informed(client, actor):
    actor.memberships.all().delete()
    assert page(client, actor, INDEX).headers["Location"] == reverse("accounts:none")


# --- One deadline ---------------------------------------------------------------------------------


def test_the_page_of_a_deadline(client, actor, deadline):
    shown = text(page(client, actor, url("detail", deadline)))
    for words in (
        deadline.title,
        "pour agir avant le mercredi 9 juin 2027 à 12h (heure de Paris)",
        "Déclarer la réalisation",
        "date réglementaire",
        "Échéance ouverte",
        "Déclarer sans objet",
    ):
        assert words in shown


def test_a_money_step_lists_what_is_missing_and_who_must_act(client, actor):
    deadline = of_prestation(6, editeur=actor, psc_from=None, psc_until=None)
    shown = text(page(client, actor, url("detail", deadline)))
    assert "Avant la demande de paiement, il manque" in shown
    assert f"Qui doit agir : {organisation_of(actor).name} (éditeur)" in shown
    assert "l'enregistrement sur ce site ne vaut pas dépôt" in shown


def test_each_state_has_its_sentence(client, actor):
    deadline = of_solution(2, editeur=actor)
    detail = url("detail", deadline)
    filing = file(deadline, actor)
    assert "Un agent de l'ANS doit encore le confirmer" in text(page(client, actor, detail))
    decided(filing, State.TO_CORRECT, reason="La page 2 manque")
    shown = text(page(client, actor, detail))
    assert "L'ANS demande une correction." in shown
    assert "À corriger : La page 2 manque" in shown
    decided(file(deadline, actor, files=[]), State.ACCEPTED)
    assert "Rien d'autre à faire" in text(page(client, actor, detail))
    assert "Dépôt n° 1" in text(page(client, actor, detail))


def test_a_moved_date_does_not_change_what_a_filing_was_measured_by(client, actor, deadline):
    file(deadline, actor)
    Deadline.objects.filter(pk=deadline.pk).update(due_at=NOW - dt.timedelta(days=30))
    assert "Déposé dans les délais" in text(page(client, actor, url("detail", deadline)))


# --- Acts -----------------------------------------------------------------------------------------


def post(client, user, address, **data):
    client.force_login(user)
    return client.post(address, data)


def state_of(deadline):
    return Deadline.objects.get(pk=deadline.pk).state


def test_a_draft_is_abandoned(client, actor, deadline):
    save_draft(deadline=deadline, by=acting(actor, NOW))
    response = post(client, colleague(actor, Role.SALARIE), url("abandon", deadline))
    assert response.headers["Location"] == url("detail", deadline)
    assert state_of(deadline) == State.TO_DO


def test_set_aside_and_resumed(client, actor, deadline):
    address = url("set_aside", deadline)
    assert page(client, actor, address).status_code == 200
    response = post(client, actor, address, reason="   ")
    assert response.status_code == 422
    assert "Écrivez le motif" in text(response)
    assert post(client, actor, address, reason="Client parti").status_code == 302
    assert state_of(deadline) == State.NOT_APPLICABLE
    assert not Reminder.objects.filter(deadline=deadline, state="PREVU").exists()
    assert "Remettre à faire" in text(page(client, actor, url("detail", deadline)))
    post(client, actor, url("resume", deadline))
    assert state_of(deadline) == State.TO_DO


@pytest.mark.parametrize("name", ["abandon", "resume"])
def test_an_act_that_comes_too_late_is_a_sentence_on_the_page(client, actor, deadline, name):
    client.force_login(actor)
    response = client.post(url(name, deadline), follow=True)
    assert response.status_code == 200
    assert [message.level_tag for message in response.context["messages"]] == ["error"]


def decision(filing, **data):
    values = {"receipt": filing.receipt_number, "decision": State.ACCEPTED, "reason": ""}
    return {**values, **data}


def test_an_agent_confirms(client, actor, deadline):
    filing = file(deadline, actor)
    agent = member(Role.AGENT)
    assert "Décider de ce dépôt" in text(page(client, agent, url("detail", deadline)))
    response = post(client, agent, url("decide", deadline), **decision(filing))
    assert response.headers["Location"] == url("detail", deadline)
    assert state_of(deadline) == State.ACCEPTED
    assert "Décision enregistrée : validé" in text(page(client, agent, url("detail", deadline)))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"decision": State.TO_CORRECT}, "Indiquez ce qui ne va pas"),
        ({"decision": State.REFUSED, "reason": "  "}, "Indiquez ce qui ne va pas"),
        ({"decision": ""}, "Choisissez une décision"),
        ({"decision": "A_FAIRE"}, "sélectionnez un choix valide"),
        ({"receipt": "REC-2027-999999"}, "rechargez la page"),
        ({"decision": State.REFUSED, "reason": "x" * 1001}, "1000 caractères"),
    ],
)
def test_a_decision_that_lacks_something(client, actor, deadline, data, words):
    filing = file(deadline, actor)
    response = post(client, member(Role.AGENT), url("decide", deadline), **decision(filing, **data))
    assert response.status_code == 422
    assert words.lower() in text(response).lower()
    assert state_of(deadline) == State.FILED


def test_an_agent_does_not_judge_a_version_that_they_have_not_read(client, actor, deadline):
    first = file(deadline, actor)
    decided(first, State.TO_CORRECT)
    file(deadline, actor, files=[])
    response = post(client, member(Role.AGENT), url("decide", deadline), **decision(first))
    assert response.status_code == 422
    assert "par quelqu'un d'autre" in text(response)
    assert state_of(deadline) == State.FILED


def test_an_agent_does_not_judge_their_own_organisation(client, actor, deadline):
    filing = file(deadline, actor)
    agent = member(Role.AGENT)
    MembershipFactory(user=agent, organisation=organisation_of(actor), role=Role.SALARIE)
    response = post(client, agent, url("decide", deadline), **decision(filing))
    assert response.status_code == 422
    assert "un autre agent doit décider" in text(response)


def test_a_refusal_is_reopened(client, actor, deadline):
    decided(file(deadline, actor), State.REFUSED)
    agent = member(Role.AGENT)
    address = url("reopen", deadline)
    assert page(client, agent, address).status_code == 200
    assert post(client, agent, address).status_code in (200, 422)
    assert state_of(deadline) == State.REFUSED
    post(client, agent, address, reason="Pièce illisible")
    assert state_of(deadline) == State.TO_CORRECT


def test_a_filing_is_not_sent_back_past_the_decision(client, actor, deadline):
    file(deadline, actor)
    answer = post(client, member(Role.AGENT), url("reopen", deadline), reason="Sans décider")
    assert answer.status_code == 422
    assert "cet acte part de l'état « Refusé »" in text(answer)
    assert ">\nSans décider</textarea>" in markup(answer).replace("\r\n", "\n")
    assert state_of(deadline) == State.FILED


# --- Who may --------------------------------------------------------------------------------------

ACTS = [  # name, methods, roles of the organisation that may not
    ("prepare", ("get", "post"), ()),
    ("abandon", ("post",), ()),
    ("set_aside", ("get", "post"), (Role.SALARIE,)),
    ("resume", ("post",), (Role.SALARIE,)),
    ("decide", ("post",), (Role.SALARIE, Role.REPRESENTANT, Role.MANDATAIRE)),
    ("reopen", ("get", "post"), (Role.SALARIE, Role.REPRESENTANT, Role.MANDATAIRE)),
]
CALLS = [(name, method, roles) for name, methods, roles in ACTS for method in methods]


@pytest.mark.parametrize(("name", "method", "roles"), CALLS)
def test_a_role_that_may_not_gets_403_with_a_sentence(client, deadline, name, method, roles):
    people = [member(role, organisation=deadline.organisation) for role in roles]
    if name not in ("decide", "reopen"):
        people.append(member(Role.AGENT))
    for person in people:
        client.force_login(person)
        response = getattr(client, method)(url(name, deadline))
        assert response.status_code == 403
        assert "Seul" in text(response)


@pytest.mark.parametrize(
    ("name", "method"), [("detail", "get"), *[(name, method) for name, method, _ in CALLS]]
)
def test_an_outsider_gets_404_and_anonymous_the_login_page(client, deadline, name, method):
    address = url(name, deadline)
    assert getattr(client, method)(address).headers["Location"].startswith("/compte/")
    client.force_login(member(Role.MANDATAIRE))
    assert getattr(client, method)(address).status_code == 404


def test_an_editeur_reads_what_its_distributeur_files_and_does_not_act(client, actor):
    solution = SolutionFactory(organisation=organisation_of(actor))
    supplier = SupplierFactory(
        solution=solution, organisation=OrganisationFactory(kind=Kind.DISTRIBUTEUR)
    )
    made = open_deadlines(now=NOW, prestation=PrestationFactory(supplier=supplier))
    assert page(client, actor, url("detail", made[1])).status_code == 200
    for name in ("prepare", "set_aside"):
        assert page(client, actor, url(name, made[1])).status_code == 403


@pytest.mark.parametrize("pk", [0, 999_999, 10**30])
def test_a_number_that_is_nobodys(client, actor, pk):
    assert page(client, actor, f"/echeances/{pk}/").status_code == 404
