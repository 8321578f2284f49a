"""Whether a row of a list, or a file of thumbnails, has the picture it should have, told by its colour."""

from __future__ import annotations

import io
import re
import sqlite3
from contextlib import closing
from pathlib import Path

from PIL import Image

from tests.helpers.program import Program

NEAR = 12
"""How far a colour may be off after a JPEG or WebP was made of it."""

Colour = tuple[int, ...]


def row_shows(program: Program, folder: Path, name: str, colour: Colour) -> bool:
    """Whether the row has the colour of its picture at its left end, where the thumbnail is."""
    node = program.accessible.find("list item", f"{re.escape(name)}, .*")
    assert node.box is not None
    shot = folder / "row.png"
    program.desktop.screenshot(shot)
    x, y, _, height = node.box
    with Image.open(shot) as screen:
        left = screen.convert("RGB").crop((x, y, x + 2 * height, y + height))
        found = left.getcolors(maxcolors=left.width * left.height) or []
    near = [count for count, seen in found if isinstance(seen, tuple) and _is_near(seen, colour)]
    return sum(near) > height


def kept_colours(thumbnails: Path) -> dict[str, Colour]:
    """sha256 of each picture in the file of thumbnails, and the colour in the middle of what is kept of it."""
    with closing(sqlite3.connect(f"file:{thumbnails}?mode=ro", uri=True)) as connection:
        return {sha256: _middle(data) for sha256, data in connection.execute("SELECT sha256, data FROM thumbnails")}


def same_colours(found: dict[str, Colour], wanted: dict[str, Colour]) -> bool:
    """Whether each of the wanted ones is there, as near as can be told."""
    return all(sha256 in found and _is_near(found[sha256], colour) for sha256, colour in wanted.items())


def _is_near(one: Colour, other: Colour) -> bool:
    return all(abs(a - b) <= NEAR for a, b in zip(one, other, strict=True))


def _middle(data: bytes) -> Colour:
    with Image.open(io.BytesIO(data)) as picture:
        seen = picture.convert("RGB").getpixel((picture.width // 2, picture.height // 2))
    assert isinstance(seen, tuple)
    return tuple(int(one) for one in seen)
