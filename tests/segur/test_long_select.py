"""A select of hundreds of choices is written as Django writes one, without a template for each."""

import re

import pytest
from django import forms

from segur.filters import LongSelect

CHOICES = [("", "Tous"), ("1", "Imagerie & <b>Santé</b>"), ("2", "L'Ambre")]


def options(widget, value):
    written = widget(attrs={"id": "x", "required": True}, choices=CHOICES).render("n", value)
    return re.findall(r"<option.*?</option>", written), set(
        re.findall(r'\w+="\w+"|required', written)
    )


@pytest.mark.parametrize("value", ["", "1", "2", None, "unknown"])
def test_it_says_what_django_says(value):
    assert options(LongSelect, value) == options(forms.Select, value)


def test_a_choice_is_text_never_markup():
    assert "<b>" not in LongSelect(choices=CHOICES).render("n", "1")
