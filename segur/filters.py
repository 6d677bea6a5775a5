"""Filters of a list, sent by GET."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from html import escape
from typing import Any, ClassVar

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html
from django.utils.safestring import SafeString

Choices = Iterable[tuple[Any, str]]


class LongSelect(forms.Select):
    """Hundreds of choices without groups: Django makes a dictionary of each and loads a template
    for it, which takes most of a page's time."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:  # noqa: ARG002
        chosen = set(self.format_value(value))
        written = "\n".join(
            f'<option value="{escape(str(key))}"{" selected" * (str(key) in chosen)}>'
            f"{escape(str(label))}</option>"
            for key, label in self.choices
        )
        own = flatatt(self.build_attrs(self.attrs, attrs))
        return format_html('<select name="{}"{}>{}</select>', name, own, SafeString(written))


class ListFilter(forms.Form):
    """A filter that is empty or not understood asks for nothing: never an error page."""

    tabs: ClassVar[frozenset[str]] = frozenset()
    """Fields that choose a view of the list; they do not count as filters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if type(field.widget) is forms.Select:
                choices: Any = field
                choices.widget = LongSelect(field.widget.attrs)
                choices.widget.choices = choices.choices

    @cached_property
    def chosen(self) -> dict[str, Any]:
        """Field → what is asked."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def active(self) -> bool:
        return bool(self.chosen.keys() - self.tabs)

    def offer(self, name: str, everything: str, choices: Choices) -> None:
        """Fills a choice; where there is nothing to choose between, its field goes."""
        offered = [(str(key), label) for key, label in choices]
        if len(offered) > 1:
            field: Any = self.fields[name]
            field.widget = LongSelect(field.widget.attrs)
            field.choices = [("", everything), *offered]
        else:
            del self.fields[name]
