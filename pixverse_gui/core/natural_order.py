"""The order people expect of names: img2 before img10, big and small letters alike."""

from __future__ import annotations

import os
import re
import unicodedata
from typing import Final

_DIGITS: Final = re.compile(r"([0-9]+)")
_SEPARATORS: Final = re.compile(r"[/\\]" if os.sep == "\\" else "/")

Chunk = tuple[str, int, str]
NaturalKey = tuple[tuple[tuple[tuple[Chunk, ...], tuple[Chunk, ...]], ...], str]


def natural_key(text: str) -> NaturalKey:
    """Sort key of a name or a path, compared part by part, each by stem and then by extension. Total: ties by text."""
    parts = []
    for part in _SEPARATORS.split(text):
        stem, dot, extension = part.rpartition(".")
        parts.append((_chunks(stem), _chunks(extension)) if stem else (_chunks(dot + extension), ()))
    return tuple(parts), text


def _chunks(text: str) -> tuple[Chunk, ...]:
    """Letters and the number after them. Numbers as length and digits: Python refuses to read very long ones."""
    # macOS gives names decomposed, other systems composed: they must sort alike.
    pieces = _DIGITS.split(unicodedata.normalize("NFC", text).casefold())
    numbers = [piece.lstrip("0") for piece in pieces[1::2]]
    chunks = [(letters, len(number) + 1, number) for letters, number in zip(pieces[::2], numbers, strict=False)]
    return (*chunks, (pieces[-1], 0, "")) if pieces[-1] else tuple(chunks)
