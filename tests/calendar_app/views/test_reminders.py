import datetime as dt
from urllib.parse import urlsplit

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from calendar_app.enums import CALENDAR_MAIL, REMINDER_MAIL, ReminderState, State
from calendar_app.models import Deadline, Dispositif, Reminder, ReminderPreference
from calendar_app.rules.steps import DEFAULT_STEPS
from calendar_app.rules.wishes import Answer
from calendar_app.selectors.reminders import wishes_of
from calendar_app.services.reminders import dispatch, plan, preference_save, set_muted
from mailing.enums import MailState
from mailing.models import OutgoingMail
from mailing.rules import ACCOUNT_MAIL, DECISION_MAIL, RECEIPT_MAIL, optional_kinds
from mailing.services.delivery import deliver_waiting
from mailing.services.links import unsubscribe_url
from mailing.services.mail import post
from tests.calendar_app.reminding import J_7, another, at, run, solde
from tests.factories import OrganisationFactory, member
from tests.pages import markup
from tests.pages import text as read

INDEX = "/rappels/"
PREFERENCES = "/rappels/preferences/"


@pytest.fixture(autouse=True)
def _at_j_7():
    with time_machine.travel(at(J_7), tick=False):
        yield


@pytest.fixture
def person(client, calendars):
    """A Mandataire with the RIS solde to file, logged in."""
    organisation = OrganisationFactory()
    user = member(organisation=organisation)
    solde(organisation)
    client.force_login(user)
    return user


def text(response) -> str:
    assert response.status_code == 200
    return " ".join(markup(response).split())


class TestIndex:
    def test_shows_what_will_come_and_what_came(self, client, person):
        run(at(J_7))
        page = text(client.get(INDEX))

        assert "Ce que je vais recevoir (30 jours)" in page
        for left in ("J-3", "J-1", "Jour J", "J+1", "J+7"):
            assert f'data-label="Étape">{left}<' in page
        assert 'data-label="Étape">J-7<' not in page
        assert "17/09/2027 9h" in page  # J-3, on the Friday before its Sunday
        assert "J-7 : dépôt des demandes de paiement du solde RIS" in page
        assert "Envoyé" in page

    def test_says_why_a_reminder_did_not_leave(self, client, person):
        run(at(J_7))
        page = text(client.get(INDEX))

        assert "Rappels qui ne sont pas partis" in page
        assert "Un rappel plus proche de l&#x27;échéance est parti" in page

    def test_only_the_nearest_of_two_steps_that_leave_together_is_shown(self, client, person):
        Deadline.objects.update(due_at=at("2027-09-20 12:00"), version=2)  # a Monday
        plan(now=at(J_7))
        page = text(client.get(INDEX))

        assert 'data-label="Étape">J-1<' in page
        assert 'data-label="Étape">J-3<' not in page

    def test_reminders_without_mail_say_so(self, client, person):
        plan(now=at(J_7))
        set_muted(user=person, kind=REMINDER_MAIL, muted=True)
        assert "sur ce site seulement, selon vos préférences" in text(client.get(INDEX))

    def test_closed_reminders_are_not_promised(self, client, person):
        plan(now=at(J_7))
        Deadline.objects.update(state=State.FILED)
        assert "Aucun rappel ne part" in text(client.get(INDEX))

    def test_pause_is_shown(self, client, person):
        plan(now=at(J_7))
        preference_save(
            actor=person,
            dispositif=None,
            steps=list(DEFAULT_STEPS),
            early=False,
            muted_kinds=[],
            paused_until=dt.date(2027, 9, 17),
        )
        page = text(client.get(INDEX))

        assert "en pause : partira à la fin de votre pause" in page

    def test_shows_nothing_of_others(self, client, person):
        other = OrganisationFactory()
        member(organisation=other)
        theirs = solde(other)
        run(at(J_7))
        page = text(client.get(INDEX))

        assert str(theirs.subject) not in page

    def test_ans_has_its_empty_page(self, client, calendars):
        client.force_login(member(Role.AGENT))

        page = text(client.get(INDEX))

        assert "Aucun courriel ne vous a encore été envoyé" in page

    def test_pages_of_mails(self, client, person):
        for number in range(26):
            write(person, subject=f"Courriel {number}")

        assert "1 à 25 sur 26" in text(client.get(INDEX))
        assert "Courriel 0<" in text(client.get(f"{INDEX}?page=2"))
        assert "Courriel 0<" in text(client.get(f"{INDEX}?page=999"))

    def test_queries_do_not_grow_with_the_rows(
        self, client, person, django_assert_max_num_queries, django_assert_num_queries
    ):
        run(at(J_7))
        with django_assert_max_num_queries(24) as few:
            client.get(INDEX)
        mine = Deadline.objects.get()
        for _ in range(5):
            another(mine)
        run(at("2027-09-15 10:00"))
        with django_assert_num_queries(len(few)):
            client.get(INDEX)


def write(user, *, subject="Objet", **changes):
    values = {
        "kind": RECEIPT_MAIL,
        "to": user.email,
        "user": user,
        "template": "reminder",
        "context": {
            "subject": subject,
            "next": "Déposez ici : https://exemple.example/echeances/1/",
            "filer": "",
            "groups": [],
            "several_organisations": False,
            "why": ["<script>"],
        },
        "now": at(J_7),
    }
    return post(**{**values, **changes})


class TestMail:
    def test_shows_its_text_with_links_and_escaped(self, client, person):
        mail = write(person)

        page = text(client.get(reverse("reminders:mail", args=[mail.pk])))

        assert 'href="https://exemple.example/echeances/1/"' in page
        assert "&lt;script&gt;" in page
        assert mail.message_id.strip("<>") in page

    def test_waiting_reminder_lists_what_it_will_say(self, client, person):
        plan(now=at(J_7))
        dispatch(now=at(J_7))
        row, deadline = OutgoingMail.objects.get(), Deadline.objects.get()

        shown = read(client.get(reverse("reminders:mail", args=[row.pk])))

        assert "Rappels avant échéance À envoyer" in shown
        assert "Ce courriel sera composé au moment de l'envoi" in shown
        assert f"{deadline.title} , {deadline.subject}" in shown

    def test_reminder_cancelled_before_it_was_composed_says_so(self, client, person):
        plan(now=at(J_7))
        dispatch(now=at(J_7))
        Deadline.objects.update(state=State.FILED)
        deliver_waiting(now=at(J_7))
        row = OutgoingMail.objects.get()

        shown = read(client.get(reverse("reminders:mail", args=[row.pk])))

        assert "son texte n'a pas été composé" in shown
        assert "Plus rien à rappeler au moment de l'envoi." in shown

    def test_failure_is_in_words(self, client, person):
        mail = write(person)
        OutgoingMail.objects.update(state=MailState.FAILED, error="550 Boite inconnue")

        page = text(client.get(reverse("reminders:mail", args=[mail.pk])))

        assert "550 Boite inconnue" in page
        assert "Échec" in page

    def test_next_attempt_is_shown(self, client, person):
        mail = write(person)
        OutgoingMail.objects.update(
            attempts=2, error="451 Plus tard", next_attempt_at=at("2027-09-15 10:05")
        )

        assert "15/09/2027 10h05" in text(client.get(reverse("reminders:mail", args=[mail.pk])))

    def test_text_of_a_sensitive_mail_is_never_shown(self, client, person):
        mail = write(person, sensitive=True)
        assert mail.body_text

        page = text(client.get(reverse("reminders:mail", args=[mail.pk])))

        assert "exemple.example/echeances/1/" not in page
        assert "lien personnel" in page

    @pytest.mark.parametrize("role", [Role.MANDATAIRE, Role.RESPONSABLE])
    def test_nobody_else_reads_it(self, client, person, role):
        mail = write(person)
        client.force_login(member(role))

        assert client.get(reverse("reminders:mail", args=[mail.pk])).status_code == 404

    def test_not_even_a_colleague(self, client, person):
        mail = write(person)
        client.force_login(member(organisation=person.memberships.get().organisation))

        assert client.get(reverse("reminders:mail", args=[mail.pk])).status_code == 404


@pytest.mark.parametrize("path", [INDEX, PREFERENCES, "/rappels/courriels/1/"])
def test_anonymous_is_asked_to_log_in(client, db, path):
    response = client.get(path)

    assert response.status_code == 302
    assert response.url.startswith(reverse("account_login"))


def without(kind):
    return [one for one in optional_kinds() if one != kind and not one.is_asked]


def form(**changes):
    """The whole page, as a browser posts it: folded fields too."""
    shown = {
        f"{prefix}{name}": value
        for prefix in ("", "ris-", "drimbox-")
        for name, value in {
            "kinds": [str(kind) for kind in optional_kinds() if not kind.is_asked],
            "steps": [str(step) for step in DEFAULT_STEPS],
            "paused_until": "",
        }.items()
    }
    return {**shown, **changes}


class TestPreferences:
    def test_shows_the_defaults(self, client, person):
        page = text(client.get(PREFERENCES))

        assert page.count('name="steps"') == len(DEFAULT_STEPS)
        assert "Toujours envoyés" in page
        assert "Accusés d&#x27;enregistrement" in page

    def test_saves_what_is_chosen(self, client, person):
        data = form(
            steps=["7", "1"], kinds=without("RAPPEL"), early="on", paused_until="2027-10-01"
        )
        response = client.post(PREFERENCES, data, follow=True)

        assert "Vos préférences sont enregistrées." in text(response)
        preference = ReminderPreference.objects.get()
        assert (preference.user, preference.dispositif) == (person, None)
        assert preference.steps == [7, 1]
        assert preference.early
        assert preference.muted_kinds == ["RAPPEL", "SEMAINE"]
        assert preference.paused_until == dt.date(2027, 10, 1)

    def test_asks_for_quiet_hours_and_the_weekly_summary(self, client, person):
        kinds = [str(kind) for kind in optional_kinds()]
        client.post(PREFERENCES, form(kinds=kinds, quiet="on"))

        preference = ReminderPreference.objects.get()
        assert (preference.quiet, preference.muted_kinds) == (True, [])
        page = text(client.get(PREFERENCES))
        assert "checked" in page.split('name="quiet"')[1].split(">")[0]

    def test_dispositif_overrides_and_goes_back(self, client, person):
        own = {
            "ris-own": "on",
            "ris-kinds": without("CALENDRIER"),
            "ris-steps": ["30"],
        }
        client.post(PREFERENCES, form(**own))
        ris = Dispositif.objects.get(slug="ris")
        preference = ReminderPreference.objects.get(dispositif=ris)
        assert preference.steps == [30]
        assert preference.muted_kinds == ["CALENDRIER", "SEMAINE"]

        client.post(PREFERENCES, form())
        assert not ReminderPreference.objects.filter(dispositif=ris).exists()

    def test_fields_of_a_dispositif_that_goes_back_are_not_checked(self, client, person):
        client.post(PREFERENCES, form(**{"ris-own": "on", "ris-steps": ["30"]}))

        response = client.post(PREFERENCES, form(**{"ris-paused_until": "hier"}))

        assert response.status_code == 302

    def test_choices_of_a_dispositif_are_not_dropped_for_want_of_a_tick(self, client, person):
        response = client.post(PREFERENCES, form(**{"ris-steps": ["30"]}))

        assert "Cochez cette case pour appliquer ces choix au dispositif RIS" in text(response)

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"steps": []}, "Choisissez au moins une étape"),
            ({"paused_until": "2027-09-14"}, "Ce jour est passé"),
            ({"paused_until": "31/02/2028"}, "Cette date n&#x27;existe pas"),
            ({"steps": ["12"]}, "12"),
            ({"ris-own": "on", "ris-steps": []}, "Choisissez au moins une étape"),
        ],
    )
    def test_mistake_is_shown_and_nothing_typed_is_lost(self, client, person, changes, sentence):
        response = client.post(PREFERENCES, form(early="on", **changes))

        page = text(response)
        assert sentence in page
        assert "checked" in page.split('name="early"')[1].split(">")[0]
        assert not ReminderPreference.objects.exists()

    def test_no_step_is_needed_by_somebody_who_refuses_reminders(self, client, person):
        response = client.post(PREFERENCES, form(steps=[], kinds=without("RAPPEL")))

        assert response.status_code == 302

    def test_pause_that_is_over_is_not_shown_as_an_error(self, client, person):
        preference_save(
            actor=person,
            dispositif=None,
            steps=list(DEFAULT_STEPS),
            early=False,
            muted_kinds=[],
            paused_until=dt.date(2027, 9, 1),
        )

        assert "2027-09-01" not in text(client.get(PREFERENCES))

    def test_ans_has_the_same_page(self, client, calendars):
        client.force_login(member(Role.RESPONSABLE))

        assert "Préférences de rappel" in text(client.get(PREFERENCES))


@pytest.fixture
def subscriber(calendars):
    return member()


def link(user, kind=REMINDER_MAIL) -> str:
    return urlsplit(unsubscribe_url(user_id=user.pk, kind=kind)).path


def wants(user, kind, *, dispositif=None) -> bool:
    day, pk = dt.date(2027, 9, 15), dispositif.pk if dispositif else None
    answer = wishes_of([user.pk])[user.pk].answer(kind, dispositif_id=pk, step=7, day=day)
    return answer is Answer.YES


def wants_reminders(user) -> bool:
    return wants(user, REMINDER_MAIL)


class TestUnsubscribe:
    """RFC 8058, without login, cookie or CSRF token."""

    def test_one_click_of_a_mailbox_unsubscribes(self, subscriber):
        mailbox = Client(enforce_csrf_checks=True)

        response = mailbox.post(link(subscriber), {"List-Unsubscribe": "One-Click"})

        assert response.status_code == 200
        assert not wants_reminders(subscriber)
        assert wants(subscriber, CALENDAR_MAIL)

    def test_one_click_repeated_changes_nothing_more(self, client, subscriber):
        for _ in range(2):
            client.post(link(subscriber), {"List-Unsubscribe": "One-Click"})

        assert ReminderPreference.objects.get().muted_kinds == ["SEMAINE", "RAPPEL"]

    def test_following_the_link_changes_nothing(self, client, subscriber):
        page = text(client.get(link(subscriber)))

        assert "Ne plus les recevoir" in page
        assert subscriber.email in page
        assert wants_reminders(subscriber)

    def test_button_unsubscribes_and_subscribes_again(self, client, subscriber):
        response = client.post(link(subscriber), {"choix": "refuser"}, follow=True)
        assert "Les recevoir à nouveau" in text(response)
        assert not wants_reminders(subscriber)

        client.post(link(subscriber), {"choix": "recevoir"})
        assert wants_reminders(subscriber)

    def test_refusing_holds_for_a_dispositif_with_its_own_preference(self, client, subscriber):
        ris = Dispositif.objects.get(slug="ris")
        preference_save(
            actor=subscriber,
            dispositif=ris,
            steps=[7],
            early=False,
            muted_kinds=[],
            paused_until=None,
        )

        client.post(link(subscriber), {"List-Unsubscribe": "One-Click"})

        assert not wants(subscriber, REMINDER_MAIL, dispositif=ris)

    @pytest.mark.parametrize("kind", [RECEIPT_MAIL, DECISION_MAIL, ACCOUNT_MAIL])
    def test_what_proves_or_protects_cannot_be_refused(self, client, subscriber, kind):
        assert client.post(link(subscriber, kind), {"choix": "refuser"}).status_code == 404
        with pytest.raises(ValueError, match="cannot be switched off"):
            set_muted(user=subscriber, kind=kind, muted=True)

    @pytest.mark.parametrize("end", ["x", ""])
    def test_forged_link_opens_nothing(self, client, subscriber, end):
        path = link(subscriber).rstrip("/")
        forged = f"{path[:-1]}{end}/"

        assert client.post(forged, {"List-Unsubscribe": "One-Click"}).status_code == 404
        assert wants_reminders(subscriber)

    def test_person_who_is_gone(self, client, subscriber):
        path = link(subscriber)
        subscriber.memberships.all().delete()
        subscriber.delete()

        assert client.get(path).status_code == 404


def test_reminders_of_a_person_end_with_a_click_in_the_mail_received(client, person):
    run(at(J_7))
    mail = OutgoingMail.objects.get()
    url = mail.headers["List-Unsubscribe"].strip("<>")

    Client().post(urlsplit(url).path, {"List-Unsubscribe": "One-Click"})
    for moment in ("2027-09-17 09:00", "2027-09-21 09:00", "2027-09-22 09:00"):
        run(at(moment))

    states = OutgoingMail.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == [MailState.SENT, *[MailState.SHOWN] * 3]
    later = Reminder.objects.filter(step__in=[3, 1, 0])
    assert set(later.values_list("state", flat=True)) == {ReminderState.SENT}
