"""The two passes of inspection over any source, with its thumbnail put aside: what staging calls on its workers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pixverse_gui.core.heavy_imports import HeavyImports
from pixverse_gui.core.intake import link_problem
from pixverse_gui.core.large_blocks import give_back_large_blocks
from pixverse_gui.core.limits import Limits
from pixverse_gui.core.models import Inspection, Issue, IssueCode, Severity, Source, SourceKind
from pixverse_gui.core.read_watch import ReadWatch
from pixverse_gui.core.thumbnail_cache import ThumbnailCache

if TYPE_CHECKING:
    from pixverse_gui.core.inspection import Inspector
    from pixverse_gui.core.system_trust import SystemTrust


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """How links are looked at. `proxies` as requests wants them."""

    look_at_links: bool = True
    allow_loopback: bool = False


class SourceChecker:
    """Worker threads only. Pillow and requests are imported at the first use, so that the window need not wait."""

    def __init__(
        self,
        limits: Limits,
        cache: ThumbnailCache,
        options: Callable[[], CheckOptions],
        imports: HeavyImports,
    ) -> None:
        self._limits, self._cache, self._options, self._imports = limits, cache, options, imports
        self._lock = threading.Lock()
        self._made: Inspector | None = None
        self._trust: SystemTrust | None = None

    def prepare(self) -> None:
        """Import what looking at a picture takes, so that the first drop need not wait for it."""
        self._inspector()

    def read_headers(
        self, sources: Sequence[Source], watch: ReadWatch | None = None, *, glance: bool = False
    ) -> list[Inspection]:
        """First pass over files: facts and limits, nothing decoded. `watch` follows the reading of each.

        `glance`: also the small pictures that cameras put at the beginning of their files.
        """
        inspector = self._inspector()
        return [inspector.read_header(source, watch, glance=glance) for source in sources]

    def inspect(self, source: Source, watch: ReadWatch | None = None) -> Inspection:
        """Second pass: bytes, checks, thumbnail. `watch` follows the reading of a file."""
        is_file = source.kind is SourceKind.FILE
        found = self._inspector().inspect_file(source, watch) if is_file else self._look_at(source)
        sha256 = found.facts.sha256 if found.facts else None
        if sha256 and found.thumbnail:
            self._cache.put(sha256, found.thumbnail)
        return found

    def _look_at(self, source: Source) -> Inspection:
        options = self._options()
        problem = link_problem(source.location, self._limits, allow_loopback=options.allow_loopback)
        if problem is not None:  # before anything takes it apart: what was named as a link may be anything
            issue = Issue(Severity.BLOCKER, IssueCode.LINK_NOT_PUBLIC, {"reason": problem})
            return Inspection(facts=None, issues=(issue,))
        if not options.look_at_links:
            return Inspection(facts=None)
        with self._imports.turn():
            from pixverse_gui.core.client import system_proxies
            from pixverse_gui.core.link_preview import inspect_link
            from pixverse_gui.core.system_trust import SystemTrust

        with self._lock:
            self._trust = self._trust or SystemTrust()
        return inspect_link(
            source,
            self._limits,
            allow_loopback=options.allow_loopback,
            proxies=system_proxies(source.location),
            inspector=self._inspector(),
            trust=self._trust,
        )

    def _inspector(self) -> Inspector:
        with self._lock:
            if self._made is None:
                with self._imports.turn():
                    from pixverse_gui.core.decode_place import keep_blocks
                    from pixverse_gui.core.inspection import Inspector
                    from pixverse_gui.core.webp_reader import WebpReader

                give_back_large_blocks()
                keep_blocks()
                self._made = Inspector(self._limits, WebpReader().read)
            return self._made
