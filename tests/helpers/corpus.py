"""Small real pictures, each with bytes of its own, in the formats the service takes."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

_FORMATS = {".png": "PNG", ".jpg": "JPEG", ".webp": "WEBP"}


def colour_of(number: int) -> tuple[int, int, int]:
    """Of the whole picture with this number."""
    return number * 37 % 256, number * 91 % 256, (number // 256 * 17 + number) % 256


def picture_bytes(number: int, suffix: str = ".png", size: tuple[int, int] = (64, 48)) -> bytes:
    """A one-coloured picture; another number gives other bytes."""
    file = io.BytesIO()
    Image.new("RGB", size, colour_of(number)).save(file, _FORMATS[suffix])
    return file.getvalue()


def write_pictures(folder: Path, names: Sequence[str], *, first: int = 1) -> list[Path]:
    """Files with these names, each a picture of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number, name in enumerate(names, first):
        path = folder / name
        path.write_bytes(picture_bytes(number, path.suffix))
        paths.append(path)
    return paths


def mixed_names(count: int) -> list[str]:
    """Names in natural order, of all three formats."""
    return [f"img{number}{('.png', '.jpg', '.webp')[number % 3]}" for number in range(1, count + 1)]
