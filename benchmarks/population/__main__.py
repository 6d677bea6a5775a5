"""`python -m benchmarks.population [SHARE]`: fills the database of DATABASE_URL, which is empty."""

import os
import sys

import django
from django.core.management import call_command

from benchmarks.report import say


def main(arguments: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "segur.settings")
    django.setup()
    from benchmarks.population.whole import counts, fill  # noqa: PLC0415  (models load first)

    call_command("migrate", verbosity=0)
    call_command("createcachetable")
    if any(counts().values()):
        say("This database is not empty: nothing was added.")
        return 2
    fill(float(arguments[0]) if arguments else 1.0)
    for name, count in counts().items():
        say(f"{count:>9,} {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
