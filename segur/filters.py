"""Filters of a list, sent by GET."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any, ClassVar

from django import forms

Choices = Iterable[tuple[Any, str]]


class ListFilter(forms.Form):
    """A filter that is empty or not understood asks for nothing: never an error page."""

    tabs: ClassVar[frozenset[str]] = frozenset()
    """Fields that choose a view of the list; they do not count as filters."""

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
            field.choices = [("", everything), *offered]
        else:
            del self.fields[name]
