from typing import Any


def sample() -> dict[str, Any]:
    return {}
