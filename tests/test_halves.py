from pathlib import Path

import pytest

from tests.halves import ON_BOTH, runs_on_both

HERE = Path(__file__).parent


@pytest.mark.parametrize("name", [name for names in ON_BOTH.values() for name in names])
def test_a_module_that_runs_on_both_databases_exists(name):
    assert (HERE / name).is_file()
    assert runs_on_both(HERE / name)


def test_a_module_that_is_not_named_runs_on_one():
    assert not runs_on_both(HERE / "calendar_app" / "services" / "test_filings.py")
