"""Settings ↔ file."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from pixverse_gui.core.copy_formats import CopyFormat
from pixverse_gui.core.durable_file import write_durably
from pixverse_gui.core.errors import ServiceAddressError
from pixverse_gui.core.service_address import CHINA, INTERNATIONAL, parse_service_address

MIN_UPLOADS_AT_ONCE: Final = 1
MAX_UPLOADS_AT_ONCE: Final = 6
_MAX_FILE_BYTES: Final = 1024 * 1024
_MAX_TEXT_CHARS: Final = 16_384


class Service(StrEnum):
    """Which PixVerse: the key belongs to one of them."""

    INTERNATIONAL = "international"
    CHINA = "china"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Settings:
    """What the operator chose, and what the window remembers.

    `own_address` is normalised. `window_geometry` is base64 text. `approved_hosts`: other API hosts (`host[:port]`)
    to which the operator agreed to send the key. `had_journal`: there was a journal once, so an empty file where it
    should be is a damaged one.
    """

    uploads_at_once: int = 3
    look_at_links: bool = True
    reuse_ids: bool = True
    service: Service = Service.INTERNATIONAL
    own_address: str = ""
    copy_format: CopyFormat = CopyFormat.ID_LINES
    last_folder: str = ""
    window_geometry: str = ""
    approved_hosts: tuple[str, ...] = ()
    had_journal: bool = False

    @property
    def api_url(self) -> str:
        """Where the API is. An own service without an address counts as the international one."""
        if self.service is Service.OWN and self.own_address:
            return self.own_address
        return CHINA if self.service is Service.CHINA else INTERNATIONAL


class SettingsFile:
    """The JSON file, replaced whole. Blocks; one thread at a time.

    Entries this version does not know are kept, so that a newer version finds its own again.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._unknown: dict[str, Any] | None = None

    def load(self) -> Settings:
        """What the file says; a missing, unreadable or damaged file gives the defaults. Never raises.

        A damaged file is kept under a new name beside it, a value of a wrong type falls back alone.
        """
        entries = self._read()
        known = {one.name for one in fields(Settings)}
        self._unknown = {name: value for name, value in entries.items() if name not in known}
        good: dict[str, Any] = {}
        for name, read in _READERS.items():
            value = read(entries[name]) if name in entries else None
            if value is not None:
                good[name] = value
        return Settings(**good)

    def save(self, settings: Settings) -> None:
        """Return when the settings are on the disk. Raises WriteError; then the old file is still whole."""
        if self._unknown is None:
            self.load()
        entries = {**(self._unknown or {}), **{one.name: getattr(settings, one.name) for one in fields(settings)}}
        text = json.dumps(entries, indent=2, ensure_ascii=True) + "\n"
        write_durably(self._path, text.encode("ascii"))

    def _read(self) -> dict[str, Any]:
        try:
            with self._path.open("rb") as file:
                data = file.read(_MAX_FILE_BYTES + 1)
        except OSError:
            return {}
        try:
            # JSON's own refusals are ValueErrors; a thousand open brackets are a RecursionError.
            entries = json.loads(data.decode("utf-8-sig")) if len(data) <= _MAX_FILE_BYTES else None
        except (ValueError, RecursionError):
            entries = None
        if isinstance(entries, dict):
            return entries
        self._set_aside()
        return {}

    def _set_aside(self) -> None:
        """Out of the way but not lost. A name that is taken is left alone."""
        stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
        kept = self._path.with_name(f"{self._path.stem}-damaged-{stamp}{self._path.suffix}")
        try:
            if not kept.exists():
                self._path.rename(kept)
        except OSError:
            return  # a folder that cannot be written: saving will say so


def _flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and len(value) <= _MAX_TEXT_CHARS else None


def _at_once(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return min(max(value, MIN_UPLOADS_AT_ONCE), MAX_UPLOADS_AT_ONCE)


def _address(value: object) -> str | None:
    if not isinstance(value, str):
        return None
    try:
        return parse_service_address(value)
    except ServiceAddressError:
        return None


def _hosts(value: object) -> tuple[str, ...] | None:
    if not isinstance(value, list):
        return None
    return tuple(one for one in value if isinstance(one, str) and one)


def _service(value: object) -> Service | None:
    return Service(value) if isinstance(value, str) and value in set(Service) else None


def _copy_format(value: object) -> CopyFormat | None:
    return CopyFormat(value) if isinstance(value, str) and value in set(CopyFormat) else None


_READERS: Final[Mapping[str, Callable[[object], Any]]] = {
    "uploads_at_once": _at_once,
    "look_at_links": _flag,
    "reuse_ids": _flag,
    "service": _service,
    "own_address": _address,
    "copy_format": _copy_format,
    "last_folder": _text,
    "window_geometry": _text,
    "approved_hosts": _hosts,
    "had_journal": _flag,
}
