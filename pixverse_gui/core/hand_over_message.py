"""What a second start says to the running program: one framed message, and the answer to it."""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence

TAKEN = b"taken\n"
"""The answer: what was named is in the list of the running program, or will be in a moment."""

MAX_BYTES = 4 * 1024 * 1024
"""More than any system lets a command line hold."""

_LENGTH = struct.Struct(">I")
_VERSION = 1


def hand_over_message(named: Sequence[str]) -> bytes:
    """`named`: absolute paths and links, in their order; names that are no UTF-8 pass as they are."""
    body = json.dumps({"version": _VERSION, "named": list(named)}).encode("ascii")
    return _LENGTH.pack(len(body)) + body


class HandOverReader:
    """Takes a message in the pieces in which it comes."""

    def __init__(self) -> None:
        self._data = bytearray()

    def feed(self, piece: bytes) -> tuple[str, ...] | None:
        """What was named, once the message is whole; None until then. Raises ValueError for anything else."""
        self._data += piece
        if len(self._data) < _LENGTH.size:
            return None
        (size,) = _LENGTH.unpack_from(self._data)
        if size > MAX_BYTES or len(self._data) > _LENGTH.size + size:
            raise ValueError("this is no message of ours")
        if len(self._data) < _LENGTH.size + size:
            return None
        return _named(bytes(self._data[_LENGTH.size :]))


def _named(body: bytes) -> tuple[str, ...]:
    try:
        message = json.loads(body.decode("ascii"))
    except (ValueError, RecursionError) as error:
        raise ValueError("this is no message of ours") from error
    if not isinstance(message, dict) or message.keys() != {"version", "named"} or message["version"] != _VERSION:
        raise ValueError("this message is of another version")
    named = message["named"]
    if not isinstance(named, list) or not all(isinstance(one, str) for one in named):
        raise ValueError("this is no message of ours")
    return tuple(named)
