"""A list of Clients and prestations: pasted, CSV, XLSX, or an extract of FINESS. Pure.

The directory (`etalab_cs1100502…`) comes with or without titles; without, a first line
`finess;etalab;…` and a first cell `structureet` tell it. Windows-1252 or UTF-8.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from calendar_app.rules.order_lines import MAX_LINES, OrderLine, order_line, without_doubles
from documents.reading.titled import TitledLine, titled_lines
from segur.lib.texts import one_line

BARE = ("finess", "order_reference", "deposit", "deposit_reference")
"""The columns of a paste without titles."""
TITLES = {
    **dict.fromkeys(
        ("finess", "n finess", "numero finess", "finess et", "n finess et", "nofinesset"), "finess"
    ),
    **dict.fromkeys(
        ("nom", "raison sociale", "client", "etablissement", "denomination", "rs"), "name"
    ),
    **dict.fromkeys(("rslongue", "raison sociale longue"), "long_name"),
    **dict.fromkeys(("commune", "ville", "localite", "libcommune"), "city"),
    **dict.fromkeys(("ligneacheminement", "acheminement", "ligne acheminement"), "routing"),
    "siren": "siren",
    **dict.fromkeys(("siret", "n siret", "numero siret"), "siret"),
    **dict.fromkeys(
        ("bdc", "reference du bdc", "bon de commande", "reference du bon de commande"),
        "order_reference",
    ),
    **dict.fromkeys(
        ("depot", "depot de l avance", "date de depot", "depose le", "avance deposee le"), "deposit"
    ),
    **dict.fromkeys(("accuse", "numero de l accuse", "n accuse"), "deposit_reference"),
}
COLUMNS = ("FINESS", "Nom", "Commune", "SIRET", "BDC", "Dépôt de l'avance", "Accusé")
"""Titles of the template to download, all of them read."""
COLUMN_LABELS = {
    "finess": "FINESS",
    "name": "nom",
    "long_name": "nom",
    "city": "commune",
    "routing": "commune",
    "siren": "SIREN",
    "siret": "SIRET",
    "order_reference": "BDC",
    "deposit": "dépôt de l'avance",
    "deposit_reference": "accusé",
}
_DIRECTORY = ("", "finess", "", "name", "long_name", *[""] * 10, "routing", *[""] * 6, "siret")
"""Places of the directory without titles: section, nofinesset, nofinessej, rs, rslongue, …"""
_DIRECTORY_HEAD = re.compile(rb"(?:\xef\xbb\xbf)?finess;etalab[^\r\n]*\r?\n")
_OTHER_SECTIONS = re.compile(rb"(?m)^(?:geolocalisation|structureej);[^\r\n]*(?:\r?\n|\Z)")
_POSTCODE = re.compile(r"[0-9AB]{5} ")
_CEDEX = re.compile(r" CEDEX(?: [0-9]+)?$")


def read_orders(content: bytes) -> list[OrderLine]:
    """Every line that is not blank; each that cannot be read has its error. Raises BadFile."""
    head = _DIRECTORY_HEAD.match(content)
    body = content[head.end() :] if head else content
    is_bare = body.startswith(b"structureet;")
    if is_bare:
        body = _OTHER_SECTIONS.sub(b"", body)
    bare = _DIRECTORY if is_bare else BARE
    found = titled_lines(body, TITLES, most=MAX_LINES, bare=bare, needs=("finess",))
    shift = 1 if head else 0
    return list(without_doubles(_lines(found, shift, is_directory=is_bare)))


def _lines(found: Iterator[TitledLine], shift: int, *, is_directory: bool) -> Iterator[OrderLine]:
    for line in found:
        number = line.number + shift
        if line.wrong:
            column, sentence = next(iter(line.wrong.items()))
            label = COLUMN_LABELS.get(column, "")
            yield OrderLine(number, error=sentence, column=label)
        elif line.rest and not (line.is_titled or is_directory):
            yield OrderLine(number, error=f"Trop de colonnes : {len(BARE)} au plus.")
        else:
            yield order_line(number, _client_cells(dict(line.cells)))


def _client_cells(cells: dict[str, str]) -> dict[str, str]:
    """The long name where there is one; the commune, which the directory writes in the line of
    delivery: «01440 BOURG EN BRESSE CEDEX»."""
    cells["name"] = cells.get("long_name") or cells.get("name", "")
    city = one_line(cells.get("city", ""))
    if (not city or city.isdecimal()) and (routing := one_line(cells.get("routing", ""))):
        city = _CEDEX.sub("", _POSTCODE.sub("", routing, count=1))
    cells["city"] = "" if city.isdecimal() else city
    return cells
