"""Django's admin for the pilots: everything can be looked at, nothing written, nobody's contact."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import reverse

from pilots import models
from tests.factories import SolutionFactory, SupplierFactory, UserFactory, justified_pilot
from tests.pages import markup

pytestmark = pytest.mark.usefixtures("calendars", "checklists")

MODELS = [model for model in admin.site._registry if model.__module__.startswith("pilots")]


@pytest.fixture
def technician(client, calendars):
    user = UserFactory(is_staff=True, is_superuser=True)
    client.force_login(user)
    return user


@pytest.fixture
def pilot(technician):
    found = justified_pilot(SupplierFactory())
    models.ReasonSentence.objects.create(text="Il manque la page signée.")
    models.Publication.objects.create(solution=found.prestation.supplier.solution)
    models.Prefigurateur.objects.create(
        name="Groupe fictif", solution=SolutionFactory(drimbox=True), notes="secret"
    )
    return found


def address(model, page, *args):
    return reverse(f"admin:pilots_{model._meta.model_name}_{page}", args=args)


def test_every_model_is_there_but_what_is_personal():
    shown = set(MODELS)
    assert set(apps.get_app_config("pilots").get_models()) - shown == {models.Contact}


@pytest.mark.usefixtures("pilot")
@pytest.mark.parametrize("model", MODELS)
def test_everything_is_read_and_nothing_written(client, model):
    assert client.get(address(model, "changelist")).status_code == 200
    assert client.get(address(model, "add")).status_code == 403
    for row in model.objects.all()[:1]:
        page = client.get(address(model, "change", row.pk))
        assert page.status_code == 200
        assert "secret" not in markup(page)
        assert client.post(address(model, "change", row.pk), {}).status_code == 403
        assert client.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403
