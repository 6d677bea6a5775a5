"""The check-lists on the site, and what the admin refuses to delete."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from pilots.checklists.models import ChecklistItem
from pilots.checklists.selectors import lines
from pilots.checklists.services import save_item
from pilots.enums import Checklist
from tests.by import acting
from tests.factories import member
from tests.pages import markup, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendars", "checklists")]


def line():
    return ChecklistItem.objects.filter(checklist=Checklist.PV).first()


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (Role.RESPONSABLE, (200, 200, 200)),
        (Role.AGENT, (200, 403, 403)),
        (Role.MANDATAIRE, (200, 403, 403)),
    ],
)
def test_who_reads_and_who_edits(client, role, expected):
    client.force_login(member(role))
    urls = [
        reverse("checklists:index"),
        reverse("checklists:create"),
        reverse("checklists:edit", args=[line().pk]),
    ]
    assert tuple(client.get(url).status_code for url in urls) == expected
    retired = client.post(reverse("checklists:retire", args=[line().pk])).status_code
    assert retired == (302 if role == Role.RESPONSABLE else 403)


def test_anonymous_is_asked_to_log_in(client):
    url = reverse("checklists:index")
    assert client.get(url)["Location"].endswith(f"?next={url}")


def test_each_line_says_where_it_comes_from(client):
    client.force_login(member())
    page = markup(client.get(reverse("checklists:index")))
    assert "À confirmer : modèle de PV de l&#x27;ASP" in page


def test_a_line_is_added_then_edited_and_its_history_says_by_whom(client):
    person = member(Role.RESPONSABLE)
    client.force_login(person)
    values = {
        "checklist": "PV",
        "code": "horaires",
        "label": "Horaires",
        "source": "Modèle de l'ASP",
        "position": 50,
    }
    assert client.post(reverse("checklists:create"), values).status_code == 302
    assert client.post(reverse("checklists:create"), values).status_code == 422
    added = ChecklistItem.objects.get(code="horaires")
    url = reverse("checklists:edit", args=[added.pk])
    values["read"] = client.get(url).context["form"]["read"].value()
    assert client.post(url, {**values, "label": ""}).status_code == 422
    assert client.post(url, {**values, "label": "Horaires d'ouverture"}).status_code == 302
    page = markup(client.get(url))
    assert str(person) in page
    assert "Horaires → Horaires d&#x27;ouverture" in page


def test_of_two_who_edit_the_same_line_the_second_reads_what_the_first_saved(client):
    first, one = member(Role.RESPONSABLE), line()
    url = reverse("checklists:edit", args=[one.pk])
    client.force_login(member(Role.RESPONSABLE, first.memberships.get().organisation))
    typed = {"label": "Le mien", "source": one.source, "position": one.position}
    typed["read"] = client.get(url).context["form"]["read"].value()
    one.label = "Le sien"
    save_item(one, by=acting(first, timezone.now()))

    refused = client.post(url, typed)

    assert refused.status_code == 422
    assert f"{first} a entre-temps modifié cette ligne" in text(refused)
    assert refused.context["form"]["label"].value() == "Le mien"
    one.refresh_from_db()
    assert one.label == "Le sien"
    again = {**typed, "read": refused.context["form"]["read"].value()}
    assert client.post(url, again).status_code == 302


def test_a_line_is_retired_and_put_back(client):
    client.force_login(member(Role.RESPONSABLE))
    one = line()
    url = reverse("checklists:retire", args=[one.pk])
    client.post(url)
    assert one not in lines(Checklist.PV)
    assert one.label in markup(client.get(reverse("checklists:index"))).replace("&#x27;", "'")
    client.post(url)
    assert one in lines(Checklist.PV)
