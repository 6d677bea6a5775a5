"""What leaves for Sentry: where it broke, nobody's name."""

import json
import os
import subprocess
import sys

from django.conf import settings

NUMBER, WHO = "0123456789abcdef", "jeanne@radiolune.example"


def test_an_error_leaves_without_anybody():
    answer = subprocess.run(
        [sys.executable, "-m", "tests.operations.broken_site"],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    (event,) = json.loads(answer.stdout.splitlines()[-1])
    text = json.dumps(event, ensure_ascii=False)
    assert event["exception"]["values"][-1]["type"] == "ValueError"
    assert "no mail to ‹adresse›" in text
    assert event["request"] == {"method": "POST", "url": "http://127.0.0.1/casse/"}
    assert event["tags"]["request_id"] == NUMBER
    for hidden in (WHO, "secret+note", "k" * 12, "cookie+of+a+session"):
        assert hidden not in text


def test_without_address_nothing_of_sentry_is_loaded():
    assert settings.SENTRY_DSN == ""
    assert "sentry_sdk" not in sys.modules
