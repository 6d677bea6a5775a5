"""Tables of a page, read as a person does: by row and by the title of their column."""

from lxml import html


def text(element):
    return " ".join(element.text_content().split())


def table(response, caption):
    """The rows of the table whose caption starts so, each as {title of the column: cell}."""
    page = html.fromstring(response.content.decode())
    [found] = [one for one in page.iter("table") if text(one.find("caption")).startswith(caption)]
    titles = [text(cell) for cell in found.find("thead").iter("th")]
    rows = found.find("tbody").iter("tr")
    return [dict(zip(titles, map(text, row), strict=True)) for row in rows]


def facts(response):
    """Its lists of facts, as {term: description}."""
    page = html.fromstring(response.content.decode())
    return {text(term): text(term.getnext()) for term in page.iter("dt")}


def notices(response):
    page = html.fromstring(response.content.decode())
    return [text(one) for one in page.find_class("notice")]
