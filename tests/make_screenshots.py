"""Takes the README's pictures anew: `python -m tests.make_screenshots [folder]`.

The real window with our own sample pictures, on Qt's offscreen platform, in front of a stand-in for the service that
stops uploads half-way. Nothing is sent anywhere.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import QEventLoop, QLocale, QTimer
from PySide6.QtWidgets import QApplication

from pixverse_gui.app import Program
from pixverse_gui.background.account import KeySource
from pixverse_gui.background.doors import Doors
from pixverse_gui.background.engine import Given
from pixverse_gui.core.attempt_control import AttemptControl
from pixverse_gui.core.checking import CheckOptions, SourceChecker
from pixverse_gui.core.data_folder import DataFolder
from pixverse_gui.core.heavy_imports import HeavyImports
from pixverse_gui.core.journal import Journal
from pixverse_gui.core.limits import Limits
from pixverse_gui.core.models import Balance, Source, SourceKind, Upload, UploadResult, UploadState
from pixverse_gui.core.multipart_body import ImagePayload
from pixverse_gui.core.secret import Secret
from pixverse_gui.core.thumbnail_cache import ThumbnailCache
from pixverse_gui.ui.colours import Scheme
from pixverse_gui.ui.theme import Theme

SAMPLES = Path(__file__).parents[1] / "resources" / "samples"
SIZE = (1120, 832)
_ON_THE_WAY = {"harbour at dusk.webp": 0.71, "scan_0007.jpg": 0.34}
FIRST_ID = 302325299692608
SHOWN = (
    "castle_01.png",
    "castle_02.jpg",
    "harbour at dusk.webp",
    "mountain_final_v2.png",
    "old_logo.png",
    "panorama_12400.png",
    "scan_0007.jpg",
    "cut_off.jpg",
)
ACCOUNT = "app-api.pixverse.ai/123452341"


def _sha256(name: str) -> str:
    return hashlib.sha256((SAMPLES / name).read_bytes()).hexdigest()


class PosingService:
    """Answers two uploads, then holds the others at set shares of their way until the picture is taken."""

    def __init__(self) -> None:
        self.shares = {_sha256(name): share for name, share in _ON_THE_WAY.items()}
        self.taken = threading.Event()
        self._lock = threading.Lock()
        self._count = 0

    def upload_image(self, payload: ImagePayload, trace_id: str, control: AttemptControl) -> UploadResult:
        total = len(payload.data)
        share = self.shares.get(hashlib.sha256(payload.data).hexdigest(), 1.0)
        control.begin_body(total)
        control.handed_over(round(total * share))
        while share < 1.0 and not self.taken.is_set():
            if not control.wait(0.05):
                control.raise_if_ended()
        with self._lock:
            number, self._count = self._count, self._count + 1
        return UploadResult(str(FIRST_ID + number), f"https://media.pixverse.ai/openapi/f4c5d2{number}_auto.jpg")

    def upload_link(self, link: str, trace_id: str, control: AttemptControl) -> UploadResult:
        raise NotImplementedError

    def balance(self, trace_id: str, control: AttemptControl) -> Balance:
        return Balance("123452341", 4_699_050)

    def close(self) -> None:
        """Nothing is open."""


class EmptyStore:
    """A password store without a key."""

    def load(self) -> Secret | None:
        return None

    def save(self, secret: Secret) -> str:
        return "store"

    def forget(self) -> None:
        """There is nothing."""


def wait_until(condition: Callable[[], bool], timeout_ms: int = 15_000) -> None:
    """Run the event loop until it is so."""
    loop, poll, limit = QEventLoop(), QTimer(), QTimer()
    poll.setInterval(20)
    poll.timeout.connect(lambda: loop.quit() if condition() else None)
    limit.setSingleShot(True)
    limit.timeout.connect(loop.quit)
    poll.start()
    limit.start(timeout_ms)
    loop.exec()
    if not condition():
        raise SystemExit("the window did not come to rest")


def settle() -> None:
    """Let pictures be decoded and painted."""
    started = datetime.now(UTC)
    wait_until(lambda: datetime.now(UTC) - started > timedelta(milliseconds=400))


def open_program(folder: Path, scheme: Scheme, service: PosingService, *, connected: bool) -> Program:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    limits = replace(Limits(), resend_delays_s=(0.1, 0.1))
    data = DataFolder(folder)
    cache = ThumbnailCache(data.thumbnails, limits)
    given = Given(
        folder=data,
        doors=Doors(key_store=lambda _: EmptyStore(), client=lambda _url, _key: service),
        checker=lambda _preferences, _url: SourceChecker(limits, cache, CheckOptions, HeavyImports()),
        limits=limits,
        fixed_key=(Secret("sk-0123456789abcdef0123456789abcdef"), KeySource.STORE) if connected else None,
    )
    program = Program(given, Theme(app, scheme))
    wait_until(program.window.isVisible)
    program.window.resize(*SIZE)
    wait_until(lambda: not program.engine.account.is_busy)
    settle()
    return program


def close(program: Program, service: PosingService) -> None:
    service.taken.set()
    ended: list[bool] = []
    program.ended.connect(lambda: ended.append(True))
    program.close()
    wait_until(lambda: bool(ended))
    program.window.deleteLater()
    program.deleteLater()


def past_uploads(folder: Path) -> None:
    """A history: the old logo of three weeks ago, and a few more."""
    then = datetime.now(UTC) - timedelta(days=19)
    journal = Journal.open(DataFolder(folder).journal, clock=lambda: then)
    limits = Limits()
    checker = SourceChecker(limits, ThumbnailCache(DataFolder(folder).thumbnails, limits), CheckOptions, HeavyImports())
    names = {"old_logo.png": "old_logo.png", "panorama_small.jpg": "castle_02.jpg", "扫描_0007.jpg": "scan_0007.jpg"}
    sources = [Source(SourceKind.FILE, str(SAMPLES / file), label) for label, file in names.items()]
    rows = journal.add(sources)
    journal.save([_finished(row, checker, then + timedelta(minutes=row.position)) for row in rows])
    journal.close()


def _finished(row: Upload, checker: SourceChecker, when: datetime) -> Upload:
    found = checker.inspect(row.source)
    number = FIRST_ID - 2494 + row.key
    keeps_its_picture = row.source.label == "old_logo.png"
    return replace(
        row,
        state=UploadState.DONE,
        facts=found.facts,
        img_id=str(number),
        img_url=f"https://media.pixverse.ai/openapi/3b1c77{row.key}_auto.jpg",
        account=ACCOUNT if keeps_its_picture else "app-api.pixverse.ai/1",
        finished_at=when,
        listed=False,
    )


def take_upload_pictures(out: Path, work: Path, scheme: Scheme) -> None:
    """A batch on its way, then the history after it."""
    folder = work / scheme.value
    folder.mkdir()
    past_uploads(folder)
    service = PosingService()
    program = open_program(folder, scheme, service, connected=True)
    engine, window = program.engine, program.window
    engine.intake.take_paths([str(SAMPLES / name) for name in SHOWN])
    wait_until(lambda: len(engine.rows) == len(SHOWN) and not engine.staging.remaining)
    sent = [row.key for row in engine.rows.in_state(UploadState.READY) if row.source.label != "mountain_final_v2.png"]
    engine.preferences.update(uploads_at_once=4)
    engine.queue.start(sent)
    wait_until(lambda: engine.rows.counts().done == 3)
    view = program.view.upload_panel.list
    shown = program.view.upload_panel.filter
    view.setCurrentIndex(shown.index(0, 0))
    view.selectionModel().select(shown.index(1, 0), view.selectionModel().SelectionFlag.Select)
    settle()
    window.grab().save(str(out / f"upload-{scheme.value}.png"))
    service.taken.set()
    wait_until(lambda: engine.rows.counts().done == 5)
    program.view.tabs.setCurrentIndex(1)
    settle()
    window.grab().save(str(out / f"history-{scheme.value}.png"))
    close(program, service)


def take_first_start(out: Path, work: Path) -> None:
    service = PosingService()
    program = open_program(work / "first", Scheme.LIGHT, service, connected=False)
    program.window.grab().save(str(out / "first-start.png"))
    close(program, service)


def main(arguments: Sequence[str]) -> None:
    out = Path(arguments[0]) if arguments else Path(__file__).parent / "screenshots"
    out.mkdir(parents=True, exist_ok=True)
    app = QApplication(["screenshots"])
    app.setQuitOnLastWindowClosed(False)
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom))
    work = Path(tempfile.mkdtemp())
    try:
        for take in (
            partial(take_first_start, out, work),
            partial(take_upload_pictures, out, work, Scheme.LIGHT),
            partial(take_upload_pictures, out, work, Scheme.DARK),
        ):
            take()
    finally:
        shutil.rmtree(work)


if __name__ == "__main__":
    main(sys.argv[1:])
