"""What the shared parts of a form say: its summary of errors, what may be left empty."""

import pytest
from django import forms
from django.template.loader import render_to_string

from segur.templatetags.segur import before_colon, error_count


class Sample(forms.Form):
    asked_in_help = ("proof",)
    name = forms.CharField(label="Nom")
    note = forms.CharField(label="Remarque", required=False)
    proof = forms.CharField(label="Preuve", required=False, help_text="Demandée une fois fait.")


def refused(*errors):
    form = Sample({"name": "x"})
    for name, text in errors:
        form.add_error(name, text)
    return form


@pytest.mark.parametrize(
    ("errors", "words"),
    [
        ([("name", "Trop court.")], "un point est à corriger"),
        ([("name", "Trop court."), ("name", "Déjà pris.")], "2 points sont à corriger"),
        ([("name", "Trop court."), (None, "Rien.")], "2 points sont à corriger"),
    ],
)
def test_the_summary_counts_errors_not_fields(errors, words):
    form = refused(*errors)
    assert error_count(form.errors) == len(errors)
    assert words in render_to_string("components/_form_errors.html", {"form": form})


@pytest.mark.parametrize(("name", "shown"), [("name", False), ("note", True), ("proof", False)])
def test_a_field_is_shown_optional_unless_its_help_says_when_it_is_not(name, shown):
    field = Sample()[name]
    assert ("facultatif" in render_to_string("components/_field.html", {"field": field})) == shown


@pytest.mark.parametrize(
    ("errors", "begins"), [([], "Échéances"), ([("name", "x")], "À corriger, ")]
)
def test_the_title_of_a_refused_form_says_so(rf, errors, begins):
    page = render_to_string("base.html", {"form": refused(*errors)})
    assert f"<title>{begins}" in page


def test_a_label_that_is_a_sentence_loses_its_full_stop_before_its_error():
    assert (
        before_colon("Je confirme cette nouvelle demande.") == "Je confirme cette nouvelle demande"
    )
    assert before_colon("Motif") == "Motif"
