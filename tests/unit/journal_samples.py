"""Uploads of every kind, and journals in real files, for the tests of the journal."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pixverse_gui.core.journal import Journal
from pixverse_gui.core.models import (
    Attempt,
    ErrorRecord,
    ImageFacts,
    ImageFormat,
    Issue,
    IssueCode,
    Severity,
    Source,
    SourceKind,
    Upload,
    UploadState,
)

START = datetime(2026, 3, 14, 9, 30, 0, 123456, tzinfo=UTC)
ACCOUNT = "app-api.pixverse.ai/381204477"


class Clock:
    """A clock that stands still until a test moves it."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **units: float) -> None:
        self.now += timedelta(**units)


def open_journal(path: Path, clock: Clock | None = None, *, expected: bool = False) -> Journal:
    return Journal.open(path, expected=expected, clock=clock or Clock(), busy_timeout_s=0.05)


def file_source(name: str) -> Source:
    return Source(SourceKind.FILE, f"/pictures/{name}", name)


def link_source(link: str) -> Source:
    return Source(SourceKind.LINK, link, link.removeprefix("https://"))


def facts_of(name: str) -> ImageFacts:
    sha256 = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
    return ImageFacts(2_000, ImageFormat.PNG, 640, 480, 1_700_000_000_000_000_000, sha256)


def finished(upload: Upload, img_id: str | None = None, **changes: object) -> Upload:
    """The upload as it is when all went well, finished one second after the row before it."""
    values: dict[str, object] = {
        "facts": facts_of(upload.source.label),
        "attempts": (Attempt(f"trace-{upload.key}", START, "done"),),
        "img_id": img_id or str(8_000_000 + upload.key),
        "img_url": f"https://media.pixverse.ai/{upload.key}.png",
        "account": ACCOUNT,
        "finished_at": START + timedelta(seconds=upload.key),
        **changes,
    }
    return replace(upload, state=UploadState.DONE, **values)  # type: ignore[arg-type]


def add_finished(journal: Journal, names: Sequence[str]) -> list[Upload]:
    """One batch of files, all done and saved."""
    uploads = [finished(upload) for upload in journal.add([file_source(name) for name in names])]
    journal.save(uploads)
    return uploads


def history(journal: Journal) -> dict[int, Upload]:
    """Everything the History shows, newest first."""
    with closing(journal.history_reader()) as reader:
        return {upload.key: upload for upload in reader.page(limit=100_000).uploads}


def uploads_of_every_kind() -> list[Upload]:
    """One row of each state and with each field used, keys 1 to 8; what the stored old files hold."""
    later = START + timedelta(minutes=5, microseconds=1)
    attempts = (Attempt("t-1", START, "connection_broken", maybe_stored=True), Attempt("t-2", later, "done"))
    error = ErrorRecord(
        "content_refused", {"reason": "图片", "limit": 2**70}, 500, 500063, "text with \ud800 and 🏰 in it", "t-5"
    )
    warning = Issue(Severity.WARNING, IssueCode.SAME_PICTURE, {"other": "b\udcffd.png"})
    blocker = Issue(Severity.BLOCKER, IssueCode.TOO_MANY_BYTES, {"bytes": 2**64, "limit": 20_971_520})
    big = ImageFacts(2**64, ImageFormat.JPEG, 2**40, 10_001, 2**65, "ab" * 32)
    nothing_known = ImageFacts(0)
    state = UploadState
    failed = Attempt("t-5", START, "content_refused")
    done = {"img_id": str(2**64 - 1), "account": ACCOUNT, "finished_at": later}
    row = _row
    return [
        row(
            1,
            file_source("castle_01.png"),
            state.DONE,
            facts=facts_of("a"),
            attempts=attempts,
            img_url="https://m/1",
            **done,
        ),
        row(2, file_source("cas\udcfftle 城堡 🏰\n.webp"), state.READY, facts=big, issues=(warning,)),
        row(3, link_source("https://example.com/Ä_100%.png?x=\udcff"), state.CHECKING),
        row(4, file_source("panorama.jpg"), state.BLOCKED, facts=nothing_known, issues=(blocker, warning)),
        row(
            5,
            file_source("face.jpg"),
            state.FAILED,
            facts=facts_of("f"),
            attempts=(failed,),
            error=error,
        ),
        row(6, file_source("w.png"), state.WAITING, facts=facts_of("w"), resend=True),
        row(7, file_source("u.png"), state.UPLOADING, facts=facts_of("u"), attempts=(Attempt("t-7", later),)),
        row(
            8,
            file_source("castle copy.png"),
            state.DONE,
            facts=facts_of("a"),
            reused_from=1,
            reused_at=START,
            hidden=True,
            listed=False,
            **done,
        ),
    ]


def _row(key: int, source: Source, state: UploadState, **changes: object) -> Upload:
    return replace(Upload(key, 1, key, source, state, START), **changes)  # type: ignore[arg-type]
