"""An operation that goes away says so, in its document and in each answer."""

import datetime as dt

import pytest
from django.urls import include, path
from ninja import NinjaAPI, Router

from accounts.enums import Role
from api.deprecation import DEPRECATIONS, Deprecation
from api.enums import Scope
from api.guards import operations_of
from api.operations import operation
from api.problems import install
from tests.factories import member
from tests.keys import Caller, give_key

LEAVING = Deprecation(
    dt.date(2027, 1, 15), dt.date(2028, 1, 31), instead="appelez `GET /new-answers`."
)
router = Router(tags=["solutions"])


@operation(
    router,
    "GET",
    "/old-answers",
    scope=Scope.READ,
    summary="L'ancienne forme",
    answers={200: (dict[str, int], "Un nombre.")},
    deprecated=LEAVING,
)
def old_answers(request):
    return {"answers": 42}


@operation(
    router,
    "GET",
    "/new-answers",
    scope=Scope.READ,
    summary="La nouvelle forme",
    answers={200: (dict[str, int], "Un nombre.")},
)
def new_answers(request):
    return {"answers": 42}


made_for_tests = NinjaAPI(urls_namespace="made_for_tests", openapi_url=None, docs_url=None)
install(made_for_tests)
made_for_tests.add_router("", router)
urlpatterns = [
    path("api/v1/", include((operations_of(made_for_tests), "made_for_tests"))),
    path("", include("segur.urls")),
]
handler400, handler500 = "segur.views.bad_request", "segur.views.server_error"
DEPRECATIONS.pop("old-answers")
"""The product has none: its page does not count that of this test."""

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@pytest.fixture
def software(client):
    return Caller(client, give_key(member(Role.MANDATAIRE), scopes=[Scope.READ])[1])


def announced(answer):
    return {name: answer.get(name) for name in ("Deprecation", "Sunset")}


def test_each_answer_says_since_when_and_until_when(software):
    answer = software.get("old-answers")
    assert answer.json() == {"answers": 42}
    since = dt.datetime(2027, 1, 14, 23, tzinfo=dt.UTC)
    assert announced(answer) == {
        "Deprecation": f"@{int(since.timestamp())}",
        "Sunset": "Mon, 31 Jan 2028 23:00:00 GMT",
    }
    assert answer["Link"].startswith("<http://testserver/api/v1/docs>; ")


def test_a_refusal_says_so_too(client):
    answer = Caller(client).get("old-answers")
    assert answer.status_code == 401
    assert answer["Sunset"] == "Mon, 31 Jan 2028 23:00:00 GMT"


def test_another_operation_announces_nothing(software):
    assert announced(software.get("new-answers")) == {"Deprecation": None, "Sunset": None}


def test_the_document_marks_it_and_names_what_takes_its_place():
    document = made_for_tests.get_openapi_schema(path_prefix="api/v1/")
    old = document["paths"]["/api/v1/old-answers"]["get"]
    assert old["deprecated"] is True
    words = "Déconseillée depuis le 15/01/2027, elle cesse de répondre après le 31/01/2028 : "
    assert old["description"].startswith(f"{words}appelez `GET /new-answers`.")
    assert "deprecated" not in document["paths"]["/api/v1/new-answers"]["get"]


@pytest.mark.parametrize(("days", "is_refused"), [(364, True), (365, False), (366, False)])
def test_twelve_months_lie_between_the_announcement_and_the_end(days, is_refused):
    since = dt.date(2027, 1, 15)
    ends = since + dt.timedelta(days=days)
    if is_refused:
        with pytest.raises(ValueError, match="twelve months"):
            Deprecation(since, ends, instead="rien")
    else:
        assert Deprecation(since, ends, instead="rien").ends == ends


def test_the_product_deprecates_nothing_today(client):
    page = client.get("/api/v1/docs").content.decode()
    assert "Aucune opération n'est déconseillée aujourd'hui." in page.replace("’", "'")
