"""The key dialog: takes an API key, says what became of it, and never keeps it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from pixverse_gui.background.account import KeyOutcome
from pixverse_gui.core.errors import (
    KeyringLockedError,
    KeyringSilentError,
    KeyringUnavailableError,
    MalformedApiKeyError,
)
from pixverse_gui.core.secret import clean_key
from pixverse_gui.core.service_address import INTERNATIONAL, host_of
from pixverse_gui.ui import messages_dialogs as words
from pixverse_gui.ui.announce import announce
from pixverse_gui.ui.buttons import Button, ButtonKind
from pixverse_gui.ui.dialog_notice import Choice, DialogNotice, DialogTone
from pixverse_gui.ui.fitted_dialog import FittedDialog
from pixverse_gui.ui.key_field import KeyField
from pixverse_gui.ui.plain_label import PlainLabel

SPACING_PX = 8


class KeyDialog(FittedDialog):
    """Use it with `open()`. It closes only when the operator closes it.

    `key_submitted(Secret)`: test and save this key, then call `show_outcome` (or one of the other `show_` methods);
    an answer that comes after the dialog was closed changes nothing. `link_requested(str)`: open this https page.
    """

    key_submitted = Signal(object)
    link_requested = Signal(str)

    def __init__(self, api_url: str, parent: QWidget | None = None) -> None:
        super().__init__(words.KEY_TITLE, parent)
        self._is_testing = False
        self._intro = PlainLabel(words.KEY_INTRO, look="muted")
        self._field = KeyField()
        self._label = PlainLabel(words.KEY_FIELD)
        self._eye = Button(words.KEY_SHOW)
        self._paste = Button(words.KEY_PASTE)
        self._problem = PlainLabel(look="danger")
        self._host = PlainLabel()
        self._progress = QProgressBar()
        self._notice = DialogNotice()
        self._where = Button(words.KEY_WHERE, kind=ButtonKind.QUIET)
        self._cancel = Button(words.CANCEL)
        self._submit_button = Button(words.KEY_SUBMIT, kind=ButtonKind.PRIMARY)
        self._build()
        self._connect()
        self.set_service(api_url)

    def set_service(self, api_url: str) -> None:
        """The address the key goes to; it is named where it is not the usual one."""
        self._host.setText(words.key_host(host_of(api_url)))
        self._host.setVisible(api_url != INTERNATIONAL)

    def show_testing(self) -> None:
        """The key is on its way; the operator may still cancel."""
        self._set_entry_visible(True)
        self._set_testing(True)
        self._notice.hide()

    def show_error(
        self, title: str, text: str, choices: Sequence[Choice] | None = None, *, small_print: str = ""
    ) -> None:
        """The key was not taken, or not saved. Without `choices` there is "Try again", which goes back to the field."""
        self._set_testing(False)
        if choices is None:
            choices = (Choice(words.KEY_TRY_AGAIN, self._back_to_field),)
        self._notice.show_notice(DialogTone.DANGER, title, text, small_print=small_print, choices=choices)
        self._notice.focus_next_step()

    def show_success(self, text: str) -> None:
        """The key works and is kept. It leaves the field at once; one button is left, to close."""
        self._finish()
        choices = (Choice(words.CLOSE, self.accept, is_primary=True),)
        self._notice.show_notice(DialogTone.SUCCESS, words.KEY_WORKS_TITLE, text, choices=choices)
        self._notice.focus_next_step()

    def show_keep_for_session(self, reason_text: str, on_ok: Callable[[], object] | None = None) -> None:
        """The key works, but there is no store for it: `on_ok` is called when the operator has taken note."""

        def taken_note() -> None:
            self.accept()
            if on_ok is not None:
                on_ok()

        self._finish()
        choices = (Choice(words.KEY_STORE_HELP, self._explain_store), Choice(words.KEY_OK, taken_note, is_primary=True))
        self._notice.show_notice(DialogTone.WARNING, words.KEY_FOR_SESSION_TITLE, reason_text, choices=choices)
        self._notice.focus_next_step()

    def show_outcome(self, outcome: KeyOutcome) -> None:
        """Say what became of the submitted key, with the buttons that fit."""
        if not self._is_testing or not self.isVisible():
            return
        error = outcome.error
        if not outcome.works:
            notice = words.key_not_tested(error or RuntimeError())
            self.show_error(notice.title, notice.text, small_print=notice.small_print)
        elif error is None:
            self.show_success(words.key_saved(outcome.store_name or "", outcome.credits))
        elif isinstance(error, KeyringLockedError | KeyringSilentError):
            self._show_not_saved(error)
        else:
            reason = error.params.get("reason") if isinstance(error, KeyringUnavailableError) else "failed"
            self.show_keep_for_session(words.key_for_session(str(reason)))

    def done(self, result: int) -> None:
        """Every way out goes through here (Esc, Cancel, the window's cross): the key must not stay in the field."""
        self._restart()
        super().done(result)

    def open(self) -> None:
        self._restart()
        super().open()
        self._field.setFocus()

    def _build(self) -> None:
        self._label.setBuddy(self._field)
        for label in (self._intro, self._problem, self._host):
            label.setWordWrap(True)
        self._eye.setCheckable(True)
        self._eye.setAccessibleName(words.KEY_SHOW_NAME)
        self._paste.setAccessibleName(words.KEY_PASTE_NAME)
        self._progress.setRange(0, 0)
        self._progress.setTextVisible(False)
        self._progress.setAccessibleName(words.KEY_TESTING)
        entry = QHBoxLayout()
        entry.setSpacing(SPACING_PX)
        entry.addWidget(self._field, 1)
        entry.addWidget(self._eye)
        entry.addWidget(self._paste)
        steps = QHBoxLayout()
        steps.setSpacing(SPACING_PX)
        steps.addWidget(self._where)
        steps.addStretch(1)
        steps.addWidget(self._cancel)
        steps.addWidget(self._submit_button)
        for button in (self._where, self._cancel, self._submit_button):
            button.setAutoDefault(True)
        self._submit_button.setDefault(True)
        self._fill_column(entry, steps)

    def _fill_column(self, entry: QHBoxLayout, steps: QHBoxLayout) -> None:
        self.column.addWidget(PlainLabel(words.KEY_TITLE, look="title"))
        self.column.addWidget(self._intro)
        field = QVBoxLayout()
        field.setSpacing(SPACING_PX)
        field.addWidget(self._label)
        field.addLayout(entry)
        field.addWidget(self._problem)
        self.column.addLayout(field)
        for widget in (self._host, self._progress, self._notice):
            self.column.addWidget(widget)
        self.column.addStretch(1)
        self.column.addLayout(steps)

    def _connect(self) -> None:
        self._eye.toggled.connect(self._field.set_readable)
        self._paste.clicked.connect(self._paste_key)
        self._field.textEdited.connect(lambda _: self._say_problem(""))
        self._where.clicked.connect(lambda: self.link_requested.emit(words.KEY_PAGE))
        self._cancel.clicked.connect(self.reject)
        self._submit_button.clicked.connect(self._submit)

    def _submit(self) -> None:
        if self._is_testing:
            return
        try:
            key = clean_key(self._field.text())
        except MalformedApiKeyError as error:
            self._notice.hide()
            self._say_problem(words.key_problem(str(error.params.get("reason", ""))))
            self._field.setFocus()
            return
        self._say_problem("")
        self.show_testing()
        self.key_submitted.emit(key)

    def _paste_key(self) -> None:
        text = QGuiApplication.clipboard().text()
        self._say_problem("" if text else words.KEY_CLIPBOARD_EMPTY)
        if text:
            self._field.setText(text)
        self._field.setFocus()

    def _show_not_saved(self, error: KeyringLockedError | KeyringSilentError) -> None:
        """The key is in use already; it stays in the (hidden) field only so that saving can be tried again."""
        notice = words.key_not_saved(error)
        again = words.KEY_UNLOCK if isinstance(error, KeyringLockedError) else words.KEY_TRY_AGAIN
        self._set_testing(False)
        self._set_entry_visible(False)
        choices = (Choice(words.KEY_USE_FOR_SESSION, self.accept), Choice(again, self._submit, is_primary=True))
        self._notice.show_notice(DialogTone.WARNING, notice.title, notice.text, choices=choices)
        self._notice.focus_next_step()

    def _explain_store(self) -> None:
        self._notice.buttons[0].setEnabled(False)
        self._notice.add_text(words.KEY_STORE_HELP_TEXT)

    def _back_to_field(self) -> None:
        self._notice.hide()
        self._field.setFocus()
        self._field.selectAll()

    def _say_problem(self, text: str) -> None:
        self._problem.setText(text)
        self._problem.setVisible(bool(text))
        self._field.setAccessibleDescription(text)
        announce(self._field, text)

    def _set_testing(self, testing: bool) -> None:
        self._is_testing = testing
        if testing:
            self._field.setFocus()
        self._field.setReadOnly(testing)
        self._progress.setVisible(testing)
        self._paste.setEnabled(not testing)
        self._submit_button.setEnabled(not testing)

    def _finish(self) -> None:
        """The key has done its work here: nothing is left to type."""
        self._set_testing(False)
        self._field.wipe()
        self._eye.setChecked(False)
        self._set_entry_visible(False)

    def _set_entry_visible(self, visible: bool) -> None:
        entry = (self._intro, self._label, self._field, self._eye, self._paste)
        for widget in (*entry, self._where, self._cancel, self._submit_button):
            widget.setVisible(visible)

    def _restart(self) -> None:
        self._set_testing(False)
        self._say_problem("")
        self._notice.hide()
        self._field.wipe()
        self._eye.setChecked(False)
        self._set_entry_visible(True)
