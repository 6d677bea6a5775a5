"""Passwords known from leaks, looked up in a sorted file on disk."""

import hashlib
import os
from pathlib import Path
from typing import BinaryIO


def is_listed(path: Path, password: str) -> bool:
    """Whether a line «SHA-1 in hexadecimal capitals[:count]» of the file is that of the password.

    Bisects over bytes: some 36 reads for the whole list of Have I Been Pwned (about 40 GB).
    """
    wanted = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
    with path.open("rb") as file:
        low, high = 0, os.fstat(file.fileno()).st_size
        while low < high:  # the line wanted, if it is there, begins between the two
            middle = (low + high) // 2
            line = _line_from(file, middle)
            if line and line[:40] < wanted:
                low = middle + 1
            else:
                high = middle
        return _line_from(file, low)[:40] == wanted


def _line_from(file: BinaryIO, offset: int) -> bytes:
    """The first line that begins at the offset or after it; empty at the end of the file."""
    if offset:
        file.seek(offset - 1)
        file.readline()
    else:
        file.seek(0)
    return file.readline()
