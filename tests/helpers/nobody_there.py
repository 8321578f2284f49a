"""An address of this computer where nobody listens, until a test puts somebody there."""

from __future__ import annotations

import socket


def free_port() -> int:
    """A port of the loopback address that nobody has at the moment."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
