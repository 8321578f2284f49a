"""Both passes of the inspection over mutated pictures, in a process of its own; prints what came of it as JSON.

python -m tests.endurance.mutated_images COUNT SEED
"""

from __future__ import annotations

import json
import random
import resource
import sys
import tempfile
import time
from pathlib import Path

from pixverse_gui.core.inspection import Inspector
from pixverse_gui.core.limits import Limits
from pixverse_gui.core.models import Source, SourceKind
from pixverse_gui.core.webp_reader import WebpReader
from tests.endurance.mutated import mutate
from tests.helpers import pictures


def originals() -> dict[str, bytes]:
    """One good picture of each kind, by a name with the right ending."""
    photo = pictures.noise((160, 120))
    return {
        "a.png": pictures.encoded(photo, "PNG"),
        "b.jpg": pictures.encoded(photo, "JPEG"),
        "c.jpg": pictures.encoded(photo, "JPEG", progressive=True),
        "d.webp": pictures.encoded(photo, "WEBP"),
        "e.webp": pictures.encoded(photo, "WEBP", lossless=True),
        "f.png": pictures.apng(),
        "g.webp": pictures.animated_webp(),
        "h.jpg": pictures.mpo(),
        "i.jpg": pictures.jpeg(mode="CMYK"),
        "j.png": pictures.png(mode="P"),
        "k.png": pictures.png(mode="I;16"),
        "l.jpg": pictures.jpeg(exif=pictures.exif(6, thumbnail=pictures.jpeg((16, 12)))),
        "m.jpg": pictures.encoded(
            pictures.corners((240, 160)),
            "JPEG",
            exif=pictures.exif(6, thumbnail=pictures.encoded(pictures.barred(pictures.corners()), "JPEG")),
        ),
    }


def main(count: int, seed: int) -> dict[str, object]:
    """`raised`: what came out as an exception; `slowest_s`: of one picture; `grown_mb`: memory that stays.

    `most_mb`: memory at the worst moment. A damaged head may claim the largest picture that is allowed, and PNG is
    decoded whole.
    """
    dice, kinds = random.Random(seed), list(originals().items())
    inspector = Inspector(Limits(), WebpReader().read)
    raised: list[str] = []
    slowest = 0.0
    with tempfile.TemporaryDirectory() as folder:
        for name, data in kinds:
            (Path(folder) / name).write_bytes(data)
            inspector.inspect_file(_source(Path(folder) / name))
        before = memory_mb()
        for number in range(count):
            name, data = dice.choice(kinds)
            path = Path(folder) / name
            path.write_bytes(mutate(data, dice))
            started = time.monotonic()
            for look in (inspector.read_header, inspector.inspect_file):
                try:
                    look(_source(path))
                except Exception as error:  # noqa: BLE001 - whatever it is, it is what this looks for
                    raised.append(f"picture {number} ({name}): {error!r}")
            slowest = max(slowest, time.monotonic() - started)
    return {"raised": raised, "slowest_s": slowest, "grown_mb": memory_mb() - before, "most_mb": _most_memory_mb()}


def _source(path: Path) -> Source:
    return Source(SourceKind.FILE, str(path), path.name)


def memory_mb() -> float:
    """What this process really has."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1024**2


def _most_memory_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]), int(sys.argv[2]))))
