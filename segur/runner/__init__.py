"""`make run`: prepare a checkout, then web, worker and beat under one command, without services."""

UNKNOWN_DATABASE = 3
"""Exit code of `manage.py prepare` for a database of another version; it has printed what to do."""
