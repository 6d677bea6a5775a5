"""The page of the API and its OpenAPI document: public, the same, and in French."""

from html import unescape

from api.site import schema
from perf.templatetags.api import ticks
from tests.pages import markup


def test_the_page_tells_every_operation_of_the_document(client, db):
    document = client.get("/api/v1/openapi.json").json()
    page = unescape(markup(client.get("/api/v1/docs")))
    for path, methods in document["paths"].items():
        assert path in page
        for operation in methods.values():
            assert operation["summary"] in page
            assert all(one["description"] in page for one in operation["parameters"])
    assert "<script>" not in page


def test_every_operation_but_none_without_a_key(db):
    for methods in schema()["paths"].values():
        for operation in methods.values():
            assert operation["security"]
            assert {400, 401, 422} & {int(status) for status in operation["responses"]}


def test_nothing_is_told_in_english(db):
    for methods in schema()["paths"].values():
        for operation in methods.values():
            told = {status: one["description"] for status, one in operation["responses"].items()}
            assert not {"OK", "Created", "Not Found", "Unauthorized"} & set(told.values()), told


def test_code_is_marked_and_the_rest_is_escaped():
    assert ticks("<b> `a<b` fin") == "&lt;b&gt; <code>a&lt;b</code> fin"
