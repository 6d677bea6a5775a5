"""A Paris instant and several files, as people type and send them."""

import datetime as dt
import re

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict

from documents.forms import ProofField, ProofsField
from documents.services.held import GONE
from journal.forms import hold_files
from segur.form_fields import ParisInstantField
from tests.calendar_app import papers
from tests.calendar_app.papers import upload


class InstantForm(forms.Form):
    at = ParisInstantField()
    maybe = ParisInstantField(required=False)
    exact = ParisInstantField(required=False, exact=True)


class FilesForm(forms.Form):
    several = ProofsField(required=False)
    wanted = ProofsField()


class OneForm(forms.Form):
    one = ProofField()

    def clean_of(self, name):
        assert self.is_valid(), self.errors
        return self.cleaned_data[name].name


def filled(day, hour):
    return InstantForm({"at_jour": day, "at_heure": hour})


@pytest.mark.parametrize(
    ("day", "hour", "instant"),
    [
        ("2027-06-09", "11:59:59", dt.datetime(2027, 6, 9, 9, 59, 59, tzinfo=dt.UTC)),
        ("2027-06-09", "12:00", dt.datetime(2027, 6, 9, 10, tzinfo=dt.UTC)),
        ("09/06/2027", "12h30", dt.datetime(2027, 6, 9, 10, 30, tzinfo=dt.UTC)),
        ("09/06/2027", "12h", dt.datetime(2027, 6, 9, 10, tzinfo=dt.UTC)),
        ("9/6/27", "9:05", dt.datetime(2027, 6, 9, 7, 5, tzinfo=dt.UTC)),
        ("2027-12-15", "12:00", dt.datetime(2027, 12, 15, 11, tzinfo=dt.UTC)),
        ("2027-06-09", "00:01", dt.datetime(2027, 6, 8, 22, 1, tzinfo=dt.UTC)),
        ("2026-10-25", "02:30", dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC)),
        (" 2027-06-09 ", " 12:00 ", dt.datetime(2027, 6, 9, 10, tzinfo=dt.UTC)),
    ],
)
def test_what_is_typed_is_on_the_paris_clock(day, hour, instant):
    form = filled(day, hour)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["at"] == instant
    assert form.cleaned_data["maybe"] is None


@pytest.mark.parametrize(
    ("day", "hour", "words"),
    [
        ("2027-06-09", "00:00", "23h59 la veille ou 00h01"),
        ("2027-06-09", "00h00", "23h59 la veille ou 00h01"),
        ("2027-03-28", "02:30", "les horloges passent de 2h à 3h"),
        ("2027-06-09", "", "les deux"),
        ("", "12:00", "les deux"),
        ("", "", "Indiquez le jour et l'heure"),
        ("2027-06-31", "12:00", "Cette date n'existe pas"),
        ("demain", "12:00", "Cette date n'existe pas"),
        ("2027-06-09", "24:00", "Cette heure n'existe pas"),
        ("2027-06-09", "midi", "Cette heure n'existe pas"),
        ("0001-01-01", "00:05", "une année de 2000 à 2099"),
        ("1999-12-31", "12:00", "une année de 2000 à 2099"),
        ("9999-12-31", "12:00", "une année de 2000 à 2099"),
    ],
)
def test_what_cannot_be_an_instant_is_a_sentence(day, hour, words):
    form = filled(day, hour)
    assert not form.is_valid()
    assert words in " ".join(form.errors["at"])
    assert f'value="{day}"' in str(form["at"]) or not day


def test_an_instant_is_shown_on_the_paris_clock():
    shown = str(InstantForm(initial={"at": dt.datetime(2027, 6, 8, 22, 1, tzinfo=dt.UTC)})["at"])
    assert 'value="2027-06-09"' in shown
    assert 'value="00:01:00"' in shown


def sent(**files):
    return FilesForm({}, MultiValueDict(files))


def file(name):
    return SimpleUploadedFile(name, papers.PDF)


def test_several_files_in_one_go():
    form = sent(several=[file("a.pdf"), file("b.pdf")], wanted=[file("c.pdf")])
    assert form.is_valid()
    assert [upload.name for upload in form.cleaned_data["several"]] == ["a.pdf", "b.pdf"]
    assert 'type="file"' in str(form["several"])
    assert "multiple" in str(form["several"])


def test_the_good_ones_are_kept_whatever_the_others_are():
    form = sent(several=[file("a.pdf"), upload("b.pdf", papers.HTML), file("c.exe"), file("d.pdf")])
    assert [error[:9] for error in form.errors["several"]] == ["« b.pdf »", "« c.exe »"]
    assert [upload.name for upload in form.fields["several"].kept] == ["a.pdf", "d.pdf"]


def test_what_is_held_is_listed_and_comes_back_where_its_box_stays_ticked():
    form = sent(several=[file("a.pdf"), file("b.pdf")], wanted=[])
    assert not form.is_valid()
    hold_files(form)
    shown = str(form["several"])
    assert "2 fichiers sont gardés, ne les choisissez pas de nouveau" in shown
    tokens = re.findall(r'name="several_held" value="([^"]+)"[^>]* checked', shown)
    data = MultiValueDict({"several_held": tokens[1:]})
    again = FilesForm(data, MultiValueDict({"wanted": [file("c.pdf")]}))
    assert again.is_valid()
    assert [upload.name for upload in again.cleaned_data["several"]] == ["b.pdf"]


def test_a_forged_token_is_a_sentence():
    form = FilesForm(MultiValueDict({"several_held": ["a:b:c"]}), MultiValueDict())
    assert form.errors["several"] == [GONE]


def test_a_new_file_takes_the_place_of_the_only_one_held():
    held = OneForm({}, MultiValueDict({"one": [file("a.pdf")]}))
    assert held.clean_of("one") == "a.pdf"
    hold_files(held)
    data = MultiValueDict({"one_held": [held.fields["one"].widget.held[0].token]})
    assert OneForm(data, MultiValueDict()).clean_of("one") == "a.pdf"
    assert OneForm(data, MultiValueDict({"one": [file("b.pdf")]})).clean_of("one") == "b.pdf"
    assert "multiple" not in str(held["one"])


def test_what_the_browser_checks_is_what_the_site_refuses(settings):
    settings.PROOF_MAX_BYTES, settings.UPLOAD_MAX_TOTAL_BYTES = 3 * 1024**2, 7 * 1024**2
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 5
    shown = str(FilesForm()["several"])
    for limit in ('data-max-files="5"', 'data-max-bytes="3145728"', 'data-max-total="7340032"'):
        assert limit in shown
    assert ProofsField().help_text.endswith(
        "3 Mo au plus par fichier ; 5 fichiers et 7 Mo au plus par envoi."
    )


def test_no_file_is_an_empty_list_or_an_error():
    form = sent()
    assert not form.is_valid()
    assert form.cleaned_data["several"] == []
    assert list(form.errors) == ["wanted"]


def test_a_forged_clear_box_changes_nothing():
    files = MultiValueDict({"several": [file("a.pdf")], "wanted": [file("c.pdf")]})
    form = FilesForm({"several-clear": "on", "wanted-clear": "on"}, files)
    assert form.is_valid()
    assert [upload.name for upload in form.cleaned_data["several"]] == ["a.pdf"]


def exact(day, hour, **which):
    return InstantForm(
        {"at_jour": "2027-06-09", "at_heure": "12:00", "exact_jour": day, "exact_heure": hour}
        | which
    )


@pytest.mark.parametrize(
    ("day", "hour", "which", "instant"),
    [
        ("2026-10-25", "02:30:15", "0", dt.datetime(2026, 10, 25, 0, 30, 15, tzinfo=dt.UTC)),
        ("2026-10-25", "02:30:15", "1", dt.datetime(2026, 10, 25, 1, 30, 15, tzinfo=dt.UTC)),
        ("2026-10-25", "02:00", "1", dt.datetime(2026, 10, 25, 1, tzinfo=dt.UTC)),
        ("2026-10-25", "03:00", "", dt.datetime(2026, 10, 25, 2, tzinfo=dt.UTC)),
        ("2026-10-25", "01:59:59", "", dt.datetime(2026, 10, 24, 23, 59, 59, tzinfo=dt.UTC)),
        ("2027-06-09", "02:30", "1", dt.datetime(2027, 6, 9, 0, 30, tzinfo=dt.UTC)),
        ("2027-06-09", "00:00", "", dt.datetime(2027, 6, 8, 22, tzinfo=dt.UTC)),
        ("", "", "", None),
    ],
)
def test_what_was_measured_is_shown_to_the_second_even_in_the_hour_that_comes_twice(
    day, hour, which, instant
):
    form = exact(day, hour, exact_fois=which)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["exact"] == instant


def test_in_the_hour_that_comes_twice_one_is_asked_which():
    form = exact("2026-10-25", "02:30")
    assert "il est deux fois 2h30. Choisissez" in form.errors["exact"][0]
    assert 'name="exact_fois"' in str(form["exact"])


def test_the_choice_is_not_shown_on_other_days():
    assert 'name="exact_fois"' not in str(exact("2026-10-26", "02:30")["exact"])
    assert 'name="exact_fois"' not in str(InstantForm()["exact"])


@pytest.mark.parametrize("hour", [0, 1])
def test_the_hour_that_was_mailed_is_shown_again(hour):
    at = dt.datetime(2026, 10, 25, hour, 30, tzinfo=dt.UTC)
    shown = str(InstantForm(initial={"exact": at})["exact"])
    assert f'<option value="{hour}" selected>' in shown


def test_an_hour_that_does_not_exist_is_refused_to_the_second_too():
    assert "cette heure n'existe pas" in exact("2027-03-28", "02:30").errors["exact"][0]
