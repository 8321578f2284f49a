"""Which banner the window shows: the most pressing thing that needs saying, as a value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from pixverse_gui.background.account import KeySource
from pixverse_gui.background.queue_state import Phase, Reason
from pixverse_gui.core.errors import (
    AccountRefusedError,
    CredentialError,
    InterceptedError,
    KeyringUnavailableError,
    PixVerseGuiError,
)
from pixverse_gui.ui import messages
from pixverse_gui.ui.messages_errors import message_for


class NoticeAction(StrEnum):
    """What a button of a banner does; `main_window` carries it out."""

    ENTER_KEY = "enter_key"
    FIND_KEY = "find_key"
    PRACTISE = "practise"
    LEAVE_PRACTICE = "leave_practice"
    ADD_SAMPLES = "add_samples"
    LOAD_KEY = "load_key"
    CONTINUE = "continue"
    REVIEW = "review"
    STOP = "stop"
    SAVE_AGAIN = "save_again"
    DISMISS = "dismiss"
    FINISH_THEN_CLOSE = "finish_then_close"
    CLOSE_NOW = "close_now"
    KEEP_OPEN = "keep_open"
    UNDO = "undo"
    SHOW_LIST = "show_list"
    SHOW_FILE = "show_file"
    DISCARD = "discard"


class Tone(StrEnum):
    INFO = "info"
    WARNING = "warning"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class NoticeButton:
    action: NoticeAction
    text: str
    primary: bool = False


@dataclass(frozen=True, slots=True)
class Notice:
    """A banner's content."""

    title: str
    text: str
    buttons: tuple[NoticeButton, ...] = ()
    tone: Tone = Tone.INFO


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything the choice depends on. `opened`: a sentence about the journal file, said once at the start.

    `in_memory`: ids of a run whose journal is in memory only.
    """

    source: KeySource = KeySource.NONE
    problem: Exception | None = None
    is_asking_store: bool = False
    phase: Phase = Phase.IDLE
    reason: Reason | None = None
    hold_seconds: int = 0
    waiting: int = 0
    done: int = 0
    unsaved: tuple[str, ...] = ()
    in_memory: int = 0
    storage: PixVerseGuiError | None = None
    setback: PixVerseGuiError | None = None
    opened: Notice | None = None
    note: Notice | None = None
    asks_to_close: bool = False


_A = NoticeAction


def state_notice(now: Situation) -> Notice | None:
    """The banner above the list, or None. First come the things that stop work, then questions, then notes."""
    if now.asks_to_close:
        return _closing(now)
    if now.storage is not None:
        return _storage(now.storage, now.unsaved)
    if now.opened is not None:
        return now.opened
    if isinstance(now.problem, CredentialError | AccountRefusedError):
        return _account(now, now.problem)
    if now.phase is Phase.PAUSED and now.reason is not None and now.reason in _PAUSED:
        return _PAUSED[now.reason](now)
    if now.source is KeySource.NONE and not now.is_asking_store:
        return _connect()
    if now.phase is Phase.HELD and now.reason is Reason.OFFLINE:
        why = message_for(now.setback).meaning if now.setback is not None else ""
        text = messages.offline_text(why, now.waiting, now.hold_seconds)
        return Notice(messages.OFFLINE_TITLE, text, (NoticeButton(_A.CONTINUE, messages.TRY_NOW),), Tone.WARNING)
    return now.note


def mode_notice(source: KeySource, test_address: str | None) -> Notice | None:
    """The slim banner that stays as long as the program runs in an unusual way."""
    if source is KeySource.PRACTICE:
        buttons = (
            NoticeButton(_A.ADD_SAMPLES, messages.ADD_SAMPLES),
            NoticeButton(_A.LEAVE_PRACTICE, messages.CONNECT_ACCOUNT),
        )
        return Notice(messages.PRACTICE_TITLE, messages.PRACTICE_TEXT, buttons, Tone.WARNING)
    parts = [messages.KEY_FROM_ENVIRONMENT] if source is KeySource.ENVIRONMENT else []
    if test_address is not None:
        parts.append(messages.test_address_text(test_address))
    return Notice("", " ".join(parts)) if parts else None


def _connect(about_store: str = "") -> Notice:
    buttons = (
        NoticeButton(_A.PRACTISE, messages.TRY_WITHOUT_KEY),
        NoticeButton(_A.FIND_KEY, messages.WHERE_IS_IT),
        NoticeButton(_A.ENTER_KEY, messages.PASTE_KEY, primary=True),
    )
    text = f"{messages.CONNECT_WITHOUT_STORE} {about_store}" if about_store else messages.CONNECT_TEXT
    return Notice(messages.CONNECT_TITLE, text, buttons)


def _closing(now: Situation) -> Notice:
    if now.unsaved:
        return _closing_unsaved(len(now.unsaved), messages.closing_unsaved_text(now.unsaved))
    if now.in_memory and now.phase is not Phase.RUNNING:
        return _closing_unsaved(now.in_memory, messages.CLOSING_VOLATILE_TEXT)
    buttons = (
        NoticeButton(_A.KEEP_OPEN, messages.KEEP_OPEN),
        NoticeButton(_A.CLOSE_NOW, messages.CLOSE_NOW),
        NoticeButton(_A.FINISH_THEN_CLOSE, messages.FINISH_THEN_CLOSE, primary=True),
    )
    return Notice(messages.CLOSING_TITLE, "", buttons, Tone.WARNING)


def _closing_unsaved(count: int, text: str) -> Notice:
    """Nobody can ask PixVerse for these ids again."""
    buttons = (
        NoticeButton(_A.CLOSE_NOW, messages.CLOSE_NOW),
        NoticeButton(_A.KEEP_OPEN, messages.KEEP_OPEN, primary=True),
    )
    return Notice(messages.closing_unsaved_title(count), text, buttons, Tone.DANGER)


def _storage(error: PixVerseGuiError, unsaved: tuple[str, ...]) -> Notice:
    said = message_for(error)
    ids = " ".join(["", *unsaved]) if unsaved else ""
    text = f"{said.meaning} {said.next_step}{ids}".strip()
    return Notice(
        said.title or messages.STORAGE_TITLE,
        text,
        (NoticeButton(_A.SAVE_AGAIN, messages.TRY_AGAIN, primary=True),),
        Tone.DANGER,
    )


def _account(now: Situation, problem: PixVerseGuiError) -> Notice:
    said = message_for(problem)
    has_key = now.source is not KeySource.NONE
    if isinstance(problem, KeyringUnavailableError) and not has_key:
        # Nothing is wrong yet: there is no key, and where it will be kept is the smaller news.
        return _connect(f"{said.meaning} {said.next_step}")
    buttons = [NoticeButton(_A.ENTER_KEY, messages.ENTER_KEY if has_key else messages.PASTE_KEY, primary=True)]
    is_midway = isinstance(problem, AccountRefusedError) and now.phase is Phase.PAUSED
    safe = messages.account_lost_text(now.done) if is_midway else ""
    text = " ".join(part for part in (said.meaning, safe, said.next_step) if part)
    if isinstance(problem, AccountRefusedError):
        if is_midway:
            buttons.insert(0, NoticeButton(_A.CONTINUE, messages.TRY_AGAIN))
            buttons.insert(0, NoticeButton(_A.STOP, messages.STOP))
        else:
            buttons.insert(0, NoticeButton(_A.FIND_KEY, messages.WHERE_IS_IT))
    elif problem.is_retryable:
        buttons.insert(0, NoticeButton(_A.LOAD_KEY, messages.TRY_AGAIN))
    if not has_key:
        buttons.insert(0, NoticeButton(_A.PRACTISE, messages.TRY_WITHOUT_KEY))
    return Notice(said.title, text, tuple(buttons), Tone.WARNING)


def _restored(now: Situation) -> Notice:
    buttons = (
        NoticeButton(_A.DISCARD, messages.DISCARD_WAITING),
        NoticeButton(_A.REVIEW, messages.REVIEW_FIRST),
        NoticeButton(_A.CONTINUE, messages.CONTINUE, primary=True),
    )
    return Notice(messages.RESTORED_TITLE, messages.restored_text(now.done, now.waiting), buttons)


def _certificate(now: Situation) -> Notice:
    said = message_for(now.setback) if now.setback is not None else None
    text = f"{said.meaning} {said.next_step}" if said else ""
    again = (NoticeButton(_A.CONTINUE, messages.TRY_AGAIN, primary=True),)
    return Notice(messages.CERTIFICATE_TITLE, text, again, Tone.DANGER)


def _busy(_: Situation) -> Notice:
    again = (NoticeButton(_A.CONTINUE, messages.TRY_NOW, primary=True),)
    return Notice(messages.BUSY_PAUSED_TITLE, messages.BUSY_PAUSED_TEXT, again, Tone.WARNING)


def _intercepted(now: Situation) -> Notice:
    said = message_for(now.setback or InterceptedError())
    text = f"{said.meaning} {messages.INTERCEPTED_PAUSED}"
    return Notice(said.title, text, (NoticeButton(_A.CONTINUE, messages.TRY_AGAIN, primary=True),), Tone.WARNING)


_PAUSED: Mapping[Reason, Callable[[Situation], Notice]] = {
    Reason.RESTORED: _restored,
    Reason.CERTIFICATE: _certificate,
    Reason.BUSY: _busy,
    Reason.INTERCEPTED: _intercepted,
    Reason.NO_KEY: lambda _: _connect(),
}
