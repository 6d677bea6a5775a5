"""The broker of the embedded mode: a folder, one file per message. A transport for kombu.

kombu's own `filesystem` transport opens a message in the folder and then writes it: a consumer that
comes in between reads an empty file and dies. Here:

- A message is written in a sub-folder and renamed into place: no reader opens half of one.
- Whoever removes the file owns the message. Of two consumers that read the same file, the second
  finds nothing to remove and goes on to the next one: no message is delivered twice.
- What cannot be read as a message is moved to `unreadable/` and logged, once, and never raises.
- A message leaves the folder before it is delivered. A message that kills its consumer is not read
  again; one held by a consumer that is killed is lost, and a periodic task finds its work in the
  database.

Bindings stay in the memory of each process, which declares its queues before it uses them. There
is no fan-out, so no remote control. Files written by kombu's transport are read too.
"""

import base64
import datetime as dt
import json
import logging
import stat
import time
import uuid
from collections import defaultdict
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.transport import virtual
from kombu.utils.json import dumps, loads

MAX_BYTES = 1024 * 1024  # our messages carry ids: a few hundred bytes

log = logging.getLogger(__name__)


class FileChannel(virtual.Channel):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._listed: dict[str, list[Path]] = defaultdict(list)
        self._given_up: set[Path] = set()

    @property
    def _folder(self) -> Path:
        """Where the messages lie; made again if somebody has deleted it meanwhile."""
        client: Any = self.connection.client
        folder = Path(client.transport_options["folder"])
        (folder / "writing").mkdir(parents=True, exist_ok=True)
        return folder

    def _put(self, queue: str, message: dict[str, Any], **_options: object) -> None:
        folder, name = self._folder, f"{time.time_ns()}_{uuid.uuid4()}.{queue}.msg"
        aside = folder / "writing" / name
        try:
            aside.write_text(dumps(message), encoding="utf-8")
            aside.rename(folder / name)
        except OSError:  # a full disk, say: kombu tries again, or says so to the caller
            aside.unlink(missing_ok=True)
            raise

    def _get(self, queue: str, _timeout: float | None = None) -> dict[str, Any]:
        """The oldest message of the last listing; the folder is listed again once that is used up,
        so that a long queue is not listed for each of its messages.
        """
        if not self._listed[queue]:
            self._listed[queue] = sorted(self._paths(queue), reverse=True)
        paths = self._listed[queue]
        while paths:
            message = self._take(paths.pop())
            if message is not None:
                return message
        raise Empty

    def _paths(self, queue: str) -> list[Path]:
        found = [path for path in self._folder.iterdir() if _queue_of(path.name) == queue]
        return [path for path in found if path not in self._given_up]

    def _take(self, path: Path) -> dict[str, Any] | None:
        """Remove and return this message; None where another consumer did, or nobody can."""
        try:
            message = self._read(path)
            path.unlink()
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError, LookupError, AttributeError, RecursionError) as why:
            self._set_aside(path, why)
            return None
        return message

    def _read(self, path: Path) -> dict[str, Any]:
        """Raise where this is no file of ours, or not a message as Celery sends them."""
        status = path.lstat()
        if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_BYTES:
            raise ValueError("not a file, or too large")
        message: dict[str, Any] = loads(path.read_bytes())
        _check(message)
        return message

    def _set_aside(self, path: Path, why: Exception) -> None:
        target = path.parent / "unreadable" / f"{time.time_ns()}_{path.name}"
        try:
            target.parent.mkdir(exist_ok=True)
            path.rename(target)
        except FileNotFoundError:
            return  # another consumer was faster, and has logged it
        except OSError:
            self._given_up.add(path)
            log.exception("unreadable message left in place: %s (%r)", path, why)
        else:
            log.error("unreadable message set aside: %s (%r)", target, why)

    def _size(self, queue: str) -> int:
        return len(self._paths(queue))

    def _purge(self, queue: str) -> int:
        paths = self._paths(queue)
        for path in paths:
            path.unlink(missing_ok=True)
        return len(paths)


def _queue_of(name: str) -> str:
    """`<instant>_<id>.<queue>.msg`, and nothing for any other name."""
    queue, _, suffix = name.partition(".")[2].rpartition(".")
    return queue if suffix == "msg" else ""


def _check(message: dict[str, Any]) -> None:
    """Raise where a part is missing or of another type: on many of these Celery ends its worker."""
    headers, properties = message["headers"], message["properties"]
    delivery = properties["delivery_info"]
    texts = [headers["task"], headers["id"], properties["delivery_tag"]]
    texts += [delivery["exchange"], delivery["routing_key"]]
    if not all(isinstance(text, str) for text in texts):
        raise TypeError("a name or an id that is not a text")
    form = (message["content-type"], message["content-encoding"], properties["body_encoding"])
    if form != ("application/json", "utf-8", "base64"):
        raise ValueError("not JSON in UTF-8 in base64")
    arguments, options, _callbacks = json.loads(base64.b64decode(message["body"], validate=True))
    if not isinstance(arguments, list) or not isinstance(options, dict):
        raise TypeError("no arguments")
    for instant in (headers.get("eta"), headers.get("expires")):
        if instant is not None:
            dt.datetime.fromisoformat(instant)


class Transport(virtual.Transport):
    Channel = FileChannel
    # A folder that cannot be read or written for a while: Celery says so and tries again.
    connection_errors = (OSError, *virtual.Transport.connection_errors)
    # One for the process: what a connection has declared holds for the next.
    global_state = virtual.BrokerState()
    default_port = 0
    driver_type = driver_name = "folder"

    def __init__(self, client: Any, **kwargs: Any) -> None:
        super().__init__(client, **kwargs)
        self.state = self.global_state

    def driver_version(self) -> str:
        return "1"
