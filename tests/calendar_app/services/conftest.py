from tests.all_or_nothing import _all_or_nothing  # noqa: F401
