"""`manage.py load_calendars`: repeatable, and one clear sentence when the file is wrong."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from calendar_app.models import Milestone

pytestmark = pytest.mark.usefixtures("no_calendars")


def test_it_loads_and_loads_again():
    for _ in range(2):
        out = StringIO()
        call_command("load_calendars", stdout=out)
        assert out.getvalue() == "Calendriers chargés : 12 jalons.\n"
    assert Milestone.objects.count() == 12


def test_a_faulty_file_is_refused_with_its_name(tmp_path):
    path = tmp_path / "essai.toml"
    path.write_text("[[dispositifs]]\nnom_court = 3\n", encoding="utf-8")
    with pytest.raises(CommandError, match=r"essai\.toml : dispositifs\[1\] : nom_court"):
        call_command("load_calendars", file=path)
    assert not Milestone.objects.exists()


def test_a_file_that_is_not_there_is_reported(tmp_path):
    with pytest.raises(CommandError, match=r"absent\.toml : illisible"):
        call_command("load_calendars", file=tmp_path / "absent.toml")


def test_a_file_that_is_not_utf8_is_reported(tmp_path):
    path = tmp_path / "latin.toml"
    path.write_bytes("titre = 'é'".encode("latin-1"))
    with pytest.raises(CommandError, match=r"latin\.toml : illisible"):
        call_command("load_calendars", file=path)
