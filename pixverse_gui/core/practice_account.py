"""Whose account practice mode uses: nobody's. Light, so that the start need not import the transport."""

from __future__ import annotations

from typing import Final

from pixverse_gui.core.secret import Secret

PRACTICE_API_URL: Final = "https://practice.invalid"
"""`.invalid` is reserved (RFC 2606): even if a request went out, it would reach nobody."""

PRACTICE_KEY: Final = Secret("practice-mode-has-no-key")
