"""JPEGs as cameras write them: turned by EXIF, with a small picture inside."""

from __future__ import annotations

import io
import struct
from pathlib import Path

from PIL import Image

_SMALL = (160, 120)
_SHORT, _LONG, _ASCII = 3, 4, 2


def save_as_camera(picture: Image.Image, path: Path, *, quality: int, orientation: int) -> None:
    """Baseline JPEG. The small picture is 160 × 120; of any other shape it has black bars, as cameras make it."""
    small = Image.new("RGB", _SMALL)
    inside = picture.resize(_fitted(picture.size), Image.Resampling.BILINEAR, reducing_gap=1.5)
    small.paste(inside, ((_SMALL[0] - inside.width) // 2, (_SMALL[1] - inside.height) // 2))
    out = io.BytesIO()
    small.save(out, "JPEG", quality=75)
    picture.save(path, "JPEG", quality=quality, subsampling="4:2:0", exif=_exif(orientation, out.getvalue()))


def _fitted(size: tuple[int, int]) -> tuple[int, int]:
    factor = min(_SMALL[0] / size[0], _SMALL[1] / size[1])
    return round(size[0] * factor), round(size[1] * factor)


def _exif(orientation: int, small: bytes) -> bytes:
    """Orientation and maker in the first directory, the small picture in the second."""
    maker = b"Canon\0"
    first, second = 8, 8 + 2 + 2 * 12 + 4 + len(maker)
    picture_at = second + 2 + 3 * 12 + 4
    block = b"II*\0" + struct.pack("<IH", first, 2)
    block += _entry(0x010F, _ASCII, len(maker), second - len(maker)) + _entry(0x0112, _SHORT, 1, orientation)
    block += struct.pack("<I", second) + maker + struct.pack("<H", 3)
    block += _entry(0x0103, _SHORT, 1, 6) + _entry(0x0201, _LONG, 1, picture_at) + _entry(0x0202, _LONG, 1, len(small))
    return b"Exif\0\0" + block + struct.pack("<I", 0) + small


def _entry(tag: int, kind: int, count: int, value: int) -> bytes:
    return struct.pack("<HHII", tag, kind, count, value)
