"""A robot that clicks as one person: follows links, filters lists, saves what is safe to save."""

import http.client
import random
import re
import time
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urljoin, urlsplit

HOME = "/"
LEFT_ALONE = re.compile(r"/(compte|administration|admin)/")
# Posts that may be repeated for an hour: they decide nothing and change no account.
SAFE_POSTS = re.compile(
    r"/(affichage|profil|organisation/choisir|rappels/preferences|perf/simulateur"
    r"|echeances/\d+/depot|prestations/\d+/modifier)/"
)
DRAFT = ("enregistrer", "1")
REDIRECTIONS = 5


@dataclass
class Form:
    action: str
    is_post: bool
    fields: list[tuple[str, str]] = field(default_factory=list)

    @property
    def is_safe(self) -> bool:
        path = urlsplit(self.action).path
        return not LEFT_ALONE.match(path) and (not self.is_post or bool(SAFE_POSTS.fullmatch(path)))


class Page(HTMLParser):
    """Its links to this site, and its forms with the values that a browser would send."""

    def __init__(self, address: str, text: str) -> None:
        super().__init__()
        self.address = address
        self.links: list[str] = []
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._select = self._area = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if tag == "a":
            self._link(attributes.get("href") or "")
        elif tag == "form":
            is_post = (attributes.get("method") or "get").lower() == "post"
            self._form = Form(urljoin(self.address, attributes.get("action") or ""), is_post)
            self.forms.append(self._form)
        elif self._form:
            self._field(tag, attributes, attributes.get("name") or "")

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        elif tag in ("select", "textarea"):
            self._select = self._area = ""

    def handle_data(self, data):
        if self._form and self._area:
            self._form.fields.append((self._area, data.strip()))
            self._area = ""

    def _link(self, href):
        path = urljoin(self.address, href).partition("#")[0]
        if path.startswith("/") and not LEFT_ALONE.match(path):
            self.links.append(path)

    def _field(self, tag, attributes, name):
        kind = attributes.get("type") or "text"
        value = attributes.get("value") or ""
        if tag == "select":
            self._select = name
        elif tag == "textarea":
            self._area = name
        elif tag == "option" and self._select and "selected" in attributes:
            self._form.fields.append((self._select, value))
        elif tag == "input" and kind in ("checkbox", "radio"):
            if "checked" in attributes:
                self._form.fields.append((name, value or "on"))
        elif (tag == "input" and kind not in ("submit", "file") and name) or (
            (name, value) == DRAFT
        ):
            self._form.fields.append((name, value))


def shape(method: str, address: str) -> str:
    """The same for the pages of two rows of one kind."""
    return f"{method} {re.sub(r'[0-9]+', 'N', urlsplit(address).path)}"


class Robot:
    """One person's browser: cookies, a page at a time, a seeded random walk."""

    def __init__(self, port: int, seed: int) -> None:
        self.port = port
        self.random = random.Random(seed)  # noqa: S311
        self.cookies: dict[str, str] = {}
        self.answers: list[tuple[int, str]] = []
        self.visits: Counter[str] = Counter()
        self.page = Page(HOME, "")

    def log_in(self, email: str, password: str) -> None:
        self.get("/compte/login/")
        (form,) = [form for form in self.page.forms if "/login/" in form.action]
        values = dict(form.fields) | {"login": email, "password": password}
        self.post(form.action, list(values.items()))
        assert "sessionid" in self.cookies, f"{email} could not log in"

    def walk(self, until: float, pause: float) -> None:
        while time.monotonic() < until:
            began = time.monotonic()
            self.step()
            time.sleep(max(0, began + pause - time.monotonic()))

    def step(self) -> None:
        """Mostly what was done least, so that every kind of page and form has its turn."""
        choices = [*self.page.links, *(form for form in self.page.forms if form.is_safe)]
        if not choices or self.random.random() < 0.05:
            self.get(HOME)
            return
        choice = min(choices, key=self._habit)
        if isinstance(choice, Form):
            self._send(choice)
        else:
            self.get(choice)

    def _habit(self, choice: str | Form) -> float:
        if isinstance(choice, Form):
            act = shape("POST" if choice.is_post else "GET", choice.action)
        else:
            act = shape("GET", choice)
        return self.visits[act] + self.random.random() * 3

    def _send(self, form: Form) -> None:
        if form.is_post:
            self.post(form.action, form.fields)
        else:
            self.get(f"{form.action.partition('?')[0]}?{urlencode(form.fields)}")

    def get(self, address: str) -> None:
        self._ask("GET", address, None)

    def post(self, address: str, fields: list[tuple[str, str]]) -> None:
        self._ask("POST", address, urlencode(fields))

    def _ask(self, method: str, address: str, body: str | None) -> None:
        for _ in range(REDIRECTIONS):
            self.visits[shape(method, address)] += 1
            status, headers, content = self._answer(method, address, body)
            self.answers.append((status, f"{method} {address}"))
            if status not in (301, 302, 303):
                break
            method, body = "GET", None
            address = urljoin(address, headers["Location"])
        if "text/html" in headers.get("Content-Type", ""):
            self.page = Page(address, content.decode())

    def _answer(self, method, address, body):
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Cookie": "; ".join(f"{key}={value}" for key, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            link.request(method, address, body, headers)
            answer = link.getresponse()
            for line in answer.headers.get_all("Set-Cookie", []):
                self.cookies |= {key: item.value for key, item in SimpleCookie(line).items()}
            return answer.status, answer.headers, answer.read()
        finally:
            link.close()
