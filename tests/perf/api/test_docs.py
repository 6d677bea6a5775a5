"""The page of the API and its OpenAPI document: public, the same, and in French."""

from html import unescape

import pytest

from api.site import TAGS, schema
from perf.templatetags.api import ticks
from tests.pages import markup


def operations():
    return [one for methods in schema()["paths"].values() for one in methods.values()]


def test_the_pages_show_every_operation_of_the_document(client, db):
    document = client.get("/api/v1/openapi.json").json()
    index = unescape(markup(client.get("/api/v1/docs")))
    pages = {tag: unescape(markup(client.get(f"/api/v1/docs/{tag}"))) for tag in TAGS}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            [tag] = operation["tags"]
            anchor = operation["operationId"].replace("_", "-")
            assert f"<strong>{method.upper()}</strong> {path}" in pages[tag]
            assert f'id="{anchor}"' in pages[tag]
            assert f'href="/api/v1/docs/{tag}#{anchor}">{operation["summary"]}</a>' in index
    assert client.get("/api/v1/docs/inconnu").status_code == 404


@pytest.mark.parametrize("path", ["docs", *(f"docs/{tag}" for tag in TAGS)])
def test_a_page_is_light(client, db, path):
    assert len(client.get(f"/api/v1/{path}").content) < 60_000


def test_the_kind_of_each_refusal_has_its_place_on_the_page(client, db):
    page = markup(client.get("/api/v1/docs"))
    asked = {int(status) for one in operations() for status in one["responses"]}
    unexplained = {status for status in asked if f'id="refus-{status}"' not in page}
    assert {status for status in unexplained if status >= 400} == set()


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


def test_nothing_is_shown_in_english(db):
    for operation in operations():
        texts = {status: one["description"] for status, one in operation["responses"].items()}
        assert not {"OK", "Created", "Not Found", "Unauthorized"} & set(texts.values()), texts


def test_code_is_marked_and_the_rest_is_escaped():
    assert ticks("<b> `a<b` fin") == "&lt;b&gt; <code>a&lt;b</code> fin"
