"""What a browser would send of a form as the page shows it."""

from html.parser import HTMLParser


class _Forms(HTMLParser):
    """Every form of a page as a dictionary: field name → values, files left out."""

    def __init__(self):
        super().__init__()
        self.forms = []
        self._textarea = self._select = None

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        name = found.get("name")
        if tag == "form":
            self.forms.append({})
        elif tag == "input" and name and found.get("type") not in ("file", "submit"):
            if found.get("type") not in ("checkbox", "radio") or "checked" in found:
                self._add(name, found.get("value") or "")
        elif tag == "textarea" and name:
            self._textarea = name
            self._add(name, "")
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in found:
            self._add(self._select, found.get("value") or "")

    def handle_endtag(self, tag):
        if tag == "textarea":
            self._textarea = None
        elif tag == "select":
            self._select = None

    def handle_data(self, data):
        if self._textarea and self.forms:
            self.forms[-1][self._textarea][-1] += data.removeprefix("\n")

    def _add(self, name, value):
        if self.forms:
            self.forms[-1].setdefault(name, []).append(value)


def form_with(response, field):
    """The data of the form of this page that has `field`. Raises StopIteration without one."""
    page = _Forms()
    page.feed(response.content.decode())
    return next(form for form in page.forms if field in form)
