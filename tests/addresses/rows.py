"""The objects that an address may show."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from accounts.models import User


@dataclass(frozen=True)
class Rows:
    """The objects that an address may show; `argument` is its name in the address."""

    argument: str
    all: Callable[[], Iterable[Any]]
    attribute: str = "pk"

    def sample(
        self, size: int, *, seen_by: User | None = None, hidden_from: User | None = None
    ) -> list[Any]:
        """At most `size` of them, spread over all, or over those that a person sees or does not."""
        rows = list(self.all())
        if seen_by is not None:
            seen = _visible_to(seen_by, rows)
            rows = [row for row in rows if row.pk in seen]
        if hidden_from is not None:
            seen = _visible_to(hidden_from, rows)
            rows = [row for row in rows if row.pk not in seen]
        return rows[:: max(1, len(rows) // size)][:size]

    def kwargs(self, row: Any) -> dict[str, Any]:
        return {self.argument: getattr(row, self.attribute)}


class PieceRows(Rows):
    """A piece is found by its deadline and its code."""

    def kwargs(self, row: Any) -> dict[str, Any]:
        return {"pk": row.deadline_id, "code": row.code}


class ConnectorRows(Rows):
    """A half-connector is found by its prestation and its kind."""

    def kwargs(self, row: Any) -> dict[str, Any]:
        return {"pk": row.prestation_id, "kind": row.kind}


def _visible_to(user: User, rows: list[Any]) -> set[Any]:
    manager = type(rows[0])._default_manager
    return set(manager.visible_to(user).values_list("pk", flat=True))


def by(argument: str, *names: str, rows: Callable[[], Iterable[Any]]) -> dict[str, Rows]:
    return {name: Rows(argument, rows) for name in names}
