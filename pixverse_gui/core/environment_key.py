"""The API key that the environment has: read once, and gone from there before anything else is started."""

from __future__ import annotations

import os

from pixverse_gui.core.errors import MalformedApiKeyError
from pixverse_gui.core.secret import Secret, clean_key

KEY_VARIABLE = "PIXVERSE_API_KEY"
GivenKey = Secret | MalformedApiKeyError | None
"""The key of this run; what is wrong with it, where it cannot be one; None where none was given."""


def take_key() -> GivenKey:
    """The window says what is wrong with it, and no other account's key is taken instead.

    Every program that this one starts (a browser for a link, a file manager for a folder) would inherit it otherwise,
    and so would whatever those start.
    """
    text = os.environ.pop(KEY_VARIABLE, "")
    try:
        return clean_key(text) if text.strip() else None
    except MalformedApiKeyError:
        return MalformedApiKeyError(reason="environment")
