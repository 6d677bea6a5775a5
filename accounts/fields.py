"""Official numbers, in the form in which they are compared: no space, dot nor hyphen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from accounts.validators import compact
from segur.fields import IdentifierField, IdentifierFormField


class NumberField(IdentifierFormField):
    """An official number, spaces, dots and hyphens removed."""

    form = staticmethod(compact)


if TYPE_CHECKING:
    OfficialNumberField = models.CharField
else:

    class OfficialNumberField(IdentifierField):
        form = staticmethod(compact)
        form_class = NumberField
