"""Django's admin: everything can be looked at, journals cannot be written, secrets stay out."""

import datetime as dt

import pytest
from django.contrib import admin
from django.urls import reverse

from calendar_app import models
from calendar_app.services.deadlines import open_deadlines
from mailing.models import OutgoingMail
from mailing.rules import ACCOUNT_MAIL
from tests.factories import PrestationFactory, UserFactory
from tests.pages import markup

pytestmark = pytest.mark.usefixtures("calendars")

NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)
MODELS = [model for model in admin.site._registry if model.__module__.startswith("calendar_app")]


@pytest.fixture
def technician(client, calendars):
    user = UserFactory(is_staff=True, is_superuser=True)
    client.force_login(user)
    return user


@pytest.fixture
def rows(technician):
    prestation = PrestationFactory()
    open_deadlines(prestation=prestation, now=NOW)
    models.FeedAddress.objects.create(user=technician, nonce="secret-nonce")
    OutgoingMail.objects.create(
        kind=ACCOUNT_MAIL,
        to_email="a@exemple.example",
        subject="Invitation",
        body_text="https://lien-secret.example/",
        message_id="<1@exemple.example>",
    )
    return prestation


def address(model, page, *args):
    return reverse(f"admin:calendar_app_{model._meta.model_name}_{page}", args=args)


def test_every_model_is_there_but_the_amounts():
    everything = {getattr(models, name) for name in models.__all__}

    assert everything - set(MODELS) == {models.Amounts}


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize("model", MODELS)
def test_every_list_and_page_opens_and_nothing_is_added_nor_deleted(client, model):
    assert client.get(address(model, "changelist")).status_code == 200
    assert client.get(address(model, "add")).status_code == 403
    for row in model.objects.all()[:1]:
        page = client.get(address(model, "change", row.pk))
        assert page.status_code == 200
        assert "secret" not in markup(page)
        assert client.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403


def test_a_member_without_staff_does_not_enter(client, db):
    client.force_login(UserFactory())

    assert client.get(address(models.Solution, "changelist")).status_code in (302, 403)
