"""A real SMTP server for the tests: it keeps what it receives, refuses and stalls on demand."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller


class SmtpSink:
    """`with SmtpSink() as sink:` then `settings.MAIL_TRANSPORT = sink.transport`.

    `stall_at` («RCPT» or «DATA») makes it fall silent there, until `resume` is set; `stalled` shows
    that somebody is waiting. At DATA the message has been accepted, and its sender does not know.
    `cut_at` (the same places) makes it close the connection there instead of answering, and
    `slow_at` answer after `slowness` seconds.
    """

    def __init__(self) -> None:
        self.received: list[EmailMessage] = []
        self.stall_at = self.slow_at = self.cut_at = ""
        self.slowness = 0.0
        self.connections = 0
        self.mails_per_connection = 0  # closes after as many; 0: never
        self._taken: dict[Any, int] = {}
        self.stalled = threading.Event()
        self.resume = threading.Event()
        self.calm()
        # aiosmtpd does not tell which port it was given for 0: a free one is taken first.
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._running = False

    def __enter__(self) -> "SmtpSink":
        self._controller.start()
        self._running = True
        return self

    def __exit__(self, *_exception: object) -> None:
        self.stop()

    def stop(self) -> None:
        self.resume.set()
        if self._running:
            self._running = False
            self._controller.stop()

    @contextmanager
    def closed(self) -> Iterator[None]:
        """Nobody listens on its port inside the block."""
        self._controller.stop()
        yield
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    @property
    def transport(self) -> dict[str, Any]:
        return {
            "backend": "mailing.services.smtp.SmtpBackend",
            "options": {"host": "127.0.0.1", "port": self.port},
        }

    @property
    def url(self) -> str:
        """For EMAIL_URL."""
        return f"smtp://127.0.0.1:{self.port}"

    def refuse(self, address: str, answer: str) -> None:
        self._refused[address] = answer

    def calm(self) -> None:
        """Accept everything."""
        self._refused: dict[str, str] = {}
        self.refuse_all = ""
        self.answer_data = "250 OK"

    async def _stall(self, server: Any, place: str) -> None:
        if self.slow_at == place:
            await asyncio.sleep(self.slowness)
        if self.cut_at == place:
            server.transport.abort()
        if self.stall_at == place:
            self.stalled.set()
            while not self.resume.is_set():
                await asyncio.sleep(0.01)

    async def handle_RCPT(  # noqa: N802  (aiosmtpd's name)
        self, server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        await self._stall(server, "RCPT")
        if self.refuse_all:
            return self.refuse_all
        if address in self._refused:
            return self._refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: Any, session: Any, envelope: Any
    ) -> str:
        taken = self._taken[session.peer] = self._taken.get(session.peer, 0) + 1
        self.connections += taken == 1
        if self.answer_data.startswith("2"):
            message = message_from_bytes(envelope.content, policy=policy.default)
            self.received.append(message)
        await self._stall(server, "DATA")
        if taken == self.mails_per_connection:
            asyncio.get_running_loop().call_soon(server.transport.close)
        return self.answer_data
