"""The key dialog and the account: tested, saved, and what was given up is not taken over."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from pixverse_gui.background.account import KeySource
from pixverse_gui.core import errors
from pixverse_gui.ui.key_dialog import KeyDialog
from pixverse_gui.ui.plain_label import PlainLabel
from tests.helpers.engines import KEY
from tests.helpers.windows import Shown, button_named, open_window


@pytest.fixture
def shown(tmp_path: Path, qtbot: QtBot) -> Iterator[Shown]:
    with open_window(tmp_path, qtbot, key=None) as made:
        yield made
        for dialog in dialogs(made):
            dialog.reject()


def dialogs(shown: Shown) -> list[KeyDialog]:
    return [one for one in shown.window.findChildren(KeyDialog) if one.isVisible()]


def opened(shown: Shown) -> KeyDialog:
    shown.wiring.keys.open()
    return dialogs(shown)[0]


def enter(dialog: KeyDialog, key: str = KEY.reveal()) -> None:
    dialog.findChildren(QLineEdit)[0].setText(key)
    button_named(dialog, "Test and save").click()


def says(dialog: KeyDialog, text: str) -> bool:
    return any(text in label.text() for label in dialog.findChildren(PlainLabel) if label.isVisible())


def test_a_key_that_works_is_saved_and_the_banner_goes(shown: Shown) -> None:
    shown.world.wait(lambda: shown.banner.startswith("Connect your PixVerse account first"))
    dialog = opened(shown)
    enter(dialog)
    shown.world.wait(lambda: says(dialog, "Key works."))
    assert says(dialog, "Saved in Test store. 1,234 credits left.")
    assert shown.world.store.key == KEY
    assert shown.engine.account.source is KeySource.STORE
    shown.world.wait(lambda: not shown.banner)


def test_a_refused_key_is_told_and_can_be_tried_again(shown: Shown) -> None:
    shown.world.service.balance_answers = [errors.AccountRefusedError(reason="key")]
    dialog = opened(shown)
    enter(dialog)
    shown.world.wait(lambda: says(dialog, "PixVerse did not accept this key."))
    assert shown.engine.account.key is None
    button_named(dialog, "Try again").click()
    enter(dialog)
    shown.world.wait(lambda: says(dialog, "Key works."))


def test_a_locked_store_lets_the_key_work_for_this_session(shown: Shown) -> None:
    shown.world.store.trouble = errors.KeyringLockedError()
    dialog = opened(shown)
    enter(dialog)
    shown.world.wait(lambda: says(dialog, "The password store is locked."))
    assert shown.engine.account.source is KeySource.SESSION
    assert shown.engine.account.key == KEY


def test_what_cannot_be_a_key_is_not_sent(shown: Shown) -> None:
    dialog = opened(shown)
    enter(dialog, "short")
    assert says(dialog, "This is too short or too long for a key.")
    assert shown.engine.account.is_busy is False


def test_a_dialog_that_is_closed_during_the_test_takes_nothing_over(shown: Shown) -> None:
    dialog = opened(shown)
    enter(dialog)
    dialog.reject()
    shown.world.wait(lambda: shown.world.tasks.is_idle)
    assert (shown.engine.account.key, shown.world.store.key) == (None, None)
    assert dialogs(shown) == []


def test_there_is_one_dialog_at_a_time(shown: Shown) -> None:
    first = opened(shown)
    shown.wiring.keys.open()
    assert dialogs(shown) == [first]
    first.reject()
    assert opened(shown) is not first
