"""Rows of the same instant have one order, the same after a restore: every list ends by a key."""

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from tests.product import APPS

LAST = {"pk", "-pk", "id", "-id", "code", "number", "-number"}
INSTANTS = ("_at", "_on", "day", "at")
ONE_VALUE = {"pilots/va/selectors/portals.py"}
"""Reads the instant alone: of two alike it does not matter which."""
UNITED = {"perf/selectors/park.py"}
"""Intervals that are united afterwards."""


def name(part):
    return str(getattr(part, "expression", part)).removeprefix("F(").rstrip(")")


def is_total(model):
    """Ends by the key, or holds all the fields of something unique."""
    names = {name(part).lstrip("-") for part in model._meta.ordering}
    unique = [{"pk"}, *({field.name} for field in model._meta.fields if field.unique)]
    unique += [set(one.fields) for one in model._meta.total_unique_constraints]
    return any(fields <= names for fields in unique)


@pytest.mark.parametrize(
    "model",
    [m for m in apps.get_models() if m._meta.app_label in APPS and m._meta.ordering],
    ids=lambda model: model._meta.label,
)
def test_order_of_a_model_is_total(model):
    assert is_total(model), model._meta.ordering


def orders():
    """(file, line, arguments) of each `order_by` of the product that names an instant."""
    for app in APPS:
        for path in sorted((settings.BASE_DIR / app).rglob("*.py")):
            where = str(path.relative_to(settings.BASE_DIR))
            for node in ast.walk(ast.parse(path.read_text())):
                if not isinstance(node, ast.Call) or getattr(node.func, "attr", "") != "order_by":
                    continue
                words = [ast.unparse(part).strip("'\"") for part in node.args]
                if any(word.endswith(INSTANTS) for word in words):
                    yield where, node.lineno, words


def test_lists_by_instant_end_by_a_key():
    found = list(orders())
    assert len(found) > 20
    loose = [
        (where, line, words)
        for where, line, words in found
        if words[-1] not in LAST and where not in ONE_VALUE | UNITED
    ]
    assert loose == []
    assert Path(settings.BASE_DIR / next(iter(ONE_VALUE))).exists()
