"""`manage.py prepare`: what is there already is not made again."""

import pytest
from django.core.management import call_command

from calendar_app.models import Milestone
from pilots.checklists.models import ChecklistItem

pytestmark = pytest.mark.usefixtures("no_calendars")


@pytest.fixture
def root(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path / "static"
    settings.BROKER_DIR = tmp_path / "broker"
    return settings.STATIC_ROOT


def styles(root):
    return root / "segur" / "base.css"


def test_a_new_site_has_its_calendars_its_checklists_and_its_files(root):
    ChecklistItem.objects.all().delete()
    call_command("prepare")
    assert Milestone.objects.count() == 12
    assert ChecklistItem.objects.exists()
    assert styles(root).exists()


def test_the_same_static_files_are_not_collected_again(root):
    call_command("prepare")
    styles(root).write_text("as it was left")
    call_command("prepare")
    assert styles(root).read_text() == "as it was left"


def test_a_source_that_changes_is_collected(root, settings, tmp_path):
    source = tmp_path / "sources" / "segur" / "essai.css"
    source.parent.mkdir(parents=True)
    settings.STATICFILES_DIRS = [tmp_path / "sources"]
    for text in ("a { color: red }", "a { color: blue }"):
        source.write_text(text)
        call_command("prepare")
        assert (root / "segur" / "essai.css").read_text() == text


def test_a_folder_that_was_emptied_is_filled_again(root):
    call_command("prepare")
    for path in (styles(root), root / "sources.sha256"):
        path.unlink()
    call_command("prepare")
    assert styles(root).exists()
