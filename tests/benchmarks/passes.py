"""One way of looking at pictures, as a process of its own: ours, or Pillow's as most programs use it.

What a running program has loaded already is loaded before the clock starts.
"""

from __future__ import annotations

import io
import json
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PIL import Image, ImageOps

from pixverse_gui.core import thumbnails
from pixverse_gui.core.checking import CheckOptions, SourceChecker
from pixverse_gui.core.file_reading import open_file
from pixverse_gui.core.heavy_imports import HeavyImports
from pixverse_gui.core.image_headers import read_image_header
from pixverse_gui.core.limits import Limits
from pixverse_gui.core.models import Source, SourceKind
from pixverse_gui.core.thumbnail_cache import ThumbnailCache
from tests.benchmarks.memory import forget_peak, peak_mb, resident_mb
from tests.benchmarks.processes import orders

_LIMITS = Limits()
_THREADS = 2
"""As the program's pool for inspection has."""
_HEADERS_A_TASK = 32


def headers(paths: Sequence[str], checker: SourceChecker) -> int:
    """Our first pass, in one thread. Returns how many pictures it took for pictures."""
    sources = _sources(paths)
    parts = (sources[start : start + _HEADERS_A_TASK] for start in range(0, len(sources), _HEADERS_A_TASK))
    return sum(
        found.facts is not None and found.facts.format is not None
        for part in parts
        for found in checker.read_headers(part)
    )


def both(paths: Sequence[str], checker: SourceChecker) -> int:
    """Our two passes: headers, then hash, integrity and thumbnail, put into the cache."""
    headers(paths, checker)
    with ThreadPoolExecutor(_THREADS) as pool:
        return sum(found.thumbnail is not None for found in pool.map(checker.inspect, _sources(paths)))


def thumbnails_alone(paths: Sequence[str], checker: SourceChecker) -> int:
    """Our thumbnails without hash and integrity, put into the cache."""
    inspector, cache = checker._inspector(), checker._cache

    def one(path: str) -> bool:
        with open_file(path) as file:
            data = file.read_all(file.byte_size)
        made = inspector._thumbnail(data, read_image_header(data))
        if made is not None:
            cache.put(path, made)
        return made is not None

    with ThreadPoolExecutor(_THREADS) as pool:
        return sum(pool.map(one, paths))


def decoded(paths: Sequence[str], checker: SourceChecker) -> int:
    """The same without the small pictures of cameras: everything is decoded, as the peers do."""

    def none_inside(*_: object) -> None:
        return None

    thumbnails._from_camera = none_inside
    return thumbnails_alone(paths, checker)


def pillow_open(paths: Sequence[str]) -> int:
    """What it takes to learn format and size."""
    found = 0
    for path in paths:
        with Image.open(path) as picture:
            found += min(picture.size) > 0
    return found


def pillow_full(paths: Sequence[str]) -> int:
    """Decode all of it, turn it, make it small, encode it: one thread."""
    side = _LIMITS.thumbnail_px
    for path in paths:
        with Image.open(path) as picture:
            picture.load()
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((side, side))
            upright.convert("RGB").save(io.BytesIO(), "JPEG", quality=85)
    return len(paths)


_OURS: dict[str, Callable[[Sequence[str], SourceChecker], int]] = {
    way.__name__: way for way in (headers, both, thumbnails_alone, decoded)
}
_PEERS: dict[str, Callable[[Sequence[str]], int]] = {way.__name__: way for way in (pillow_open, pillow_full)}


def _sources(paths: Sequence[str]) -> list[Source]:
    return [Source(SourceKind.FILE, path, os.path.basename(path)) for path in paths]  # noqa: PTH119 - not what is measured


def main() -> None:
    given = orders()
    Image.MAX_IMAGE_PIXELS = None
    Image.init()
    way, paths = given["way"], given["paths"]
    if way in _PEERS:
        # Without what our checker sets for the whole process (`large_blocks`, `decode_place`).
        took = _measured(lambda: _PEERS[way](paths))
    else:
        with tempfile.TemporaryDirectory() as folder:
            cache = ThumbnailCache(Path(folder) / "thumbnails.sqlite", _LIMITS)
            checker = SourceChecker(_LIMITS, cache, CheckOptions, HeavyImports())
            checker.read_headers([])
            took = _measured(lambda: _OURS[way](paths, checker))
            cache.close()
    print(json.dumps(took))


def _measured(look: Callable[[], int]) -> dict[str, float]:
    idle = resident_mb()
    forget_peak()
    began, cpu = time.perf_counter(), time.process_time()
    found = look()
    wall, cpu = time.perf_counter() - began, time.process_time() - cpu
    return {"wall": wall, "cpu": cpu, "found": found, "peak_mb": peak_mb() - idle}


if __name__ == "__main__":
    main()
