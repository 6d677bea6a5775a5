"""Who looks at the site in the golden texts: the people of the demonstration, by their address."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any, TypeVar

from django.test import Client

from accounts.models import User
from tests.golden.routes import Target

Answer = TypeVar("Answer")

PEOPLE = {
    "anonymous": None,
    "responsable": "responsable@ans.example",
    "agent": "agent@ans.example",
    "mandataire": "mandataire@radiolune.example",
    "représentant": "representant@radiolune.example",
    "salarié": "salarie@radiolune.example",
    "distributeur": "mandataire@ponant.example",
    "two hats": "deux@garrigue.example",
    "second éditeur": "mandataire@brumaire.example",
    "third éditeur": "mandataire@pixelplume.example",
    "technical staff": "technique@ans.example",
}
"""Role → address. The éditeur is Radiolune; «two hats» leads one distributeur and represents
another; the second and the third éditeur are outsiders to the first; the technical staff belong to
no organisation."""


@dataclass
class People:
    """Of those from whom an object is hidden, one is asked, each in turn; where it answers 404, the
    others are not: `tests/security/test_access_matrix.py` asks every private address.
    """

    browsers: dict[str, Client]
    users: dict[str, User]
    _seen: dict[tuple[str, type], set[Any]] = field(default_factory=dict)
    _turns: Iterator[int] = field(default_factory=count)

    def asked(
        self,
        target: Target,
        ask: Callable[[Client], Answer],
        not_found: Answer,
        alike: Iterable[list[str]] = (),
    ) -> Iterator[tuple[str, Answer]]:
        """Each role, and what `ask` returns for its browser. Of each group of `alike`, roles that
        get the same as far as we know, one answers for all.
        """
        hidden = [role for role in self.users if not self._sees(role, target)]
        known = {}
        if hidden:
            role = self._next_of(hidden)
            known[role] = ask(self.browsers[role])
            if known[role] == not_found:
                known = dict.fromkeys(hidden, not_found)
        for group in alike:
            if others := [role for role in group if role in self.browsers and role not in hidden]:
                answer = ask(self.browsers[self._next_of(others)])
                known |= dict.fromkeys(others, answer)
        for role, browser in self.browsers.items():
            yield role, known[role] if role in known else ask(browser)

    def _next_of(self, roles: list[str]) -> str:
        return roles[next(self._turns) % len(roles)]

    def _sees(self, role: str, target: Target) -> bool:
        if target.private is None:
            return True
        model = type(target.private)
        if (role, model) not in self._seen:
            visible = model._default_manager.visible_to(self.users[role])
            self._seen[role, model] = set(visible.values_list("pk", flat=True))
        return target.private.pk in self._seen[role, model]
