"""Pictures and names as nobody should have them and everybody does, each with what has to become of it."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pixverse_gui.core.models import IssueCode
from tests.endurance.mutated_images import originals
from tests.helpers import pictures

DONE, BLOCKED = "done", "blocked"


@dataclass(frozen=True, slots=True)
class Case:
    """`make` writes it. `issue`: one that its row must have, None where it must have no blocker."""

    name: str
    make: Callable[[Path], object]
    state: str = DONE
    issue: IssueCode | None = None


def cases(*, full: bool) -> list[Case]:
    """All of them; without `full` all but what takes a second and half a gigabyte."""
    found = [*_good(), *_cut(), *_lying(), *_bombs(), *_looks(), *_special(), *_names()]
    return [*found, *_largest()] if full else found


def _bytes(data: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(data)


def _good() -> Iterator[Case]:
    for name, data in originals().items():
        yield Case(f"good {name}", _bytes(data))


def _cut() -> Iterator[Case]:
    for name in ("a.png", "b.jpg", "c.jpg", "d.webp", "e.webp"):
        data = originals()[name]
        for tenth in range(1, 10):
            cut = data[: len(data) * tenth // 10]
            yield Case(f"cut {tenth} {name}", _bytes(cut), BLOCKED, IssueCode.CUT_OFF)


def _lying() -> Iterator[Case]:
    good = originals()
    for name, data in (("png.jpg", good["a.png"]), ("jpg.png", good["b.jpg"]), ("webp.png", good["d.webp"])):
        yield Case(f"really {name}", _bytes(data), DONE, IssueCode.WRONG_EXTENSION)
    for name, data in (
        ("gif.png", pictures.gif()),
        ("tiff.jpg", pictures.tiff()),
        ("bmp.jpg", pictures.bmp()),
        ("eps.jpg", pictures.EPS),
        ("svg.png", pictures.SVG),
        ("heic.jpg", pictures.HEIC),
        ("page.webp", b"<!DOCTYPE html><html><img src=x></html>"),
        ("text.png", b"hello\n" * 900),
        ("zeros.jpg", bytes(9_000)),
        ("program.png", b"MZ" + bytes(200)),
        ("archive.webp", b"PK\x03\x04" + bytes(200)),
        ("document.jpg", b"%PDF-1.7\n" + bytes(200)),
    ):
        yield Case(f"is no {name}", _bytes(data), BLOCKED, IssueCode.NOT_AN_IMAGE)
    yield Case("nothing.png", _bytes(b""), BLOCKED, IssueCode.EMPTY)
    yield Case("magic only.png", _bytes(pictures.PNG_MAGIC), BLOCKED, IssueCode.CUT_OFF)


def _bombs() -> Iterator[Case]:
    sides = pictures.png_claiming(2**31 - 1, 2**31 - 1)
    yield Case("claims 2^31 a side.png", _bytes(sides), BLOCKED, IssueCode.TOO_MANY_PIXELS)
    yield Case("one too wide.png", _bytes(pictures.png((10_001, 4))), BLOCKED, IssueCode.TOO_MANY_PIXELS)
    yield Case("promises pixels.png", _bytes(pictures.png_claiming(9_000, 9_000)), BLOCKED, IssueCode.UNREADABLE)
    yield Case("promises pixels.webp", _bytes(pictures.webp_claiming(900, 900)), BLOCKED, IssueCode.UNREADABLE)
    yield Case("2^31 frames.png", _bytes(pictures.apng_claiming(2**31 - 1)), DONE, IssueCode.ANIMATED)
    yield Case("too many bytes.png", _sparse, BLOCKED, IssueCode.TOO_MANY_BYTES)


def _sparse(path: Path) -> None:
    path.write_bytes(originals()["a.png"])
    os.truncate(path, 30_000_000)


def _looks() -> Iterator[Case]:
    for mode in ("1", "L", "LA", "P", "RGBA", "I;16"):
        yield Case(f"mode {mode.replace(';', ' ')}.png", _bytes(pictures.png((33, 21), mode)))
    yield Case("cmyk.jpg", _bytes(pictures.jpeg((31, 22), "CMYK")), DONE, IssueCode.COLOURS_MAY_DIFFER)
    for orientation in range(1, 9):
        data = pictures.jpeg((50 + orientation, 30), exif=pictures.exif(orientation))
        yield Case(f"turned {orientation}.jpg", _bytes(data))
    broken: tuple[tuple[str, dict[str, Any]], ...] = (
        ("exif", {"exif": b"Exif\0\0II*\0\xff\xff\xff\xff"}),
        ("exif order", {"exif": b"Exif\0\0XX*\0garbage"}),
        ("profile", {"icc_profile": b"\0\0\0\xffno profile" + bytes(50)}),
    )
    for name, options in broken:
        yield Case(f"broken {name}.jpg", _bytes(pictures.jpeg((40, len(name)), **options)))


def _special() -> Iterator[Case]:
    yield Case("pipe.png", lambda path: os.mkfifo(path), BLOCKED, IssueCode.NOT_A_FILE)
    yield Case("socket.png", _socket, BLOCKED, IssueCode.NOT_A_FILE)
    yield Case("device.png", lambda path: path.symlink_to("/dev/zero"), BLOCKED, IssueCode.NOT_A_FILE)
    yield Case("process.png", lambda path: path.symlink_to("/proc/self/status"), BLOCKED)
    yield Case("loop.png", lambda path: path.symlink_to(path), BLOCKED)
    yield Case("gone.png", lambda path: path.symlink_to(path.with_name("nowhere")), BLOCKED, IssueCode.FILE_MISSING)


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(path))


def _names() -> Iterator[Case]:
    for number, name in enumerate(
        (
            "quo\"te's.png",
            "line\nbreak\r.png",
            "tab\tand bell\x07.png",
            "\u202egnp.exe.png",
            "\u2066isolated\u2069.png",
            "zero\u200bwidth.png",
            "\U0001f469\u200d\U0001f680 family \U0001f1e8\U0001f1f3.png",
            "\u6d4b\u8bd5\u56fe\u7247 \u7b2c\u4e00\u5f20.png",
            "<img src=x onerror=alert(1)>.png",
            "&amp;&lt;b&gt;.png",
            "%2e%2e%2fetc%2fpasswd.png",
            "=cmd|' '!A0.png",
            "-rf.png",
            " leading and trailing .png",
            "back\\slash.png",
            "no ending",
            "UPPER.PNG",
            "two.png.jpg.png",
            "n" * 251 + ".png",
            "\u00e9" * 125 + ".png",
            os.fsdecode(b"not \xff\xfe utf-8.png"),
        )
    ):
        yield Case(name, _bytes(pictures.png((60 + number, 40), colour=(number, 90, 200))))


def _largest() -> Iterator[Case]:
    yield Case("legal 10,000 a side.png", _bytes(pictures.flat_png(10_000, 10_000)), DONE, IssueCode.LARGE_SIDE)
    webp = pictures.webp((10_000, 10_000), colour=(9, 9, 9))
    yield Case("legal 10,000 a side.webp", _bytes(webp), DONE, IssueCode.LARGE_SIDE)
