"""A client that answers as told, without a socket, and a checker that finds every file in order."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from pixverse_gui.core.attempt_control import AttemptControl, EndReason
from pixverse_gui.core.errors import ConnectionBrokenError
from pixverse_gui.core.models import (
    Balance,
    ImageFacts,
    ImageFormat,
    Inspection,
    Source,
    SourceKind,
    UploadResult,
)
from pixverse_gui.core.multipart_body import ImagePayload
from pixverse_gui.core.read_watch import ReadWatch
from pixverse_gui.core.secret import Secret

_never = threading.Event()
FIRST_ID = 2**53 + 1


class FakeService:
    """What all clients of one test talk to. Any thread.

    `answers` maps the bytes (as text) or the link of a picture to what its attempts bring, in turn: an exception is
    raised, anything else is a success. `hold` keeps attempts in flight until `release`; where `is_deaf`, they do not
    hear that they were ended, as in a call that nobody can interrupt.
    """

    def __init__(self) -> None:
        self.answers: dict[str, list[Exception | None]] = {}
        self.balance_answers: list[Exception | Balance] = []
        self.sent: list[str] = []
        self.trace_ids: list[str] = []
        self.payloads: list[ImagePayload] = []
        self.ids: dict[str, str] = {}
        self.most_at_once = 0
        self.is_deaf = False
        self._at_once = 0
        self._lock = threading.Lock()
        self._held_back: set[str] = set()
        self._open = threading.Event()
        self._open.set()

    def hold_back(self, what: str) -> None:
        """The same for one picture alone."""
        self._held_back.add(what)

    def hold(self) -> None:
        self._open.clear()

    def release(self, what: str | None = None) -> None:
        """Everything, or one that was held back."""
        if what is not None:
            self._held_back.discard(what)
            return
        self._held_back.clear()
        self._open.set()

    def take(self, what: str, trace_id: str, control: AttemptControl) -> UploadResult:
        with self._lock:
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
            self.sent.append(what)
            self.trace_ids.append(trace_id)
        try:
            while not self._open.wait(0.005) or (what in self._held_back and not _never.wait(0.005)):
                if self.is_deaf:
                    continue
                control.raise_if_cancelled()
                if control.end_reason not in {None, EndReason.CANCELLED}:
                    raise ConnectionBrokenError(maybe_stored=control.body_complete, reason=str(control.end_reason))
            with self._lock:
                answers = self.answers.get(what, [])
                answer = answers.pop(0) if answers else None
                if answer is not None:
                    raise answer
                img_id = str(FIRST_ID + len(self.ids))
                self.ids[what] = img_id
            return UploadResult(img_id, f"https://media.example.com/{img_id}.jpg")
        finally:
            with self._lock:
                self._at_once -= 1


class FakeClient:
    """One client of a FakeService."""

    def __init__(self, service: FakeService, api_url: str, key: Secret) -> None:
        self.service, self.api_url, self.key = service, api_url, key

    def upload_image(self, payload: ImagePayload, trace_id: str, control: AttemptControl) -> UploadResult:
        control.body_bytes = len(payload.data)
        self.service.payloads.append(payload)
        return self.service.take(bytes(payload.data).decode(), trace_id, control)

    def upload_link(self, link: str, trace_id: str, control: AttemptControl) -> UploadResult:
        return self.service.take(link, trace_id, control)

    def balance(self, trace_id: str, control: AttemptControl) -> Balance:
        answer = self.service.balance_answers.pop(0) if self.service.balance_answers else Balance("4711", 1234)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def close(self) -> None:
        """Nothing is open."""


class FakeKeyStore:
    """A key store in memory; `trouble` is raised by every call."""

    def __init__(self, key: Secret | None = None) -> None:
        self.key = key
        self.trouble: Exception | None = None
        self.wait: Callable[[], object] = lambda: None

    def load(self) -> Secret | None:
        self._call()
        return self.key

    def save(self, secret: Secret) -> str:
        self._call()
        self.key = secret
        return "Test store"

    def forget(self) -> None:
        self._call()
        self.key = None

    def _call(self) -> None:
        self.wait()
        if self.trouble is not None:
            raise self.trouble


class FakeChecker:
    """Finds every file a good PNG whose bytes are its name's; what stands in `found` instead is taken from there."""

    def __init__(self) -> None:
        self.found: dict[str, Inspection] = {}
        self.inspected: list[str] = []
        self.gate = threading.Event()
        self.gate.set()

    def prepare(self) -> None:
        pass

    def read_headers(self, sources: Sequence[Source], watch: ReadWatch, *, glance: bool) -> list[Inspection]:
        return [Inspection(facts=None) for _ in sources]

    def inspect(self, source: Source, watch: ReadWatch) -> Inspection:
        self.gate.wait(10)
        self.inspected.append(source.label)
        if source.label in self.found:
            return self.found[source.label]
        if source.kind is SourceKind.LINK:
            return Inspection(facts=None)
        data = Path(source.location).read_bytes()
        sha256 = hashlib.sha256(data).hexdigest()
        return Inspection(ImageFacts(len(data), ImageFormat.PNG, 8, 8, None, sha256))
