"""Between the key dialog and the account: what was typed is tested and saved, and what came of it is shown."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from pixverse_gui.background.account import Account, KeyOutcome
from pixverse_gui.core.secret import Secret
from pixverse_gui.ui.key_dialog import KeyDialog


class KeyDesk(QObject):
    """At most one dialog at a time. `open_page` opens an https page in the browser."""

    def __init__(self, window: QWidget, account: Account, open_page: Callable[[str], None]) -> None:
        super().__init__(window)
        self._window, self._account, self._open_page = window, account, open_page
        self._dialog: KeyDialog | None = None

    def open(self) -> None:
        """Ask for a key."""
        if self._dialog is not None:
            self._dialog.raise_()
            self._dialog.activateWindow()
            return
        dialog = KeyDialog(self._account.api_url, self._window)
        dialog.key_submitted.connect(lambda key: self._submit(dialog, key))
        dialog.link_requested.connect(self._open_page)
        dialog.finished.connect(lambda _: self._closed(dialog))
        self._dialog = dialog
        dialog.open()

    def _submit(self, dialog: KeyDialog, key: Secret) -> None:
        def told(outcome: KeyOutcome) -> None:
            if self._dialog is dialog:
                dialog.show_outcome(outcome)

        dialog.show_testing()
        self._account.submit(key, told, is_wanted=lambda: self._dialog is dialog)

    def _closed(self, dialog: KeyDialog) -> None:
        self._dialog = None
        dialog.deleteLater()
