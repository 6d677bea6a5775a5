"""What SQLite skips, the other half of `make test` runs."""

from pathlib import Path

from tests.halves import has_none

ONLY_POSTGRESQL = "connection.vendor" + ' != "postgresql"'


def test_a_module_with_a_test_for_postgresql_alone_is_in_its_half():
    modules = Path(__file__).parent.rglob("test_*.py")
    skipped = [path for path in modules if ONLY_POSTGRESQL in path.read_text()]
    assert skipped
    assert [path for path in skipped if has_none("postgresql", path)] == []
