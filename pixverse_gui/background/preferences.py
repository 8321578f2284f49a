"""The settings of this run: one value, kept on disk by a worker, announced when it changes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from pixverse_gui.background.tasks import Pool, Tasks
from pixverse_gui.core.settings import Settings, SettingsFile


class Preferences(QObject):
    """Holds the present `Settings`. `changed(object, object)`: old and new. A failed save is told by `not_saved`."""

    changed = Signal(object, object)
    not_saved = Signal(object)

    def __init__(self, file: SettingsFile, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._file = file
        self._tasks = tasks
        self._value = Settings()

    @property
    def value(self) -> Settings:
        return self._value

    def loaded(self, value: Settings) -> None:
        """Take what was read at the start, without writing it back."""
        self._take(value)

    def update(self, **changes: Any) -> None:
        """Change some fields and save."""
        self.set(replace(self._value, **changes))

    def set(self, value: Settings) -> None:
        """Take a new value and save it."""
        if value == self._value:
            return
        self._take(value)
        self._tasks.run(Pool.SETTINGS, lambda: self._file.save(value), done=lambda _: None, failed=self.not_saved.emit)

    def _take(self, value: Settings) -> None:
        old, self._value = self._value, value
        if old != value:
            self.changed.emit(old, value)
