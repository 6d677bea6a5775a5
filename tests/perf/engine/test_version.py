"""A statement names the engine that made it: another answer needs another version."""

import hashlib
import json
from pathlib import Path

from perf.command import cases
from perf.engine import ENGINE_VERSION

DATA = Path(__file__).parents[1] / "data"

ANSWERS = {"1": "b338693910c92964c030eb41d1066cc40eb2b32ac72bd75f52e49afbc6ffe69c"}
"""Version → SHA-256 of everything that it answers to the shared cases.

When this test fails and the new answers are right: raise ENGINE_VERSION and add its digest. The
digests of earlier versions stay, since statements name them.
"""


def answers():
    for name, commands in (
        ("perf_cases.jsonl", (cases.score_line, cases.explain_line)),
        ("guarantee_cases.jsonl", (cases.due_line,)),
    ):
        for line in (DATA / name).read_text(encoding="utf-8").splitlines():
            for command in commands:
                for base in ("ouvrable", "continu"):
                    yield command({"base": base, **json.loads(line)})


def test_the_engine_answers_what_its_version_is_known_for():
    found = hashlib.sha256(json.dumps(list(answers()), ensure_ascii=False).encode()).hexdigest()
    assert ANSWERS[ENGINE_VERSION] == found, "raise ENGINE_VERSION in perf/engine/__init__.py"


def test_every_version_that_ever_was_keeps_its_digest():
    assert list(ANSWERS) == [str(number) for number in range(1, int(ENGINE_VERSION) + 1)]
