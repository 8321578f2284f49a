"""The two banners: collects how things stand, asks `notices` what to say, hands button presses on."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, QTimer

from pixverse_gui.background.engine import Engine
from pixverse_gui.core.errors import PixVerseGuiError, StorageError
from pixverse_gui.core.journal import Opening
from pixverse_gui.core.service_address import is_loopback
from pixverse_gui.ui import messages
from pixverse_gui.ui.banner import Banner, BannerButton
from pixverse_gui.ui.messages_errors import message_for
from pixverse_gui.ui.notices import (
    Notice,
    NoticeAction,
    NoticeButton,
    Situation,
    Tone,
    mode_notice,
    state_notice,
)

_REFRESH_MS = 50
_STORE_PATIENCE_MS = 1_500
"""A banner that comes and goes at every start would be worse than one that comes a little late."""


class NoticeBoard(QObject):
    """`state` says the most pressing thing, `mode` how this run is special. `actions`: what each button does."""

    def __init__(
        self,
        engine: Engine,
        *,
        state: Banner,
        mode: Banner,
        actions: Mapping[NoticeAction, Callable[[], object]],
    ) -> None:
        super().__init__(state)
        self._engine, self._state, self._mode = engine, state, mode
        own = {NoticeAction.DISMISS: self.dismiss}
        self._actions: dict[NoticeAction, Callable[[], object]] = {**actions, **own}
        self._opened: Notice | None = None
        self._note: Notice | None = None
        self._shown: dict[int, Notice | None] = {}
        self._asked_long = False
        self.asks_to_close = False
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_REFRESH_MS)
        self._soon.timeout.connect(self.refresh)
        for signal in (
            engine.account.changed,
            engine.queue.state_changed,
            engine.writer.saving_failed,
            engine.writer.saving_recovered,
        ):
            signal.connect(self._soon.start)
        QTimer.singleShot(_STORE_PATIENCE_MS, self, self._stop_waiting_for_store)
        engine.journal_ready.connect(self._journal_ready)
        engine.rows_unread.connect(self._journal_failed)
        engine.journal_failed.connect(self._journal_failed)
        engine.staging.not_staged.connect(self._not_staged)
        engine.intake.failed.connect(self._not_staged)

    def note(self, text: str, *buttons: NoticeButton, tone: Tone = Tone.INFO) -> None:
        """A sentence that gives way to anything more pressing; an empty one takes it back."""
        self._note = Notice("", text, buttons or (NoticeButton(NoticeAction.DISMISS, messages.DISMISS),), tone)
        if not text:
            self._note = None
        self.refresh()

    def dismiss(self) -> None:
        """The operator has read it."""
        if self._opened is not None:
            self._opened = None
        else:
            self._note = None
        self.refresh()

    def refresh(self) -> None:
        """Show what has to be said now."""
        account = self._engine.account
        address = self._engine.given.api_url
        self._show(self._state, state_notice(self._situation()))
        test_address = address if address is not None and is_loopback(address) else None
        self._show(self._mode, mode_notice(account.source, test_address))

    def _stop_waiting_for_store(self) -> None:
        """A key store that takes its time may be waiting for a password; she can practise meanwhile."""
        self._asked_long = True
        self.refresh()

    def _situation(self) -> Situation:
        engine, queue = self._engine, self._engine.queue
        problem = engine.writer.problem
        unsaved = engine.flights.unsaved_ids() if problem is not None else ()
        return Situation(
            source=engine.account.source,
            problem=engine.account.problem,
            is_asking_store=engine.account.is_busy and not self._asked_long,
            phase=queue.phase,
            reason=queue.reason,
            hold_seconds=queue.hold_seconds_left,
            waiting=queue.waiting,
            done=engine.rows.counts().done,
            unsaved=unsaved,
            in_memory=engine.ids_in_memory,
            storage=problem,
            setback=queue.last_setback,
            opened=self._opened,
            note=self._note,
            asks_to_close=self.asks_to_close,
        )

    def _show(self, banner: Banner, notice: Notice | None) -> None:
        shown = self._shown.get(id(banner))
        self._shown[id(banner)] = notice
        if notice == shown:
            return
        if notice is None:
            banner.clear()
            return
        buttons = [
            BannerButton(button.text, self._actions[button.action], primary=button.primary) for button in notice.buttons
        ]
        banner.show_message(notice.title, notice.text, buttons, tone=notice.tone)

    def _journal_ready(self, opening: Opening) -> None:
        ok = (NoticeButton(NoticeAction.DISMISS, messages.DISMISS),)
        if opening.kept_at is not None:
            text = messages.damaged_text(opening.recovered, opening.kept_at)
            show = NoticeButton(NoticeAction.SHOW_FILE, messages.SHOW_FILE)
            self._opened = Notice(messages.DAMAGED_TITLE, text, (show, *ok), Tone.WARNING)
        elif opening.volatile_reason is not None:
            self._opened = Notice(messages.VOLATILE_TITLE, messages.VOLATILE_TEXT, ok, Tone.DANGER)
        self.refresh()

    def _journal_failed(self, error: Exception) -> None:
        said = message_for(error if isinstance(error, PixVerseGuiError) else StorageError())
        self._opened = Notice(said.title, f"{said.meaning} {said.next_step}", (), Tone.DANGER)
        self.refresh()

    def _not_staged(self, error: Exception) -> None:
        known = error if isinstance(error, PixVerseGuiError) else StorageError()
        said = message_for(known)
        ok = (NoticeButton(NoticeAction.DISMISS, messages.DISMISS),)
        self._note = Notice(messages.NOT_ADDED_TITLE, f"{said.meaning} {said.next_step}", ok, Tone.DANGER)
        self.refresh()
