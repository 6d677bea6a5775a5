"""What the measures print: Markdown, and the machine that they are of."""

import datetime as dt
import os
import platform
from pathlib import Path

from segur.lib.paris import PARIS


def machine() -> str:
    model = next(
        (
            line.split(":")[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.processor(),
    )
    day = dt.datetime.now(PARIS).date().isoformat()
    return (
        f"{day} · Python {platform.python_version()} · {platform.system()} {platform.machine()} · "
        f"{model}, {os.cpu_count()} cores"
    )


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201
