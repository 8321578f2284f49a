"""The order people expect of names: img2 before img10, big and small letters alike."""

from __future__ import annotations

import os
import re
import unicodedata
from functools import lru_cache
from typing import Final

_DIGITS: Final = re.compile(r"([0-9]+)")
_SEPARATORS: Final = re.compile(r"[/\\]" if os.sep == "\\" else "/")

Chunk = tuple[str, int, str]
Part = tuple[tuple[Chunk, ...], tuple[Chunk, ...]]
NaturalKey = tuple[tuple[Part, ...], str]


def natural_key(text: str) -> NaturalKey:
    """Sort key of a name or a path, compared part by part, each by stem and then by extension. Total: ties by text."""
    last = max((found.end() for found in _SEPARATORS.finditer(text)), default=0)
    return (*_folder_key(text[:last]), _part_key(text[last:])), text


@lru_cache(maxsize=256)
def _folder_key(folder: str) -> tuple[Part, ...]:
    """Kept: thousands of pictures lie in a few folders. With the separator at its end."""
    return tuple(map(_part_key, _SEPARATORS.split(folder)[:-1]))


def _part_key(part: str) -> Part:
    stem, dot, extension = part.rpartition(".")
    return (_chunks(stem), _chunks(extension)) if stem else (_chunks(dot + extension), ())


def _chunks(text: str) -> tuple[Chunk, ...]:
    """Letters and the number after them. Numbers as length and digits: Python refuses to read very long ones."""
    # macOS gives names decomposed, other systems composed: they must sort alike.
    pieces = _DIGITS.split(unicodedata.normalize("NFC", text).casefold())
    numbers = [piece.lstrip("0") for piece in pieces[1::2]]
    chunks = [(letters, len(number) + 1, number) for letters, number in zip(pieces[::2], numbers, strict=False)]
    return (*chunks, (pieces[-1], 0, "")) if pieces[-1] else tuple(chunks)
