"""The API key that the environment has: read once, and gone from there before anything else is started."""

from __future__ import annotations

import os

from pixverse_gui.core.errors import MalformedApiKeyError
from pixverse_gui.core.secret import Secret, clean_key

KEY_VARIABLE = "PIXVERSE_API_KEY"


def take_key() -> Secret | None:
    """None where there is none that could be one.

    Every program that this one starts (a browser for a link, a file manager for a folder) would inherit it otherwise,
    and so would whatever those start.
    """
    text = os.environ.pop(KEY_VARIABLE, "")
    try:
        return clean_key(text) if text.strip() else None
    except MalformedApiKeyError:
        return None
