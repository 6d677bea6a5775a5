"""The Atom feed of the publications (RFC 4287)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape

from mailing.services.links import absolute, site_domain
from pilots.pv.models import Publication
from pilots.pv.selectors.publications import BORN, tag
from segur.lib import paris, texts

ANS = "Agence du Numérique en Santé"
FIRST = dt.datetime(2025, 3, 4, tzinfo=dt.UTC)
"""The age of a feed without entries: a fixed one, so that nothing seems to change."""


class Feed(Atom1Feed):
    def latest_post_date(self) -> dt.datetime:
        return super().latest_post_date() if self.items else FIRST


def atom(publications: Sequence[Publication], *, page: str, path: str) -> str:
    """One entry per publication, whose id never changes; a withdrawal updates its entry."""
    feed = Feed(
        title="Premières installations réussies, Ségur Vague 2 Imagerie",
        link=absolute(page),
        description="Solutions RIS dont le périmètre pilote est justifié, publiées par l'ANS.",
        language="fr",
        author_name=ANS,
        feed_url=absolute(path),
        feed_guid=f"tag:{site_domain()},{BORN}:installations-reussies",
    )
    for row in publications:
        feed.add_item(
            title=texts.clean(_title(row)),
            link=f"{absolute(page)}#publication-{row.pk}",
            description=escape(texts.clean(_summary(row))),
            unique_id=tag(row),
            pubdate=row.published_at,
            updateddate=row.changed_at,
            author_name=ANS,
        )
    return feed.writeString("utf-8")


def _title(row: Publication) -> str:
    """One for each entry: a reader lists titles alone, and a solution may be published several
    times, for several Fournisseurs or again after a withdrawal.
    """
    title = f"{row.solution_name} {row.solution_version}".rstrip()
    if row.supplier_name:
        title += f", installée par {row.supplier_name}"
    if row.published_at:
        title += f", publiée le {paris.minute(row.published_at)}"
    return f"Retirée : {title}" if row.withdrawn_at else title


def _summary(row: Publication) -> str:
    version = f", version {row.solution_version}" if row.solution_version else ""
    supplier = f", installée par {row.supplier_name}" if row.supplier_name else ""
    words = (
        f"{row.solution_name}{version}, de {row.editeur_name}{supplier} : la solution a fait "
        "l'objet de premières installations réussies."
    )
    if row.follows and row.follows.withdrawn_at:
        day = paris.long_day(paris.day(row.follows.withdrawn_at))
        words += f" Elle avait été retirée le {day}, puis publiée de nouveau."
    if row.withdrawn_at:
        day = paris.long_day(paris.day(row.withdrawn_at))
        words += f" Publication retirée le {day} : {row.withdrawn_reason}"
    return words
