"""The logs of gunicorn, without what opens something or was not to be kept.

The access log has neither the query, which on the public simulator is what a visitor typed (the
page promises that nothing is recorded), nor the page that one comes from. Its errors quote whole
addresses: every handler hides the keys (`segur.secret_addresses`).
"""

import logging
from typing import Any

from gunicorn.glogging import Logger

from segur.secret_addresses import HidingFormatter, hide


def shown(address: str) -> str:
    """The path alone, without its key if it has one."""
    return hide(address.partition("?")[0])


class AccessLog(Logger):
    def setup(self, cfg: Any) -> None:
        super().setup(cfg)  # type: ignore[no-untyped-call]
        for handler in (*self.error_log.handlers, *self.access_log.handlers):
            handler.setFormatter(HidingFormatter(handler.formatter or logging.Formatter()))

    def atoms(self, resp: Any, req: Any, environ: dict[str, Any], request_time: Any) -> Any:
        logged = {**environ, "RAW_URI": shown(environ["RAW_URI"]), "QUERY_STRING": ""}
        logged["PATH_INFO"] = shown(environ.get("PATH_INFO", ""))
        logged["HTTP_REFERER"] = "-"
        return super().atoms(resp, req, logged, request_time)  # type: ignore[no-untyped-call]
