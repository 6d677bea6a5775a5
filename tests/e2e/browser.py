"""A person with a browser: fails when the page complains, not only when it looks wrong."""

from dataclasses import dataclass, field
from typing import Literal

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, ViewportSize

from accounts.models import User

WIDE: ViewportSize = {"width": 1280, "height": 900}
NARROW: ViewportSize = {"width": 390, "height": 844}
SCHEMES: tuple[tuple[Literal["light", "dark"], list[str]], ...] = (
    ("light", []),
    ("dark", ["color-contrast"]),
)
"""Each with the only rules to look at; none means all."""
REFUSED_PAGE = "Failed to load resource: the server responded with a status of 4"
"""What Chromium says of a page that answers 403, 404 or 422: the test itself looks at those."""

axe = Axe()


@dataclass
class Visitor:
    context: BrowserContext
    site: str
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.client = Client()
        self.page: Page = self.context.new_page()
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))

    def _console(self, message: ConsoleMessage) -> None:
        """A violation of the content security policy is reported here, as an error."""
        is_bad = message.type in {"error", "warning"}
        if is_bad and not message.text.startswith(REFUSED_PAGE):
            self.complaints.append(f"{message.type} at {self.page.url}: {message.text}")

    def log_in_as(self, email: str) -> User:
        """Without the form: `client` and the browser share a session made for the purpose."""
        user = User.objects.get(email=email)
        self.client.force_login(user)
        cookie = self.client.cookies[settings.SESSION_COOKIE_NAME].value
        self.context.clear_cookies()
        self.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": self.site}]
        )
        return user

    def goto(self, path: str) -> int:
        """The status of the answer."""
        response = self.page.goto(f"{self.site}{path}")
        assert response is not None
        return response.status

    def accessibility_problems(self, *, wide_only: bool = False) -> list[str]:
        """What axe finds on this page, wide and narrow, in light and in dark, and whether it
        scrolls sideways. Only colours differ in the dark: they alone are looked at again there.
        `wide_only`: a second look, wide and in light.
        """
        self.page.evaluate(axe.axe_script)
        found = []
        for size in (WIDE,) if wide_only else (WIDE, NARROW):
            self.page.set_viewport_size(size)
            for scheme, rules in SCHEMES[:1] if wide_only else SCHEMES:
                self.page.emulate_media(color_scheme=scheme)
                where = f"{size['width']} {scheme}"
                found += [f"{where}: {problem}" for problem in self._axe(rules)]
            if self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
                found.append(f"{size['width']}: scrolls sideways")
        return found

    def low_contrast(self) -> list[str]:
        """What axe finds of colours alone, in light and in dark."""
        self.page.evaluate(axe.axe_script)
        found = []
        for scheme, _ in SCHEMES:
            self.page.emulate_media(color_scheme=scheme)
            found += [f"{scheme}: {problem}" for problem in self._axe(["color-contrast"])]
        return found

    def _axe(self, rules: list[str]) -> list[str]:
        options = {"resultTypes": ["violations"], **({"runOnly": rules} if rules else {})}
        violations = self.page.evaluate("options => axe.run(options)", options)["violations"]
        return [
            f"{violation['id']}: {node['html'][:160]} {node['failureSummary'][:200]}"
            for violation in violations
            for node in violation["nodes"]
        ]
