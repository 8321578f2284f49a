"""The doors to what is heavy to import: the key store and the client, each built by the first worker that needs it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from pixverse_gui.core.attempt_control import AttemptControl
from pixverse_gui.core.models import Balance
from pixverse_gui.core.secret import Secret
from pixverse_gui.core.sending import UploadClient


class KeyStore(Protocol):
    """What `core.credentials.ApiKeyStore` offers; every call may block."""

    def load(self) -> Secret | None: ...
    def save(self, secret: Secret, /) -> str: ...
    def forget(self) -> None: ...


class Client(UploadClient, Protocol):
    """What `core.client.PixVerseClient` offers; every call blocks."""

    def balance(self, trace_id: str, control: AttemptControl, /) -> Balance: ...
    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Doors:
    """How to build the parts that are heavy to import; each is called on a worker only."""

    key_store: Callable[[str], KeyStore]  # API host
    client: Callable[[str, Secret], Client]  # API address, key


class ClientBox:
    """A client that is built on the first worker that needs it, once."""

    def __init__(self, build: Callable[[], Client]) -> None:
        self._build = build
        self._lock = threading.Lock()
        self._client: Client | None = None

    def get(self) -> Client:
        """Worker threads only."""
        with self._lock:
            if self._client is None:
                self._client = self._build()
            return self._client

    def close(self) -> None:
        """Worker threads only."""
        with self._lock:
            if self._client is not None:
                self._client.close()
