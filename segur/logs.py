"""Logs on standard output through structlog: JSON lines in production, plain text locally."""

import logging.config
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied
from structlog.dev import ConsoleRenderer, plain_traceback

from segur.secret_addresses import hide_in_line

SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
]


class RefusalInOneLine(logging.Filter):
    """A refusal is an answer like another: its traceback would say nothing more."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and isinstance(record.exc_info[1], PermissionDenied):
            record.exc_info = None
        return True


def line_formatter(*, json: bool) -> structlog.stdlib.ProcessorFormatter:
    """How a record is written: one line, without keys nor addresses of people."""
    renderers: list[Any] = (
        [
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
            hide_in_line,
        ]
        if json
        else [ConsoleRenderer(colors=False, exception_formatter=plain_traceback), hide_in_line]
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=SHARED,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            *renderers,
        ],
    )


def logging_config(*, json: bool, level: str) -> dict[str, Any]:
    """Configure structlog and the standard library alike; return the dictConfig applied."""
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    config: dict[str, Any] = {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structlog": {"()": line_formatter, "json": json},
        },
        "filters": {"refusals": {"()": RefusalInOneLine}},
        "handlers": {
            "stdout": {
                "class": "logging.StreamHandler",
                "formatter": "structlog",
                "filters": ["refusals"],
            }
        },
        "root": {"handlers": ["stdout"], "level": level},
        "loggers": {
            "django.server": {"level": "WARNING"},
            "celery.beat": {"level": "WARNING"},  # one line for each task of each minute
        },
    }
    logging.config.dictConfig(config)
    return config
