"""The key store: what is saved is there, what is forgotten is gone, and every other outcome has its name."""

from __future__ import annotations

import threading

import keyring.errors
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import chainer, fail, null

from pixverse_gui.core import credentials
from pixverse_gui.core.credentials import ApiKeyStore, store_name
from pixverse_gui.core.errors import (
    CredentialError,
    KeyringLockedError,
    KeyringSilentError,
    KeyringUnavailableError,
    MalformedApiKeyError,
)
from pixverse_gui.core.secret import Secret
from tests.helpers.keyring_backends import (
    ClingingKeyring,
    LosingKeyring,
    MemoryKeyring,
    PlaintextKeyring,
    RaisingKeyring,
    RefusingToDeleteKeyring,
    ShorteningKeyring,
    UnusableKeyring,
    WaitingKeyring,
    WeakKeyring,
)

HOST = "app-api.pixverse.ai"
ENTRY = ("pixverse-gui", "default@app-api.pixverse.ai")
KEY = Secret("sk-0123456789abcdef0123456789abcdef")


class LockedException(Exception):  # noqa: N818 - named as SecretStorage names it
    pass


class Chain(chainer.ChainerBackend):
    """The real chainer over stores of our own."""

    viable = False
    backends: list[KeyringBackend] = []  # noqa: RUF012 - shadows a property of the class

    def __init__(self, *stores: KeyringBackend) -> None:
        super().__init__()
        self.backends = list(stores)


def wrapped(outer: Exception, inner: Exception) -> Exception:
    outer.__cause__ = inner
    return outer


def test_a_saved_key_is_loaded_again_and_stands_under_the_names_agreed_on() -> None:
    backend = MemoryKeyring()
    ApiKeyStore(HOST, backend=backend).save(KEY)
    assert ApiKeyStore(HOST, backend=backend).load() == KEY
    assert backend.kept == {ENTRY: [KEY.reveal()]}


def test_each_host_has_its_own_key() -> None:
    backend = MemoryKeyring()
    ApiKeyStore(HOST, backend=backend).save(KEY)
    assert ApiKeyStore("127.0.0.1:8080", backend=backend).load() is None


def test_a_forgotten_key_is_gone_and_forgetting_nothing_is_no_error() -> None:
    backend = MemoryKeyring()
    store = ApiKeyStore(HOST, backend=backend)
    store.save(KEY)
    store.forget()
    assert store.load() is None
    store.forget()


def test_all_copies_of_a_key_are_forgotten() -> None:
    backend = MemoryKeyring(copies=3)
    store = ApiKeyStore(HOST, backend=backend)
    store.save(KEY)
    store.forget()
    assert backend.kept[ENTRY] == []


def test_blanks_that_another_program_stored_around_the_key_come_off() -> None:
    backend = MemoryKeyring()
    backend.set_password(*ENTRY, f" {KEY.reveal()}\n")
    assert ApiKeyStore(HOST, backend=backend).load() == KEY


def test_something_stored_that_is_no_key_is_told() -> None:
    backend = MemoryKeyring()
    backend.set_password(*ENTRY, "two words")
    with pytest.raises(MalformedApiKeyError):
        ApiKeyStore(HOST, backend=backend).load()


@pytest.mark.parametrize("backend", [LosingKeyring(), ShorteningKeyring()])
def test_a_store_that_does_not_give_the_key_back_is_no_store(backend: KeyringBackend) -> None:
    with pytest.raises(KeyringUnavailableError) as caught:
        ApiKeyStore(HOST, backend=backend).save(KEY)
    assert caught.value.params == {"reason": "lost"}


@pytest.mark.parametrize("backend", [ClingingKeyring(), RefusingToDeleteKeyring(), MemoryKeyring(copies=50)])
def test_a_key_that_stays_after_forgetting_is_told(backend: MemoryKeyring) -> None:
    store = ApiKeyStore(HOST, backend=backend)
    store.save(KEY)
    with pytest.raises(KeyringUnavailableError) as caught:
        store.forget()
    assert caught.value.params == {"reason": "failed"}


@pytest.mark.parametrize(
    ("backend", "reason"),
    [
        (fail.Keyring(), "missing"),
        (null.Keyring(), "missing"),
        (WeakKeyring(), "insecure"),
        (PlaintextKeyring(), "insecure"),
        (UnusableKeyring(), "insecure"),
        (Chain(), "missing"),
        (Chain(null.Keyring(), fail.Keyring()), "missing"),
        (Chain(PlaintextKeyring(), WeakKeyring()), "insecure"),
    ],
)
def test_a_store_that_protects_nothing_is_never_given_the_key(backend: KeyringBackend, reason: str) -> None:
    store = ApiKeyStore(HOST, backend=backend)
    for call in (store.load, lambda: store.save(KEY), store.forget):
        with pytest.raises(KeyringUnavailableError) as caught:
            call()
        assert caught.value.params == {"reason": reason}
    kept = [one.kept for one in getattr(backend, "backends", [backend]) if isinstance(one, MemoryKeyring)]
    assert not any(kept)


def test_of_several_stores_the_first_safe_one_is_written_and_all_safe_ones_are_read() -> None:
    plain, first, second = PlaintextKeyring(), MemoryKeyring(), MemoryKeyring()
    store = ApiKeyStore(HOST, backend=Chain(plain, first, second))
    second.set_password(*ENTRY, KEY.reveal())
    assert store.load() == KEY
    store.save(Secret("another-key-of-mine"))
    assert (plain.kept, first.kept) == ({}, {ENTRY: ["another-key-of-mine"]})
    assert store.load() == Secret("another-key-of-mine")
    store.forget()
    assert store.load() is None


@pytest.mark.parametrize(
    ("error", "expected", "reason"),
    [
        (keyring.errors.NoKeyringError("none"), KeyringUnavailableError, "missing"),
        (keyring.errors.InitError("bus"), KeyringUnavailableError, "failed"),
        (keyring.errors.PasswordSetError("vault full"), KeyringUnavailableError, "failed"),
        (RuntimeError("odd"), KeyringUnavailableError, "failed"),
        (OSError(1783, "the stub received bad data"), KeyringUnavailableError, "failed"),
        (ValueError("odd"), KeyringUnavailableError, "failed"),
        (TimeoutError(), KeyringUnavailableError, "failed"),
        (keyring.errors.KeyringLocked("locked"), KeyringLockedError, None),
        (LockedException("locked"), KeyringLockedError, None),
        (wrapped(keyring.errors.InitError("collection"), LockedException()), KeyringLockedError, None),
    ],
)
def test_whatever_a_store_raises_becomes_one_of_our_errors_with_its_cause(
    error: Exception, expected: type[CredentialError], reason: str | None
) -> None:
    store = ApiKeyStore(HOST, backend=RaisingKeyring(error))
    for call in (store.load, lambda: store.save(KEY), store.forget):
        with pytest.raises(expected) as caught:
            call()
        assert caught.value.params.get("reason") == reason
        assert caught.value.__cause__ is error


def test_the_end_of_the_program_is_not_taken_for_an_error_of_the_store() -> None:
    with pytest.raises(KeyboardInterrupt):
        ApiKeyStore(HOST, backend=RaisingKeyring(KeyboardInterrupt())).load()


def test_calls_take_turns_and_one_that_waits_too_long_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(credentials, "_WAIT_FOR_OTHERS_S", 0.01)
    backend, quick = WaitingKeyring(), MemoryKeyring()
    loader = threading.Thread(target=ApiKeyStore(HOST, backend=backend).load)
    loader.start()
    backend.asked.wait()
    with pytest.raises(KeyringSilentError):
        ApiKeyStore(HOST, backend=quick).load()
    backend.answer.set()
    loader.join()
    ApiKeyStore(HOST, backend=quick).save(KEY)
    assert ApiKeyStore(HOST, backend=quick).load() == KEY
    assert backend.most_at_once == 1


def test_after_an_error_the_next_caller_gets_its_turn() -> None:
    with pytest.raises(KeyringLockedError):
        ApiKeyStore(HOST, backend=RaisingKeyring(LockedException())).load()
    assert ApiKeyStore(HOST, backend=MemoryKeyring()).load() is None


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("keyring.backends.SecretService", "the system keyring"),
        ("keyring.backends.macOS", "macOS Keychain"),
        ("keyring.backends.macOS.api", "macOS Keychain"),
        ("keyring.backends.Windows", "Windows Credential Manager"),
        ("keyring.backends.kwallet", "KDE Wallet"),
    ],
)
def test_stores_have_the_names_people_know(module: str, name: str) -> None:
    kind = type("Keyring", (MemoryKeyring,), {"__module__": module})
    assert store_name(kind()) == name


def test_a_store_nobody_knows_has_keyrings_name() -> None:
    assert ApiKeyStore(HOST, backend=MemoryKeyring()).save(KEY) == "keyring backends MemoryKeyring"


def test_the_users_choice_for_keyring_is_heeded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    with pytest.raises(KeyringUnavailableError) as caught:
        ApiKeyStore(HOST).load()
    assert caught.value.params == {"reason": "missing"}


@pytest.mark.parametrize(
    "wrong", ["no.such.module.Keyring", "keyring.backends.null.Nothing", "Keyring", "", "sys.path"]
)
def test_a_choice_that_does_not_exist_counts_as_none(wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", wrong)
    monkeypatch.setattr(KeyringBackend, "get_viable_backends", classmethod(lambda cls: iter([MemoryKeyring])))
    assert ApiKeyStore(HOST).load() is None


def test_without_any_store_that_works_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTHON_KEYRING_BACKEND")
    monkeypatch.setattr(KeyringBackend, "get_viable_backends", classmethod(lambda cls: iter([chainer.ChainerBackend])))
    with pytest.raises(KeyringUnavailableError) as caught:
        ApiKeyStore(HOST).load()
    assert caught.value.params == {"reason": "missing"}
