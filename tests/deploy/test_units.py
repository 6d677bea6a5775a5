"""The units of systemd expose as little as their work allows."""

import re
import subprocess
from pathlib import Path
from shutil import which

import pytest
from django.conf import settings

UNITS = sorted((Path(settings.BASE_DIR) / "deploy").glob("*.service"))
MOST = 2.0
"""On the scale of `systemd-analyze security`, from 0, which is best, to 10."""


@pytest.mark.skipif(which("systemd-analyze") is None, reason="systemd-analyze is not installed")
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_a_unit_is_hardened(unit):
    command = ["systemd-analyze", "security", "--offline=true", "--no-pager", str(unit)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    exposure = re.search(r"Overall exposure level for \S+: (\d+\.\d+)", result.stdout)
    assert exposure, result.stderr
    assert float(exposure[1]) <= MOST, result.stdout


def test_every_unit_is_looked_at():
    assert {unit.stem for unit in UNITS} == {
        "segur-beat",
        "segur-prepare",
        "segur-web",
        "segur-worker@",
    }
