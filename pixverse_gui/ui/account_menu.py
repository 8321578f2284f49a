"""The account button at the top right: whose account it is, its credits, and what can be done with the key."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from pixverse_gui.background.account import KeySource
from pixverse_gui.ui import messages_dialogs as words
from pixverse_gui.ui.buttons import Button


@dataclass(frozen=True, slots=True)
class AccountView:
    """What the button shows.

    `connected`: there is a key. `busy`: the service is being asked about it. `refused`: the service did not take it.
    """

    connected: bool = False
    credits: int | None = None
    last4: str | None = None
    source: KeySource | str = KeySource.NONE
    busy: bool = False
    refused: bool = False


class AccountButton(Button):
    """Each signal is one entry of the menu. `connect_requested` stands for "Connect…" and "Change key…" alike."""

    connect_requested = Signal()
    forget_requested = Signal()
    check_requested = Signal()
    leave_practice_requested = Signal()
    log_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent=parent)
        self._menu = QMenu(self)
        self._name = self._line()
        self._credits = self._line()
        self._key = self._line()
        self._kept = self._line()
        self._menu.addSeparator()
        self._connect = self._entry(words.ACCOUNT_CONNECT, self.connect_requested.emit)
        self._check = self._entry(words.ACCOUNT_CHECK, self.check_requested.emit)
        self._forget = self._entry(words.ACCOUNT_FORGET, self.forget_requested.emit)
        self._leave = self._entry(words.ACCOUNT_CONNECT_REAL, self.leave_practice_requested.emit)
        self._menu.addSeparator()
        self._entry(words.ACCOUNT_LOG, self.log_requested.emit)
        self.setMenu(self._menu)
        self.set_state(AccountView())

    def set_state(self, view: AccountView) -> None:
        """Show this; an open menu changes where it stands."""
        practice = view.source == KeySource.PRACTICE
        self._show_name(_title(view), None if practice or view.refused or not view.connected else view.credits)
        self._say(self._credits, _credits_line(view))
        self._say(self._key, words.key_ends_in(view.last4) if view.last4 and view.connected and not practice else "")
        self._say(self._kept, _kept_line(view))
        self._connect.setText(words.ACCOUNT_CHANGE if view.connected else words.ACCOUNT_CONNECT)
        self._connect.setVisible(not practice)
        self._check.setVisible(view.connected and not practice)
        self._check.setEnabled(not view.busy)
        # A key out of the environment cannot be forgotten here: the next start would find it again.
        self._forget.setVisible(view.connected and view.source in (KeySource.STORE, KeySource.SESSION))
        self._leave.setVisible(practice)

    def _show_name(self, name: str, credits_left: int | None) -> None:
        text = words.account_button(name, credits_left)
        self.setText(text)
        self.setAccessibleName(words.account_spoken(text))
        self._say(self._name, name)

    def _line(self) -> QAction:
        """A line that only says something."""
        action = self._menu.addAction("")
        action.setEnabled(False)
        return action

    def _entry(self, text: str, on_click: object) -> QAction:
        action = self._menu.addAction(text)
        action.triggered.connect(on_click)
        return action

    @staticmethod
    def _say(action: QAction, text: str) -> None:
        # A menu reads "&" as the mark of an access key.
        action.setText(text.replace("&", "&&"))
        action.setVisible(bool(text))


def _title(view: AccountView) -> str:
    if view.source == KeySource.PRACTICE:
        return words.ACCOUNT_PRACTICE
    if not view.connected:
        return words.ACCOUNT_NONE
    return words.ACCOUNT_REFUSED if view.refused else words.ACCOUNT_NAME


def _credits_line(view: AccountView) -> str:
    if view.source == KeySource.PRACTICE:
        return "" if view.credits is None else words.credits_text(view.credits)
    if view.busy:
        return words.ACCOUNT_ASKING if view.connected else words.ACCOUNT_LOADING
    if not view.connected or view.refused:
        return ""
    return words.ACCOUNT_CREDITS_UNKNOWN if view.credits is None else words.credits_text(view.credits)


def _kept_line(view: AccountView) -> str:
    notes = {
        KeySource.PRACTICE: words.ACCOUNT_PRACTICE_NOTE,
        KeySource.SESSION: words.ACCOUNT_FOR_SESSION,
        KeySource.ENVIRONMENT: words.ACCOUNT_FROM_ENVIRONMENT,
    }
    return notes.get(KeySource(view.source), "")
