"""Exact open time, D_f, PERF, GTI and GTR: pure Python, integers of microseconds."""

ENGINE_VERSION = "1"
"""Written on every statement. Raised when a figure or an explanation that the engine gives changes:
tests/perf/engine/test_version.py holds what each version answers."""
