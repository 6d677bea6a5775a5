"""Who sees what: an import is its author's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailing.querysets import OwnQuerySet

if TYPE_CHECKING:
    from imports.models import Import  # noqa: F401


class ImportQuerySet(OwnQuerySet["Import"]):
    owner = "user"
