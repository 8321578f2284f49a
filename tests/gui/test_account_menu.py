"""The account button: what it says of the key in each state, and what its menu offers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QLocale
from pytestqt.qtbot import QtBot

from pixverse_gui.background.account import KeySource
from pixverse_gui.ui.account_menu import AccountButton, AccountView
from tests.helpers.finding import entries, entry

STORED = AccountView(connected=True, credits=4_699_050, last4="1a2b", source=KeySource.STORE)


@pytest.fixture(autouse=True)
def _english_numbers() -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))
    yield
    QLocale.setDefault(before)


@pytest.fixture
def account(qtbot: QtBot) -> AccountButton:
    button = AccountButton()
    qtbot.addWidget(button)
    return button


@pytest.mark.parametrize(
    ("view", "text", "offered"),
    [
        (AccountView(), "Not connected", ["Not connected", "Connect…"]),
        (
            AccountView(busy=True),
            "Not connected",
            ["Not connected", "Looking for a saved key…", "Connect…"],
        ),
        (
            AccountView(connected=True, credits=9, last4="1a2b", source=KeySource.STORE, busy=True),
            "PixVerse account · 9 credits",
            [
                "PixVerse account",
                "Asking PixVerse…",
                "Key ends in 1a2b",
                "Change key…",
                "Check key again",
                "Forget key",
            ],
        ),
        (
            STORED,
            "PixVerse account · 4,699,050 credits",
            [
                "PixVerse account",
                "4,699,050 credits",
                "Key ends in 1a2b",
                "Change key…",
                "Check key again",
                "Forget key",
            ],
        ),
        (
            AccountView(connected=True, credits=1, last4="1a2b", source="session"),
            "PixVerse account · 1 credit",
            [
                "PixVerse account",
                "1 credit",
                "Key ends in 1a2b",
                "Kept until you close the app",
                "Change key…",
                "Check key again",
                "Forget key",
            ],
        ),
        (
            AccountView(connected=True, credits=0, last4="1a2b", source=KeySource.ENVIRONMENT),
            "PixVerse account · 0 credits",
            [
                "PixVerse account",
                "0 credits",
                "Key ends in 1a2b",
                "Using the key from PIXVERSE_API_KEY for this run.",
                "Change key…",
                "Check key again",
            ],
        ),
        (
            AccountView(connected=True, last4="1a2b", source=KeySource.STORE),
            "PixVerse account",
            [
                "PixVerse account",
                "Credits not known yet",
                "Key ends in 1a2b",
                "Change key…",
                "Check key again",
                "Forget key",
            ],
        ),
        (
            AccountView(connected=True, credits=7, last4="1a2b", source=KeySource.STORE, refused=True),
            "Key not accepted",
            ["Key not accepted", "Key ends in 1a2b", "Change key…", "Check key again", "Forget key"],
        ),
        (
            AccountView(credits=5000, last4="tice", source=KeySource.PRACTICE),
            "Practice mode",
            [
                "Practice mode",
                "5,000 credits",
                "Nothing leaves this computer, and the IDs are made up.",
                "Connect an account",
            ],
        ),
    ],
    ids=["none", "loading", "asking", "stored", "session", "environment", "unknown", "refused", "practice"],
)
def test_each_state_has_its_words(account: AccountButton, view: AccountView, text: str, offered: list[str]) -> None:
    account.set_state(STORED)
    account.set_state(view)
    assert account.text() == text
    assert account.accessibleName() == f"Account: {text}"
    assert entries(account.menu()) == [*offered, "Open log folder"]


def test_lines_that_only_say_something_cannot_be_chosen(account: AccountButton) -> None:
    account.set_state(STORED)
    choosable = [action.text() for action in account.menu().actions() if action.isVisible() and action.isEnabled()]
    assert [text for text in choosable if text] == [
        "Change key…",
        "Check key again",
        "Forget key",
        "Open log folder",
    ]


@pytest.mark.parametrize(
    ("view", "text", "signal"),
    [
        (AccountView(), "Connect…", "connect_requested"),
        (STORED, "Change key…", "connect_requested"),
        (STORED, "Forget key", "forget_requested"),
        (STORED, "Check key again", "check_requested"),
        (AccountView(source=KeySource.PRACTICE), "Connect an account", "leave_practice_requested"),
        (AccountView(), "Open log folder", "log_requested"),
    ],
)
def test_each_entry_asks_for_one_thing(
    qtbot: QtBot, account: AccountButton, view: AccountView, text: str, signal: str
) -> None:
    account.set_state(view)
    with qtbot.waitSignal(getattr(account, signal)):
        entry(account.menu(), text).trigger()


def test_the_key_is_not_checked_twice_at_once(account: AccountButton) -> None:
    account.set_state(AccountView(connected=True, source=KeySource.STORE, busy=True))
    assert not entry(account.menu(), "Check key again").isEnabled()


def test_an_ampersand_is_shown_and_no_access_key(account: AccountButton) -> None:
    account.set_state(AccountView(connected=True, last4="a&bc", source=KeySource.STORE))
    assert "Key ends in a&&bc" in entries(account.menu())
