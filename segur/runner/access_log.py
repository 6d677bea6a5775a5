"""The access log of gunicorn, without what opens something or was not to be kept.

The path of some links is a key (a feed, an invitation, a password), and the query of the public
simulator is what a visitor typed, of which the page says that nothing is recorded. Neither the
query nor the page that one comes from is logged.
"""

import re
from typing import Any

from gunicorn.glogging import Logger

_SECRET = re.compile(
    r"^(/calendriers/prive/|/invitation/|/rappels/desabonnement/"
    r"|/compte/(?:password/reset/key|confirm-email)/)[^/]+"
)


def shown(address: str) -> str:
    """The path alone, the secret that it may hold left out."""
    return _SECRET.sub(r"\1…", address.partition("?")[0])


class AccessLog(Logger):
    def atoms(self, resp: Any, req: Any, environ: dict[str, Any], request_time: Any) -> Any:
        told = {**environ, "RAW_URI": shown(environ["RAW_URI"]), "QUERY_STRING": ""}
        told["PATH_INFO"] = shown(environ.get("PATH_INFO", ""))
        told["HTTP_REFERER"] = "-"
        return super().atoms(resp, req, told, request_time)  # type: ignore[no-untyped-call]
