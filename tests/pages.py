"""Ask for a page, and read it as a person does.

Pages and mails leave with the no-break spaces of French (`segur.lib.no_break`), which a reader sees
as spaces: these functions return ordinary ones, so that a test quotes a sentence as one types it.
"""

import csv
import html
import io
import re

from segur.lib.no_break import NO_BREAK, THIN


def page(client, user, address, **query):
    client.force_login(user)
    return client.get(address, query)


def as_read(text: str) -> str:
    return text.replace(NO_BREAK, " ").replace(THIN, " ")


def markup(response):
    """The HTML of a page. A download is refused: it is compared byte for byte."""
    kind = response.headers["Content-Type"]
    assert kind.startswith("text/html"), f"not a page but {kind}"
    assert "Content-Disposition" not in response.headers, "not a page but a download"
    return as_read(response.content.decode())


def text(response):
    """What is written on the page, without its tags."""
    bare = html.unescape(re.sub(r"<[^>]+>", " ", markup(response)))
    return " ".join(bare.split())


def cells(response, label):
    """What stands in each cell of a column of a table."""
    found = re.findall(
        rf'<td data-label="{re.escape(label)}"[^>]*>(.*?)</td>', markup(response), re.DOTALL
    )
    return [" ".join(html.unescape(re.sub(r"<[^>]+>", " ", cell)).split()) for cell in found]


def csv_rows(response):
    """A CSV download, a dict a row."""
    table = response.content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(as_read(table)), delimiter=";"))
