"""An import of 10,000 outages while twenty people act, on a throw-away PostgreSQL."""

import os
import sys
from importlib import import_module

import django

from tests.services import postgres


def main() -> int:
    with postgres() as url:
        os.environ["DATABASE_URL"] = url
        os.environ["DATABASE_POOL"] = "0"
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "segur.settings")
        django.setup()
        failed: int = import_module("benchmarks.importing").main()
        return failed


if __name__ == "__main__":
    sys.exit(main())
