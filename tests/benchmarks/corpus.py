"""What an operator drops: camera pictures, screenshots, pictures of the web, a few giants. Made once and kept.

Made by this module as a process of its own, so that what that takes is not in the memory of whoever asks.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import struct
import tempfile
import zlib
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from pathlib import Path

from PIL import Image

from tests.benchmarks.camera import save_as_camera
from tests.benchmarks.processes import orders, said_by
from tests.benchmarks.textures import Canvas

CACHE = Path(tempfile.gettempdir()) / "pixverse-gui-benchmarks"
_VERSION = 1
"""To be raised with every change of what is made."""
GIANT_PNG = "map"
CAMERA = "IMG"

_SHARES = {CAMERA: 0.48, "web": 0.04, "DSC": 0.13, "Screenshot": 0.20, "pic": 0.13}
_GIANTS = ("pano", GIANT_PNG, "scan")
_SCREENS = ((2560, 1440), (2880, 1800), (3840, 2160))
_ALL_MIXED, _FEW_MIXED = 300, 24
_JOBS = 2


def mixed(count: int) -> list[Path]:
    """So many pictures in mixed order: 12 and 24 Mpx of cameras, progressive, screenshots, WebP, six giants of 300."""
    return _kept("mixed", count, full=300)


def cameras(count: int) -> list[Path]:
    """12 Mpx of cameras only."""
    return _kept("cameras", count, full=60)


def many(count: int) -> list[Path]:
    """The mixed ones among small ones, each with bytes of its own: for lists of thousands."""
    return _kept("many", count, full=5_000)


def again(paths: Sequence[Path], count: int, folder: Path) -> list[Path]:
    """The same files under so many names."""
    folder.mkdir()
    made = []
    for number in range(count):
        path = paths[number % len(paths)]
        link = folder / f"{number:05}_{path.name}"
        os.link(path, link)
        made.append(link)
    return made


def kind_of(path: Path) -> str:
    """IMG, web, DSC, Screenshot, pic, pano, map, scan or small."""
    return path.stem.split("_")[1]


def kept_file(name: str, make: Callable[[Path], None]) -> Path:
    """One file of the cache folder, made by whoever asks for it first."""
    path = CACHE / f"v{_VERSION}-{name}"
    if not path.exists():
        CACHE.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as folder:
            making = Path(folder) / name
            make(making)
            making.rename(path)
    return path


def _kept(name: str, count: int, *, full: int) -> list[Path]:
    """The first of the full set where that is there already, which is mixed throughout; else a set of that size."""
    whole, folder = (CACHE / f"v{_VERSION}-{name}-{number}" for number in (full, count))
    if whole.exists() and count <= full:
        return sorted(whole.iterdir())[:count]
    if not folder.exists():
        print(f"  making {name}: {count} pictures, kept in {CACHE}", flush=True)
        CACHE.mkdir(exist_ok=True)
        said_by("corpus", name=name, count=count, folder=str(folder))
    return sorted(folder.iterdir())


def _kinds(count: int) -> list[str]:
    """Of each kind its share, in an order that mixes them."""
    kinds = [kind for kind, share in _SHARES.items() for _ in range(max(1, round(count * share)))]
    kinds += [_GIANTS[place % 3] for place in range(max(0, count - len(kinds)))]
    random.Random(1).shuffle(kinds)
    return kinds[:count]


@cache
def _canvas() -> Canvas:
    return Canvas()


def _make_one(folder: Path, job: tuple[int, str]) -> None:
    number, kind = job
    dice, canvas, stem = random.Random(9_000 + number), _canvas(), folder / f"{number:05}_{kind}"
    if kind == CAMERA:
        turn = dice.choices((1, 6, 8, 3), (60, 20, 12, 8))[0]
        save_as_camera(canvas.photograph(number, (4000, 3000)), stem.with_suffix(".JPG"), quality=88, orientation=turn)
    elif kind == "DSC":
        turn = dice.choice((1, 6, 8))
        save_as_camera(canvas.photograph(number, (6000, 4000)), stem.with_suffix(".jpg"), quality=90, orientation=turn)
    elif kind == "pano":
        save_as_camera(canvas.photograph(number, (10_000, 7_500)), stem.with_suffix(".jpg"), quality=72, orientation=6)
    elif kind == "web":
        canvas.photograph(number, (4000, 3000)).save(stem.with_suffix(".jpeg"), quality=88, progressive=True)
    elif kind == "Screenshot":
        canvas.screenshot(number, _SCREENS[number % 3]).save(stem.with_suffix(".png"), compress_level=6)
    elif kind == GIANT_PNG:
        canvas.map(number, 10_000).save(stem.with_suffix(".png"), compress_level=4)
    else:
        size = (10_000, 5_000) if kind == "scan" else (4000, 3000)
        canvas.photograph(number, size).save(stem.with_suffix(".webp"), quality=60 if kind == "scan" else 72, method=1)


def _make_mixed(folder: Path, count: int) -> None:
    _make_all(folder, list(enumerate(_kinds(count))))


def _make_cameras(folder: Path, count: int) -> None:
    _make_all(folder, [(number, CAMERA) for number in range(count)])


def _make_all(folder: Path, jobs: list[tuple[int, str]]) -> None:
    with ProcessPoolExecutor(_JOBS) as pool:
        list(pool.map(partial(_make_one, folder), jobs, chunksize=4))


def _make_many(folder: Path, count: int) -> None:
    """Of twenty each another one of the mixed; the others are some encoded ones that differ in a comment."""
    rare = mixed(_ALL_MIXED if count // 20 > _FEW_MIXED else _FEW_MIXED)
    encoded = [_small(number) for number in range(40)]
    for number in range(count):
        if number % 20 == 7 and number // 20 < len(rare):
            source = rare[number // 20]
            os.link(source, folder / f"{number:05}_{kind_of(source)}{source.suffix}")
        else:
            suffix, data = encoded[number % len(encoded)]
            (folder / f"{number:05}_small{suffix}").write_bytes(_remarked(data, number))


def _small(number: int) -> tuple[str, bytes]:
    """Four JPEGs of a camera or of the web to one screenshot."""
    canvas, suffix = _canvas(), ".png" if number % 5 == 4 else ".jpg"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"one{suffix}"
        if suffix == ".png":
            canvas.screenshot(number, (1280, 800)).save(path, compress_level=6)
        elif number % 2:
            canvas.photograph(number, (1600, 1200)).save(path, quality=85)
        else:
            save_as_camera(canvas.photograph(number, (1600, 1200)), path, quality=85, orientation=1)
        return suffix, path.read_bytes()


def _remarked(data: bytes, number: int) -> bytes:
    """The same picture with a remark in it, so that no two files have the same bytes."""
    remark = f"picture {number}".encode()
    if data.startswith(b"\xff\xd8"):
        head = 4 + int.from_bytes(data[4:6], "big")  # behind the first segment, where cameras have their EXIF
        return data[:head] + b"\xff\xfe" + struct.pack(">H", len(remark) + 2) + remark + data[head:]
    text = b"tEXt" + b"Comment\0" + remark
    return data[:33] + struct.pack(">I", len(text) - 4) + text + struct.pack(">I", zlib.crc32(text)) + data[33:]


_MAKERS = {"mixed": _make_mixed, "cameras": _make_cameras, "many": _make_many}


def main() -> None:
    Image.MAX_IMAGE_PIXELS = None
    given = orders()
    folder = Path(given["folder"])
    making = folder.with_name(f"{folder.name}.{os.getpid()}")
    making.mkdir()
    try:
        _MAKERS[given["name"]](making, given["count"])
        making.rename(folder)
    finally:
        shutil.rmtree(making, ignore_errors=True)
    print(json.dumps({"count": given["count"]}))


if __name__ == "__main__":
    main()
