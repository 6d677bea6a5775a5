"""Every move of a préfigurateur × every role: allowed or refused as written."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.enums import Role
from journal.enums import Origin
from journal.models import Entry
from mailing.models import OutgoingMail
from pilots.enums import Stage
from pilots.prefiguration.models import Prefigurateur
from pilots.prefiguration.rules.prefiguration import PREFIGURATEUR
from pilots.prefiguration.services import contacts, interviews, prefigurateurs
from pilots.prefiguration.services.stages import move
from tests.by import acting
from tests.entries import entries
from tests.factories import PrefigurateurFactory, SolutionFactory, member
from tests.pilots.prefigurateurs import DAY, EMAIL, NOW, at_stage, give, plan, report

pytestmark = pytest.mark.usefixtures("calendars")

S = Stage
ANS = {"agent", "responsable"}
EDITEUR = {"salarie", "representant", "mandataire"}
WHO = {
    "give": EDITEUR,
    "lose": EDITEUR | ANS | {"application"},
    "record": ANS,
    "agree": EDITEUR - {"salarie"},
    "publish": ANS,
    "withdraw": ANS,
    "resume": ANS,
    "drop": ANS,
}
MOVES = {
    ("give", S.WORKING_LIST): S.CONTACT,
    ("lose", S.CONTACT): S.WORKING_LIST,
    ("record", S.CONTACT): S.INTERVIEW,
    ("agree", S.INTERVIEW): S.AGREED,
    ("publish", S.AGREED): S.PUBLIC,
    ("withdraw", S.PUBLIC): S.AGREED,
    ("resume", S.DROPPED): S.WORKING_LIST,
    ("drop", S.WORKING_LIST): S.DROPPED,
    ("drop", S.CONTACT): S.DROPPED,
    ("drop", S.INTERVIEW): S.DROPPED,
    ("drop", S.AGREED): S.DROPPED,
    ("drop", S.PUBLIC): S.DROPPED,
}


def everybody(one):
    editeur = one.solution.organisation
    return {
        "salarie": member(Role.SALARIE, editeur),
        "representant": member(Role.REPRESENTANT, editeur),
        "mandataire": member(Role.MANDATAIRE, editeur),
        "outsider": member(Role.MANDATAIRE),
        "agent": member(Role.AGENT),
        "responsable": member(Role.RESPONSABLE),
        "application": None,
    }


def test_the_table_has_every_act():
    assert set(PREFIGURATEUR.acts) == set(WHO)


@pytest.mark.parametrize("before", Stage)
@pytest.mark.parametrize("act", WHO)
def test_who_makes_which_move(before, act):
    one = PrefigurateurFactory(stage=before)
    to = MOVES.get((act, before))
    for who, actor in everybody(one).items():
        Prefigurateur.objects.filter(pk=one.pk).update(stage=before)
        if to is None:
            with pytest.raises(ValidationError, match=f"maintenant à l'étape « {before.label} »"):
                move(one, act, by=acting(actor, NOW))
        elif who not in WHO[act]:
            with pytest.raises(PermissionDenied):
                move(one, act, by=acting(actor, NOW))
        else:
            assert move(one, act, by=acting(actor, NOW)).stage == to
            entry = entries(one)[-1]
            assert (entry.act, entry.what) == (
                f"prefigurateur.{act}",
                PREFIGURATEUR.acts[act].words,
            )
            assert (entry.before, entry.after) == ({"stage": before}, {"stage": to})
            assert str(entry.signer) == (str(actor) if actor else "Application")


def test_each_move_stays_in_the_history_with_who_made_it():
    one, agent = at_stage(S.AGREED), member(Role.AGENT)
    prefigurateurs.publish(one, by=acting(agent, NOW))
    entry = entries(one)[-1]
    assert (entry.after, str(entry.signer), entry.at) == ({"stage": S.PUBLIC}, str(agent), NOW)


def test_its_editeur_and_nobody_else_reads_its_journal_besides_the_ans():
    one = at_stage(S.CONTACT)
    own, other = member(Role.SALARIE, one.solution.organisation), member(Role.MANDATAIRE)
    found = Entry.objects.of(one)
    count = found.count()
    seen = [found.visible_to(user).count() for user in (own, member(Role.AGENT), other)]
    assert (count > 0, seen) == (True, [count, count, 0])


def test_on_its_day_the_clock_signs_what_it_does():
    one = PrefigurateurFactory()
    give(one, delete_on=NOW.date() + DAY)
    contacts.erase_due(now=NOW + DAY)
    erased, lost = entries(one)[-2:]
    assert [erased.act, lost.act] == ["prefigurateur.erase_contact", "prefigurateur.lose"]
    assert {erased.origin, lost.origin} == {Origin.CLOCK}


def test_an_act_that_another_act_does_from_here_says_where_it_starts():
    with pytest.raises(ValidationError, match="part de l'étape « Liste publique »"):
        prefigurateurs.withdraw(
            at_stage(S.INTERVIEW), reason="Erreur.", by=acting(member(Role.AGENT), NOW)
        )


def test_the_editeur_takes_nothing_back_from_the_public_list():
    one = at_stage(S.PUBLIC)
    signatory = member(Role.REPRESENTANT, one.solution.organisation)
    with pytest.raises(PermissionDenied, match="Seul un agent de l'ANS"):
        prefigurateurs.agree(one, by=acting(signatory, NOW))
    one.refresh_from_db()
    assert one.stage == S.PUBLIC


def test_an_impossible_move_names_the_stage_and_those_that_may_follow():
    one = at_stage(S.CONTACT)
    with pytest.raises(ValidationError) as refusal:
        prefigurateurs.publish(one, by=acting(member(Role.AGENT), NOW))
    assert refusal.value.message == (
        f"« {one} » est maintenant à l'étape « Contact technique connu » : elle ne peut pas être "
        "suivie de « Liste publique ». Étapes possibles : « Liste de travail », « Entretien "
        "fait », « Écarté »."
    )
    assert refusal.value.code == "transition"


def test_of_two_people_who_publish_at_once_one_is_refused():
    one = at_stage(S.AGREED)
    same, agent = Prefigurateur.objects.get(pk=one.pk), member(Role.AGENT)
    prefigurateurs.publish(one, by=acting(agent, NOW))
    with pytest.raises(ValidationError, match="maintenant à l'étape « Liste publique »"):
        prefigurateurs.publish(same, by=acting(agent, NOW))
    assert [entry.act for entry in entries(one)].count("prefigurateur.publish") == 1


def test_the_editeur_agrees_once_everything_was_explained_and_understood():
    one, agent = at_stage(S.CONTACT), member(Role.AGENT)
    editeur = member(Role.REPRESENTANT, one.solution.organisation)
    report(one, agent=agent, is_understood=False, explained_calendar=False)
    with pytest.raises(ValidationError, match="présenter le calendrier, vérifier la bonne"):
        prefigurateurs.agree(one, by=acting(editeur, NOW))
    report(one, agent=agent)
    prefigurateurs.agree(one, by=acting(editeur, NOW))
    one.refresh_from_db()
    assert (one.stage, one.agreed_at, one.agreed_by_name) == (S.AGREED, NOW, str(editeur))


def test_withdrawn_from_the_list_it_stays_agreed_and_the_reason_is_kept():
    one = at_stage(S.PUBLIC)
    prefigurateurs.withdraw(
        one, reason="À la demande du groupe.", by=acting(member(Role.AGENT), NOW)
    )
    one.refresh_from_db()
    assert (one.stage, one.published_at) == (S.AGREED, None)
    assert one.agreed_at
    assert entries(one)[-1].note == "À la demande du groupe."


def test_dropped_it_keeps_no_contact_and_resumed_it_starts_again():
    one, agent = at_stage(S.AGREED), member(Role.AGENT)
    prefigurateurs.drop(one, reason="Projet arrêté.", by=acting(agent, NOW))
    assert not one.contacts.kept().exists()
    assert one.contacts.get().erased_why == "Préfigurateur écarté."
    with pytest.raises(ValidationError, match="écarté"):
        give(one)
    prefigurateurs.resume(one, by=acting(agent, NOW))
    one.refresh_from_db()
    assert (one.stage, one.agreed_at, one.interview_at) == (S.WORKING_LIST, None, None)
    assert not one.is_understood


def test_the_couple_stays_once_a_contact_was_given_to_its_editeur():
    one, agent = at_stage(S.CONTACT), member(Role.AGENT)
    other = SolutionFactory(drimbox=True)
    same = {"kind": one.kind, "name": one.name, "city": "", "by": acting(agent, NOW)}
    with pytest.raises(ValidationError, match="Le couple ne change plus"):
        prefigurateurs.update(one, solution=other, **same)
    attendee = member(Role.SALARIE, one.solution.organisation)
    interviews.attend(one, wants=True, by=acting(attendee, NOW))
    contacts.erase(one.contacts.get(), by=acting(agent, NOW))
    moved = prefigurateurs.update(one, solution=other, **same)
    assert moved.solution == other
    assert not moved.attendees.exists()


def test_dropped_its_interview_is_called_off():
    one, agent = at_stage(S.CONTACT), member(Role.AGENT)
    plan(one, agent=agent)
    prefigurateurs.drop(one, reason="Projet arrêté.", by=acting(agent, NOW))
    notified = OutgoingMail.objects.filter(to_email=EMAIL).order_by("pk")
    assert [mail.subject.startswith("Annulé : ") for mail in notified] == [False, True]
    [called_off] = [e for e in entries(one) if e.act == "prefigurateur.call_off"]
    assert called_off.what == "Entretien annulé"
    assert called_off.note.endswith("Le préfigurateur est écarté.")
    assert called_off.signer.user_id == agent.pk


@pytest.mark.parametrize("role", [Role.MANDATAIRE, Role.SALARIE])
def test_only_the_ans_enters_a_prefigurateur(role):
    solution = SolutionFactory(drimbox=True)
    fields = {"kind": "GROUPE", "name": "Groupe fictif", "city": "", "client": None}
    with pytest.raises(PermissionDenied):
        prefigurateurs.create(
            solution=solution, by=acting(member(role, solution.organisation), NOW), **fields
        )
    agent = member(Role.AGENT)
    with pytest.raises(ValidationError, match="choisissez un couple DRIMbox"):
        prefigurateurs.create(solution=SolutionFactory(), by=acting(agent, NOW), **fields)
    prefigurateurs.create(solution=solution, by=acting(agent, NOW), **fields)
    with pytest.raises(ValidationError, match="déjà inscrit"):
        prefigurateurs.create(solution=solution, by=acting(agent, NOW), **fields)
