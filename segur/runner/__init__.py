"""`make run`: prepare a checkout, then web, worker and beat under one command, without services."""
