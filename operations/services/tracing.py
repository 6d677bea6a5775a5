"""The number of a request goes with the tasks that it asks for, to each of their lines."""

from __future__ import annotations

from typing import Any

import structlog

HEADER = "segur_request_id"
NAMES = ("request_id", "task", "task_id")


def give(headers: dict[str, Any] | None = None, **_signal: Any) -> None:
    number = structlog.contextvars.get_contextvars().get("request_id")
    if headers is not None and number:
        headers.setdefault(HEADER, number)


def take(task_id: str = "", task: Any = None, **_signal: Any) -> None:
    """A task that the clock asked for has none: its own id marks its lines."""
    number = task.request.get(HEADER) or (task.request.headers or {}).get(HEADER)
    known = {"request_id": number} if number else {}
    structlog.contextvars.bind_contextvars(task=task.name, task_id=task_id, **known)


def leave(**_signal: Any) -> None:
    structlog.contextvars.unbind_contextvars(*NAMES)
