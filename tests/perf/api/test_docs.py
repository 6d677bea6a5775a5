"""The page of the API and its OpenAPI document: public, the same, and in French."""

from html import unescape

from api.site import schema
from perf.templatetags.api import ticks
from tests.pages import markup


def operations():
    return [one for methods in schema()["paths"].values() for one in methods.values()]


def test_the_page_shows_every_operation_of_the_document(client, db):
    document = client.get("/api/v1/openapi.json").json()
    page = unescape(markup(client.get("/api/v1/docs")))
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            assert f"<strong>{method.upper()}</strong> {path}" in page
            assert f'id="{operation["operationId"].replace("_", "-")}"' in page
            assert operation["summary"] in page
    assert "<script>" not in page


def test_the_kind_of_each_refusal_has_its_place_on_the_page(client, db):
    page = markup(client.get("/api/v1/docs"))
    asked = {int(status) for one in operations() for status in one["responses"]}
    unexplained = {status for status in asked if f'id="refus-{status}"' not in page}
    assert {status for status in unexplained if status >= 400} == {409}


def test_every_operation_asks_for_a_key_and_says_what_it_refuses():
    for operation in operations():
        assert operation["security"]
        assert {"401", "403", "422", "429"} <= {str(status) for status in operation["responses"]}


def test_every_field_that_goes_in_has_bounds():
    """A text has a longest length or a pattern, a number its ends: what is sent cannot be huge."""
    wrong = []
    for name, found in schema()["components"]["schemas"].items():
        if name.endswith("In"):
            wrong += [
                f"{name}.{field}"
                for field, value in found["properties"].items()
                for one in value.get("anyOf", [value])
                if one.get("type") == "string" and not {"maxLength", "pattern", "enum"} & set(one)
            ]
    assert wrong == []


def test_nothing_is_said_in_english(db):
    for operation in operations():
        texts = {status: one["description"] for status, one in operation["responses"].items()}
        assert not {"OK", "Created", "Not Found", "Unauthorized"} & set(texts.values()), texts


def test_code_is_marked_and_the_rest_is_escaped():
    assert ticks("<b> `a<b` fin") == "&lt;b&gt; <code>a&lt;b</code> fin"
