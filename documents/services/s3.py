"""Stored files in a bucket that speaks S3, read as a stream: never whole in memory nor on a disk.

`FILES_S3_BUCKET` puts it in the place of the folder. The bucket stays private: the site alone reads
it, after its own check of permissions, and no address of the bucket is ever given.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from django.core.files import File
from storages.backends.s3 import S3Storage

from documents.services.held import HeldUpload

BLOCK = 256 * 1024


@contextmanager
def as_os_error(name: str) -> Iterator[None]:
    """What the folder raises: FileNotFoundError for no such file, OSError for any other failure."""
    try:
        yield
    except ClientError as error:
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
        kind = FileNotFoundError if status == HTTPStatus.NOT_FOUND else OSError
        raise kind(f"{name}: {error}") from error
    except BotoCoreError as error:
        raise OSError(f"{name}: {error}") from error


class S3Files(S3Storage):  # type: ignore[misc]
    def _open(self, name: str, mode: str = "rb") -> File[bytes]:  # noqa: ARG002
        """For reading only: what is stored never changes."""
        found = self.bucket.Object(self._normalize_name(name))
        with as_os_error(name):
            found.load()
        return File(io.BufferedReader(S3Reader(found, name), BLOCK), name)

    def exists(self, name: str) -> bool:
        with as_os_error(name):
            return bool(super().exists(name))

    def _save(self, name: str, content: Any) -> str:
        if isinstance(content, HeldUpload):  # each of its readings is from the beginning
            content = File(io.BufferedReader(BlocksReader(content.chunks()), BLOCK), name)
        with as_os_error(name):
            stored: str = super()._save(name, content)
        return stored

    def delete(self, name: str) -> None:
        with as_os_error(name):
            super().delete(name)

    def reach(self) -> None:
        """Raises OSError when the bucket does not answer."""
        with as_os_error(self.bucket_name):
            self.connection.meta.client.head_bucket(Bucket=self.bucket_name)


class S3Reader(io.RawIOBase):
    """One object, from any position on: a request at the first reading after each move."""

    def __init__(self, found: Any, name: str) -> None:
        self._object, self._name = found, name
        self._size: int = found.content_length
        self._at = 0
        self._body: Any = None

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if start + offset != self._at:
            self._leave()
            self._at = start + offset
        return self._at

    def readinto(self, buffer: Any) -> int:
        if self._at >= self._size or not len(buffer):
            return 0
        with as_os_error(self._name):
            if self._body is None:
                self._body = self._object.get(Range=f"bytes={self._at}-")["Body"]
            block: bytes = self._body.read(len(buffer))
        buffer[: len(block)] = block
        self._at += len(block)
        return len(block)

    def close(self) -> None:
        self._leave()
        super().close()

    def _leave(self) -> None:
        if self._body is not None:
            self._body.close()
            self._body = None


class BlocksReader(io.RawIOBase):
    """Blocks one after the other, as a file that is read once."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks, self._rest = blocks, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._rest = self._rest or next(self._blocks, b"")
        part, self._rest = self._rest[: len(buffer)], self._rest[len(buffer) :]
        buffer[: len(part)] = part
        return len(part)
