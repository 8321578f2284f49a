"""The banners: one row of this table for every situation that needs saying."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pixverse_gui.background.account import KeySource
from pixverse_gui.background.queue_state import Phase, Reason
from pixverse_gui.core import errors
from pixverse_gui.ui.messages_errors import message_for
from pixverse_gui.ui.notices import Notice, NoticeAction, NoticeButton, Situation, Tone, mode_notice, state_notice
from tests.helpers.themes import british  # noqa: F401 - a fixture

A = NoticeAction
CONNECTED = Situation(source=KeySource.STORE)
OPENED = Notice("Part of the history could not be read.", "3 entries were recovered", (NoticeButton(A.DISMISS, "OK"),))
NOTE = Notice("", "There are no pictures to paste.", (NoticeButton(A.DISMISS, "OK"),))
REFUSED = errors.AccountRefusedError(reason="key")
DISK = errors.WriteError(reason="full")


def paused(reason: Reason, **more: object) -> Situation:
    return replace(CONNECTED, phase=Phase.PAUSED, reason=reason, **more)  # type: ignore[arg-type]


# situation -> title, words of the text, texts of the buttons, the primary one, tone
TABLE: dict[str, tuple[Situation, str, tuple[str, ...], tuple[str, ...], str | None, Tone]] = {
    "no key": (
        Situation(),
        "Connect your PixVerse account first",
        ("It is kept in your computer's password store, not in a file.", "You can add images already"),
        ("Try without a key", "Where do I find it?", "Paste key"),
        "Paste key",
        Tone.INFO,
    ),
    "no key, and Upload was pressed": (
        Situation(phase=Phase.PAUSED, reason=Reason.NO_KEY),
        "Connect your PixVerse account first",
        ("uploading starts once the key works",),
        ("Try without a key", "Where do I find it?", "Paste key"),
        "Paste key",
        Tone.INFO,
    ),
    "key refused at the start": (
        replace(CONNECTED, problem=REFUSED),
        message_for(REFUSED).title,
        (message_for(REFUSED).meaning,),
        ("Where do I find it?", "Enter key"),
        "Enter key",
        Tone.WARNING,
    ),
    "key stopped working in the middle": (
        paused(Reason.ACCOUNT, problem=REFUSED, done=14),
        message_for(REFUSED).title,
        ("so uploading is paused. 14 images are done and safe. Enter the key again",),
        ("Stop", "Try again", "Enter key"),
        "Enter key",
        Tone.WARNING,
    ),
    "key store locked": (
        Situation(problem=errors.KeyringLockedError()),
        "The password store is locked",
        ("Unlock it and try again",),
        ("Try without a key", "Try again", "Paste key"),
        "Paste key",
        Tone.WARNING,
    ),
    "key store silent": (
        Situation(problem=errors.KeyringSilentError()),
        "The password store is not answering",
        ("It may be waiting for your password in another window.",),
        ("Try without a key", "Try again", "Paste key"),
        "Paste key",
        Tone.WARNING,
    ),
    "no key store": (
        Situation(problem=errors.KeyringUnavailableError(reason="missing")),
        "Connect your PixVerse account first",
        ("The key will be kept until you close the app.",),
        ("Try without a key", "Where do I find it?", "Paste key"),
        "Paste key",
        Tone.INFO,
    ),
    "disk full": (
        paused(Reason.STORAGE, storage=DISK),
        message_for(DISK).title,
        (message_for(DISK).meaning,),
        ("Try again",),
        "Try again",
        Tone.DANGER,
    ),
    "disk full, with ids that are not saved": (
        paused(Reason.STORAGE, storage=DISK, unsaved=("9007199254740993", "9007199254740994")),
        message_for(DISK).title,
        ("9007199254740993 9007199254740994",),
        ("Try again",),
        "Try again",
        Tone.DANGER,
    ),
    "offline": (
        replace(
            CONNECTED,
            phase=Phase.HELD,
            reason=Reason.OFFLINE,
            waiting=5,
            hold_seconds=8,
            setback=errors.UnreachableError(reason="name"),
        ),
        "PixVerse cannot be reached.",
        ("5 images are waiting and go on by themselves.", "Next try in 8 s.", "Finished IDs can still be copied."),
        ("Try now",),
        None,
        Tone.WARNING,
    ),
    "certificate refused": (
        paused(Reason.CERTIFICATE, setback=errors.CertificateRefusedError(host="app-api.pixverse.ai")),
        "The connection is not safe.",
        ("The certificate of app-api.pixverse.ai was refused",),
        ("Try again",),
        "Try again",
        Tone.DANGER,
    ),
    "busy for too long": (
        paused(Reason.BUSY),
        "PixVerse is busy.",
        ("Nothing is lost.",),
        ("Try now",),
        "Try now",
        Tone.WARNING,
    ),
    "restored after a crash": (
        paused(Reason.RESTORED, waiting=12, done=3),
        "The app closed before everything was done.",
        ("12 images were not finished, 3 results are safe. Continue?",),
        ("Discard waiting", "Review first", "Continue"),
        "Continue",
        Tone.INFO,
    ),
    "closing during upload": (
        replace(CONNECTED, asks_to_close=True, phase=Phase.RUNNING),
        "Uploads are running. Finished results are saved.",
        (),
        ("Keep open", "Close now", "Finish these, then close"),
        "Finish these, then close",
        Tone.WARNING,
    ),
    "history damaged": (replace(CONNECTED, opened=OPENED), OPENED.title, (OPENED.text,), ("OK",), None, Tone.INFO),
    "a note": (replace(CONNECTED, note=NOTE), "", (NOTE.text,), ("OK",), None, Tone.INFO),
}


@pytest.mark.usefixtures("british")
@pytest.mark.parametrize("case", TABLE)
def test_every_situation_says_what_is_the_case_and_offers_the_next_step(case: str) -> None:
    situation, title, words, buttons, primary, tone = TABLE[case]
    notice = state_notice(situation)
    assert notice is not None
    assert (notice.title, notice.tone) == (title, tone)
    for piece in words:
        assert piece in notice.text
    assert tuple(button.text for button in notice.buttons) == buttons
    assert [button.text for button in notice.buttons if button.primary] == ([primary] if primary else [])


@pytest.mark.parametrize(
    "situation",
    [
        CONNECTED,
        Situation(source=KeySource.PRACTICE),
        Situation(is_asking_store=True),
        replace(CONNECTED, phase=Phase.RUNNING),
        paused(Reason.OPERATOR),
        replace(CONNECTED, phase=Phase.HELD, reason=Reason.BUSY),
        replace(CONNECTED, problem=errors.UnreachableError(reason="name")),
    ],
)
def test_where_nothing_needs_saying_there_is_no_banner(situation: Situation) -> None:
    assert state_notice(situation) is None


def test_the_most_pressing_thing_is_said_first() -> None:
    """Every step takes away what was said, and the next thing appears."""
    now = Situation(
        asks_to_close=True,
        storage=DISK,
        opened=OPENED,
        problem=errors.KeyringLockedError(),
        note=NOTE,
    )
    titles = []
    for taken_away in ({"asks_to_close": False}, {"storage": None}, {"opened": None}, {"problem": None}, {}):
        notice = state_notice(now)
        assert notice is not None
        titles.append(notice.title)
        now = replace(now, **taken_away)
    assert titles == [
        "Uploads are running. Finished results are saved.",
        message_for(DISK).title,
        OPENED.title,
        "The password store is locked",
        "Connect your PixVerse account first",
    ]


def test_a_note_waits_until_nothing_more_pressing_is_left() -> None:
    assert state_notice(Situation(note=NOTE)) != NOTE
    assert state_notice(replace(CONNECTED, note=NOTE)) is NOTE


def test_practice_mode_says_so_for_as_long_as_it_lasts() -> None:
    notice = mode_notice(KeySource.PRACTICE, "http://127.0.0.1:1")
    assert notice is not None
    assert (notice.title, notice.text) == (
        "Practice mode.",
        "Nothing leaves this computer, and the IDs are made up.",
    )
    assert [(button.action, button.text) for button in notice.buttons] == [
        (A.ADD_SAMPLES, "Add sample pictures"),
        (A.LEAVE_PRACTICE, "Connect an account"),
    ]


@pytest.mark.parametrize(
    ("source", "address", "text"),
    [
        (KeySource.ENVIRONMENT, None, "Using the key from PIXVERSE_API_KEY for this run."),
        (KeySource.STORE, "http://127.0.0.1:1", "Using the address http://127.0.0.1:1 for this run."),
        (
            KeySource.ENVIRONMENT,
            "http://127.0.0.1:1",
            "Using the key from PIXVERSE_API_KEY for this run. Using the address http://127.0.0.1:1 for this run.",
        ),
    ],
)
def test_an_unusual_run_says_how_it_is_unusual(source: KeySource, address: str | None, text: str) -> None:
    notice = mode_notice(source, address)
    assert notice is not None
    assert (notice.title, notice.text, notice.buttons) == ("", text, ())


@pytest.mark.parametrize("source", [KeySource.NONE, KeySource.STORE, KeySource.SESSION])
def test_a_usual_run_says_nothing(source: KeySource) -> None:
    assert mode_notice(source, None) is None
