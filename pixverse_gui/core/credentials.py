"""ApiKeyStore over keyring."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import ClassVar, Final

import keyring.backend
import keyring.core
from keyring.backend import KeyringBackend
from keyring.backends import chainer, fail, null
from keyring.errors import PasswordDeleteError

from pixverse_gui.core.errors import (
    CredentialError,
    KeyringLockedError,
    KeyringSilentError,
    KeyringUnavailableError,
)
from pixverse_gui.core.secret import Secret, clean_key

SERVICE: Final = "pixverse-gui"
KEY_NAME: Final = "default"

_WAIT_FOR_OTHERS_S: Final = 20.0
_MOST_COPIES: Final = 8
# By class name, because they come from libraries that only some systems have: keyring itself, SecretStorage (twice).
_LOCKED: Final = frozenset({"KeyringLocked", "LockedException", "PromptDismissedException"})
_STORE_NAMES: Final = {
    "keyring.backends.SecretService": "the system keyring",
    "keyring.backends.libsecret": "the system keyring",
    "keyring.backends.kwallet": "KDE Wallet",
    "keyring.backends.Windows": "Windows Credential Manager",
    "keyring.backends.macOS": "macOS Keychain",
}


class ApiKeyStore:
    """The key of one API host, in the password store of this computer and nowhere else: never in a file of ours.

    Every call blocks, possibly for ever (a store may wait for a password in another window): worker thread, with a
    deadline. Calls take turns. Raises CredentialErrors only. `backend`: instead of what keyring finds.
    """

    _turn: ClassVar[threading.Lock] = threading.Lock()

    def __init__(self, host: str, *, backend: KeyringBackend | None = None) -> None:
        self._user = f"{KEY_NAME}@{host}"
        self._backend = backend

    def load(self) -> Secret | None:
        """The saved key; None where there is none. Raises MalformedApiKeyError where something else is stored."""
        with self._stores() as stores:
            asked = (store for store in stores if _has_room_already(store))
            return next((clean_key(text) for text in map(self._stored_in, asked) if text), None)

    def save(self, secret: Secret) -> str:
        """Save, read back and compare; gives the name of the store, for people."""
        with self._stores() as stores:
            store = stores[0]
            store.set_password(SERVICE, self._user, secret.reveal())
            # A store can lose what it is given without an error: keyring's null backend does.
            if self._stored_in(store) != secret.reveal():
                raise KeyringUnavailableError(reason="lost")
            return store_name(store)

    def forget(self) -> None:
        """Return when no store has the key any more. Nothing saved is no error."""
        with self._stores() as stores:
            for store in filter(_has_room_already, stores):
                self._delete_from(store)

    def _stored_in(self, store: KeyringBackend) -> str | None:
        return store.get_password(SERVICE, self._user)

    def _delete_from(self, store: KeyringBackend) -> None:
        """A store may hold several under one name (after a merge of keyrings, say), and deletes one at a time."""
        for _ in range(_MOST_COPIES):
            if self._stored_in(store) is None:
                return
            try:
                store.delete_password(SERVICE, self._user)
            except PasswordDeleteError:
                break
        if self._stored_in(store) is not None:
            raise KeyringUnavailableError(reason="failed")

    @contextmanager
    def _stores(self) -> Iterator[list[KeyringBackend]]:
        """The usable stores, best first and never empty; one caller at a time."""
        if not self._turn.acquire(timeout=_WAIT_FOR_OTHERS_S):
            raise KeyringSilentError
        try:
            with _Border():
                yield _usable(self._backend or _found_backend())
        finally:
            self._turn.release()


def store_name(store: KeyringBackend) -> str:
    """What people call it; for one we do not know, what keyring calls it."""
    module = type(store).__module__
    known = (name for start, name in _STORE_NAMES.items() if module == start or module.startswith(f"{start}."))
    return next(known, str(store.name))


class _Border:
    """Whatever a store raises leaves as a CredentialError.

    No list of classes would do: each backend lets through those of its own library (pywin32, jeepney, dbus-python, the
    Security framework), and importing them to name them is not possible on every system.
    """

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not isinstance(error, Exception) or isinstance(error, CredentialError):
            return
        if _is_about_a_lock(error):
            raise KeyringLockedError from error
        reason = "missing" if type(error).__name__ == "NoKeyringError" else "failed"
        raise KeyringUnavailableError(reason=reason) from error


def _is_about_a_lock(error: BaseException | None) -> bool:
    """keyring wraps a dismissed password prompt into an InitError, so the causes count too."""
    while error is not None:
        if any(kind.__name__ in _LOCKED for kind in type(error).__mro__):
            return True
        error = error.__cause__
    return False


def _usable(backend: KeyringBackend) -> list[KeyringBackend]:
    """Those that protect what they are given. Raises KeyringUnavailableError where there is none."""
    candidates = list(backend.backends) if isinstance(backend, chainer.ChainerBackend) else [backend]
    existing = [one for one in candidates if not isinstance(one, fail.Keyring | null.Keyring)]
    usable = [one for one in existing if _is_protected(one)]
    if not usable:
        raise KeyringUnavailableError(reason="insecure" if existing else "missing")
    return usable


def _is_protected(store: KeyringBackend) -> bool:
    """keyring gives 1 or more to what it recommends; file stores of keyrings.alt stay below, or are named so."""
    if any("plaintext" in kind.__name__.lower() for kind in type(store).__mro__):
        return False
    try:
        return float(store.priority) >= 1
    except RuntimeError:  # keyring's way to say that it cannot work here
        return False


def _has_room_already(store: KeyringBackend) -> bool:
    """False for a Secret Service in which nothing was ever stored.

    keyring makes a collection there before it looks for anything, and the service then asks the operator to choose a
    password for it, in a window that nobody has called for. Looking is no reason for that; saving is.
    """
    if type(store).__module__ != "keyring.backends.SecretService" or hasattr(store, "preferred_collection"):
        return True
    import secretstorage  # noqa: PLC0415 - comes with keyring on Linux, and only there

    connection = secretstorage.dbus_init()
    try:
        secretstorage.Collection(connection)
    except secretstorage.ItemNotFoundException:
        return False
    finally:
        connection.close()
    return True


def _found_backend() -> KeyringBackend:
    """What the user chose for keyring, else the best that works now.

    Not `keyring.get_keyring`, which remembers for good that there was none: a store that was started, or unlocked,
    meanwhile has to be found when the operator tries again.
    """
    try:
        chosen = keyring.core.load_env() or keyring.core.load_config()
    except (ImportError, AttributeError, ValueError, TypeError, RuntimeError):
        chosen = None  # PYTHON_KEYRING_BACKEND names what is not there
    if chosen is not None:
        return chosen
    keyring.backend.get_all_keyring()  # loads the plug-ins
    kinds = [kind for kind in KeyringBackend.get_viable_backends() if not issubclass(kind, chainer.ChainerBackend)]
    best = max(kinds, key=keyring.backend.by_priority, default=fail.Keyring)
    return best()
