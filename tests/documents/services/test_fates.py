"""One look at each upload, and none stored without it."""

import ast
import hashlib
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError

from documents.services.fates import fate_of, joined_once
from tests.calendar_app import papers
from tests.calendar_app.papers import upload
from tests.product import APPS


def test_an_upload_is_looked_at_the_first_time_only(scans):
    file = upload()
    assert fate_of(file) is fate_of(file)
    assert fate_of(file).sha256 == hashlib.sha256(papers.PDF).hexdigest()
    assert file.read() == papers.PDF
    assert scans == ["accuse.pdf"]


def test_a_refusal_is_no_fate(scans):
    file = upload("page.pdf", papers.HTML)
    for _ in range(2):
        with pytest.raises(ValidationError, match=r"page\.pdf"):
            fate_of(file)
    assert not hasattr(file, "fate")


def test_of_what_was_stored_nothing_is_shown():
    assert joined_once([upload()]) == []


def test_nothing_else_of_the_product_looks_at_an_upload():
    """So that no page looks twice, and no service stores what was not looked at; the worker looks
    at what was too long for a page."""
    asking = {
        str(path.relative_to(settings.BASE_DIR))
        for app in APPS
        for path in (settings.BASE_DIR / app).rglob("*.py")
        if "check_upload" in names_in(path)
    }
    assert asking == {"documents/services/fates.py", "documents/services/waiting.py"}


def names_in(path: Path) -> set[str]:
    tree = ast.parse(path.read_text())
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
