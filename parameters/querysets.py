from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from parameters.models import RegulatoryParameter


class ParameterQuerySet(models.QuerySet["RegulatoryParameter"]):
    def standing(self) -> Self:
        """Without the values that were retired."""
        return self.filter(retired_at=None)
