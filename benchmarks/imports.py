"""Imports of 10,000 lines on a throw-away PostgreSQL: how long, and how long others wait."""

import os
import sys
from importlib import import_module

import django

from benchmarks.import_lines import report
from tests.services import postgres


def main() -> int:
    slow = report()
    with postgres() as url:
        os.environ["DATABASE_URL"] = url
        os.environ["DATABASE_POOL"] = "0"
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "segur.settings")
        django.setup()
        failed: int = import_module("benchmarks.importing").main()
        return slow or failed


if __name__ == "__main__":
    sys.exit(main())
