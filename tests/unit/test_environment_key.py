"""The key of the environment is read once, cleaned, and gone."""

from __future__ import annotations

import os

import pytest

from pixverse_gui.core.environment_key import KEY_VARIABLE, take_key

KEY = "sk-0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize(("text", "key"), [(KEY, KEY), (f' "{KEY}"\n', KEY), ("", None), ("  ", None), ("sk …", None)])
def test_a_key_is_taken_out_of_the_environment(monkeypatch: pytest.MonkeyPatch, text: str, key: str | None) -> None:
    monkeypatch.setenv(KEY_VARIABLE, text)
    found = take_key()
    assert (None if found is None else found.reveal()) == key
    assert KEY_VARIABLE not in os.environ
    assert take_key() is None
