"""The key dialog: what is submitted, what is said in each state, and where the key must never be."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QLineEdit, QProgressBar, QWidget
from pytestqt.qtbot import QtBot

from pixverse_gui.background.account import KeyOutcome
from pixverse_gui.core.errors import (
    AccountRefusedError,
    AnswerFacts,
    ApiError,
    CertificateRefusedError,
    ConnectionBrokenError,
    InterceptedError,
    KeyringLockedError,
    KeyringSilentError,
    KeyringUnavailableError,
    PixVerseGuiError,
    RateLimitedError,
    RedirectRefusedError,
    ServerError,
    UnexpectedAnswerError,
    UnknownApiError,
    UnreachableError,
)
from pixverse_gui.core.secret import Secret
from pixverse_gui.core.service_address import CHINA, INTERNATIONAL
from pixverse_gui.ui.dialog_notice import Choice
from pixverse_gui.ui.key_dialog import KeyDialog
from pixverse_gui.ui.key_field import KeyField
from tests.helpers.finding import button, buttons, click, entries, named, texts

KEY = "sk-0123456789abcdef0123456789abcdef"
ENTRY_BUTTONS = ["Show the key", "Paste the key from the clipboard", "Where do I find it?", "Cancel", "Test and save"]


class Desk:
    """A dialog on the screen, with everything it asked for."""

    def __init__(self, qtbot: QtBot, api_url: str = INTERNATIONAL) -> None:
        self.qtbot = qtbot
        self.dialog = KeyDialog(api_url)
        qtbot.addWidget(self.dialog)
        self.submitted: list[Secret] = []
        self.links: list[str] = []
        self.dialog.key_submitted.connect(self.submitted.append)
        self.dialog.link_requested.connect(self.links.append)
        self.dialog.open()
        qtbot.waitExposed(self.dialog)

    @property
    def field(self) -> QLineEdit:
        return named(self.dialog, QLineEdit, "API key")

    def click(self, name: str) -> None:
        click(self.qtbot, button(self.dialog, name))

    def press(self, key: Qt.Key, *, where: QWidget | None = None) -> None:
        self.qtbot.keyClick(where or self.field, key)

    def submit(self, text: str = KEY) -> None:
        self.field.setText(text)
        self.click("Test and save")

    @property
    def words(self) -> str:
        return texts(self.dialog)


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return Desk(qtbot)


def test_the_field_shows_dots_until_the_eye_is_pressed(desk: Desk) -> None:
    desk.qtbot.keyClicks(desk.field, KEY)
    assert desk.field.displayText() == desk.field.displayText()[0] * len(KEY)
    assert KEY not in desk.words
    desk.click("Show the key")
    assert desk.field.displayText() == KEY
    desk.click("Show the key")
    assert desk.field.displayText() != KEY


def test_enter_submits_the_cleaned_key_once(desk: Desk) -> None:
    desk.field.setText(f'  API-KEY: "{KEY}"\n')
    desk.press(Qt.Key.Key_Return)
    desk.press(Qt.Key.Key_Return)
    assert [secret.reveal() for secret in desk.submitted] == [KEY]


def test_enter_on_cancel_cancels(desk: Desk) -> None:
    desk.field.setText(KEY)
    cancel = button(desk.dialog, "Cancel")
    cancel.setFocus()
    desk.press(Qt.Key.Key_Return, where=cancel)
    assert desk.submitted == []
    assert not desk.dialog.isVisible()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Paste or type the key first."),
        (' "" ', "Paste or type the key first."),
        ("sk-ab cd-ef-gh", "without blanks inside"),
        ("ключключключ", "without blanks inside"),
        ("sk-1", "too short or too long"),
        ("k" * 3_000, "too short or too long"),
    ],
)
def test_what_cannot_be_a_key_is_said_under_the_field_and_never_sent(desk: Desk, text: str, said: str) -> None:
    desk.submit(text)
    assert said in desk.words
    assert desk.submitted == []
    assert desk.dialog.isVisible()
    assert said in desk.field.accessibleDescription()
    desk.qtbot.keyClicks(desk.field, "x")
    assert said not in desk.words


def test_paste_fills_the_field_but_sends_nothing(desk: Desk) -> None:
    QGuiApplication.clipboard().setText(f"{KEY}\n")
    desk.field.setText("what stood there before")
    desk.click("Paste the key from the clipboard")
    assert desk.submitted == []
    desk.press(Qt.Key.Key_Return)
    assert desk.submitted[0].reveal() == KEY


def test_paste_says_so_where_the_clipboard_has_no_text(desk: Desk) -> None:
    QGuiApplication.clipboard().clear()
    desk.click("Paste the key from the clipboard")
    assert "no text in the clipboard" in desk.words


def test_the_page_with_the_keys_is_asked_for_not_opened(desk: Desk) -> None:
    desk.click("Where do I find it?")
    assert desk.links == ["https://platform.pixverse.ai/api-key"]


@pytest.mark.parametrize(
    ("api_url", "said"),
    [(CHINA, "The key will be sent to app-api.pixverseai.cn."), ("https://localhost:8080", "sent to localhost:8080.")],
)
def test_another_host_is_named(qtbot: QtBot, api_url: str, said: str) -> None:
    assert said in Desk(qtbot, api_url).words


def test_the_usual_host_is_not_worth_a_line(desk: Desk) -> None:
    assert "will be sent to" not in desk.words
    desk.dialog.set_service(CHINA)
    assert "app-api.pixverseai.cn" in desk.words
    desk.dialog.set_service(INTERNATIONAL)
    assert "will be sent to" not in desk.words


def test_while_testing_nothing_can_be_changed_but_it_can_be_cancelled(desk: Desk) -> None:
    desk.submit()
    assert desk.field.isReadOnly()
    assert not button(desk.dialog, "Test and save").isEnabled()
    assert desk.dialog.findChild(QProgressBar).isVisible()
    desk.click("Cancel")
    assert not desk.dialog.isVisible()


def test_a_working_key_is_said_with_its_store_and_credits_and_leaves_the_field(desk: Desk) -> None:
    desk.submit()
    desk.dialog.show_outcome(KeyOutcome(works=True, credits=1, store_name="Secret Service"))
    assert "Key works." in desk.words
    assert "Saved in Secret Service. 1 credit left." in desk.words
    assert buttons(desk.dialog) == ["Close"]
    assert desk.field.text() == ""
    desk.press(Qt.Key.Key_Return, where=button(desk.dialog, "Close"))
    assert not desk.dialog.isVisible()


def test_a_refused_key_can_be_tried_again_from_the_field(desk: Desk) -> None:
    desk.submit()
    facts = AnswerFacts(http_status=200, api_code=10005, server_text="<b>not registered</b>", trace_id="t")
    desk.dialog.show_outcome(KeyOutcome(works=False, error=AccountRefusedError(facts, reason="key")))
    assert "PixVerse did not accept this key." in desk.words
    assert "PixVerse said: <b>not registered</b> (code 10005, HTTP 200)" in desk.words
    assert desk.dialog.isVisible()
    desk.click("Try again")
    assert desk.dialog.focusWidget() is desk.field
    assert desk.field.selectedText()
    desk.qtbot.keyClicks(desk.field, "sk-another-key")
    desk.click("Test and save")
    assert [secret.reveal() for secret in desk.submitted] == [KEY, "sk-another-key"]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (UnreachableError(reason="network"), "No internet connection. The key could not be tested and was not saved."),
        (UnreachableError(reason="new"), "The key could not be tested and was not saved."),
        (CertificateRefusedError(host="app-api.pixverse.ai"), "The key was not sent."),
        (ConnectionBrokenError(reason="reset"), "It broke before an answer came."),
        (RedirectRefusedError(), "Check the service address in the settings."),
        (RateLimitedError(retry_after_s=3.0), "Wait a little, then try again."),
        (InterceptedError(), "a proxy or a sign-in page"),
        (ServerError(), "fault of its own"),
        (UnexpectedAnswerError(reason="no_id"), "in a way this program does not know"),
        (UnknownApiError(AnswerFacts(api_code=777), api_code=777), "(777)"),
        (AccountRefusedError(reason="proxy"), "The proxy of your network asks"),
        (AccountRefusedError(reason="permission"), "PixVerse did not accept this key."),
        (ApiError(), "The key was not saved."),
        (PixVerseGuiError(), "Something went wrong"),
        (ValueError("sk-secret"), "Something went wrong"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_every_failure_is_said_in_words_and_keeps_the_key_for_another_try(
    desk: Desk, error: Exception, said: str
) -> None:
    desk.submit()
    desk.dialog.show_outcome(KeyOutcome(works=False, error=error))
    assert said in desk.words
    assert "sk-secret" not in desk.words
    assert "upload goes on" not in desk.words
    assert desk.field.text() == KEY
    assert not desk.field.isReadOnly()
    assert button(desk.dialog, "Test and save").isEnabled()


@pytest.mark.parametrize(
    ("error", "said", "again"),
    [
        (KeyringSilentError(), "The password store is not answering.", "Try again"),
        (KeyringLockedError(), "The password store is locked.", "Unlock and try again"),
    ],
)
def test_a_store_that_does_not_take_the_key_offers_another_try_and_this_session(
    desk: Desk, error: Exception, said: str, again: str
) -> None:
    desk.submit()
    desk.dialog.show_outcome(KeyOutcome(works=True, credits=5, error=error))
    assert said in desk.words
    assert buttons(desk.dialog) == ["Use the key for this session", again]
    desk.click(again)
    assert [secret.reveal() for secret in desk.submitted] == [KEY, KEY]
    desk.dialog.show_outcome(KeyOutcome(works=True, credits=5, error=error))
    desk.click("Use the key for this session")
    assert not desk.dialog.isVisible()
    assert len(desk.submitted) == 2


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (KeyringUnavailableError(reason="missing"), "This computer has no password store that we can use."),
        (KeyringUnavailableError(reason="insecure"), "would keep the key unprotected"),
        (KeyringUnavailableError(reason="lost"), "did not give the key back"),
        (RuntimeError("boom"), "reported an error"),
    ],
)
def test_without_a_store_the_key_is_kept_until_the_app_closes_and_that_is_said(
    desk: Desk, error: Exception, said: str
) -> None:
    desk.submit()
    desk.dialog.show_outcome(KeyOutcome(works=True, credits=5, error=error))
    assert said in desk.words
    assert "The key will be kept until you close the app." in desk.words
    assert buttons(desk.dialog) == ["How to set one up", "OK"]
    desk.click("How to set one up")
    assert "GNOME Keyring" in desk.words
    desk.click("OK")
    assert not desk.dialog.isVisible()


def test_keeping_for_the_session_calls_back_when_it_was_noted(desk: Desk) -> None:
    noted: list[str] = []
    desk.submit()
    desk.dialog.show_keep_for_session("No store.", lambda: noted.append("ok"))
    assert noted == []
    desk.click("OK")
    assert noted == ["ok"]


def test_an_error_with_choices_of_its_own_runs_them(desk: Desk) -> None:
    chosen: list[str] = []
    desk.submit()
    choices = (Choice("One", lambda: chosen.append("one")), Choice("Two", lambda: chosen.append("two")))
    desk.dialog.show_error("Title", "Text", choices)
    desk.click("Two")
    assert chosen == ["two"]
    assert desk.dialog.isVisible()


def test_an_answer_that_comes_after_cancel_changes_nothing(desk: Desk) -> None:
    desk.submit()
    desk.press(Qt.Key.Key_Escape)
    late = KeyOutcome(works=False, error=AccountRefusedError(reason="key"))
    desk.dialog.show_outcome(late)
    assert not desk.dialog.isVisible()
    desk.dialog.open()
    desk.dialog.show_outcome(late)
    assert buttons(desk.dialog) == ENTRY_BUTTONS
    assert "did not accept" not in desk.words


@pytest.mark.parametrize("way_out", ["Esc", "Cancel", "cross"])
def test_the_key_is_gone_when_the_dialog_closes_and_undo_does_not_bring_it_back(desk: Desk, way_out: str) -> None:
    desk.qtbot.keyClicks(desk.field, KEY)
    desk.click("Show the key")
    if way_out == "Esc":
        desk.press(Qt.Key.Key_Escape)
    elif way_out == "Cancel":
        desk.click("Cancel")
    else:
        desk.dialog.close()
    assert not desk.dialog.isVisible()
    desk.dialog.open()
    assert desk.field.echoMode() is QLineEdit.EchoMode.Password
    # Dots cannot be undone; what is readable can.
    desk.click("Show the key")
    assert not desk.field.isUndoAvailable()
    desk.field.undo()
    assert desk.field.text() == ""


@pytest.mark.parametrize("keys", ["Ctrl+C", "Ctrl+X", "Ctrl+Ins", "Shift+Del"])
def test_a_readable_key_cannot_be_copied_by_key(desk: Desk, keys: str) -> None:
    desk.field.setText(KEY)
    desk.click("Show the key")
    QGuiApplication.clipboard().setText("what was there")
    desk.field.selectAll()
    pressed = QKeySequence(keys)[0]
    desk.qtbot.keyClick(desk.field, pressed.key(), pressed.keyboardModifiers())
    assert QGuiApplication.clipboard().text() == "what was there"


def test_what_is_typed_anew_is_still_readable(desk: Desk) -> None:
    desk.qtbot.keyClicks(desk.field, "sk-1")
    desk.click("Show the key")
    desk.field.selectAll()
    desk.qtbot.keyClick(desk.field, Qt.Key.Key_Backspace)
    desk.qtbot.keyClicks(desk.field, "sk-2")
    assert desk.field.displayText() == "sk-2"


def test_the_context_menu_of_the_field_offers_no_copy(desk: Desk) -> None:
    desk.field.setText(KEY)
    desk.click("Show the key")
    menu = named(desk.dialog, KeyField, "API key").own_menu()
    assert entries(menu) == ["Paste", "Select all"]


def test_every_word_has_room_at_twice_the_text_size(desk: Desk) -> None:
    font = desk.dialog.font()
    font.setPointSizeF(font.pointSizeF() * 2)
    desk.dialog.setFont(font)
    desk.submit()
    facts = AnswerFacts(http_status=200, api_code=10005, server_text="账户未注册 " * 20)
    desk.dialog.show_outcome(KeyOutcome(works=False, error=AccountRefusedError(facts, reason="key")))
    dialog = desk.dialog
    desk.qtbot.waitUntil(lambda: dialog.height() >= dialog.layout().totalHeightForWidth(dialog.width()))
    dialog.resize(10, 10)
    assert dialog.width() >= dialog.layout().totalMinimumSize().width()
    assert dialog.height() >= dialog.layout().totalHeightForWidth(dialog.width())
