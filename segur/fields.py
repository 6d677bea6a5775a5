"""The door of what people type, paste or send: fields that give a text its one form.

A model field gives its form to what is assigned to it and to what a query compares with it, whoever
wrote the code; a form field does so before its own checks. What is neither is free text, which
`segur.middleware` cleans. `tests/texts/test_fields.py` lists the rule of every field of the
project: a new one must choose.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import lookups
from django.db.models.query_utils import DeferredAttribute

from segur.lib.texts import compact, fold, folded_address, folded_number, one_line

if TYPE_CHECKING:
    from accounts.models import User

ASCII_LOCAL_PART = RegexValidator(
    r"\A[\x21-\x7e]+@",
    "Avant « @ », une adresse n'a que des lettres sans accent, des chiffres et des signes.",
    code="invalid",
)
"""Django's own rule lets in the dotless «ı», by its comparison without case."""


class FoldedInput:
    """For form fields: the text is given its form before anything is checked."""

    form: Callable[[str], str] = staticmethod(fold)

    def to_python(self, value: Any) -> Any:
        text = self.form(value) if isinstance(value, str) else value
        return super().to_python(text)  # type: ignore[misc]  # a field of Django comes after


class IdentifierFormField(FoldedInput, forms.CharField):
    """An identifier, a code, a reference, a number of something, words to search for."""


class CodeFormField(FoldedInput, forms.SlugField):
    """Letters, digits and hyphens."""


class NumberField(IdentifierFormField):
    """An official number, spaces, dots and hyphens removed."""

    form = staticmethod(compact)


class AddressFormField(FoldedInput, forms.EmailField):
    """An e-mail address, in lower case."""

    form = staticmethod(folded_address)
    default_validators = [*forms.EmailField.default_validators, ASCII_LOCAL_PART]  # noqa: RUF012


class LinkFormField(FoldedInput, forms.URLField):
    """The address of a page."""


class WholeNumberField(FoldedInput, forms.IntegerField):
    """An integer, «12 345» included."""

    form = staticmethod(folded_number)


class FoldedAttribute(DeferredAttribute):
    """What is assigned to the attribute of an instance is given its form at once."""

    def __set__(self, instance: models.Model, value: Any) -> None:
        instance.__dict__[self.field.attname] = self.field.formed(value)  # type: ignore[attr-defined]


class FoldedIExact(lookups.IExact):
    prepare_rhs = True


class FoldedIContains(lookups.IContains):
    prepare_rhs = True


class FoldedColumn:
    """For model fields of text. Migrations know them as the fields of Django that they are in the
    database: what changes is the value, not the column.
    """

    descriptor_class = FoldedAttribute
    class_lookups: ClassVar = {"iexact": FoldedIExact, "icontains": FoldedIContains}
    """Those of Django compare what was given; `exact` and `in` ask `get_prep_value`."""
    form: Callable[[str], str] = staticmethod(fold)
    form_class: type[forms.Field] = IdentifierFormField

    def to_python(self, value: Any) -> Any:
        return self.formed(super().to_python(value))  # type: ignore[misc]

    def get_prep_value(self, value: Any) -> Any:
        return self.formed(super().get_prep_value(value))  # type: ignore[misc]

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": self.form_class, **kwargs})  # type: ignore[misc]

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, _path, args, kwargs = super().deconstruct()  # type: ignore[misc]
        django_field = next(
            one for one in type(self).__mro__ if one.__module__.startswith("django.")
        )
        return name, f"django.db.models.{django_field.__name__}", args, kwargs

    def formed(self, value: Any) -> Any:
        return _formed(type(self).form, value) if isinstance(value, str) else value


@lru_cache(maxsize=16_384)
def _formed(form: Callable[[str], str], value: str) -> str:
    """A list loads the same few names and numbers again and again."""
    return form(value)


def person(
    verbose_name: str | None = None, *, blank: bool = False
) -> models.ForeignKey[User | None, User | None]:
    """A person whom a row names: it stays when their account goes."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=blank,
        related_name="+",
        verbose_name=verbose_name,
    )


if TYPE_CHECKING:  # the types of their values are those of Django's fields
    IdentifierField = models.CharField
    OfficialNumberField = models.CharField
    NameField = models.CharField
    CodeField = models.SlugField
    AddressField = models.EmailField
else:

    class IdentifierField(FoldedColumn, models.CharField):
        """An identifier, a reference, a number of something."""

    class OfficialNumberField(IdentifierField):
        """An official number, in the form in which it is compared: no space, dot nor hyphen."""

        form = staticmethod(compact)
        form_class = NumberField

    class NameField(FoldedColumn, models.CharField):
        """A name that distinguishes something: in one line, nothing invisible in it."""

        form = staticmethod(one_line)
        form_class = forms.CharField

    class CodeField(FoldedColumn, models.SlugField):
        """Letters, digits and hyphens."""

        form_class = CodeFormField

    class AddressField(FoldedColumn, models.EmailField):
        """An e-mail address, in lower case."""

        form = staticmethod(folded_address)
        form_class = AddressFormField
        default_validators = [*models.EmailField.default_validators, ASCII_LOCAL_PART]  # noqa: RUF012
