"""The key in a real Secret Service: gnome-keyring on a private session bus."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

KEY = "sk-0123456789abcdef0123456789abcdef"
WITH_KEYRING = Path(__file__).parents[1] / "helpers" / "with_keyring.sh"

needs_gnome_keyring = pytest.mark.skipif(
    not (shutil.which("gnome-keyring-daemon") and shutil.which("dbus-run-session") and shutil.which("dbus-send")),
    reason="gnome-keyring-daemon or dbus is not installed",
)

_REAL = """
import sys
from pixverse_gui.core.credentials import ApiKeyStore
from pixverse_gui.core.errors import CredentialError
from pixverse_gui.core.secret import Secret
store = ApiKeyStore("app-api.pixverse.ai")
try:
    print(store.load())
    print(store.save(Secret(sys.stdin.read())))
    print(store.load().last4)
    print(ApiKeyStore("another.example").load())
    store.forget()
    print(store.load())
except CredentialError as error:
    print(error.record().code)
"""


def run_with_real_keyring(**environ: str) -> list[str]:
    outside = {name: value for name, value in os.environ.items() if name != "PYTHON_KEYRING_BACKEND"}
    done = subprocess.run(
        [str(WITH_KEYRING), sys.executable, "-c", _REAL],
        input=KEY,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        cwd=Path(__file__).parents[2],
        env=outside | environ,
    )
    return done.stdout.splitlines()


@needs_gnome_keyring
def test_a_real_keyring_keeps_and_forgets_the_key() -> None:
    assert run_with_real_keyring() == ["None", "the system keyring", "cdef", "None", "None"]


@needs_gnome_keyring
def test_a_real_keyring_that_is_locked_is_told_apart() -> None:
    assert run_with_real_keyring(KEYRING_TEST_LOCKED="1") == ["keyring_locked"]


@needs_gnome_keyring
def test_a_real_keyring_is_found_where_the_choice_for_keyring_does_not_exist() -> None:
    assert run_with_real_keyring(PYTHON_KEYRING_BACKEND="no.such.Keyring")[1] == "the system keyring"


@needs_gnome_keyring
def test_looking_for_a_key_where_nothing_was_ever_stored_does_not_make_the_store_ask_for_a_new_password() -> None:
    look = "from pixverse_gui.core.credentials import ApiKeyStore as S; s = S('a.example'); print(s.load(), s.forget())"
    run = subprocess.run(
        [str(WITH_KEYRING), sys.executable, "-c", look],
        env={**os.environ, "KEYRING_TEST_EMPTY": "1", "PYTHON_KEYRING_BACKEND": ""},
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    assert run.stdout.split() == ["None", "None"]
