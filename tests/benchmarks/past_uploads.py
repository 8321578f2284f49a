"""A journal with a long past, as a process of its own: made once through the journal's own code and kept."""

from __future__ import annotations

import json
import random
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from pixverse_gui.core.journal import Journal
from pixverse_gui.core.journal_migrations import SCHEMA_VERSION
from pixverse_gui.core.models import Attempt, ImageFacts, ImageFormat, Source, SourceKind, Upload, UploadState
from tests.benchmarks.corpus import kept_file
from tests.benchmarks.processes import orders, said_by

_BATCH = 500
_START = datetime(2025, 1, 2, 8, 0, tzinfo=UTC)
_WORDS = ("IMG", "DSC", "scan", "Screenshot", "castle", "图片", "product shot", "banner_final")
RARE, COMMON, NOWHERE = "lighthouse", "img", "no such name"
_RARE_EVERY = 9_973


def journal_of(rows: int) -> Path:
    """A journal file whose uploads are all done."""
    return kept_file(f"journal-{rows}-schema-{SCHEMA_VERSION}.sqlite", partial(_make, rows))


def _make(rows: int, path: Path) -> None:
    print(f"  making a journal of {rows} uploads, kept in {path.parents[1]}", flush=True)
    said_by("past_uploads", rows=rows, path=str(path))


def _name(dice: random.Random, number: int) -> str:
    word = RARE if number % _RARE_EVERY == 17 else dice.choice(_WORDS)
    return f"{word}_{dice.randrange(10**6):06}_{number}.jpg"


def _done(dice: random.Random, upload: Upload, number: int) -> Upload:
    """As it is when all went well, some minutes after the one before."""
    moment = _START + timedelta(minutes=7 * number)
    identity = 300_000_000_000_000 + number
    return replace(
        upload,
        state=UploadState.DONE,
        facts=ImageFacts(3_200_000 + number, ImageFormat.JPEG, 4000, 3000, None, f"{dice.getrandbits(256):064x}"),
        attempts=(Attempt(f"{dice.getrandbits(128):032x}", moment, "done"),),
        img_id=str(identity),
        img_url=f"https://media.pixverse.ai/openapi/{identity}_auto.jpg",
        account="app-api.pixverse.ai/4711",
        finished_at=moment,
    )


def main() -> None:
    given = orders()
    dice = random.Random(1)
    with closing(Journal.open(Path(given["path"]), expected=False, clock=lambda: _START)) as journal:
        for first in range(0, given["rows"], _BATCH):
            names = [_name(dice, number) for number in range(first, min(first + _BATCH, given["rows"]))]
            added = journal.add([Source(SourceKind.FILE, f"/pictures/{first}/{name}", name) for name in names])
            journal.save([_done(dice, upload, number) for number, upload in enumerate(added, first)])
        journal.tidy_up()  # as at the next start: what is done has left the list
    print(json.dumps({"rows": given["rows"]}))


if __name__ == "__main__":
    main()
