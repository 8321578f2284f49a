"""Sentences of the empty working list."""

from __future__ import annotations

EMPTY_TITLE = "Drop images or folders here"
EMPTY_PASTE = "You can also paste pictures, files or links with Ctrl+V."
EMPTY_LIMITS = "PNG, JPG and WebP up to 20 MB and 10,000 pixels a side."
