"""The keys of the window."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget


def install_shortcuts(window: QWidget, keys: Mapping[str, Callable[[], object]]) -> None:
    """`keys`: a key sequence as Qt writes it, or several with "|" between them, to what it does."""
    for names, action in keys.items():
        for name in names.split("|"):
            shortcut = QShortcut(QKeySequence(name), window)
            shortcut.activated.connect(action)
