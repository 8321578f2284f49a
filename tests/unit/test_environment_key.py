"""The key of the environment is read once, cleaned, and gone."""

from __future__ import annotations

import os

import pytest

from pixverse_gui.core.environment_key import KEY_VARIABLE, take_key
from pixverse_gui.core.errors import MalformedApiKeyError
from pixverse_gui.core.secret import Secret

KEY = "sk-0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize(("text", "key"), [(KEY, KEY), (f' "{KEY}"\n', KEY), ("", None), ("  ", None)])
def test_a_key_is_taken_out_of_the_environment(monkeypatch: pytest.MonkeyPatch, text: str, key: str | None) -> None:
    monkeypatch.setenv(KEY_VARIABLE, text)
    found = take_key()
    assert (found.reveal() if isinstance(found, Secret) else found) == key
    assert KEY_VARIABLE not in os.environ
    assert take_key() is None


@pytest.mark.parametrize("text", ["sk …", "abc"])
def test_what_cannot_be_a_key_is_gone_too_and_told(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv(KEY_VARIABLE, text)
    found = take_key()
    assert isinstance(found, MalformedApiKeyError)
    assert found.params == {"reason": "environment"}
    assert KEY_VARIABLE not in os.environ
