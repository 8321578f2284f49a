"""Password stores that behave, each in one way, as real ones were seen to; none is found by keyring by itself."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path
from typing import ClassVar

from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError


class MemoryKeyring(KeyringBackend):
    """Keeps what it is given, as long as it lives."""

    viable: ClassVar[bool] = False  # keyring collects every subclass; this one is for those who are given it
    priority: ClassVar[float] = 5

    def __init__(self, *, copies: int = 1) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], list[str]] = {}
        self._copies = copies

    def get_password(self, service: str, username: str) -> str | None:
        kept = self.kept.get((service, username))
        return kept[0] if kept else None

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = [password] * self._copies

    def delete_password(self, service: str, username: str) -> None:
        if not self.kept.get((service, username)):
            raise PasswordDeleteError("not found")
        self.kept[service, username].pop()


class FileKeyring(KeyringBackend):
    """Keeps everything in the file that FILE_KEYRING names, so that another process finds it there."""

    viable: ClassVar[bool] = False
    priority: ClassVar[float] = 5

    def get_password(self, service: str, username: str) -> str | None:
        kept: str | None = self._kept().get(f"{service} {username}")
        return kept

    def set_password(self, service: str, username: str, password: str) -> None:
        self._keep({**self._kept(), f"{service} {username}": password})

    def delete_password(self, service: str, username: str) -> None:
        kept = self._kept()
        if kept.pop(f"{service} {username}", None) is None:
            raise PasswordDeleteError("not found")
        self._keep(kept)

    def _kept(self) -> dict[str, str]:
        path = Path(os.environ["FILE_KEYRING"])
        return json.loads(path.read_text()) if path.exists() else {}

    def _keep(self, kept: dict[str, str]) -> None:
        Path(os.environ["FILE_KEYRING"]).write_text(json.dumps(kept))


class LosingKeyring(MemoryKeyring):
    """Takes everything and keeps nothing, without an error."""

    def set_password(self, service: str, username: str, password: str) -> None:
        return


class ShorteningKeyring(MemoryKeyring):
    """Gives back less than it was given."""

    def set_password(self, service: str, username: str, password: str) -> None:
        super().set_password(service, username, password[:10])


class ClingingKeyring(MemoryKeyring):
    """Says that it deleted, and did not."""

    def delete_password(self, service: str, username: str) -> None:
        return


class RefusingToDeleteKeyring(MemoryKeyring):
    """Shows a password that it cannot delete."""

    def delete_password(self, service: str, username: str) -> None:
        raise PasswordDeleteError("read-only")


class RaisingKeyring(MemoryKeyring):
    """Raises the same at everything that is asked of it."""

    def __init__(self, error: BaseException) -> None:
        super().__init__()
        self._error = error

    def get_password(self, service: str, username: str) -> str | None:
        raise self._error

    def set_password(self, service: str, username: str, password: str) -> None:
        raise self._error

    def delete_password(self, service: str, username: str) -> None:
        raise self._error


class WaitingKeyring(MemoryKeyring):
    """Answers once `answer` is set, like one that waits for a password in another window."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = threading.Event()
        self.answer = threading.Event()
        self.at_once = 0
        self.most_at_once = 0

    def get_password(self, service: str, username: str) -> str | None:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        self.asked.set()
        self.answer.wait()
        self.at_once -= 1
        return super().get_password(service, username)


class WeakKeyring(MemoryKeyring):
    """One that keyring does not recommend."""

    priority: ClassVar[float] = 0.5


class PlaintextKeyring(MemoryKeyring):
    """Named like the file store of keyrings.alt, and thinking well of itself."""

    priority: ClassVar[float] = 9


class _Unusable:
    def __get__(self, instance: object, owner: type | None = None) -> float:
        raise RuntimeError("cannot work here")


class UnusableKeyring(MemoryKeyring):
    """keyring's own way to say that a backend cannot work on this system."""

    priority = _Unusable()  # type: ignore[assignment]
