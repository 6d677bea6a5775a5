"""Django's admin reads: no address of it writes anything, whatever is asked and of which model."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.core import serializers
from django.urls import URLPattern, URLResolver, reverse

from accounts.enums import Role
from accounts.models import Membership
from calendar_app.models import Supplier
from tests.factories import UserFactory, member

INDEX = "/administration/"
PAGES_OF_A_MODEL = {"changelist", "add", "history", "delete", "change"}
MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)
WRITTEN_BY_LOOKING = {"sessions.Session", "accounts.User"}
"""The session of who looks, and the instant of their login."""


@pytest.fixture
def technician(client, demo):
    user = UserFactory(is_staff=True, is_superuser=True)
    client.force_login(user)
    return user


def everything():
    return {
        model._meta.label: sorted(serializers.serialize("jsonl", model.objects.all()).splitlines())
        for model in apps.get_models()
        if model._meta.label not in WRITTEN_BY_LOOKING and hasattr(model, "objects")
    }


def addresses(model, row):
    """Those of a model's admin, by the name of the page."""
    options = model._meta
    for page in PAGES_OF_A_MODEL:
        args = [] if page in ("changelist", "add") else [row.pk]
        yield page, reverse(f"admin:{options.app_label}_{options.model_name}_{page}", args=args)


def names(patterns):
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from names(one.url_patterns)
        elif isinstance(one, URLPattern) and one.name:
            yield one.name


def test_every_page_of_every_model_is_one_of_those_tried_here():
    of_models = {
        f"{model._meta.app_label}_{model._meta.model_name}_{page}"
        for model in MODELS
        for page in PAGES_OF_A_MODEL
    }
    others = {"index", "login", "logout", "password_change", "password_change_done"}
    others |= {"autocomplete", "jsi18n", "view_on_site", "app_list"}
    assert set(names(admin.site.urls[0])) == of_models | others


@pytest.mark.usefixtures("technician")
def test_a_superuser_reads_every_model_and_writes_none(client):
    before = everything()
    tried = 0
    for model in MODELS:
        row = model._default_manager.first()
        if row is None:
            continue
        for page, url in addresses(model, row):
            read = client.get(url)
            is_read = page in ("changelist", "change", "history")
            assert read.status_code == (200 if is_read else 403), url
            data = {
                "post": "yes",
                "action": "delete_selected",
                "_selected_action": row.pk,
                **{field.name: "" for field in model._meta.fields},
            }
            assert client.post(url, data).status_code in (200, 302, 403), url
            tried += 1
    assert everything() == before
    assert tried >= 5 * 30


@pytest.mark.usefixtures("technician")
def test_a_posted_change_or_deletion_is_refused(client):
    mandate, membership = Supplier.objects.first(), Membership.objects.first()
    tried = ((mandate, "mandate_until", "2099-12-31"), (membership, "role", "x"))
    for row, field, value in tried:
        name = f"admin:{row._meta.app_label}_{row._meta.model_name}"
        assert (
            client.post(reverse(f"{name}_change", args=[row.pk]), {field: value}).status_code == 403
        )
        url = reverse(f"{name}_delete", args=[row.pk])
        assert client.post(url, {"post": "yes"}).status_code == 403
        row.refresh_from_db()
        assert str(getattr(row, field)) != value


@pytest.mark.usefixtures("technician")
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_a_list_offers_no_action_and_no_field_to_edit(client, model):
    page = client.get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"))
    changes = page.context["cl"]
    assert (changes.list_editable, changes.model_admin.actions) == ((), None)
    assert "action_form" not in page.context or page.context["action_form"] is None


def test_the_password_is_changed_where_the_attempts_are_counted(client, technician):
    technician.set_password("mot de passe de test")
    technician.save()
    client.force_login(technician)
    own = reverse("account_change_password")
    data = {
        "old_password": "mot de passe de test",
        "new_password1": "un-autre-mot-de-passe-9",
        "new_password2": "un-autre-mot-de-passe-9",
    }
    for answer in (
        client.get(f"{INDEX}password_change/"),
        client.post(f"{INDEX}password_change/", data),
    ):
        assert answer["Location"] == own
    technician.refresh_from_db()
    assert technician.check_password("mot de passe de test")


@pytest.mark.django_db
def test_one_enters_by_the_login_of_the_site(client):
    for address in (INDEX, f"{reverse('admin:login')}?next={INDEX}"):
        answer = client.get(address, follow=True)
        assert answer.redirect_chain[-1][0].startswith(reverse("account_login"))
        assert answer.context["redirect_field_value"] == INDEX
    user = UserFactory(is_staff=True)
    data = {"username": user.email, "password": "mot de passe de test"}
    answer = client.post(reverse("admin:login"), data)
    assert answer["Location"].startswith(reverse("account_login"))
    assert "_auth_user_id" not in client.session


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.RESPONSABLE, Role.MANDATAIRE])
def test_a_role_does_not_open_it(client, role):
    client.force_login(member(role))
    assert client.get(INDEX, follow=True).status_code == 403


class TestAHiddenColumn:
    """Narrowing a list by it would tell it, letter by letter."""

    @pytest.mark.usefixtures("technician")
    @pytest.mark.parametrize(
        "lookup",
        [
            "usersessions/usersession/?session_key__startswith=a",
            "mailing/outgoingmail/?body_text__contains=reset",
            "mailing/outgoingmail/?body_html__contains=reset",
            "accounts/user/?password__startswith=a",
            "accounts/invitation/?token_sha256__startswith=a",
            "accounts/apitoken/?token_sha256__startswith=a",
            "calendar_app/feedaddress/?nonce__startswith=a",
            "accounts/membership/?user__password__startswith=a",
        ],
    )
    def test_narrows_no_list(self, client, lookup):
        assert client.get(f"{INDEX}{lookup}").status_code == 400

    @pytest.mark.usefixtures("technician")
    @pytest.mark.parametrize(
        "lookup",
        [
            "mailing/outgoingmail/?state__exact=SENT",
            "accounts/membership/?organisation__kind__exact=ANS",
            "accounts/user/?is_staff__exact=1",
            "usersessions/usersession/?user__id__exact=1",
        ],
    )
    def test_and_a_shown_one_still_does(self, client, lookup):
        assert client.get(f"{INDEX}{lookup}").status_code == 200
